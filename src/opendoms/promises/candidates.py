"""Which facilities may serve an order, and with what; what rules the others out."""

from __future__ import annotations

import dataclasses
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

    def rule_out(self, reason: Reason, **data: Any) -> None:
        """Takes the facility out, and says why."""
        self.able = False
        self.against(reason, **data)

    def against(self, reason: Reason, **data: Any) -> None:
        """Notes what speaks against it."""
        self.speaks_against.append(Fact(reason, data))

    def favour(self, reason: Reason, **data: Any) -> None:
        """Notes what speaks for it."""
        self.speaks_for.append(Fact(reason, data))

    def considered(self, *, chosen: bool) -> Consideration:
        """What is told of it in the end."""
        facts = tuple(self.speaks_for), tuple(self.speaks_against)
        return Consideration(self.facility.id, self.facility.name, self.role, chosen, *facts)


class _Named(NamedTuple):
    """A facility that the order could turn to; `out` says why it does not."""

    facility: Facility
    role: Role
    targets: tuple[Target, ...]
    out: Reason | None = None


def candidates_of(order: Order, demand: Demand, situation: Situation) -> list[Candidate]:
    """Every facility that the order could turn to, in the order of ids; the collect facility first."""
    named = list(_named(order, situation))
    candidates = []
    for each, standing in zip(named, _standings(named, order, situation), strict=True):
        candidate = Candidate(
            each.facility,
            each.role,
            standing.targets,
            standing.able,
            standing.connections,
            speaks_against=list(standing.against),
        )
        if standing.able:
            _count_supply(candidate, demand, situation)
        candidates.append(candidate)
    return candidates


def _standings(named: list[_Named], order: Order, situation: Situation) -> Iterator[Standing]:
    with_carriers = any(each.facility.connections for each in named)
    memo = situation.memo if situation.memo is not None else {}
    wishes = wishes_of(order, situation.facilities, with_carriers=with_carriers, memo=memo)
    known: dict[str, Standing] = memo.setdefault(("standings", wishes), {}) if order.collect is None else {}
    for facility, role, targets, out in named:
        if out is not None:
            yield Standing(False, against=(Fact(out),))
            continue
        standing = known.get(facility.id)
        if standing is None:
            standing = known[facility.id] = standing_of(facility, role, targets, order, with_carriers=with_carriers)
        yield standing


def _named(order: Order, situation: Situation) -> Iterator[_Named]:
    known = {facility.id: facility for facility in situation.facilities}
    if order.collect is None:
        yield from _senders(order, known)
        return
    yield _found(known, order.collect.facility, "COLLECT", ())
    suppliers: dict[str, SupplyingFacility] = {}
    for supplier in order.collect.suppliers:
        suppliers.setdefault(supplier.facility, supplier)
    suppliers.pop(order.collect.facility, None)
    for facility in sorted(suppliers):
        yield _found(known, facility, "SUPPLY", suppliers[facility].targets)


def _senders(order: Order, known: Mapping[str, Facility]) -> Iterator[_Named]:
    preselected = frozenset(order.shipping.preselected)
    for facility in sorted(known.keys() | preselected):
        named = _found(known, facility, "SHIP", _TO_CUSTOMER)
        yield named._replace(out=Reason.NOT_PRESELECTED) if preselected and facility not in preselected else named


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
    _note(candidate, Reason.NOT_LISTED, unlisted)
    _note(candidate, Reason.LISTING_INACTIVE, inactive)
    _note(candidate, Reason.SERVICE_NOT_DONE, undone)
    _note(candidate, Reason.NOT_AVAILABLE, sold_out)
    _note(candidate, Reason.TOO_FEW, too_few)
    if supply:
        reason = Reason.HAS_SOME if too_few or len(supply) < len(demand.wanted) else Reason.HAS_ALL
        candidate.speaks_for.append(Fact(reason, {"articles": len(supply), "of": len(demand.wanted)}))


def _note(candidate: Candidate, reason: Reason, articles: list[str]) -> None:
    if articles:
        candidate.speaks_against.append(
            Fact(reason, {"articles": articles[:ARTICLES_TOLD_MAX], "count": len(articles)})
        )
