"""What the environment may set."""

from pydantic import Field, HttpUrl
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    gremlin_http_url: HttpUrl = HttpUrl("http://janusgraph:8182/gremlin")
    gremlin_timeout_seconds: float = Field(default=20, gt=0, le=300)
    page_limit: int = Field(default=100, ge=1, le=1000, description="the most items that one page may hold")
