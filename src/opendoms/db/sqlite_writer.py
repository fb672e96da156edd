"""The one writer of a SQLite file: a thread that commits all waiting changesets together.

A commit costs a sync of the disk, a changeset some dozens of microseconds. So whatever was handed in while the last
commit ran goes into the next one, up to a limit; nobody waits for a timer.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections import deque
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, Final, NamedTuple

from opendoms.db.engine import Parameters, RefusedBySchema, Row
from opendoms.db.outcome import closed, overloaded, refuse_unstorable, unreachable, unstorable
from opendoms.db.sqlite_file import identity_of, is_bug
from opendoms.kernel.changeset import Changeset, Event, Put, Stale, Table, Taken, Timer
from opendoms.kernel.refusal import Unavailable

# How many changesets share a commit. More adds latency for the first of them and gains next to nothing.
CHANGESETS_PER_COMMIT_MAX: Final = 256
# How many may wait. The web layer bounds requests earlier; this bounds callers inside the process.
WAITING_MAX: Final = 10_000

# How many rows one statement inserts, where a changeset has so many new documents. More gain next to nothing.
ROWS_TOGETHER: Final = 25

_UNIQUE_CODES: Final = frozenset({sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY})

_INSERT_EVENT: Final = (
    "insert into events (tenant, entity_kind, entity_id, seq, event_id, type, at, actor, cause, document, detail)"
    " values (?, ?, ?, ?, ?, ?, ?, ?, ?, cast(? as text), cast(? as text))"
)
_SET_TIMER: Final = (
    "insert into timers (tenant, kind, entity_id, due, detail) values (?, ?, ?, ?, cast(? as text))"
    " on conflict (tenant, kind, entity_id) do update set due = excluded.due, detail = excluded.detail, attempts = 0,"
    " claimed_until = null, claimed_by = null"
)
_REMOVE_TIMER: Final = "delete from timers where tenant = ? and kind = ? and entity_id = ?"
_END_TIMER: Final = f"{_REMOVE_TIMER} and claimed_by = ?"


class Statement(NamedTuple):
    """One statement that belongs to no changeset; its rows are the answer."""

    sql: str
    parameters: Parameters


_Waiting = tuple[Changeset | Statement, "asyncio.Future[Any]"]
# What is told to whoever waits: the rows of a statement, None for a changeset, or why nothing of it was written.
Outcome = tuple["asyncio.Future[Any]", Exception | list[Row] | None]


class _Torn(Exception):  # noqa: N818 - a signal within this file
    """A changeset was refused after it had written something, and no savepoint was set."""


class Statements(NamedTuple):
    """The writes of a document table, and the look whether an id exists.

    Documents are bound as bytes, which saves decoding them, and stored as text.
    """

    insert: str
    update: str
    delete: str
    exists: str


@lru_cache(maxsize=256)
def statements_of(table: Table) -> Statements:
    """The write statements that follow from a table's declaration."""
    names = [column.name for column in table.columns]
    into = ", ".join(["tenant", "id", "version", "document", *names])
    marks = ", ".join(["?", "?", "?", "cast(? as text)", *["?"] * len(names)])
    changes = ", ".join(["version = ?", "document = cast(? as text)", *[f"{name} = ?" for name in names]])
    key = "where tenant = ? and id = ? and version = ?"
    return Statements(
        f"insert into {table.name} ({into}) values ({marks})",
        f"update {table.name} set {changes} {key}",
        f"delete from {table.name} {key}",
        f"select 1 from {table.name} where tenant = ? and id = ?",
    )


