"""Taking in orders: what the hub adds, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from opendoms.kernel.decision import Document, Happening
from opendoms.kernel.refusal import Invalid
from opendoms.orders.rules import creation
from tests.rules.orders import NOW, NOW_TEXT, ids, line, order


def create(**more: Any) -> Any:
    return creation.create(order(**more), now=NOW, new_id=ids())


def summaries(**more: Any) -> list[str]:
    with pytest.raises(Invalid) as refused:
        create(**more)
    return [fault.summary for fault in refused.value.faults]


def test_an_order_gets_what_the_hub_adds_and_keeps_what_was_sent() -> None:
    """Ids, version 1, equal times, process, workflow information and ids per line are added; the rest stays."""
    sent = order(unknownButOpen="kept")
    decision = creation.create(sent, now=NOW, new_id=ids())
    assert decision.happening == Happening("ORDER_CREATED")
    assert decision.document == {
        "id": "id-1",
        "version": 1,
        "created": NOW_TEXT,
        "lastModified": NOW_TEXT,
        **sent,
        "processId": "id-2",
        "orderLineItems": [{"id": "id-3", **sent["orderLineItems"][0]}, {"id": "id-4", **sent["orderLineItems"][1]}],
        "workflowInformation": {"isAvailable": False},
        "anonymized": False,
        "schemaVersion": 1,
        "status": "OPEN",
    }


def test_what_was_sent_is_not_touched() -> None:
    """A rule makes a new document and leaves its argument alone."""
    sent = order(status="LOCKED", stickers=[{"key": "k", "nameLocalized": {"en_US": "Gift"}, "priority": 1}])
    before = repr(sent)
    creation.create(sent, now=NOW, new_id=ids())
    assert repr(sent) == before


@pytest.mark.parametrize(
    ("sent", "status"), [({}, "OPEN"), ({"status": "OPEN"}, "OPEN"), ({"status": "LOCKED"}, "LOCKED")]
)
def test_an_order_begins_open_or_locked(sent: dict[str, str], status: str) -> None:
    """OPEN is the default, LOCKED may be asked for."""
    assert create(**sent).document["status"] == status


@pytest.mark.parametrize("status", ["PROMISED", "CANCELLED", "OBSOLETE"])
def test_an_order_cannot_begin_in_another_state(status: str) -> None:
    """Decision D7: nothing else is a beginning."""
    assert summaries(status=status) == ["status: expected OPEN or LOCKED"]


def test_single_language_twins_are_made() -> None:
    """paymentInfo.method and the stickers' names come from their localized texts, whatever the caller sent as name."""
    document = create(
        paymentInfo={"currency": "EUR", "methodLocalized": {"de_DE": "Rechnung", "en_US": "Invoice"}},
        stickers=[{"key": "gift", "name": "?", "nameLocalized": {"de_DE": "Geschenk"}, "priority": 5}],
    ).document
    assert document["paymentInfo"] == {
        "currency": "EUR",
        "methodLocalized": {"de_DE": "Rechnung", "en_US": "Invoice"},
        "method": "Invoice",
    }
    assert document["stickers"] == [
        {"key": "gift", "name": "Geschenk", "nameLocalized": {"de_DE": "Geschenk"}, "priority": 5}
    ]


def test_custom_service_entries_get_ids_at_every_depth() -> None:
    """Each entry and each nested one has an id of its own."""
    nested: Document = {"customServiceDefinition": {}, "articleItems": [], "customServiceItems": []}
    entry = {"customServiceDefinition": {}, "articleItems": [], "customServiceItems": [nested]}
    document = create(customServices=[entry]).document
    assert document["customServices"] == [
        {**entry, "id": "id-5", "customServiceItems": [{**nested, "id": "id-6"}]},
    ]


def test_the_articles_of_a_custom_service_are_lines_of_the_order() -> None:
    """An article that is not ordered, or not in this quantity, is refused by path."""
    entry = {
        "customServiceDefinition": {"isBundled": True},
        "articleItems": [
            {"tenantArticleRef": "A-1", "quantity": 2},
            {"tenantArticleRef": "A-2", "quantity": 6},
            {"tenantArticleRef": "B", "quantity": 1},
        ],
        "customServiceItems": [],
    }
    assert summaries(customServices=[entry]) == [
        "customServices[0].articleItems[1].quantity: expected at most the ordered 5",
        "customServices[0].articleItems[2].tenantArticleRef: is no article of this order's orderLineItems",
    ]


