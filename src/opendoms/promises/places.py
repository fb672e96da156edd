"""Where goods can be sent from, with dates, the preferred place first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from opendoms.kernel.duration import MINUTE_MS
from opendoms.promises.grounds import Rank
from opendoms.promises.lineup import Candidate, Coming, Lineup
from opendoms.promises.model import Facility, Order, Situation
from opendoms.promises.nearness import Nearness, nearness
from opendoms.promises.plan import CarrierOption
from opendoms.promises.transport import options

# How far ahead it is tried whether the same carriers would still be met.
_TRIED_AHEAD_MS: Final = MINUTE_MS


class Place(NamedTuple):
    """A candidate that can send. Instants; `fetched_from` is when the consumer can fetch what it sends to a store."""

    number: int
    candidate: Candidate
    carriers: tuple[CarrierOption, ...]
    hand_over: int
    near: Nearness
    fetched_from: int | None


class Places(NamedTuple):
    """Those that can send, in the order in which they are preferred, and by number what comes to each of them."""

    ranks: list[Rank]
    carriers: Mapping[int, tuple[CarrierOption, ...]]
    fetched_from: Mapping[int, int]

    def place(self, rank: Rank, lineup: Lineup) -> Place:
        """One of them with all that is known of it."""
        hand_over, near, number = rank
        carriers = self.carriers.get(number, ())
        return Place(number, lineup.able[number], carriers, hand_over, near, self.fetched_from.get(number))


def places_of(
    numbers: Iterable[int], lineup: Lineup, order: Order, situation: Situation, store: Facility | None
) -> Places:
    """The places of some candidates, without those that find no time.

    `store` is where goods are collected. Nothing in a place depends on how much it has.
    """
    now, calendar = situation.now, situation.calendar
    ranks: list[Rank] = []
    coming: dict[int, tuple[CarrierOption, ...]] = {}
    fetched_from: dict[int, int] = {}
    for number in numbers:
        facility, _, standing = lineup.able[number]
        destination = order.address
        carriers: tuple[CarrierOption, ...] = ()
        if standing.connections:
            known = lineup.coming[number]
            if known is not None and known.start <= now <= known.end:
                carriers = known.carriers
            else:
                carriers = _carriers(number, lineup, order, situation)
            if not carriers:
                continue
            coming[number] = carriers
            hand_over = carriers[0].hand_over
        else:
            ready = calendar.ready(facility.id, now)
            if ready is None:
                continue
            hand_over = ready
        if store is not None and standing.targets[0] == "SHIP_TO_STORE":
            destination = store.address
            arrival = carriers[0].arrival() if carriers else None
            opens = calendar.opens(store.id, arrival.latest if arrival is not None else hand_over)
            if opens is None:
                continue
            fetched_from[number] = opens
        ranks.append((hand_over, nearness(facility.address, destination), number))
    ranks.sort()
    return Places(ranks, coming, fetched_from)


def _carriers(number: int, lineup: Lineup, order: Order, situation: Situation) -> tuple[CarrierOption, ...]:
    """The carriers that come, none where there is no time.

    They are the same for whatever else is ready before the first of them comes, so that is remembered: from an instant
    to a later one at which it was tried whether they would still be met. Whether something arrives today is not.
    """
    now, candidate = situation.now, lineup.able[number]
    facility, connections = candidate.facility, candidate.standing.connections
    same_day = order.shipping.same_day and candidate.standing.targets[0] == "SHIP_TO_CUSTOMER"
    ready = situation.calendar.ready(facility.id, now)
    if ready is None:
        return ()
    carriers = options(facility, connections, ready, situation, same_day=same_day)
    if not same_day and len(carriers) == len(connections):
        later = situation.calendar.ready(facility.id, now + _TRIED_AHEAD_MS)
        met = later is not None and later <= carriers[0].hand_over
        lineup.coming[number] = Coming(now, now + _TRIED_AHEAD_MS if met else now, carriers)
    return carriers
