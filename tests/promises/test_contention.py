"""Many who want the same goods at once: as many are served as there are pieces, and the others are told the truth."""

from __future__ import annotations

import asyncio

import pytest

from opendoms.kernel.changeset import Short
from opendoms.kernel.refusal import Conflict, Unknown
from opendoms.orders.contended import SHORT_MAX
from tests.promises.shops import HOUR, NOW, ORIGIN, TENANT, Document, Shops, asked, until

FACILITIES = {"f1": 34, "f2": 33, "f3": 33}
CALLERS = 1_000
END = NOW + HOUR


def sent(answer: Document) -> int:
    """The pieces that a promise sends."""
    return sum(item["quantity"] for shipment in answer["shipToCustomer"] for item in shipment["lineItems"])


def missing(answer: Document) -> int:
    """The pieces that it says nobody has."""
    return sum(item["quantity"] for item in answer["sourcingOption"].get("nonAssignedOrderLineItems", ()))


@pytest.mark.slow
async def test_a_thousand_promises_for_a_hundred_pieces(shops: Shops, neighbour: Shops) -> None:
    """Over two nodes: 100 pieces are promised, 900 callers hear that nobody has one; then all of it is free again."""
    for name, pieces in FACILITIES.items():
        await shops.open(name, {"a": pieces})
    nodes = (shops, neighbour)
    answers = await asyncio.gather(
        *(nodes[n % 2].promise(("a", 1), promisesOptions=until(END)) for n in range(CALLERS))
    )
    assert (sum(map(sent, answers)), sum(map(missing, answers))) == (100, 900)
    assert await shops.available("a") == 0
    await shops.is_sound()
    told = await shops.history()
    assert len(told) == CALLERS
    assert sum(len(detail["reserved"]) for _, _, detail in told if detail is not None) == 100
    shops.clock.instant = END
    assert await neighbour.available("a") == 100
    again = await asyncio.gather(*(nodes[n % 2].promise(("a", 5)) for n in range(20)))
    assert sum(map(sent, again)) == 100
    await shops.is_sound()


@pytest.mark.slow
async def test_lines_of_several_articles_and_pieces_are_never_promised_twice(shops: Shops) -> None:
    """Orders that overlap in part, placed and promised, confirmed and cancelled at once: the tables agree."""
    ids = [await shops.open(name, {"a": 6, "b": 4, "c": 9}) for name in FACILITIES]

    async def customer(number: int) -> None:
        amounts = [("a", 1 + number % 2), ("b", 1), ("c", 1 + number % 4)][number % 3 :]
        if number % 4 == 0:
            await shops.place(*amounts)
            return
        answer = await shops.promise(*amounts)
        if number % 4 == 1:
            await shops.act(answer["orderRef"], "CONFIRM_PROMISE")
        if number % 4 == 2:
            await shops.act(answer["orderRef"], "CANCEL")
        if number % 10 == 3:
            await shops.bring(ids[0], {"a": 1})

    await asyncio.gather(*(customer(number) for number in range(60)))
    await shops.is_sound()


async def test_whoever_is_always_too_late_hears_the_truth_in_the_end(
    shops: Shops, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a bounded number of tries nothing is held, and what was wanted is told as missing."""
    await shops.open("f1", {"a": 3})
    tries = 0
    apply = shops.hub.db.apply

    async def too_late(changes: object) -> None:
        nonlocal tries
        tries += 1
        if changes.holds:  # type: ignore[attr-defined]  # a changeset
            raise Short("f1", "a")
        await apply(changes)  # type: ignore[arg-type]  # as above

    with monkeypatch.context() as patched:
        patched.setattr(shops.hub.db, "apply", too_late)
        answer = await shops.promise(("a", 1))
    assert tries == 1 + SHORT_MAX + 1
    assert (sent(answer), missing(answer), await shops.held(answer["orderRef"])) == (0, 1, {})
    assert await shops.available("a") == 3


async def test_a_change_on_one_node_counts_for_the_next_promise_on_another(shops: Shops, neighbour: Shops) -> None:
    """Facilities and connections that are kept in memory are those that are stored: changed, new, and gone."""
    first = await shops.open("f1", {"a": 3})
    assert await from_where(neighbour) == [first]
    offline = {"version": 1, "actions": [{"action": "ModifyFacility", "status": "OFFLINE"}]}
    await shops.actions.facilities.change(first, offline, ORIGIN)
    assert await from_where(neighbour) == []
    second = await shops.open("f2", {"a": 3})
    assert await from_where(neighbour) == [second]
    carrier, _ = await shops.actions.carriers.create({"key": "DHL_V2", "name": "DHL", "status": "ACTIVE"}, ORIGIN)
    area = {"deliveryAreas": [{"country": "AT", "postalCode": "*"}], "status": "ACTIVE"}
    await shops.actions.connections.connect(second, carrier, area, ORIGIN)
    assert await from_where(neighbour) == []
    await shops.actions.connections.update(second, carrier, {"version": 1, "deliveryAreas": []}, ORIGIN)
    assert await from_where(neighbour) == [second]
    inactive = {"action": "ModifyCarrier", "status": "INACTIVE"}
    await shops.actions.carriers.change(carrier, {"version": 1, "actions": [inactive]}, ORIGIN)
    assert await from_where(neighbour) == []
    await shops.actions.facilities.delete(second, ORIGIN, force=True)
    third = await shops.open("f3", {"a": 3})
    assert await from_where(neighbour) == [third]


async def from_where(node: Shops) -> list[str]:
    """The facilities that would send one piece; the promise is taken back."""
    promised = await node.actions.promises.promise(asked(("a", 1)), ORIGIN)
    order = await node.held(promised.order_id)
    await node.act(promised.order_id, "CANCEL")
    return list(order)


async def test_a_shop_that_is_deleted_while_promises_are_made_owes_nothing(shops: Shops, neighbour: Shops) -> None:
    """Where a promise came first, the shop stays and holds its pieces; else it is gone, with nothing left behind."""
    opened = {await shops.open(name, {"a": 4}) for name in ("f1", "f2", "f3", "f4")}
    refused = set()

    async def close(facility: str, node: Shops) -> None:
        try:
            await node.actions.facilities.delete(facility, ORIGIN, force=True)
        except Conflict:
            refused.add(facility)

    closings = [close(facility, node) for facility, node in zip(sorted(opened), [shops, neighbour] * 2, strict=True)]
    answers = await asyncio.gather(*(shops.promise(("a", 1)) for _ in range(8)), *closings)
    held = [await shops.held(answer["orderRef"]) for answer in answers if answer is not None]
    assert {facility for each in held for facility in each} <= refused
    assert sum(sum(each.values()) for each in held) + sum(missing(answer) for answer in answers if answer) == 8
    for facility in opened - refused:
        with pytest.raises(Unknown):
            await shops.actions.facilities.read(TENANT, facility)
    await shops.is_sound()
