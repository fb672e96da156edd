"""What becomes of the goods of a promise when it is confirmed, extended, cancelled, or runs out."""

from __future__ import annotations

import asyncio

import pytest

from opendoms.configuration.order_cancelation import ORDER_CANCELATION as FORCE
from opendoms.kernel.clock import text_of
from opendoms.kernel.refusal import Refusal, Unknown, VersionConflict
from opendoms.orders.rules.acting import PROMISE_EXPIRY
from tests.promises.shops import HOUR, MINUTE, NOW, ORIGIN, Shops, until

END = NOW + HOUR
FORCED = {"allowForceCancelOrder": True}


async def test_a_confirmed_promise_keeps_its_goods_for_good(shops: Shops) -> None:
    """The order is OPEN, its reservation has no end any more, its timer is gone; long after, nobody else gets them."""
    shop = await shops.open("f1", {"a": 5})
    answer = await shops.promise(("a", 2), promisesOptions=until(END))
    order = await shops.act(answer["orderRef"], "CONFIRM_PROMISE", tenantOrderId="shop-1")
    assert (order["status"], order["version"], order["tenantOrderId"]) == ("OPEN", 2, "shop-1")
    assert order["promisesOptions"] == until(END)
    (held,) = await shops.actions.inventory.reserving.of_order("acme", order["id"])
    assert ("validUntil" in held, held["quantity"], held["facilityRef"]) == (False, 2, shop)
    shops.clock.instant = END + HOUR
    assert await shops.run_timers() == []
    assert await shops.available("a") == 3
    assert await shops.told(order["id"]) == ["ORDER_PROMISED", "ORDER_CREATED"]
    await shops.is_sound()


async def test_an_extended_promise_keeps_its_goods_longer(shops: Shops) -> None:
    """Decision D5: order, reservation and timer have the new end; nothing happens at the old one."""
    await shops.open("f1", {"a": 5})
    order_id = (await shops.promise(("a", 2), promisesOptions=until(END)))["orderRef"]
    shops.clock.instant = END - MINUTE
    order = await shops.act(order_id, "EXTEND_PROMISE")
    new_end = END - MINUTE + 8 * HOUR
    assert order["promisesOptions"] == until(new_end)
    (held,) = await shops.actions.inventory.reserving.of_order("acme", order_id)
    assert held["validUntil"] == text_of(new_end)
    shops.clock.instant = new_end - 1
    assert await shops.run_timers() == []
    assert await shops.available("a") == 3
    shops.clock.instant = new_end
    assert await shops.available("a") == 5
    assert await shops.run_timers() == [PROMISE_EXPIRY]
    assert await shops.told(order_id) == ["ORDER_PROMISED", "ORDER_PROMISE_EXTENDED", "ORDER_PROMISE_EXPIRED"]
    await shops.is_sound()


@pytest.mark.parametrize("name", ["CANCEL", "FORCE_CANCEL"])
@pytest.mark.parametrize("first", [None, "EXTEND_PROMISE", "CONFIRM_PROMISE"])
async def test_a_cancelled_order_lets_its_goods_go(shops: Shops, name: str, first: str | None) -> None:
    """Promised, extended or confirmed: with the order its reservation ends, and the reason of the end is told."""
    await shops.actions.configurations.put(FORCE, {**FORCED, "version": 0}, ORIGIN)
    await shops.open("f1", {"a": 5})
    order_id = (await shops.promise(("a", 2)))["orderRef"]
    if first is not None:
        await shops.act(order_id, first)
    order = await shops.act(order_id, name, 1 if first is None else 2)
    assert order["status"] == "CANCELLED"
    assert await shops.held(order_id) == {}
    assert await shops.available("a") == 5
    assert (await shops.history("RESERVATION"))[-1][1:] == ("RESERVATION_DELETED", {"reason": "RELEASED"})
    shops.clock.instant += 10 * HOUR
    assert await shops.run_timers() == []
    await shops.is_sound()


async def test_a_refused_action_leaves_goods_alone(shops: Shops) -> None:
    """An old version, and a forced cancelation that is switched off: nothing is let go."""
    shop = await shops.open("f1", {"a": 5})
    order_id = (await shops.promise(("a", 2)))["orderRef"]
    with pytest.raises(VersionConflict):
        await shops.act(order_id, "CANCEL", 7)
    with pytest.raises(Refusal):
        await shops.act(order_id, "FORCE_CANCEL")
    assert await shops.held(order_id) == {shop: 2}
    assert (await shops.order(order_id))["version"] == 1


