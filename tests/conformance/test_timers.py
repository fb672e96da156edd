"""Timers: set, moved, taken away, together with the change that calls for it."""

from __future__ import annotations

import pytest

from opendoms.db.engine import Engine
from opendoms.kernel.changeset import Changeset, Stale
from tests.conformance.changesets import NOW, Counts, counts, order, timer, timers
from tests.databases import run_sql


async def test_a_timer_is_set_with_its_detail(engine: Engine) -> None:
    """Due instant and detail are kept."""
    detail = '{ "grün" : 1.0 }'.encode()
    await engine.apply(Changeset((order("o1"),), (), (), (timer("o1", NOW + 5, detail=detail),)))
    assert await timers(engine) == [("expire", "o1", NOW + 5, detail, 0)]


async def test_setting_a_timer_again_moves_it(engine: Engine, database_url: str) -> None:
    """There is one live timer per kind and entity; a moved one starts afresh, without the attempts so far."""
    await engine.apply(Changeset(timers=(timer("o1", NOW, detail=b'"old"'),)))
    await run_sql(database_url, "update timers set attempts = 3")
    await engine.apply(Changeset(timers=(timer("o1", NOW + 9),)))
    assert await timers(engine) == [("expire", "o1", NOW + 9, None, 0)]


async def test_a_timer_is_taken_away(engine: Engine) -> None:
    """Without a due instant the timer goes, and only this one."""
    await engine.apply(Changeset(timers=(timer("o1"), timer("o2"), timer("o1", kind="remind"))))
    await engine.apply(Changeset(timers=(timer("o1", None),)))
    assert [row[:2] for row in await timers(engine)] == [("expire", "o2"), ("remind", "o1")]


async def test_taking_away_what_is_not_there_is_fine(engine: Engine) -> None:
    """Whoever removes a timer need not know whether it is still there."""
    await engine.apply(Changeset((order("o1"),), (), (), (timer("o1", None),)))
    assert await counts(engine) == Counts(orders=1)


async def test_one_changeset_may_set_and_take_away(engine: Engine) -> None:
    """A move may end one timer and begin another."""
    await engine.apply(Changeset(timers=(timer("o1", kind="expire"),)))
    await engine.apply(Changeset(timers=(timer("o1", None, kind="expire"), timer("o1", NOW, kind="retain"))))
    assert [row[0] for row in await timers(engine)] == ["retain"]


async def test_a_refused_change_moves_no_timer(engine: Engine) -> None:
    """A stale change neither sets nor moves nor takes away a timer."""
    await engine.apply(Changeset((order("o1"),), (), (), (timer("o1"), timer("o2"))))
    refused = (timer("o1", NOW + 9), timer("o2", None), timer("o3"))
    with pytest.raises(Stale):
        await engine.apply(Changeset((order("o1", 3),), (), (), refused))
    assert await timers(engine) == [("expire", "o1", NOW, None, 0), ("expire", "o2", NOW, None, 0)]
