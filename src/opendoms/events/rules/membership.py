"""How far an endpoint has been served, for the subscriptions that share it.

The endpoint has one place, up to which every event was sent or is kept as an open delivery. A subscription that is not
in step with it has a place of its own: one that is paused stays behind, one that came later or was served already is
ahead. Whenever a subscription comes in that is behind, the endpoint goes back to its place, and the others are ahead.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from opendoms.events.rules.place import START, Place, known_here


class Member(NamedTuple):
    """A subscription of the endpoint. `since` is where it began."""

    id: str
    paused: bool
    since: Place


class Membership(NamedTuple):
    """The place of the endpoint, and of each subscription that is not in step (None: in step)."""

    place: Place
    own: Mapping[str, Place | None]

    def place_of(self, member_id: str) -> Place:
        """Up to where a subscription was served."""
        return self.own.get(member_id) or self.place


EMPTY = Membership(START, {})


def settled_here(membership: Membership, newest_xid: int) -> Membership:
    """The membership as this server counts transactions."""
    own = {
        member_id: known_here(at, newest_xid) if at is not None else None for member_id, at in membership.own.items()
    }
    return Membership(known_here(membership.place, newest_xid), own)


def joined(before: Membership, members: list[Member]) -> Membership:
    """The membership when exactly these subscriptions share the endpoint. At least one of them is not paused."""
    own: dict[str, Place] = {}
    for member in members:
        own[member.id] = before.place_of(member.id) if member.id in before.own else member.since
    place = min(own[member.id] for member in members if not member.paused)
    return Membership(place, {member.id: _unless(own[member.id], place, member.paused) for member in members})


def moved(before: Membership, place: Place, paused: Collection[str]) -> Membership:
    """The membership when everything up to a place was served: whoever is not ahead of it any more is in step."""
    own = {
        member_id: at if at is not None and (at > place or member_id in paused) else None
        for member_id, at in before.own.items()
    }
    return Membership(place, own)


def _unless(at: Place, place: Place, paused: bool) -> Place | None:  # noqa: FBT001 - who is paused keeps their place
    return at if paused or at != place else None
