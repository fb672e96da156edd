"""The steps of a promise, one named case each: who may serve, from how many places, and which."""

from __future__ import annotations

from typing import Any

import pytest

from opendoms.kernel.duration import DAY_MS, HOUR_MS
from opendoms.promises.decide import decide
from opendoms.promises.demand import demand_of
from opendoms.promises.model import (
    Address,
    CarrierWish,
    Collect,
    Facility,
    Product,
    Service,
    Shipping,
    SupplyingFacility,
    Transit,
)
from opendoms.promises.needs import needs_of, units_of
from opendoms.promises.plan import Reason
from tests.rules.promises import (
    BONN,
    COLOGNE,
    MUNICH,
    NOW,
    TODAY,
    Week,
    against,
    carrier,
    in_favour,
    ordered,
    pieces,
    sent,
    shop,
    situation,
)

CUTOFF_TODAY = TODAY * DAY_MS + 16 * HOUR_MS


def test_one_place_that_has_everything_sends_everything() -> None:
    """Though two places earlier in the order have it together."""
    plan = decide(
        ordered(("shirt", 2), ("belt", 1)),
        situation(
            [shop("a", address=COLOGNE), shop("b", address=COLOGNE), shop("c", address=MUNICH)],
            {"a": {"shirt": 2}, "b": {"belt": 1}, "c": {"shirt": 2, "belt": 1}},
        ),
    )
    assert sent(plan) == {"c": {"shirt": 2, "belt": 1}}
    assert (plan.waiting, plan.missing, plan.collection) == ((), (), None)
    assert plan.search.proved
    assert plan.search.shipments_max == 1


def test_where_no_place_has_everything_the_fewest_do() -> None:
    """Two of four, though the place with most articles is not among them."""
    plan = decide(
        ordered(("a1", 1), ("a2", 1), ("a3", 1), ("a4", 1)),
        situation(
            [shop(name) for name in ("most", "left", "one", "right")],
            {
                "most": {"a1": 1, "a2": 1, "a3": 1},
                "left": {"a1": 1, "a2": 1},
                "one": {"a3": 1},
                "right": {"a3": 1, "a4": 1},
            },
        ),
    )
    assert sent(plan) == {"left": {"a1": 1, "a2": 1}, "right": {"a3": 1, "a4": 1}}
    assert against(plan, "one") == [Reason.NOT_LISTED, Reason.NOT_NEEDED]


def test_pieces_of_a_line_come_from_two_places_where_none_has_all() -> None:
    """Each gives what it has, and the line's quantity is whole."""
    plan = decide(ordered(("shirt", 5)), situation([shop("a"), shop("b")], {"a": {"shirt": 3}, "b": {"shirt": 4}}))
    assert sent(plan) == {"a": {"shirt": 3}, "b": {"shirt": 2}}


def test_a_line_is_not_torn_apart_where_a_chosen_place_has_all_of_it() -> None:
    """Both places are needed; the shirts come from the one that has all of them."""
    plan = decide(
        ordered(("shirt", 3), ("belt", 1), ("hat", 1)),
        situation([shop("a"), shop("b")], {"a": {"shirt": 1, "belt": 1}, "b": {"shirt": 3, "hat": 1}}),
    )
    assert sent(plan) == {"a": {"belt": 1}, "b": {"shirt": 3, "hat": 1}}


BUNDLE = Service((("cup", 1), ("tea", 2)), bundled=True)


def test_a_bundle_is_never_split() -> None:
    """The place that has it whole sends it, though more shipments come of it; loose pieces may come from elsewhere."""
    plan = decide(
        ordered(("cup", 1), ("tea", 2), ("hat", 1), services=(BUNDLE,)),
        situation(
            [shop("a"), shop("b"), shop("c")],
            {"a": {"cup": 1, "hat": 1}, "b": {"tea": 2}, "c": {"cup": 1, "tea": 2}},
        ),
    )
    assert sent(plan) == {"a": {"hat": 1}, "c": {"cup": 1, "tea": 2}}


