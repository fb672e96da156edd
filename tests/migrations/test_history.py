"""Orders that were stored before processes could be found get what they are found by."""

from __future__ import annotations

import asyncio

from opendoms.db.location import SqliteLocation, location_of
from opendoms.db.migrate import migrate
from opendoms.db.postgres_migrate import migrate_postgres
from opendoms.db.schema_version import shipped
from opendoms.db.sqlfile import EngineName
from opendoms.db.sqlite_migrate import migrate_sqlite
from tests.databases import run_sql

# The first migration that the orders below are older than.
MIGRATION = "_history"
OLD = """
insert into orders (tenant, id, version, document, status, order_date)
values ('acme', 'o1', 1, '{"id":"o1","processId":"p1","customAttributes":{"processId":"other"}}', 'OPEN', 1)
"""


async def test_orders_of_an_older_release_are_found_by_their_process(
    empty_database_url: str, database_kind: EngineName
) -> None:
    """The process id of each stored order is taken from its document."""
    older = []
    for migration in shipped(database_kind):
        if migration.name.endswith(MIGRATION):
            break
        older.append(migration)
    location = location_of(empty_database_url)
    if isinstance(location, SqliteLocation):
        await asyncio.to_thread(migrate_sqlite, location.path, older)
    else:
        await migrate_postgres(location.dsn, older)
    await run_sql(empty_database_url, OLD)
    assert any(name.endswith(MIGRATION) for name in await migrate(empty_database_url))
    assert await run_sql(empty_database_url, "select process_id from orders") == [("p1",)]
