"""What a promise is decided from: plain values, complete before the first decision.

Facilities and connections are named by their ids, articles by their tenantArticleId. Instants are milliseconds, days
are counted from 1970-01-01 in the local time of the place that they are told of, quantities are pieces.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple, Protocol

LEVEL_DEFAULT: Final = 0.2

Target = Literal["SHIP_TO_CUSTOMER", "SHIP_TO_STORE"]
FacilityService = Literal["SHIP_FROM_STORE", "PICKUP"]
FacilityStatus = Literal["ONLINE", "SUSPENDED", "OFFLINE"]
FacilityType = Literal["MANAGED_FACILITY", "SUPPLIER"]
Behaviour = Literal["NONE", "BACKORDER", "PREORDER", "RESTOCK", "PREORDER_AND_RESTOCK"]


class Point(NamedTuple):
    """A place on the map, in degrees."""

    lat: float
    lon: float


class Address(NamedTuple):
    """Where goods are or go to, as far as it is known."""

    country: str | None = None
    postal_code: str | None = None
    point: Point | None = None


class Line(NamedTuple):
    """What was ordered of one article. `id` names the line among those of its order."""

    id: str
    article: str
    quantity: int
    title: str = ""


class Service(NamedTuple):
    """What is to be done with some of the ordered articles, or, where bundled, that they stay together.

    `amounts` holds article and quantity of everything below the service. `reference` is None for a mere bundle.
    """

    amounts: tuple[tuple[str, int], ...]
    reference: str | None = None
    bundled: bool = False


class SupplyingFacility(NamedTuple):
    """A facility that may complete what is collected: where it may send to, the preferred target first."""

    facility: str
    targets: tuple[Target, ...] = ("SHIP_TO_STORE",)


class Collect(NamedTuple):
    """The consumer fetches the goods at a facility, wished for `wanted_at`."""

    facility: str
    suppliers: tuple[SupplyingFacility, ...] = ()
    wanted_at: int | None = None


class CarrierWish(NamedTuple):
    """A carrier to choose from, perhaps with its product and what it must do besides."""

    carrier_key: str
    product: str | None = None
    services: frozenset[str] = frozenset()


class Shipping(NamedTuple):
    """How goods are to be sent. Without `preselected` every facility may send, without `carriers` any carrier."""

    preselected: tuple[str, ...] = ()
    same_day: bool = False
    category: str | None = None
    carriers: tuple[CarrierWish, ...] = ()
    wanted_at: int | None = None


class Order(NamedTuple):
    """What is to be promised. With `collect` it is fetched, otherwise it is sent to `address`.

    `level` is how much effort the search for the fewest shipments may take, more than 0 and at most 1.
    """

    lines: tuple[Line, ...]
    services: tuple[Service, ...] = ()
    collect: Collect | None = None
    shipping: Shipping = Shipping()
    address: Address = Address()
    target_time: int | None = None
    level: float = LEVEL_DEFAULT


class Transit(NamedTuple):
    """How many days a carrier is on its way, at least and at most."""

    days_min: int
    days_max: int


class Cost(NamedTuple):
    """What sending costs: a decimal number, as text so that no cent is lost, and its currency."""

    amount: str
    currency: str


class Product(NamedTuple):
    """A way in which a carrier sends. What is None is not known, and then speaks against no wish."""

    category: str = "STANDARD"
    name: str | None = None
    transit: Transit | None = None
    costs: tuple[Cost, ...] = ()
    services: frozenset[str] | None = None


class Connection(NamedTuple):
    """A carrier that takes goods along at a facility.

    `targets` and `areas` (country and postal code, which may end with an asterisk) narrow where it goes; empty ones
    do not.
    """

    id: str
    carrier: str
    carrier_key: str
    carrier_name: str
    active: bool = True
    same_day: bool = False
    targets: frozenset[Target] = frozenset()
    areas: frozenset[tuple[str, str]] = frozenset()
    products: tuple[Product, ...] = (Product(),)


class Facility(NamedTuple):
    """A place that may send goods or hand them over. `custom_services` is None where it is not known which it does."""

    id: str
    name: str
    tenant_id: str | None = None
    type: FacilityType = "MANAGED_FACILITY"
    status: FacilityStatus = "ONLINE"
    services: frozenset[FacilityService] = frozenset()
    address: Address = Address()
    custom_services: frozenset[str] | None = None
    connections: tuple[Connection, ...] = ()


class Listing(NamedTuple):
    """That a facility sells an article, and what holds when there is none left.

    `preorder_from` is the start of the availability timeframe, `restock_days` in how many days it is there again, 0
    for an unknown number of days.
    """

    active: bool = True
    behaviour: Behaviour = "NONE"
    preorder_from: int | None = None
    restock_days: int | None = None
    custom_attributes: Mapping[str, Any] | None = None


class Arrival(NamedTuple):
    """Between which days goods arrive, local to where they do, and between which instants."""

    first_day: int
    last_day: int
    earliest: int
    latest: int


class Calendar(Protocol):
    """When facilities work and carriers come. None means: not within the time that the calendar looks ahead.

    What is later asked from is never answered earlier.
    """

    def opens(self, facility: str, start: int) -> int | None:
        """The first instant from `start` on at which the facility works."""
        ...

    def ready(self, facility: str, start: int) -> int | None:
        """When an order that may be begun at `start` is ready: the facility's buffer of work later."""
        ...

    def hand_over(self, facility: str, connection: str, ready: int) -> int | None:
        """The first instant from `ready` on at which the carrier takes goods along."""
        ...

    def arrival(self, facility: str, connection: str, transit: Transit, hand_over: int) -> Arrival | None:
        """When goods arrive that the carrier took along at `hand_over`; never before it."""
        ...

    def day(self, facility: str, instant: int) -> int:
        """The day on which an instant lies at the facility."""
        ...


class Situation(NamedTuple):
    """Everything else that a promise depends on. Listings and available quantities by article, then by facility.

    What is available is what new orders can use: without reserved pieces and without safety stock.

    `memo` may be shared by situations with the same facilities and the same receiver, and calendars that say the same
    of these. It keeps what follows from them alone; no answer depends on whether it does.
    """

    now: int
    calendar: Calendar
    facilities: tuple[Facility, ...]
    listings: Mapping[str, Mapping[str, Listing]]
    available: Mapping[str, Mapping[str, int]]
    memo: dict[Any, Any] | None = None