def test_a_bundle_that_no_place_has_whole_is_not_sent_at_all() -> None:
    """Its parts stay where they are; the rest of the order is sent."""
    plan = decide(
        ordered(("cup", 1), ("tea", 2), ("hat", 1), services=(BUNDLE,)),
        situation([shop("a"), shop("b")], {"a": {"cup": 1, "hat": 1}, "b": {"tea": 2}}),
    )
    assert sent(plan) == {"a": {"hat": 1}}
    assert pieces(plan.missing) == {"cup": 1, "tea": 2}


def test_bundles_with_an_article_in_common_stay_together() -> None:
    """As decision D61 has it: which cup belongs to which bundle is then no question."""
    other = Service((("cup", 1), ("hat", 1)), bundled=True)
    order = ordered(("cup", 2), ("tea", 2), ("hat", 1), services=(BUNDLE, other))
    apart = situation([shop("a"), shop("b")], {"a": {"cup": 1, "tea": 2}, "b": {"cup": 1, "hat": 1}})
    assert sent(decide(order, apart)) == {}
    together = situation([shop("a"), shop("b")], {"a": {"cup": 2, "tea": 2, "hat": 1}, "b": {"cup": 1}})
    assert sent(decide(order, together)) == {"a": {"cup": 2, "tea": 2, "hat": 1}}


def test_a_bundle_goes_before_loose_pieces_of_its_articles() -> None:
    """One cup is there: it goes with the bundle, the loose one is missing."""
    plan = decide(
        ordered(("cup", 2), ("tea", 2), services=(BUNDLE,)), situation([shop("a")], {"a": {"cup": 1, "tea": 2}})
    )
    assert sent(plan) == {"a": {"cup": 1, "tea": 2}}
    assert pieces(plan.missing) == {"cup": 1}


def test_of_several_places_the_earlier_hand_over_wins() -> None:
    """Before the nearer place."""
    plan = decide(
        ordered(("shirt", 1)),
        situation(
            [shop("near", address=COLOGNE), shop("far", address=MUNICH)],
            {"near": {"shirt": 1}, "far": {"shirt": 1}},
            calendar=Week(cutoffs={"near/DHL_V2": 18, "far/DHL_V2": 16}),
        ),
    )
    assert sent(plan) == {"far": {"shirt": 1}}
    assert plan.shipments[0].hand_over == CUTOFF_TODAY
    assert against(plan, "near") == [Reason.LATER]


def test_at_the_same_hand_over_the_nearer_place_wins() -> None:
    """By the distance on the globe."""
    plan = decide(
        ordered(("shirt", 1)),
        situation([shop("a", address=MUNICH), shop("b", address=BONN)], {"a": {"shirt": 1}, "b": {"shirt": 1}}),
    )
    assert sent(plan) == {"b": {"shirt": 1}}
    assert plan.shipments[0].metres == pytest.approx(25_500, abs=500)
    assert against(plan, "a") == [Reason.FARTHER]


@pytest.mark.parametrize(
    ("addresses", "nearer"),
    [
        ((Address("NL", "50667"), Address("DE", "80331")), "b"),
        ((Address("DE", "51109"), Address("DE", "50999")), "b"),
        ((Address(), Address("DE", "99999")), "b"),
        ((Address("DE", "50667"), MUNICH), "a"),
    ],
)
def test_without_coordinates_country_and_postal_code_tell_what_is_near(
    addresses: tuple[Address, Address], nearer: str
) -> None:
    """First the same country, then the more leading digits in common."""
    facilities = [shop(name, address=address) for name, address in zip("ab", addresses, strict=True)]
    order = ordered(("shirt", 1), address=Address("DE", "50667"))
    assert list(sent(decide(order, situation(facilities, {"a": {"shirt": 1}, "b": {"shirt": 1}})))) == [nearer]


def test_a_place_with_a_known_distance_comes_before_one_without() -> None:
    """What is not known is not taken for near."""
    facilities = [shop("a", address=Address("DE", "50667")), shop("b", address=MUNICH)]
    plan = decide(ordered(("shirt", 1)), situation(facilities, {"a": {"shirt": 1}, "b": {"shirt": 1}}))
    assert list(sent(plan)) == ["b"]


