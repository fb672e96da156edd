"""The runner: what is due runs once, in order, in time, and again after a failure; nobody asks in vain."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import structlog

from opendoms.db.engine import Engine
from opendoms.db.sqlfile import Query
from opendoms.kernel.changeset import Changeset
from opendoms.kernel.clock import SystemClock
from opendoms.kernel.due import Due
from opendoms.timers.runner import (
    BACKOFF_MS_MAX,
    BACKOFF_MS_MIN,
    BATCH_MAX,
    LOOK_MS_MAX,
    LOOK_MS_MAX_ALONE,
    TROUBLE_MS,
    TimerRunner,
    backoff_ms,
)
from tests.identity.stand_ins import NOW, CountingEngine, StillClock
from tests.timers.conftest import Start
from tests.timers.runners import KIND, Notes, WatchedRunner, timer, timers


async def left(engine: Engine) -> list[Any]:
    """entity_id, due, attempts of every timer."""
    sql = "select entity_id, due, attempts from timers order by entity_id"
    return [tuple(row) for row in await engine.rows(Query("left", sql, sql, ()), {})]


async def test_what_is_due_runs_in_order_of_due_time_and_is_gone(db: CountingEngine, start: Start) -> None:
    """Each handler gets its timer and the present instant; what is not due yet stays."""
    await db.apply(timers(timer("b", NOW - 1), timer("c", NOW), timer("a", NOW - 9), timer("later", NOW + 1)))
    notes = Notes()
    runner = start(notes.handle)
    assert await runner.pauses.get() == 1
    assert notes.handled == [("a", NOW - 9, NOW), ("b", NOW - 1, NOW), ("c", NOW, NOW)]
    assert await left(db) == [("later", NOW + 1, 0)]


async def test_an_idle_runner_asks_nothing(db: CountingEngine, start: Start, clock: StillClock) -> None:
    """It sleeps until the next timer; only a nearer one wakes it, and each waking asks twice: what, and when next."""
    await db.apply(timers(timer("first", NOW + 3_000)))
    notes = Notes()
    db.reads = db.writes = 0
    runner = start(notes.handle)
    assert await runner.pauses.get() == 3_000
    assert (db.writes, db.reads, runner.looks_at) == (1, 1, NOW + 3_000)
    await db.apply(timers(timer("farther", NOW + 3_001)))
    await db.apply(timers(timer("gone", None)))
    await db.apply(timers(timer("nobody's", NOW, kind="OTHER")))
    assert runner.looks_at == NOW + 3_000
    assert (db.writes - 3, db.reads) == (1, 1)
    await db.apply(timers(timer("nearer", NOW + 200)))
    assert await runner.pauses.get() == 200
    assert (db.writes - 4, db.reads) == (2, 2)
    clock.at = NOW + 200
    assert await runner.pauses.get() == 2_800
    # Woken by its own clock: claimed and ended, looked again, nothing left, when next.
    assert (db.writes - 4, db.reads) == (5, 3)
    assert notes.handled == [("nearer", NOW + 200, NOW + 200)]


async def test_a_runner_looks_now_and_then(engine: Engine, clock: StillClock) -> None:
    """Other nodes set timers unheard, so on PostgreSQL it looks every few seconds, alone on SQLite once a minute."""
    runner = WatchedRunner(engine, clock, {KIND: Notes().handle})
    runner.start()
    assert await runner.pauses.get() == {"sqlite": LOOK_MS_MAX_ALONE, "postgres": LOOK_MS_MAX}[engine.name]
    await runner.stop()


async def test_a_runner_without_handlers_does_nothing(db: CountingEngine, clock: StillClock) -> None:
    """Nothing is asked of the database, and timers stay for a process that knows them."""
    await db.apply(timers(timer("o1", NOW)))
    runner = TimerRunner(db, clock, {})
    db.reads = db.writes = 0
    runner.start()
    await runner.stop()
    assert (db.reads, db.writes) == (0, 0)
    assert await left(db) == [("o1", NOW, 0)]


async def test_by_the_machine_s_clock_a_timer_runs_when_it_is_due(engine: Engine) -> None:
    """Not before, and without anybody waking the runner."""
    clock, ran = SystemClock(), asyncio.Event()
    instants: list[int] = []

    async def handle(due: Due, now: int) -> None:
        instants.append(now - due.due)
        ran.set()

    runner = WatchedRunner(engine, clock, {KIND: handle})
    await engine.apply(timers(timer("o1", clock.now("") + 150)))
    runner.start()
    assert 0 < await runner.pauses.get() <= 150
    await asyncio.wait_for(ran.wait(), 10)
    await runner.stop()
    assert len(instants) == 1
    assert instants[0] >= 0
    assert await left(engine) == []


async def test_a_failed_timer_runs_again_after_a_growing_pause(
    db: CountingEngine, start: Start, clock: StillClock
) -> None:
    """One second, two, four: it keeps its due time, is never dropped, and is gone once it succeeds."""
    await db.apply(timers(timer("o1", NOW)))
    notes = Notes(failures=3)
    runner = start(notes.handle)
    for attempt, pause in enumerate((1_000, 2_000, 4_000), 1):
        assert await runner.pauses.get() == pause
        assert await left(db) == [("o1", NOW, attempt)]
        clock.at += pause
        runner.wake()
    await runner.pauses.get()
    assert notes.handled == [("o1", NOW, NOW + passed) for passed in (0, 1_000, 3_000, 7_000)]
    assert await left(db) == []


def test_the_pause_grows_up_to_its_limit() -> None:
    """It doubles, and stays at the limit however often a timer has failed."""
    assert [backoff_ms(attempts) for attempts in (0, 1, 5)] == [BACKOFF_MS_MIN, 2 * BACKOFF_MS_MIN, 32 * BACKOFF_MS_MIN]
    assert {backoff_ms(attempts) for attempts in (10, 11, 64, 10**9)} == {BACKOFF_MS_MAX}


async def test_a_failure_is_logged_without_its_words(db: CountingEngine, start: Start) -> None:
    """Kind, entity, attempt, error and place: words of an exception may hold personal data."""
    with structlog.testing.capture_logs() as logged:
        await db.apply(timers(timer("o1", NOW)))
        runner = start(Notes(failures=1).handle)
        await runner.pauses.get()
    (line,) = logged
    assert line.pop("at")[-1].startswith("handle:")
    assert line == {
        "event": "timer failed",
        "log_level": "warning",
        "kind": KIND,
        "entityId": "o1",
        "attempts": 1,
        "error": "RuntimeError",
    }


async def test_a_failure_holds_up_no_other(db: CountingEngine, start: Start) -> None:
    """The others of the batch run, and so do those after it."""
    await db.apply(timers(*(timer(f"o{number:02}", NOW - 50 + number) for number in range(BATCH_MAX + 8))))
    notes = Notes(failures=2)
    runner = start(notes.handle)
    await runner.pauses.get()
    assert notes.names() == [f"o{number:02}" for number in range(BATCH_MAX + 8)]
    assert await left(db) == [("o00", NOW - 50, 1), ("o01", NOW - 49, 1)]


async def test_no_more_than_a_batch_runs_at_once(db: CountingEngine, start: Start) -> None:
    """A hundred that are due run in batches."""
    await db.apply(timers(*(timer(f"o{number}", NOW) for number in range(100))))
    running, most, total = 0, 0, 0

    async def handle(due: Due, now: int) -> None:
        nonlocal running, most, total
        running, total = running + 1, total + 1
        most = max(most, running)
        await asyncio.sleep(0)  # lets the others of the batch begin
        running -= 1

    runner = start(handle)
    await runner.pauses.get()
    assert (most, total, await left(db)) == (BATCH_MAX, 100, [])


async def test_a_handler_that_takes_too_long_is_ended(db: CountingEngine, start: Start) -> None:
    """It counts as a failure, and the runner goes on."""
    await db.apply(timers(timer("slow", NOW), timer("quick", NOW)))
    ended: list[str] = []

    async def handle(due: Due, now: int) -> None:
        if due.entity_id == "slow":
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                ended.append(due.entity_id)
                raise

    runner = start(handle, handler_s_max=0.05)
    assert await runner.pauses.get() == BACKOFF_MS_MIN
    assert ended == ["slow"]
    assert await left(db) == [("slow", NOW, 1)]


async def test_a_timer_that_is_moved_while_it_runs_stays(db: CountingEngine, start: Start) -> None:
    """The runner takes away what it has claimed, not what was set meanwhile."""
    await db.apply(timers(timer("o1", NOW)))

    async def handle(due: Due, now: int) -> None:
        await db.apply(timers(timer("o1", NOW + 700)))

    runner = start(handle)
    assert await runner.pauses.get() == 700
    assert await left(db) == [("o1", NOW + 700, 0)]


async def test_an_effect_may_end_its_timer_itself(db: CountingEngine, start: Start) -> None:
    """Then there is nothing left to take away, and it runs once."""
    await db.apply(timers(timer("o1", NOW)))
    handled = []

    async def handle(due: Due, now: int) -> None:
        handled.append(due.entity_id)
        await db.apply(Changeset(timers=(due.done(), timer("next", NOW + 60))))

    runner = start(handle)
    assert await runner.pauses.get() == 60
    assert handled == ["o1"]
    assert await left(db) == [("next", NOW + 60, 0)]


async def test_a_clock_that_was_set_back_loses_no_timer(db: CountingEngine, start: Start, clock: StillClock) -> None:
    """The handler may have seen a time before the due one and done nothing, so the timer is tried again."""
    await db.apply(timers(timer("o1", NOW)))

    async def handle(due: Due, now: int) -> None:
        clock.at = NOW - 10

    runner = start(handle)
    assert await runner.pauses.get() == 10
    assert await left(db) == [("o1", NOW, 1)]


async def test_stopping_waits_for_what_is_in_hand(db: CountingEngine, start: Start) -> None:
    """Handlers that have begun come to their end, and nothing more is claimed."""
    await db.apply(timers(timer("o1", NOW)))
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def handle(due: Due, now: int) -> None:
        begun.set()
        await go_on.wait()

    runner = start(handle)
    await begun.wait()
    await db.apply(timers(timer("o2", NOW)))
    stopping = asyncio.create_task(runner.stop())
    resting = asyncio.create_task(runner.at_rest())
    await asyncio.sleep(0)
    assert not stopping.done()
    assert not resting.done()
    go_on.set()
    await stopping
    await resting
    assert await left(db) == [("o2", NOW, 0)]


async def test_the_runner_outlives_a_database_that_is_away(db: CountingEngine, start: Start, clock: StillClock) -> None:
    """It tries again after a pause, and runs what was due meanwhile."""
    await db.apply(timers(timer("o1", NOW)))
    notes = Notes()
    db.away = True
    runner = start(notes.handle)
    assert await runner.pauses.get() == TROUBLE_MS
    db.away = False
    runner.wake()
    await runner.pauses.get()
    assert notes.names() == ["o1"]
    assert await left(db) == []


@pytest.mark.parametrize("effect", ["written", "not written"])
async def test_a_worker_that_dies_leaves_its_timers_to_others(
    db: CountingEngine, start: Start, clock: StillClock, effect: str
) -> None:
    """Once its claim has run out; unless its effect was written, which takes the timer away in the same write."""
    await db.apply(timers(timer("o1", NOW)))

    async def die(due: Due, now: int) -> None:
        if effect == "written":
            await db.apply(timers(due.done()))
        db.away = True  # from here on nothing of this worker arrives

    dead = start(die, lease_ms=500)
    await dead.pauses.get()
    await dead.stop()
    db.away = False
    notes = Notes()
    runner = start(notes.handle)
    first = await runner.pauses.get()
    clock.at += 500
    runner.wake()
    await runner.pauses.get()
    assert notes.names() == ([] if effect == "written" else ["o1"])
    assert (first == 500) == (effect == "not written")
    assert await left(db) == []
