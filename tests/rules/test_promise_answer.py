"""Plans as the API answers them: held to the wire types and, where it is at hand, to the contract."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendoms.kernel.clock import text_of
from opendoms.kernel.decision import Document
from opendoms.kernel.document import decode, encode
from opendoms.kernel.duration import DAY_MS, HOUR_MS
from opendoms.promises.answer import Promise, answer_of
from opendoms.promises.decide import decide
from opendoms.promises.explanation import explanation_of
from opendoms.promises.model import Collect, Cost, Listing, Product, SupplyingFacility, Transit
from opendoms.promises.plan import Plan
from opendoms.promises.wire import PromiseExplanation, ResponseForDeliveryPromise
from tests.rules.orders import ids
from tests.rules.promise_samples import a_situation, an_order
from tests.rules.promises import COLOGNE, MUNICH, NOW, TODAY, carrier, ordered, shop, situation
from tests.rules.promises import by_article as by_facility

PROMISE = Promise("order-1", 1, NOW + HOUR_MS)

Check = Callable[[Document], list[str]]


@pytest.fixture(scope="session")
def faults_of(contract: Path) -> Check:
    """The faults of an answer against the contract."""
    sys.path.insert(0, str(contract.parent))
    try:
        import contract as judge  # type: ignore[import-not-found]  # noqa: PLC0415 - lies beside the contract
    finally:
        sys.path.pop(0)
    check = judge.Contract(contract).check

    def faults(answer: Document) -> list[str]:
        found: list[str] = check("POST", "/api/promises/deliverypromise", 201, answer)
        return found

    return faults


def answered(plan: Plan, **more: Any) -> Document:
    """The answer as a client gets it, floats and all; the wire type must take it."""
    body = encode(answer_of(plan, PROMISE, ids(), **more))
    msgspec.json.decode(body, type=ResponseForDeliveryPromise)
    answer: Document = msgspec.json.decode(body)
    return answer


def test_a_shipment_tells_place_lines_and_carriers() -> None:
    """Days are counted from today, costs are decimals, and the carrier's promise ends with ours at the latest."""
    express = Product("EXPRESS", transit=Transit(1, 2), costs=(Cost("4.90", "EUR"),))
    facility = shop("a", carrier("DHL_V2", "a", products=(express, Product("VALUE"))), address=COLOGNE)
    plan = decide(ordered(("shirt", 2)), situation([facility], {"a": {"shirt": 7}}))
    answer = answered(plan)
    assert {name: answer[name] for name in ("orderRef", "orderVersion", "promisesOptions", "shipToCustomer")} == {
        "orderRef": "order-1",
        "orderVersion": 1,
        "promisesOptions": {"validUntil": text_of(NOW + HOUR_MS)},
        "shipToCustomer": [
            {
                "facility": {"facilityName": "A", "facilityRef": "a", "tenantFacilityId": "tenant-a"},
                "lineItems": [{"tenantArticleId": "shirt", "title": "Shirt", "quantity": 2, "available": 7}],
                "carriers": [
                    {
                        "carrierRef": "carrier-DHL_V2",
                        "carrierKey": "DHL_V2",
                        "carrierName": "Dhl_V2",
                        "products": [
                            {
                                "carrierProductCategory": "EXPRESS",
                                "deliveryCosts": [{"cost": 4.9, "currency": "EUR"}],
                                "transitTime": {"minTransitDays": 1, "maxTransitDays": 2},
                                "estimatedDeliveryTime": {"minDeliveryDays": 1, "maxDeliveryDays": 2},
                            },
                            {"carrierProductCategory": "VALUE", "deliveryCosts": []},
                        ],
                        "deliveryPromiseValidUntil": text_of(NOW + HOUR_MS),
                    }
                ],
            }
        ],
    }
    assert {"collect", "shipToStore", "backOrdered"}.isdisjoint(answer)