def test_what_is_equal_in_all_goes_by_the_id() -> None:
    """Whatever the order in which facilities were read."""
    stock = {"b": {"shirt": 1}, "a": {"shirt": 1}}
    for facilities in ([shop("b"), shop("a")], [shop("a"), shop("b")]):
        plan = decide(ordered(("shirt", 1)), situation(facilities, stock))
        assert list(sent(plan)) == ["a"]
        assert against(plan, "b") == [Reason.AFTER_IN_ORDER]


def test_of_several_pairs_the_one_whose_last_place_comes_first_wins() -> None:
    """The last parcel leaves as early as possible."""
    plan = decide(
        ordered(("shirt", 1), ("belt", 1)),
        situation(
            [shop(name) for name in "abcd"],
            {"a": {"shirt": 1}, "b": {"shirt": 1}, "c": {"shirt": 1}, "d": {"belt": 1}},
            calendar=Week(cutoffs={"a/DHL_V2": 20, "b/DHL_V2": 12, "c/DHL_V2": 14, "d/DHL_V2": 18}),
        ),
    )
    assert sent(plan) == {"b": {"shirt": 1}, "d": {"belt": 1}}


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


def test_only_preselected_facilities_send() -> None:
    """Also where another one would have everything; one that does not exist is told of."""
    order = ordered(("shirt", 1), ("belt", 1), shipping=Shipping(preselected=("b", "gone")))
    stock = {"a": {"shirt": 1, "belt": 1}, "b": {"shirt": 1}}
    plan = decide(order, situation([shop("a"), shop("b")], stock))
    assert sent(plan) == {"b": {"shirt": 1}}
    assert pieces(plan.missing) == {"belt": 1}
    assert against(plan, "a") == [Reason.NOT_PRESELECTED]
    assert against(plan, "gone") == [Reason.UNKNOWN]


def test_a_service_is_done_only_where_it_can_be() -> None:
    """A facility of which it is not known counts as one that can."""
    order = ordered(("shirt", 1), services=(Service((("shirt", 1),), "engraving"),))
    unable, able = shop("a", custom_services=frozenset({"gift"})), shop("b", custom_services=frozenset({"engraving"}))
    plan = decide(order, situation([unable, able], {"a": {"shirt": 1}, "b": {"shirt": 1}}))
    assert list(sent(plan)) == ["b"]
    assert against(plan, "a") == [Reason.SERVICE_NOT_DONE]
    assert list(sent(decide(order, situation([shop("a"), able], {"a": {"shirt": 1}, "b": {"shirt": 1}})))) == ["a"]


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


def test_the_same_units_are_halved_whatever_is_in_stock() -> None:
    """The bound on shipments rests on it: what needs nothing, or cannot be served, keeps its place in the list."""
    demand = demand_of(ordered(("cup", 2), ("tea", 2), ("hat", 1), services=(BUNDLE,)))
    for own, supply in (({}, {}), ({}, {"cup": 2, "tea": 2, "hat": 1}), ({"cup": 2, "tea": 2}, {"hat": 1})):
        units = units_of(needs_of(demand, [own, supply]), demand, own, [supply])
        assert len(units) == 4
        assert [unit.supply for unit in units[:3]] == [(supply.get(each, 0),) for each in ("cup", "tea", "hat")]


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
    assert [each.facility for each in plan.considered] == ["a", "b", "c"]
    assert against(plan, "c") == [Reason.TOO_FEW, Reason.NOT_LISTED, Reason.NOT_NEEDED]


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


def test_goods_that_arrive_after_the_wished_time_are_told_of() -> None:
    """The promise stands, and says so."""
    order = ordered(("shirt", 1), shipping=Shipping(wanted_at=NOW + HOUR_MS))
    plan = decide(order, situation([shop("a")], {"a": {"shirt": 1}}))
    assert against(plan, "a") == [Reason.ARRIVES_LATE]
    assert in_favour(plan, "a") == [Reason.HAS_ALL, Reason.HANDS_OVER, Reason.CHOSEN, Reason.ARRIVES]
