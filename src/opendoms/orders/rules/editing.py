"""Editing an order by PATCH (decisions D9 and D10)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from opendoms.identity.permissions import Permission
from opendoms.identity.principal import Principal
from opendoms.kernel.decision import Decision, Document, Happening
from opendoms.kernel.ids import NewId
from opendoms.kernel.refusal import Fault, Forbidden, Invalid
from opendoms.orders import pricing
from opendoms.orders.lifecycle import Move, moved
from opendoms.orders.rules import custom_attributes, references, versions
from opendoms.orders.rules.line_items import LineChange, replaced
from opendoms.orders.rules.references import NOTHING_KNOWN, Known
from opendoms.pricing.discounts import pricing_faults

# Any of these opens the line items; which of them suffices is decided by what changes.
_LINE_PERMISSIONS: Final = (
    Permission.ORDER_LINEITEM_WRITE,
    Permission.LINE_ITEM_ADD,
    Permission.LINE_ITEM_DELETE,
    Permission.LINE_ITEM_QUANTITY_INCREASE,
    Permission.LINE_ITEM_QUANTITY_DECREASE,
)
_ECHOED: Final = ("consumer", "customAttributes", "orderLineItems", "preferredHandlingTime")


class Editor(NamedTuple):
    """Who edits, what the tenant's configuration allows, and what of the references in the change exists."""

    principal: Principal
    line_item_modification_allowed: bool
    known: Known = NOTHING_KNOWN


def check_permissions(change: Document, principal: Principal) -> None:
    """What can be said before the order is read. Raises Forbidden, naming every permission that is missing."""
    faults = []
    if "consumer" in change and not principal.may(Permission.ORDER_CONSUMER_WRITE):
        faults.append(_missing("consumer", Permission.ORDER_CONSUMER_WRITE))
    if "customAttributes" in change and not principal.may(Permission.ORDER_CUSTOM_ATTRIBUTES_WRITE):
        faults.append(_missing("customAttributes", Permission.ORDER_CUSTOM_ATTRIBUTES_WRITE))
    if change.get("orderLineItems") is not None and not any(map(principal.may, _LINE_PERMISSIONS)):
        faults.append(_missing("orderLineItems", Permission.ORDER_LINEITEM_WRITE))
    if faults:
        raise Forbidden(*faults)


def _missing(member: str, permission: str) -> Fault:
    return Fault(f"Permission missing: {permission} is required to change {member}.")


def edit(order: Document, change: Document, editor: Editor, *, now: int, new_id: NewId) -> Decision:
    """The order after the change; an unchanged decision where the change asks for what is already so.

    Checks in the order of the contract: version, state, configuration, rules. `now` is an instant in ms.
    """
    versions.check(order, change["version"])
    edited = moved(Move.PATCH, order, now)
    faults = [*_faults(change), *references.faults(change, editor.known)]
    if "consumer" in change and not faults:
        edited["consumer"] = references.resolved(change, editor.known)["consumer"]
    if "customAttributes" in change:
        _put_or_clear(edited, "customAttributes", change["customAttributes"])
    if "preferredHandlingTime" in change:
        faults += _move_handling_time(edited, change["preferredHandlingTime"], editor)
    if change.get("orderLineItems") is not None:
        faults += _replace_lines(edited, change["orderLineItems"], editor, new_id)
    if faults:
        raise Invalid(*faults)
    if "pricing" in change:
        edited["pricing"] = {**order.get("pricing", {}), **change["pricing"]}
    edited = pricing.with_total(edited)
    return Decision(order) if edited == order else _told(edited, change, editor.principal, now)


def _replace_lines(edited: Document, sent: list[Document], editor: Editor, new_id: NewId) -> list[Fault]:
    lines = replaced(edited, sent, new_id)
    faults = lines.faults
    if lines.changes and not editor.line_item_modification_allowed:
        faults = [*faults, _forbidden_by_configuration("orderLineItems")]
    if not faults:
        _check_line_permissions(lines.changes, editor.principal)
    edited["orderLineItems"] = lines.lines
    return faults


def _move_handling_time(edited: Document, time: str, editor: Editor) -> list[Fault]:
    """Decision D10: collect orders move their provisioning time, all others their desired delivery time."""
    before = edited.get("deliveryPreferences", {})
    if before.get("collect"):
        after = {**before, "collect": [{**before["collect"][0], "provisioningTime": time}]}
    else:
        after = {**before, "shipping": {**before.get("shipping", {}), "desiredDeliveryTime": time}}
    if after == before:
        return []
    edited["deliveryPreferences"] = after
    return [] if editor.line_item_modification_allowed else [_forbidden_by_configuration("preferredHandlingTime")]


def _put_or_clear(document: Document, member: str, value: object) -> None:
    if value is None:
        document.pop(member, None)
    else:
        document[member] = value


def _forbidden_by_configuration(member: str) -> Fault:
    return Fault(
        f"{member}: the configuration does not allow this change",
        "Set allowOrderLineItemModification by PUT /api/configurations/ordermodification.",
    )


def _check_line_permissions(changes: frozenset[LineChange], principal: Principal) -> None:
    if principal.may(Permission.ORDER_LINEITEM_WRITE):
        return
    missing = sorted(change.permission for change in changes if not principal.may(change.permission))
    if missing:
        raise Forbidden(*(_missing("orderLineItems like this", permission) for permission in missing))


def _faults(change: Document) -> Iterator[Fault]:
    if "consumer" in change:
        yield from custom_attributes.consumer_faults("consumer", change["consumer"])
    yield from custom_attributes.faults("customAttributes", change.get("customAttributes"))
    if "pricing" in change:
        yield from pricing_faults(change["pricing"])


def _told(edited: Document, change: Document, principal: Principal, now: int) -> Decision:
    changes: Document = {member: change[member] for member in _ECHOED if member in change}
    document = versions.with_detail(versions.next_version(edited, now), changes, change.get("comment"), principal, now)
    return Decision(document, Happening("ORDER_MODIFIED", {"changes": changes}))
