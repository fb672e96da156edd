"""Which facilities may serve an order, and with what; what rules the others out."""

from __future__ import annotations

import dataclasses
import operator
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from opendoms.promises.demand import Demand
from opendoms.promises.model import Connection, Facility, Listing, Order, Situation, SupplyingFacility, Target
from opendoms.promises.plan import Consideration, Fact, Reason, Role
from opendoms.promises.standing import Standing, standing_of, wishes_of

ARTICLES_TOLD_MAX: Final = 5  # of the articles that a reason is about

_TO_CUSTOMER: Final[tuple[Target, ...]] = ("SHIP_TO_CUSTOMER",)
_NO_LISTINGS: Final[Mapping[str, Listing]] = {}
_NOTHING: Final[Mapping[str, int]] = {}
_NO_SERVICES: Final[frozenset[str]] = frozenset()
_OUT: Final = {
    reason: Standing(False, against=((reason, None),)) for reason in (Reason.UNKNOWN, Reason.NOT_PRESELECTED)
}
_id_of: Final = operator.attrgetter("id")


@dataclasses.dataclass(slots=True)
class Candidate:
    """A facility under consideration.

    `supply` is what it has of the wanted articles, `listed` which of them it sells at all. `able` until something
    rules it out; that never depends on stock, save that who has nothing has nothing to give.
    """

    facility: Facility
    role: Role
    targets: tuple[Target, ...]
    able: bool = True
    connections: tuple[Connection, ...] = ()
    supply: dict[str, int] = dataclasses.field(default_factory=dict)
    listed: tuple[str, ...] = ()
    speaks_for: list[Fact] = dataclasses.field(default_factory=list)
    speaks_against: list[Fact] = dataclasses.field(default_factory=list)

    def rule_out(self, reason: Reason, about: Any = None) -> None:
        """Takes the facility out, and says why."""
        self.able = False
        self.speaks_against.append((reason, about))

    def considered(self, *, chosen: bool) -> Consideration:
        """What is told of it in the end."""
        facility = self.facility
        return Consideration(facility.id, facility.name, self.role, chosen, self.speaks_for, self.speaks_against)


class _Named(NamedTuple):
    """A facility that the order could turn to; `out` says why it does not."""

    facility: Facility
    role: Role
    targets: tuple[Target, ...] = ()
    out: Reason | None = None


def candidates_of(order: Order, demand: Demand, situation: Situation) -> list[Candidate]:
    """Every facility that the order could turn to, in the order of ids; the collect facility first."""
    named = list(_named(order, situation))
    with_carriers = any(each.facility.connections for each in named)
    memo = situation.memo if situation.memo is not None else {}
    wishes = wishes_of(order, situation.facilities, with_carriers=with_carriers, memo=memo)
    known: dict[str, Standing] = memo.setdefault(("standings", wishes), {}) if order.collect is None else {}
    candidates = []
    for facility, role, targets, out in named:
        standing = _OUT.get(out) if out is not None else known.get(facility.id)
        if standing is None:
            standing = known[facility.id] = standing_of(facility, role, targets, order, with_carriers=with_carriers)
        able, possible, connections, against = standing
        candidate = Candidate(facility, role, possible, able, connections, {}, (), [], list(against))
        if able:
            _count_supply(candidate, demand, situation)
        candidates.append(candidate)
    return candidates


def _named(order: Order, situation: Situation) -> Iterator[_Named]:
    if order.collect is None:
        yield from _senders(order, situation)
        return
    known = {facility.id: facility for facility in situation.facilities}
    yield _found(known, order.collect.facility, "COLLECT", ())
    suppliers: dict[str, SupplyingFacility] = {}
    for supplier in order.collect.suppliers:
        suppliers.setdefault(supplier.facility, supplier)
    suppliers.pop(order.collect.facility, None)
    for facility in sorted(suppliers):
        yield _found(known, facility, "SUPPLY", suppliers[facility].targets)


def _senders(order: Order, situation: Situation) -> Iterator[_Named]:
    if not order.shipping.preselected:
        for facility in sorted(situation.facilities, key=_id_of):
            yield _Named(facility, "SHIP", _TO_CUSTOMER)
        return
    known = {facility.id: facility for facility in situation.facilities}
    preselected = frozenset(order.shipping.preselected)
    for facility_id in sorted(known.keys() | preselected):
        named = _found(known, facility_id, "SHIP", _TO_CUSTOMER)
        yield named if facility_id in preselected else named._replace(out=Reason.NOT_PRESELECTED)


def _found(known: Mapping[str, Facility], facility: str, role: Role, targets: tuple[Target, ...]) -> _Named:
    found = known.get(facility)
    if found is not None:
        return _Named(found, role, targets)
    return _Named(Facility(facility, facility), role, targets, Reason.UNKNOWN)


def _count_supply(candidate: Candidate, demand: Demand, situation: Situation) -> None:
    """Runs once per facility, so it looks at each article once."""
    facility = candidate.facility
    listing_of = situation.listings.get(facility.id, _NO_LISTINGS).get
    available_of = situation.available.get(facility.id, _NOTHING).get
    services, done = demand.services, facility.custom_services
    unlisted, inactive, undone, sold_out, too_few, listed = [], [], [], [], [], []
    supply = {}
    for article, needed in demand.wanted.items():
        listing = listing_of(article)
        if listing is None:
            unlisted.append(article)
        elif not listing.active:
            inactive.append(article)
        elif services and done is not None and not services.get(article, _NO_SERVICES) <= done:
            undone.append(article)
        else:
            listed.append(article)
            pieces = available_of(article, 0)
            if pieces > 0:
                supply[article] = pieces
                if pieces < needed:
                    too_few.append(article)
            else:
                sold_out.append(article)
    candidate.listed, candidate.supply = tuple(listed), supply
    for reason, articles in (
        (Reason.NOT_LISTED, unlisted),
        (Reason.LISTING_INACTIVE, inactive),
        (Reason.SERVICE_NOT_DONE, undone),
        (Reason.NOT_AVAILABLE, sold_out),
        (Reason.TOO_FEW, too_few),
    ):
        if articles:
            candidate.speaks_against.append((reason, (articles[:ARTICLES_TOLD_MAX], len(articles))))
    if supply:
        reason = Reason.HAS_SOME if too_few or len(supply) < len(demand.wanted) else Reason.HAS_ALL
        candidate.speaks_for.append((reason, (len(supply), len(demand.wanted))))
