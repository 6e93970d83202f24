"""A connection to the graph server that works in a script, in a thread and in a notebook."""

import asyncio
import os

from gremlin_python.driver.aiohttp.transport import AiohttpTransport
from gremlin_python.driver.client import Client

DEFAULT_URL = "ws://janusgraph:8182/gremlin"


class Graph:
    """Runs Gremlin on the server at GREMLIN_URL. Ask for values, maps, ids and counts: the driver cannot read a whole
    vertex of JanusGraph, whose ids have a type of their own."""

    def __init__(self, url: str | None = None):
        self.url = url or os.environ.get("GREMLIN_URL", DEFAULT_URL)
        inside = _loop_is_running()  # a notebook's cells run inside the kernel's event loop
        self._client = Client(
            self.url,
            "g",
            pool_size=1,
            max_workers=1,
            transport_factory=lambda: AiohttpTransport(
                call_from_event_loop=inside, max_content_length=1 << 26, read_timeout=60, write_timeout=60
            ),
        )

    def run(self, script: str, **bindings) -> list:
        """The results of a script; its bindings are variables of the script, and never part of its text."""
        return self._client.submit(script, bindings or None).all().result()

    def close(self) -> None:
        self._client.close()

    def __enter__(self) -> "Graph":
        return self

    def __exit__(self, *_) -> None:
        self.close()


def _loop_is_running() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
