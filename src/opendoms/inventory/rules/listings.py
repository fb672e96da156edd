"""What a listing may say, and how it is written, changed and shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from opendoms.kernel import custom_attributes
from opendoms.kernel.clock import text_of
from opendoms.kernel.decision import Decision, Document, Happening
from opendoms.kernel.document import changed_members
from opendoms.kernel.ids import NewId
from opendoms.kernel.localization import localized
from opendoms.kernel.refusal import Fault, Invalid, VersionConflict

PRIORITY_MAX: Final = 1000
CONTEXTS_MAX: Final = 5
CONTEXT_VALUES_MAX: Final = 100

_RETIRED: Final = ("stockinformation", "partialStocks")
_NEEDS_PREORDER: Final = ("PREORDER", "PREORDER_AND_RESTOCK")
_NEEDS_RESTOCK: Final = ("RESTOCK", "PREORDER_AND_RESTOCK")
# What a body says beside the listing itself.
_BESIDE: Final = frozenset({"version", "targetingStrategy", "facility", "selector"})
_OURS: Final = ("id", "facilityId", "version", "created", "lastModified")


def faults(listing: Document, path: str = "") -> Iterator[Fault]:
    """What is wrong with a listing as a body describes it, at `path` of the body (with a dot behind it)."""
    for name in _RETIRED:
        if name in listing:
            yield Fault(
                f"{path}{name}: is not kept here", "Stock is written by /api/stocks; leave this member out (D43)."
            )
    yield from custom_attributes.faults(f"{path}customAttributes", listing.get("customAttributes"))
    for place, attribute in enumerate(listing.get("attributes") or ()):
        if attribute.get("category") != "descriptive":
            for name in ("keyLocalized", "valueLocalized"):
                if name in attribute:
                    yield Fault(f"{path}attributes[{place}].{name}: stands with the category descriptive only")
    yield from _behaviour_faults(listing, path)
    for place, other in enumerate(listing.get("outOfStockBehaviourByContexts") or ()):
        at = f"{path}outOfStockBehaviourByContexts[{place}]."
        yield from _behaviour_faults(other, at)
        yield from _context_faults(other, at)


def _behaviour_faults(part: Document, path: str) -> Iterator[Fault]:
    behaviour, known = part.get("outOfStockBehaviour"), part.get("outOfStockConfig") or {}
    for needed_by, name in ((_NEEDS_PREORDER, "preorder"), (_NEEDS_RESTOCK, "restock")):
        if behaviour in needed_by and name not in known:
            yield Fault(f"{path}outOfStockConfig.{name}: is required for {behaviour}")
    days = known.get("restock", {}).get("restockableInDays", 0)
    if days < 0 or days != int(days):
        yield Fault(f"{path}outOfStockConfig.restock.restockableInDays: expected a whole number of days, at least 0")


def _context_faults(other: Document, path: str) -> Iterator[Fault]:
    priority = other["priority"]
    if not 1 <= priority <= PRIORITY_MAX or priority != int(priority):
        yield Fault(f"{path}priority: expected a whole number from 1 to {PRIORITY_MAX}")
    if not 1 <= len(other["context"]) <= CONTEXTS_MAX:
        yield Fault(f"{path}context: expected 1 to {CONTEXTS_MAX} entries")
    for place, context in enumerate(other["context"]):
        if len(context["values"]) > CONTEXT_VALUES_MAX:
            yield Fault(f"{path}context[{place}].values: expected at most {CONTEXT_VALUES_MAX} entries")


def write(  # noqa: PLR0913 - what is there, what is wanted, and what a new one is made of
    stored: Document | None, wanted: Document, facility_id: str, version: int | None, *, now: int, new_id: NewId
) -> Decision:
    """The listing as a checked body describes it whole, new or in place of the stored one.

    `version` is the one that the caller replaces, None for whichever is there. Raises VersionConflict; and Invalid
    where the caller replaces what is not there.
    """
    members = {name: value for name, value in wanted.items() if name not in _BESIDE}
    described = {**members, "status": members.get("status", "ACTIVE")}
    if stored is None:
        if version is not None:
            raise Invalid(
                Fault(f"version: there is no listing of {wanted['tenantArticleId']} yet", "Leave the version out.")
            )
        created = text_of(now)
        ours = {"id": new_id(), "facilityId": facility_id, "version": 1, "created": created, "lastModified": created}
        return Decision({**described, **ours}, Happening("LISTING_CREATED"))
    if version is not None and version != stored["version"]:
        raise VersionConflict("listing", version, stored["version"])
    return _changed(stored, described, now)


def change(stored: Document, body: Document, *, now: int) -> Decision:
    """The listing after some members have changed; null takes one away. Raises VersionConflict or Invalid."""
    if body["version"] != stored["version"]:
        raise VersionConflict("listing", body["version"], stored["version"])
    wanted = stored
    for action in body["actions"]:
        named = {name: value for name, value in action.items() if name != "action"}
        kept = {name: value for name, value in wanted.items() if name not in named}
        wanted = {**kept, **{name: value for name, value in named.items() if value is not None}}
    found = list(faults(wanted))
    if found:
        raise Invalid(*found)
    return _changed(stored, wanted, now)


def _changed(stored: Document, described: Document, now: int) -> Decision:
    listing = {**described, **{name: stored[name] for name in _OURS}}
    if listing == stored:
        return Decision(stored)
    ours = {"version": stored["version"] + 1, "lastModified": text_of(now)}
    return Decision({**listing, **ours}, Happening("LISTING_UPDATED", {"changed": changed_members(stored, listing)}))


def end() -> Happening:
    """What the end of a listing is told as."""
    return Happening("LISTING_DELETED")


def outcome(decision: Decision) -> str:
    """What was done to a listing or stock, in the contract's words."""
    if decision.happening is None:
        return "UNCHANGED"
    return "CREATED" if decision.document["version"] == 1 else "UPDATED"


def shown(listing: Document, locale: str | None) -> Document:
    """The listing in a language: its title, and what recordable attributes are called."""
    document = dict(listing)
    locales = () if locale is None else (locale,)
    if locale is not None and document.get("titleLocalized"):
        document["title"] = localized(document["titleLocalized"], locales)
    if "recordableAttributes" in document:
        document["recordableAttributes"] = [
            {**attribute, "key": localized(attribute["keyLocalized"], locales)}
            for attribute in document["recordableAttributes"]
        ]
    return document
