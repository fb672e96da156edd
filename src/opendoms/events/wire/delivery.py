"""Deliveries and their attempts."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from opendoms.web.wire_types import LIST_SIZE_DEFAULT, Int64, PageSize, Timestamp, Wire

DeliveryState = Literal["WAITING", "RETRYING", "DELIVERED", "DEAD", "CANCELLED"]


class DeliveryAttempt(Wire, frozen=True, gc=False):
    """One request to the endpoint."""

    at: Timestamp
    """When it began."""
    duration_ms: Int64
    """How long it took, in milliseconds."""
    status: int | UnsetType = UNSET
    """The status that the endpoint answered; absent where it did not answer."""
    error: str | UnsetType = UNSET
    """Why there is no answer, in a word such as TIMEOUT or CONNECTION_REFUSED."""


class Delivery(Wire, frozen=True, gc=False, kw_only=True):
    """An event on its way to a subscriber, or where it ended."""

    id: str
    """The id of the delivery."""
    version: Int64
    """Counts its changes, from 1."""
    subscription_id: str
    """Whom it is for."""
    event: str
    """The name of the event."""
    event_id: str
    """The id of the event: `eventId` and the header `webhook-id` of every attempt."""
    entity_type: str
    """What the event is about, such as ORDER."""
    entity_id: str
    """The id of the order, or of whatever it is about."""
    sequence: Int64
    """Counts the events of the entity; the header `opendoms-sequence`."""
    occurred: Timestamp
    """When it happened."""
    created: Timestamp
    """When there was first something to tell of the delivery."""
    state: DeliveryState
    """WAITING (behind an earlier one), RETRYING, DELIVERED, DEAD (given up) or CANCELLED (the subscription is gone)."""
    attempt_count: Annotated[int, Meta(ge=0)]
    """How often it was tried."""
    attempts: tuple[DeliveryAttempt, ...]
    """The last 20 attempts, the latest at the end."""
    next_attempt: Timestamp | UnsetType = UNSET
    """When it is tried next, at the earliest."""
    delivered: Timestamp | UnsetType = UNSET
    """When the endpoint took it."""
    replayed: bool | UnsetType = UNSET
    """True where a replay sent it."""
    reason: str | UnsetType = UNSET
    """Why it is DEAD, where attempts do not tell: EVENT_GONE."""


class Deliveries(Wire, frozen=True, gc=False):
    """One page of deliveries, newest first."""

    deliveries: tuple[Delivery, ...]
    """The deliveries of this page."""
    next_cursor: str | UnsetType = UNSET
    """What to send as `startAfterId` for the next page; absent on the last one."""


class DeliveryListQuery(Wire, frozen=True, gc=False):
    """Which deliveries are asked for; all that is given must hold."""

    subscription_id: str | UnsetType = UNSET
    """Those to this subscription."""
    entity_id: str | UnsetType = UNSET
    """Those about this order, or whatever has this id."""
    state: DeliveryState | UnsetType = UNSET
    """Those in this state."""
    start_after_id: str | UnsetType = UNSET
    """The list goes on behind this id; the id of the last delivery of the page before."""
    size: PageSize = LIST_SIZE_DEFAULT
    """How many deliveries a page holds at most."""
