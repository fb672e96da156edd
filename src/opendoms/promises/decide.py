"""The delivery promise: order and situation in, plan out. No I/O, no clock, no chance; the same input, the same plan.

1. Who may serve: for collecting, the facility and those that supply it; else the preselected facilities, or all.
2. As many pieces as there are, bundles first, are served from stock; what is left waits or is missing, by listing.
3. From the fewest places: so the whole order from one place wherever one has it.
4. Of those, the last hand-over as early as possible, then the farthest place as near, then the smaller id.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from opendoms.promises.columns import codes_of, columns_of, emptied, having, supply_of
from opendoms.promises.cover import fewest
from opendoms.promises.demand import demand_of
from opendoms.promises.effort import places_max
from opendoms.promises.grounds import Grounds, More
from opendoms.promises.lines import LineBook
from opendoms.promises.lineup import Lineup, lineup_of
from opendoms.promises.model import Facility, Order, Situation
from opendoms.promises.nearness import metres_of
from opendoms.promises.needs import allot, needs_of, units_of
from opendoms.promises.places import Place, places_of
from opendoms.promises.plan import Collection, Item, Missing, Plan, Search, Shipment, Waiting
from opendoms.promises.reasons import Reason
from opendoms.promises.transport import with_deadline
from opendoms.promises.waiting import Unserved, unserved_of
from opendoms.promises.weighing import alone, arrivals


class _Own(NamedTuple):
    """The facility where the order is collected, where it can be, and when what it has itself is ready."""

    facility: Facility
    ready: int


def decide(order: Order, situation: Situation) -> Plan:
    """The promise for an order, and why it is so. Lines have different ids and quantities of at least 1."""
    demand = demand_of(order)
    lineup = lineup_of(order, situation)
    columns = columns_of(demand, lineup, situation)
    own = _own(order, lineup, situation)
    codes = codes_of(columns)
    blocked = order.collect is not None and own is None
    if blocked:
        columns = emptied(columns)
    senders = [number for number in having(columns) if own is None or number != _OWN]
    places = places_of(senders, lineup, order, situation, own.facility if own is not None else None)
    numbers = [number for _, _, number in places.ranks]
    own_number = _OWN if own is not None else None
    needs = needs_of(demand, columns, numbers if own is None else [_OWN, *numbers])
    units = units_of(needs, demand, columns, own_number, numbers)
    able = 0 if blocked else len(lineup.able) - (own is not None)
    size_max = places_max(able, order.level)
    cover = fewest(units, size_max)

    chosen = [places.place(places.ranks[place], lineup) for place in cover.places]
    own_supply = supply_of(columns, _OWN) if own is not None else {}
    supplies = [supply_of(columns, place.number) for place in chosen]
    own_given, *given = allot(needs, [own_supply, *supplies], 0)
    book = LineBook(order.lines)
    collected = book.items(own_given, own_supply)
    sent = [book.items(gift, supply) for supply, gift in zip(supplies, given, strict=True)]
    unserved = unserved_of(demand, needs, () if blocked else lineup.able, columns, situation)
    waiting = tuple(_waiting(unserved, book))
    missing = tuple(_missing(unserved, book))

    more = [*_kept_waiting(unserved), *arrivals(chosen, order), *_reasons_of_own(order, lineup, own)]
    serving = [place.number for place in chosen]
    return Plan(
        situation.now,
        order.collect is not None,
        tuple(_shipment(place, items, situation) for place, items in zip(chosen, sent, strict=True)),
        _collection(order, own, collected, chosen, situation),
        waiting,
        missing,
        Grounds(
            tuple(columns),
            codes,
            lineup.seen,
            tuple(places.ranks),
            tuple(sorted(set(senders).difference(numbers))),
            tuple(serving),
            alone(numbers, units, len(chosen)),
            tuple([_OWN, *serving] if collected else serving),
            _merged(more),
        ),
        Search(able, size_max, order.level, cover.proved, cover.size_max),
    )


# The number of the facility where the order is collected: it comes first, if it may serve.
_OWN: Final = 0


def _own(order: Order, lineup: Lineup, situation: Situation) -> _Own | None:
    """Where the order is collected. Where it cannot be, nobody supplies it either."""
    if order.collect is None or not lineup.candidates[0].standing.able:
        return None
    facility = lineup.candidates[0].facility
    ready = situation.calendar.ready(facility.id, situation.now)
    return None if ready is None else _Own(facility, ready)


def _reasons_of_own(order: Order, lineup: Lineup, own: _Own | None) -> Iterator[More]:
    """What is said of where the order is collected; and of its suppliers, where it cannot be."""
    if own is not None:
        yield More(_OWN, [(Reason.READY, own.ready)], [])
    elif order.collect is not None:
        for number, candidate in enumerate(lineup.able):
            reason = Reason.NO_HOURS if candidate.role == "COLLECT" else Reason.COLLECT_IMPOSSIBLE
            yield More(number, [], [(reason, None)])


def _kept_waiting(unserved: Sequence[Unserved]) -> Iterator[More]:
    for each in unserved:
        if each.wait is not None:
            yield More(each.wait.number, [(Reason.LETS_WAIT, ([each.article], 1))], [])


def _merged(more: Sequence[More]) -> tuple[More, ...]:
    """One entry for each number."""
    by_number: dict[int, More] = {}
    for each in more:
        known = by_number.setdefault(each.number, More(each.number, [], []))
        by_number[each.number] = More(
            each.number, [*known.speaks_for, *each.speaks_for], [*known.speaks_against, *each.speaks_against]
        )
    return tuple(by_number[number] for number in sorted(by_number))


def _shipment(place: Place, items: tuple[Item, ...], situation: Situation) -> Shipment:
    facility, calendar, now = place.candidate.facility, situation.calendar, situation.now
    opens, ready = calendar.opens(facility.id, now), calendar.ready(facility.id, now)
    assert ready is not None  # noqa: S101 - narrows the type: who finds no time is no place
    return Shipment(
        facility=facility,
        target=place.candidate.standing.targets[0],
        items=items,
        carriers=tuple(with_deadline(facility, option, now, calendar) for option in place.carriers),
        opens=ready if opens is None else opens,
        ready=ready,
        hand_over=place.hand_over,
        today=calendar.day(facility.id, now),
        metres=metres_of(place.near),
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
    target_time = max(times + wished)
    return Collection(own.facility, items, target_time, situation.calendar.day(own.facility.id, target_time))


def _waiting(unserved: Sequence[Unserved], book: LineBook) -> Iterator[Waiting]:
    for each in unserved:
        if each.wait is not None:
            for item in book.take(each.article, each.quantity, each.wait.supply):
                yield Waiting(item, each.wait.behaviour, each.wait.facility, each.wait.available_from)


def _missing(unserved: Sequence[Unserved], book: LineBook) -> Iterator[Missing]:
    for each in unserved:
        if each.wait is None:
            for item in book.take(each.article, each.quantity, {}):
                yield Missing(item.line, item.article, item.title, item.quantity)
