"""What waits for a subscription, as those who watch over it are shown it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from opendoms.events.rules.delivery import DEAD, RETRYING, WAITING
from opendoms.events.rules.membership import Membership
from opendoms.events.rules.place import Place, known_here
from opendoms.kernel.clock import instant_from, text_of
from opendoms.kernel.decision import Document

# Nothing is counted further, so that a look costs the same however much waits.
COUNTED_MAX: Final = 10_000
# The states of deliveries that are counted: what was delivered or cancelled waits for nothing.
STATES: Final = (WAITING, RETRYING, DEAD)


class Unread(NamedTuple):
    """The events behind a place: how many were looked at, how many of them are meant, and since when (ms)."""

    looked_at: int
    meant: int
    oldest: int | None


NOTHING_UNREAD: Final = Unread(0, 0, None)


class Stored(NamedTuple):
    """The deliveries in one state: how many there are, and the first of them."""

    number: int
    first: Document | None


def place_of_member(membership: Membership, subscription_id: str, since: Place, newest_xid: int) -> Place:
    """Up to where a subscription was served; where nobody has served it yet, where it begins."""
    place = membership.place_of(subscription_id) if subscription_id in membership.own else since
    return known_here(place, newest_xid)


def shown(
    subscription: Document, unread: Unread, stored: Mapping[str, Stored], *, supported: bool, now: int
) -> Document:
    """What waits for a subscription; `stored` has what there is in each of STATES, `now` is an instant in ms."""
    waiting = [stored[state].first for state in (WAITING, RETRYING)]
    begun = [instant_from(first["occurred"]) for first in waiting if first is not None]
    oldest = min([*begun, *([] if unread.oldest is None else [unread.oldest])], default=None)
    document: Document = {
        "subscriptionId": subscription["id"],
        "name": subscription["name"],
        "event": subscription["event"],
        "paused": subscription["paused"],
        "supported": supported,
        "unread": unread.meant,
        **{state.lower(): stored[state].number for state in STATES},
        "atLeast": max(unread.looked_at, *(stored[state].number for state in STATES)) >= COUNTED_MAX,
    }
    if oldest is not None:
        document |= {"oldest": text_of(oldest), "oldestAgeSeconds": max(0, now - oldest) // 1000}
    return document
