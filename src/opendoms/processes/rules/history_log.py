"""What happened to a process, entry by entry, derived from the differences between the versions of its order.

The contract has words for some of what can happen. What it has none for, such as an edit of custom attributes or a
promise that ran out, makes no entry here; the history of the order tells it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from opendoms.history.rules.difference import ABSENT, Change, Id, Path, difference
from opendoms.history.rules.versions import Version
from opendoms.kernel.clock import text_of
from opendoms.kernel.decision import Document

# An event that makes one entry → how the contract calls it.
_SAME: Final = {
    "ORDER_CANCELLED": "ORDER_CANCELLED",
    "ORDER_FORCE_CANCELLED": "ORDER_FORCE_CANCELLED",
    "ORDER_UNLOCKED": "ORDER_UNLOCKED",
    "ORDER_PROMISED": "DELIVERY_PROMISE_CREATED",
}
# Where an order has its preferred time (decision D10).
_TIMES: Final[tuple[Path, ...]] = (
    ("deliveryPreferences", "collect", 0, "provisioningTime"),
    ("deliveryPreferences", "shipping", "desiredDeliveryTime"),
)
_POSTAL: Final = "POSTAL_ADDRESS"


class _Entry(NamedTuple):
    kind: str
    domain: str
    payload: Document | None = None


def entries(version: Version, previous: Document | None) -> list[Document]:
    """The entries of one version, in the order of telling. `previous` is the order before, if it is kept."""
    user = _user(version)
    found = list(_entries(version, previous))
    return [
        {
            "id": version.event_id if place == 0 else f"{version.event_id}-{place}",
            "eventType": entry.kind,
            "type": entry.kind,
            "domain": entry.domain,
            "domainRef": version.document["id"],
            "status": version.document["status"],
            "version": version.number,
            "timestamp": text_of(version.at),
            "user": user,
            "eventCause": version.cause,
        }
        | ({} if entry.payload is None else {"payload": entry.payload})
        for place, entry in enumerate(found)
    ]


def _entries(version: Version, previous: Document | None) -> Iterator[_Entry]:
    order = version.document
    match version.event:
        case "ORDER_CREATED" if version.number > 1:
            yield _Entry("ORDER_CREATED_FROM_PROMISE", "ORDER")
        case "ORDER_CREATED":
            kind = "LOCKED_ORDER_CREATED" if order["status"] == "LOCKED" else "ORDER_CREATED"
            yield _Entry(kind, "ORDER", _status_reason(order))
        case "ORDER_CANCELLED" | "ORDER_FORCE_CANCELLED" if "cancelationReason" in order:
            reason = {name: order["cancelationReason"][name] for name in _REASON if name in order["cancelationReason"]}
            yield _Entry(version.event, "ORDER", {"cancelationReason": reason})
        case event if event in _SAME:
            yield _Entry(_SAME[event], "ORDER")
        case "ORDER_MODIFIED" if previous is not None:
            yield from _edits(version, previous)


_REASON: Final = ("id", "version", "reason", "reasonLocalized")


def _edits(version: Version, previous: Document) -> Iterator[_Entry]:
    changes = difference(_watched(previous), _watched(version.document), changes_max=_EVERY)
    said = _comment(version.document)
    for kind, articles in _lines(changes, previous, version.document):
        if articles:
            yield _Entry(kind, "ORDER_MODIFICATION", {"articles": articles} | said)
    for path in _TIMES:
        before, after = _at(previous, path), _at(version.document, path)
        if before != after:
            payload = {"previousPreferredHandlingTime": before, "newPreferredHandlingTime": after}
            yield _Entry("ORDER_PREFERRED_DATE_MODIFIED", "ORDER_MODIFICATION", payload | said)
    addresses = _addresses(previous, version.document)
    if addresses:
        yield _Entry("CONSUMER_ADDRESS_CHANGED", "ORDER_MODIFICATION", {"changes": addresses})


# No version is told coarsely here: each change of a line is wanted.
_EVERY: Final = 2**31


def _watched(order: Document) -> Document:
    return {"orderLineItems": order.get("orderLineItems", [])}


def _lines(changes: Sequence[Change], before: Document, after: Document) -> Iterator[tuple[str, list[Document]]]:
    """Per kind of entry the articles that it is about."""
    lines = {line["id"]: line for order in (before, after) for line in order.get("orderLineItems", ())}
    added, deleted, amounts = [], [], []
    for change in changes:
        match change.path:
            case ("orderLineItems", Id()) if change.before is ABSENT:
                added.append(_article(change.after) | {"newQuantity": change.after["quantity"]})
            case ("orderLineItems", Id()) if change.after is ABSENT:
                deleted.append(_article(change.before) | {"previousQuantity": change.before["quantity"]})
            case ("orderLineItems", Id(line_id), "quantity"):
                quantities = {"previousQuantity": change.before, "newQuantity": change.after}
                amounts.append(_article(lines[line_id]) | quantities)
    yield "ORDER_ITEM_AMOUNT_CHANGED", amounts
    yield "ORDER_ITEM_DELETED", deleted
    yield "ORDER_ITEM_ADDED", added


def _article(line: Document) -> Document:
    article = line["article"]
    return {name: article[name] for name in ("title", "titleLocalized") if name in article}


def _addresses(before: Document, after: Document) -> list[Document]:
    """Which members of which addresses differ; addresses of one type are taken in their order."""
    old, new = _by_type(before), _by_type(after)
    found = []
    for key in dict.fromkeys([*old, *new]):
        names = {
            change.path[0]: None
            for change in difference(old.get(key, {}), new.get(key, {}))
            if change.path and change.path[0] != "addressType"
        }
        if names:
            found.append({"addressType": key[0], "changedFields": [str(name) for name in names]})
    return found


def _by_type(order: Document) -> dict[tuple[str, int], Document]:
    found: dict[tuple[str, int], Document] = {}
    for address in order.get("consumer", {}).get("addresses", ()):
        kind, place = address.get("addressType", _POSTAL), 0
        while (kind, place) in found:
            place += 1
        found[kind, place] = address
    return found


def _at(order: Document, path: Path) -> Any:
    found: Any = order
    for step in path:
        match found, step:
            case dict(), str():
                found = found.get(step)
            case [first, *_], 0:
                found = first
            case _:
                return None
    return found


def _status_reason(order: Document) -> Document | None:
    for reason in order.get("statusReasons", ()):
        if reason["status"] == order["status"]:
            return {"statusReason": {"status": reason["status"], "reason": reason["reason"]}}
    return None


def _comment(order: Document) -> Document:
    details = order.get("updateDetails", ())
    return {"reason": details[-1]["comment"]} if details and "comment" in details[-1] else {}


def _user(version: Version) -> Document:
    """The subject of the token; the record of an edit knows their name as well."""
    details = version.document.get("updateDetails", ())
    edited = version.event == "ORDER_MODIFIED" and details
    return {"userRef": version.actor, "username": details[-1].get("user", version.actor) if edited else version.actor}


def unrepeated(found: list[Document]) -> list[Document]:
    """The entries without those that say the same of the same user as the one before them."""
    kept: list[Document] = []
    for entry in found:
        if not kept or _said(kept[-1]) != _said(entry):
            kept.append(entry)
    return kept


def _said(entry: Document) -> Document:
    return {name: entry.get(name) for name in ("eventType", "domainRef", "status", "user", "payload")}