async def test_a_promise_that_ran_out_gives_its_goods_back(shops: Shops) -> None:
    """At its end, not before: OBSOLETE, and its reservation is gone with the reason."""
    await shops.open("f1", {"a": 5})
    order_id = (await shops.promise(("a", 2), promisesOptions=until(END)))["orderRef"]
    shops.clock.instant = END - 1
    assert await shops.run_timers() == []
    shops.clock.instant = END
    assert await shops.run_timers() == [PROMISE_EXPIRY]
    assert (await shops.order(order_id))["status"] == "OBSOLETE"
    assert await shops.held(order_id) == {}
    assert (await shops.history("RESERVATION"))[-1][1:] == ("RESERVATION_DELETED", {"reason": "EXPIRED"})
    await shops.is_sound()


async def test_the_end_counts_although_no_timer_has_run(shops: Shops) -> None:
    """A ms before it the promise can be confirmed and nobody gets its piece; at it, somebody gets it and it cannot."""
    await shops.open("f1", {"a": 1})
    first = await shops.promise(("a", 1), promisesOptions=until(END))
    shops.clock.instant = END - 1
    assert (await shops.promise(("a", 1)))["shipToCustomer"] == []
    shops.clock.instant = END
    second = await shops.promise(("a", 1))
    assert len(second["shipToCustomer"]) == 1
    for name in ("CONFIRM_PROMISE", "EXTEND_PROMISE"):
        with pytest.raises(Unknown):
            await shops.act(first["orderRef"], name)
    assert (await shops.order(first["orderRef"]))["status"] == "PROMISED"
    assert PROMISE_EXPIRY in await shops.run_timers()
    assert (await shops.order(first["orderRef"]))["status"] == "OBSOLETE"
    assert await shops.held(second["orderRef"]) != {}
    await shops.is_sound()


@pytest.mark.slow
async def test_confirming_and_the_next_customer_race_at_the_end_of_a_promise(shops: Shops, neighbour: Shops) -> None:
    """Each of ten pieces goes to its promise, confirmed before the end, or to somebody else after it; never to both.

    The clock strikes in the middle of it; confirmations, the timers and new promises come from two nodes.
    """
    await shops.open("f1", {"a": 10})
    promises = [(await shops.promise(("a", 1), promisesOptions=until(END)))["orderRef"] for _ in range(10)]
    shops.clock.instant = END - 1

    async def strike() -> None:
        for _ in range(6):
            await asyncio.sleep(0)
        shops.clock.instant = END

    confirmations = [(shops, neighbour)[n % 2].act(order_id, "CONFIRM_PROMISE") for n, order_id in enumerate(promises)]
    newcomers = [(shops, neighbour)[n % 2].promise(("a", 1)) for n in range(10)]
    await asyncio.gather(*confirmations, strike(), *newcomers, neighbour.run_timers(), return_exceptions=True)
    await shops.run_timers()
    await neighbour.promise(("a", 10))
    confirmed = [order_id for order_id in promises if (await shops.order(order_id))["status"] == "OPEN"]
    assert [len(await shops.held(order_id)) for order_id in confirmed] == [1] * len(confirmed)
    assert await shops.available("a") == 0
    await shops.is_sound()


async def test_confirming_what_was_cleared_away_meanwhile_is_too_late(
    shops: Shops, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock strikes after the order was read: its pieces went to somebody else, and the confirmation is refused."""
    await shops.open("f1", {"a": 1})
    order_id = (await shops.promise(("a", 1), promisesOptions=until(END)))["orderRef"]
    shops.clock.instant = END - 1
    read = shops.actions.orders.read

    async def read_and_strike(tenant: str, order: str) -> bytes:
        stored = await read(tenant, order)
        if shops.clock.instant < END:
            shops.clock.instant = END
            assert len((await shops.promise(("a", 1)))["shipToCustomer"]) == 1
        return stored

    monkeypatch.setattr(shops.actions.orders, "read", read_and_strike)
    with pytest.raises(Unknown):
        await shops.act(order_id, "CONFIRM_PROMISE")
    assert (await shops.order(order_id))["status"] == "PROMISED"
    await shops.is_sound()


async def test_goods_are_let_go_on_a_node_that_has_not_heard_of_stock_yet(shops: Shops, neighbour: Shops) -> None:
    """The first stock came in through another node a moment ago: what is held by then is found all the same."""
    await neighbour.place(("a", 1))  # looks for stock, and remembers for a moment that there is none
    await shops.open("f1", {"a": 2})
    order = await shops.place(("a", 2))
    await neighbour.act(order["id"], "CANCEL")
    assert await shops.available("a") == 2
    await shops.is_sound()