@pytest.mark.parametrize(
    ("valid_until", "accepted"),
    [
        ("2026-11-25T09:47:39.999Z", False),
        ("2026-11-25T09:47:40.000Z", True),
        ("2026-11-25T17:46:40.000Z", True),
        ("2026-11-25T17:46:40.001Z", False),
    ],
)
def test_a_promise_holds_between_a_minute_and_eight_hours(valid_until: str, accepted: bool) -> None:  # noqa: FBT001 - a column of the table
    """Both ends belong to the range."""
    promise = {"validUntil": valid_until}
    if accepted:
        assert create(promisesOptions=promise).document["promisesOptions"] == promise
    else:
        assert summaries(promisesOptions=promise) == [
            "promisesOptions.validUntil: expected a time between 1 minute and 8 hours from now"
        ]


def test_a_scheduled_reservation_names_its_time() -> None:
    """Mode SCHEDULED without a time says nothing."""
    preferences = {"reservationPreferences": {"mode": "SCHEDULED"}}
    assert summaries(deliveryPreferences=preferences) == [
        "deliveryPreferences.reservationPreferences.reservationTime: is required with mode SCHEDULED"
    ]


def test_every_fault_is_told_at_once() -> None:
    """A refusal lists all that is wrong, each with its path."""
    assert summaries(
        status="OBSOLETE",
        customAttributes={"$a": 1, "b.c": 2},
        orderLineItems=[line(customAttributes={"x": "y" * 15_360})],
        paymentInfo={"methodLocalized": {}},
        pricing={"discounts": [{"type": "PERCENTAGE"}]},
    ) == [
        "status: expected OPEN or LOCKED",
        "customAttributes: a key must not start with $ and must not contain a dot",
        "customAttributes: a key must not start with $ and must not contain a dot",
        "orderLineItems[0].customAttributes: expected at most 15360 characters of JSON, got 15368",
        "paymentInfo.methodLocalized: expected at least one entry, such as en_US",
        "pricing.discounts[0].percentage: required where type is PERCENTAGE",
    ]


def test_custom_attributes_are_counted_in_characters() -> None:
    """15,360 characters are accepted, however many bytes they take, and one more is refused."""
    fits = {"x": "ü" * (15_360 - 8)}
    assert create(customAttributes=fits).document["customAttributes"] == fits
    assert summaries(customAttributes={"x": "ü" * (15_360 - 7)}) == [
        "customAttributes: expected at most 15360 characters of JSON, got 15361"
    ]


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"consumer": {"customAttributes": {"$": 1}}}, "consumer"),
        ({"consumer": {"addresses": [{"customAttributes": {"$": 1}}]}}, "consumer.addresses[0]"),
        (
            {"consumer": {"addresses": [{"phoneNumbers": [{"customAttributes": {"$": 1}}]}]}},
            "consumer.addresses[0].phoneNumbers[0]",
        ),
        (
            {"orderLineItems": [{"quantity": 1, "article": {"tenantArticleId": "A", "customAttributes": {"$": 1}}}]},
            "orderLineItems[0].article",
        ),
        (
            {
                "customServices": [
                    {
                        "customServiceDefinition": {"customAttributes": {"$": 1}},
                        "articleItems": [],
                        "customServiceItems": [],
                    }
                ]
            },
            "customServices[0].customServiceDefinition",
        ),
    ],
)
def test_custom_attributes_are_judged_wherever_they_stand(more: dict[str, Any], path: str) -> None:
    """The same limits hold on consumer, address, phone number, article and custom service."""
    assert summaries(**more) == [f"{path}.customAttributes: a key must not start with $ and must not contain a dot"]


def test_prices_are_totalled() -> None:
    """An order with prices carries its price breakdown; one without carries no pricing."""
    price = [
        {"category": "basePrice", "key": key, "value": value} for key, value in (("value", "250"), ("currency", "EUR"))
    ]
    priced = line("A-1", 2)
    priced["article"]["attributes"] = price
    document = create(orderLineItems=[priced]).document
    assert document["pricing"]["total"]["priceBreakdown"]["subTotal"]["value"] == 500
    assert "pricing" not in create().document
