"""Gremlin over HTTP: one connection pool, plain JSON answers, and one kind of error."""

import httpx

from .settings import Settings

PLAIN_JSON = "application/vnd.gremlin-v3.0+json;types=false"


class GraphUnavailable(Exception):
    """The graph server did not answer, or refused the query."""


class Graph:
    def __init__(self, settings: Settings):
        self._url = str(settings.gremlin_http_url)
        self._http = httpx.AsyncClient(timeout=settings.gremlin_timeout_seconds, headers={"Accept": PLAIN_JSON})

    async def run(self, script: str, **bindings) -> list:
        """The results of a script; what a user typed goes into its bindings, and never into its text."""
        try:
            answer = await self._http.post(self._url, json={"gremlin": script, "bindings": bindings})
        except httpx.HTTPError as error:
            raise GraphUnavailable(f"no answer from the graph server: {type(error).__name__}") from error
        if answer.status_code != 200:
            raise GraphUnavailable(f"the graph server answered with status {answer.status_code}")
        return answer.json()["result"]["data"]

    async def one(self, script: str, **bindings):
        """The first result, or None."""
        found = await self.run(script, **bindings)
        return found[0] if found else None

    async def close(self) -> None:
        await self._http.aclose()