class Writer:
    """Owns the writing connection and its thread. `apply` and `stop` are called from the event loop that made it."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._file = identity_of(path)
        self._loop = asyncio.get_running_loop()
        # Only append and popleft: swapping the deque for a fresh one could lose what is appended at that moment.
        self._waiting: deque[_Waiting] = deque()
        # Held while the writer has nothing to do or already knows; only the event loop's thread releases it.
        self._wake = threading.Lock()
        self._wake.acquire()
        self._stopping = False
        self.commits = 0
        self._thread = threading.Thread(target=self._run, name="opendoms-sqlite-writer", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether changesets are still taken and committed."""
        return self._thread.is_alive() and not self._stopping

    @property
    def waiting(self) -> int:
        """How many changesets no commit has taken up yet."""
        return len(self._waiting)

    def apply(self, changeset: Changeset) -> asyncio.Future[None]:
        """Hands a changeset in. The future is done once it is durable, or carries why nothing of it was written."""
        refuse_unstorable(changeset)
        return self._hand_in(changeset)

    def run(self, statement: Statement) -> asyncio.Future[list[Row]]:
        """Hands a single statement in. The future carries its rows, their text as str, once it is durable."""
        return self._hand_in(statement)

    def _hand_in(self, work: Changeset | Statement) -> asyncio.Future[Any]:
        if self._stopping:
            raise closed()
        if len(self._waiting) >= WAITING_MAX:
            raise overloaded(WAITING_MAX)
        answer: asyncio.Future[Any] = self._loop.create_future()
        self._waiting.append((work, answer))
        self._rouse()
        return answer

    def stop(self) -> threading.Thread:
        """Takes nothing more; the returned thread ends once everything that was handed in is committed."""
        self._stopping = True
        self._rouse()
        return self._thread

    def _rouse(self) -> None:
        if self._wake.locked():
            self._wake.release()

    def _run(self) -> None:
        stopping = False
        while not stopping:
            self._wake.acquire()
            stopping = self._stopping  # read before the last look, so that nothing handed in is left
            while batch := self._take():
                outcomes = self._commit(batch)
                self.commits += 1
                self._loop.call_soon_threadsafe(_settle, outcomes)

    def _take(self) -> list[_Waiting]:
        batch: list[_Waiting] = []
        while self._waiting and len(batch) < CHANGESETS_PER_COMMIT_MAX:
            waiting = self._waiting.popleft()
            if not waiting[1].cancelled():
                batch.append(waiting)
        return batch

    def _commit(self, batch: list[_Waiting]) -> list[Outcome]:
        """One transaction for all of them, and the outcome of each."""
        try:
            try:
                return self._transaction(batch, savepoints=False)
            except _Torn:
                return self._transaction(batch, savepoints=True)
        except Exception as error:  # noqa: BLE001 - the thread must live on; everyone in the batch is told
            reason = error if isinstance(error, Unavailable) else unreachable()
            reason.__cause__ = error if reason is not error else error.__cause__
            return [(answer, reason) for _, answer in batch]

    def _transaction(self, batch: list[_Waiting], *, savepoints: bool) -> list[Outcome]:
        connection = self._connection
        connection.execute("begin immediate")
        try:
            outcomes: list[Outcome] = [(answer, self._one(work, savepoints=savepoints)) for work, answer in batch]
            connection.execute("commit")
        except BaseException:
            # A full disk may have ended the transaction already.
            if connection.in_transaction:
                connection.execute("rollback")
            raise
        if identity_of(self._path) != self._file:
            raise unreachable()
        return outcomes

    def _one(self, work: Changeset | Statement, *, savepoints: bool) -> Exception | list[Row] | None:
        """Writes one changeset or statement, or leaves nothing of it and returns why.

        A savepoint costs two statements. A changeset of one document needs none: its put comes first, and when that is
        refused, nothing of it is there yet. What is refused later than that is a bug, and then the whole batch is
        done again with a savepoint each.
        """
        connection = self._connection
        savepoint = savepoints or (isinstance(work, Changeset) and len(work.puts) + len(work.drops) > 1)
        if savepoint:
            connection.execute("savepoint changeset")
        before = connection.total_changes
        try:
            rows = _do(connection, work)
        except sqlite3.Error as error:
            if not isinstance(error, sqlite3.IntegrityError) and not is_bug(error):
                raise
            reason: Exception = error if is_bug(error) else RefusedBySchema(str(error))
        except (OverflowError, UnicodeEncodeError):  # more than 64 bits, half a surrogate pair
            reason = unstorable()
        except Exception as error:  # noqa: BLE001 - Stale, Taken, or a bug: this changeset's alone
            reason = error
        else:
            if savepoint:
                connection.execute("release changeset")
            return rows
        if savepoint:
            connection.execute("rollback to changeset")
            connection.execute("release changeset")
        elif connection.total_changes != before:
            raise _Torn
        return reason


