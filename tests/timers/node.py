"""A process that runs timers: `python -m tests.timers.node URL NAME [HOLD]`.

The effect of a timer is a count: the configuration of its entity goes one version up, with an event, in the changeset
that ends the timer. So a timer that had its effect twice shows as version 2. With HOLD the process stops short after so
many effects: it holds claims whose effect is not written, says "holding", and waits to be killed. Else it says "done"
when nothing is left, and how many effects were its own.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Final

from opendoms.db.connect import engine_for
from opendoms.db.engine import Engine
from opendoms.db.sqlfile import Query
from opendoms.kernel.changeset import Changeset, Event, Put, Table
from opendoms.kernel.clock import SystemClock
from opendoms.kernel.due import Due
from opendoms.kernel.ids import new_id
from opendoms.timers.runner import TimerRunner

KIND: Final = "COUNT"
# Short, so that the survivor need not wait for long; still many times what a batch takes.
LEASE_MS: Final = 4_000
_COUNTS: Final = Table("configurations")
_VERSION: Final = Query(
    "version",
    "select version from configurations where tenant = :tenant and id = :id",
    "select version from configurations where tenant = $1 and id = $2",
    ("tenant", "id"),
)
_LEFT: Final = Query("left", "select count(*) from timers", "select count(*) from timers", ())


class Counting:
    """The handler, and what it knows of this process."""

    def __init__(self, db: Engine, name: str, hold_after: int | None) -> None:
        self._db = db
        self._name = name
        self._hold_after = hold_after
        self.effects = 0
        self.holding = asyncio.Event()
        self.finished = asyncio.Event()

    async def handle(self, due: Due, now: int) -> None:
        """Counts one up, or holds the claim until this process is killed."""
        if self._hold_after is not None and self.effects >= self._hold_after:
            self.holding.set()
            await asyncio.Event().wait()
        row = await self._db.row(_VERSION, {"tenant": due.tenant, "id": due.entity_id})
        version = 1 if row is None else row[0] + 1
        document = b'{"version":%d}' % version
        put = Put(_COUNTS, due.tenant, due.entity_id, version - 1 or None, version, document)
        event = Event(
            tenant=due.tenant,
            entity_kind="COUNT",
            entity_id=due.entity_id,
            seq=version,
            event_id=due.claim,
            type="COUNTED",
            at=now,
            actor=self._name,
            cause="timer",
            document=document,
        )
        await self._db.apply(Changeset((put,), (), (event,), (due.done(),)))
        self.effects += 1


def say(word: str) -> None:
    """Tells the test."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


async def main(url: str, name: str, hold_after: int | None) -> None:
    """Runs until nothing is left, or until it is killed."""
    db = engine_for(url)
    await db.open()
    counting = Counting(db, name, hold_after)
    runner = TimerRunner(
        db,
        SystemClock(),
        {KIND: counting.handle},
        new_id=lambda: f"{name}/{new_id()}",  # claims that tell whose they are
        lease_ms=LEASE_MS,
        handler_s_max=60,
    )
    say("ready")
    await asyncio.to_thread(sys.stdin.readline)  # so that all processes begin at once
    runner.start()
    if hold_after is not None:
        await counting.holding.wait()
        say("holding")
        await asyncio.Event().wait()
    left = 1
    while left:
        await asyncio.sleep(0.05)  # other processes end timers as well, and nothing tells this one
        ((left,),) = await db.rows(_LEFT, {})
    await runner.stop()
    await db.close()
    say(f"done {counting.effects}")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else None))
