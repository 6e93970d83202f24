"""A small client of the keeper of secrets, by its HTTP API. What it hands out is never printed."""

import os
from pathlib import Path

import httpx

DEFAULT_URL = "http://vault:8200"
TOKEN_FILE = "/run/secrets/notebooks_vault_token"


class Keeper:
    """Speaks to the Vault at VAULT_URL with a token; without one, with that of the notebooks' secret file."""

    def __init__(self, token: str | None = None, url: str | None = None):
        if token is None:
            token = Path(os.environ.get("VAULT_TOKEN_FILE", TOKEN_FILE)).read_text(encoding="utf-8").strip()
        self._http = httpx.Client(base_url=url or os.environ.get("VAULT_URL", DEFAULT_URL), headers={"X-Vault-Token": token}, timeout=30)

    def ask(self, method: str, path: str, **body) -> httpx.Response:
        """The answer, whatever its status; `path` is below /v1/."""
        return self._http.request(method, f"/v1/{path}", json=body or None)

    def secret(self, path: str) -> dict[str, str]:
        """The values kept at a path of the mount `secret`; a refusal is an error."""
        answer = self.ask("GET", f"secret/data/{path}")
        answer.raise_for_status()
        return answer.json()["data"]["data"]
