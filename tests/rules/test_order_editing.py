"""Editing orders: what changes, what stays, and what is refused."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest

from opendoms.identity.principal import Principal
from opendoms.kernel.decision import Decision, Document, Happening
from opendoms.kernel.refusal import Forbidden, Invalid, VersionConflict
from opendoms.orders.rules import editing
from tests.rules.orders import LATER, LATER_TEXT, line, principal, stored


def edit(
    before: Document, *, by: Principal | None = None, allowed: bool = True, version: int = 1, **change: Any
) -> Decision:
    """Edits with fresh ids new-1 …, and asserts that the stored order was left alone."""
    copied = copy.deepcopy(before)
    numbers = iter(range(1, 100))
    try:
        return editing.edit(
            before,
            {"version": version, **change},
            editing.Editor(by or principal(), allowed),
            now=LATER,
            new_id=lambda: f"new-{next(numbers)}",
        )
    finally:
        assert before == copied


def summaries(before: Document, **change: Any) -> list[str]:
    with pytest.raises(Invalid) as refused:
        edit(before, **change)
    return [fault.summary for fault in refused.value.faults]


def test_a_consumer_is_replaced_whole() -> None:
    """No merge: what the new consumer does not have is gone. Version, time, detail and event move along."""
    consumer = {"consumerId": "c-2"}
    before = stored()
    decision = edit(before, consumer=consumer, comment="moved house")
    assert decision.happening == Happening("ORDER_MODIFIED", {"changes": {"consumer": consumer}})
    assert decision.document == {
        **before,
        "consumer": consumer,
        "version": 2,
        "lastModified": LATER_TEXT,
        "updateDetails": [
            {"created": LATER_TEXT, "changes": {"consumer": consumer}, "user": "Ada", "comment": "moved house"}
        ],
    }


def test_custom_attributes_are_replaced_and_null_clears_them() -> None:
    """Decision D9."""
    before = stored(customAttributes={"a": 1, "b": 2})
    assert edit(before, customAttributes={"c": 3}).document["customAttributes"] == {"c": 3}
    cleared = edit(before, customAttributes=None)
    assert "customAttributes" not in cleared.document
    assert cleared.document["updateDetails"][0]["changes"] == {"customAttributes": None}


def test_a_change_that_changes_nothing_leaves_the_order_alone() -> None:
    """Neither version nor time move, and there is no event; a comment alone is no change."""
    before = stored(customAttributes={"a": 1})
    sent = {
        "customAttributes": {"a": 1},
        "consumer": before["consumer"],
        "orderLineItems": [{"id": item["id"]} for item in before["orderLineItems"]],
        "comment": "nothing",
    }
    decision = edit(before, allowed=False, **sent)
    assert (decision.document, decision.happening) == (before, None)


def test_a_stale_version_is_refused_before_anything_else() -> None:
    """Both numbers are told, even where the state would forbid the edit too."""
    with pytest.raises(VersionConflict) as refused:
        edit({**stored(), "status": "CANCELLED"}, version=3, comment="x")
    assert (refused.value.request_version, refused.value.version) == (3, 1)


@pytest.mark.parametrize("status", ["CANCELLED", "OBSOLETE"])
def test_an_order_that_is_over_cannot_be_edited(status: str) -> None:
    """Decision D9: the state is named."""
    (summary,) = summaries({**stored(), "status": status}, customAttributes={"a": 1})
    assert summary.startswith(f"status: the order is {status}")


@pytest.mark.parametrize("status", ["OPEN", "LOCKED", "PROMISED"])
def test_a_live_order_can_be_edited_and_keeps_its_state(status: str) -> None:
    """An edit is a move from a state to itself."""
    before = {**stored(), "status": status, "promisesOptions": {"validUntil": "2026-11-25T09:46:45.001Z"}}
    assert edit(before, customAttributes={"a": 1}).document["status"] == status


def test_a_promise_whose_time_has_passed_cannot_be_edited() -> None:
    """It counts as OBSOLETE from its very end on, whether or not a timer has run."""
    before = {**stored(), "status": "PROMISED", "promisesOptions": {"validUntil": LATER_TEXT}}
    (summary,) = summaries(before, customAttributes={"a": 1})
    assert summary.startswith("status: the order is OBSOLETE")


def test_the_handling_time_of_a_shipped_order_is_its_desired_delivery() -> None:
    """Decision D10; other preferences stay."""
    before = stored(deliveryPreferences={"shipping": {"serviceLevel": "DELIVERY"}})
    document = edit(before, preferredHandlingTime="2026-12-01T10:00:00.000Z").document
    assert document["deliveryPreferences"] == {
        "shipping": {"serviceLevel": "DELIVERY", "desiredDeliveryTime": "2026-12-01T10:00:00.000Z"}
    }


def test_the_handling_time_of_a_collect_order_is_its_provisioning_time() -> None:
    """Decision D10."""
    before = {**stored(), "deliveryPreferences": {"collect": [{"facilityRef": "f", "paid": True}]}}
    document = edit(before, preferredHandlingTime="2026-12-01T10:00:00.000Z").document
    assert document["deliveryPreferences"] == {
        "collect": [{"facilityRef": "f", "paid": True, "provisioningTime": "2026-12-01T10:00:00.000Z"}]
    }


def test_lines_are_kept_changed_added_and_removed() -> None:
    """The first line is changed, the second goes as it is not mentioned, a third comes with a new id."""
    before = stored()
    sent = [
        {"id": "id-3", "quantity": Decimal("7.0"), "article": {"title": "New title"}},
        line("A-3", 1, scannableCodes=["400"]),
    ]
    document = edit(before, orderLineItems=sent).document
    assert document["orderLineItems"] == [
        {"id": "id-3", "quantity": 7, "article": {"tenantArticleId": "A-1", "title": "New title"}},
        {"id": "new-1", **line("A-3", 1, scannableCodes=["400"])},
    ]
    assert document["updateDetails"][0]["changes"] == {"orderLineItems": sent}


def test_lines_that_are_null_were_not_sent() -> None:
    """Decision D9: null is no empty list."""
    decision = edit(stored(), orderLineItems=None)
    assert decision.happening is None


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ([], ["orderLineItems: expected at least one line"]),
        ([{"id": "no such line", "quantity": 1}], ["orderLineItems[0].id: is no line of this order"]),
        ([{"id": "id-3"}, {"id": "id-3"}], ["orderLineItems[1].id: is sent twice"]),
        ([{"id": "id-3", "quantity": 0}], ["orderLineItems[0].quantity: expected an integer of at least 1"]),
        ([{"id": "id-3", "quantity": -1}], ["orderLineItems[0].quantity: expected an integer of at least 1"]),
        (
            [{"id": "id-3", "quantity": Decimal("1.5")}],
            ["orderLineItems[0].quantity: expected an integer of at least 1"],
        ),
        ([{"id": "id-3", "quantity": 2**63}], ["orderLineItems[0].quantity: expected an integer of at least 1"]),
        (
            [{"id": "id-3", "quantity": Decimal("1E+999999")}],
            ["orderLineItems[0].quantity: expected an integer of at least 1"],
        ),
        (
            [{"id": "id-3", "article": {"title": "t", "tenantArticleId": "other"}}],
            ["orderLineItems[0].article.tenantArticleId: cannot be changed"],
        ),
        (
            [{}],
            [
                "orderLineItems[0].quantity: is required for a new line",
                "orderLineItems[0].article: is required for a new line",
            ],
        ),
        (
            [{"quantity": 1, "article": {"title": "t"}}],
            ["orderLineItems[0].article.tenantArticleId: is required for a new line"],
        ),
    ],
)
def test_lines_that_make_no_sense_are_refused_by_path(sent: list[Document], expected: list[str]) -> None:
    """Each fault names its line and member."""
    assert summaries(stored(), orderLineItems=sent) == expected


def test_lines_of_a_custom_service_can_neither_change_nor_go() -> None:
    """Only the other lines of such an order can be edited."""
    service = {
        "customServiceDefinition": {"isBundled": True},
        "articleItems": [{"tenantArticleRef": "A-1", "quantity": 1}],
        "customServiceItems": [],
    }
    before = stored(customServices=[service])
    bound, free = before["orderLineItems"]
    assert summaries(before, orderLineItems=[{"id": bound["id"], "quantity": 9}, {"id": free["id"]}]) == [
        "orderLineItems[0]: belongs to a custom service and cannot be changed"
    ]
    assert summaries(before, orderLineItems=[{"id": free["id"]}]) == [
        f"orderLineItems: line {bound['id']} belongs to a custom service and cannot be removed"
    ]
    assert edit(before, orderLineItems=[{"id": bound["id"]}]).document["orderLineItems"] == [bound]


@pytest.mark.parametrize(
    ("member", "value"),
    [("orderLineItems", [{"id": "id-3"}]), ("preferredHandlingTime", "2026-12-01T10:00:00.000Z")],
)
def test_the_configuration_can_forbid_an_edit(member: str, value: Any) -> None:
    """Lines and handling time change only where the configuration allows it."""
    assert summaries(stored(), allowed=False, **{member: value}) == [
        f"{member}: the configuration does not allow this change"
    ]


def test_other_members_do_not_ask_the_configuration() -> None:
    """Consumer, attributes and pricing are free of it, next to a handling time that is already so."""
    time = "2026-12-01T10:00:00.000Z"
    before = edit(stored(), preferredHandlingTime=time).document
    decision = edit(before, version=2, allowed=False, customAttributes={"a": 1}, preferredHandlingTime=time)
    assert decision.document["customAttributes"] == {"a": 1}


def test_pricing_is_merged_and_totalled_anew() -> None:
    """A list that is sent replaces the stored one, the others stay, and the total follows."""

    def euro(value: int) -> Document:
        return {"value": value, "currency": "EUR"}

    price = [
        {"category": "basePrice", "key": key, "value": value} for key, value in (("value", "250"), ("currency", "EUR"))
    ]
    priced = line("A-1", 2)
    priced["article"]["attributes"] = price
    before = stored(orderLineItems=[priced], pricing={"fees": [{"name": "f", "value": euro(100)}], "taxes": []})
    assert before["pricing"]["total"]["priceBreakdown"]["total"]["value"] == 600
    document = edit(before, pricing={"taxes": [{"value": euro(95)}]}).document
    assert document["pricing"]["fees"] == [{"name": "f", "value": euro(100)}]
    assert document["pricing"]["taxes"] == [{"value": euro(95)}]
    assert document["pricing"]["total"]["priceBreakdown"]["total"]["value"] == 695
    assert document["updateDetails"][0]["changes"] == {}


LINES = {
    "add": ([{"id": "id-3"}, {"id": "id-4"}, line("A-3")], "LINE_ITEM_ADD"),
    "delete": ([{"id": "id-3"}], "LINE_ITEM_DELETE"),
    "increase": ([{"id": "id-3", "quantity": 3}, {"id": "id-4"}], "LINE_ITEM_QUANTITY_INCREASE"),
    "decrease": ([{"id": "id-3", "quantity": 1}, {"id": "id-4"}], "LINE_ITEM_QUANTITY_DECREASE"),
    "rewrite": ([{"id": "id-3", "article": {"title": "other"}}, {"id": "id-4"}], "ORDER_LINEITEM_WRITE"),
}


@pytest.mark.parametrize("change", LINES)
def test_each_change_of_lines_needs_its_permission_or_the_general_one(change: str) -> None:
    """The finest permission suffices, ORDER_LINEITEM_WRITE does too, all the other fine ones together do not."""
    sent, permission = LINES[change]
    others = {wanted for _, wanted in LINES.values()} - {permission, "ORDER_LINEITEM_WRITE"}
    assert edit(stored(), by=principal(permission), orderLineItems=sent).happening is not None
    assert edit(stored(), by=principal("ORDER_LINEITEM_WRITE"), orderLineItems=sent).happening is not None
    with pytest.raises(Forbidden, match=permission):
        edit(stored(), by=principal(*others), orderLineItems=sent)


@pytest.mark.parametrize(
    ("change", "permission"),
    [
        ({"consumer": {}}, "ORDER_CONSUMER_WRITE"),
        ({"customAttributes": None}, "ORDER_CUSTOM_ATTRIBUTES_WRITE"),
        ({"orderLineItems": []}, "ORDER_LINEITEM_WRITE"),
    ],
)
def test_a_member_needs_its_permission_before_the_order_is_read(change: Document, permission: str) -> None:
    """The refusal names the permission; with it there is none."""
    with pytest.raises(Forbidden) as refused:
        editing.check_permissions({"version": 1, **change}, principal("ORDER_WRITE"))
    assert [fault.summary for fault in refused.value.faults] == [
        f"Permission missing: {permission} is required to change {next(iter(change))}."
    ]
    editing.check_permissions({"version": 1, **change}, principal("ORDER_WRITE", permission))


def test_only_the_latest_edits_stay_on_the_order() -> None:
    """An order that is edited for ever does not grow for ever."""
    document = stored()
    for number in range(1, 53):
        document = edit(document, version=number, customAttributes={"edit": number}).document
    assert document["version"] == 53
    assert [detail["changes"]["customAttributes"]["edit"] for detail in document["updateDetails"]] == list(range(3, 53))