def test_what_waits_and_what_nobody_has_are_told_apart() -> None:
    """As decision D18 has it: the one in backOrdered with its date, the other in the sourcing option."""
    listings = {"a": {"belt": Listing(behaviour="PREORDER", preorder_from=NOW + DAY_MS)}}
    plan = decide(ordered(("shirt", 2), ("belt", 1)), situation([shop("a")], {"a": {"shirt": 1}}, listings))
    answer = answered(plan)
    assert answer["backOrdered"] == {
        "lineItems": [
            {
                "tenantArticleId": "belt",
                "title": "Belt",
                "quantity": 1,
                "available": 0,
                "outOfStockBehaviour": "PREORDER",
                "availabilityTimeframe": {"start": text_of(NOW + DAY_MS)},
            }
        ]
    }
    assert answer["sourcingOption"]["nonAssignedOrderLineItems"] == [{"tenantArticleId": "shirt", "quantity": 1}]
    assert answer["sourcingOption"]["priorityRatingResults"][0]["matchesPriorityMinimum"] is False


def test_an_order_that_nobody_can_serve_is_answered_all_the_same() -> None:
    """With no shipment, and every line among those that nobody has."""
    answer = answered(decide(ordered(("shirt", 2)), situation([], {})))
    assert answer["shipToCustomer"] == []
    assert answer["sourcingOption"]["nonAssignedOrderLineItems"] == [{"tenantArticleId": "shirt", "quantity": 2}]
    assert answer["sourcingOption"]["nodes"] == []


def test_collecting_tells_all_that_is_fetched_and_what_of_it_is_on_its_way() -> None:
    """One entry per line, as decision D64 has it; the sending facility stands beside."""
    order = ordered(("shirt", 3), ("belt", 1), collect=Collect("a", (SupplyingFacility("b"),)))
    stock = {"a": {"shirt": 2}, "b": {"shirt": 5, "belt": 1}}
    answer = answered(decide(order, situation([shop("a"), shop("b")], stock)))
    assert answer["collect"] == {
        "facility": {"facilityName": "A", "facilityRef": "a", "tenantFacilityId": "tenant-a"},
        "lineItems": [
            {"tenantArticleId": "shirt", "title": "Shirt", "quantity": 3, "available": 2},
            {"tenantArticleId": "belt", "title": "Belt", "quantity": 1, "available": 0},
        ],
        "targetTime": text_of((TODAY + 3) * DAY_MS - 1),
    }
    (transfer,) = answer["shipToStore"]
    assert [(item["tenantArticleId"], item["quantity"]) for item in transfer["lineItems"]] == [
        ("shirt", 1),
        ("belt", 1),
    ]
    assert "shipToCustomer" not in answer
    option = answer["sourcingOption"]
    assert [(node["type"], node["isPickUpLocation"]) for node in option["nodes"]] == [
        ("MANAGED_FACILITY", True),
        ("MANAGED_FACILITY", False),
    ]
    assert option["transfers"][0]["targetNodeRef"] == option["nodes"][0]["id"]
    assert option["estimatedPickupDate"] == text_of((TODAY + 2) * DAY_MS)[:10]


def test_the_graph_tells_where_everything_goes_and_what_it_was_rated_by() -> None:
    """Two places, one consumer; pieces, shipments, minutes and kilometres."""
    order = ordered(("shirt", 1), ("belt", 1))
    facilities = [shop("a", address=COLOGNE), shop("b", address=MUNICH)]
    plan = decide(order, situation(facilities, {"a": {"shirt": 1}, "b": {"belt": 1}}))
    option = answered(plan)["sourcingOption"]
    assert [(node["type"], node["lineItems"]) for node in option["nodes"]] == [
        ("MANAGED_FACILITY", [{"tenantArticleId": "shirt", "quantity": 1}]),
        ("MANAGED_FACILITY", [{"tenantArticleId": "belt", "quantity": 1}]),
        ("CUSTOMER", [{"tenantArticleId": "shirt", "quantity": 1}, {"tenantArticleId": "belt", "quantity": 1}]),
    ]
    ends = [(transfer["sourceNodeRef"], transfer["targetNodeRef"]) for transfer in option["transfers"]]
    first, second, consumer = (node["id"] for node in option["nodes"])
    assert ends == [(first, consumer), (second, consumer)]
    assert option["transfers"][0]["timeLine"] == {
        "calculationStartPoint": text_of(NOW),
        "earliestPickingStart": text_of(NOW),
        "targetTime": text_of(TODAY * DAY_MS + 16 * HOUR_MS),
        "earliestPossibleDeliveryTime": text_of((TODAY + 1) * DAY_MS),
        "usedTransitTimeInDays": 2,
        "latestPickingStart": text_of(plan.shipments[0].carriers[0].holds_until or 0),
    }
    assert {rating["name"]: rating["penalty"] for rating in option["ratingResults"]} == {
        "missing": 0,
        "backOrdered": 0,
        "shipments": 2,
        "handOver": 374,  # from 09:46:40 to 16:00, begun minutes counted
        "distance": pytest.approx(456, abs=5),
    }
    assert option["totalPenalty"] == pytest.approx(sum(rating["penalty"] for rating in option["ratingResults"]))
    assert option["estimatedDeliveryDate"] == text_of((TODAY + 2) * DAY_MS)[:10]
    assert len({option["id"], option["runId"], first, second, consumer}) == 5


