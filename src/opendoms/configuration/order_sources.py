"""Where orders come from: the shops, apps and marketplaces that an order may name as its source.

All sources of a tenant are one configuration document, the newest source first; each has a version of its own.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from opendoms.configuration.kind import Kind
from opendoms.kernel.decision import Document
from opendoms.kernel.ids import NewId
from opendoms.kernel.localization import locale_faults, localized
from opendoms.kernel.refusal import Conflict, Fault, Invalid, Unknown, VersionConflict

ENTRIES: Final = "orderSources"
ORDER_SOURCES: Final = Kind("ordersources", {ENTRIES: []})
SOURCES_MAX: Final = 500  # the contract's bound of the list


class Changed(NamedTuple):
    """A source, and all sources after the change."""

    entry: Document
    entries: list[Document]


def check(wanted: Document) -> None:
    """Raises Invalid with every fault of what a caller wants to store."""
    faults = locale_faults("nameLocalized", wanted["nameLocalized"])
    if faults:
        raise Invalid(*faults)


def added(entries: list[Document], wanted: Document, new_id: NewId) -> Changed:
    """With a new source. Raises Invalid where there are too many, Conflict where the caller's own id is held."""
    if len(entries) >= SOURCES_MAX:
        raise Invalid(Fault(f"{ENTRIES}: expected at most {SOURCES_MAX}", "Delete a source that is not used any more."))
    _refuse_held(entries, wanted)
    entry = {"id": new_id(), **_own(wanted), "version": 1}
    return Changed(entry, sorted([entry, *entries], key=_id, reverse=True))


def changed(entries: list[Document], source_id: str, wanted: Document) -> Changed:
    """With other words for a source. Raises Invalid, VersionConflict or Conflict.

    An unknown id is Invalid and not Unknown, since the contract lists no 404 for this operation.
    """
    place = _place(entries, source_id)
    if place is None:
        raise Invalid(
            Fault(f"ordersourceId: unknown order source {source_id[:64]}", "Nothing is stored under this id.")
        )
    stored = entries[place]
    if wanted["version"] != stored["version"]:
        raise VersionConflict("order source", wanted["version"], stored["version"])
    others = [*entries[:place], *entries[place + 1 :]]
    _refuse_held(others, wanted)
    entry = {"id": source_id, **_own(wanted), "version": stored["version"]}
    if entry == stored:
        return Changed(stored, entries)
    entry["version"] += 1
    return Changed(entry, [*entries[:place], entry, *entries[place + 1 :]])


def removed(entries: list[Document], source_id: str) -> list[Document]:
    """Without a source. Raises Unknown."""
    place = _place(entries, source_id)
    if place is None:
        raise Unknown(Fault(f"Unknown order source {source_id[:64]}.", "Nothing is stored under this id."))
    return [*entries[:place], *entries[place + 1 :]]


def page(configuration: Document, *, before: str, size: int) -> Document:
    """The configuration with at most `size` sources, those with ids below `before`, newest first."""
    entries = [entry for entry in configuration[ENTRIES] if entry["id"] < before]
    return {**configuration, ENTRIES: entries[:size]}


def _own(wanted: Document) -> Document:
    own = {"nameLocalized": wanted["nameLocalized"], "name": localized(wanted["nameLocalized"])}
    return own | {"tenantSourceId": wanted["tenantSourceId"]} if "tenantSourceId" in wanted else own


def _refuse_held(entries: list[Document], wanted: Document) -> None:
    if "tenantSourceId" not in wanted:
        return
    for entry in entries:
        if entry.get("tenantSourceId") == wanted["tenantSourceId"]:
            raise Conflict(
                Fault(
                    f"tenantSourceId: {wanted['tenantSourceId']} is held by order source {entry['id']}",
                    "Orders name their source by this id, so that it stands for one source.",
                )
            )


def _place(entries: list[Document], source_id: str) -> int | None:
    return next((place for place, entry in enumerate(entries) if entry["id"] == source_id), None)


def _id(entry: Document) -> str:
    source_id: str = entry["id"]
    return source_id
