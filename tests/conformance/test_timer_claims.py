"""Claims of timers: one worker at a time, the first due first, given back, run out, and never in the way of a move."""

from __future__ import annotations

import asyncio
from typing import Any

from opendoms.db.engine import Engine
from opendoms.db.timers import Claim
from opendoms.kernel.changeset import Changeset, Timer
from opendoms.kernel.due import Due
from opendoms.timers.store import NextLook, Whose, next_look
from tests.conformance.changesets import NOW, TENANT, order, stored_order, timer, timers
from tests.databases import run_sql

KINDS = ["expire"]
LEASE = 1_000


def claim(name: str = "a", **more: Any) -> Claim:
    """A claim of everything that is due now, for a second."""
    given: dict[str, Any] = {"kinds": KINDS, "due_by": NOW, "now": NOW, "until": NOW + LEASE, "size": 100}
    return Claim(id=name, **(given | more))


def named(dues: list[Due]) -> list[str]:
    """Whose timers they are, in order."""
    return [due.entity_id for due in dues]


async def set_timers(engine: Engine, *timers: Timer) -> None:
    """Sets them in one changeset."""
    await engine.apply(Changeset(timers=timers))


async def test_a_claim_tells_all_of_a_timer(engine: Engine) -> None:
    """Whose it is, when it is due, its detail byte for byte, the attempts so far, and the claim that holds it."""
    detail = '{ "grün" : 1.0 }'.encode()
    await set_timers(engine, timer("o1", NOW - 5, detail=detail))
    assert await engine.claim_timers(claim("mine")) == [Due(TENANT, "expire", "o1", NOW - 5, detail, 0, "mine")]


async def test_what_is_due_first_is_claimed_first(engine: Engine) -> None:
    """In order of due time, a batch at a time; what is not due yet stays."""
    late = [timer(f"o{number}", NOW - number) for number in (3, 9, 1, 7, 5)]
    await set_timers(engine, *late, timer("now", NOW), timer("soon", NOW + 1))
    assert named(await engine.claim_timers(claim("a", size=3))) == ["o9", "o7", "o5"]
    assert named(await engine.claim_timers(claim("b", size=3))) == ["o3", "o1", "now"]
    assert await engine.claim_timers(claim("c", size=3)) == []


async def test_eight_workers_at_once_share_nothing(engine: Engine) -> None:
    """Each timer is handed out exactly once, whoever asks at the same time."""
    await set_timers(engine, *(timer(f"o{number:03}", NOW - number) for number in range(400)))
    claimed: list[str] = []

    async def work(worker: int) -> None:
        for turn in range(400):
            batch = await engine.claim_timers(claim(f"{worker}/{turn}", size=7))
            claimed.extend(named(batch))
            if len(claimed) == 400:
                return

    await asyncio.gather(*(work(worker) for worker in range(8)))
    assert sorted(claimed) == [f"o{number:03}" for number in range(400)]


async def test_a_claim_runs_out(engine: Engine) -> None:
    """Until its end nobody else gets the timer, from then on somebody does, with the attempts as they were."""
    await set_timers(engine, timer("o1"))
    await engine.claim_timers(claim("died"))
    assert await engine.claim_timers(claim("early", now=NOW + LEASE - 1)) == []
    (due,) = await engine.claim_timers(claim("next", now=NOW + LEASE))
    assert (due.entity_id, due.attempts, due.claim) == ("o1", 0, "next")


async def test_a_postponed_timer_waits_and_counts(engine: Engine) -> None:
    """It keeps its due time, counts the attempt, and nobody gets it before the pause is over."""
    await set_timers(engine, timer("o1", detail=b"{}"))
    (due,) = await engine.claim_timers(claim("a"))
    await engine.postpone_timer(due, NOW + 50)
    assert await timers(engine) == [("expire", "o1", NOW, b"{}", 1)]
    assert await engine.claim_timers(claim("b", now=NOW + 49)) == []
    (again,) = await engine.claim_timers(claim("c", now=NOW + 50))
    assert again == due._replace(attempts=1, claim="c")


async def test_a_worker_that_was_too_slow_changes_nothing(engine: Engine) -> None:
    """Its claim has run out and another one holds the timer: it neither postpones it nor takes it away."""
    await set_timers(engine, timer("o1"))
    (slow,) = await engine.claim_timers(claim("slow"))
    (held,) = await engine.claim_timers(claim("next", now=NOW + LEASE, until=NOW + 2 * LEASE))
    await engine.postpone_timer(slow, NOW + 9_999)
    await set_timers(engine, slow.done())
    assert await timers(engine) == [("expire", "o1", NOW, None, 0)]
    assert await engine.claim_timers(claim("third", now=NOW + 2 * LEASE - 1)) == []
    await set_timers(engine, held.done())
    assert await timers(engine) == []


