"""The rules that all configurations share.

The first write is taken with any version, later ones need the stored one. A write replaces all members that are the
caller's own.
"""

from __future__ import annotations

from typing import Final

from opendoms.configuration.kind import Kind
from opendoms.kernel.clock import text_of
from opendoms.kernel.decision import Decision, Document, Happening
from opendoms.kernel.refusal import VersionConflict

# What a document that was never written says of itself.
VERSION_UNWRITTEN: Final = 0

_SERVER_MADE: Final = ("id", "version", "created", "lastModified")


def configure(kind: Kind, stored: Document | None, wanted: Document, *, now: int) -> Decision:
    """The configuration after the write. `wanted` holds `version` and the members to set. `now` is an instant in ms.

    Members that the server makes (id, created) are not the caller's to set. Raises VersionConflict.
    """
    if stored is not None and wanted["version"] != stored["version"]:
        raise VersionConflict("configuration", wanted["version"], stored["version"])
    own = {member: value for member, value in wanted.items() if member not in _SERVER_MADE}
    return rewritten(kind, stored, own, now=now)


def rewritten(kind: Kind, stored: Document | None, own: Document, *, now: int) -> Decision:
    """The configuration with these members and those that the server makes; nothing to do where it has them already."""
    at = text_of(now)
    dated = {"lastModified": at} if kind.dated else {}
    if stored is None:
        document = {"id": kind.id, "version": 1, "created": at, **dated, **own}
        return Decision(document, Happening("CONFIGURATION_CREATED"))
    document = {member: stored[member] for member in _SERVER_MADE if member in stored} | own
    if document == stored:
        return Decision(stored)
    document |= {"version": stored["version"] + 1, **dated}
    return Decision(document, Happening("CONFIGURATION_MODIFIED"))
