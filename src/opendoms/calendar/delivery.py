"""When goods arrive that a carrier took along: transit in days, counted where and when they are received."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Callable
from itertools import chain
from typing import NamedTuple

from opendoms.calendar.hours import days_from
from opendoms.calendar.local_time import DAY_MINUTES, exists, instant_at


class Transit(NamedTuple):
    """How many days a carrier is on its way, at least and at most; only days of delivery count."""

    days_min: int
    days_max: int


class Receiving(NamedTuple):
    """Where goods arrive: the time zone there, and on which local days they are received."""

    zone: zoneinfo.ZoneInfo
    on: Callable[[datetime.date], bool]


class Delivery(NamedTuple):
    """Between which local days goods arrive, and between which instants: `earliest` is never before the hand-over."""

    first: datetime.date
    last: datetime.date
    earliest: int
    latest: int


def delivery(hand_over: int, transit: Transit, receiving: Receiving) -> Delivery | None:
    """When goods arrive that were taken along at `hand_over`; None where no such days are found.

    The day of the hand-over is day 0. Transit of no days arrives on it where that is a day of delivery, else on the
    next one; transit of n days on the n-th day of delivery after it.
    """
    days = days_from(hand_over, receiving.zone)
    start = next(days, None)
    if start is None:
        return None
    first = last = None
    passed = 0
    for day in chain((start,), days):
        if not receiving.on(day) or not exists(day, receiving.zone):
            continue
        passed += day > start
        if first is None and passed >= transit.days_min:
            first = day
        if passed >= transit.days_max:
            last = day
            break
    if first is None or last is None:
        return None
    earliest = max(hand_over, instant_at(first, 0, receiving.zone))
    return Delivery(first, last, earliest, instant_at(last, DAY_MINUTES, receiving.zone) - 1)
