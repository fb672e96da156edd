"""What becomes of the goods of an order, and of the reasons of its promise, when the order loses its person."""

from __future__ import annotations

import asyncio

import pytest

from opendoms.app import retention_of
from opendoms.kernel.changeset import HUB, Changeset, Timer
from opendoms.kernel.refusal import Invalid, Unknown, VersionConflict
from opendoms.orders.store import ORDER
from opendoms.promises.goods import ORDER_RESERVATION
from opendoms.retention.actions import RetentionActions, Tally
from opendoms.retention.subjects import SUBJECTS
from opendoms.settings import Settings
from tests.databases import run_sql
from tests.promises.shops import DAY, HOUR, NOW, TENANT, Shops, until
from tests.promises.test_placed import preferring

AGE_DAYS = 100


async def ended(retention: RetentionActions) -> Tally:
    """What is due of orders now, done."""
    return await retention.batch(SUBJECTS[ORDER.kind], TENANT, await retention.policy(TENANT))


def counting_as_over(shops: Shops) -> RetentionActions:
    """Retention, where orders that nobody has ended count as over by their age."""
    age = Settings(log_requests=False, retention_open_orders_after=f"{AGE_DAYS}d")
    return retention_of(shops.hub._replace(settings=age))


async def test_the_reasons_go_with_the_person(shops: Shops) -> None:
    """They tell how far away the customer was, so they are there until the order is anonymised, and not after."""
    await shops.open("f1", {"a": 5})
    order_id = (await shops.promise(("a", 2), promisesOptions=until(NOW + HOUR)))["orderRef"]
    shops.clock.instant = NOW + 2 * HOUR
    await shops.run_timers()
    assert (await shops.order(order_id))["status"] == "OBSOLETE"
    assert b"f1" in await shops.actions.promises.explanation(TENANT, order_id)
    shops.clock.instant = NOW + 31 * DAY
    assert await ended(retention_of(shops.hub)) == Tally(anonymized=1)
    with pytest.raises(Unknown):
        await shops.actions.promises.explanation(TENANT, order_id)


@pytest.mark.parametrize("status", ["OPEN", "LOCKED"])
async def test_an_order_that_counts_as_over_lets_its_goods_go(shops: Shops, status: str) -> None:
    """At its age, in the write that takes the person out (decision D77); the feed tells both. The order stays."""
    await shops.open("f1", {"a": 5})
    order_id = (await shops.place(("a", 2), status=status))["id"]
    retention = counting_as_over(shops)
    shops.clock.instant = NOW + AGE_DAYS * DAY - 1
    assert await ended(retention) == Tally()
    assert await shops.available("a") == 3
    shops.clock.instant += 1
    assert await ended(retention) == Tally(anonymized=1)
    assert (await shops.held(order_id), await shops.available("a")) == ({}, 5)
    order = await shops.order(order_id)
    assert (order["status"], order["anonymized"], order["version"]) == (status, True, 2)
    assert (await shops.told(order_id))[-1] == "ORDER_ANONYMIZED"
    assert [each[1:] for each in await shops.history("RESERVATION")] == [
        ("RESERVATION_CREATED", None),
        ("RESERVATION_DELETED", {"reason": "RELEASED"}),
    ]
    await shops.is_sound()
    with pytest.raises(Invalid, match="anonymized"):
        await shops.edit(order_id, 2, customAttributes={"gift": True})
    await shops.act(order_id, "CANCEL", 2)
    await shops.is_sound()


async def test_an_order_that_is_deleted_at_once_lets_its_goods_go(shops: Shops) -> None:
    """Also where its person and all of it were due while no server ran."""
    await shops.open("f1", {"a": 5})
    order_id = (await shops.place(("a", 2)))["id"]
    shops.clock.instant = NOW + 1_000 * DAY
    assert await ended(counting_as_over(shops)) == Tally(deleted=1)
    assert (await shops.held(order_id), await shops.available("a")) == ({}, 5)
    assert (await shops.told(order_id))[-1] == "ORDER_DELETED"
    await shops.is_sound()


@pytest.mark.parametrize("deleted", [False, True])
async def test_no_goods_are_held_later_for_an_order_that_counts_as_over(
    shops: Shops,
    database_url: str,
    deleted: bool,  # noqa: FBT001 - a column of the table
) -> None:
    """The wish goes with the person, and whoever had it in hand already finds that it is past."""
    await shops.open("f1", {"a": 5})
    wished = NOW + 400 * DAY
    order_id = (await shops.place(("a", 2), **preferring("SCHEDULED", at=wished)))["id"]
    shops.clock.instant = NOW + (350 if deleted else AGE_DAYS) * DAY
    assert await ended(counting_as_over(shops)) == (Tally(deleted=1) if deleted else Tally(anonymized=1))
    assert await run_sql(database_url, "select kind from timers") == []
    shops.clock.instant = wished
    await shops.hub.db.apply(Changeset(timers=(Timer(TENANT, ORDER_RESERVATION, order_id, wished),)))
    assert await shops.run_timers() == [ORDER_RESERVATION]
    assert await shops.held(order_id) == {}
    await shops.is_sound()


async def test_the_history_of_reservations_names_the_order_and_nobody_who_asked(
    shops: Shops, database_url: str
) -> None:
    """The order's own history tells who asked, until retention takes the name out of it (decision D78)."""
    await shops.open("f1", {"a": 5})
    order_id = (await shops.promise(("a", 2)))["orderRef"]
    await shops.act(order_id, "CONFIRM_PROMISE")
    await shops.act(order_id, "CANCEL", 2)
    told = await run_sql(
        database_url, "select type, actor, cause from events where entity_kind = 'RESERVATION' order by seq"
    )
    assert [tuple(row) for row in told] == [
        (f"RESERVATION_{kind}", HUB, f"order {order_id}") for kind in ("CREATED", "UPDATED", "DELETED")
    ]


async def test_goods_that_are_cancelled_and_forgotten_at_once_come_back_once(shops: Shops) -> None:
    """Whoever is first lets the goods of an order go, and the other finds nothing left to let go."""
    await shops.open("f1", {"a": 20})
    ids = [(await shops.place(("a", 2)))["id"] for _ in range(10)]
    shops.clock.instant = NOW + AGE_DAYS * DAY
    cancelled = [shops.act(order_id, "CANCEL") for order_id in ids]
    retention = counting_as_over(shops)
    tally, *outcomes = await asyncio.gather(ended(retention), *cancelled, return_exceptions=True)
    assert isinstance(tally, Tally)
    # One that is cancelled while the due ones are looked for stands in neither list, and has the next turn.
    assert tally.plus(await ended(retention)) == Tally(anonymized=10)
    assert all(isinstance(each, (dict, VersionConflict)) for each in outcomes)
    assert await shops.available("a") == 20
    reasons = [detail for _, kind, detail in await shops.history("RESERVATION") if kind == "RESERVATION_DELETED"]
    assert reasons == [{"reason": "RELEASED"}] * 10
    await shops.is_sound()
