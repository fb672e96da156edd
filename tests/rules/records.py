"""Order records as the rules get them: decoded JSON, small and complete."""

from __future__ import annotations

from typing import Any

from opendoms.configuration.gdpr import GDPR
from opendoms.kernel.decision import Document
from opendoms.records.rules import bulk, creation
from opendoms.records.rules.bulk import Item, Known, Verdict
from tests.rules.orders import NOW, ids

FACILITY = "f-1"
URN = "urn:fft:facility:tenantFacilityId:store-1"
# The facility by its id and by its URN.
FACILITIES = {FACILITY: FACILITY, URN: FACILITY}


def line(article_id: str = "A-1", quantity: Any = 2, price: str | None = None, **more: Any) -> Document:
    """A line as it is sent; with a price in euro cents where one is given."""
    attributes = []
    if price is not None:
        attributes = [
            {"category": "basePrice", "key": "value", "value": price},
            {"category": "basePrice", "key": "currency", "value": "EUR"},
        ]
    return {"quantity": quantity, "article": {"tenantArticleId": article_id, "attributes": attributes}, **more}


def record(key: str | None = "sale-1", **more: Any) -> Document:
    """A sale as it is sent: two lines."""
    own = {} if key is None else {"tenantOrderRecordId": key}
    return {
        **own,
        "orderRecordDate": "2026-11-20T08:00:00.000Z",
        "facilityRef": FACILITY,
        "lineItems": [line("A-1"), line("A-2", 5)],
        **more,
    }


def stored(**more: Any) -> Document:
    """A sale as it is stored after it was taken in at NOW."""
    return creation.create(record(**more), FACILITY, GDPR.defaults, now=NOW, new_id=ids()).document


def take_in(*records: Document, held: dict[str, Document] | None = None, now: int = NOW) -> list[Verdict]:
    """The verdicts on records that their type has accepted."""
    known = Known(FACILITIES, held or {}, GDPR.defaults)
    return bulk.take_in([Item(each) for each in records], known, now=now, new_id=ids())
