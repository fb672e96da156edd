"""Plans of any order: nothing is sent that is not there, nothing gets lost, and more stock never makes it worse."""

from __future__ import annotations

import collections
import statistics
import time
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendoms.promises.decide import decide
from opendoms.promises.demand import demand_of
from opendoms.promises.explanation import explanation_of
from opendoms.promises.model import Facility, Order, Situation
from opendoms.promises.nearness import nearness
from opendoms.promises.plan import Item, Plan, Shipment
from tests.rules.promise_samples import a_large_case, a_situation, an_order, shuffled, with_more_stock
from tests.rules.promises import NOW, pieces

SEEDS = st.integers(0, 2**32).map(Random)


def given_by(plan: Plan) -> dict[str, tuple[Item, ...]]:
    """What each facility gives, sent or handed over."""
    given = {shipment.facility.id: shipment.items for shipment in plan.shipments}
    if plan.collection is not None and plan.collection.items:
        given[plan.collection.facility.id] = plan.collection.items
    return given


@settings(max_examples=400)
@given(SEEDS)
def test_no_place_gives_what_it_has_not(chance: Random) -> None:
    """Per facility and article over all lines; and what is to be held is just that."""
    order, situation = an_order(chance), a_situation(chance)
    plan = decide(order, situation)
    given = given_by(plan)
    assert len(given) == len(plan.shipments) + bool(plan.collection is not None and plan.collection.items)
    for facility, items in given.items():
        assert items
        for article, quantity in pieces(items).items():
            assert 0 < quantity <= situation.available[article][facility]
            assert situation.listings[article][facility].active
    assert {(hold.facility, hold.article): hold.quantity for hold in plan.holds()} == {
        (facility, article): quantity
        for facility, items in given.items()
        for article, quantity in pieces(items).items()
    }


@settings(max_examples=400)
@given(SEEDS)
def test_every_piece_is_given_or_waits_or_is_missing(chance: Random) -> None:
    """The quantities of each line add up; a bundle is whole at one place, or all of it is not given."""
    order, situation = an_order(chance), a_situation(chance)
    plan = decide(order, situation)
    given = given_by(plan)
    counted = collections.Counter[str]()
    for item in [*(item for items in given.values() for item in items), *(each.item for each in plan.waiting)]:
        counted[item.line] += item.quantity
    for missing in plan.missing:
        counted[missing.line] += missing.quantity
    assert counted == {line.id: line.quantity for line in order.lines}

    unserved = collections.Counter(pieces(each.item for each in plan.waiting)) + collections.Counter(
        pieces(plan.missing)
    )
    for bundle in demand_of(order).bundles:
        places = [pieces(items) for items in given.values()]
        whole = any(all(place.get(article, 0) >= need for article, need in bundle.items()) for place in places)
        assert whole or all(unserved[article] >= need for article, need in bundle.items())


@settings(max_examples=400)
@given(SEEDS)
def test_instants_follow_one_another(chance: Random) -> None:
    """Nothing is handed over before now, arrives before it is handed over, or is fetched before it is there."""
    order, situation = an_order(chance), a_situation(chance)
    plan = decide(order, situation)
    for shipment in plan.shipments:
        assert NOW <= shipment.opens <= shipment.ready <= shipment.hand_over
        for option in shipment.carriers:
            assert shipment.hand_over <= option.hand_over
            assert option.holds_until is not None
            assert NOW <= option.holds_until <= option.hand_over
            for product in option.products:
                if product.arrival is not None:
                    assert option.hand_over <= product.arrival.earliest <= product.arrival.latest
    if plan.collection is not None:
        to_store = [shipment for shipment in plan.shipments if shipment.target == "SHIP_TO_STORE"]
        assert plan.collection.items or to_store
        assert plan.collection.target_time >= max(NOW, order.target_time or 0)
        for shipment in to_store:
            assert plan.collection.target_time >= arrived(shipment)


def arrived(shipment: Shipment) -> int:
    """When a shipment is there at the latest; when it is handed over, where nothing else is known."""
    arrival = shipment.carriers[0].arrival() if shipment.carriers else None
    return arrival.latest if arrival is not None else shipment.hand_over


@settings(max_examples=200)
@given(SEEDS)
def test_every_plan_can_be_explained(chance: Random) -> None:
    """Each facility that was looked at once, with a sentence per reason; the chosen ones are those that give."""
    order, situation = an_order(chance), a_situation(chance)
    plan = decide(order, situation)
    explained = explanation_of(plan)
    facilities = explained["facilities"]
    assert len({each["facilityRef"] for each in facilities}) == len(facilities)
    assert {each["facilityRef"] for each in facilities if each["chosen"]} == plan.facilities()
    for each in facilities:
        assert each["chosen"] or each["speaksAgainst"] or each["role"] == "COLLECT"
        assert all(fact["sentence"].endswith(".") for fact in each["speaksFor"] + each["speaksAgainst"])


def badness(plan: Plan, order: Order) -> tuple[Any, ...]:
    """What plans for one order are compared by; the smaller, the better.

    Pieces that are missing, then pieces that wait, then shipments. Where their number is not proved to be the smallest
    it is its bound that counts; where it is, the last hand-over is next, and where it comes from, and so on.
    """
    missing = sum(each.quantity for each in plan.missing)
    waiting = sum(each.item.quantity for each in plan.waiting)
    ranks: list[Any] = []
    if plan.search.proved:
        store = plan.collection.facility.address if plan.collection is not None else None
        for shipment in plan.shipments:
            to = store if shipment.target == "SHIP_TO_STORE" and store is not None else order.address
            near = nearness(shipment.facility.address, to)
            ranks.append((shipment.hand_over, near, shipment.facility.id))
    return missing, waiting, plan.search.shipments_max, sorted(ranks, reverse=True)


