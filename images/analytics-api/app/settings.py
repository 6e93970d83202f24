"""What the environment may set."""

from pathlib import Path
from typing import Literal

from pydantic import Field, HttpUrl
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    gremlin_http_url: HttpUrl = HttpUrl("http://janusgraph:8182/gremlin")
    gremlin_timeout_seconds: float = Field(default=20, gt=0, le=300)
    page_limit: int = Field(default=100, ge=1, le=1000, description="the most items that one page may hold")

    secrets_from: Literal["vault", "files"] = Field(
        default="vault", description="files: each secret is a file in secrets_folder, for a stack without a vault"
    )
    secrets_folder: Path = Path("/run/secrets")
    vault_addr: HttpUrl = HttpUrl("http://vault:8200")
    vault_path: str = Field(default="secret/data/analytics-api", description="of the KV engine, version 2")
    token_seconds: int = Field(default=900, ge=1, le=86_400)

    store_host: str = Field(default="", description="the CQL server; empty: this stack has none")
    store_port: int = Field(default=9042, ge=1, le=65_535)
    store_user: str = "analytics"
    store_keyspace: str = Field(default="janusgraph", pattern=r"^[a-z][a-z0-9_]*$")
