"""The version of an order: asked for by every change, moved by every change."""

from __future__ import annotations

from typing import Final

from opendoms.identity.principal import Principal
from opendoms.kernel.clock import text_of
from opendoms.kernel.decision import Document
from opendoms.kernel.refusal import VersionConflict

# An order carries its latest edits; all of them are in its events.
UPDATE_DETAILS_MAX: Final = 50


def check(order: Document, asked: int) -> None:
    """Raises VersionConflict where the caller saw another version than the stored one."""
    if asked != order["version"]:
        raise VersionConflict("order", asked, order["version"])


def next_version(order: Document, now: int) -> Document:
    """The same order as its next version, changed at `now` (ms)."""
    return {**order, "version": order["version"] + 1, "lastModified": text_of(now)}


def with_detail(order: Document, changes: Document, comment: str | None, principal: Principal, now: int) -> Document:
    """The same order with the record of one more edit."""
    detail: Document = {"created": text_of(now), "changes": changes, "user": principal.name or principal.subject}
    if comment is not None:
        detail["comment"] = comment
    return {**order, "updateDetails": [*order.get("updateDetails", ()), detail][-UPDATE_DETAILS_MAX:]}
