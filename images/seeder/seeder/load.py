"""Writes a network into the graph, in batches; a network that is there already is left as it is."""

from importlib.resources import files

from demo_graph.gremlin import Graph

from .network import ENDS, KEY, Network

BATCH = 500

# A transaction for loading in bulk asks the store neither whether a name is taken nor whether the ends of an edge exist:
# the generator makes every name once, the ends were written just before, and the report reads everything back.
WRITE = """
def tx = graph.buildTransaction().enableBatchLoading().checkExternalVertexExistence(false).start()
try {
    def written = rows.collect { row -> %s }
    tx.commit()
    written
} finally {
    if (tx.isOpen()) tx.rollback()
}
"""
ADD_VERTICES = WRITE % "def v = tx.addVertex(T.label, what); row.each { k, x -> v.property(k, x) }; v.id()"
ADD_EDGES = WRITE % (
    "def e = tx.getVertex(row[0]).addEdge(what, tx.getVertex(row[1])); row[2].each { k, x -> e.property(k, x) }; 1"
)
MARK = "g.V().has('dataset_id', 'payments').valueMap().by(unfold())"
DROP = "def n = g.V().limit(most).sideEffect(drop()).count().next(); graph.tx().commit(); n"


def declare(graph: Graph) -> str:
    return graph.run(files(__package__).joinpath("schema.groovy").read_text(encoding="utf-8"))[0]


def load(graph: Graph, net: Network) -> bool:
    """Returns whether anything was written. The mark is written last: a graph without it is half made, and made anew."""
    if graph.run(MARK) == net.vertices["dataset"]:
        return False
    while graph.run(DROP, most=BATCH) != [0]:
        pass
    ids = {
        label: dict(zip((row[KEY[label]] for row in rows), _send(graph, ADD_VERTICES, label, rows)))
        for label, rows in net.vertices.items()
        if label != "dataset"
    }
    for label, (source, target) in ENDS.items():
        rows = [[ids[source][e.source], ids[target][e.target], e.properties] for e in net.edges if e.label == label]
        _send(graph, ADD_EDGES, label, rows)
    _send(graph, ADD_VERTICES, "dataset", net.vertices["dataset"])
    return True


def _send(graph: Graph, script: str, label: str, rows: list) -> list:
    """What the script gives for each row."""
    answers = []
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        written = graph.run(script, what=label, rows=batch)
        if len(written) != len(batch):
            raise RuntimeError(f"batch of {len(batch)} '{label}': the server confirmed {len(written)}")
        answers += written
    return answers
