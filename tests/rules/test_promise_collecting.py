"""Orders that are collected: what comes from the store, what from its suppliers, and when all of it is there."""

from __future__ import annotations

from typing import Any

import pytest

from opendoms.kernel.duration import DAY_MS, HOUR_MS
from opendoms.promises.decide import decide
from opendoms.promises.grounds import considerations
from opendoms.promises.model import (
    Collect,
    Facility,
    Service,
    SupplyingFacility,
)
from opendoms.promises.reasons import Reason
from tests.rules.promises import (
    NOW,
    TODAY,
    Week,
    against,
    carrier,
    ordered,
    pieces,
    sent,
    shop,
    situation,
)

BUNDLE = Service((("cup", 1), ("tea", 2)), bundled=True)


def collecting(*suppliers: SupplyingFacility, **more: Any) -> Collect:
    """Collection at shop a."""
    return Collect("a", suppliers, **more)


def test_what_is_collected_comes_from_the_facility_itself_first() -> None:
    """Suppliers give what it lacks, and no more."""
    order = ordered(("shirt", 3), ("belt", 1), collect=collecting(SupplyingFacility("b"), SupplyingFacility("c")))
    stock = {"a": {"shirt": 2}, "b": {"shirt": 9, "belt": 9}, "c": {"shirt": 1}, "d": {"shirt": 9, "belt": 9}}
    plan = decide(order, situation([shop(name) for name in "abcd"], stock))
    assert plan.collection is not None
    assert pieces(plan.collection.items) == {"shirt": 2}
    assert sent(plan) == {"b": {"shirt": 1, "belt": 1}}
    assert plan.shipments[0].target == "SHIP_TO_STORE"
    assert [each.facility for each in considerations(plan.grounds)] == ["a", "b", "c"]
    assert against(plan, "c") == [Reason.NOT_LISTED, Reason.TOO_FEW, Reason.NOT_NEEDED]


def test_a_bundle_that_the_store_has_is_collected_whole() -> None:
    """Loose pieces of the same articles then come from a supplier; a bundle that only the supplier has comes whole."""
    order = ordered(("cup", 2), ("tea", 2), services=(BUNDLE,), collect=collecting(SupplyingFacility("b")))
    whole = {"a": {"cup": 1, "tea": 2}, "b": {"cup": 1}}
    plan = decide(order, situation([shop("a"), shop("b")], whole))
    assert plan.collection is not None
    assert pieces(plan.collection.items) == {"cup": 1, "tea": 2}
    assert sent(plan) == {"b": {"cup": 1}}
    alone = decide(order, situation([shop("a"), shop("b")], {**whole, "b": {}}))
    assert (sent(alone), pieces(alone.missing)) == ({}, {"cup": 1})
    supplied = decide(order, situation([shop("a"), shop("b")], {"a": {"cup": 1}, "b": {"cup": 1, "tea": 2}}))
    assert supplied.collection is not None
    assert pieces(supplied.collection.items) == {"cup": 1}
    assert sent(supplied) == {"b": {"cup": 1, "tea": 2}}


def test_what_others_send_to_the_store_is_collected_when_it_is_there() -> None:
    """Handed over today, there by the end of the day after tomorrow, and fetched when the store opens next."""
    order = ordered(("shirt", 1), collect=collecting(SupplyingFacility("b")))
    plan = decide(order, situation([shop("a"), shop("b")], {"a": {"shirt": 0}, "b": {"shirt": 1}}))
    assert plan.collection is not None
    assert (plan.collection.items, plan.collection.target_time) == ((), (TODAY + 3) * DAY_MS - 1)


