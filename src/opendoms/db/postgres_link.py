"""Connections to PostgreSQL, each with its prepared statements, and what the server's errors mean.

Connections are kept on a stack of our own: the pool of asyncpg resets a connection after every use, which is a round
trip more and cleans up nothing of ours: every statement of ours is a transaction by itself.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import asyncpg  # type: ignore[import-untyped]  # it ships no types

from opendoms.db.engine import TooSlow
from opendoms.db.outcome import DOCUMENT_COLUMNS, READ_S_MAX, too_slow, unreachable
from opendoms.db.postgres_types import TypedConnection
from opendoms.kernel.refusal import Unavailable

# How long connecting may take, in seconds, and how often it is tried when the server ends it half-way.
CONNECT_S: Final = 10
CONNECT_ATTEMPTS_MAX: Final = 3
# The server ends a statement that takes longer, in ms; a server that does not even say so is given up a bit later.
STATEMENT_MS: Final = READ_S_MAX * 1000
SILENCE_S: Final = READ_S_MAX + 5
# Prepared statements per connection, the one unused for longest forgotten first. A release has a few hundred named
# queries and some dozens of write shapes; searches have their own.
STATEMENTS_KEPT: Final = 512
# The server plans a prepared statement for its values this often, and then perhaps for all values alike.
RUNS_PLANNED_MAX: Final = 5

_SETTINGS: Final = {
    "application_name": "opendoms",
    "jit": "off",
    "statement_timeout": str(STATEMENT_MS),
    "timezone": "UTC",
}
# Writes find their rows by primary key, claims of timers by due time, whatever the planner believes about a table that
# was empty a moment ago.
WRITE_SETTINGS: Final = {
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}
# A write is answered when it is on disk, whatever the server's default is. Documents are compressed by lz4, which is
# several times faster than the default, on servers that were built with it.
_PREPARATION: Final = (
    "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off';"
    "select set_config(name, 'lz4', false) from pg_settings"
    " where name = 'default_toast_compression' and 'lz4' = any (enumvals)"
)

# SQLSTATE classes and codes after which the connection is of no use: it is gone, or leads to a server that stops or
# does not take writes any more.
_LOST_CLASSES: Final = ("08", "57P", "25006")
# The server has no room or no time: nothing was written, the connection is fine.
_BUSY_CLASSES: Final = ("53", "55", "58")
_BROKEN: Final = (OSError, TimeoutError, asyncpg.InternalClientError)


class LinkLost(Exception):  # noqa: N818 - a signal within the engine
    """The connection broke. What became of the statement is unknown."""


@dataclass(slots=True)
class Prepared:
    """A statement on one connection, which cells of its rows are documents, and how often it ran for its values."""

    statement: Any
    documents: tuple[bool, ...] | None
    runs_planned: int = 0


class Link:
    """One connection. Used by one task at a time."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self._prepared: OrderedDict[str, Prepared] = OrderedDict()

    async def rows(
        self, sql: str, parameters: Sequence[Any], *, first: bool = False, within_ms: int | None = None
    ) -> list[list[Any]]:
        """Runs a statement; `first` asks for one row only. Raises LinkLost, or what the server said.

        With a time it is planned for its values, since the best way to rare values is a bad one to common ones. Raises
        TooSlow where it takes longer, and then the connection is closed: what ends the statement might end the next.
        """
        try:
            return await self._rows(sql, parameters, first=first, within_ms=within_ms)
        except asyncpg.InvalidCachedStatementError:
            # A migration changed a table under a prepared statement. Nothing ran; prepared anew it fits.
            self._prepared.pop(sql, None)
            return await self._rows(sql, parameters, first=first, within_ms=within_ms)

    async def _rows(
        self, sql: str, parameters: Sequence[Any], *, first: bool, within_ms: int | None
    ) -> list[list[Any]]:
        try:
            prepared = self._prepared.get(sql)
            if prepared is None:
                prepared = await self._prepare(sql)
            else:
                self._prepared.move_to_end(sql)
            if within_ms is not None:
                return await self._rows_within(sql, prepared, parameters, within_ms)
            if first:
                record = await prepared.statement.fetchrow(*parameters)
                records = [] if record is None else [record]
            else:
                records = await prepared.statement.fetch(*parameters)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, *_BROKEN) as error:
            if not self._is_lost(error):
                raise
            self.connection.terminate()
            raise LinkLost from error
        except BaseException:  # cancelled: the answer is still on its way and must not be taken for the next one's
            self.connection.terminate()
            raise
        return _cells(records, prepared.documents)

    async def _rows_within(
        self, sql: str, prepared: Prepared, parameters: Sequence[Any], within_ms: int
    ) -> list[list[Any]]:
        prepared.runs_planned += 1
        if prepared.runs_planned >= RUNS_PLANNED_MAX:
            self._prepared.pop(sql, None)
        try:
            records = await prepared.statement.fetch(*parameters, timeout=min(within_ms / 1000, SILENCE_S))
        except TimeoutError as error:
            # Returns when the server has heard that it is to stop.
            await end(self.connection)
            raise TooSlow from error
        return _cells(records, prepared.documents)

    def _is_lost(self, error: Exception) -> bool:
        if isinstance(error, asyncpg.PostgresError):
            return (error.sqlstate or "").startswith(_LOST_CLASSES)
        # An InterfaceError on a living connection is a wrong call of ours.
        return isinstance(error, _BROKEN) or self.connection.is_closed()

    async def _prepare(self, sql: str) -> Prepared:
        statement = await self.connection.prepare(sql)
        documents = tuple(attribute.name in DOCUMENT_COLUMNS for attribute in statement.get_attributes())
        prepared = Prepared(statement, documents if any(documents) else None)
        if len(self._prepared) >= STATEMENTS_KEPT:
            self._prepared.popitem(last=False)
        self._prepared[sql] = prepared
        return prepared


