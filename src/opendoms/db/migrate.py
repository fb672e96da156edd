"""Brings a database to the schema of this release: numbered SQL files, forward only, each applied once.

A migration and the row that records it are one transaction, so a failed one leaves nothing. Two nodes that migrate at
once take turns: under the write lock of SQLite, under an advisory lock on PostgreSQL.
"""

from __future__ import annotations

import asyncio

from opendoms.db.location import SqliteLocation, location_of
from opendoms.db.postgres_migrate import applied_postgres, connect_to_migrate, migrate_postgres
from opendoms.db.schema_version import MigrationFailed, missing, shipped
from opendoms.db.sqlite_migrate import applied_sqlite, migrate_sqlite

__all__ = ["MigrationFailed", "migrate", "pending"]


async def migrate(url: str) -> list[str]:
    """Applies what is missing and returns the names of what this call applied. An embedded file is made if need be.

    Raises ValueError for a wrong URL, SchemaMismatch where the database is newer than this release, MigrationFailed,
    and Unavailable.
    """
    location = location_of(url)
    if isinstance(location, SqliteLocation):
        return await asyncio.to_thread(migrate_sqlite, location.path, shipped("sqlite"))
    return await migrate_postgres(location.dsn, shipped("postgres"))


async def pending(url: str) -> list[str]:
    """The names of what `migrate` would apply. Changes nothing. Raises as `migrate` does."""
    location = location_of(url)
    if isinstance(location, SqliteLocation):
        applied = await asyncio.to_thread(applied_sqlite, location.path)
        return [migration.name for migration in missing(applied, shipped("sqlite"))]
    connection = await connect_to_migrate(location.dsn)
    try:
        return [migration.name for migration in missing(await applied_postgres(connection), shipped("postgres"))]
    finally:
        await connection.close()