async def test_a_timer_that_was_moved_under_a_claim_stays_moved(engine: Engine) -> None:
    """The claim is forgotten: its holder does not take the moved timer away, and it runs again when it is due."""
    await set_timers(engine, timer("o1"))
    (old,) = await engine.claim_timers(claim("old"))
    await set_timers(engine, timer("o1", NOW + 5))
    await set_timers(engine, old.done())
    await engine.postpone_timer(old, NOW + 9_999)
    assert await timers(engine) == [("expire", "o1", NOW + 5, None, 0)]
    assert named(await engine.claim_timers(claim("new", due_by=NOW + 5))) == ["o1"]


async def test_a_timer_that_was_set_anew_to_the_same_instant_stays(engine: Engine) -> None:
    """Not the due time decides but the claim: what was set anew is another timer."""
    await set_timers(engine, timer("o1"))
    (old,) = await engine.claim_timers(claim("old"))
    await set_timers(engine, timer("o1"))
    await set_timers(engine, old.done())
    assert named(await engine.claim_timers(claim("new"))) == ["o1"]


async def test_a_move_forgets_failures_and_their_pause(engine: Engine) -> None:
    """A timer that was put off after a failure and is then set again runs when it is due."""
    await set_timers(engine, timer("o1"))
    (due,) = await engine.claim_timers(claim("a"))
    await engine.postpone_timer(due, NOW + 9_999)
    await set_timers(engine, timer("o1", NOW - 1))
    (again,) = await engine.claim_timers(claim("b"))
    assert (again.due, again.attempts) == (NOW - 1, 0)


async def test_an_effect_and_the_timer_s_end_are_one_write(engine: Engine) -> None:
    """Whoever handles a timer writes both in one changeset; others' timers on the same entity stay."""
    await set_timers(engine, timer("o1"), timer("o1", kind="remind"))
    (due,) = await engine.claim_timers(claim("a"))
    await engine.apply(Changeset((order("o1"),), (), (), (due.done(),)))
    assert await stored_order(engine, "o1") is not None
    assert [row[:2] for row in await timers(engine)] == [("remind", "o1")]


async def test_claims_ask_for_kinds_and_tenants(engine: Engine) -> None:
    """A kind that the worker has no handler for is left alone; tenants with another clock are asked for apart."""
    await set_timers(
        engine, timer("o1"), timer("o2", kind="unknown"), Timer("other", "expire", "o3", NOW), timer("o4", NOW - 1)
    )
    assert named(await engine.claim_timers(claim("a", tenant="other"))) == ["o3"]
    assert await engine.claim_timers(claim("b", without=[TENANT, "third"])) == []
    assert named(await engine.claim_timers(claim("c", without=["other"]))) == ["o4", "o1"]
    assert named(await engine.claim_timers(claim("d", kinds=["unknown", "expire"]))) == ["o2"]


async def test_the_next_look_is_at_the_next_due_time_or_when_one_is_free(engine: Engine) -> None:
    """What is in hand or postponed tells when it is free, what is not due yet when it is; other kinds do not count."""

    async def look(due_by: int = NOW, whose: Whose = Whose()) -> NextLook:  # noqa: B008 - a value that never changes
        return await next_look(engine, KINDS, due_by, whose)

    assert await look() == NextLook(None, None)
    await set_timers(
        engine, timer("o1"), timer("o2", NOW + 7), timer("o3", NOW + 3), timer("o4", NOW + 1, kind="other")
    )
    assert await look() == NextLook(NOW + 3, NOW)
    await engine.claim_timers(claim("a"))
    assert await look() == NextLook(NOW + 3, NOW + LEASE)
    assert await look(NOW + 3) == NextLook(NOW + 7, NOW + 3)
    assert await look(whose=Whose(without=[TENANT])) == NextLook(None, None)
    assert await look(whose=Whose(TENANT)) == NextLook(NOW + 3, NOW + LEASE)


async def test_the_watcher_hears_of_timers_that_were_written(engine: Engine) -> None:
    """After the write, of all timers of a changeset; not of changesets without timers, and not after the end."""
    heard: list[Timer] = []
    engine.watch_timers(heard.extend)
    await engine.apply(Changeset((order("o1"),)))
    await set_timers(engine, timer("o1"), timer("o2", None))
    engine.watch_timers(None)
    await set_timers(engine, timer("o3"))
    assert heard == [timer("o1"), timer("o2", None)]


async def test_a_claim_survives_a_restart(engine: Engine, database_url: str) -> None:
    """Who holds a timer, and until when, is in the database."""
    await set_timers(engine, timer("o1"))
    await engine.claim_timers(claim("a"))
    rows = await run_sql(database_url, "select entity_id, claimed_by, claimed_until from timers")
    assert rows == [("o1", "a", NOW + LEASE)]
