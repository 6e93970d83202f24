"""Seeds the graph at GREMLIN_URL with the network of DEMO_SEED; the last line on stdout is the report, as JSON."""

import json
import os
import sys
import time

from demo_graph.gremlin import Graph, GraphError

from .generate import generate
from .ledger import keep
from .load import declare, load
from .report import describe
from .search import fill


def main() -> int:
    seed = int(os.environ.get("DEMO_SEED", "42"))
    began = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - began:6.2f}s {what}", file=sys.stderr, flush=True)

    net = generate(seed)
    say(f"generated {sum(map(len, net.vertices.values()))} vertices and {len(net.edges)} edges for seed {seed}")
    with Graph() as graph:
        say(f"schema {declare(graph)}")
        say("loaded" if load(graph, net) else "this network is there already")
        say(keep(net) or "no wide-column store in this profile")
        say(fill(net) or "no search engine in this profile")
        report = describe(graph, seed)
        say("read back")
    print(json.dumps(report, sort_keys=True, ensure_ascii=False), flush=True)
    return 0


try:
    sys.exit(main())
except GraphError as error:
    sys.exit(f"seeder: the graph server refused a request: {error}")
