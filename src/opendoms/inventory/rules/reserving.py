"""Reservations: pieces that are held for an order, for good or until an instant."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from opendoms.inventory.model import Level
from opendoms.kernel.clock import instant_from, text_of
from opendoms.kernel.decision import Decision, Document, Happening

CREATED: Final = "RESERVATION_CREATED"
UPDATED: Final = "RESERVATION_UPDATED"
DELETED: Final = "RESERVATION_DELETED"

# Why a reservation ended: what its last event tells.
RELEASED: Final = "RELEASED"
EXPIRED: Final = "EXPIRED"


class Wanted(NamedTuple):
    """Pieces of a level that an order is to get. `order_line_item_id` says for which of its lines."""

    level: Level
    quantity: int
    order_line_item_id: str | None = None


class Purpose(NamedTuple):
    """What is held for: the order, its process where there is one, and until when (instant; None for good)."""

    order_ref: str
    valid_until: int | None = None
    process_ref: str | None = None


def create(wanted: Wanted, purpose: Purpose, host: str | None, *, reservation_id: str, now: int) -> Decision:
    """The reservation of some pieces. `host` is the stock that comes first (decision D40)."""
    document: Document = {
        "id": reservation_id,
        "version": 1,
        "created": text_of(now),
        "lastModified": text_of(now),
        "facilityRef": wanted.level.facility_ref,
        "tenantArticleId": wanted.level.tenant_article_id,
        "quantity": wanted.quantity,
        "host": {"type": "NONE", "reference": ""} if host is None else {"type": "STOCK", "reference": host},
        "relatedRefs": {
            "orderRefs": [purpose.order_ref],
            "processRefs": [] if purpose.process_ref is None else [purpose.process_ref],
            "routingPlanRefs": [],
            "pickJobRefs": [],
            "transferRefs": [],
        },
    }
    if wanted.order_line_item_id is not None:
        document["orderLineItemId"] = wanted.order_line_item_id
    if purpose.valid_until is not None:
        document["validUntil"] = text_of(purpose.valid_until)
    return Decision(document, Happening(CREATED))


def keep(stored: Document, valid_until: int | None, *, now: int) -> Decision:
    """The reservation, to hold until another instant, or for good where that is None."""
    document = {name: value for name, value in stored.items() if name != "validUntil"}
    if valid_until is not None:
        document["validUntil"] = text_of(valid_until)
    if document == stored:
        return Decision(stored)
    changed = {**document, "version": stored["version"] + 1, "lastModified": text_of(now)}
    return Decision(changed, Happening(UPDATED))


def end(reason: str) -> Happening:
    """What the end of a reservation is told as."""
    return Happening(DELETED, {"reason": reason})


def is_expired(reservation: Document, now: int) -> bool:
    """Whether a reservation holds nothing any more."""
    until = reservation.get("validUntil")
    return until is not None and instant_from(until) <= now


def held(reservations: Iterable[Document], now: int) -> dict[tuple[str, str], int]:
    """How many pieces some reservations hold now, by article and facility."""
    pieces: dict[tuple[str, str], int] = {}
    for reservation in reservations:
        if not is_expired(reservation, now):
            key = (reservation["tenantArticleId"], reservation["facilityRef"])
            pieces[key] = pieces.get(key, 0) + reservation["quantity"]
    return pieces
