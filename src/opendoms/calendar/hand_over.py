"""When a carrier takes goods along: its cut-offs per weekday, and days on which they differ."""

from __future__ import annotations

import datetime
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from opendoms.calendar.hours import FulfilmentHours, days_from
from opendoms.calendar.local_time import instant_at

# Minutes since midnight, ascending.
Times = tuple[int, ...]
# Given a local day: instants of it, ascending.
TakenOn = Callable[[datetime.date], Sequence[int]]


class Cutoffs(NamedTuple):
    """Until when goods must be ready to go along, per weekday from Monday on. A day in `single` has its own."""

    week: tuple[Times, ...]
    single: Mapping[datetime.date, Times] = {}

    def on(self, day: datetime.date) -> Times:
        """The cut-offs of a local day; none where the carrier does not come."""
        return self.single.get(day, self.week[day.weekday()])


def taken_along(hours: FulfilmentHours, cutoffs: Cutoffs, day: datetime.date) -> tuple[int, ...]:
    """The instants of a local day at which the carrier takes goods along, ascending.

    It comes on days on which the facility works. On such a day a cut-off counts also outside of the hours: what was
    ready the evening before goes along in the morning.
    """
    times = cutoffs.on(day)
    if not times or not hours.works_on(day):
        return ()
    return tuple(instant_at(day, time, hours.zone) for time in times)


def hand_over(hours: FulfilmentHours, cutoffs: Cutoffs, ready: int, taken_on: TakenOn | None = None) -> int | None:
    """The first instant from `ready` on at which the carrier takes goods along; None where none is found.

    `taken_on` says what `taken_along` says of a day, for whoever keeps the answers.
    """
    for day in days_from(ready, hours.zone):
        times = taken_along(hours, cutoffs, day) if taken_on is None else taken_on(day)
        place = bisect_left(times, ready)
        if place < len(times):
            return times[place]
    return None
