"""Stock levels: what is there is set aside once, and what is set aside stays there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from opendoms.db.connect import engine_for
from opendoms.db.engine import Engine, RefusedBySchema
from opendoms.db.levels import changes_of
from opendoms.kernel.changeset import Changeset, Hold, Restock, Short, Stale, Taken, merged
from opendoms.kernel.refusal import Invalid
from tests.conformance.changesets import TENANT, Counts, counts, creation, edit, stored_order, timer
from tests.conformance.levels import Level, hold, levels, opened, restock

PIECES = 100
CALLERS = 1_000


@pytest.fixture
async def second_engine(database_url: str) -> AsyncIterator[Engine]:
    """Another node on the same database."""
    opened_engine = engine_for(database_url)
    await opened_engine.open()
    yield opened_engine
    await opened_engine.close()


async def test_pieces_are_set_aside_and_given_back(engine: Engine) -> None:
    """A level counts what is there, kept back and reserved, and how often stock was written."""
    await engine.apply(Changeset(restocks=(opened("f1", "a", 5, 1), opened("f2", "a", 2))))
    await engine.apply(hold("f1", "a", 3))
    await engine.apply(restock("f1", "a", 4, 2))
    await engine.apply(hold("f1", "a", -1))
    assert await levels(engine) == [Level("f1", "a", 9, 3, 2, 2), Level("f2", "a", 2, 0, 0, 1)]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(hold("f1", "a", 3), id="more than is left"),
        pytest.param(restock("f1", "a", -3), id="stock that is reserved"),
        pytest.param(restock("f1", "a", 0, 3), id="safety stock out of what is reserved"),
        pytest.param(hold("f1", "other", 1), id="of an article that was never there"),
        pytest.param(hold("f1", "a", 1, lapsed=2, restocked=1), id="what has lapsed"),
        pytest.param(hold("f1", "a", 1, lapsed=1, restocked=2), id="what was counted in another stock"),
    ],
)
async def test_what_is_not_there_is_refused(engine: Engine, change: Changeset) -> None:
    """A change that would leave less than is reserved is Short, names the level, and writes nothing."""
    await engine.apply(Changeset(restocks=(opened("f1", "a", 10, 3),)))
    await engine.apply(hold("f1", "a", 5))
    with pytest.raises(Short) as refused:
        await engine.apply(merged(change, creation("o1")))
    (article,) = {level.tenant_article_id for level in changes_of((change,))}
    assert (refused.value.facility_ref, refused.value.tenant_article_id) == ("f1", article)
    assert await levels(engine) == [Level("f1", "a", 10, 3, 5, 1)]
    assert await counts(engine) == Counts()


async def test_lapsed_pieces_stay_with_who_has_them(engine: Engine) -> None:
    """Pieces may be set aside beside lapsed ones as long as the stock is as it was when those were counted."""
    await engine.apply(Changeset(restocks=(opened("f1", "a", 10),)))
    await engine.apply(hold("f1", "a", 4, lapsed=6, restocked=1))
    with pytest.raises(Short):
        await engine.apply(hold("f1", "a", 1, lapsed=6, restocked=1))
    await engine.apply(restock("f1", "a", 1))
    with pytest.raises(Short):
        await engine.apply(hold("f1", "a", 1, lapsed=6, restocked=1))
    await engine.apply(hold("f1", "a", 1, lapsed=6, restocked=2))
    assert await levels(engine) == [Level("f1", "a", 11, 0, 5, 2)]


async def test_a_level_is_opened_once(engine: Engine) -> None:
    """Of many who bring the first stock one opens the level; the others are told to look again."""
    calls = [engine.apply(Changeset(restocks=(opened("f1", "a", number),))) for number in range(1, 17)]
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    (winner,) = [number for number, outcome in enumerate(outcomes, start=1) if outcome is None]
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [Stale] * 15
    assert await levels(engine) == [Level("f1", "a", winner, 0, 0, 1)]


async def test_giving_back_what_nobody_holds_is_a_fault_of_ours(engine: Engine) -> None:
    """The schema refuses a level with fewer than no pieces reserved, or there."""
    await engine.apply(Changeset(restocks=(opened("f1", "a", 3),)))
    for change in (hold("f1", "a", -1), restock("f1", "a", -4), restock("f1", "a", 0, -1)):
        with pytest.raises(RefusedBySchema):
            await engine.apply(merged(change, creation("o1")))
    assert await levels(engine) == [Level("f1", "a", 3, 0, 0, 1)]
    assert await counts(engine) == Counts()


async def test_nul_in_an_article_is_refused(engine: Engine) -> None:
    """A text that PostgreSQL cannot store is refused by both engines."""
    with pytest.raises(Invalid):
        await engine.apply(hold("f1", "a\0b", 1))


async def test_several_changes_of_one_level_add_up(engine: Engine) -> None:
    """Lines of one order that want the same article are served together, or not at all."""
    await engine.apply(Changeset(restocks=(opened("f1", "a", 5), opened("f1", "b", 1))))
    await engine.apply(merged(hold("f1", "a", 2), hold("f1", "a", 2), hold("f1", "b", 1), restock("f1", "a", 3)))
    with pytest.raises(Short) as refused:
        await engine.apply(merged(hold("f1", "a", 4), hold("f1", "b", 1)))
    assert refused.value.tenant_article_id == "b"
    with pytest.raises(Short):
        await engine.apply(merged(hold("f1", "a", 3), hold("f1", "a", 2)))
    assert await levels(engine) == [Level("f1", "a", 8, 0, 4, 2), Level("f1", "b", 1, 0, 1, 1)]


async def test_a_hold_shares_the_fate_of_its_order(engine: Engine) -> None:
    """Where the order is refused, nothing is set aside; where too little is there, the order is not written."""
    await engine.apply(Changeset(restocks=(opened("f1", "a", 5),)))
    await engine.apply(merged(creation("o1", key="k"), hold("f1", "a", 1)))
    with pytest.raises(Stale):
        await engine.apply(merged(edit("o1", 3), hold("f1", "a", 1)))
    with pytest.raises(Taken):
        await engine.apply(merged(creation("o2", key="k"), hold("f1", "a", 1)))
    with pytest.raises(Short):
        await engine.apply(merged(edit("o1", 2), hold("f1", "a", 5), Changeset(timers=(timer("o1"),))))
    assert await levels(engine) == [Level("f1", "a", 5, 0, 1, 1)]
    assert await counts(engine) == Counts(orders=1, events=1)


async def test_of_a_thousand_callers_exactly_those_are_served_for_whom_there_is_enough(
    engine: Engine, second_engine: Engine
) -> None:
    """1,000 orders over two nodes want one piece each of 100 in three facilities: 100 get one, the others are Short."""
    shares = {"f1": 34, "f2": 33, "f3": 33}
    await engine.apply(Changeset(restocks=tuple(opened(name, "a", pieces) for name, pieces in shares.items())))
    names = list(shares)
    calls = [
        (engine, second_engine)[number % 2].apply(
            merged(creation(f"o{number:04}"), hold(names[number % len(names)], "a", 1))
        )
        for number in range(CALLERS)
    ]
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [Short] * (CALLERS - PIECES)
    assert await levels(engine) == [Level(name, "a", pieces, 0, pieces, 1) for name, pieces in shares.items()]
    assert await counts(engine) == Counts(orders=PIECES, events=PIECES)
    served = [number for number, outcome in enumerate(outcomes) if outcome is None]
    assert all([await stored_order(engine, f"o{number:04}") is not None for number in served])


async def test_orders_over_the_same_levels_in_opposite_order_are_all_served(
    engine: Engine, second_engine: Engine
) -> None:
    """Callers who lock the same levels in opposite order wait for each other, and none is refused."""
    names = [f"a{number}" for number in range(6)]
    await engine.apply(Changeset(restocks=tuple(opened("f1", name, 80) for name in names)))
    forth = Changeset(holds=tuple(Hold(TENANT, "f1", name, 1) for name in names))
    back = forth._replace(holds=forth.holds[::-1])
    await asyncio.gather(
        *(engine.apply(merged(creation(f"o{number}"), forth)) for number in range(40)),
        *(second_engine.apply(merged(creation(f"p{number}"), back)) for number in range(40)),
    )
    assert await levels(engine) == [Level("f1", name, 80, 0, 80, 1) for name in names]


async def test_holds_releases_and_deliveries_at_once_add_up(engine: Engine, second_engine: Engine) -> None:
    """Whatever comes first: in the end a level has what was brought, and reserves what was held and not given back."""
    await engine.apply(Changeset(restocks=(opened("f1", "a", 60),)))
    await engine.apply(hold("f1", "a", 40))
    calls = [
        node.apply(merged(creation(f"{node.name}{side}{number}"), change))
        for number in range(20)
        for side, node in enumerate((engine, second_engine))
        for change in (Changeset(holds=(Hold(TENANT, "f1", "a", (-1, 1)[number % 2]),)),)
    ]
    calls += [engine.apply(Changeset(restocks=(Restock(TENANT, "f1", "a", 1),))) for _ in range(20)]
    assert set(await asyncio.gather(*calls)) == {None}
    assert await levels(engine) == [Level("f1", "a", 80, 0, 40, 21)]
