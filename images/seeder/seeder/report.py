"""Says what the graph holds, as read back from the graph: counts, sentinels and one digest over everything."""

import hashlib
import json

from demo_graph.gremlin import Graph

from .network import ENDS, KEY

READ_VERTICES = "g.V().hasLabel(what).valueMap().by(unfold())"
READ_EDGES = (
    "g.E().hasLabel(what).project('source', 'target', 'properties')"
    ".by(outV().values(source)).by(inV().values(target)).by(valueMap())"
)
# A few records that only the right graph answers like this. The first goes through the full-text index.
SENTINELS = {
    "full_text_bakeries": "g.V().has('about', textContains('bread')).count()",
    "first_transfer": "g.E().hasLabel('transfer').has('transfer_id', 'T00001').values('amount_cents')",
    "person_42_name": "g.V().has('person_id', 'P0042').values('name')",
    "flagged_accounts": "g.V().has('flagged', true).values('account_id').order().limit(5).fold().map{it.get().join(' ')}",
    "transferred_cents": "g.E().hasLabel('transfer').values('amount_cents').sum()",
    "busiest_receiver": (
        "g.V().hasLabel('account').order().by(inE('transfer').count(), desc).by('account_id').limit(1).values('account_id')"
    ),
}


def line(record) -> str:
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(lines: list[str]) -> str:
    return "sha256:" + hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def describe(graph: Graph, seed: int) -> dict:
    counts, lines = {}, []
    for label in KEY:
        found = graph.run(READ_VERTICES, what=label)
        counts[label] = len(found)
        lines += [line(["vertex", label, properties]) for properties in found]
    for label, (source, target) in ENDS.items():
        found = graph.run(READ_EDGES, what=label, source=KEY[source], target=KEY[target])
        counts[label] = len(found)
        lines += [line(["edge", label, e["source"], e["target"], e["properties"]]) for e in found]
    return {
        "seed": seed,
        "counts": dict(sorted(counts.items())),
        "sentinels": {name: graph.run(query)[0] for name, query in sorted(SENTINELS.items())},
        "digest": digest(lines),
    }
