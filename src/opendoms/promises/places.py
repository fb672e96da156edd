"""Where goods can be sent from, with dates, the preferred place first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from opendoms.promises.candidates import Candidate
from opendoms.promises.model import Connection, Facility, Order, Situation, Target
from opendoms.promises.nearness import Nearness, nearness
from opendoms.promises.plan import CarrierOption, Reason
from opendoms.promises.transport import options


class Place(NamedTuple):
    """A facility that can send. Instants; `fetched_from` is when the consumer can fetch what it sends to a store."""

    candidate: Candidate
    target: Target
    carriers: tuple[CarrierOption, ...]
    ready: int
    hand_over: int
    nearness: Nearness
    fetched_from: int | None

    def rank(self) -> tuple[int, tuple[bool, int, bool, int], str]:
        """What places are preferred by, the smallest first: hand-over, then nearness, then the id of the facility."""
        return self.hand_over, self.nearness.key(), self.candidate.facility.id


class _Options(NamedTuple):
    """The carriers that come to a facility for what is ready between two instants."""

    connections: tuple[Connection, ...]
    ready: int
    first: int
    carriers: tuple[CarrierOption, ...]


def places_of(
    candidates: Iterable[Candidate], order: Order, situation: Situation, store: Facility | None
) -> list[Place]:
    """The places of all candidates that have something to give, in the order in which they are preferred.

    `store` is where goods are collected. Nothing in a place depends on how much it has.
    """
    return sorted(_places(candidates, order, situation, store), key=Place.rank)


def _places(
    candidates: Iterable[Candidate], order: Order, situation: Situation, store: Facility | None
) -> Iterator[Place]:
    memo: dict[tuple[str, int], _Options] = {}
    if situation.memo is not None and order.collect is None:
        memo = situation.memo.setdefault("options", memo)
    for candidate in candidates:
        if not candidate.able or not candidate.supply:
            continue
        place = _place(candidate, order, situation, store, memo)
        if place is None:
            candidate.speaks_against.append((Reason.NO_HOURS, None))
            continue
        candidate.speaks_for.append((Reason.HANDS_OVER, place.hand_over))
        if place.nearness.metres is not None:
            candidate.speaks_for.append((Reason.DISTANCE, place.nearness.metres))
        yield place


def _place(
    candidate: Candidate,
    order: Order,
    situation: Situation,
    store: Facility | None,
    memo: dict[tuple[str, int], _Options],
) -> Place | None:
    facility, target = candidate.facility, candidate.targets[0]
    calendar = situation.calendar
    ready = calendar.ready(facility.id, situation.now)
    if ready is None:
        return None
    carriers: tuple[CarrierOption, ...] = ()
    hand_over = ready
    if candidate.connections:
        same_day = order.shipping.same_day and target == "SHIP_TO_CUSTOMER"
        carriers = _options(candidate, ready, situation, memo, same_day=same_day)
        if not carriers:
            return None
        hand_over = carriers[0].hand_over
    fetched_from = None
    destination = order.address
    if target == "SHIP_TO_STORE" and store is not None:
        destination = store.address
        arrival = carriers[0].arrival() if carriers else None
        fetched_from = calendar.opens(store.id, arrival.latest if arrival is not None else hand_over)
        if fetched_from is None:
            return None
    near = nearness(facility.address, destination)
    return Place(candidate, target, carriers, ready, hand_over, near, fetched_from)


def _options(
    candidate: Candidate, ready: int, situation: Situation, memo: dict[tuple[str, int], _Options], *, same_day: bool
) -> tuple[CarrierOption, ...]:
    """The carriers that come. What they say is the same for whatever else is ready before the first of them comes."""
    facility, connections = candidate.facility, candidate.connections
    if same_day:  # depends on the day on which it is asked
        return options(facility, connections, ready, situation, same_day=same_day)
    key = (facility.id, id(connections))
    known = memo.get(key)
    if known is not None and known.connections is connections and known.ready <= ready <= known.first:
        return known.carriers
    carriers = options(facility, connections, ready, situation, same_day=same_day)
    if len(carriers) == len(connections):
        memo[key] = _Options(connections, ready, carriers[0].hand_over, carriers)
    return carriers
