"""The versions of an order as they are told: who changed what and when."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from opendoms.history.rules.difference import ABSENT, difference, told
from opendoms.kernel.clock import text_of
from opendoms.kernel.decision import Document

# What every change moves by itself is told beside the difference: as version, time, and comment.
MOVED_BY_ITSELF: Final = ("version", "lastModified", "updateDetails")


class Version(NamedTuple):
    """One event of an order, with the order after it. `at` is an instant in ms."""

    number: int
    event: str
    event_id: str
    at: int
    actor: str
    cause: str
    document: Document

    @property
    def removed(self) -> bool:
        """Whether this is the order's end, whose event carries the order as it was last: no version more of it."""
        return bool(self.document.get("version") != self.number)


def version_told(version: Version, previous: Document | None) -> Document:
    """One version with its difference to the one before it, which is None where that one is not kept any more."""
    entry: Document = {
        "version": version.number,
        "event": version.event,
        "eventId": version.event_id,
        "at": text_of(version.at),
        "actor": version.actor,
        "cause": version.cause,
    }
    comment = _comment(version.document)
    if comment is not None and not version.removed:
        entry["comment"] = comment
    if version.document.get("anonymized") is True:
        entry["anonymized"] = True
    if version.removed:
        entry["removed"] = True
    elif version.number == 1:
        entry["changes"] = told(difference(ABSENT, version.document))
    elif previous is not None:
        entry["changes"] = told(difference(_compared(previous), _compared(version.document)))
    return entry


def _compared(document: Document) -> Document:
    return {name: value for name, value in document.items() if name not in MOVED_BY_ITSELF}


def _comment(document: Document) -> Any:
    """What the editor of this very version said: the comment of the last edit, if it is as old as the version."""
    details = document.get("updateDetails")
    if not details or details[-1]["created"] != document.get("lastModified"):
        return None
    return details[-1].get("comment")
