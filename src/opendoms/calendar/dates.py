"""Days and times of day as documents write them. Wire types have judged before; anything else is a ValueError."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Iterable, Sequence
from typing import Any, Final

from opendoms.calendar.hours import AROUND_THE_CLOCK, DaysOff, Parts
from opendoms.calendar.local_time import DAY_MINUTES, DAY_MS, day_of
from opendoms.kernel.clock import instant_from

WEEKDAYS: Final = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")

# There is no time of day after this one on the wire, so that as an end it means the end of the day.
_LAST_MINUTE: Final = DAY_MINUTES - 1

Document = dict[str, Any]


def date_from(text: str) -> datetime.date:
    """The day of a text such as 2026-12-24. Raises ValueError where there is no such day."""
    return datetime.date.fromisoformat(text)


def minute_from(text: str) -> int:
    """The minute of the day of a text such as 16:30."""
    hour, _, minute = text.partition(":")
    return int(hour) * 60 + int(minute)


def minute_of(time: Document) -> int:
    """The minute of the day of an hour and a minute."""
    return int(time["hour"]) * 60 + int(time["minute"])


def weekly_parts(times: Document) -> tuple[Parts, ...]:
    """The parts of each weekday from Monday on; around the clock where no day is named at all."""
    named = [times.get(name.lower()) for name in WEEKDAYS]
    if all(ranges is None for ranges in named):
        return AROUND_THE_CLOCK
    return tuple(tuple(sorted(_part(each) for each in ranges or ())) for ranges in named)


def _part(times: Document) -> tuple[int, int]:
    end = minute_of(times["end"])
    return minute_of(times["start"]), DAY_MINUTES if end == _LAST_MINUTE else end


def closed_days(closing_days: Sequence[Document], zone: zoneinfo.ZoneInfo) -> DaysOff:
    """The days of a facility's closing days, which hold an instant each.

    Midnight in UTC is that date, since it is how a date without a time is written; any other instant lies on a local
    day.
    """
    single, yearly = set(), set()
    for closing in closing_days:
        instant = instant_from(closing["date"])
        if instant % DAY_MS == 0:
            day = date_from(closing["date"][:10])
        else:
            try:
                day = day_of(instant, zone)
            except OverflowError:
                continue  # a day at the ends of the calendar, on which nothing is ever asked
        if closing["recurrence"] == "YEARLY":
            yearly.add((day.month, day.day))
        else:
            single.add(day)
    return DaysOff(single=frozenset(single), yearly=frozenset(yearly))


def days_off(days: Iterable[Document], weekdays: Iterable[str]) -> DaysOff:
    """The days of non-delivery days and weekdays, as connections hold them."""
    single, yearly = set(), set()
    for each in days:
        day = date_from(each["nonDeliveryDay"])
        if each.get("nonDeliveryType") == "RECURRING":
            yearly.add((day.month, day.day))
        else:
            single.add(day)
    return DaysOff(frozenset(WEEKDAYS.index(name) for name in weekdays), frozenset(single), frozenset(yearly))
