"""Stock levels: how many pieces of an article a facility has, keeps back, and has reserved. One row each.

A level is changed by differences, never set, and never by a version: a thousand promises on one article wait for each
other for a moment, and none of them has to be decided anew. What may not be is refused by the guard of the update,
which the database evaluates on the row as it is when it is locked; the CHECK of the table says the same once more.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from opendoms.kernel.changeset import Changeset, Restock

TABLE: Final = "stock_levels"


class Change(NamedTuple):
    """All that changes one level at once: differences, and what the guard is told. `restocks` counts stock writes."""

    tenant: str
    tenant_article_id: str
    facility_ref: str
    on_hand: int
    safety: int
    reserved: int
    lapsed: int
    restocked: int
    restocks: int


# The columns of Change, for both engines.
KEY: Final = ("tenant", "tenant_article_id", "facility_ref")
COLUMNS: Final = (*KEY, "on_hand", "safety", "reserved", "lapsed", "restocked", "restocks")

# What is set, and the guard. `level.` and `given.` are the row and the change. The lines of the guard:
# nothing that is reserved afterwards may be missing; who takes pieces does not get lapsed ones; and who knows how many
# have lapsed knows it of this very stock, with no stock write in the same breath.
SETS: Final = (
    "on_hand = {level}on_hand + {given}on_hand, safety = {level}safety + {given}safety,"
    " reserved = {level}reserved + {given}reserved, restocked = {level}restocked + {given}restocks"
)
GUARD: Final = (
    "({level}reserved + {given}reserved <= 0 or {level}reserved + {given}reserved"
    " <= {level}on_hand + {given}on_hand - {level}safety - {given}safety)"
    " and ({given}reserved <= 0 or {level}reserved + {given}reserved"
    " <= {level}on_hand + {given}on_hand - {given}lapsed - {level}safety - {given}safety)"
    " and ({given}lapsed = 0 or ({level}restocked = {given}restocked and {given}restocks = 0))"
)


def changes_of(changesets: Iterable[Changeset]) -> list[Change]:
    """What changes per level, all changesets together, in the order in which levels are locked everywhere.

    Several holds on one level become one, since one statement changes a row once. That is right for all of them: where
    their sum fits, they fit one after the other, those first that give back.
    """
    changes: dict[tuple[str, str, str], Change] = {}
    for changeset in changesets:
        for hold in changeset.holds:
            key = (hold.tenant, hold.tenant_article_id, hold.facility_ref)
            lapsed = hold.lapsed if hold.quantity > 0 else 0
            restocked = hold.restocked if lapsed else 0
            _add(changes, Change(*key, 0, 0, hold.quantity, lapsed, restocked, 0))
        for restock in changeset.restocks:
            if not restock.opens:
                key = (restock.tenant, restock.tenant_article_id, restock.facility_ref)
                _add(changes, Change(*key, restock.on_hand, restock.safety, 0, 0, 0, 1))
    return sorted(changes.values())


def _add(changes: dict[tuple[str, str, str], Change], change: Change) -> None:
    key = change[:3]
    before = changes.get(key)
    if before is None:
        changes[key] = change
        return
    changes[key] = Change(
        *key,
        before.on_hand + change.on_hand,
        before.safety + change.safety,
        before.reserved + change.reserved,
        # The larger one is the stricter one. Of two counts of stock writes the older one cannot hold any more.
        max(before.lapsed, change.lapsed),
        max(before.restocked, change.restocked),
        before.restocks + change.restocks,
    )


def opened_of(changesets: Iterable[Changeset]) -> list[Restock]:
    """The levels that are new, in the order of their keys."""
    opened = [restock for changeset in changesets for restock in changeset.restocks if restock.opens]
    return sorted(opened, key=lambda level: (level.tenant, level.tenant_article_id, level.facility_ref))
