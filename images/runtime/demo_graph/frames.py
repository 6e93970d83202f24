"""The payments graph as pandas tables, each sorted by its own key."""

import pandas as pd

from .gremlin import Graph

EDGE = ".project('source', 'target', 'rest').by(outV().values(source)).by(inV().values(target)).by(valueMap())"


def vertices(graph: Graph, label: str) -> pd.DataFrame:
    """One row for each vertex of a label, one column for each of its properties."""
    rows = graph.run("g.V().hasLabel(what).valueMap().by(unfold())", what=label)
    return pd.DataFrame(rows).sort_values(f"{label}_id", ignore_index=True)


def edges(graph: Graph, label: str, source: str, target: str) -> pd.DataFrame:
    """One row for each edge of a label: the keys of its ends (columns source and target) and its properties."""
    rows = graph.run("g.E().hasLabel(what)" + EDGE, what=label, source=f"{source}_id", target=f"{target}_id")
    table = pd.DataFrame([{"source": r["source"], "target": r["target"], **r["rest"]} for r in rows])
    return table.sort_values([f"{label}_id"] if f"{label}_id" in table else ["source", "target"], ignore_index=True)


def transfers(graph: Graph) -> pd.DataFrame:
    """Transfers between accounts, oldest first, with the time as a time and the amount in whole units."""
    return _timed(edges(graph, "transfer", "account", "account"))


def purchases(graph: Graph) -> pd.DataFrame:
    """Purchases by card, oldest first."""
    return _timed(edges(graph, "purchase", "card", "merchant"))


def accounts(graph: Graph) -> pd.DataFrame:
    """Accounts with the person who owns each, and that person's town."""
    owned = edges(graph, "owns", "person", "account").rename(columns={"source": "person_id", "target": "account_id"})
    people = vertices(graph, "person")[["person_id", "name", "town"]]
    return vertices(graph, "account").merge(owned, on="account_id").merge(people, on="person_id")


def _timed(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(
        time=pd.to_datetime(table["at"], unit="s", utc=True).dt.tz_localize(None), amount=table["amount_cents"] / 100
    )
