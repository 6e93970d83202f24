"""Says what the graph holds, as read back from the graph: counts, sentinels and one digest over everything."""

import hashlib
import json
from collections import Counter

from demo_graph.gremlin import Graph

from .network import KEY

# Two walks over everything; the server's own ids only join edges to their ends.
READ_VERTICES = "g.V().project('id', 'label', 'properties').by(id()).by(label()).by(valueMap().by(unfold()))"
READ_EDGES = (
    "g.E().project('label', 'source', 'target', 'properties').by(label()).by(outV().id()).by(inV().id()).by(valueMap())"
)
# A few records that only the right graph answers like this, each by way of an index. The search index is asked
# itself: a traversal could look at every vertex instead, and would find the words also where the index is empty.
SENTINELS = {
    "full_text_bread": "graph.indexQuery('byText', 'v.about:bread').vertexTotals()",
    "full_text_people": "graph.indexQuery('byText', 'v.name:quist').vertexTotals()",
    "person_42_name": "g.V().has('person_id', 'P0042').values('name')",
    "flagged_accounts": "g.V().has('flagged', true).values('account_id').order().limit(5).fold().map{it.get().join(' ')}",
    "busiest_receiver": (
        "g.V().hasLabel('account').order().by(inE('transfer').count(), desc).by('account_id').limit(1).values('account_id')"
    ),
}


class Contents:
    """Everything in the graph, as it was read."""

    def __init__(self, graph: Graph):
        vertices, self.edges = graph.run(READ_VERTICES), graph.run(READ_EDGES)
        self.vertices = [(v["label"], v["properties"]) for v in vertices]
        self._name = {v["id"]: v["properties"].get(KEY.get(v["label"])) for v in vertices}

    def named(self, vertex_id) -> str | None:
        return self._name.get(vertex_id)

    def lines(self) -> list[str]:
        """One canonical line for each vertex and edge, in canonical order, without the server's own ids."""
        records = [["vertex", label, properties] for label, properties in self.vertices]
        for edge in self.edges:
            ends = [self.named(edge["source"]), self.named(edge["target"])]
            records.append(["edge", edge["label"], *ends, edge["properties"]])
        return sorted(json.dumps(r, sort_keys=True, separators=(",", ":"), ensure_ascii=False) for r in records)

    def counts(self) -> dict[str, int]:
        return dict(sorted(Counter([label for label, _ in self.vertices] + [e["label"] for e in self.edges]).items()))

    def transfers(self) -> list[dict]:
        return [edge for edge in self.edges if edge["label"] == "transfer"]


def describe(graph: Graph, seed: int) -> dict:
    found = Contents(graph)
    sentinels = {name: graph.run(query)[0] for name, query in SENTINELS.items()}
    transfers = [edge["properties"] for edge in found.transfers()]
    sentinels["transferred_cents"] = sum(t["amount_cents"] for t in transfers)
    sentinels["first_transfer"] = next((t["amount_cents"] for t in transfers if t["transfer_id"] == "T00001"), None)
    return {
        "seed": seed,
        "counts": found.counts(),
        "sentinels": dict(sorted(sentinels.items())),
        "digest": "sha256:" + hashlib.sha256("\n".join(found.lines()).encode()).hexdigest(),
    }
