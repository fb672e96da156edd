"""Carriers as lists show them: in short."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from opendoms.carriers.actions import Page
from opendoms.carriers.rules.carrier import ACTIVE, INACTIVE
from opendoms.carriers.rules.priority import Connected
from opendoms.carriers.rules.serving import delivery_type, is_active
from opendoms.kernel.decision import Document
from opendoms.kernel.document import decode, encode

_SHOWN: Final = ("id", "version", "created", "lastModified", "key", "name", "status", "deliveryType", "lifecycle")


def stripped(page: Page, size: int) -> bytes:
    """The list's body. `nextCursor` (ours) is the startAfterId of the next page, where there may be one."""
    rows = [_row(decode(document)) for document in page.documents]
    body: Document = {"carriers": rows, "total": page.total}
    if len(rows) == size and page.total > size:
        body["nextCursor"] = rows[-1]["id"]
    return encode(body)


def of_facility(connected: Iterable[Connected]) -> bytes:
    """The carriers of a facility: each ACTIVE where the facility sends with it, delivering as it does from there."""
    rows = [
        {
            **_row(carrier),
            "status": ACTIVE if is_active(connection, carrier) else INACTIVE,
            "deliveryType": delivery_type(connection, carrier),
        }
        for connection, carrier in connected
    ]
    return encode({"carriers": rows, "total": len(rows)})


def _row(carrier: Document) -> Document:
    return {name: carrier[name] for name in _SHOWN if name in carrier}
