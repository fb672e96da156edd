"""The rule that all configurations share: the first write is taken with any version, later ones need the stored one."""

from __future__ import annotations

from typing import Final

from opendoms.kernel.clock import text_of
from opendoms.kernel.decision import Decision, Document, Happening
from opendoms.kernel.refusal import VersionConflict

# What a document that was never written says of itself.
VERSION_UNWRITTEN: Final = 0

_SERVER_MADE: Final = ("id", "version", "created", "lastModified")


def configure(kind: str, stored: Document | None, wanted: Document, *, now: int) -> Decision:
    """The configuration after the write. `wanted` holds `version` and the members to set. `now` is an instant in ms.

    Members that the server makes (id, created) are not the caller's to set. Raises VersionConflict.
    """
    own = {member: value for member, value in wanted.items() if member not in _SERVER_MADE}
    if stored is None:
        return Decision({"id": kind, "version": 1, "created": text_of(now), **own}, Happening("CONFIGURATION_CREATED"))
    if wanted["version"] != stored["version"]:
        raise VersionConflict("configuration", wanted["version"], stored["version"])
    document = {**stored, **own}
    if document == stored:
        return Decision(stored)
    return Decision({**document, "version": stored["version"] + 1}, Happening("CONFIGURATION_MODIFIED"))
