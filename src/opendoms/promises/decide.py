"""The delivery promise: order and situation in, plan out. No I/O, no clock, no chance; the same input, the same plan.

1. Who may serve: for collecting, the facility and those that supply it; else the preselected facilities, or all.
2. As many pieces as there are, bundles first, are served from stock; what is left waits or is missing, by listing.
3. From the fewest places: so the whole order from one place wherever one has it.
4. Of those, the last hand-over as early as possible, then the farthest place as near, then the smaller id.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from opendoms.promises.candidates import Candidate, candidates_of
from opendoms.promises.cover import fewest
from opendoms.promises.demand import demand_of
from opendoms.promises.effort import places_max
from opendoms.promises.lines import LineBook
from opendoms.promises.model import Order, Situation
from opendoms.promises.needs import allot, needs_of, units_of
from opendoms.promises.places import Place, places_of
from opendoms.promises.plan import Collection, Item, Missing, Plan, Reason, Search, Shipment, Waiting
from opendoms.promises.transport import with_deadline
from opendoms.promises.waiting import Unserved, unserved_of
from opendoms.promises.weighing import weigh


class _Own(NamedTuple):
    """The facility where the order is collected, where it can be, and when what it has itself is ready."""

    candidate: Candidate
    ready: int


def decide(order: Order, situation: Situation) -> Plan:
    """The promise for an order, and why it is so. Lines have different ids and quantities of at least 1."""
    demand = demand_of(order)
    candidates = candidates_of(order, demand, situation)
    own = _own(order, candidates, situation)
    senders = [candidate for candidate in candidates if candidate.role != "COLLECT"]
    places = places_of(senders, order, situation, own.candidate.facility if own is not None else None)

    own_supply = own.candidate.supply if own is not None else {}
    supplies = [place.candidate.supply for place in places]
    needs = needs_of(demand, [own_supply, *supplies])
    units = units_of(needs, demand, own_supply, supplies)
    able = sum(candidate.able for candidate in senders)
    size_max = places_max(able, order.level)
    cover = fewest(units, size_max)

    chosen = [places[place] for place in cover.places]
    own_given, *given = allot(needs, [own_supply, *(place.candidate.supply for place in chosen)], 0)
    book = LineBook(order.lines)
    collected = book.items(own_given, own_supply)
    sent = [book.items(gift, place.candidate.supply) for place, gift in zip(chosen, given, strict=True)]
    unserved = unserved_of(demand, needs, candidates, situation)
    waiting = tuple(_waiting(unserved, book, candidates))
    missing = tuple(_missing(unserved, book))

    weigh(places, chosen, units, order)
    if own is not None:
        own.candidate.speaks_for.append((Reason.READY, own.ready))
    serving = {place.candidate.facility.id for place in chosen}
    if own is not None and collected:
        serving.add(own.candidate.facility.id)
    return Plan(
        situation.now,
        order.collect is not None,
        tuple(_shipment(place, items, situation) for place, items in zip(chosen, sent, strict=True)),
        _collection(order, own, collected, chosen, situation),
        waiting,
        missing,
        tuple(candidate.considered(chosen=candidate.facility.id in serving) for candidate in candidates),
        Search(able, size_max, order.level, cover.proved, cover.size_max),
    )


def _own(order: Order, candidates: Sequence[Candidate], situation: Situation) -> _Own | None:
    """Where the order is collected. Where it cannot be, nobody supplies it either."""
    if order.collect is None:
        return None
    candidate = candidates[0]
    if candidate.able:
        ready = situation.calendar.ready(candidate.facility.id, situation.now)
        if ready is not None:
            return _Own(candidate, ready)
        candidate.rule_out(Reason.NO_HOURS)
    for supplier in candidates[1:]:
        if supplier.able:
            supplier.rule_out(Reason.COLLECT_IMPOSSIBLE)
    return None


def _shipment(place: Place, items: tuple[Item, ...], situation: Situation) -> Shipment:
    facility, calendar, now = place.candidate.facility, situation.calendar, situation.now
    opens = calendar.opens(facility.id, now)
    return Shipment(
        facility=facility,
        target=place.target,
        items=items,
        carriers=tuple(with_deadline(facility, option, now, calendar) for option in place.carriers),
        opens=place.ready if opens is None else opens,
        ready=place.ready,
        hand_over=place.hand_over,
        today=calendar.day(facility.id, now),
        metres=place.nearness.metres,
    )


def _collection(
    order: Order, own: _Own | None, items: tuple[Item, ...], chosen: Sequence[Place], situation: Situation
) -> Collection | None:
    """When everything can be fetched that is to be fetched; a wished time counts where it is later."""
    if order.collect is None or own is None:
        return None
    times = [place.fetched_from for place in chosen if place.fetched_from is not None]
    if items:
        times.append(own.ready)
    if not times:
        return None
    wished = [time for time in (order.target_time, order.collect.wanted_at) if time is not None]
    facility, target_time = own.candidate.facility, max(times + wished)
    return Collection(facility, items, target_time, situation.calendar.day(facility.id, target_time))


def _waiting(unserved: Sequence[Unserved], book: LineBook, candidates: Sequence[Candidate]) -> Iterator[Waiting]:
    by_facility = {candidate.facility.id: candidate for candidate in candidates}
    for each in unserved:
        if each.wait is not None:
            candidate = by_facility[each.wait.facility]
            candidate.speaks_for.append((Reason.LETS_WAIT, ([each.article], 1)))
            for item in book.take(each.article, each.quantity, candidate.supply):
                yield Waiting(item, *each.wait)


def _missing(unserved: Sequence[Unserved], book: LineBook) -> Iterator[Missing]:
    for each in unserved:
        if each.wait is None:
            for item in book.take(each.article, each.quantity, {}):
                yield Missing(item.line, item.article, item.title, item.quantity)
