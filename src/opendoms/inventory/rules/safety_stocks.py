"""Safety stocks: in one facility, or in each that has none of its own."""

from __future__ import annotations

from collections.abc import Iterable

from opendoms.kernel.clock import text_of
from opendoms.kernel.decision import Decision, Document, Happening
from opendoms.kernel.ids import NewId


def kept_back(safety_stocks: Iterable[Document], facility_ref: str) -> int:
    """How many pieces a facility keeps back, by the safety stocks of one article."""
    by_facility = {each.get("facilityRef"): each["value"] for each in safety_stocks}
    value: int = by_facility.get(facility_ref, by_facility.get(None, 0))
    return value


def put(  # noqa: PLR0913 - what is there, what is wanted, and what a new one is made of
    stored: Document | None, article: str, facility_ref: str | None, value: int, *, now: int, new_id: NewId
) -> Decision:
    """The safety stock with this value, new or in place of the stored one."""
    if stored is not None:
        if stored["value"] == value:
            return Decision(stored)
        changed = {**stored, "value": value, "version": stored["version"] + 1, "lastModified": text_of(now)}
        return Decision(changed, Happening("SAFETY_STOCK_UPDATED"))
    created = text_of(now)
    document: Document = {
        "id": new_id(),
        "version": 1,
        "created": created,
        "lastModified": created,
        "tenantArticleId": article,
        "value": value,
    }
    if facility_ref is not None:
        document["facilityRef"] = facility_ref
    return Decision(document, Happening("SAFETY_STOCK_CREATED"))


def end() -> Happening:
    """What the end of a safety stock is told as."""
    return Happening("SAFETY_STOCK_DELETED")
