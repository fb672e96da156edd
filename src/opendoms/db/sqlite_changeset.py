"""Writes a changeset into a SQLite file, inside a transaction that somebody else begins and ends."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import Final, NamedTuple

from opendoms.db.engine import RefusedBySchema
from opendoms.db.search_entry import stored_entry
from opendoms.db.search_key import key_moment, moment_of_key
from opendoms.db.sqlite_levels import change_levels
from opendoms.db.sqlite_search import IndexWrites, free_key, free_keys
from opendoms.kernel.changeset import Changeset, Drop, Entry, Event, Index, Put, Stale, Table, Taken, Timer

# How many rows one statement inserts. More gain next to nothing.
ROWS_TOGETHER: Final = 25
# From so many rows on they are worth a savepoint.
ROWS_TOGETHER_MIN: Final = 6

_UNIQUE_CODES: Final = frozenset({sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY})

_INSERT_EVENT: Final = (
    "insert into events (tenant, entity_kind, entity_id, seq, event_id, type, at, actor, cause, document, detail)"
    " values (?, ?, ?, ?, ?, ?, ?, ?, ?, cast(? as text), cast(? as text))"
)
_REDACT: Final = (
    "update events set actor = ?, cause = ?, document = cast(? as text), detail = cast(? as text)"
    " where tenant = ? and entity_kind = ? and entity_id = ? and seq = ?"
)
_SET_TIMER: Final = (
    "insert into timers (tenant, kind, entity_id, due, detail) values (?, ?, ?, ?, cast(? as text))"
    " on conflict (tenant, kind, entity_id) do update set due = excluded.due, detail = excluded.detail, attempts = 0,"
    " claimed_until = null, claimed_by = null"
)
_REMOVE_TIMER: Final = "delete from timers where tenant = ? and kind = ? and entity_id = ?"
_END_TIMER: Final = f"{_REMOVE_TIMER} and claimed_by = ?"


class Statements(NamedTuple):
    """The writes of a document table, and two looks: whether an id exists, and what stands in a version.

    Documents are bound as bytes, which saves decoding them, and stored as text. A table with a search index has the
    key of the index as its last column.
    """

    insert: str
    update: str
    delete: str
    exists: str
    stored: str


@lru_cache(maxsize=256)
def statements_of(table: Table) -> Statements:
    """The write statements that follow from a table's declaration."""
    names = [column.name for column in table.columns]
    if table.search_index is not None:
        names.append("search_key")
    into = ", ".join(["tenant", "id", "version", "document", *names])
    marks = ", ".join(["?", "?", "?", "cast(? as text)", *["?"] * len(names)])
    changes = ", ".join(["version = ?", "document = cast(? as text)", *[f"{name} = ?" for name in names]])
    key = "where tenant = ? and id = ? and version = ?"
    return Statements(
        f"insert into {table.name} ({into}) values ({marks})",
        f"update {table.name} set {changes} {key}",
        f"delete from {table.name} {key}",
        f"select 1 from {table.name} where tenant = ? and id = ?",
        f"select cast(document as blob), search_key from {table.name} {key}",
    )


def write(connection: sqlite3.Connection, changeset: Changeset, indexed: IndexWrites) -> None:
    """Writes all of it but the search indexes, whose writes it adds to `indexed`.

    Raises Stale, Taken, Short, RefusedBySchema or what SQLite says; what was written until then stays.
    """
    # What goes, what changes, what is new: a key that one document gives up can be taken by another.
    for drop in changeset.drops:
        _delete(connection, drop, indexed)
    for put in changeset.puts:
        if put.expected is not None:
            _replace(connection, put, indexed)
    if changeset.holds or changeset.restocks:
        change_levels(connection, changeset)
    new = [put for put in changeset.puts if put.expected is None]
    rows = len(new) + len(changeset.events)
    if rows < ROWS_TOGETHER_MIN or not _written_together(connection, new, changeset.events, indexed):
        for put in new:
            _insert(connection, put, indexed)
        for event in changeset.events:
            _append(connection, event)
    for row in changeset.redactions:
        connection.execute(_REDACT, (*row[4:], *row[:4]))
    for timer in changeset.timers:
        _set(connection, timer)


def _written_together(
    connection: sqlite3.Connection, puts: Sequence[Put], events: Sequence[Event], indexed: IndexWrites
) -> bool:
    """Inserts new documents, table by table, and events, several rows per statement; False: nothing is there.

    The interpreter's lock is free while SQLite runs a statement, and has to be waited for after each. Which row was
    refused cannot be told this way, so that whoever finds one writes them one by one.
    """
    by_table: dict[str, list[Put]] = {}
    for put in puts:
        by_table.setdefault(put.table.name, []).append(put)
    entered, together = len(indexed), False
    connection.execute("savepoint together")
    try:
        together = all(_table_together(connection, group, indexed) for group in by_table.values())
        if together:
            for start in range(0, len(events), ROWS_TOGETHER):
                told = events[start : start + ROWS_TOGETHER]
                connection.execute(_together(_INSERT_EVENT, len(told)), [*chain.from_iterable(told)])
    except sqlite3.IntegrityError:
        together = False
    finally:
        if not together:
            connection.execute("rollback to together")
            indexed.cut(entered)
        connection.execute("release together")
    return together


