"""What waits for subscriptions."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from opendoms.web.wire_types import LIST_SIZE_DEFAULT, Timestamp, Wire

# Of each subscription several counts are made, so that pages are smaller than elsewhere.
BACKLOG_SIZE_MAX = 50

Count = Annotated[int, Meta(ge=0)]


class SubscriptionBacklog(Wire, frozen=True, gc=False, kw_only=True):
    """What waits for one subscription."""

    subscription_id: str
    """The id of the subscription."""
    name: str
    """What the caller calls it."""
    event: str
    """The name of the event."""
    paused: bool
    """Whether nothing is sent until it is resumed."""
    supported: bool
    """Whether the hub ever sends the event."""
    unread: Count
    """Events that are on their way, or that nobody has begun with. Which facilities they are of is not looked at."""
    waiting: Count
    """Deliveries that wait behind a failing one of the same entity."""
    retrying: Count
    """Deliveries that failed, and are tried again."""
    dead: Count
    """Dead letters: deliveries that were given up."""
    at_least: bool
    """True where one of the counts has reached 10,000, where counting ends: there may be more."""
    oldest: Timestamp | UnsetType = UNSET
    """When the oldest event happened that is still to be delivered; absent where none is."""
    oldest_age_seconds: Count | UnsetType = UNSET
    """How long ago that is."""


class Backlog(Wire, frozen=True, gc=False):
    """One page of what waits, by subscription, the newest first."""

    subscriptions: tuple[SubscriptionBacklog, ...]
    """The subscriptions of this page."""
    next_cursor: str | UnsetType = UNSET
    """What to send as `startAfterId` for the next page; absent on the last one."""


class BacklogQuery(Wire, frozen=True, gc=False):
    """Which page is asked for."""

    start_after_id: str | UnsetType = UNSET
    """The list goes on behind this id; the id of the last subscription of the page before."""
    size: Annotated[int, Meta(ge=1, le=BACKLOG_SIZE_MAX)] = LIST_SIZE_DEFAULT
    """How many subscriptions a page holds at most."""
