"""The one writer of a SQLite file: a thread that commits all waiting changesets together.

A commit costs a sync of the disk, a changeset some dozens of microseconds. So whatever was handed in while the last
commit ran goes into the next one, up to a limit; nobody waits for a timer.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections import deque
from pathlib import Path
from typing import Any, Final, NamedTuple

from opendoms.db.engine import Parameters, RefusedBySchema, Row
from opendoms.db.outcome import closed, overloaded, refuse_unstorable, unreachable, unstorable
from opendoms.db.search_entry import with_entries
from opendoms.db.sqlite_changeset import write
from opendoms.db.sqlite_file import identity_of, is_bug
from opendoms.db.sqlite_search import IndexWrites
from opendoms.kernel.changeset import Changeset
from opendoms.kernel.refusal import Unavailable

# How many changesets share a commit. More adds latency for the first of them and gains next to nothing.
CHANGESETS_PER_COMMIT_MAX: Final = 256
# How many may wait. The web layer bounds requests earlier; this bounds callers inside the process.
WAITING_MAX: Final = 10_000


class Statement(NamedTuple):
    """One statement that belongs to no changeset; its rows are the answer."""

    sql: str
    parameters: Parameters


_Waiting = tuple[Changeset | Statement, "asyncio.Future[Any]"]
# What is told to whoever waits: the rows of a statement, None for a changeset, or why nothing of it was written.
Outcome = tuple["asyncio.Future[Any]", Exception | list[Row] | None]


class _Torn(Exception):  # noqa: N818 - a signal within this file
    """A changeset was refused after it had written something, and no savepoint was set."""


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
        return self._hand_in(with_entries(changeset))

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
        indexed = IndexWrites()
        connection.execute("begin immediate")
        try:
            outcomes: list[Outcome] = [
                (answer, self._one(work, indexed, savepoints=savepoints)) for work, answer in batch
            ]
            indexed.write(connection)
            connection.execute("commit")
        except BaseException:
            # A full disk may have ended the transaction already.
            if connection.in_transaction:
                connection.execute("rollback")
            raise
        if identity_of(self._path) != self._file:
            raise unreachable()
        return outcomes

    def _one(
        self, work: Changeset | Statement, indexed: IndexWrites, *, savepoints: bool
    ) -> Exception | list[Row] | None:
        """Writes one changeset or statement, or leaves nothing of it and returns why.

        A savepoint costs two statements. A changeset of one document needs none: its put comes first, and when that is
        refused, nothing of it is there yet. What is refused later than that is a bug, and then the whole batch is
        done again with a savepoint each.
        """
        connection = self._connection
        savepoint = savepoints or (isinstance(work, Changeset) and _may_be_refused_late(work))
        if savepoint:
            connection.execute("savepoint changeset")
        before, indexed_before = connection.total_changes, len(indexed)
        try:
            rows = _do(connection, work, indexed)
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
        indexed.cut(indexed_before)
        if savepoint:
            connection.execute("rollback to changeset")
            connection.execute("release changeset")
        elif connection.total_changes != before:
            raise _Torn
        return reason


def _may_be_refused_late(changeset: Changeset) -> bool:
    """Whether something of it may be written before the rest is refused."""
    return len(changeset.puts) + len(changeset.drops) + len(changeset.holds) + len(changeset.restocks) > 1


def _do(connection: sqlite3.Connection, work: Changeset | Statement, indexed: IndexWrites) -> list[Row] | None:
    if isinstance(work, Statement):
        return connection.execute(work.sql, work.parameters).fetchall()
    write(connection, work, indexed)
    return None


def _settle(outcomes: list[Outcome]) -> None:
    for answer, outcome in outcomes:
        if answer.done():  # cancelled
            continue
        if isinstance(outcome, Exception):
            answer.set_exception(outcome)
        else:
            answer.set_result(outcome)