def _table_together(connection: sqlite3.Connection, puts: list[Put], indexed: IndexWrites) -> bool:
    """Inserts new documents of one table; False where they have no keys in its search index."""
    table, index = puts[0].table, puts[0].table.search_index
    entries = [put.entry for put in puts if index is not None and put.entry is not None]
    keys = free_keys(connection, table.name, [entry.moment for entry in entries])
    if keys is None:
        return False
    search_keys: list[tuple[int, ...]] = [(key,) for key in keys] or [()] * len(puts)
    for start in range(0, len(puts), ROWS_TOGETHER):
        rows = [
            (put.tenant, put.id, put.version, put.document, *put.values, *search_key)
            for put, search_key in zip(puts[start:][:ROWS_TOGETHER], search_keys[start:], strict=False)
        ]
        connection.execute(_together(statements_of(table).insert, len(rows)), [*chain.from_iterable(rows)])
    if index is not None:
        for key, entry in zip(keys, entries, strict=True):
            indexed.add(index.name, key, entry.terms)
    return True


@lru_cache(maxsize=256)
def _together(insert: str, rows: int) -> str:
    """An insert of one row as one of several."""
    head, values = insert.split(" values ")
    return f"{head} values {', '.join([values] * rows)}"


class _Stored(NamedTuple):
    """How a document stands in the index until now; without a key it is not in it."""

    key: int | None
    entry: Entry


def _stored(connection: sqlite3.Connection, document: Put | Drop, index: Index) -> _Stored:
    key = (document.tenant, document.id, document.expected)
    found = connection.execute(statements_of(document.table).stored, key).fetchone()
    if found is None:
        raise Stale(document.table.name, document.id)
    return _Stored(found[1], stored_entry(index, document.tenant, found[0]))


def _delete(connection: sqlite3.Connection, drop: Drop, indexed: IndexWrites) -> None:
    index = drop.table.search_index
    stored = _stored(connection, drop, index) if index is not None else None
    key = (drop.tenant, drop.id, drop.expected)
    if connection.execute(statements_of(drop.table).delete, key).rowcount != 1:
        raise Stale(drop.table.name, drop.id)
    if index is not None and stored is not None and stored.key is not None:
        indexed.remove(index.name, stored.key, stored.entry.terms)


def _replace(connection: sqlite3.Connection, put: Put, indexed: IndexWrites) -> None:
    index = put.table.search_index
    if index is None or put.entry is None:
        _update(connection, put, ())
        return
    stored = _stored(connection, put, index)
    if stored.key is not None and moment_of_key(stored.key) == key_moment(put.entry.moment):
        _update(connection, put, (stored.key,))
        indexed.change(index.name, stored.key, stored.entry.terms, put.entry.terms)
        return
    key = free_key(connection, put.table.name, put.entry.moment)
    _update(connection, put, (key,))
    if stored.key is not None:
        indexed.remove(index.name, stored.key, stored.entry.terms)
    indexed.add(index.name, key, put.entry.terms)


def _update(connection: sqlite3.Connection, put: Put, search_key: tuple[int, ...]) -> None:
    row = (put.version, put.document, *put.values, *search_key, put.tenant, put.id, put.expected)
    try:
        found = connection.execute(statements_of(put.table).update, row).rowcount
    except sqlite3.IntegrityError as error:
        if error.sqlite_errorcode not in _UNIQUE_CODES:
            raise
        raise _taken(put, error) from None
    if found != 1:
        raise Stale(put.table.name, put.id)


def _insert(connection: sqlite3.Connection, put: Put, indexed: IndexWrites) -> None:
    statements = statements_of(put.table)
    index = put.table.search_index
    search_key: tuple[int, ...] = ()
    if index is not None and put.entry is not None:
        search_key = (free_key(connection, put.table.name, put.entry.moment),)
        indexed.add(index.name, search_key[0], put.entry.terms)
    row = (put.tenant, put.id, put.version, put.document, *put.values, *search_key)
    try:
        connection.execute(statements.insert, row)
    except sqlite3.IntegrityError as error:
        if error.sqlite_errorcode not in _UNIQUE_CODES:
            raise
        # Where both the id and a key are there already, SQLite may tell of either; the id counts first.
        if connection.execute(statements.exists, (put.tenant, put.id)).fetchone() is not None:
            raise Stale(put.table.name, put.id) from None
        raise _taken(put, error) from None


def _taken(put: Put, error: sqlite3.IntegrityError) -> Exception:
    """Which key: SQLite names its columns, as in `UNIQUE constraint failed: orders.tenant, orders.tenant_order_id`."""
    columns = tuple(name.rpartition(".")[2] for name in str(error).rpartition(": ")[2].split(", "))
    for index, unique_columns in put.table.unique:
        if unique_columns == columns:
            return Taken(put.table.name, index)
    return RefusedBySchema(str(error))


def _append(connection: sqlite3.Connection, event: Event) -> None:
    try:
        connection.execute(_INSERT_EVENT, event)
    except sqlite3.IntegrityError as error:
        if error.sqlite_errorcode not in _UNIQUE_CODES:
            raise
        raise Stale("events", event.entity_id) from None


def _set(connection: sqlite3.Connection, timer: Timer) -> None:
    if timer.due is not None:
        connection.execute(_SET_TIMER, timer[:5])
    elif timer.claim is None:
        connection.execute(_REMOVE_TIMER, timer[:3])
    else:
        connection.execute(_END_TIMER, (*timer[:3], timer.claim))
