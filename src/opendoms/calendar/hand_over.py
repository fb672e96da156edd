"""When a carrier takes goods along: its cut-offs per weekday, and days on which they differ."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from opendoms.calendar.hours import FulfilmentHours, days_from
from opendoms.calendar.local_time import instant_at

# Minutes since midnight, ascending.
Times = tuple[int, ...]


class Cutoffs(NamedTuple):
    """Until when goods must be ready to go along, per weekday from Monday on. A day in `single` has its own."""

    week: tuple[Times, ...]
    single: Mapping[datetime.date, Times] = {}

    def on(self, day: datetime.date) -> Times:
        """The cut-offs of a local day; none where the carrier does not come."""
        return self.single.get(day, self.week[day.weekday()])


def hand_overs(hours: FulfilmentHours, cutoffs: Cutoffs, ready: int) -> Iterator[int]:
    """The instants, from `ready` on, at which the carrier takes goods along, within the look-ahead.

    It comes on days on which the facility works. On such a day a cut-off counts also outside of the hours: what was
    ready the evening before goes along in the morning.
    """
    for day in days_from(ready, hours.zone):
        times = cutoffs.on(day)
        if times and hours.works_on(day):
            for time in times:
                instant = instant_at(day, time, hours.zone)
                if instant >= ready:
                    yield instant


def hand_over(hours: FulfilmentHours, cutoffs: Cutoffs, ready: int) -> int | None:
    """The first instant from `ready` on at which the carrier takes goods along; None where none is found."""
    return next(hand_overs(hours, cutoffs, ready), None)
