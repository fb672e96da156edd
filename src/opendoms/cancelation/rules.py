"""What a cancelation reason must satisfy, and what becomes of it."""

from __future__ import annotations

from opendoms.kernel.clock import text_of
from opendoms.kernel.decision import Decision, Document, Happening
from opendoms.kernel.ids import NewId
from opendoms.kernel.localization import locale_faults
from opendoms.kernel.refusal import Invalid, VersionConflict


def check(wanted: Document) -> None:
    """Raises Invalid with every fault of what a caller wants to store."""
    faults = locale_faults("reasonLocalized", wanted["reasonLocalized"])
    if faults:
        raise Invalid(*faults)


def create(wanted: Document, *, now: int, new_id: NewId) -> Decision:
    """The new reason. `now` is an instant in ms."""
    at = text_of(now)
    document = {
        "id": new_id(),
        "version": 1,
        "created": at,
        "lastModified": at,
        "action": "CANCELATION",
        "reason": wanted["reason"],
        "reasonLocalized": wanted["reasonLocalized"],
    }
    return Decision(document, Happening("CANCELATION_REASON_CREATED"))


def modify(stored: Document, wanted: Document, *, now: int) -> Decision:
    """The reason with other words. Raises VersionConflict. Orders that were cancelled with it keep the old ones."""
    if wanted["version"] != stored["version"]:
        raise VersionConflict("cancelation reason", wanted["version"], stored["version"])
    document = {**stored, "reason": wanted["reason"], "reasonLocalized": wanted["reasonLocalized"]}
    if document == stored:
        return Decision(stored)
    document |= {"version": stored["version"] + 1, "lastModified": text_of(now)}
    return Decision(document, Happening("CANCELATION_REASON_MODIFIED"))


def delete(stored: Document) -> Decision:
    """The end of the reason, whatever its version."""
    return Decision(stored, Happening("CANCELATION_REASON_DELETED"))
