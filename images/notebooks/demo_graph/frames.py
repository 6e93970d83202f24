"""The payments graph as pandas tables, each read by one or two walks and sorted by its own key."""

import pandas as pd

from .gremlin import Graph

VERTICES = "g.V().hasLabel(what).valueMap().by(unfold())"
# The ends come as the server's own ids, which need no look at the vertex; NAMES says what they are called.
EDGES = (
    "g.V().outE(what).project('source', 'target', 'rest').by(outV().id()).by(inV().id()).by(valueMap())"
)
NAMES = "g.V().hasLabel(what).project('id', 'name').by(id()).by(values(named))"
STANDING = ["salary", "rent", "savings"]  # the references of standing orders


def vertices(graph: Graph, label: str) -> pd.DataFrame:
    """One row for each vertex of a label, one column for each of its properties."""
    return pd.DataFrame(graph.run(VERTICES, what=label)).sort_values(f"{label}_id", ignore_index=True)


def edges(graph: Graph, label: str, source: str, target: str) -> pd.DataFrame:
    """One row for each edge of a label: the keys of its ends (columns source and target) and its properties."""
    names = {end: _names(graph, end) for end in {source, target}}
    table = pd.DataFrame(
        [
            {"source": names[source][row["source"]], "target": names[target][row["target"]], **row["rest"]}
            for row in graph.run(EDGES, what=label)
        ]
    )
    return table.sort_values([f"{label}_id"] if f"{label}_id" in table else ["source", "target"], ignore_index=True)


def transfers(graph: Graph) -> pd.DataFrame:
    """Transfers between accounts, oldest first, with the time as a time and the amount in whole units."""
    return _timed(edges(graph, "transfer", "account", "account"))


def purchases(graph: Graph) -> pd.DataFrame:
    """Purchases by card, oldest first."""
    return _timed(edges(graph, "purchase", "card", "merchant"))


def accounts(graph: Graph) -> pd.DataFrame:
    """Accounts with the person who owns each, and that person's town; the index is account_id."""
    owned = edges(graph, "owns", "person", "account").rename(columns={"source": "person_id", "target": "account_id"})
    people = vertices(graph, "person")[["person_id", "name", "town"]]
    table = vertices(graph, "account").merge(owned, on="account_id").merge(people, on="person_id")
    return table.sort_values("account_id").set_index("account_id")


def _names(graph: Graph, label: str) -> dict[int, str]:
    return {row["id"]: row["name"] for row in graph.run(NAMES, what=label, named=f"{label}_id")}


def _timed(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(
        time=pd.to_datetime(table["at"], unit="s", utc=True).dt.tz_localize(None), amount=table["amount_cents"] / 100
    )
