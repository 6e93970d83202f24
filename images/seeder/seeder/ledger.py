"""Writes the transfers of each account into a table of the wide-column store, for statements of one account."""

import os
from collections import deque
from datetime import datetime, timezone
from pathlib import Path

from .network import Network

TABLE = "transfers_by_account"
IN_FLIGHT = 32  # batches that were sent and not answered yet
MAKE = f"""
CREATE TABLE IF NOT EXISTS {TABLE} (
  account_id text, day date, at timestamp, transfer_id text, direction text, partner text, amount_cents bigint, reference text,
  PRIMARY KEY ((account_id), day, at, transfer_id, direction))
"""
MAKE_MARK = "CREATE TABLE IF NOT EXISTS loaded (dataset_id text PRIMARY KEY, recipe text)"
INSERT = f"""
INSERT INTO {TABLE} (account_id, day, at, transfer_id, direction, partner, amount_cents, reference) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""


def rows(net: Network) -> dict[str, list[tuple]]:
    """The rows of each account: every transfer twice, once for each of its ends."""
    found: dict[str, list[tuple]] = {}
    for edge in net.edges:
        if edge.label != "transfer":
            continue
        facts = edge.properties
        at = datetime.fromtimestamp(facts["at"], tz=timezone.utc)
        for account, direction, partner in ((edge.source, "out", edge.target), (edge.target, "in", edge.source)):
            row = (account, at.date(), at, facts["transfer_id"], direction, partner, facts["amount_cents"], facts["reference"])
            found.setdefault(account, []).append(row)
    return found


def keep(net: Network) -> str | None:
    """Says what was done, or nothing where this profile has no such store. What the table then holds must add up to what the
    network holds, or the job fails."""
    host = os.environ.get("CQL_HOST")
    if not host:
        return None
    from cassandra.auth import PlainTextAuthProvider
    from cassandra.cluster import Cluster
    from cassandra.query import BatchStatement, BatchType

    password = Path(os.environ["CQL_PASSWORD_FILE"]).read_text(encoding="utf-8").strip()
    login = PlainTextAuthProvider(os.environ["CQL_USERNAME"], password)
    recipe = net.vertices["dataset"][0]["recipe"]
    wanted = rows(net)
    with Cluster([host], auth_provider=login, protocol_version=5, schema_metadata_enabled=False) as cluster:
        session = cluster.connect(os.environ["CQL_KEYSPACE"])
        session.default_timeout = 60
        session.execute(MAKE)
        session.execute(MAKE_MARK)
        mark = session.execute("SELECT recipe FROM loaded WHERE dataset_id = 'payments'").one()
        done = mark is not None and mark.recipe == recipe
        if not done:
            session.execute(f"TRUNCATE {TABLE}")
            insert, running = session.prepare(INSERT), deque()
            for of_account in wanted.values():  # one partition, so that a batch is one write
                for start in range(0, len(of_account), 50):
                    batch = BatchStatement(BatchType.UNLOGGED)
                    for row in of_account[start : start + 50]:
                        batch.add(insert, row)
                    running.append(session.execute_async(batch))
                    if len(running) > IN_FLIGHT:  # a store that starts is slow, and refuses what it cannot queue
                        running.popleft().result()
            for one in running:
                one.result()
            session.execute("INSERT INTO loaded (dataset_id, recipe) VALUES ('payments', %s)", (recipe,))
        found = session.execute(f"SELECT count(*) AS n, sum(amount_cents) AS cents FROM {TABLE}").one()
    everything = [row for of_account in wanted.values() for row in of_account]
    expected = len(everything), sum(row[6] for row in everything)
    if (found.n, found.cents) != expected:
        raise RuntimeError(f"table '{TABLE}': expected {expected[0]} rows of {expected[1]} cents, found {found.n} of {found.cents}")
    return f"table '{TABLE}' holds {found.n} rows" + (" already" if done else "")
