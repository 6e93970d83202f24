"""The Gremlin behind each endpoint. Every list is sorted in the graph by a key that is unique. The names of the bindings
keep clear of what Gremlin means by id, key, label, value, first and last."""

# Names no property: before the seeding there is no schema, and JanusGraph refuses names that it does not know.
HOLDS_DATA = "g.V().limit(1).count()"
COUNT_VERTICES = "g.V().groupCount().by(label)"
COUNT_EDGES = "g.E().groupCount().by(label)"

COUNT_PEOPLE = "g.V().hasLabel('person').count()"
PEOPLE = "g.V().hasLabel('person').order().by('person_id').range(start, stop).valueMap().by(unfold())"
PERSON = """
g.V().has('person_id', wanted).project('person', 'accounts', 'devices')
    .by(valueMap().by(unfold()))
    .by(out('owns').order().by('account_id').valueMap().by(unfold()).fold())
    .by(out('uses').values('device_id').order().fold())
"""

ACCOUNT_EXISTS = "g.V().has('account_id', wanted).count()"
COUNT_TRANSFERS = "g.V().has('account_id', wanted).toE(Direction.valueOf(way), 'transfer').count()"
SHOW_TRANSFER = """
    .project('transfer_id', 'at', 'source', 'target', 'amount_cents', 'reference')
    .by('transfer_id').by('at').by(outV().values('account_id')).by(inV().values('account_id'))
    .by('amount_cents').by('reference')
"""
TRANSFERS = (
    "g.V().has('account_id', wanted).toE(Direction.valueOf(way), 'transfer').order().by('at').by('transfer_id').range(start, stop)"
    + SHOW_TRANSFER
)
LARGE_TRANSFERS = "g.E().hasLabel('transfer').has('amount_cents', gte(least))" + SHOW_TRANSFER
FLAGGED = "g.V().has('flagged', true).values('account_id').order()"

SEARCH = """
g.V().or(has('name', textContains(words)), has('about', textContains(words))).hasLabel('person', 'merchant')
    .project('label', 'key', 'name', 'town', 'about')
    .by(label).by(coalesce(values('person_id'), values('merchant_id'))).by('name').by('town')
    .by(coalesce(values('about'), constant('')))
    .order().by(select('label')).by(select('key')).limit(most)
"""
