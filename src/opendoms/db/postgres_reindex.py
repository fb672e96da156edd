"""Builds a search index of a PostgreSQL database anew, while nodes of this release go on serving.

Batch by batch the entries of the documents are put, and entries without a document removed, while nobody else writes to
the table: some dozens of milliseconds each. What is right already stays untouched.

With another definition, processes of other releases are shut out first: from then on their writes are refused, and
those that were on their way are waited for. Where the definition stays, the index is as right as before all the time.
"""

from __future__ import annotations

from typing import Any, Final

import asyncpg  # type: ignore[import-untyped]  # it ships no types

from opendoms.db.outcome import unreachable
from opendoms.db.postgres_link import connect, end
from opendoms.db.postgres_migrate import ADVISORY_LOCK
from opendoms.db.postgres_statement import entries_statement
from opendoms.db.reindex import BUILT, POSTGRES_BATCH, Built, Progress, Searched
from opendoms.db.search_entry import stored_entry
from opendoms.kernel.changeset import Table

# Documents and entries are walked and found by primary key, whatever the planner believes about a young table.
_SETTINGS: Final = {
    "application_name": "opendoms reindex",
    "statement_timeout": "0",
    "timezone": "UTC",
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}

_Key = tuple[str, str]


async def rebuild_postgres(dsn: str, searched: Searched, progress: Progress, *, always: bool) -> int | None:
    """Makes an index whole, or builds it anew in any case. Returns the number of documents, None where it was whole.

    Two that rebuild at once take turns. Raises Unavailable.
    """
    connection = await connect(dsn, _SETTINGS, silence_s=None)
    try:
        await connection.execute("select pg_advisory_lock($1)", ADVISORY_LOCK)
        return await _rebuild(connection, searched, progress, always=always)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        raise unreachable() from error
    finally:
        await end(connection)


async def _rebuild(connection: Any, searched: Searched, progress: Progress, *, always: bool) -> int | None:
    index = searched.search_index
    found = await connection.fetchrow(f"{BUILT} where name = $1", index.name)
    built = Built(*found) if found else Built(index.name, "", "", "")
    resuming = not built.is_whole(index)
    if not resuming and not always:
        return None
    behind = ("", "")
    if built.definition != index.definition:
        await _shut_others_out(connection, searched)
    elif built.rebuilt_tenant is not None:
        behind = built.rebuilt_tenant, built.rebuilt_id or ""
    behind_it = f"select count(*) from {searched.table.name} where (tenant, id) > ($1, $2)"
    total = await connection.fetchval(behind_it, *behind)
    done = 0
    while True:
        documents, reached = await _batch(connection, searched, behind, resuming=resuming)
        done += documents
        progress(index.name, done, total)
        if reached is None:
            break
        behind = reached
    await connection.execute(f"analyze {index.name}")
    return done


async def _shut_others_out(connection: Any, searched: Searched) -> None:
    """Writes down the definition that every later write must have, and waits for those that were before."""
    async with connection.transaction():
        await _lock(connection, searched.table)
        await connection.execute(
            "insert into search_indexes (name, definition, rebuilt_tenant, rebuilt_id) values ($1, $2, '', '')"
            " on conflict (name) do update set definition = excluded.definition, rebuilt_tenant = '', rebuilt_id = ''",
            searched.search_index.name,
            searched.search_index.definition,
        )


async def _lock(connection: Any, table: Table) -> None:
    """Until the end of the transaction others may read the table, but not write."""
    await connection.execute(f"lock table {table.name} in share mode")


async def _batch(connection: Any, searched: Searched, behind: _Key, *, resuming: bool) -> tuple[int, _Key | None]:
    """Indexes the next documents. Returns how many, and the last key, or None when there are no more."""
    table, index = searched
    async with connection.transaction():
        await _lock(connection, table)
        rows = await connection.fetch(
            f"select tenant, id, document from {table.name} where (tenant, id) > ($1, $2)"
            f" order by tenant, id limit {POSTGRES_BATCH}",
            *behind,
        )
        last = (rows[-1][0], rows[-1][1]) if len(rows) == POSTGRES_BATCH else None
        await connection.execute(
            f"delete from {index.name} as this where (tenant, id) > ($1, $2)"
            " and ($3::text is null or (tenant, id) <= ($3, $4)) and not exists"
            f" (select 1 from {table.name} as that where that.tenant = this.tenant and that.id = this.id)",
            *behind,
            *(last or (None, None)),
        )
        if rows:
            entries = [(tenant, name, *stored_entry(index, tenant, document)) for tenant, name, document in rows]
            statement, parameters = entries_statement(index, entries)
            await connection.fetch(statement, *parameters)
        if resuming:
            await connection.execute(
                "update search_indexes set rebuilt_tenant = $2, rebuilt_id = $3 where name = $1",
                index.name,
                *(last or (None, None)),
            )
    return len(rows), last
