"""The places that a tenant sends from, and the carriers that come there, made ready to decide on.

Made of documents once and kept until one of them changes, so it holds everything that does not depend on the order.
What facilities have in common (hours, cut-offs, days without delivery) is there once, and known by its identity.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple

from opendoms.calendar.hand_over import Cutoffs
from opendoms.calendar.hours import DaysOff, FulfilmentHours
from opendoms.carriers.rules import serving
from opendoms.carriers.rules.carrier import SAMEDAY
from opendoms.facilities.rules.hours import hours_of, processing_minutes
from opendoms.kernel.decision import Document
from opendoms.promises.model import Connection, Cost, Facility, Product, Transit
from opendoms.promises.request import address_of, plain_postal_code

CATEGORIES: Final = frozenset({"STANDARD", "EXPRESS", "VALUE", "FORWARDING"})
CATEGORY_DEFAULT: Final = "STANDARD"
# Regions for which a carrier's days are kept.
REGIONS_MAX: Final = 1_000
# Receivers, and different wishes of orders to one, of which decisions are remembered.
RECEIVERS_MAX: Final = 50
WISHES_MAX: Final = 50
# More work than this finds no end within the look-ahead of the calendar.
_BUFFER_MINUTES_MAX: Final = 365 * 24 * 60


class Region(NamedTuple):
    """Where goods are received, as far as days without delivery depend on it."""

    country: str | None
    province: str | None


class Hours:
    """When some facilities work. The parts of days that were asked for are kept, as instants."""

    def __init__(self, hours: FulfilmentHours) -> None:
        self.hours = hours
        self.openings: dict[datetime.date, tuple[tuple[int, int], ...]] = {}


class Pickup:
    """When a carrier comes to some facilities. The hand-overs of days that were asked for are kept."""

    def __init__(self, hours: Hours, cutoffs: Cutoffs) -> None:
        self.hours = hours
        self.cutoffs = cutoffs
        self.hand_overs: dict[datetime.date, tuple[int, ...]] = {}


class Work(NamedTuple):
    """How a facility works: when, and how many minutes of it an order takes."""

    hours: Hours
    buffer: int


class Carriage:
    """How a carrier serves a facility: when it comes, and on which days it does not deliver, by region."""

    def __init__(self, pickup: Pickup, connection: Document, carrier: Document, shared: dict[DaysOff, DaysOff]) -> None:
        self.pickup = pickup
        self._connection = connection
        self._carrier = carrier
        self._shared = shared
        self._days_off: dict[Region, DaysOff] = {}

    def days_off(self, region: Region) -> DaysOff:
        """The days without delivery in a region; equal ones are the same object."""
        known = self._days_off.get(region)
        if known is None:
            told = serving.days_without_delivery(self._connection, self._carrier, region.country or "", region.province)
            if len(self._days_off) >= REGIONS_MAX:
                self._days_off.clear()
            known = self._days_off[region] = self._shared.setdefault(told, told)
        return known


class Memos:
    """What decisions remember of each other, by the receiver of the goods (see `model.Situation`)."""

    def __init__(self) -> None:
        self._memos: dict[Any, dict[Any, Any]] = {}

    def of(self, receiver: Any) -> dict[Any, Any]:
        """The memo of a receiver; an empty one where it is new, or has grown too large."""
        memo = self._memos.get(receiver)
        if memo is None or len(memo) > WISHES_MAX:
            if len(self._memos) >= RECEIVERS_MAX:
                self._memos.clear()
            memo = self._memos[receiver] = {}
        return memo


class Network(NamedTuple):
    """All facilities in the order of their ids, how they work by their ids, and carriages by connections' ids."""

    facilities: tuple[Facility, ...]
    works: Mapping[str, Work]
    carriages: Mapping[str, Carriage]
    regions: Mapping[str, Region]
    memos: Memos


Connected = Mapping[str, Iterable[tuple[Document, Document]]]


def network_of(facilities: Iterable[Document], connected: Connected) -> Network:
    """The network of stored facilities, with the connections of each and their carriers."""
    made = _Making()
    for document in sorted(facilities, key=lambda each: str(each["id"])):
        made.add(document, connected.get(document["id"], ()))
    return Network(tuple(made.facilities), made.works, made.carriages, made.regions, Memos())


class _Making:
    def __init__(self) -> None:
        self.facilities: list[Facility] = []
        self.works: dict[str, Work] = {}
        self.carriages: dict[str, Carriage] = {}
        self.regions: dict[str, Region] = {}
        self._hours: dict[FulfilmentHours, Hours] = {}
        self._pickups: dict[tuple[int, Any], Pickup] = {}
        self._days_off: dict[DaysOff, DaysOff] = {}

    def add(self, document: Document, connected: Iterable[tuple[Document, Document]]) -> None:
        """One more facility."""
        facility_id: str = document["id"]
        address = document.get("address", {})
        described = hours_of(document)
        hours = self._hours.setdefault(described, Hours(described))
        self.works[facility_id] = Work(hours, min(processing_minutes(document), _BUFFER_MINUTES_MAX))
        self.regions[facility_id] = Region(address.get("country"), address.get("province"))
        connections = []
        for connection, carrier in connected:
            connections.append(connection_of(connection, carrier))
            cutoffs = serving.cutoffs_of(connection)
            key = (id(hours), (cutoffs.week, tuple(sorted(cutoffs.single.items()))))
            pickup = self._pickups.setdefault(key, Pickup(hours, cutoffs))
            self.carriages[connection["id"]] = Carriage(pickup, connection, carrier, self._days_off)
        self.facilities.append(facility_of(document, tuple(connections)))


def facility_of(document: Document, connections: tuple[Connection, ...]) -> Facility:
    """A stored facility as promises see it."""
    return Facility(
        document["id"],
        document["name"],
        document.get("tenantFacilityId"),
        document["type"],
        document["status"],
        frozenset(service["type"] for service in document.get("services", ())),
        address_of(document.get("address", {})),
        connections=connections,
    )


def connection_of(connection: Document, carrier: Document) -> Connection:
    """A stored connection as promises see it."""
    return Connection(
        connection["id"],
        carrier["id"],
        carrier["key"],
        connection.get("name") or carrier["name"],
        serving.is_active(connection, carrier),
        serving.delivery_type(connection, carrier) == SAMEDAY,
        frozenset(connection.get("validDeliveryTargets", ())),
        frozenset(
            (area["country"], plain_postal_code(area["postalCode"])) for area in connection.get("deliveryAreas", ())
        ),
        (_product(connection, carrier),),
    )


def _product(connection: Document, carrier: Document) -> Product:
    """Category and costs as the configuration tells them (decision D73).

    Configurations that were stored before these members were judged may hold anything there.
    """
    told = serving.transit_of(connection, carrier)
    configuration = connection.get("configuration", {})
    category, costs = configuration.get("carrierProductCategory"), configuration.get("deliveryCosts")
    return Product(
        category if category in CATEGORIES else CATEGORY_DEFAULT,
        transit=None if told is None else Transit(*told),
        costs=tuple(_costs(costs)) if isinstance(costs, list) else (),
    )


def _costs(costs: Iterable[Any]) -> Iterator[Cost]:
    for each in costs:
        match each:
            case {"cost": int() | Decimal() as cost, "currency": str() as currency}:
                yield Cost(str(cost), currency)
            case _:
                continue
