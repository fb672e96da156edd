"""Taking in an order: what it must satisfy beyond its shape, and what the hub adds to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from opendoms.configuration.promises import VALIDITY_MS_MAX, VALIDITY_MS_MIN
from opendoms.configuration.stickers import stickers_for
from opendoms.kernel.clock import instant_from, text_of
from opendoms.kernel.decision import Decision, Document, Happening
from opendoms.kernel.ids import NewId
from opendoms.kernel.localization import locale_faults, localized
from opendoms.kernel.refusal import Fault, Invalid
from opendoms.orders import pricing
from opendoms.orders.lifecycle import TABLE, Move, Status, moved
from opendoms.orders.rules import custom_attributes, custom_services, references
from opendoms.orders.rules.references import NOTHING_KNOWN, Known
from opendoms.pricing.discounts import pricing_faults

STICKER_NAME_CHARACTERS_MAX: Final = 14
SCHEMA_VERSION: Final = 1

_MOVES: Final = {None: Move.CREATE, Status.OPEN: Move.CREATE, Status.LOCKED: Move.CREATE_LOCKED}


def create(order: Document, known: Known = NOTHING_KNOWN, *, now: int, new_id: NewId) -> Decision:
    """The order as it is stored: the caller's members, completed with the hub's.

    `known` is what of the order's references exists, `now` an instant in ms. Raises Invalid with every fault.
    """
    faults = [*_status_faults(order), *_faults(order, known, now)]
    if faults:
        raise Invalid(*faults)
    move = _MOVES[order.get("status")]
    members = {name: value for name, value in order.items() if name != "status"}
    document = _completed(members, known, now=now, new_id=new_id)
    return Decision(moved(move, document, now), Happening(TABLE[move].event))


def promise(order: Document, known: Known, promise_ms: int, *, now: int, new_id: NewId) -> Decision:
    """The order as it is promised; for `promise_ms` where it does not say until when itself. Its status is passed over.

    Raises Invalid with every fault.
    """
    faults = list(_faults(order, known, now))
    if faults:
        raise Invalid(*faults)
    members = {name: value for name, value in order.items() if name != "status"}
    members.setdefault("promisesOptions", {"validUntil": text_of(now + promise_ms)})
    document = _completed(members, known, now=now, new_id=new_id)
    return Decision(moved(Move.PROMISE, document, now), Happening(TABLE[Move.PROMISE].event))


def _completed(order: Document, known: Known, *, now: int, new_id: NewId) -> Document:
    """A checked order without its status, with the hub's members."""
    order = references.resolved(order, known)
    at = text_of(now)
    document: Document = {
        "id": new_id(),
        "version": 1,
        "created": at,
        "lastModified": at,
        **order,
        "processId": new_id(),
        "orderLineItems": [{"id": new_id(), **line} for line in order["orderLineItems"]],
        "workflowInformation": {"isAvailable": False},
        "anonymized": False,
        "schemaVersion": SCHEMA_VERSION,
    }
    if "customServices" in order:
        document["customServices"] = [custom_services.with_ids(entry, new_id) for entry in order["customServices"]]
    stickers = stickers_for(order.get("tags", ()), known.order_tag_configuration, order.get("stickers", ()))
    if stickers:
        document["stickers"] = stickers
    if "methodLocalized" in order.get("paymentInfo", ()):
        document["paymentInfo"] = {
            **order["paymentInfo"],
            "method": localized(order["paymentInfo"]["methodLocalized"]),
        }
    return pricing.with_total(document)


def _status_faults(order: Document) -> Iterator[Fault]:
    if order.get("status") not in _MOVES:
        yield Fault(
            "status: expected OPEN or LOCKED",
            "An order cannot begin as PROMISED, CANCELLED or OBSOLETE; a promise is made by asking for one.",
        )


def _faults(order: Document, known: Known, now: int) -> Iterator[Fault]:
    yield from custom_attributes.faults("customAttributes", order.get("customAttributes"))
    yield from custom_attributes.consumer_faults("consumer", order["consumer"])
    for i, line in enumerate(order["orderLineItems"]):
        yield from custom_attributes.line_faults(f"orderLineItems[{i}]", line)
    for i, entry in enumerate(order.get("customServices", ())):
        yield from custom_attributes.service_faults(f"customServices[{i}]", entry)
    yield from custom_services.faults(order.get("customServices", []), order["orderLineItems"])
    yield from _promise_faults(order, now)
    yield from _reservation_faults(order)
    yield from _text_faults(order)
    if "pricing" in order:
        yield from pricing_faults(order["pricing"])
    yield from references.faults(order, known)


def _promise_faults(order: Document, now: int) -> Iterator[Fault]:
    if "promisesOptions" in order:
        ahead = instant_from(order["promisesOptions"]["validUntil"]) - now
        if not VALIDITY_MS_MIN <= ahead <= VALIDITY_MS_MAX:
            yield Fault(
                "promisesOptions.validUntil: expected a time between 1 minute and 8 hours from now",
                f"It is {text_of(now)} here.",
            )


def _reservation_faults(order: Document) -> Iterator[Fault]:
    wish = order.get("deliveryPreferences", {}).get("reservationPreferences", {})
    if wish.get("mode") == "SCHEDULED" and "reservationTime" not in wish:
        yield Fault("deliveryPreferences.reservationPreferences.reservationTime: is required with mode SCHEDULED")


def _text_faults(order: Document) -> Iterator[Fault]:
    for i, sticker in enumerate(order.get("stickers", ())):
        path = f"stickers[{i}].nameLocalized"
        yield from locale_faults(path, sticker["nameLocalized"])
        for locale, name in sticker["nameLocalized"].items():
            if len(name) > STICKER_NAME_CHARACTERS_MAX:
                yield Fault(
                    f"{path}.{locale[:16]}: expected at most {STICKER_NAME_CHARACTERS_MAX} characters, got {len(name)}"
                )
    payment = order.get("paymentInfo", {})
    if "methodLocalized" in payment:
        yield from locale_faults("paymentInfo.methodLocalized", payment["methodLocalized"])
