"""A connection to the graph server. Plain HTTP with plain JSON: a whole table of the graph costs a few milliseconds to
read, where the drivers decode value by value."""

import os

import httpx

DEFAULT_URL = "http://janusgraph:8182/gremlin"
PLAIN_JSON = "application/vnd.gremlin-v3.0+json;types=false"


class GraphError(Exception):
    """The graph server refused a script; the text says why."""


class Graph:
    """Runs Gremlin on the server at GREMLIN_URL. Ask for values, maps, ids and counts: a whole vertex says less."""

    def __init__(self, url: str | None = None):
        self.url = url or os.environ.get("GREMLIN_URL", DEFAULT_URL)
        self._http = httpx.Client(timeout=120, headers={"Accept": PLAIN_JSON})

    def run(self, script: str, **bindings) -> list:
        """The results of a script; its bindings are variables of the script, and never part of its text."""
        answer = self._http.post(self.url, json={"gremlin": script, "bindings": bindings})
        if answer.status_code != 200:
            raise GraphError(_reason(answer))
        return answer.json()["result"]["data"]

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> "Graph":
        return self

    def __exit__(self, *_) -> None:
        self.close()


def _reason(answer: httpx.Response) -> str:
    try:
        return f"status {answer.status_code}: {answer.json()['message']}"
    except (ValueError, KeyError, TypeError):
        return f"status {answer.status_code}: {answer.text[:200]}"