class Links:
    """A bounded set of connections, the one used last handed out first; the others grow cold and cost nothing."""

    def __init__(self, dsn: str, limit: int, *, writes: bool) -> None:
        self._dsn = dsn
        self._settings = {**_SETTINGS, **WRITE_SETTINGS} if writes else _SETTINGS
        self._writes = writes
        self._free = asyncio.Semaphore(limit)
        self._idle: list[Link] = []
        self._closed = False

    async def take(self) -> Link:
        """A connection for one task, which gives it back. Waits while all are in use. Raises Unavailable."""
        await self._free.acquire()
        try:
            while self._idle:
                link = self._idle.pop()
                if not link.connection.is_closed():
                    return link
            return Link(await connect(self._dsn, self._settings, writes=self._writes))
        except BaseException:
            self._free.release()
            raise

    def give(self, link: Link) -> None:
        """Takes a connection back; a broken one is forgotten."""
        if self._closed:
            link.connection.terminate()
        elif not link.connection.is_closed():
            self._idle.append(link)
        self._free.release()

    async def close(self) -> None:
        """Disconnects what is idle now, and what is still in use when it is given back."""
        self._closed = True
        while self._idle:
            await end(self._idle.pop().connection)


async def end(connection: Any) -> None:
    """Disconnects; whatever the connection is doing is ended on the server too."""
    try:
        await connection.close(timeout=CONNECT_S)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, *_BROKEN):
        connection.terminate()


async def connect(
    dsn: str, settings: dict[str, str], silence_s: float | None = SILENCE_S, *, writes: bool = True
) -> Any:
    """A connection; one that is only to read is there a round trip earlier.

    Raises Unavailable, whose cause never holds the password.
    """
    for attempt in range(CONNECT_ATTEMPTS_MAX):
        try:
            return await _connect(dsn, settings, silence_s, writes=writes)
        except asyncpg.PostgresError as error:
            # Ended by somebody while it was being made: another one may well succeed.
            if not (error.sqlstate or "").startswith(_LOST_CLASSES) or attempt + 1 == CONNECT_ATTEMPTS_MAX:
                raise unreachable() from error
        except (asyncpg.InterfaceError, *_BROKEN) as error:
            raise unreachable() from error
    raise unreachable()


async def _connect(dsn: str, settings: dict[str, str], silence_s: float | None, *, writes: bool) -> Any:
    connection = await asyncpg.connect(
        dsn,
        timeout=CONNECT_S,
        command_timeout=silence_s,
        statement_cache_size=0,
        server_settings=settings,
        connection_class=TypedConnection,
    )
    if not writes:
        return connection
    try:
        await connection.execute(_PREPARATION)
    except BaseException:
        connection.terminate()
        raise
    return connection


def outage_of(error: asyncpg.PostgresError) -> Unavailable | None:
    """What the caller hears where the server has no room or no time for a statement; nothing of it was done."""
    if isinstance(error, asyncpg.QueryCanceledError):
        return too_slow()
    return unreachable() if (error.sqlstate or "").startswith(_BUSY_CLASSES) else None


def _cells(records: list[Any], documents: tuple[bool, ...] | None) -> list[list[Any]]:
    if documents is None:
        return [list(record) for record in records]
    return [
        [
            cell.encode() if is_document and cell is not None else cell
            for cell, is_document in zip(record, documents, strict=True)
        ]
        for record in records
    ]
