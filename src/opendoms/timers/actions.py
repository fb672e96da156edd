"""Reading and moving the clock of a sandbox. Moving runs what falls due on the way, before it answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple

from opendoms.db.engine import Engine
from opendoms.db.entity import Writer
from opendoms.kernel.changeset import Origin
from opendoms.kernel.clock import text_of
from opendoms.kernel.decision import Decision, Happening
from opendoms.kernel.due import Due
from opendoms.kernel.ids import NewId
from opendoms.kernel.refusal import Conflict, Fault
from opendoms.timers import rules
from opendoms.timers.rules import Change, Move
from opendoms.timers.runner import BATCH_MAX, TimerRunner
from opendoms.timers.sandbox_clock import OwnTime, SandboxClock, document_of
from opendoms.timers.store import CLOCKS_MAX, SANDBOX_CLOCK, Whose, due_after, sandbox_clock

# Timers that one call runs: some seconds of work, or half a minute where each has an instant of its own.
TIMERS_MAX: Final = 5_000
# How long a call keeps others off the clock without giving a sign of life, in ms.
HOLD_MS: Final = 60_000

_ChangeOf = Callable[[OwnTime | None, int], Awaitable[OwnTime]]

_MOVED: Final = Happening("SANDBOX_CLOCK_MOVED")


class Reading(NamedTuple):
    """What a clock shows: an instant in ms, and whether it stands."""

    now: int
    frozen: bool


class Moved(NamedTuple):
    """What a clock shows after it was moved, and which timers ran on the way: done, and to be tried again."""

    reading: Reading
    ran: list[Due]
    failed: list[Due]


class ClockActions:
    """Reads and moves the clocks of all tenants of a sandbox.

    `before` is called with a tenant before its clock is moved, for timers that are otherwise set from time to time.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what the composition root hands in
        self,
        db: Engine,
        writer: Writer,
        clock: SandboxClock,
        runner: TimerRunner,
        new_id: NewId,
        before: Callable[[str], Awaitable[object]] | None = None,
    ) -> None:
        self._db = db
        self._writer = writer
        self._clock = clock
        self._runner = runner
        self._new_id = new_id
        self._before = before

    def read(self, tenant: str) -> Reading:
        """What the clock of a tenant shows."""
        own = self._clock.own().get(tenant)
        return Reading(self._clock.now(tenant), own is not None and own.frozen_at is not None)

    async def move(self, change: Change, origin: Origin) -> Moved:
        """Moves the clock and runs what falls due, each timer at its own due time.

        Raises Invalid for a way back in time, and Conflict while another call moves the clock, where more than
        TIMERS_MAX timers fall due, and where more than CLOCKS_MAX tenants would have a clock.
        """
        if self._before is not None:
            await self._before(origin.tenant)
        by = self._new_id()
        way: Move | None = None

        async def begin(stored: OwnTime | None, machine: int) -> OwnTime:
            nonlocal way
            way = rules.move(stored, change, machine)
            if stored is None and len(self._clock.own()) >= CLOCKS_MAX:
                raise Conflict(Fault(f"More than {CLOCKS_MAX} tenants cannot have a clock of their own."))
            if change.frozen is not None:
                return rules.arrived(stored, way, machine)
            await self._check_number(origin.tenant, way.target)
            present = machine if stored is None else stored.at(machine)
            return rules.standing(stored, present, by, machine + HOLD_MS)

        await self._write(origin, begin)
        assert way is not None  # noqa: S101 - narrows the type: begin has set it
        if change.frozen is not None:
            return Moved(self.read(origin.tenant), [], [])
        return await self._travel(way, by, origin)

    async def _travel(self, way: Move, by: str, origin: Origin) -> Moved:
        """Goes from one due time to the next until nothing is due on the way to the target."""
        await self._runner.at_rest()
        ran: list[Due] = []
        failed: list[Due] = []
        whose = Whose(origin.tenant)
        while first := await self._runner.claim(way.target, whose, 1):
            # One that was overdue runs now: the clock does not go back for it.
            at = max(first[0].due, self._clock.now(origin.tenant))
            await self._step(at, by, origin)
            dues = [*first, *await self._runner.claim(at, whose, BATCH_MAX - 1)]
            for due, done in zip(dues, await self._runner.handle(dues), strict=True):
                (ran if done else failed).append(due)
            if len(ran) + len(failed) >= TIMERS_MAX and await self._is_more_due(way, origin.tenant):
                await self._arrive(Move(at, way.frozen), by, origin)
                raise Conflict(
                    Fault(
                        f"More than {TIMERS_MAX} timers fell due; the clock is at {text_of(at)}.",
                        "Move it again to go on from there.",
                    )
                )
        await self._arrive(way, by, origin)
        return Moved(self.read(origin.tenant), ran, failed)

    async def _is_more_due(self, way: Move, tenant: str) -> bool:
        """Whether the way, which was counted before, holds still more: handlers may set ever new timers."""
        return await due_after(self._db, self._runner.kinds, tenant, way.target, 0) is not None

    async def _check_number(self, tenant: str, target: int) -> None:
        beyond = await due_after(self._db, self._runner.kinds, tenant, target, TIMERS_MAX)
        if beyond is not None:
            raise Conflict(
                Fault(
                    f"More than {TIMERS_MAX} timers fall due on the way; nothing was moved.",
                    f"Move the clock in smaller steps, the first one to before {text_of(beyond)}.",
                )
            )

    async def _step(self, at: int, by: str, origin: Origin) -> None:
        async def step(stored: OwnTime | None, machine: int) -> OwnTime:
            rules.check_holder(stored, by)
            return rules.standing(stored, at, by, machine + HOLD_MS)

        await self._write(origin, step)

    async def _arrive(self, way: Move, by: str, origin: Origin) -> None:
        async def arrive(stored: OwnTime | None, machine: int) -> OwnTime:
            rules.check_holder(stored, by)
            return rules.arrived(stored, way, machine)

        await self._write(origin, arrive)

    async def _write(self, origin: Origin, change: _ChangeOf) -> None:
        """Writes the clock that `change` makes of the stored one, and shows it in this process at once."""
        time: OwnTime | None = None

        async def decide(_now: int) -> Decision:
            nonlocal time
            time = await change(await sandbox_clock(self._db, origin.tenant), self._clock.machine())
            return Decision(document_of(time), _MOVED)

        await self._writer.write(SANDBOX_CLOCK, origin, decide)
        assert time is not None  # noqa: S101 - narrows the type: decide has set it
        self._clock.take([(origin.tenant, time)])
