"""Replacing the line items of an order: which stay, which change, which come, which go."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from typing import Final, NamedTuple

from opendoms.identity.permissions import Permission
from opendoms.kernel.decision import Document
from opendoms.kernel.ids import NewId
from opendoms.kernel.refusal import Fault
from opendoms.orders.rules import custom_attributes, custom_services

QUANTITY_MAX: Final = 2**63 - 1


class LineChange(Enum):
    """What can happen to a line, with the permission that allows just this."""

    ADD = Permission.LINE_ITEM_ADD
    DELETE = Permission.LINE_ITEM_DELETE
    INCREASE = Permission.LINE_ITEM_QUANTITY_INCREASE
    DECREASE = Permission.LINE_ITEM_QUANTITY_DECREASE
    REWRITE = Permission.ORDER_LINEITEM_WRITE

    @property
    def permission(self) -> str:
        """The finest permission that allows it."""
        return str(self.value)


class Replaced(NamedTuple):
    """The new lines, what changed between old and new, and what is wrong with the request."""

    lines: list[Document]
    changes: frozenset[LineChange]
    faults: list[Fault]


def replaced(order: Document, sent: list[Document], new_id: NewId) -> Replaced:
    """The lines of `order` replaced by `sent`.

    With an id a line is kept and what is sent of it replaced; without one it is new; a line that is not mentioned
    goes. Lines that custom services refer to can neither change nor go.
    """
    stored = {line["id"]: line for line in order["orderLineItems"]}
    bound = custom_services.article_refs(order.get("customServices", []))
    lines: list[Document] = []
    changes: set[LineChange] = set()
    faults: list[Fault] = []
    seen: set[str] = set()
    for i, item in enumerate(sent):
        path = f"orderLineItems[{i}]"
        before = stored.get(item["id"]) if "id" in item else None
        problems = _item_faults(path, item, before, seen)
        if not problems:
            line = _kept(before, item) if before else _added(item, new_id)
            problems = [*custom_attributes.line_faults(path, line)]
            change = _changes(before, line)
            if change and before and before["article"]["tenantArticleId"] in bound:
                problems.append(Fault(f"{path}: belongs to a custom service and cannot be changed"))
            changes |= change
            lines.append(line)
        faults += problems
        seen.add(item.get("id", ""))
    for line_id, line in stored.items():
        if line_id not in seen:
            changes.add(LineChange.DELETE)
            if line["article"]["tenantArticleId"] in bound:
                faults.append(
                    Fault(f"orderLineItems: line {line_id} belongs to a custom service and cannot be removed")
                )
    if not sent:
        faults.append(Fault("orderLineItems: expected at least one line", "To end the order, cancel it."))
    return Replaced(lines, frozenset(changes), faults)


def _item_faults(path: str, item: Document, before: Document | None, seen: set[str]) -> list[Fault]:
    faults = []
    if "id" in item and before is None:
        faults.append(
            Fault(
                f"{path}.id: is no line of this order",
                "Leave the id out to add a line, or send the id of a stored one.",
            )
        )
    if "id" in item and item["id"] in seen:
        faults.append(Fault(f"{path}.id: is sent twice"))
    if "quantity" in item and not _is_quantity(item["quantity"]):
        faults.append(Fault(f"{path}.quantity: expected an integer of at least 1"))
    article_id = item.get("article", {}).get("tenantArticleId")
    if before is not None and article_id not in (None, before["article"]["tenantArticleId"]):
        faults.append(
            Fault(
                f"{path}.article.tenantArticleId: cannot be changed",
                "Remove the line and add one with the other article.",
            )
        )
    if "id" not in item:
        if "quantity" not in item:
            faults.append(Fault(f"{path}.quantity: is required for a new line"))
        if "article" not in item:
            faults.append(Fault(f"{path}.article: is required for a new line"))
        elif article_id is None:
            faults.append(Fault(f"{path}.article.tenantArticleId: is required for a new line"))
    return faults


def _is_quantity(quantity: int | Decimal) -> bool:
    return 1 <= quantity <= QUANTITY_MAX and quantity == int(quantity)


def _kept(before: Document, item: Document) -> Document:
    line = {**before, **item}
    if "article" in item:
        line["article"] = {**before["article"], **item["article"]}
    line["quantity"] = int(line["quantity"])
    return line


def _added(item: Document, new_id: NewId) -> Document:
    return {"id": new_id(), **item, "quantity": int(item["quantity"])}


def _changes(before: Document | None, line: Document) -> set[LineChange]:
    if before is None:
        return {LineChange.ADD}
    changes = set()
    if line["quantity"] != before["quantity"]:
        changes.add(LineChange.INCREASE if line["quantity"] > before["quantity"] else LineChange.DECREASE)
    if {**line, "quantity": None} != {**before, "quantity": None}:
        changes.add(LineChange.REWRITE)
    return changes
