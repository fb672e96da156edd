"""Orders that are placed without a promise: their goods are held as well, when they want it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from opendoms.configuration.order_modification import ORDER_MODIFICATION as MODIFICATION
from opendoms.db.engine import Parameters, Row
from opendoms.db.sqlfile import Query
from opendoms.inventory.actions.supplies import WITHOUT_S
from opendoms.kernel.clock import text_of
from opendoms.promises.goods import ORDER_RESERVATION
from tests.promises.shops import DAY, HOUR, NOW, ORIGIN, Shops, asked

EDITABLE = {"allowOrderLineItemModification": True, "version": 0}


def preferring(mode: str, **more: Any) -> dict[str, Any]:
    """Delivery preferences with a wish when to reserve."""
    at = more.pop("at", None)
    wish = {"mode": mode, **({"reservationTime": text_of(at)} if at is not None else {})}
    return {"deliveryPreferences": {"reservationPreferences": wish, **more}}


@pytest.mark.parametrize("status", ["OPEN", "LOCKED"])
async def test_the_goods_of_an_order_are_held_for_good(shops: Shops, status: str) -> None:
    """As many as there are; the event of the order says which pieces, and which not."""
    shop = await shops.open("f1", {"a": 5, "b": 0})
    order = await shops.place(("a", 2), ("b", 1), status=status)
    assert (order["status"], order["version"]) == (status, 1)
    assert await shops.held(order["id"]) == {shop: 2}
    shops.clock.instant += 100 * DAY
    assert await shops.available("a") == 3
    ((_, kind, detail),) = await shops.history()
    a_line, b_line = (line["id"] for line in order["orderLineItems"])
    assert (kind, detail) == (
        "ORDER_CREATED",
        {
            "reserved": [{"orderLineItemId": a_line, "facilityRef": shop, "tenantArticleId": "a", "quantity": 2}],
            "unreserved": [{"orderLineItemId": b_line, "tenantArticleId": "b", "quantity": 1}],
        },
    )
    await shops.is_sound()


async def test_a_cancelled_order_lets_its_goods_go(shops: Shops) -> None:
    """They can be had again at once."""
    await shops.open("f1", {"a": 2})
    order = await shops.place(("a", 2))
    await shops.act(order["id"], "CANCEL")
    assert await shops.available("a") == 2
    await shops.is_sound()


async def test_goods_are_held_at_the_time_that_the_order_names(shops: Shops) -> None:
    """SCHEDULED: nothing before, then what there is; the order tells it as its next version."""
    shop = await shops.open("f1", {"a": 3})
    order = await shops.place(("a", 2), **preferring("SCHEDULED", at=NOW + HOUR))
    assert await shops.held(order["id"]) == {}
    assert (await shops.history())[0][2] == {"reservedFrom": text_of(NOW + HOUR)}
    assert await shops.run_timers() == []
    shops.clock.instant = NOW + HOUR
    assert await shops.run_timers() == [ORDER_RESERVATION]
    assert await shops.held(order["id"]) == {shop: 2}
    assert ((await shops.order(order["id"]))["version"], await shops.told(order["id"])) == (
        2,
        ["ORDER_CREATED", "ORDER_RESERVED"],
    )
    shops.clock.instant += DAY
    assert await shops.run_timers() == []
    await shops.is_sound()


async def test_a_time_that_has_passed_is_now(shops: Shops) -> None:
    """SCHEDULED for a moment ago holds at once."""
    shop = await shops.open("f1", {"a": 3})
    order = await shops.place(("a", 2), **preferring("SCHEDULED", at=NOW))
    assert await shops.held(order["id"]) == {shop: 2}


async def test_goods_are_held_as_late_as_possible(shops: Shops) -> None:
    """ALAP: three days and the time that the goods take before they are wanted; without such a time, at once."""
    shop = await shops.open("f1", {"a": 3})
    wished = NOW + 10 * DAY
    order = await shops.place(("a", 1), **preferring("ALAP", shipping={"desiredDeliveryTime": text_of(wished)}))
    due = wished - 4 * HOUR - 3 * DAY  # the shop works around the clock, and takes 240 minutes
    assert (await shops.history())[0][2] == {"reservedFrom": text_of(due)}
    shops.clock.instant = due - 1
    assert await shops.run_timers() == []
    shops.clock.instant = due
    assert await shops.run_timers() == [ORDER_RESERVATION]
    assert await shops.held(order["id"]) == {shop: 1}
    at_once = await shops.place(("a", 1), **preferring("ALAP"))
    assert await shops.held(at_once["id"]) == {shop: 1}


@pytest.mark.parametrize("mode", ["cancelled", "sold out"])
async def test_nothing_is_held_later_for_an_order_that_is_over_or_that_nobody_can_serve(
    shops: Shops, mode: str
) -> None:
    """The timer ends, the order stays as it is."""
    await shops.open("f1", {"a": 3})
    order = await shops.place(("a", 2), **preferring("SCHEDULED", at=NOW + HOUR))
    if mode == "cancelled":
        await shops.act(order["id"], "CANCEL")
    else:
        await shops.place(("a", 3))
    before = await shops.order(order["id"])
    shops.clock.instant = NOW + HOUR
    assert await shops.run_timers() == [ORDER_RESERVATION]
    assert await shops.order(order["id"]) == before
    assert await shops.held(order["id"]) == {}


async def test_goods_follow_the_lines_of_an_order(shops: Shops) -> None:
    """Another quantity, another line: held anew in one step, of its own pieces too; other changes leave them alone."""
    await shops.actions.configurations.put(MODIFICATION, EDITABLE, ORIGIN)
    shop = await shops.open("f1", {"a": 3, "b": 1})
    order = await shops.place(("a", 2))
    (line,) = order["orderLineItems"]
    edited = await shops.edit(order["id"], 1, customAttributes={"gift": True})
    assert len(await shops.history("RESERVATION")) == 1
    more = {"quantity": 1, "article": {"tenantArticleId": "b", "title": "b"}}
    edited = await shops.edit(order["id"], 2, orderLineItems=[{**line, "quantity": 3}, more])
    assert await shops.held(order["id"]) == {shop: 4}
    assert (await shops.available("a"), await shops.available("b")) == (0, 0)
    detail = (await shops.history())[-1][2]
    assert detail is not None
    assert [each["quantity"] for each in detail["reserved"]] == [3, 1]
    await shops.edit(order["id"], 3, orderLineItems=[edited["orderLineItems"][1]])
    assert (await shops.held(order["id"]), await shops.available("a")) == ({shop: 1}, 3)
    await shops.is_sound()


async def test_the_edited_lines_of_a_promise_are_held_until_its_end(shops: Shops) -> None:
    """What is held anew for a promise ends with it."""
    await shops.actions.configurations.put(MODIFICATION, EDITABLE, ORIGIN)
    await shops.open("f1", {"a": 3})
    order = await shops.order((await shops.promise(("a", 1)))["orderRef"])
    (line,) = order["orderLineItems"]
    await shops.edit(order["id"], 1, orderLineItems=[{**line, "quantity": 2}])
    (held,) = await shops.actions.inventory.reserving.of_order("acme", order["id"])
    assert (held["quantity"], held["validUntil"]) == (2, order["promisesOptions"]["validUntil"])


async def test_a_tenant_without_stock_reads_nothing_more(shops: Shops, monkeypatch: pytest.MonkeyPatch) -> None:
    """Placing orders costs one look whether there is stock at all, and not for each; their events are as they were."""
    reads: list[str] = []
    row = shops.hub.db.row

    async def noted(query: Query, parameters: Parameters) -> Row | None:
        reads.append(query.name)
        return await row(query, parameters)

    async def refused(query: Query, parameters: Parameters) -> list[Row]:
        raise AssertionError(query.name)

    with monkeypatch.context() as patched:
        patched.setattr(shops.hub.db, "row", noted)
        patched.setattr(shops.hub.db, "rows", refused)
        order_id, _ = await shops.actions.orders.create(asked(("a", 2)), ORIGIN)
        await shops.actions.orders.create(asked(("a", 2)), ORIGIN)
    assert reads == ["any_level"]
    assert [(kind, detail) for _, kind, detail in await shops.history()] == [("ORDER_CREATED", None)] * 2
    assert (await shops.order(order_id))["status"] == "OPEN"


async def test_the_first_stock_of_a_tenant_counts_for_the_next_order(shops: Shops) -> None:
    """Although the node knew a moment ago that there is none."""
    await shops.place(("a", 1))
    shop = await shops.open("f1", {"a": 3})
    order = await shops.place(("a", 1))
    assert await shops.held(order["id"]) == {shop: 1}


async def test_the_first_stock_counts_on_other_nodes_when_they_look_again(
    shops: Shops, neighbour: Shops, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They remember for a second that there is none; from then on it counts there as well, and for good."""
    await neighbour.place(("a", 1))
    shop = await shops.open("f1", {"a": 3})
    loop = asyncio.get_running_loop()
    later = loop.time() + WITHOUT_S
    monkeypatch.setattr(loop, "time", lambda: later)
    order = await neighbour.place(("a", 1))
    monkeypatch.undo()
    assert await neighbour.held(order["id"]) == {shop: 1}
    order = await neighbour.place(("a", 1))
    assert await neighbour.held(order["id"]) == {shop: 1}
