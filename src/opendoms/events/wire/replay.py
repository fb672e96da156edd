"""Replays: what is to be sent once more, and how far that is."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType, field

from opendoms.events.rules.catalogue import EVENTS
from opendoms.events.rules.replay import RATE_DEFAULT, RATE_MAX
from opendoms.web.wire_types import Closed, Int64, Timestamp, Wire


class EventReplayForCreation(Closed, frozen=True, gc=False):
    """Which events are to be sent once more; all that is given must hold."""

    from_: Timestamp | UnsetType = field(default=UNSET, name="from")
    """Those that happened at this instant or later."""
    to: Timestamp | UnsetType = UNSET
    """Those that happened at this instant or before."""
    entity_id: Annotated[str, Meta(min_length=1, max_length=256)] | UnsetType = UNSET
    """Those of this order, or whatever has this id."""
    events: Annotated[tuple[str, ...], Meta(min_length=1, max_length=len(EVENTS))] | UnsetType = UNSET
    """Events by name; only the subscription's own where this is absent."""
    rate: Annotated[int, Meta(ge=1, le=RATE_MAX)] = RATE_DEFAULT
    """How many events are sent per second at most."""


class EventReplay(Wire, frozen=True, gc=False, kw_only=True):
    """A replay: it sends what lay in the past when it was asked for."""

    id: str
    """The id of the subscription."""
    version: Int64
    """Counts its changes."""
    state: Literal["RUNNING", "DONE", "CANCELLED"]
    """How it goes. DONE: everything is sent, or is on its way as a delivery."""
    from_: Timestamp | UnsetType = field(default=UNSET, name="from")
    """Those that happened at this instant or later."""
    to: Timestamp | UnsetType = UNSET
    """Those that happened at this instant or before."""
    entity_id: str | UnsetType = UNSET
    """Those of this order, or whatever has this id."""
    events: tuple[str, ...]
    """The events by name."""
    rate: int
    """How many events are sent per second at most."""
    started: Timestamp
    """When it was asked for."""
    ended: Timestamp | UnsetType = UNSET
    """When it came to its end."""
    replayed: Annotated[int, Meta(ge=0)]
    """How many events were found and sent, or wait as deliveries."""
