"""What the payments network is made of."""

from dataclasses import dataclass, field
from datetime import datetime, timezone

START = int(datetime(2026, 1, 1, tzinfo=timezone.utc).timestamp())
DAYS = 90
HOUR = 3600
DAY = 24 * HOUR

# The property that names a vertex, for each label.
KEY = {
    "person": "person_id",
    "account": "account_id",
    "card": "card_id",
    "device": "device_id",
    "merchant": "merchant_id",
    "dataset": "dataset_id",
}
# The labels at the two ends of an edge, for each label.
ENDS = {
    "owns": ("person", "account"),
    "has_card": ("account", "card"),
    "uses": ("person", "device"),
    "transfer": ("account", "account"),
    "purchase": ("card", "merchant"),
}


@dataclass
class Edge:
    label: str
    source: str
    target: str
    properties: dict = field(default_factory=dict)


@dataclass
class Network:
    """Vertices by label (each a dict of properties) and edges; ends of edges are named by KEY."""

    vertices: dict[str, list[dict]] = field(default_factory=lambda: {label: [] for label in KEY})
    edges: list[Edge] = field(default_factory=list)
    owner: dict[str, str] = field(default_factory=dict)  # account_id -> person_id
    home: dict[str, str] = field(default_factory=dict)  # person_id -> the town where the person really lives

    def connect(self, label: str, source: str, target: str, **properties) -> None:
        self.edges.append(Edge(label, source, target, properties))

    def town(self, account_id: str) -> str:
        """Where the owner of an account lives and spends."""
        return self.home[self.owner[account_id]]

    def accounts(self, kind: str) -> list[dict]:
        return [a for a in self.vertices["account"] if a["kind"] == kind]
