"""What the API says, as types."""

from datetime import date, datetime
from typing import Generic, Literal, TypeVar

from email_validator import EmailNotValidError, validate_email
from pydantic import BaseModel, Field, computed_field

Item = TypeVar("Item")


class Page(BaseModel, Generic[Item]):
    total: int
    offset: int
    limit: int
    items: list[Item]


class Health(BaseModel):
    status: Literal["ok"]
    holds_data: bool


class Dependencies(BaseModel):
    graph: str
    store: str | None = Field(default=None, description="absent where the graph is kept in memory")


class Token(BaseModel):
    access_token: str
    token_type: Literal["bearer"]
    expires_in: int


class StoreFacts(BaseModel):
    cluster_name: str
    release_version: str
    data_center: str
    keyspace: str
    tables: list[str]


class Stats(BaseModel):
    vertices: dict[str, int]
    edges: dict[str, int]


class Account(BaseModel):
    account_id: str
    kind: Literal["checking", "savings", "business"]
    opened: date
    flagged: bool


class PersonSummary(BaseModel):
    person_id: str
    name: str
    email: str
    town: str
    born: int

    @computed_field
    @property
    def email_valid(self) -> bool:
        """Whether mail could be addressed; the graph holds what people typed."""
        try:
            validate_email(self.email, check_deliverability=False)
        except EmailNotValidError:
            return False
        return True


class Person(PersonSummary):
    accounts: list[Account]
    devices: list[str]


class Transfer(BaseModel):
    transfer_id: str
    at: datetime
    source: str
    target: str
    amount_cents: int = Field(gt=0)
    reference: str


class Ring(BaseModel):
    members: list[str] = Field(description="accounts in the order of payment, the smallest id first")
    rounds: int = Field(description="how often the sum went round")
    first_seen: datetime
    total_cents: int
    flagged_members: int


class Found(BaseModel):
    label: Literal["person", "merchant"]
    key: str
    name: str
    town: str
    about: str | None = None
