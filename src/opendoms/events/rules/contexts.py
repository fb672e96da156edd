"""Which facilities an event has to do with, for subscriptions that only want those of some."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from opendoms.events.rules.place import Happened
from opendoms.kernel.decision import Document
from opendoms.kernel.document import decode


def facilities_of(event: Happened) -> set[str]:
    """The ids of the facilities that an event names, the callers' own ids too; empty where it names none."""
    document = decode(event.document)
    if event.kind == "FACILITY":
        return {event.entity_id, *_own(document)}
    preferences = document.get("deliveryPreferences") or {}
    named: set[str] = set()
    for holder in (*preferences.get("collect", ()), *preferences.get("shipping", {}).get("preselectedFacilities", ())):
        named.update(_named(holder))
    return named


def wanted(contexts: Sequence[Document], event: Happened) -> bool:
    """Whether an event passes every context. One that names no facility passes none (decision D52)."""
    if not contexts:
        return True
    named = facilities_of(event)
    return all(not named.isdisjoint(context["values"]) for context in contexts)


def _named(holder: Document) -> Iterator[str]:
    if "facilityRef" in holder:
        yield holder["facilityRef"]
    if "tenantFacilityId" in holder:
        yield holder["tenantFacilityId"]


def _own(document: Document) -> Iterator[str]:
    if "tenantFacilityId" in document:
        yield document["tenantFacilityId"]
