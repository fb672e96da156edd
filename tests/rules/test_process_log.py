"""History logs: what happened to a process, derived from the differences of its order."""

from __future__ import annotations

from typing import Any

import pytest

from opendoms.history.rules.versions import Version, version_told
from opendoms.kernel.decision import Document
from opendoms.orders.rules import editing
from opendoms.processes.rules.history_log import entries, unrepeated
from tests.rules.orders import LATER, LATER_TEXT, NOW, NOW_TEXT, ids, line, principal, stored


def version(number: int, event: str, document: Document) -> Version:
    """One version of an order, by somebody."""
    return Version(number, event, f"event-{number}", NOW, "user-1", f"CAUSE {number}", document)


def edited(before: Document, **sent: Any) -> Document:
    """The order after an edit that is allowed everything."""
    editor = editing.Editor(principal(), line_item_modification_allowed=True)
    return editing.edit(before, {"version": before["version"], **sent}, editor, now=LATER, new_id=ids()).document


def logged(before: Document, after: Document, event: str = "ORDER_MODIFIED") -> list[tuple[str, str, Any]]:
    """(kind, domain, payload) of the entries of one version."""
    found = entries(version(after["version"], event, after), before)
    return [(entry["eventType"], entry["domain"], entry.get("payload")) for entry in found]


def test_an_entry_tells_what_when_and_who() -> None:
    """With ids of their own, and the name of the editor where the record of the edit has it."""
    before = stored()
    first, second = before["orderLineItems"]
    after = edited(before, orderLineItems=[{"id": first["id"], "quantity": 9}], comment="by phone")
    amount, deleted = entries(version(2, "ORDER_MODIFIED", after), before)
    assert amount == {
        "id": "event-2",
        "eventType": "ORDER_ITEM_AMOUNT_CHANGED",
        "type": "ORDER_ITEM_AMOUNT_CHANGED",
        "domain": "ORDER_MODIFICATION",
        "domainRef": before["id"],
        "status": "OPEN",
        "version": 2,
        "timestamp": NOW_TEXT,
        "user": {"userRef": "user-1", "username": "Ada"},
        "eventCause": "CAUSE 2",
        "payload": {
            "articles": [{"title": "Article A-1", "previousQuantity": first["quantity"], "newQuantity": 9}],
            "reason": "by phone",
        },
    }
    assert (deleted["id"], deleted["eventType"]) == ("event-2-1", "ORDER_ITEM_DELETED")
    assert deleted["payload"]["articles"] == [{"title": "Article A-2", "previousQuantity": second["quantity"]}]


@pytest.mark.parametrize(
    ("number", "event", "more", "kind", "payload"),
    [
        (1, "ORDER_CREATED", {}, "ORDER_CREATED", None),
        (1, "ORDER_CREATED", {"status": "LOCKED"}, "LOCKED_ORDER_CREATED", None),
        (
            1,
            "ORDER_CREATED",
            {"status": "LOCKED", "statusReasons": [{"status": "LOCKED", "reason": "fraud?"}]},
            "LOCKED_ORDER_CREATED",
            {"statusReason": {"status": "LOCKED", "reason": "fraud?"}},
        ),
        (1, "ORDER_PROMISED", {"status": "PROMISED"}, "DELIVERY_PROMISE_CREATED", None),
        (2, "ORDER_CREATED", {}, "ORDER_CREATED_FROM_PROMISE", None),
        (2, "ORDER_UNLOCKED", {}, "ORDER_UNLOCKED", None),
        (2, "ORDER_CANCELLED", {"status": "CANCELLED"}, "ORDER_CANCELLED", None),
        (
            2,
            "ORDER_FORCE_CANCELLED",
            {
                "status": "CANCELLED",
                "cancelationReason": {"id": "r", "version": 3, "reason": "Lost", "created": NOW_TEXT},
            },
            "ORDER_FORCE_CANCELLED",
            {"cancelationReason": {"id": "r", "version": 3, "reason": "Lost"}},
        ),
    ],
)
def test_what_happens_to_an_order_is_told(number: int, event: str, more: Any, kind: str, payload: Any) -> None:
    """One entry each, in the contract's words."""
    (entry,) = entries(version(number, event, {**stored(), **more}), None)
    assert (entry["eventType"], entry["domain"], entry.get("payload")) == (kind, "ORDER", payload)


