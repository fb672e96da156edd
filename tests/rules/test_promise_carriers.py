"""Who can send at all, with which carriers, and when goods are handed over and arrive."""

from __future__ import annotations

import pytest

from opendoms.kernel.duration import DAY_MS, HOUR_MS
from opendoms.promises.decide import decide
from opendoms.promises.model import (
    Address,
    CarrierWish,
    Facility,
    Product,
    Shipping,
    Transit,
)
from opendoms.promises.reasons import Reason
from tests.rules.promises import (
    COLOGNE,
    MUNICH,
    NOW,
    TODAY,
    Week,
    against,
    carrier,
    in_favour,
    ordered,
    sent,
    shop,
    situation,
)

CUTOFF_TODAY = TODAY * DAY_MS + 16 * HOUR_MS


@pytest.mark.parametrize(
    ("facility", "reason"),
    [
        (shop("b", status="SUSPENDED"), Reason.NOT_ONLINE),
        (shop("b", status="OFFLINE"), Reason.NOT_ONLINE),
        (shop("b", services=frozenset({"PICKUP"})), Reason.NO_SERVICE),
        (shop("b", carrier(active=False)), Reason.NO_CARRIER),
        (shop("b", carrier(targets=frozenset({"SHIP_TO_STORE"}))), Reason.NO_CARRIER),
        (shop("b", carrier(areas=frozenset({("DE", "80331")}))), Reason.NO_CARRIER),
        (shop("b", carrier(same_day=True)), Reason.NO_CARRIER),
        (shop("b")._replace(connections=()), Reason.NO_CARRIER),
        (shop("b", carrier(facility="never")), Reason.NO_HOURS),
        (shop("never"), Reason.NO_HOURS),
        (shop("b", carrier(transit=(301, 302))), Reason.NO_HOURS),
    ],
)
def test_who_cannot_send_is_ruled_out(facility: Facility, reason: Reason) -> None:
    """Though it would be nearer and first: the reason is told, and another place sends."""
    facility = facility._replace(address=COLOGNE)
    week = Week(never=frozenset({"never", "never/DHL_V2"}))
    stock = {facility.id: {"shirt": 1}, "z": {"shirt": 1}}
    plan = decide(ordered(("shirt", 1)), situation([facility, shop("z", address=MUNICH)], stock, calendar=week))
    assert list(sent(plan)) == ["z"]
    assert reason in against(plan, facility.id)


def test_without_any_carrier_in_the_hub_goods_are_sent_all_the_same() -> None:
    """As decision D62 has it: handed over when they are ready, and without a day of arrival."""
    bare = [shop(name)._replace(connections=()) for name in "ab"]
    plan = decide(ordered(("shirt", 1)), situation(bare, {"a": {"shirt": 1}, "b": {"shirt": 1}}))
    assert list(sent(plan)) == ["a"]
    assert plan.shipments[0].carriers == ()
    assert plan.shipments[0].hand_over == plan.shipments[0].ready == NOW + 2 * HOUR_MS


def test_the_carrier_that_takes_first_and_brings_first_is_the_first() -> None:
    """All that fit are offered; dates are those of the first."""
    carriers = (
        carrier("SLOW", "a", (3, 5)),
        carrier("FAST", "a", (1, 1)),
        carrier("EVENING", "a", (0, 0)),
        carrier("VAGUE", "a", products=(Product(),)),
    )
    calendar = Week(cutoffs={"a/EVENING": 20})
    plan = decide(ordered(("shirt", 1)), situation([shop("a", *carriers)], {"a": {"shirt": 1}}, calendar=calendar))
    (shipment,) = plan.shipments
    assert [option.connection.carrier_key for option in shipment.carriers] == ["FAST", "SLOW", "VAGUE", "EVENING"]
    assert shipment.hand_over == CUTOFF_TODAY
    arrival = shipment.carriers[0].arrival()
    assert arrival is not None
    assert (arrival.first_day, arrival.last_day) == (TODAY + 1, TODAY + 1)
    assert shipment.carriers[2].arrival() is None