def test_custom_attributes_of_listings_are_answered_where_they_are_asked_for() -> None:
    """Of the listings that the plan draws on, and no others."""
    listings = {
        "a": {"shirt": Listing(custom_attributes={"colour": "red"})},
        "b": {"shirt": Listing(custom_attributes={"colour": "blue"})},
    }
    stock = {"a": {"shirt": 1}, "b": {"shirt": 1}}
    given_situation = situation([shop("a"), shop("b")], stock, listings)
    plan = decide(ordered(("shirt", 1)), given_situation)
    assert "listingDetails" not in answered(plan)["sourcingOption"]
    assert answered(plan, listings=by_facility(given_situation.listings))["sourcingOption"]["listingDetails"] == [
        {"facilityRef": "a", "tenantArticleId": "shirt", "customAttributes": {"colour": "red"}}
    ]


@settings(max_examples=150)
@given(st.integers(0, 2**32))
def test_every_answer_keeps_the_contract(faults_of: Check, seed: int) -> None:
    """Whatever the plan; what is answered per line adds up to what was given."""
    chance = Random(seed)  # noqa: S311 - a sample, not a secret
    order, case = an_order(chance), a_situation(chance)
    plan = decide(order, case)
    answer = answered(plan, listings=by_facility(case.listings) if chance.random() < 0.5 else None)
    assert faults_of(answer) == []
    shown = [*answer.get("shipToCustomer", ()), *([answer["collect"]] if "collect" in answer else ())]
    assert sum(item["quantity"] for each in shown for item in each["lineItems"]) == sum(
        hold.quantity for hold in plan.holds()
    )
    explained = encode(explanation_of(plan))
    msgspec.json.decode(explained, type=PromiseExplanation)
    assert decode(explained)["search"]["candidates"] == plan.search.candidates


def test_an_explanation_reads_as_a_retailer_would_ask() -> None:
    """The whole in sentences, then each facility with what spoke for and against it."""
    facilities = [shop("a", address=COLOGNE), shop("b", address=MUNICH), shop("c", status="OFFLINE")]
    stock = {"a": {"shirt": 2}, "b": {"shirt": 2}, "c": {"shirt": 2}}
    explained = explanation_of(decide(ordered(("shirt", 1)), situation(facilities, stock)))
    assert explained["summary"] == [
        "A sends 1 piece to the consumer with Dhl_V2, handed over at 2026-11-25T16:00:00.000Z.",
        "One place has everything; 2 facilities could send.",
    ]
    sentences = {
        each["facilityName"]: [fact["sentence"] for fact in each["speaksFor"] + each["speaksAgainst"]]
        for each in explained["facilities"]
    }
    assert sentences == {
        "A": [
            "Has all pieces of all articles.",
            "Hands over at 2026-11-25T16:00:00.000Z.",
            "Is 0.0 km from where the goods go.",
            "Chosen: sends everything that is to be sent.",
            "The goods arrive between 2026-11-26T00:00:00.000Z and 2026-11-27T23:59:59.999Z.",
        ],
        "B": [
            "Has all pieces of all articles.",
            "Hands over at 2026-11-25T16:00:00.000Z.",
            f"Is {explained['facilities'][1]['speaksFor'][2]['data']['kilometres']} km from where the goods go.",
            "Hands over at the same time as the chosen place, but is farther away.",
        ],
        "C": ["Takes no new work: it is OFFLINE."],
    }