@pytest.mark.parametrize(
    ("wanted_at", "told"), [(NOW + DAY_MS, NOW + DAY_MS), (NOW + HOUR_MS, NOW + 2 * HOUR_MS), (None, NOW + 2 * HOUR_MS)]
)
def test_a_wished_time_counts_where_it_can_be_kept(wanted_at: int | None, told: int) -> None:
    """A time that is too early becomes the earliest that can be kept."""
    order = ordered(("shirt", 1), collect=collecting(wanted_at=wanted_at))
    plan = decide(order, situation([shop("a")], {"a": {"shirt": 1}}))
    assert plan.collection is not None
    assert plan.collection.target_time == told
    hard = decide(order._replace(target_time=NOW + 3 * DAY_MS), situation([shop("a")], {"a": {"shirt": 1}}))
    assert hard.collection is not None
    assert hard.collection.target_time == NOW + 3 * DAY_MS


def test_a_supplier_may_send_to_the_consumer_instead() -> None:
    """Where that is all that it may; the store hands over its own."""
    supplier = SupplyingFacility("b", ("SHIP_TO_CUSTOMER",))
    order = ordered(("shirt", 2), collect=collecting(supplier))
    plan = decide(order, situation([shop("a"), shop("b")], {"a": {"shirt": 1}, "b": {"shirt": 1}}))
    assert [shipment.target for shipment in plan.shipments] == ["SHIP_TO_CUSTOMER"]
    assert plan.collection is not None
    assert pieces(plan.collection.items) == {"shirt": 1}


def test_to_the_store_comes_before_to_the_consumer() -> None:
    """Where a carrier goes to the store; otherwise the supplier sends to the consumer."""
    order = ordered(("shirt", 1), collect=collecting(SupplyingFacility("b", ("SHIP_TO_STORE", "SHIP_TO_CUSTOMER"))))
    stock = {"a": {"shirt": 0}, "b": {"shirt": 1}}
    assert decide(order, situation([shop("a"), shop("b")], stock)).shipments[0].target == "SHIP_TO_STORE"
    only = shop("b", carrier(facility="b", targets=frozenset({"SHIP_TO_CUSTOMER"})))
    plan = decide(order, situation([shop("a"), only], stock))
    assert plan.shipments[0].target == "SHIP_TO_CUSTOMER"
    assert plan.collection is None


def test_a_warehouse_that_sends_to_no_consumer_supplies_a_store() -> None:
    """It needs to be online and nothing else."""
    warehouse = shop("b", services=frozenset())
    order = ordered(("shirt", 1), collect=collecting(SupplyingFacility("b")))
    plan = decide(order, situation([shop("a"), warehouse], {"a": {"shirt": 0}, "b": {"shirt": 1}}))
    assert sent(plan) == {"b": {"shirt": 1}}


@pytest.mark.parametrize(
    ("facility", "reason"),
    [
        (shop("a", services=frozenset({"SHIP_FROM_STORE"})), Reason.NO_SERVICE),
        (shop("a", status="OFFLINE"), Reason.NOT_ONLINE),
        (None, Reason.UNKNOWN),
    ],
)
def test_where_nothing_can_be_collected_nothing_is_promised(facility: Facility | None, reason: Reason) -> None:
    """Neither from the store nor by its suppliers, whatever they have."""
    order = ordered(("shirt", 1), collect=collecting(SupplyingFacility("b")))
    facilities = [shop("b"), *([facility] if facility else [])]
    plan = decide(order, situation(facilities, {"a": {"shirt": 1}, "b": {"shirt": 1}}))
    assert (plan.shipments, plan.collection, pieces(plan.missing)) == ((), None, {"shirt": 1})
    assert against(plan, "a") == [reason]
    assert against(plan, "b")[-1] == Reason.COLLECT_IMPOSSIBLE


def test_a_store_without_hours_promises_nothing() -> None:
    """Who does not open within what the calendar looks ahead cannot tell when goods are ready."""
    order = ordered(("shirt", 1), collect=Collect("never"))
    plan = decide(order, situation([shop("never")], {"never": {"shirt": 1}}, calendar=Week(never=frozenset({"never"}))))
    assert (plan.collection, pieces(plan.missing)) == (None, {"shirt": 1})
    assert against(plan, "never") == [Reason.NO_HOURS]
