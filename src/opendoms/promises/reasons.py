"""What speaks for a facility, and what against it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal, NamedTuple

Role = Literal["COLLECT", "SUPPLY", "SHIP"]


class Reason(StrEnum):
    """What spoke for a facility, or against it."""

    HAS_ALL = "HAS_ALL"
    HAS_SOME = "HAS_SOME"
    READY = "READY"
    HANDS_OVER = "HANDS_OVER"
    DISTANCE = "DISTANCE"
    ARRIVES = "ARRIVES"
    CHOSEN = "CHOSEN"
    LETS_WAIT = "LETS_WAIT"

    UNKNOWN = "UNKNOWN"
    NOT_PRESELECTED = "NOT_PRESELECTED"
    NOT_ONLINE = "NOT_ONLINE"
    NO_SERVICE = "NO_SERVICE"
    NO_CARRIER = "NO_CARRIER"
    NO_HOURS = "NO_HOURS"
    NOT_LISTED = "NOT_LISTED"
    LISTING_INACTIVE = "LISTING_INACTIVE"
    SERVICE_NOT_DONE = "SERVICE_NOT_DONE"
    NOT_AVAILABLE = "NOT_AVAILABLE"
    TOO_FEW = "TOO_FEW"
    COLLECT_IMPOSSIBLE = "COLLECT_IMPOSSIBLE"
    LATER = "LATER"
    FARTHER = "FARTHER"
    AFTER_IN_ORDER = "AFTER_IN_ORDER"
    NOT_NEEDED = "NOT_NEEDED"
    ARRIVES_LATE = "ARRIVES_LATE"


# One reason and what it is about: an instant, a number, articles; what it is follows from the reason (see `facts`).
Fact = tuple[Reason, Any]


class Consideration(NamedTuple):
    """A facility that was looked at; ids alone where it does not exist."""

    facility: str
    name: str
    role: Role
    chosen: bool
    speaks_for: list[Fact]
    speaks_against: list[Fact]
