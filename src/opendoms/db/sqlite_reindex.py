"""Builds a search index of a SQLite file anew. Everything here blocks: call it in a thread.

The file must be ours alone meanwhile: an index that is half built answers wrongly, and FTS5 without content cannot take
out an entry that another process has changed in between. An index is emptied first, since only its exact terms would
take an entry out, and those of an earlier definition nobody knows any more.
"""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Final

from opendoms.db.outcome import unreachable
from opendoms.db.reindex import BUILT, SQLITE_BATCH, Built, Progress, Searched
from opendoms.db.search_entry import stored_entry
from opendoms.db.search_key import key_moment, moment_of_key
from opendoms.db.sqlite_file import connect
from opendoms.db.sqlite_search import free_key, insertion, tokens
from opendoms.kernel.refusal import Fault, Unavailable

# How long a rebuilding waits for others to close the file.
ALONE_MS: Final = 2_000

_CACHE_KIB: Final = 32_768
# The log is moved into the file after so many pages, since nobody else does it here.
_CHECKPOINT_PAGES: Final = 4_096

_Key = tuple[str, str]


def rebuild_sqlite(path: Path, searched: Searched, progress: Progress, *, always: bool) -> int | None:
    """Makes an index whole, or builds it anew in any case. Returns the number of documents, None where it was whole.

    Raises Unavailable where another process has the file open.
    """
    try:
        with contextlib.closing(connect(path, writes=True, cache_kib=_CACHE_KIB, busy_ms=ALONE_MS)) as connection:
            if not always and _built(connection, searched).is_whole(searched.search_index):
                return None
            _take_alone(connection)
            position = _begin(connection, searched)
            done = 0
            total = _count_behind(connection, searched, position)
            while (batch := _batch(connection, searched, position)) is not None:
                position, documents = batch
                done += documents
                progress(searched.search_index.name, done, total)
            return done
    except sqlite3.Error as error:
        raise unreachable() from error


def _take_alone(connection: sqlite3.Connection) -> None:
    connection.execute(f"pragma wal_autocheckpoint = {_CHECKPOINT_PAGES}")
    connection.execute("pragma locking_mode = exclusive").fetchone()
    try:
        connection.execute("begin exclusive")
        connection.execute("commit")
    except sqlite3.OperationalError as error:
        raise Unavailable(
            Fault("The search index is to be built, and another process has the file open.", "Stop it and try again.")
        ) from error


def _built(connection: sqlite3.Connection, searched: Searched) -> Built:
    found = connection.execute(f"{BUILT} where name = ?", (searched.search_index.name,)).fetchone()
    return Built._make(found) if found else Built(searched.search_index.name, "", "", "")


def _begin(connection: sqlite3.Connection, searched: Searched) -> _Key:
    """The key behind which to go on; that of a rebuilding by the same definition that was broken off, or the first."""
    name = searched.search_index.name
    built = _built(connection, searched)
    if built.definition == searched.search_index.definition and built.rebuilt_tenant is not None:
        return built.rebuilt_tenant, built.rebuilt_id or ""
    connection.execute("begin immediate")
    connection.execute(f"insert into {name} ({name}) values ('delete-all')")
    connection.execute(
        "insert or replace into search_indexes values (?, ?, '', '')", (name, searched.search_index.definition)
    )
    connection.execute("commit")
    return "", ""


def _count_behind(connection: sqlite3.Connection, searched: Searched, behind: _Key) -> int:
    behind_it = f"select count(*) from {searched.table.name} where (tenant, id) > (?, ?)"
    return int(connection.execute(behind_it, behind).fetchone()[0])


def _batch(connection: sqlite3.Connection, searched: Searched, behind: _Key) -> tuple[_Key, int] | None:
    """Indexes the next documents: the last key and how many, or None when there are no more and the index is whole."""
    table, index = searched
    connection.execute("begin immediate")
    rows = connection.execute(
        f"select tenant, id, cast(document as blob), search_key from {table.name} where (tenant, id) > (?, ?)"
        f" order by tenant, id limit {SQLITE_BATCH}",
        behind,
    ).fetchall()
    entries = []
    for tenant, name, document, given_key in rows:
        entry = stored_entry(index, tenant, document)
        key = given_key
        if key is None or moment_of_key(key) != key_moment(entry.moment):
            key = free_key(connection, table.name, entry.moment)
            connection.execute(
                f"update {table.name} set search_key = ? where tenant = ? and id = ?", (key, tenant, name)
            )
        entries.append((key, tokens(entry.terms)))
    # In order of rowid, so that the batch is one segment.
    connection.executemany(insertion(index.name), sorted(entries))
    reached = (rows[-1][0], rows[-1][1]) if rows else (None, None)
    connection.execute(
        "update search_indexes set rebuilt_tenant = ?, rebuilt_id = ? where name = ?", (*reached, index.name)
    )
    connection.execute("commit")
    return ((rows[-1][0], rows[-1][1]), len(rows)) if rows else None
