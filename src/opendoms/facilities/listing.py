"""Facilities as a list shows them: managed ones in short, with the members of their address; suppliers as they are."""

from __future__ import annotations

from typing import Final

from opendoms.facilities.actions import Page
from opendoms.facilities.rules.whole import SUPPLIER
from opendoms.kernel.decision import Document
from opendoms.kernel.document import decode, encode

_SHOWN: Final = ("id", "version", "created", "lastModified", "type", "status", "name", "tenantFacilityId")
_OF_ADDRESS: Final = (
    "street",
    "houseNumber",
    "postalCode",
    "city",
    "province",
    "country",
    "additionalAddressInfo",
    "phoneNumbers",
    "customAttributes",
)


def stripped(page: Page, size: int) -> bytes:
    """The list's body. `nextCursor` (ours) is the startAfterId of the next page, where there may be one."""
    facilities = [decode(document) for document in page.documents]
    body: Document = {"facilities": [_row(facility) for facility in facilities], "total": page.total}
    if len(facilities) == size and page.total > size:
        body["nextCursor"] = facilities[-1]["id"]
    return encode(body)


def _row(facility: Document) -> Document:
    if facility["type"] == SUPPLIER:
        return facility
    row: Document = {name: facility[name] for name in _SHOWN if name in facility}
    address = facility["address"]
    row |= {name: address[name] for name in _OF_ADDRESS if name in address}
    return row
