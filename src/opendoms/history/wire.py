"""What history looks like on the wire."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, UnsetType

from opendoms.web.wire_types import LIST_MAX, LIST_SIZE_DEFAULT, PageSize, Timestamp, Wire

EVENT_PAGE_DEFAULT = 100
WAIT_SECONDS_MAX = 30
TYPES_MAX = 100
VERSIONS_MAX = 100

Name = Annotated[str, Meta(min_length=1, max_length=64)]
Names = Annotated[list[Name], Meta(max_length=TYPES_MAX)]


class EventsQuery(Wire, frozen=True, gc=False):
    """The parameters of the feed."""

    after: str | UnsetType = UNSET
    """Where to go on: the `nextCursor` of the page before, or the `cursor` of an event."""
    start: Literal["OLDEST", "NEWEST"] = "OLDEST"
    """Where to begin without `after`: with the oldest event that is kept, or behind the newest one."""
    size: PageSize = EVENT_PAGE_DEFAULT
    """How many events a page holds at most; large ones make it shorter."""
    wait: Annotated[int, Meta(ge=0, le=WAIT_SECONDS_MAX)] = 0
    """How many seconds to wait for an event where there is none yet."""
    entity_kind: Names | UnsetType = UNSET
    """Only events of these kinds of entities, such as ORDER; all that the caller may read where absent."""
    type: Names | UnsetType = UNSET
    """Only these events, such as ORDER_CREATED."""


class FeedEvent(Wire, frozen=True, gc=False):
    """Something that happened."""

    event: str
    """What happened, such as ORDER_CREATED."""
    event_id: str
    """The id of the event, by which a receiver knows what it has had already."""
    entity_kind: str
    """What it happened to, such as ORDER."""
    entity_id: str
    """The id of what it happened to."""
    seq: Annotated[int, Meta(ge=1)]
    """Counts the events of this one entity from 1, without gaps; the version that the event made."""
    at: Timestamp
    """When it happened."""
    actor: str
    """Who did it: the subject of the token, or the hub itself."""
    cause: str
    """The request or the timer that did it."""
    cursor: str
    """Where to go on behind this event."""
    payload: dict[str, Any]
    """The entity after the event; one that was removed as it was last."""
    detail: dict[str, Any] | UnsetType = UNSET
    """What only this kind of event tells, such as the changes that were asked for."""


class Events(Wire, frozen=True, gc=False):
    """A page of the feed."""

    events: tuple[FeedEvent, ...]
    """The events, in their final order."""
    next_cursor: str
    """Where to go on; always there, and further on even where no event was wanted."""
    has_more: bool
    """Whether there were more when this was answered. Where not, ask again with `wait`."""


class HistoryQuery(Wire, frozen=True, gc=False):
    """The parameters of the history of an order."""

    before: Annotated[int, Meta(ge=1)] | UnsetType = UNSET
    """Only versions below this one; the `nextCursor` of the page before."""
    size: Annotated[int, Meta(ge=1, le=VERSIONS_MAX)] = LIST_SIZE_DEFAULT
    """How many versions a page holds at most; large ones make it shorter."""


class HistoryChange(Wire, frozen=True, gc=False):
    """One difference between a version and the one before it."""

    path: str
    """Where, as a JSONPath; `$` is the order itself, `[*].id` at the end the sequence of a list's elements."""
    before: Any = UNSET
    """What was there; absent where nothing was."""
    after: Any = UNSET
    """What is there from this version on; absent where it was taken away."""


class OrderVersion(Wire, frozen=True, gc=False):
    """One version of an order: who changed what."""

    version: Annotated[int, Meta(ge=1)]
    """The version that the change made."""
    event: str
    """What happened."""
    event_id: str
    """The id of the event that tells of it."""
    at: Timestamp
    """When it happened."""
    actor: str
    """Who did it: the subject of the token, or the hub itself."""
    cause: str
    """The request or the timer that did it."""
    comment: str | UnsetType = UNSET
    """What the editor said about it."""
    anonymized: bool | UnsetType = UNSET
    """True where personal data has been taken out of this version since."""
    removed: bool | UnsetType = UNSET
    """True where the order was removed."""
    changes: tuple[HistoryChange, ...] | UnsetType = UNSET
    """The difference to the version before. Absent where that one is not kept any more, and on removal."""


class OrderVersions(Wire, frozen=True, gc=False):
    """A page of an order's history, the newest version first."""

    order_id: str
    """The id of the order."""
    versions: Annotated[tuple[OrderVersion, ...], Meta(max_length=LIST_MAX)]
    """The versions of this page."""
    total: Annotated[int, Meta(ge=0)]
    """How many versions are kept."""
    next_cursor: str | UnsetType = UNSET
    """What to send as `before` for the next page; absent on the last one."""


class OrderAtQuery(Wire, frozen=True, gc=False):
    """Which version of an order; the present one where nothing is said."""

    as_of: Timestamp | UnsetType = UNSET
    """The order as it was at this time."""
    version: Annotated[int, Meta(ge=1)] | UnsetType = UNSET
    """The order as it was in this version."""
