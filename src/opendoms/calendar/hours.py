"""When a facility works: hours per weekday, closed days, its time zone; and when work begun at an instant is done."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from opendoms.calendar.local_time import DAY_MINUTES, LAST_DAY, MINUTE_MS, day_of, exists, instant_at

# How far ahead anything is looked for; who finds nothing within so many days promises nothing.
LOOK_AHEAD_DAYS: Final = 90

# Parts of a day as (first minute, minute after the last), in order, without overlaps.
Parts = tuple[tuple[int, int], ...]

AROUND_THE_CLOCK: Final[tuple[Parts, ...]] = (((0, DAY_MINUTES),),) * 7


class DaysOff(NamedTuple):
    """Days on which nothing happens: weekdays (Monday is 0), single days, and (month, day) of every year."""

    weekdays: frozenset[int] = frozenset()
    single: frozenset[datetime.date] = frozenset()
    yearly: frozenset[tuple[int, int]] = frozenset()

    def holds(self, day: datetime.date) -> bool:
        """Whether nothing happens on this day. What is yearly on 29 February is so in leap years only."""
        return day.weekday() in self.weekdays or day in self.single or (day.month, day.day) in self.yearly


class FulfilmentHours(NamedTuple):
    """When a facility works. `week` holds the parts of each day from Monday on."""

    zone: zoneinfo.ZoneInfo
    week: tuple[Parts, ...] = AROUND_THE_CLOCK
    closed: DaysOff = DaysOff()

    def works_on(self, day: datetime.date) -> bool:
        """Whether there is any work on a local day."""
        return bool(self.week[day.weekday()]) and not self.closed.holds(day) and exists(day, self.zone)

    def open_on(self, day: datetime.date) -> Iterator[tuple[int, int]]:
        """The parts of a local day at which there is work, as instants (start, end), in order."""
        if not self.closed.holds(day):
            for start, end in self.week[day.weekday()]:
                yield instant_at(day, start, self.zone), instant_at(day, end, self.zone)


def days_from(instant: int, zone: zoneinfo.ZoneInfo) -> Iterator[datetime.date]:
    """The local day of an instant and the LOOK_AHEAD_DAYS after it, as far as days can be told."""
    try:
        first = day_of(instant, zone).toordinal()
    except OverflowError:
        return
    for ordinal in range(first, min(first + LOOK_AHEAD_DAYS, LAST_DAY.toordinal()) + 1):
        yield datetime.date.fromordinal(ordinal)


# Given a local day: the instants between which the facility works, ascending.
OpenOn = Callable[[datetime.date], Iterable[tuple[int, int]]]


def work_done(hours: FulfilmentHours, start: int, minutes: int, open_on: OpenOn | None = None) -> int | None:
    """The first instant at which `minutes` of work are done that may begin at `start`; None where none is found.

    Time counts while the facility works. Work of no minutes is done at the first instant at which it works.
    `open_on` says what `hours.open_on` says, for whoever keeps the answers.
    """
    left = minutes * MINUTE_MS
    for day in days_from(start, hours.zone):
        for opening, closing in (open_on or hours.open_on)(day):
            begin = max(opening, start)
            if begin >= closing:
                continue
            if begin + left <= closing:
                return begin + left
            left -= closing - begin
    return None
