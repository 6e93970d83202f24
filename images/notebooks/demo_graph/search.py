"""A small client of the search engine."""

import os

import httpx

DEFAULT_URL = "http://opensearch:9200"


class Search:
    """Asks one index of the search engine at OPENSEARCH_URL; an answer other than 200 is an error."""

    def __init__(self, index: str, url: str | None = None):
        self._http = httpx.Client(base_url=url or os.environ.get("OPENSEARCH_URL", DEFAULT_URL), timeout=30)
        self._index = index

    def ask(self, **body) -> dict:
        """The whole answer to a search; without `size`, numbers only and no documents."""
        answer = self._http.post(f"/{self._index}/_search", json={"size": 0, "track_total_hits": True, **body})
        answer.raise_for_status()
        return answer.json()

    def sums(self, query: dict | None = None, **aggregations) -> dict:
        """The aggregations over all documents that match."""
        return self.ask(query=query or {"match_all": {}}, aggs=aggregations)["aggregations"]

    def words(self, text: str, field: str) -> list[str]:
        """The words that a field's analysis makes of a text."""
        answer = self._http.post(f"/{self._index}/_analyze", json={"field": field, "text": text})
        answer.raise_for_status()
        return [token["token"] for token in answer.json()["tokens"]]