def _do(connection: sqlite3.Connection, work: Changeset | Statement) -> list[Row] | None:
    if isinstance(work, Statement):
        return connection.execute(work.sql, work.parameters).fetchall()
    _write(connection, work)
    return None


def _write(connection: sqlite3.Connection, changeset: Changeset) -> None:
    # What goes, what changes, what is new: a key that one document gives up can be taken by another.
    for drop in changeset.drops:
        key = (drop.tenant, drop.id, drop.expected)
        if connection.execute(statements_of(drop.table).delete, key).rowcount != 1:
            raise Stale(drop.table.name, drop.id)
    for put in changeset.puts:
        if put.expected is not None:
            _replace(connection, put)
    new = [put for put in changeset.puts if put.expected is None]
    if len(new) < ROWS_TOGETHER or not _written_together(connection, new, changeset.events):
        for put in new:
            _insert(connection, put)
        for event in changeset.events:
            _append(connection, event)
    for timer in changeset.timers:
        _set(connection, timer)


def _written_together(connection: sqlite3.Connection, puts: list[Put], events: Sequence[Event]) -> bool:
    """Inserts many new documents of one table and their events, several rows per statement; False: nothing is there.

    The interpreter's lock is free while SQLite runs a statement, and has to be waited for after each. Which row was
    refused cannot be told this way, so that whoever finds one writes them one by one.
    """
    table = puts[0].table
    if any(put.table is not table for put in puts):
        return False
    connection.execute("savepoint together")
    try:
        for start in range(0, len(puts), ROWS_TOGETHER):
            rows = [
                (put.tenant, put.id, put.version, put.document, *put.values) for put in puts[start:][:ROWS_TOGETHER]
            ]
            connection.execute(_together(statements_of(table).insert, len(rows)), [*chain.from_iterable(rows)])
        for start in range(0, len(events), ROWS_TOGETHER):
            told = events[start : start + ROWS_TOGETHER]
            connection.execute(_together(_INSERT_EVENT, len(told)), [*chain.from_iterable(told)])
    except sqlite3.IntegrityError:
        connection.execute("rollback to together")
        return False
    finally:
        connection.execute("release together")
    return True


@lru_cache(maxsize=256)
def _together(insert: str, rows: int) -> str:
    """An insert of one row as one of several."""
    head, values = insert.split(" values ")
    return f"{head} values {', '.join([values] * rows)}"


def _replace(connection: sqlite3.Connection, put: Put) -> None:
    row = (put.version, put.document, *put.values, put.tenant, put.id, put.expected)
    try:
        found = connection.execute(statements_of(put.table).update, row).rowcount
    except sqlite3.IntegrityError as error:
        if error.sqlite_errorcode not in _UNIQUE_CODES:
            raise
        raise _taken(put, error) from None
    if found != 1:
        raise Stale(put.table.name, put.id)


def _insert(connection: sqlite3.Connection, put: Put) -> None:
    statements = statements_of(put.table)
    try:
        connection.execute(statements.insert, (put.tenant, put.id, put.version, put.document, *put.values))
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


def _settle(outcomes: list[Outcome]) -> None:
    for answer, outcome in outcomes:
        if answer.done():  # cancelled
            continue
        if isinstance(outcome, Exception):
            answer.set_exception(outcome)
        else:
            answer.set_result(outcome)
