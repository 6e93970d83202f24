"""Copies every payment into a search index, for questions that add up by time, town and trade."""

import json
import os

import httpx

from .network import Network

INDEX = "payments"
MAPPING = {
    "settings": {"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": "-1"},
    "mappings": {
        "dynamic": "strict",
        "properties": {
            "kind": {"type": "keyword"},
            "at": {"type": "date", "format": "epoch_second"},
            "cents": {"type": "long"},
            "payer": {"type": "keyword"},
            "payee": {"type": "keyword"},
            "town": {"type": "keyword"},
            "purpose": {"type": "keyword"},
            "about": {"type": "text"},
        },
    },
}


def documents(net: Network) -> dict[str, dict]:
    """One document for each transfer and purchase, by its id; `town` is where the payer lives."""
    account_of = {e.target: e.source for e in net.edges if e.label == "has_card"}
    merchants = {m["merchant_id"]: m for m in net.vertices["merchant"]}
    found = {}
    for edge in net.edges:
        facts = edge.properties
        if edge.label not in ("transfer", "purchase"):
            continue
        account = edge.source if edge.label == "transfer" else account_of[edge.source]
        merchant = merchants.get(edge.target)
        found[facts[f"{edge.label}_id"]] = {
            "kind": edge.label,
            "at": facts["at"],
            "cents": facts["amount_cents"],
            "payer": account,
            "payee": edge.target,
            "town": net.town(account),
            "purpose": merchant["category"] if merchant else facts["reference"],
            "about": f"{merchant['name']}: {merchant['about']}" if merchant else facts["reference"],
        }
    return found


def fill(net: Network) -> str | None:
    """Says what was done, or nothing where this profile has no search engine. What the index then holds must add up to what
    the network holds, or the job fails."""
    url = os.environ.get("OPENSEARCH_URL")
    if not url:
        return None
    wanted = documents(net)
    recipe = net.vertices["dataset"][0]["recipe"]
    with httpx.Client(base_url=url, timeout=60) as http:
        before = http.get(f"/{INDEX}/_mapping")
        done = before.status_code == 200 and before.json()[INDEX]["mappings"].get("_meta", {}).get("recipe") == recipe
        if not done:
            if before.status_code == 200:
                http.delete(f"/{INDEX}").raise_for_status()
            http.put(f"/{INDEX}", json=MAPPING).raise_for_status()
            lines = [json.dumps(part) for name, doc in wanted.items() for part in ({"index": {"_id": name}}, doc)]
            _write(http, "\n".join(lines) + "\n")
            http.put(f"/{INDEX}/_mapping", json={"_meta": {"recipe": recipe}}).raise_for_status()
        answer = http.post(f"/{INDEX}/_search", json={"size": 0, "track_total_hits": True, "aggs": {"sum": {"sum": {"field": "cents"}}}})
        answer.raise_for_status()
        found = answer.json()
    holds = found["hits"]["total"]["value"], round(found["aggregations"]["sum"]["value"])
    expected = len(wanted), sum(doc["cents"] for doc in wanted.values())
    if holds != expected:
        raise RuntimeError(f"index '{INDEX}': expected {expected[0]} payments of {expected[1]} cents, found {holds[0]} of {holds[1]}")
    return f"index '{INDEX}' holds {holds[0]} payments" + (" already" if done else "")


def _write(http: httpx.Client, lines: str) -> None:
    answer = http.post("/_bulk", params={"index": INDEX, "refresh": "true"}, content=lines, headers={"Content-Type": "application/x-ndjson"})
    answer.raise_for_status()
    if answer.json()["errors"]:
        first = next(item["index"]["error"] for item in answer.json()["items"] if "error" in item["index"])
        raise RuntimeError(f"index '{INDEX}' refused a payment: {first.get('reason', first)}")
