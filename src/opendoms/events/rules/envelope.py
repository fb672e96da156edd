"""The message that a subscriber gets: the stored bytes of the entity in the envelope of the contract."""

from __future__ import annotations

from typing import Final

from opendoms.events.rules.catalogue import event_id_of, told_by
from opendoms.events.rules.place import Happened
from opendoms.kernel.decision import Document
from opendoms.kernel.document import decode, encode

# The one detail that the contract shows to subscribers.
_CHANGES: Final = b'{"changes":'


def body_of(name: str, event: Happened) -> bytes:
    """The JSON `{event, eventId, payload}` of an event that is sent under a name."""
    event_id = event_id_of(name, event).encode()
    return b'{"event":"%b","eventId":"%b","payload":%b}' % (name.encode(), event_id, _payload_of(name, event))


def _payload_of(name: str, event: Happened) -> bytes:
    told = told_by(name)
    match told.shape if told is not None else "entity":
        case "items":
            return b'{"items":[%b]}' % event.document
        case "process":
            return encode(_process_of(event))
        case _:
            return _with_changes(event.document, event.detail)


def _with_changes(document: bytes, detail: bytes | None) -> bytes:
    """The entity, not decoded; where the detail tells changes, it has them."""
    if detail is not None and detail.startswith(_CHANGES) and len(document) > len(b"{}"):
        return b"%b,%b" % (document[:-1], detail[1:])
    return document


def _process_of(event: Happened) -> Document:
    """What an order without a person still tells of its process (decision D86). Members that are unknown are absent."""
    known = {**(decode(event.detail) if event.detail is not None else {}), **decode(event.document)}
    process: Document = {"id": known["processId"]} if "processId" in known else {}
    process |= {"orderRef": event.entity_id, "isAnonymized": True}
    if "tenantOrderId" in known:
        process["tenantOrderId"] = known["tenantOrderId"]
    return process
