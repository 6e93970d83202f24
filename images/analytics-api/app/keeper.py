"""Where the API gets its secrets: from vault, by AppRole, once at its start; they stay in memory."""

from dataclasses import dataclass, field

import httpx

from .settings import Settings


class SecretsUnavailable(Exception):
    """The API cannot start without its secrets. The message never holds one."""


@dataclass(frozen=True)
class Secrets:
    jwt_secret: str = field(repr=False)
    api_key: str = field(repr=False)
    database_password: str = field(repr=False, default="")


def _file(settings: Settings, name: str) -> str:
    path = settings.secrets_folder / name
    try:
        value = path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise SecretsUnavailable(f"cannot read '{path}': {error.strerror}") from error
    if not value:
        raise SecretsUnavailable(f"'{path}' is empty")
    return value


async def _answer(http: httpx.AsyncClient, what: str, request: httpx.Request) -> dict:
    try:
        answer = await http.send(request)
    except httpx.HTTPError as error:
        raise SecretsUnavailable(f"{what}: no answer from vault: {type(error).__name__}") from error
    if answer.status_code != 200:
        raise SecretsUnavailable(f"{what}: vault answers with status {answer.status_code}, expected 200")
    return answer.json()


async def _from_vault(settings: Settings) -> Secrets:
    ids = {name: _file(settings, f"analytics_api_{name}") for name in ("role_id", "secret_id")}
    async with httpx.AsyncClient(base_url=str(settings.vault_addr), timeout=10) as http:
        login = http.build_request("POST", "/v1/auth/approle/login", json=ids)
        token = (await _answer(http, "AppRole login", login))["auth"]["client_token"]
        ticket = {"X-Vault-Token": token}
        read = http.build_request("GET", f"/v1/{settings.vault_path}", headers=ticket)
        held = (await _answer(http, f"reading '{settings.vault_path}'", read))["data"]["data"]
        # What was read is all that the login was for.
        await http.post("/v1/auth/token/revoke-self", headers=ticket)
    missing = sorted({"jwt_secret", "api_key", "database_password"} - held.keys())
    if missing:
        raise SecretsUnavailable(f"'{settings.vault_path}' lacks {', '.join(missing)}")
    return Secrets(held["jwt_secret"], held["api_key"], held["database_password"])


async def fetch_secrets(settings: Settings) -> Secrets:
    if settings.secrets_from == "vault":
        return await _from_vault(settings)
    return Secrets(_file(settings, "jwt_secret"), _file(settings, "analytics_api_key"))