@pytest.mark.parametrize("event", ["ORDER_PROMISE_EXTENDED", "ORDER_PROMISE_EXPIRED", "ORDER_DELETED"])
def test_what_the_contract_has_no_word_for_makes_no_entry(event: str) -> None:
    """A promise that is extended or runs out, and whatever else may come."""
    assert entries(version(2, event, stored()), stored()) == []


def test_an_edit_is_told_by_its_differences() -> None:
    """Lines that come, go and change in quantity are gathered by kind; other edits of lines make no entry."""
    before = stored(orderLineItems=[line("A", 1), line("B", 2), line("C", 3)])
    a, b, _ = before["orderLineItems"]
    after = edited(
        before,
        orderLineItems=[{"id": a["id"], "quantity": 5}, {"id": b["id"], "customAttributes": {"x": 1}}, line("D", 4)],
    )
    assert logged(before, after) == [
        (
            "ORDER_ITEM_AMOUNT_CHANGED",
            "ORDER_MODIFICATION",
            {"articles": [{"title": "Article A", "previousQuantity": 1, "newQuantity": 5}]},
        ),
        (
            "ORDER_ITEM_DELETED",
            "ORDER_MODIFICATION",
            {"articles": [{"title": "Article C", "previousQuantity": 3}]},
        ),
        ("ORDER_ITEM_ADDED", "ORDER_MODIFICATION", {"articles": [{"title": "Article D", "newQuantity": 4}]}),
    ]
    assert logged(before, edited(before, customAttributes={"mine": 1})) == []


@pytest.mark.parametrize(
    ("preferences", "previous"),
    [
        ({}, None),
        ({"shipping": {"desiredDeliveryTime": NOW_TEXT}}, NOW_TEXT),
        ({"collect": [{"facilityRef": "f", "provisioningTime": NOW_TEXT}]}, NOW_TEXT),
        ({"collect": [{"facilityRef": "f"}]}, None),
    ],
)
def test_a_preferred_time_is_told_with_the_one_before(preferences: Any, previous: str | None) -> None:
    """Wherever decision D10 puts it; null where there was none."""
    before = stored() | {"deliveryPreferences": preferences}
    assert logged(before, edited(before, preferredHandlingTime=LATER_TEXT)) == [
        (
            "ORDER_PREFERRED_DATE_MODIFIED",
            "ORDER_MODIFICATION",
            {"previousPreferredHandlingTime": previous, "newPreferredHandlingTime": LATER_TEXT},
        )
    ]


def test_changed_addresses_are_told_by_type_and_member() -> None:
    """An address without a type is the postal one; one that comes or goes is told with all its members."""
    street = {"street": "Main", "city": "Cologne", "postalCode": "50667", "country": "DE"}
    before = stored(consumer={"addresses": [street, {**street, "addressType": "PARCEL_LOCKER"}], "email": "a@b.de"})
    moved = {**street, "street": "Side", "houseNumber": "2", "addressType": "POSTAL_ADDRESS"}
    invoice = {**street, "addressType": "INVOICE_ADDRESS"}
    assert logged(before, edited(before, consumer={"addresses": [moved, invoice]})) == [
        (
            "CONSUMER_ADDRESS_CHANGED",
            "ORDER_MODIFICATION",
            {
                "changes": [
                    {"addressType": "POSTAL_ADDRESS", "changedFields": ["street", "houseNumber"]},
                    {"addressType": "PARCEL_LOCKER", "changedFields": ["street", "city", "postalCode", "country"]},
                    {"addressType": "INVOICE_ADDRESS", "changedFields": ["street", "city", "postalCode", "country"]},
                ]
            },
        )
    ]
    same = {"addresses": before["consumer"]["addresses"], "email": "c@d.de"}
    assert logged(before, edited(before, consumer=same)) == []


def test_a_version_whose_predecessor_is_not_kept_tells_nothing_of_an_edit() -> None:
    """What differs cannot be known, and is not made up."""
    order = stored()
    assert entries(version(2, "ORDER_MODIFIED", edited(order, customAttributes={"a": 1})), None) == []
    assert "changes" not in version_told(version(2, "ORDER_MODIFIED", {**order, "version": 2}), None)


def test_entries_that_say_the_same_again_are_left_out() -> None:
    """Only neighbours, and only where nothing but time and version differ."""
    order = stored()
    unlocked = [entries(version(number, "ORDER_UNLOCKED", order), None)[0] for number in (2, 3, 4)]
    cancelled = entries(version(5, "ORDER_CANCELLED", order), None)[0]
    assert unrepeated([*unlocked, cancelled, unlocked[0]]) == [unlocked[0], cancelled, unlocked[0]]
