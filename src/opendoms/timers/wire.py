"""What the clock of a sandbox looks like on the wire."""

from __future__ import annotations

from typing import ClassVar

from msgspec import UNSET, UnsetType

from opendoms.web.wire_types import Closed, Timestamp, Wire


class ClockReading(Wire, frozen=True, gc=False):
    """What the tenant's clock shows."""

    now: Timestamp
    """The present instant."""
    frozen: bool
    """Whether the clock stands."""


class ClockChange(Closed, frozen=True, gc=False):
    """What to do with the tenant's clock: exactly one of the members."""

    now: Timestamp | UnsetType = UNSET
    """Moves the clock on to this instant, where it then stands."""
    advance: str | UnsetType = UNSET
    """Moves the clock on by an ISO 8601 duration without years and months, such as PT8H or P14D."""
    frozen: bool | UnsetType = UNSET
    """False lets the clock run on from where it is, true holds it there."""

    EXACTLY_ONE: ClassVar[tuple[str, ...]] = ("now", "advance", "frozen")


class RanTimer(Wire, frozen=True, gc=False):
    """Something that fell due."""

    kind: str
    """What was due, such as PROMISE_EXPIRY."""
    entity_id: str
    """The id of the entity that it was about."""
    due: Timestamp
    """When it was due; it ran at this instant, or later where it was overdue before the clock was moved."""


class ClockMoved(Wire, frozen=True, gc=False):
    """What the tenant's clock shows now, and what fell due on the way."""

    now: Timestamp
    """The present instant."""
    frozen: bool
    """Whether the clock stands."""
    ran: tuple[RanTimer, ...]
    """What ran, in order of due time."""
    failed: tuple[RanTimer, ...]
    """What ran and failed. It is tried again by itself, after a pause in real time; the log says more."""
