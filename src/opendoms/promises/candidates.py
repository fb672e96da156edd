"""Which facilities may serve an order, and with what; what rules the others out."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any, Final

from opendoms.promises.demand import Demand
from opendoms.promises.model import Connection, Facility, Order, Situation, SupplyingFacility, Target
from opendoms.promises.plan import Consideration, Fact, Reason, Role
from opendoms.promises.transport import Refused, fitting

ARTICLES_TOLD_MAX: Final = 5  # of the articles that a reason is about

_SERVICE: Final[Mapping[Target, Any]] = {"SHIP_TO_CUSTOMER": "SHIP_FROM_STORE", "SHIP_TO_STORE": None}


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


def candidates_of(order: Order, demand: Demand, situation: Situation) -> list[Candidate]:
    """Every facility that the order could turn to, in the order of ids; the collect facility first."""
    named = list(_named(order, situation))
    with_carriers = any(candidate.facility.connections for candidate in named)
    for candidate in named:
        _judge_standing(candidate)
        if candidate.able and candidate.role != "COLLECT":
            _judge_carriers(candidate, order, with_carriers=with_carriers)
        if candidate.able:
            _count_supply(candidate, demand, situation)
    return named


def _named(order: Order, situation: Situation) -> Iterator[Candidate]:
    known = {facility.id: facility for facility in situation.facilities}
    if order.collect is None:
        yield from _senders(order, known)
        return
    yield _candidate(known, order.collect.facility, "COLLECT", ())
    suppliers: dict[str, SupplyingFacility] = {}
    for supplier in order.collect.suppliers:
        suppliers.setdefault(supplier.facility, supplier)
    suppliers.pop(order.collect.facility, None)
    for facility in sorted(suppliers):
        yield _candidate(known, facility, "SUPPLY", suppliers[facility].targets)


def _senders(order: Order, known: Mapping[str, Facility]) -> Iterator[Candidate]:
    preselected = frozenset(order.shipping.preselected)
    for facility in sorted(known.keys() | preselected):
        candidate = _candidate(known, facility, "SHIP", ("SHIP_TO_CUSTOMER",))
        if preselected and facility not in preselected:
            candidate.rule_out(Reason.NOT_PRESELECTED)
        yield candidate


def _candidate(known: Mapping[str, Facility], facility: str, role: Role, targets: tuple[Target, ...]) -> Candidate:
    found = known.get(facility)
    if found is not None:
        return Candidate(found, role, targets)
    candidate = Candidate(Facility(facility, facility), role, targets)
    candidate.rule_out(Reason.UNKNOWN)
    return candidate


def _judge_standing(candidate: Candidate) -> None:
    """It must be online and offer what is asked of it; who only supplies a store need not send to consumers."""
    if not candidate.able:
        return
    facility = candidate.facility
    if facility.status != "ONLINE":
        candidate.rule_out(Reason.NOT_ONLINE, status=facility.status)
        return
    if candidate.role == "COLLECT":
        if "PICKUP" not in facility.services:
            candidate.rule_out(Reason.NO_SERVICE, service="PICKUP")
        return
    possible = tuple(
        target for target in candidate.targets if _SERVICE[target] is None or _SERVICE[target] in facility.services
    )
    if not possible:
        candidate.rule_out(Reason.NO_SERVICE, service="SHIP_FROM_STORE")
    candidate.targets = possible


def _judge_carriers(candidate: Candidate, order: Order, *, with_carriers: bool) -> None:
    """A carrier must take the goods where they go; a retailer who has connected none at all sends without."""
    if not with_carriers:
        candidate.targets = candidate.targets[:1]
        return
    refused: list[Refused] = []
    for target in candidate.targets:
        fits, refused = fitting(candidate.facility, target, order)
        if fits:
            candidate.targets, candidate.connections = (target,), fits
            return
    candidate.rule_out(
        Reason.NO_CARRIER, carriers=[{"carrierKey": each.carrier_key, "reason": each.reason} for each in refused]
    )


def _count_supply(candidate: Candidate, demand: Demand, situation: Situation) -> None:
    facility = candidate.facility
    listings = situation.listings.get(facility.id, {})
    available = situation.available.get(facility.id, {})
    listed: list[str] = []
    kept_from: dict[Reason, list[str]] = {}
    for article in demand.wanted:
        listing = listings.get(article)
        needed = demand.services.get(article)
        if listing is None:
            kept_from.setdefault(Reason.NOT_LISTED, []).append(article)
        elif not listing.active:
            kept_from.setdefault(Reason.LISTING_INACTIVE, []).append(article)
        elif needed is not None and facility.custom_services is not None and not needed <= facility.custom_services:
            kept_from.setdefault(Reason.SERVICE_NOT_DONE, []).append(article)
        else:
            listed.append(article)
            pieces = available.get(article, 0)
            if pieces > 0:
                candidate.supply[article] = pieces
            if pieces < demand.wanted[article]:
                reason = Reason.TOO_FEW if pieces > 0 else Reason.NOT_AVAILABLE
                kept_from.setdefault(reason, []).append(article)
    candidate.listed = tuple(listed)
    for reason, articles in kept_from.items():
        candidate.against(reason, articles=articles[:ARTICLES_TOLD_MAX], count=len(articles))
    if candidate.supply:
        whole = all(candidate.supply.get(article, 0) >= pieces for article, pieces in demand.wanted.items())
        candidate.favour(
            Reason.HAS_ALL if whole else Reason.HAS_SOME, articles=len(candidate.supply), of=len(demand.wanted)
        )
