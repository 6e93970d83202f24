"""Writes a network into the graph, in batches; a network that is there already is left as it is."""

from importlib.resources import files

from demo_graph.gremlin import Graph

from .network import ENDS, KEY, Network

BATCH = 500

ADD_VERTICES = """
rows.each { row ->
    def v = graph.addVertex(T.label, what)
    row.each { k, x -> v.property(k, x) }
}
graph.tx().commit()
rows.size()
"""
ADD_EDGES = """
rows.each { row ->
    def e = graph.vertices(row[0]).next().addEdge(what, graph.vertices(row[1]).next())
    row[2].each { k, x -> e.property(k, x) }
}
graph.tx().commit()
rows.size()
"""
MARK = "g.V().has('dataset_id', 'payments').valueMap().by(unfold())"
DROP = "g.V().drop().iterate(); graph.tx().commit(); 'dropped'"


def declare(graph: Graph) -> str:
    return graph.run(files(__package__).joinpath("schema.groovy").read_text(encoding="utf-8"))[0]


def load(graph: Graph, net: Network) -> bool:
    """Returns whether anything was written. The mark is written last: a graph without it is half made, and made anew."""
    if graph.run(MARK) == net.vertices["dataset"]:
        return False
    graph.run(DROP)
    for label, rows in net.vertices.items():
        if label != "dataset":
            _send(graph, ADD_VERTICES, label, rows)
    names = {label: _names(graph, label) for label in KEY if label != "dataset"}
    for label, (source, target) in ENDS.items():
        rows = [
            [names[source][e.source], names[target][e.target], e.properties] for e in net.edges if e.label == label
        ]
        _send(graph, ADD_EDGES, label, rows)
    _send(graph, ADD_VERTICES, "dataset", net.vertices["dataset"])
    return True


def _send(graph: Graph, script: str, label: str, rows: list) -> None:
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        written = graph.run(script, what=label, rows=batch)
        if written != [len(batch)]:
            raise RuntimeError(f"batch of {len(batch)} '{label}': the server confirmed {written}")


def _names(graph: Graph, label: str) -> dict[str, int]:
    pairs = graph.run("g.V().hasLabel(what).project('k', 'v').by(values(named)).by(id())", what=label, named=KEY[label])
    return {pair["k"]: pair["v"] for pair in pairs}
