"""The CQL store below the graph, read with a role that may read only."""

import asyncio

from cassandra import DriverException
from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import EXEC_PROFILE_DEFAULT, Cluster, ExecutionProfile, NoHostAvailable
from cassandra.policies import RoundRobinPolicy
from cassandra.query import dict_factory

from .settings import Settings

TABLES = "SELECT table_name FROM system_schema.tables WHERE keyspace_name = %s"
NODE = "SELECT cluster_name, release_version, data_center FROM system.local"


class StoreUnavailable(Exception):
    """The store did not answer, or refused the query or the login."""


class Store:
    def __init__(self, settings: Settings, password: str):
        self._keyspace = settings.store_keyspace
        profile = ExecutionProfile(RoundRobinPolicy(), request_timeout=10, row_factory=dict_factory)
        self._cluster = Cluster(
            [settings.store_host],
            port=settings.store_port,
            auth_provider=PlainTextAuthProvider(settings.store_user, password),
            execution_profiles={EXEC_PROFILE_DEFAULT: profile},
            connect_timeout=10,
            protocol_version=4,
            executor_threads=1,
            # One node: what it says about itself changes seldom, and its name is its address here.
            schema_metadata_enabled=False,
            token_metadata_enabled=False,
        )
        self._session = None

    async def open(self) -> None:
        try:
            self._session = await asyncio.to_thread(self._cluster.connect)
        except (DriverException, NoHostAvailable) as error:
            raise StoreUnavailable(f"cannot log in to the store: {type(error).__name__}") from error

    async def rows(self, query: str, *values) -> list[dict]:
        try:
            return list(await asyncio.to_thread(self._session.execute, query, values or None))
        except (DriverException, NoHostAvailable) as error:
            raise StoreUnavailable(f"the store refused a query: {type(error).__name__}") from error

    async def node(self) -> dict:
        return (await self.rows(NODE))[0]

    async def tables(self) -> list[str]:
        return sorted(row["table_name"] for row in await self.rows(TABLES, self._keyspace))

    async def close(self) -> None:
        await asyncio.to_thread(self._cluster.shutdown)
