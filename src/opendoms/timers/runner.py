"""Runs what is due: one task per process, which waits for the next due timer and hands it to the slice that owns it.

A timer is claimed, handled, and taken away. A process that dies in between leaves the claim, which ends by itself; then
another one runs the timer. So a handler writes its effect together with the timer's end (`Due.done`, or the removal of
the timer), or finds that the entity does not need it any more and does nothing.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Final

import structlog

from opendoms.db.engine import Engine
from opendoms.db.timers import Claim
from opendoms.kernel.changeset import Changeset, Timer
from opendoms.kernel.clock import Clock
from opendoms.kernel.due import Due
from opendoms.kernel.ids import NewId, new_id
from opendoms.timers.sandbox_clock import SandboxClock
from opendoms.timers.store import Whose, next_look

# Given a timer and the instant (ms) at which it runs. Returns when nothing is left to do about it; whatever it raises
# has it run again later.
Handler = Callable[[Due, int], Awaitable[None]]

# Timers that are claimed together and run at once.
BATCH_MAX: Final = 32
# How long a handler may take, in seconds, and how long a claim holds, in ms: long enough for a handler and the write
# after it.
HANDLER_S_MAX: Final = 10.0
LEASE_MS: Final = 30_000
# The pause before a timer that failed runs again: it doubles up to the longest one, and no timer is ever given up.
BACKOFF_MS_MIN: Final = 1_000
BACKOFF_MS_MAX: Final = 600_000
# How long nobody looks, in ms. Other nodes on PostgreSQL set timers that this one does not hear of; on SQLite there is
# no other, so this only bounds how late the runner is after the machine's clock was set.
LOOK_MS_MAX: Final = 5_000
LOOK_MS_MAX_ALONE: Final = 60_000
# The pause after a look that other workers were faster at, and after one that the database did not answer.
CONTENTION_MS: Final = 20
TROUBLE_MS: Final = 2_000
# How many places of the code a failure is logged with. Its words are not: they may hold personal data.
FRAMES_MAX: Final = 5

_MACHINE: Final = ""

log = structlog.get_logger()


class TimerRunner:
    """Runs timers of the kinds that it has handlers for. One per process and event loop that `hears` of new timers.

    Others, for kinds of their own, look when they are woken, and now and then.
    """

    def __init__(  # noqa: PLR0913 - what the composition root hands in, and the limits that tests make smaller
        self,
        db: Engine,
        clock: Clock,
        handlers: Mapping[str, Handler],
        *,
        new_id: NewId = new_id,
        lease_ms: int = LEASE_MS,
        handler_s_max: float = HANDLER_S_MAX,
        batch_max: int = BATCH_MAX,
        hears: bool = True,
    ) -> None:
        self._db = db
        self._clock = clock
        self._handlers = handlers
        self._new_id = new_id
        self._lease_ms = lease_ms
        self._handler_s_max = handler_s_max
        self._batch_max = batch_max
        self._hears = hears
        self._look_ms_max = LOOK_MS_MAX_ALONE if db.name == "sqlite" else LOOK_MS_MAX
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._stopping = False
        self._running = asyncio.Lock()
        # The instant of the machine's clock at which it will look by itself; None while it is at work.
        self.looks_at: int | None = None

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that have a handler; others are left to processes that have one."""
        return tuple(self._handlers)

    def start(self) -> None:
        """Begins to run what is due. The database must be open."""
        if not self._handlers:
            return
        if self._hears:
            self._db.watch_timers(self._told)
            if isinstance(self._clock, SandboxClock):
                self._clock.watch(self.wake)
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Claims nothing more; returns when the timers in hand are done or given back."""
        task, self._task = self._task, None
        self._stopping = True
        self._wake.set()
        if task is not None:
            await task
        if task is not None and self._hears:
            self._db.watch_timers(None)
            if isinstance(self._clock, SandboxClock):
                self._clock.watch(None)

    def wake(self) -> None:
        """Looks now rather than later: a clock was moved."""
        self._wake.set()

    async def at_rest(self) -> None:
        """Returns when no batch is in hand of the task."""
        async with self._running:
            pass

    async def claim(self, due_by: int, whose: Whose, size: int = BATCH_MAX) -> list[Due]:
        """Takes the first timers that are due by an instant of those tenants' clock, in order of due time."""
        machine = self._clock.now(_MACHINE)
        return await self._db.claim_timers(
            Claim(
                id=self._new_id(),
                kinds=self.kinds,
                due_by=due_by,
                now=machine,
                until=machine + self._lease_ms,
                size=size,
                tenant=whose.tenant,
                without=whose.without,
            )
        )

    async def handle(self, dues: Sequence[Due]) -> list[bool]:
        """Runs claimed timers at once; says of each whether it is done. One that is not is tried again later."""
        return await asyncio.gather(*(self._handle(due) for due in dues))

    async def _handle(self, due: Due) -> bool:
        try:
            async with asyncio.timeout(self._handler_s_max):
                await self._handlers[due.kind](due, self._clock.now(due.tenant))
            if self._clock.now(due.tenant) < due.due:
                raise _ClockSetBack  # noqa: TRY301 - handled as every other failure
            # Where the handler has written the timer's end with its effect, this finds nothing to do.
            await self._db.apply(Changeset(timers=(due.done(),)))
        except Exception as error:  # noqa: BLE001 - whatever a handler raises, the others go on
            _tell(error, due)
            await self._postpone(due)
            return False
        return True

    async def _postpone(self, due: Due) -> None:
        try:
            await self._db.postpone_timer(due, self._clock.now(_MACHINE) + backoff_ms(due.attempts))
        except Exception as error:  # noqa: BLE001 - the claim ends by itself
            log.warning("timer not given back", kind=due.kind, error=type(error).__name__)

    async def _run(self) -> None:
        while not self._stopping:
            self._wake.clear()
            try:
                async with self._running:
                    worked = await self._look()
                pause_ms = 0 if worked else await self._pause_ms()
            except Exception as error:  # noqa: BLE001 - the task must live on: the database may come back
                log.warning("timers cannot be read", error=type(error).__name__, at=_places(error))
                pause_ms = TROUBLE_MS
            if pause_ms:
                await self._sleep(pause_ms)

    async def _look(self) -> bool:
        """Claims one batch and runs it; whether there was anything."""
        dues: list[Due] = []
        for now, whose, _ in self._clocks():
            if len(dues) < self._batch_max:
                dues += await self.claim(now, whose, self._batch_max - len(dues))
        await self.handle(dues)
        return bool(dues)

    async def _pause_ms(self) -> int:
        """How long there is nothing to do as far as the database tells, in ms."""
        machine = self._clock.now(_MACHINE)
        pause = self._look_ms_max
        for now, whose, runs in self._clocks():
            look = await next_look(self._db, self.kinds, now, whose)
            if look.due is not None and runs:
                pause = min(pause, look.due - now)
            if look.free is not None:
                pause = min(pause, look.free - machine)
        return max(pause, CONTENTION_MS) if pause <= 0 else pause

    def _clocks(self) -> Iterator[tuple[int, Whose, bool]]:
        """Per clock: what it shows, whose it is, and whether it runs. Not those that a call is moving: it does ours."""
        if not isinstance(self._clock, SandboxClock):
            yield self._clock.now(_MACHINE), Whose(), True
            return
        machine = self._clock.machine()
        own = dict(self._clock.own())
        for tenant, time in own.items():
            if not time.is_moving(machine):
                yield time.at(machine), Whose(tenant), time.frozen_at is None
        yield machine, Whose(without=tuple(own)), True

    async def _sleep(self, pause_ms: int) -> None:
        self.looks_at = self._clock.now(_MACHINE) + pause_ms
        try:
            async with asyncio.timeout(pause_ms / 1000):
                await self._wake.wait()
        except TimeoutError:
            pass
        finally:
            self.looks_at = None

    def _told(self, timers: Sequence[Timer]) -> None:
        """A changeset of this process has set timers: wakes where one is due before the next look."""
        for timer in timers:
            if timer.due is None or timer.kind not in self._handlers:
                continue
            away_ms = timer.due - self._clock.now(timer.tenant)
            if self.looks_at is None or away_ms < self.looks_at - self._clock.now(_MACHINE):
                self._wake.set()


class _ClockSetBack(Exception):  # noqa: N818 - a signal within this file
    """The clock shows a time before the timer's: the handler may have found that nothing is to be done yet."""


def backoff_ms(attempts: int) -> int:
    """The pause after a failure, given the failures before it."""
    return min(BACKOFF_MS_MAX, BACKOFF_MS_MIN << min(attempts, BACKOFF_MS_MAX.bit_length()))


def _tell(error: Exception, due: Due) -> None:
    log.warning(
        "timer failed",
        kind=due.kind,
        entityId=due.entity_id,
        attempts=due.attempts + 1,
        error=type(error).__name__,
        at=_places(error),
    )


def _places(error: Exception) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES_MAX:]
    return [f"{frame.name}:{frame.lineno}" for frame in frames]
