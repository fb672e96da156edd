"""When retention works: a timer per tenant and kind of entity, which stands at the next instant that something is due.

The timer is a claim as well: of all nodes one works on a kind of a tenant's entities, so that however many there are,
they write no more than one would. It does a batch, a few entities at a time with pauses between, and sets the timer to
what comes next, or takes it away. The look sets it again: nothing that is stored now is due before a day has passed,
and what falls due late, such as an order that is cancelled after its time, waits for the next look at most.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final

import structlog

from opendoms.db.engine import Engine
from opendoms.kernel.changeset import Changeset, Timer
from opendoms.kernel.due import Due
from opendoms.retention.actions import RetentionActions, Tally
from opendoms.retention.subjects import QUERIES, SUBJECTS, tenants

RETENTION: Final = "RETENTION"

# Entities that are handled together. Deciding one takes half a millisecond of the event loop, in which no request
# moves: 25 together tripled the 95th percentile of those who posted orders meanwhile.
TOGETHER: Final = 4
# The least pause after them, in seconds; and how many times as long as they took it is, where others are busy: at least
# two thirds of the time the database is theirs.
PAUSE_S: Final = 0.005
PAUSE_TIMES: Final = 2
# A batch of 25 has seven pauses, and ends before the runner of timers gives it up (HANDLER_S_MAX).
LONGEST_PAUSE_S: Final = 0.5
# How often it is looked whether something falls due that no timer stands for, in seconds.
LOOK_S: Final = 60.0
# Before the first look, in seconds: a server that starts has more urgent things to do.
FIRST_LOOK_S: Final = 1.0

log = structlog.get_logger()


class NothingDone(Exception):  # noqa: N818 - has the runner of timers try again later
    """What is due could not be done."""


class RetentionTask:
    """Handles the timers, and sets them. `wake` has the runner of timers look at once."""

    def __init__(self, db: Engine, retention: RetentionActions, *, pause_s: float = PAUSE_S) -> None:
        self._db = db
        self._retention = retention
        self._pause_s = pause_s
        self._turn = asyncio.Lock()
        self._tallies: dict[tuple[str, str], Tally] = {}
        self._task: asyncio.Task[None] | None = None

    async def handle(self, due: Due, _now: int) -> None:
        """Handles a timer of kind RETENTION: one batch. Raises NothingDone where all of it failed."""
        subject = SUBJECTS[due.entity_id]
        async with self._turn:
            policy = await self._retention.policy(due.tenant)
            tally = await self._retention.batch(subject, due.tenant, policy, together=TOGETHER, rest=self._rest)
            following = await subject.first_due(self._db, due.tenant, policy)
            self._tell(due, tally)
            if not tally.anonymized and not tally.deleted and tally.failed:
                raise NothingDone
            timer = due.done() if following is None else Timer(due.tenant, RETENTION, due.entity_id, following)
            await self._db.apply(Changeset(timers=(timer,)))

    async def _rest(self, took: float) -> None:
        await asyncio.sleep(min(max(self._pause_s, PAUSE_TIMES * took), LONGEST_PAUSE_S) if self._pause_s else 0)

    def _tell(self, due: Due, tally: Tally) -> None:
        """One line in the log when nothing more is due, however many batches it took."""
        key = due.tenant, due.entity_id
        together = self._tallies.pop(key, Tally()).plus(tally)
        if tally.anonymized or tally.deleted:
            self._tallies[key] = together
        elif together.anonymized or together.deleted:
            log.info("forgotten", tenant=due.tenant, kind=due.entity_id, **together._asdict())

    async def look(self, tenant: str) -> bool:
        """Sets the timers of a tenant where they stand too late or not at all; whether it had to."""
        policy = await self._retention.policy(tenant)
        timers = []
        for name, subject in SUBJECTS.items():
            first = await subject.first_due(self._db, tenant, policy)
            row = await self._db.row(QUERIES.timer_due, {"tenant": tenant, "kind": RETENTION, "entity_id": name})
            if first is not None and (row is None or row[0] > first):
                timers.append(Timer(tenant, RETENTION, name, first))
        for timer in timers:  # one by one: two changesets with both might wait for each other
            await self._db.apply(Changeset(timers=(timer,)))
        return bool(timers)

    async def look_at_all(self) -> bool:
        """Looks at every tenant; whether a timer was set."""
        news = False
        async for tenant in tenants(self._db):
            news = await self.look(tenant) or news
        return news

    def start(self, wake: Callable[[], None]) -> None:
        """Begins to look again and again. The database must be open."""
        self._task = asyncio.create_task(self._run(wake))

    async def stop(self) -> None:
        """Looks no more."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _run(self, wake: Callable[[], None]) -> None:
        await asyncio.sleep(FIRST_LOOK_S)
        while True:
            try:
                if await self.look_at_all():
                    wake()
            except Exception as error:  # noqa: BLE001 - the database may come back
                log.warning("retention cannot look", error=type(error).__name__)
            await asyncio.sleep(LOOK_S)
