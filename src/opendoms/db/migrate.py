"""Brings a database to the schema of this release: numbered SQL files, forward only, each applied once.

A migration and the row that records it are one transaction, so a failed one leaves nothing. Two nodes that migrate at
once take turns: under the write lock of SQLite, under an advisory lock on PostgreSQL.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from opendoms.db.location import Location, SqliteLocation, location_of
from opendoms.db.postgres_migrate import applied_postgres, check_postgres, connected_to_migrate, migrate_postgres
from opendoms.db.postgres_reindex import rebuild_postgres
from opendoms.db.reindex import BUILT, Progress, searched, silent, to_build
from opendoms.db.schema_version import MigrationFailed, missing, shipped
from opendoms.db.sqlite_migrate import applied_sqlite, built_sqlite, check_sqlite, migrate_sqlite
from opendoms.db.sqlite_reindex import rebuild_sqlite
from opendoms.kernel.changeset import Table

__all__ = ["MigrationFailed", "migrate", "pending", "reindex"]

_SEARCH_INDEX: Final = "search index {}"


async def migrate(url: str, tables: Sequence[Table] = (), progress: Progress = silent) -> list[str]:
    """Applies what is missing, then builds the search indexes of these tables that are not whole.

    Returns the names of the migrations that this call applied, and of the indexes that it built. An embedded file is
    made if need be. Raises ValueError for a wrong URL, SchemaMismatch where the database is newer than this release,
    MigrationFailed, and Unavailable.
    """
    location = location_of(url)
    if isinstance(location, SqliteLocation):
        done = await asyncio.to_thread(migrate_sqlite, location.path, shipped("sqlite"))
    else:
        done = await migrate_postgres(location.dsn, shipped("postgres"))
    built = await _rebuild(location, tables, progress, always=False)
    return [*done, *(_SEARCH_INDEX.format(name) for name in built)]


async def pending(url: str, tables: Sequence[Table] = ()) -> list[str]:
    """The names of what `migrate` would apply and build. Changes nothing. Raises as `migrate` does."""
    location = location_of(url)
    built: Sequence[Sequence[str | None]]
    if isinstance(location, SqliteLocation):
        applied = await asyncio.to_thread(applied_sqlite, location.path)
        lacking = missing(applied, shipped("sqlite"))
        built = [] if lacking else await asyncio.to_thread(built_sqlite, location.path)
    else:
        async with connected_to_migrate(location.dsn) as connection:
            lacking = missing(await applied_postgres(connection), shipped("postgres"))
            built = [] if lacking else await connection.fetch(BUILT)
    names = [_SEARCH_INDEX.format(each.search_index.name) for each in to_build(tables, built)]
    return [*(migration.name for migration in lacking), *names]


async def reindex(url: str, tables: Sequence[Table], progress: Progress = silent) -> dict[str, int]:
    """Builds every search index of these tables anew. Returns how many documents each holds.

    Raises ValueError for a wrong URL, SchemaMismatch where the schema is of another release, and Unavailable: a SQLite
    file must be open nowhere else.
    """
    location = location_of(url)
    if isinstance(location, SqliteLocation):
        await asyncio.to_thread(check_sqlite, location.path, ())
    else:
        async with connected_to_migrate(location.dsn) as connection:
            await check_postgres(connection, ())
    return await _rebuild(location, tables, progress, always=True)


async def _rebuild(location: Location, tables: Sequence[Table], progress: Progress, *, always: bool) -> dict[str, int]:
    done = {}
    for each in searched(tables):
        if isinstance(location, SqliteLocation):
            documents = await asyncio.to_thread(rebuild_sqlite, location.path, each, progress, always=always)
        else:
            documents = await rebuild_postgres(location.dsn, each, progress, always=always)
        if documents is not None:
            done[each.search_index.name] = documents
    return done
