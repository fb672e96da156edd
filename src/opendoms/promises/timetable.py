"""The calendar of one promise: when facilities work and carriers come, for goods that go to one receiver.

Says what `opendoms.calendar` says. Places with the same hours, and carriers with the same cut-offs, are asked once; the
instants of a day are kept with the network beyond the promise, since the next one asks for the same days.
"""

from __future__ import annotations

import datetime
import functools
import zoneinfo
from collections.abc import Mapping
from typing import Final, NamedTuple

from opendoms.calendar import delivery
from opendoms.calendar.hand_over import hand_over, taken_along
from opendoms.calendar.hours import DaysOff, work_done
from opendoms.calendar.local_time import day_of
from opendoms.promises.model import Arrival, Transit
from opendoms.promises.network import Hours, Network, Pickup, Region

# Days whose instants are kept, per hours; more than anybody looks ahead.
DAYS_KEPT_MAX: Final = 400

_EPOCH_DAY: Final = datetime.date(1970, 1, 1).toordinal()


class Receiver(NamedTuple):
    """Where goods arrive: the region, the time zone, and for a store the hours in which it takes them in."""

    region: Region
    zone: zoneinfo.ZoneInfo
    hours: Hours | None = None


class Timetable:
    """Implements `promises.model.Calendar`. `receivers` says where the goods of a facility go, `receiver` of others."""

    def __init__(self, network: Network, receiver: Receiver, receivers: Mapping[str, Receiver] = {}) -> None:
        self._network = network
        self._receiver = receiver
        self._receivers = receivers
        self._done: dict[tuple[int, int, int], int | None] = {}
        self._picked_up: dict[tuple[int, int], int | None] = {}
        self._arrivals: dict[tuple[int, int, Transit, int], Arrival | None] = {}

    def opens(self, facility: str, start: int) -> int | None:
        """The first instant from `start` on at which the facility works."""
        return self._work_done(self._network.works[facility].hours, start, 0)

    def ready(self, facility: str, start: int) -> int | None:
        """When an order that may be begun at `start` is ready: the facility's buffer of work later."""
        work = self._network.works[facility]
        return self._work_done(work.hours, start, work.buffer)

    def hand_over(self, facility: str, connection: str, ready: int) -> int | None:  # noqa: ARG002 - the connection knows
        """The first instant from `ready` on at which the carrier takes goods along."""
        pickup = self._network.carriages[connection].pickup
        key = (id(pickup), ready)
        if key not in self._picked_up:
            come = functools.partial(_hand_overs, pickup)
            self._picked_up[key] = hand_over(pickup.hours.hours, pickup.cutoffs, ready, come)
        return self._picked_up[key]

    def arrival(self, facility: str, connection: str, transit: Transit, hand_over: int) -> Arrival | None:
        """When goods arrive that the carrier took along at `hand_over`; never before it."""
        receiver = self._receivers.get(facility, self._receiver)
        off = self._network.carriages[connection].days_off(receiver.region)
        key = (id(off), id(receiver), transit, hand_over)
        if key not in self._arrivals:
            self._arrivals[key] = _arrival(off, receiver, transit, hand_over)
        return self._arrivals[key]

    def day(self, facility: str, instant: int) -> int:
        """The day on which an instant lies at the facility."""
        return day_of(instant, self._network.works[facility].hours.hours.zone).toordinal() - _EPOCH_DAY

    def _work_done(self, hours: Hours, start: int, minutes: int) -> int | None:
        key = (id(hours), start, minutes)
        if key not in self._done:
            self._done[key] = work_done(hours.hours, start, minutes, functools.partial(_openings, hours))
        return self._done[key]


def _openings(hours: Hours, day: datetime.date) -> tuple[tuple[int, int], ...]:
    found = hours.openings.get(day)
    if found is None:
        if len(hours.openings) >= DAYS_KEPT_MAX:
            hours.openings.clear()
        found = hours.openings[day] = tuple(hours.hours.open_on(day))
    return found


def _hand_overs(pickup: Pickup, day: datetime.date) -> tuple[int, ...]:
    found = pickup.hand_overs.get(day)
    if found is None:
        if len(pickup.hand_overs) >= DAYS_KEPT_MAX:
            pickup.hand_overs.clear()
        found = pickup.hand_overs[day] = taken_along(pickup.hours.hours, pickup.cutoffs, day)
    return found


def _arrival(off: DaysOff, receiver: Receiver, transit: Transit, hand_over: int) -> Arrival | None:
    store = receiver.hours

    def receives(day: datetime.date) -> bool:
        return not off.holds(day) and (store is None or store.hours.works_on(day))

    found = delivery.delivery(hand_over, delivery.Transit(*transit), delivery.Receiving(receiver.zone, receives))
    if found is None:
        return None
    first, last = (day.toordinal() - _EPOCH_DAY for day in (found.first, found.last))
    return Arrival(first, last, found.earliest, found.latest)
