"""Until when goods must be ready for a carrier."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from opendoms.web.wire_types import NotNegative, Wire

WEEKDAYS_MAX = 7
OVERWRITES_MAX = 1_000  # single days with cut-offs of their own
CUTOFFS_MAX = 24  # of one day

Hour = Annotated[int, Meta(ge=0, le=23)] | Annotated[float, Meta(ge=0, le=23, multiple_of=1)]
Minute = Annotated[int, Meta(ge=0, le=59)] | Annotated[float, Meta(ge=0, le=59, multiple_of=1)]
WeekDay = Literal["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]
_TIME = "^(2[0-3]|[01]?[0-9]):([0-5]?[0-9])"
TimeOfDay = Annotated[str, Meta(pattern=rf"{_TIME}\Z", extra_json_schema={"published": {"pattern": f"{_TIME}$"}})]
_DATE = r"^\d{4}-\d{2}-\d{2}"
Date = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z",
        extra_json_schema={"published": {"pattern": f"{_DATE}$", "format": "date"}},
    ),
]


class CutoffTime(Wire, frozen=True, gc=False):
    """A time of day, in the time zone of the facility."""

    hour: Hour
    """The hour, 0 to 23."""
    minute: Minute
    """The minute, 0 to 59."""


class CarrierCutoffConfiguration(Wire, frozen=True, gc=False):
    """A time at which the carrier comes."""

    time: TimeOfDay
    """When, such as 16:30, in the time zone of the facility."""
    capacity: NotNegative | UnsetType = UNSET
    """How much it takes along. Kept, and not counted."""


CutoffConfigurations = Annotated[tuple[CarrierCutoffConfiguration, ...], Meta(max_length=CUTOFFS_MAX)]


class CarrierCutoffTimesWeekDay(Wire, frozen=True, gc=False):
    """When the carrier comes on a day of the week."""

    day: WeekDay
    """The day of the week."""
    cutoff_configurations: CutoffConfigurations
    """When it comes; not at all where empty."""


class CarrierCutoffTimesOverwrite(Wire, frozen=True, gc=False):
    """When the carrier comes on a single day, instead of what the day of the week says."""

    date: Date
    """The day."""
    cutoff_configurations: CutoffConfigurations
    """When it comes; not at all where empty."""


class CarrierCutoffTimes(Wire, frozen=True, gc=False):
    """When the carrier comes."""

    weekdays: Annotated[tuple[CarrierCutoffTimesWeekDay, ...], Meta(max_length=WEEKDAYS_MAX)]
    """Per day of the week; on a day that is not here it does not come. Where empty, `cutoffTime` counts every day."""
    overwrites: Annotated[tuple[CarrierCutoffTimesOverwrite, ...], Meta(max_length=OVERWRITES_MAX)]
    """Single days that differ."""
