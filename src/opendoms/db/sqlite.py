"""The embedded engine: one SQLite file in WAL mode, synced at every commit.

What differs from PostgreSQL:
- One process serves a file. Commands of a second process may write meanwhile; each waits for the other's commit.
- Point reads run on the event loop (a few microseconds, no hand-over). Reads that may take long run in threads.
- Concurrent changesets always share a commit; on PostgreSQL they share a statement only while all of them succeed.
- Booleans are the integers 0 and 1, and a sequence parameter arrives as one JSON array: `in (select value from
  json_each(:ids))`, where PostgreSQL says `= any(:ids)`.
- The search index is FTS5: rowids by token, in the order of moments (see search_key.py and sqlite_search.py). On
  PostgreSQL it is a table with an array of terms.
- Positions of events are in commit order: there is one writer.
- Ids and keys compare by bytes, as PostgreSQL does it with collate "C".
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from opendoms.db import outcome
from opendoms.db.checkpoint import Checkpointer
from opendoms.db.engine import EventWatcher, Parameters, Row, TimerWatcher, TooSlow
from opendoms.db.outcome import (
    DOCUMENT_COLUMNS,
    closed,
    refuse_unstorable_parameters,
    too_slow,
    unreachable,
    unstorable,
)
from opendoms.db.sqlfile import Query
from opendoms.db.sqlite_file import BUSY_MS, connect, identity_of, is_bug
from opendoms.db.sqlite_migrate import check_sqlite
from opendoms.db.sqlite_writer import Statement, Writer
from opendoms.db.timers import QUERIES as TIMERS
from opendoms.db.timers import Claim, Values, dues_of, postponement
from opendoms.kernel.changeset import Changeset, Table
from opendoms.kernel.due import Due

# Threads for reads that may take long, each with a connection.
READERS: Final = 4
# Page caches. The writer walks every index, the others mostly find their pages in the system's cache.
WRITER_CACHE_KIB: Final = 32_768
POINT_CACHE_KIB: Final = 8_192
READER_CACHE_KIB: Final = 8_192
# Readers do not wait for writers in WAL mode; only a recovery after a crash of another process locks them out.
POINT_READ_BUSY_MS: Final = 250

# How many steps of SQLite's machine a long read runs between two looks at the clock: some milliseconds.
STEPS_PER_LOOK: Final = 200_000

# What a statement may raise: the database's own, a number of more than 64 bits, half of a surrogate pair.
_READ_ERRORS: Final = (sqlite3.Error, OverflowError, UnicodeEncodeError)
_PING: Final = "select max(number) from schema_migrations"


class SqliteEngine:
    """Implements `db.engine.Engine` on the file at `path`. One per process and event loop.

    It opens where the search indexes of `tables` are whole. `readers` are the threads for long reads, `busy_ms` how
    long a write waits for another process's commit.
    """

    name = "sqlite"

    def __init__(
        self, path: Path, tables: Sequence[Table] = (), *, readers: int = READERS, busy_ms: int = BUSY_MS
    ) -> None:
        self._path = path
        self._tables = tables
        self._readers = readers
        self._busy_ms = busy_ms
        self._store: _OpenStore | None = None
        self._watcher: TimerWatcher | None = None
        self._event_watchers: list[EventWatcher] = []

    async def open(self) -> None:
        """Connects. Raises SchemaMismatch where the file is missing, or schema or indexes are of another release."""
        await asyncio.to_thread(check_sqlite, self._path, self._tables)
        try:
            self._store = _OpenStore(self._path, self._readers, self._busy_ms)
        except sqlite3.Error as error:
            raise unreachable() from error

    async def close(self) -> None:
        """Commits what was handed in, empties the log, disconnects. A second call does nothing."""
        store, self._store = self._store, None
        if store is not None:
            writing = store.writer.stop()
            await asyncio.to_thread(store.close, writing)

    async def row(self, query: Query, parameters: Parameters) -> Row | None:
        """The one row of a point read, read on the event loop."""
        return self._opened().point.row(query.sqlite, _bound(parameters))

    async def rows(self, query: Query, parameters: Parameters, within_ms: int | None = None) -> list[Row]:
        """All rows of a read that may take long, read in a thread."""
        store = self._opened()
        return await asyncio.wrap_future(store.pool.submit(store.rows, query.sqlite, _bound(parameters), within_ms))

    async def apply(self, changeset: Changeset) -> None:
        """Writes all of it or nothing; see the seam."""
        await self._opened().writer.apply(changeset)
        if changeset.timers and self._watcher is not None:
            self._watcher(changeset.timers)
        if changeset.events:
            for watcher in self._event_watchers:
                watcher(changeset.events)

    async def claim_timers(self, claim: Claim) -> list[Due]:
        """Hands due timers to one worker; see the seam."""
        rows = await self._written(TIMERS.claim_timers, claim.values())
        # The writing connection answers text, where the seam speaks of bytes.
        shown = [(*row[:4], row[4].encode() if row[4] is not None else None, row[5]) for row in rows]
        return dues_of(shown, claim.id)

    async def postpone_timer(self, due: Due, until: int) -> None:
        """Gives a claimed timer back; see the seam."""
        await self._written(TIMERS.postpone_timer, postponement(due, until))

    def watch_timers(self, watcher: TimerWatcher | None) -> None:
        """Tells the watcher of every changeset with timers; see the seam."""
        self._watcher = watcher

    def watch_events(self, watcher: EventWatcher) -> Callable[[], None]:
        """Tells the watcher of every changeset with events; see the seam."""
        self._event_watchers = [*self._event_watchers, watcher]

        def end() -> None:
            self._event_watchers = [each for each in self._event_watchers if each is not watcher]

        return end

    async def _written(self, query: Query, values: Values) -> list[Row]:
        return await self._opened().writer.run(Statement(query.sqlite, _bound(values)))

    async def ping(self) -> None:
        """Looks whether the file is still the one that was opened and whether writes are taken, and reads from it."""
        store = self._opened()
        # First of all: a thread that has read nothing yet would open the file that lies there now.
        if identity_of(self._path) != store.file or not store.writer.alive:
            raise unreachable()
        await asyncio.wrap_future(store.pool.submit(store.rows, _PING, {}))

    def _opened(self) -> _OpenStore:
        if self._store is None:
            raise closed()
        return self._store


class _OpenStore:
    """The connections and threads of an open engine."""

    def __init__(self, path: Path, readers: int, busy_ms: int) -> None:
        self.file = identity_of(path)
        self._path = path
        self._busy_ms = busy_ms
        self._local = threading.local()
        self._opened: list[_Reader] = []  # appended to by the threads of the pool, read after they ended
        self.writing = connect(path, writes=True, cache_kib=WRITER_CACHE_KIB, busy_ms=busy_ms)
        checkpointing = connect(path, writes=True, cache_kib=READER_CACHE_KIB)
        self.point = _Reader(path, POINT_CACHE_KIB, POINT_READ_BUSY_MS)
        self.writer = Writer(self.writing, path)
        self._checkpointer = Checkpointer(checkpointing, lambda: self.writer.commits)
        self.pool = ThreadPoolExecutor(readers, thread_name_prefix="opendoms-sqlite-read")

    def rows(self, sql: str, parameters: Parameters, within_ms: int | None = None) -> list[Row]:
        """Runs in a thread of the pool, on its connection."""
        reader: _Reader | None = getattr(self._local, "reader", None)
        if reader is None:
            try:
                reader = _Reader(self._path, READER_CACHE_KIB, self._busy_ms)
            except sqlite3.Error as error:
                raise unreachable() from error
            reader.limit()
            self._local.reader = reader
            self._opened.append(reader)
        return reader.rows(sql, parameters, within_ms)

    def close(self, writing: threading.Thread) -> None:
        """Blocks until the writer has committed everything; the last connection empties the log."""
        writing.join()
        self.pool.shutdown(wait=True)
        for reader in (self.point, *self._opened):
            reader.connection.close()
        self.writing.close()
        self._checkpointer.close()


class _Reader:
    """A connection that cannot write, and how the cells of each query come out of it."""

    def __init__(self, path: Path, cache_kib: int, busy_ms: int) -> None:
        self.connection = connect(path, writes=False, cache_kib=cache_kib, busy_ms=busy_ms)
        # Text as raw UTF-8: a document is answered without being decoded and encoded again. A bytearray tells text
        # from the bytes of a blob.
        self.connection.text_factory = bytearray
        self._documents: dict[str, tuple[bool, ...]] = {}
        self._end = 0.0

    def limit(self) -> None:
        """Ends every later read of `rows` that takes longer than it may."""
        self.connection.set_progress_handler(lambda: time.monotonic() > self._end, STEPS_PER_LOOK)

    def row(self, sql: str, parameters: Parameters) -> Row | None:
        """The first row, or None."""
        try:
            cursor = self.connection.execute(sql, parameters)
            found = cursor.fetchone()
        except _READ_ERRORS as error:
            raise _read_failed(error) from error
        return None if found is None else _cells(found, self._shape(sql, cursor))

    def rows(self, sql: str, parameters: Parameters, within_ms: int | None = None) -> list[Row]:
        """Every row. Raises TooSlow after `within_ms`, and Unavailable after READ_S_MAX."""
        within_s = outcome.READ_S_MAX if within_ms is None else within_ms / 1000
        self._end = time.monotonic() + min(within_s, outcome.READ_S_MAX)
        try:
            cursor = self.connection.execute(sql, parameters)
            found = cursor.fetchall()
        except _READ_ERRORS as error:
            if within_s < outcome.READ_S_MAX and _is_interrupted(error):
                raise TooSlow from error
            raise _read_failed(error) from error
        shape = self._shape(sql, cursor)
        return [_cells(row, shape) for row in found]

    def _shape(self, sql: str, cursor: sqlite3.Cursor) -> tuple[bool, ...]:
        shape = self._documents.get(sql)
        if shape is None:
            shape = tuple(column[0] in DOCUMENT_COLUMNS for column in cursor.description)
            self._documents[sql] = shape
        return shape


def _cells(row: Row, shape: tuple[bool, ...]) -> Row:
    return [
        cell if type(cell) is not bytearray else bytes(cell) if is_document else cell.decode()
        for cell, is_document in zip(row, shape, strict=True)
    ]


def _bound(parameters: Parameters) -> Parameters:
    """Parameters as SQLite takes them: a sequence as one JSON array."""
    if not refuse_unstorable_parameters(parameters):
        return parameters
    return {
        name: json.dumps(value) if isinstance(value, (list, tuple)) else value for name, value in parameters.items()
    }


def _read_failed(error: Exception) -> Exception:
    if not isinstance(error, sqlite3.Error):
        return unstorable()
    if _is_interrupted(error):
        return too_slow()
    return error if is_bug(error) else unreachable()


def _is_interrupted(error: Exception) -> bool:
    return isinstance(error, sqlite3.Error) and error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT
