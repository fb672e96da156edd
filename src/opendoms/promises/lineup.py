"""The facilities that an order could turn to, and how each of them stands to it, whatever is ordered."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from opendoms.promises.grounds import Seen
from opendoms.promises.model import Facility, Order, Situation, SupplyingFacility, Target
from opendoms.promises.plan import CarrierOption
from opendoms.promises.reasons import Reason, Role
from opendoms.promises.standing import Standing, standing_of, wishes_of

_TO_CUSTOMER: Final[tuple[Target, ...]] = ("SHIP_TO_CUSTOMER",)
_OUT: Final = {
    reason: Standing(False, against=((reason, None),)) for reason in (Reason.UNKNOWN, Reason.NOT_PRESELECTED)
}
_id_of: Final = operator.attrgetter("id")


class Candidate(NamedTuple):
    """A facility under consideration."""

    facility: Facility
    role: Role
    standing: Standing


class Coming(NamedTuple):
    """The carriers that come to a candidate for an order that is begun between two instants."""

    start: int
    end: int
    carriers: tuple[CarrierOption, ...]


class Lineup(NamedTuple):
    """All candidates in the order of their ids, the facility where the order is collected first.

    Those that may serve are `able` and have numbers, by the ids of their facilities. `coming` has a place for each.
    `seen` is what is told of all.
    """

    candidates: tuple[Candidate, ...]
    able: tuple[Candidate, ...]
    number_of: Mapping[str, int]
    coming: list[Coming | None]
    seen: tuple[Seen, ...]


class _Named(NamedTuple):
    facility: Facility
    role: Role
    targets: tuple[Target, ...] = ()
    out: Reason | None = None


def lineup_of(order: Order, situation: Situation) -> Lineup:
    """The candidates for an order. Those of orders that are open to all facilities are remembered."""
    memo = situation.memo if situation.memo is not None else {}
    wishes = wishes_of(order, situation.facilities, memo)
    open_to_all = order.collect is None and not order.shipping.preselected
    known: Lineup | None = memo.get(wishes) if open_to_all else None
    if known is not None:
        return known
    named = list(_named(order, situation))
    with_carriers = any(each.facility.connections for each in named)
    candidates = tuple(
        Candidate(
            facility,
            role,
            _OUT[out] if out is not None else standing_of(facility, role, targets, order, with_carriers=with_carriers),
        )
        for facility, role, targets, out in named
    )
    able = tuple(candidate for candidate in candidates if candidate.standing.able)
    numbers = {candidate.facility.id: number for number, candidate in enumerate(able)}
    seen = tuple(
        Seen(facility.id, facility.name, role, standing.able, standing.against)
        for facility, role, standing in candidates
    )
    made = Lineup(candidates, able, numbers, [None] * len(able), seen)
    if open_to_all:
        memo[wishes] = made
    return made


def _named(order: Order, situation: Situation) -> Iterator[_Named]:
    if order.collect is None and not order.shipping.preselected:
        for facility in sorted(situation.facilities, key=_id_of):
            yield _Named(facility, "SHIP", _TO_CUSTOMER)
        return
    known = {facility.id: facility for facility in situation.facilities}
    if order.collect is None:
        preselected = frozenset(order.shipping.preselected)
        for facility_id in sorted(known.keys() | preselected):
            named = _found(known, facility_id, "SHIP", _TO_CUSTOMER)
            yield named if facility_id in preselected else named._replace(out=Reason.NOT_PRESELECTED)
        return
    yield _found(known, order.collect.facility, "COLLECT", ())
    suppliers: dict[str, SupplyingFacility] = {}
    for supplier in order.collect.suppliers:
        suppliers.setdefault(supplier.facility, supplier)
    suppliers.pop(order.collect.facility, None)
    for facility_id in sorted(suppliers):
        yield _found(known, facility_id, "SUPPLY", suppliers[facility_id].targets)


def _found(known: Mapping[str, Facility], facility: str, role: Role, targets: tuple[Target, ...]) -> _Named:
    found = known.get(facility)
    if found is not None:
        return _Named(found, role, targets)
    return _Named(Facility(facility, facility), role, targets, Reason.UNKNOWN)
