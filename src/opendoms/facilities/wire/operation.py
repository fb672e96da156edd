"""How a managed facility works: when, what it offers, and how it picks."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from opendoms.web.wire_types import LIST_MAX, Closed, CustomAttributes, NotNegative, Timestamp, Wire

RANGES_MAX = 100  # of one day
CLOSING_DAYS_MAX = 5_000

Hour = Annotated[int, Meta(ge=0, le=23)] | Annotated[float, Meta(ge=0, le=23, multiple_of=1)]
Minute = Annotated[int, Meta(ge=0, le=59)] | Annotated[float, Meta(ge=0, le=59, multiple_of=1)]
LocationType = Literal["STORE", "WAREHOUSE", "EXTERNAL"]
PickingMethod = Literal["SINGLE_ORDER", "MULTI_ORDER", "BATCH_PICKING", "BATCH"]


class ClockTime(Wire, frozen=True, gc=False):
    """A time of day, in the time zone of the facility."""

    hour: Hour
    """The hour, 0 to 23."""
    minute: Minute
    """The minute, 0 to 59."""


class TimeRange(Wire, frozen=True, gc=False):
    """A part of a day."""

    start: ClockTime
    """When it begins."""
    end: ClockTime
    """When it ends; later on the same day."""
    capacity: NotNegative | UnsetType = UNSET
    """How much can be picked in it."""


Day = Annotated[tuple[TimeRange, ...], Meta(max_length=RANGES_MAX)] | UnsetType


class PickingTimes(Wire, frozen=True, gc=False):
    """When orders are picked, per day of the week; the parts of a day must not overlap."""

    monday: Day = UNSET
    """On Mondays."""
    tuesday: Day = UNSET
    """On Tuesdays."""
    wednesday: Day = UNSET
    """On Wednesdays."""
    thursday: Day = UNSET
    """On Thursdays."""
    friday: Day = UNSET
    """On Fridays."""
    saturday: Day = UNSET
    """On Saturdays."""
    sunday: Day = UNSET
    """On Sundays."""


class ClosingDay(Wire, frozen=True, gc=False):
    """A day on which nothing is picked."""

    date: Timestamp
    """The day."""
    reason: str
    """Why it is closed."""
    recurrence: Literal["YEARLY", "NONRECURRING"]
    """Whether it is closed on this day of every year."""


ClosingDays = Annotated[tuple[ClosingDay, ...], Meta(max_length=CLOSING_DAYS_MAX)]


class FacilityService(Closed, frozen=True, gc=False):
    """Something that the facility offers."""

    type: Literal["SHIP_FROM_STORE", "PICKUP"]
    """What it offers: to send goods to consumers, or to have them collected."""


Services = Annotated[tuple[FacilityService, ...], Meta(max_length=LIST_MAX)]


class FacilityContact(Wire, frozen=True, gc=False):
    """Whom to ask at the facility."""

    first_name: str
    """The first name."""
    last_name: str
    """The last name."""
    role_description: str | UnsetType = UNSET
    """What they do there."""
    custom_attributes: CustomAttributes | UnsetType = UNSET
    """Data of the caller's own."""


class ScanningRuleValue(Wire, frozen=True, gc=False):
    """One way to scan, with its rank."""

    priority: NotNegative
    """The rank; the lowest comes first."""
    scanning_rule_type: Literal["ARTICLE", "LOCATION"]
    """What is scanned."""


class ScanningRuleConfiguration(Wire, frozen=True, gc=False):
    """How articles are scanned while picking."""

    values: Annotated[tuple[ScanningRuleValue, ...], Meta(max_length=LIST_MAX)] | UnsetType = UNSET
    """The ways to scan."""


class LinkedConfiguration(Wire, frozen=True, gc=False):
    """A configuration that belongs to the facility."""

    ref: str | UnsetType = UNSET
    """The id of the configuration."""
    rel: str | UnsetType = UNSET
    """What it is about."""


PickingMethods = Annotated[tuple[PickingMethod, ...], Meta(max_length=LIST_MAX)]
Configurations = Annotated[tuple[LinkedConfiguration, ...], Meta(max_length=LIST_MAX)]
Buffer = Annotated[int, Meta(ge=0, le=2**63 - 1)]
PlanningDays = Annotated[int, Meta(ge=1, le=2**63 - 1)]
