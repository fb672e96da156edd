"""What was decided: who sends what and when, what waits, what nobody has, and why it is so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from opendoms.promises.grounds import Grounds
from opendoms.promises.model import Arrival, Behaviour, Connection, Facility, Product, Target


class Item(NamedTuple):
    """Pieces of one line at one place; `available` is how many of the article the place has in all."""

    line: str
    article: str
    title: str
    quantity: int
    available: int


class ProductOption(NamedTuple):
    """A product that a shipment can go with, and when it would arrive; None where the transit time is not known."""

    product: Product
    arrival: Arrival | None


class CarrierOption(NamedTuple):
    """A carrier that can take a shipment along. Whoever confirms until `holds_until` still meets the hand-over."""

    connection: Connection
    hand_over: int
    products: tuple[ProductOption, ...]
    holds_until: int | None = None

    def arrival(self) -> Arrival | None:
        """The arrival that ends first, of those that are known."""
        known = [option.arrival for option in self.products if option.arrival is not None]
        return min(known, key=lambda arrival: (arrival.latest, arrival.earliest), default=None)


class Shipment(NamedTuple):
    """What one facility sends. The first carrier is the one that dates are told of; without any, we carry it.

    `ready` and `hand_over` are instants, `opens` is when work on it can begin, and `today` the facility's present day;
    `metres` is how far it is to where the goods go, where that is known.
    """

    facility: Facility
    target: Target
    items: tuple[Item, ...]
    carriers: tuple[CarrierOption, ...]
    opens: int
    ready: int
    hand_over: int
    today: int
    metres: int | None


class Collection(NamedTuple):
    """What the consumer fetches: what the facility has itself; shipments to the store come in addition.

    `target_time` is the instant from which on everything is there, `target_day` its day at the facility.
    """

    facility: Facility
    items: tuple[Item, ...]
    target_time: int
    target_day: int


class Waiting(NamedTuple):
    """Pieces of a line that can be ordered though they are not there; when they will be, where a listing says so."""

    item: Item
    behaviour: Behaviour
    facility: str
    available_from: int | None


class Missing(NamedTuple):
    """Pieces of a line that nobody can serve."""

    line: str
    article: str
    title: str
    quantity: int


class Search(NamedTuple):
    """How the fewest shipments were looked for.

    Every set of up to `places_max` of `candidates` places was weighed. Where one of them serves the order, `proved` is
    true: there is no plan with fewer shipments. Otherwise the plan has at most `shipments_max` shipments, a number
    that no addition of stock raises.
    """

    candidates: int
    places_max: int
    level: float
    proved: bool
    shipments_max: int


class Hold(NamedTuple):
    """How many pieces of an article a plan takes from a facility, all lines together."""

    facility: str
    article: str
    quantity: int


class Plan(NamedTuple):
    """The whole answer, and why."""

    now: int
    collecting: bool
    shipments: tuple[Shipment, ...]
    collection: Collection | None
    waiting: tuple[Waiting, ...]
    missing: tuple[Missing, ...]
    grounds: Grounds
    search: Search

    def holds(self) -> tuple[Hold, ...]:
        """What is to be reserved: one entry per facility and article, sorted by both."""
        held: dict[tuple[str, str], int] = {}
        for facility, item in self._assigned():
            key = (facility, item.article)
            held[key] = held.get(key, 0) + item.quantity
        return tuple(Hold(*key, quantity) for key, quantity in sorted(held.items()))

    def _assigned(self) -> Iterator[tuple[str, Item]]:
        for shipment in self.shipments:
            yield from ((shipment.facility.id, item) for item in shipment.items)
        if self.collection is not None:
            yield from ((self.collection.facility.id, item) for item in self.collection.items)

    def facilities(self) -> frozenset[str]:
        """The facilities that the plan takes goods from."""
        return frozenset(facility for facility, _ in self._assigned())
