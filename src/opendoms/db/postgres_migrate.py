"""Migrates a PostgreSQL database."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Final

import asyncpg  # type: ignore[import-untyped]  # it ships no types

from opendoms.db.outcome import unreachable
from opendoms.db.postgres_link import connect, end
from opendoms.db.reindex import BUILT, require_built
from opendoms.db.schema_version import APPLIED, Migration, MigrationFailed, missing, record_of, require_current, shipped
from opendoms.kernel.changeset import Table

# Taken by whoever migrates. Any number, the same in every release.
ADVISORY_LOCK: Final = 4_067_316_501

# A migration may take as long as it needs; an ordinary statement may not.
_SETTINGS: Final = {"application_name": "opendoms migrate", "statement_timeout": "0"}
_RECORD_TABLE: Final = (
    "create table if not exists schema_migrations"
    " (number integer not null primary key, name text not null, applied_at bigint not null)"
)


@contextlib.asynccontextmanager
async def connected_to_migrate(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection without a time limit on its statements. Raises Unavailable, whatever the server refuses."""
    connection = await connect(dsn, _SETTINGS, silence_s=None)
    try:
        yield connection
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        raise unreachable() from error
    finally:
        await end(connection)


async def check_postgres(connection: asyncpg.Connection, tables: Sequence[Table]) -> None:
    """Raises SchemaMismatch where the database has another schema, or an index is not whole."""
    require_current(await applied_postgres(connection), shipped("postgres"))
    require_built(tables, await connection.fetch(BUILT))


async def migrate_postgres(dsn: str, migrations: Sequence[Migration]) -> list[str]:
    """Applies what is missing of these to a database that exists. Returns the names."""
    done: list[str] = []
    async with connected_to_migrate(dsn) as connection:
        try:
            while (name := await _apply_next_postgres(connection, migrations)) is not None:
                done.append(name)
        except asyncpg.PostgresError as error:
            raise MigrationFailed(f"The database could not be migrated: {error.args[0]}.") from None
    return done


async def _apply_next_postgres(connection: asyncpg.Connection, migrations: Sequence[Migration]) -> str | None:
    async with connection.transaction():
        await connection.execute("select pg_advisory_xact_lock($1)", ADVISORY_LOCK)
        await connection.execute(_RECORD_TABLE)
        following = missing(await applied_postgres(connection), migrations)
        if not following:
            return None
        try:
            await connection.execute(following[0].sql)
        except asyncpg.PostgresError as error:
            message = f"Migration {following[0].name} failed and left nothing: {error.args[0]}."
            raise MigrationFailed(message) from None
        await connection.execute("insert into schema_migrations values ($1, $2, $3)", *record_of(following[0]))
        return following[0].name


async def applied_postgres(connection: asyncpg.Connection) -> list[int]:
    """The numbers of the migrations that are applied; none in an empty database."""
    if await connection.fetchval("select to_regclass('schema_migrations')") is None:
        return []
    return [row[0] for row in await connection.fetch(APPLIED)]
