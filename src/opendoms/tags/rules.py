"""What a tag must satisfy, and what becomes of it. Values are only ever added, since orders may carry them."""

from __future__ import annotations

from typing import Final

from opendoms.kernel.clock import text_of
from opendoms.kernel.decision import Decision, Document, Happening
from opendoms.kernel.refusal import Conflict, Fault, Invalid, VersionConflict

VALUES_MAX: Final = 500  # values that one tag allows

# Ids that no path can hold: clients take dots for folders, and one name is that of an operation.
_IDS_WITHOUT_A_PATH: Final = (".", "..", "search")


def check(wanted: Document) -> None:
    """Raises Invalid where no path could lead to a tag with this id."""
    if "/" in wanted["id"] or wanted["id"] in _IDS_WITHOUT_A_PATH:
        raise Invalid(
            Fault(
                "id: expected a text without a slash that is not '.', '..' or 'search'", "It is part of the tag's path."
            )
        )


def create(stored: Document | None, wanted: Document, *, now: int) -> Decision:
    """The new tag. `now` is an instant in ms. Raises Conflict where there is one with this id (decision D22)."""
    if stored is not None:
        raise Conflict(Fault(f"id: there is a tag {wanted['id']} already", "PATCH adds allowed values to it."))
    at = text_of(now)
    document = {"version": 1, "created": at, "lastModified": at, "id": wanted["id"]}
    return Decision({**document, "allowedValues": wanted["allowedValues"]}, Happening("TAG_CREATED"))


def modify(stored: Document, change: Document, *, now: int) -> Decision:
    """The tag with more allowed values; one that it allows already is no change.

    Raises VersionConflict, or Invalid for the action with which the values become too many.
    """
    if change["version"] != stored["version"]:
        raise VersionConflict("tag", change["version"], stored["version"])
    values = list(stored["allowedValues"])
    for i, action in enumerate(change["actions"]):
        if action["allowedValue"] in values:
            continue
        if len(values) >= VALUES_MAX:
            raise Invalid(Fault(f"actions[{i}].allowedValue: expected at most {VALUES_MAX} allowed values in one tag"))
        values.append(action["allowedValue"])
    if values == stored["allowedValues"]:
        return Decision(stored)
    document = {**stored, "version": stored["version"] + 1, "lastModified": text_of(now), "allowedValues": values}
    return Decision(document, Happening("TAG_MODIFIED"))