@pytest.mark.parametrize(
    ("wishes", "keys"),
    [
        (Shipping(), ["FAST", "SLOW"]),
        (Shipping(carriers=(CarrierWish("SLOW"),)), ["SLOW"]),
        (Shipping(category="EXPRESS"), ["FAST"]),
        (Shipping(carriers=(CarrierWish("FAST", product="overnight"),)), ["FAST"]),
        (Shipping(carriers=(CarrierWish("FAST", product="freight"),)), []),
        (Shipping(carriers=(CarrierWish("FAST", services=frozenset({"SIGNATURE"})),)), ["FAST"]),
        (Shipping(carriers=(CarrierWish("FAST", services=frozenset({"IDENTITY_AGE_CHECK_18"})),)), []),
        (Shipping(category="EXPRESS", carriers=(CarrierWish("SLOW"),)), []),
    ],
)
def test_carriers_are_those_that_do_as_wished(wishes: Shipping, keys: list[str]) -> None:
    """By key, category, product and service; where none does, the facility cannot send."""
    express = Product("EXPRESS", "overnight", Transit(1, 1), services=frozenset({"SIGNATURE"}))
    facility = shop("a", carrier("FAST", "a", products=(express,)), carrier("SLOW", "a", (2, 3)))
    plan = decide(ordered(("shirt", 1), shipping=wishes), situation([facility], {"a": {"shirt": 1}}))
    offered = [option.connection.carrier_key for shipment in plan.shipments for option in shipment.carriers]
    assert offered == keys


@pytest.mark.parametrize(
    ("areas", "address", "sends"),
    [
        ({("DE", "50667")}, COLOGNE, True),
        ({("DE", "506*")}, COLOGNE, True),
        ({("DE", "*")}, COLOGNE, True),
        ({("NL", "*"), ("DE", "5066")}, COLOGNE, False),
        ({("DE", "80*"), ("DE", "50*")}, COLOGNE, True),
        ({("DE", "*")}, Address(), False),
        (set(), Address(), True),
    ],
)
def test_delivery_areas_narrow_where_a_carrier_goes(
    areas: set[tuple[str, str]], address: Address, *, sends: bool
) -> None:
    """By country and postal code, or the beginning of one; an address of which neither is known lies in no area."""
    facility = shop("a", carrier(facility="a", areas=frozenset(areas)))
    plan = decide(ordered(("shirt", 1), address=address), situation([facility], {"a": {"shirt": 1}}))
    assert list(sent(plan)) == (["a"] if sends else [])


@pytest.mark.parametrize(("cutoff", "transit", "sends"), [(16, (0, 0), True), (8, (0, 0), False), (16, (0, 1), False)])
def test_on_the_same_day_means_with_the_consumer_today(cutoff: int, transit: tuple[int, int], *, sends: bool) -> None:
    """A courier that takes it tomorrow, or may bring it tomorrow, is no answer."""
    facility = shop("a", carrier("COURIER", "a", transit, same_day=True), carrier("POST", "a", (0, 0)))
    calendar = Week(cutoffs={"a/COURIER": cutoff})
    order = ordered(("shirt", 1), shipping=Shipping(same_day=True))
    plan = decide(order, situation([facility], {"a": {"shirt": 1}}, calendar=calendar))
    offered = [option.connection.carrier_key for shipment in plan.shipments for option in shipment.carriers]
    assert offered == (["COURIER"] if sends else [])


def test_until_when_the_carrier_is_met_is_told_to_the_minute() -> None:
    """Ready two hours after the work begins, and taken at 16:00: whoever confirms by 14:00 meets it."""
    plan = decide(ordered(("shirt", 1)), situation([shop("a")], {"a": {"shirt": 1}}))
    holds_until = plan.shipments[0].carriers[0].holds_until
    assert holds_until is not None
    assert 0 <= CUTOFF_TODAY - 2 * HOUR_MS - holds_until < 60_000


def test_goods_that_arrive_after_the_wished_time_are_told_of() -> None:
    """The promise stands, and says so."""
    order = ordered(("shirt", 1), shipping=Shipping(wanted_at=NOW + HOUR_MS))
    plan = decide(order, situation([shop("a")], {"a": {"shirt": 1}}))
    assert against(plan, "a") == [Reason.ARRIVES_LATE]
    assert in_favour(plan, "a") == [Reason.HAS_ALL, Reason.HANDS_OVER, Reason.CHOSEN, Reason.ARRIVES]
