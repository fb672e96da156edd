"""Groups concurrent changesets into one statement each group, and finds out what became of a write that broke off.

A changeset waits at most for the group before it; nobody waits for a timer. A group shares one shape of statement and
touches no row that another group of this process has in hand.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Final, NamedTuple

import asyncpg  # type: ignore[import-untyped]  # it ships no types

from opendoms.db.outcome import closed, overloaded, refuse_unstorable, uncertain, unreachable
from opendoms.db.postgres_link import LinkLost, Links, outage_of
from opendoms.db.postgres_refusal import refusal_of
from opendoms.db.postgres_statement import Shape, keys_of, parameters_of, shape_of, statement_of, tables_of
from opendoms.db.search_entry import with_entries
from opendoms.kernel.changeset import Changeset, Event
from opendoms.kernel.refusal import Unavailable

# Changesets per statement. More adds latency for the first of them and gains next to nothing.
GROUP_MAX: Final = 64
# How many changesets may wait, and how many of them are looked at for the next group.
WAITING_MAX: Final = 10_000
LOOKED_AT_MAX: Final = 512
# How often a statement is tried that the server ended for the sake of another (deadlock).
ATTEMPTS_MAX: Final = 5
# How often a write is sent again whose connection broke and that is known not to be stored.
REPEATS_MAX: Final = 3
# After a lost connection: how often the server is asked what became of a write, and the pause between, in seconds.
RECONNECT_ATTEMPTS_MAX: Final = 25
RECONNECT_PAUSE_S: Final = 0.2

_IS_STORED: Final = "select event_id from events where tenant = $1 and entity_kind = $2 and entity_id = $3 and seq = $4"


class _Waiting(NamedTuple):
    changeset: Changeset
    shape: Shape
    keys: frozenset[tuple[str, str]]
    answer: asyncio.Future[None]


class GroupWriter:
    """Writes changesets over connections of its own. Everything runs on one event loop."""

    def __init__(self, links: Links, groups_in_flight: int) -> None:
        self._links = links
        self._limit = groups_in_flight
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[_Waiting] = deque()
        self._groups: set[asyncio.Task[None]] = set()
        self._in_hand: set[tuple[str, str]] = set()
        self._statements: dict[Shape, str] = {}
        self._called = False
        self._stopping = False

    def apply(self, changeset: Changeset) -> asyncio.Future[None]:
        """Hands a changeset in. The future is done once it is durable, or carries why nothing of it was written."""
        if self._stopping:
            raise closed()
        if len(self._waiting) >= WAITING_MAX:
            raise overloaded(WAITING_MAX)
        refuse_unstorable(changeset)
        answer: asyncio.Future[None] = self._loop.create_future()
        if not any(changeset):
            answer.set_result(None)
            return answer
        changeset = with_entries(changeset)
        self._waiting.append(_Waiting(changeset, shape_of(changeset), keys_of(changeset), answer))
        if not self._called:
            # Once per turn of the loop, so that whatever is handed in during this turn goes together.
            self._called = True
            self._loop.call_soon(self._send)
        return answer

    async def stop(self) -> None:
        """Takes nothing more and returns when everything that was handed in has its answer."""
        self._stopping = True
        self._send()
        while self._groups:
            await asyncio.wait(self._groups)

    def _send(self) -> None:
        self._called = False
        while self._waiting and len(self._groups) < self._limit:
            group = self._take()
            if not group:
                return
            task = self._loop.create_task(self._write(group))
            self._groups.add(task)
            task.add_done_callback(self._written)

    def _written(self, task: asyncio.Task[None]) -> None:
        self._groups.discard(task)
        self._send()

    def _take(self) -> list[_Waiting]:
        """The next group: of one shape, on rows that nobody has in hand. Who does not fit keeps his place."""
        group: list[_Waiting] = []
        passed: list[_Waiting] = []
        while self._waiting and len(group) < GROUP_MAX and len(passed) < LOOKED_AT_MAX:
            waiting = self._waiting.popleft()
            if waiting.answer.cancelled():
                continue
            if (group and waiting.shape != group[0].shape) or not self._in_hand.isdisjoint(waiting.keys):
                passed.append(waiting)
            else:
                group.append(waiting)
                self._in_hand |= waiting.keys
        self._waiting.extendleft(reversed(passed))
        return group

    async def _write(self, group: list[_Waiting]) -> None:
        outcomes: list[Exception | None] = [closed()] * len(group)  # what a cancelled loop leaves them with
        try:
            outcomes = await self._outcomes(group)
        except Exception as error:  # noqa: BLE001 - a bug of ours; everyone who waits is told
            outcomes = [error] * len(group)
        finally:
            for waiting, reason in zip(group, outcomes, strict=True):
                self._in_hand -= waiting.keys
                if waiting.answer.done():  # cancelled
                    continue
                if reason is None:
                    waiting.answer.set_result(None)
                else:
                    waiting.answer.set_exception(reason)

    async def _outcomes(self, group: list[_Waiting]) -> list[Exception | None]:
        """Writes all of them by one statement; when that is refused, each by its own, so that only the guilty fail."""
        try:
            await self._apply([waiting.changeset for waiting in group], group[0].shape)
        except Unavailable as error:
            return [error] * len(group)
        except asyncpg.PostgresError as error:
            if len(group) == 1:
                return [await refusal_of(error, group[0].changeset, self._links)]
            return [(await self._outcomes([waiting]))[0] for waiting in group]
        return [None] * len(group)

    async def _apply(self, changesets: Sequence[Changeset], shape: Shape) -> None:
        """Writes them by one statement, exactly once even if the connection breaks.

        A write whose connection broke is looked for by an event of it. It is there: done. It is not: the statement is
        sent again. Should the lost one still be on its way on the server, the two collide on the event's unique key,
        and the event tells again whose it is. Without an event nothing could tell, so nothing is repeated.
        """
        try:
            return await self._attempt(changesets, shape)
        except LinkLost as error:
            lost = error
        evidence = next((changeset.events[0] for changeset in changesets if changeset.events), None)
        if evidence is None:
            raise uncertain() from lost
        for _ in range(REPEATS_MAX):
            if await self._is_stored(evidence):
                return None
            try:
                return await self._attempt(changesets, shape)
            except (LinkLost, Unavailable):
                continue
            except asyncpg.PostgresError:
                if await self._is_stored(evidence):
                    return None
                raise
        if not await self._is_stored(evidence):
            raise uncertain() from lost
        return None

    async def _attempt(self, changesets: Sequence[Changeset], shape: Shape) -> None:
        statement = self._statements.get(shape)
        if statement is None:
            tables = {name: table for changeset in changesets for name, table in tables_of(changeset).items()}
            statement = self._statements[shape] = statement_of(shape, tables)
        parameters = parameters_of(shape, changesets)
        for _ in range(ATTEMPTS_MAX):
            link = await self._links.take()
            try:
                await link.rows(statement, parameters)
            except (asyncpg.DeadlockDetectedError, asyncpg.SerializationError):
                continue
            except asyncpg.PostgresError as error:
                if (outage := outage_of(error)) is not None:
                    raise outage from error
                raise
            finally:
                self._links.give(link)
            return
        raise unreachable()

    async def _is_stored(self, event: Event) -> bool:
        """Whether an event was written, asked until the server answers. Raises Unavailable when it does not."""
        key = (event.tenant, event.entity_kind, event.entity_id, event.seq)
        for _ in range(RECONNECT_ATTEMPTS_MAX):
            try:
                link = await self._links.take()
                try:
                    found = await link.rows(_IS_STORED, key)
                finally:
                    self._links.give(link)
            except (LinkLost, Unavailable, asyncpg.PostgresError):
                await asyncio.sleep(RECONNECT_PAUSE_S)
            else:
                return bool(found) and found[0][0] == event.event_id
        raise uncertain()
