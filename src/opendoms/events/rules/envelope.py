"""The message that a subscriber gets: the stored bytes of the entity in the envelope of the contract."""

from __future__ import annotations

from typing import Final

# The one detail that the contract shows to subscribers.
_CHANGES: Final = b'{"changes":'


def body_of(name: str, event_id: str, document: bytes, detail: bytes | None) -> bytes:
    """The JSON `{event, eventId, payload}`. The payload is not decoded; where the detail tells changes, it has them."""
    payload = document
    if detail is not None and detail.startswith(_CHANGES) and len(document) > len(b"{}"):
        payload = b"%b,%b" % (document[:-1], detail[1:])
    return b'{"event":"%b","eventId":"%b","payload":%b}' % (name.encode(), event_id.encode(), payload)
