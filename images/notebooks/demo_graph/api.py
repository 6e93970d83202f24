"""A small client of the analytics API."""

import os

import httpx

DEFAULT_URL = "http://analytics-api:8000"


class Api:
    """Reads from the API at API_URL."""

    def __init__(self, url: str | None = None):
        self._http = httpx.Client(base_url=url or os.environ.get("API_URL", DEFAULT_URL), timeout=30)

    def ask(self, path: str, **parameters) -> httpx.Response:
        """The answer, whatever its status."""
        return self._http.get(path, params=parameters)

    def get(self, path: str, **parameters):
        """What the API says; an answer other than 200 is an error."""
        answer = self.ask(path, **parameters)
        answer.raise_for_status()
        return answer.json()

    def items(self, path: str, **parameters) -> list[dict]:
        """All items of a paged list, in the order of the API."""
        found: list[dict] = []
        while True:
            page = self.get(path, offset=len(found), limit=100, **parameters)
            found += page["items"]
            if len(found) >= page["total"] or not page["items"]:
                return found
