"""A session with the wide-column store; the password comes from the keeper of secrets and is never shown."""

import os

import pandas as pd
from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import Cluster

from .keeper import Keeper

DEFAULT_HOST, KEYSPACE, ROLE = "hcd-server", "janusgraph", "notebooks"


class Store:
    """Runs CQL on the server at CQL_HOST as a role that may read and not write."""

    def __init__(self, host: str | None = None):
        password = Keeper().secret("notebooks")["database_password"]
        self._cluster = Cluster(
            [host or os.environ.get("CQL_HOST", DEFAULT_HOST)],
            auth_provider=PlainTextAuthProvider(ROLE, password),
            protocol_version=5,
            schema_metadata_enabled=False,
        )
        self._session = self._cluster.connect(KEYSPACE)
        self._session.default_timeout = 60

    def rows(self, statement: str, *values) -> pd.DataFrame:
        """The answer as a table, in the order of the store."""
        answer = self._session.execute(statement, values or None)
        return pd.DataFrame([row._asdict() for row in answer], columns=answer.column_names)

    def refusal(self, statement: str) -> str | None:
        """The kind of error with which the store refuses a statement, or nothing when it does not."""
        try:
            self._session.execute(statement)
        except Exception as error:
            return type(error).__name__
        return None

    def close(self) -> None:
        self._cluster.shutdown()
