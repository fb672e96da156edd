"""Which facilities an event has to do with, for subscriptions that only want those of some."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from opendoms.events.rules.place import Happened
from opendoms.kernel.decision import Document
from opendoms.kernel.document import decode

# What refers to a facility is called so: by its id, in listings too, and by the callers' own one.
_NAMES: Final = ("facilityRef", "facilityId", "tenantFacilityId")


def facilities_of(event: Happened) -> set[str]:
    """The ids of the facilities that an event names, the callers' own ids too; empty where it names none."""
    document = decode(event.document)
    match event.kind:
        case "FACILITY":
            return {event.entity_id, *_named(document)}
        case "ORDER":
            preferences = document.get("deliveryPreferences") or {}
            selected = preferences.get("shipping", {}).get("preselectedFacilities", ())
            return {name for holder in (*preferences.get("collect", ()), *selected) for name in _named(holder)}
        case _:
            return {*_named(document), *_named(document.get("facility", {}))}


def wanted(contexts: Sequence[Document], event: Happened) -> bool:
    """Whether an event passes every context. One that names no facility passes none (decision D52)."""
    if not contexts:
        return True
    named = facilities_of(event)
    return all(not named.isdisjoint(context["values"]) for context in contexts)


def _named(holder: Document) -> Iterator[str]:
    return (holder[name] for name in _NAMES if name in holder)
