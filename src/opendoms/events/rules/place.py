"""Where in the history of a tenant a reader stands."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

POSITION_MAX: Final = 2**63 - 1


class Place(NamedTuple):
    """Everything up to here was read. Places compare in the order in which events become final.

    `xid` is the transaction on PostgreSQL, where positions are handed out before commit, and 0 on SQLite.
    """

    xid: int
    position: int


START: Final = Place(0, 0)
# What operators write over the transactions of restored events: before all of the new server's.
RESTORED_XID: Final = 3


def known_here(place: Place, newest_xid: int) -> Place:
    """The place as this server counts transactions.

    A database that was restored from a dump on another server brings numbers of transactions that are yet to come
    here. Its events are then given one number that is before all of this server's (delivery-guarantees.md says how).
    """
    return place if place.xid <= newest_xid else Place(RESTORED_XID, place.position)


def place_of(stored: list[Any]) -> Place:
    """The place that is stored as a pair of numbers."""
    return Place(stored[0], stored[1])


class Happened(NamedTuple):
    """One event of history. `at` is an instant in ms, `document` the entity after it, `detail` what it tells beside."""

    place: Place
    kind: str
    entity_id: str
    seq: int
    event_id: str
    type: str
    at: int
    document: bytes
    detail: bytes | None