@settings(max_examples=800)
@given(SEEDS)
def test_more_stock_never_makes_the_answer_worse(chance: Random) -> None:
    """For the same order, wherever the pieces came in, and however small the effort."""
    order, situation = an_order(chance), a_situation(chance)
    before, after = decide(order, situation), decide(order, with_more_stock(chance, situation))
    assert badness(after, order) <= badness(before, order)
    assert (after.search.places_max, after.search.candidates) == (before.search.places_max, before.search.candidates)
    assert len(after.shipments) <= after.search.shipments_max


@settings(max_examples=200)
@given(SEEDS)
def test_the_same_input_in_any_order_gives_the_same_plan(chance: Random) -> None:
    """Neither the order of facilities, connections, listings and stock counts."""
    order, situation = an_order(chance), a_situation(chance)
    plan = decide(order, situation)
    again = decide(order, shuffled(chance, situation))
    assert sorted_input(again) == sorted_input(plan)


def sorted_input(plan: Plan) -> Plan:
    """The plan, with the connections of its facilities sorted: these are input, which was shuffled."""

    def of(facility: Facility) -> Facility:
        return facility._replace(connections=tuple(sorted(facility.connections, key=lambda each: each.id)))

    shipments = tuple(shipment._replace(facility=of(shipment.facility)) for shipment in plan.shipments)
    collection = plan.collection
    if collection is not None:
        collection = collection._replace(facility=of(collection.facility))
    return plan._replace(shipments=shipments, collection=collection)


def test_the_samples_reach_every_kind_of_plan() -> None:
    """Whole and in parts, sent and collected, to the store and beyond it, waiting and missing, proved and not."""
    kinds = collections.Counter[str]()
    for seed in range(400):
        chance = Random(seed)  # noqa: S311 - a sample, not a secret
        order, situation = an_order(chance), a_situation(chance)
        kinds.update(kinds_of(decide(order, situation), order, situation))
    assert all(kinds[kind] >= 8 for kind in KINDS), kinds


KINDS = (
    "one",
    "several",
    "collected",
    "supplied",
    "waiting",
    "missing",
    "unproved",
    "bundle given",
    "bundle not given",
)


def kinds_of(plan: Plan, order: Order, situation: Situation) -> list[str]:
    """What a plan is a case of."""
    places = [pieces(items) for items in given_by(plan).values()]
    bundles = demand_of(order).bundles
    given = [any(place.get(each, 0) >= need for place in places) for bundle in bundles for each, need in bundle.items()]
    cases = {
        "one": len(plan.shipments) == 1,
        "several": len(plan.shipments) > 1,
        "collected": plan.collection is not None and bool(plan.collection.items),
        "supplied": any(shipment.target == "SHIP_TO_STORE" for shipment in plan.shipments),
        "waiting": bool(plan.waiting),
        "missing": bool(plan.missing),
        "unproved": not plan.search.proved,
        "bundle given": bool(given) and all(given),
        "bundle not given": bool(situation.facilities) and not all(given),
    }
    return [case for case, holds in cases.items() if holds]


@pytest.mark.parametrize("filled", [0.3, 0.5, 0.9])
def test_a_large_order_over_many_facilities_is_sound_and_reproducible(filled: float) -> None:
    """200 facilities and 50 lines: everything is sent, within the bound, twice the same way."""
    order, situation = a_large_case(Random(filled), filled=filled)  # noqa: S311 - a sample, not a secret
    plan = decide(order, situation)
    assert plan == decide(order, situation)
    assert (plan.missing, plan.waiting, plan.search.places_max) == ((), (), 3)
    assert plan.search.proved == (len(plan.shipments) <= 3)
    assert len(plan.shipments) <= plan.search.shipments_max
    for facility, items in given_by(plan).items():
        assert all(quantity <= situation.available[article][facility] for article, quantity in pieces(items).items())


@pytest.mark.slow
@settings(max_examples=10)
@given(SEEDS)
def test_more_stock_never_makes_a_large_answer_worse(chance: Random) -> None:
    """Where a few pieces come in among 200 facilities, and where every tenth place is filled."""
    order, situation = a_large_case(chance, filled=chance.choice([0.05, 0.2, 0.4, 0.6]))
    share = chance.choice([0.001, 0.1])
    more = {
        name: {article: had + (3 if chance.random() < share else 0) for article, had in row.items()}
        for name, row in situation.available.items()
    }
    before, after = decide(order, situation), decide(order, situation._replace(available=more))
    assert badness(after, order) <= badness(before, order)


@pytest.mark.bench
@pytest.mark.parametrize("filled", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_a_plan_for_200_facilities_and_50_lines_takes_less_than_50_ms(filled: float) -> None:
    """The median of ten retailers, in time of the processor, whatever share of the articles each facility has."""
    spent = []
    for seed in range(10):
        order, situation = a_large_case(Random(seed), filled=filled)  # noqa: S311 - a sample, not a secret
        began = time.process_time()
        decide(order, situation)
        spent.append(1000 * (time.process_time() - began))
    print(f"filled {filled}: median {statistics.median(spent):.1f} ms, longest {max(spent):.1f} ms")  # noqa: T201 - the figure
    assert statistics.median(spent) < 50
