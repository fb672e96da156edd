"""The engine for scale: any number of nodes on one PostgreSQL (15 or later, encoding UTF8).

What differs from SQLite:
- Concurrent changesets share a statement. When the server refuses it, each is sent by itself, so that exactly the
  guilty are refused; on SQLite a savepoint does that inside the shared commit.
- A connection can break. Reads are repeated once. A write is repeated only where its event tells that it was not
  stored; without an event the caller hears that its fate is unknown (Unavailable).
- Positions of events are handed out before commit, so a smaller one may become visible after a larger one; `xid` tells
  which are settled. On SQLite they come in commit order.
- Reads that are given a time are planned for their values each time; SQLite has one plan per statement.
- A process whose search index is of another definition than the stored one has its writes refused
  (postgres_reindex.py).
- A sequence parameter is an array (`= any(:ids)`), booleans are booleans.
- Writes and reads have connections of their own: a long search never holds up a write.
- Durable means what `fsync` of the server means; `synchronous_commit = off` is raised to `on` for our connections.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import asyncpg  # type: ignore[import-untyped]  # it ships no types

from opendoms.db.engine import EventWatcher, Parameters, Row, SchemaMismatch, TimerWatcher
from opendoms.db.outcome import closed, refuse_unstorable_parameters, uncertain, unreachable, unstorable
from opendoms.db.postgres_link import Link, LinkLost, Links, outage_of
from opendoms.db.postgres_migrate import check_postgres
from opendoms.db.postgres_writer import GroupWriter
from opendoms.db.sqlfile import Query
from opendoms.db.timers import QUERIES as TIMERS
from opendoms.db.timers import Claim, Values, dues_of, postponement
from opendoms.kernel.changeset import Changeset, Table
from opendoms.kernel.due import Due

CONNECTIONS: Final = 10
# Statements of writes on their way at once. More only contend for the server's log.
GROUPS_IN_FLIGHT_MAX: Final = 4
# A read is repeated this often when its connection breaks.
READ_ATTEMPTS_MAX: Final = 3

_PING: Final = "select max(number) from schema_migrations"


class PostgresEngine:
    """Implements `db.engine.Engine` on a server. One per process and event loop.

    It opens where the search indexes of `tables` are whole. Of the `connections` up to four are for writes, the others
    for reads; there is at least one of each.
    """

    name = "postgres"

    def __init__(self, dsn: str, tables: Sequence[Table] = (), *, connections: int = CONNECTIONS) -> None:
        self._dsn = dsn
        self._tables = tables
        self._for_writes = max(1, min(GROUPS_IN_FLIGHT_MAX, connections // 2))
        self._for_reads = max(1, connections - self._for_writes)
        self._store: _OpenStore | None = None
        self._watcher: TimerWatcher | None = None
        self._event_watchers: list[EventWatcher] = []

    def __repr__(self) -> str:
        return "PostgresEngine(…)"  # the URL may hold a password

    async def open(self) -> None:
        """Connects. Raises SchemaMismatch where the schema or indexes are of another release, and Unavailable."""
        reading = Links(self._dsn, self._for_reads, writes=False)
        link = await reading.take()
        try:
            await _check(link, self._tables)
        except BaseException:
            link.connection.terminate()
            raise
        finally:
            reading.give(link)
        writing = Links(self._dsn, self._for_writes, writes=True)
        self._store = _OpenStore(reading, writing, GroupWriter(writing, self._for_writes))

    async def close(self) -> None:
        """Finishes what was handed in, disconnects. A second call does nothing."""
        store, self._store = self._store, None
        if store is not None:
            await store.writer.stop()
            await store.writing.close()
            await store.reading.close()

    async def row(self, query: Query, parameters: Parameters) -> Row | None:
        """The one row of a point read."""
        found = await self._read(query, parameters, first=True)
        return found[0] if found else None

    async def rows(self, query: Query, parameters: Parameters, within_ms: int | None = None) -> list[Row]:
        """All rows of a read."""
        return await self._read(query, parameters, first=False, within_ms=within_ms)

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
        return dues_of(await self._written(TIMERS.claim_timers, claim.values()), claim.id)

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
        """The rows of a writing statement. It is not repeated where its connection breaks: claims end by themselves."""
        links = self._opened().writing
        refuse_unstorable_parameters(values)
        link = await links.take()
        try:
            return [*await link.rows(query.postgres, [values[name] for name in query.order])]
        except LinkLost as error:
            raise uncertain() from error
        except asyncpg.DeadlockDetectedError as error:
            raise unreachable() from error
        except asyncpg.PostgresError as error:
            if (outage := outage_of(error)) is not None:
                raise outage from error
            raise
        finally:
            links.give(link)

    async def ping(self) -> None:
        """Asks the server."""
        await self._read(Query("ping", _PING, _PING, ()), {}, first=True)

    async def _read(
        self, query: Query, parameters: Parameters, *, first: bool, within_ms: int | None = None
    ) -> list[Row]:
        links = self._opened().reading
        refuse_unstorable_parameters(parameters)
        values = [parameters[name] for name in query.order]
        lost: LinkLost | None = None
        for _ in range(READ_ATTEMPTS_MAX):
            link = await links.take()
            try:
                return [*await link.rows(query.postgres, values, first=first, within_ms=within_ms)]
            except LinkLost as error:
                lost = error
            except asyncpg.DataError:
                raise unstorable() from None
            except asyncpg.PostgresError as error:
                if (outage := outage_of(error)) is not None:
                    raise outage from error
                raise
            finally:
                links.give(link)
        raise unreachable() from lost

    def _opened(self) -> _OpenStore:
        if self._store is None:
            raise closed()
        return self._store


class _OpenStore(NamedTuple):
    """The connections of an open engine."""

    reading: Links
    writing: Links
    writer: GroupWriter


async def _check(link: Link, tables: Sequence[Table]) -> None:
    try:
        ((encoding,),) = await link.rows("show server_encoding", ())
        if encoding != "UTF8":
            raise SchemaMismatch(f"The database has the encoding {encoding}; make one with the encoding UTF8.")
        await check_postgres(link.connection, tables)
    except (LinkLost, asyncpg.PostgresError) as error:
        raise unreachable() from error
