"""Orders and retailers made at random from a seed: small, and so that every rule has something to decide."""

from __future__ import annotations

from random import Random
from typing import Any, Final

from opendoms.promises.model import (
    Address,
    CarrierWish,
    Collect,
    Facility,
    Line,
    Listing,
    Order,
    Point,
    Product,
    Service,
    Shipping,
    Situation,
    SupplyingFacility,
    Transit,
)
from tests.rules.promises import COLOGNE, NOW, Week, by_article, carrier

ARTICLES: Final = ("cup", "tea", "hat", "belt", "shirt")
NAMES: Final = ("a", "b", "c", "d", "e", "f")
TARGETS: Final[Any] = [("SHIP_TO_STORE",), ("SHIP_TO_STORE", "SHIP_TO_CUSTOMER"), ("SHIP_TO_CUSTOMER",)]
BEHAVIOURS: Final[Any] = ["NONE", "NONE", "BACKORDER", "PREORDER", "RESTOCK", "PREORDER_AND_RESTOCK"]
# At the first two levels only the smallest sets of places are weighed.
LEVELS: Final = (0.000_001, 0.000_05, 0.2, 1.0)


def an_order(chance: Random) -> Order:
    """Up to six lines, perhaps of one article, with bundles and services; sent or collected."""
    lines = tuple(
        Line(f"l{place}", chance.choice(ARTICLES), chance.randint(1, 4)) for place in range(chance.randint(1, 6))
    )
    services = []
    for _ in range(chance.choice([0, 1, 1, 2])):
        inside = chance.sample(lines, chance.randint(1, min(3, len(lines))))
        amounts = tuple((line.article, chance.randint(1, line.quantity)) for line in inside)
        services.append(Service(amounts, chance.choice([None, None, "engraving", "gift"]), chance.random() < 0.7))
    collect = None
    if chance.random() < 0.4:
        suppliers = [
            SupplyingFacility(chance.choice(NAMES), chance.choice(TARGETS)) for _ in range(chance.randint(0, 5))
        ]
        collect = Collect(chance.choice(NAMES), tuple(suppliers), _time(chance))
    shipping = Shipping(
        preselected=chance.choice([(), (), (), ("a", "b", "c", "gone")]),
        same_day=chance.random() < 0.1,
        category=chance.choice([None, None, "STANDARD"]),
        carriers=chance.choice([(), (), (CarrierWish("DHL_V2"),)]),
        wanted_at=_time(chance),
    )
    address = chance.choice([COLOGNE, Address(), Address("DE", "50667")])
    return Order(lines, tuple(services), collect, shipping, address, _time(chance), chance.choice(LEVELS))


def a_situation(chance: Random) -> Situation:
    """A retailer of up to six facilities; anything may be in stock, or listed, or neither."""
    stock = {name: {article: chance.choice([0, 0, 1, 2, 3, 9]) for article in ARTICLES} for name in NAMES}
    listings = {name: {article: _listing(chance) for article in ARTICLES if chance.random() < 0.85} for name in NAMES}
    week = Week(
        {name: chance.randint(0, 2_000) for name in NAMES},
        {f"{name}/{key}": chance.randint(0, 23) for name in NAMES for key in ("DHL_V2", "GLS")},
        frozenset(chance.choice([[], [], ["a"], ["a/GLS"], ["b/DHL_V2"]])),
    )
    names = chance.sample(NAMES, chance.randint(0, len(NAMES)))
    without_carriers = chance.random() < 0.1
    facilities = tuple(_facility(chance, name, without_carriers=without_carriers) for name in names)
    return Situation(NOW, week, facilities, by_article(listings), by_article(stock))


def with_more_stock(chance: Random, situation: Situation) -> Situation:
    """The same with pieces added here and there."""
    return situation._replace(
        available={
            name: {article: had + chance.choice([0, 0, 0, 1, 5]) for article, had in row.items()}
            for name, row in situation.available.items()
        }
    )


def shuffled(chance: Random, situation: Situation) -> Situation:
    """The same, read in another order."""

    def other(values: Any) -> Any:
        return chance.sample(list(values), len(values))

    return situation._replace(
        facilities=tuple(
            facility._replace(connections=tuple(other(facility.connections)))
            for facility in other(situation.facilities)
        ),
        listings={name: dict(other(row.items())) for name, row in other(situation.listings.items())},
        available={name: dict(other(row.items())) for name, row in other(situation.available.items())},
    )


def a_large_case(chance: Random, *, filled: float) -> tuple[Order, Situation]:
    """50 lines, and 200 facilities of which each has a share of the articles."""
    names = [f"f{number:03}" for number in range(200)]
    articles = [f"article-{number}" for number in range(50)]
    stock = {
        name: {article: chance.randint(1, 9) if chance.random() < filled else 0 for article in articles}
        for name in names
    }
    facilities = tuple(
        Facility(
            name,
            name,
            services=frozenset({"SHIP_FROM_STORE"}),
            address=Address(point=Point(chance.uniform(47, 54), chance.uniform(6, 14))),
            connections=(carrier(facility=name),),
        )
        for name in names
    )
    listings = {name: dict.fromkeys(articles, Listing()) for name in names}
    order = Order(tuple(Line(article, article, chance.randint(1, 3)) for article in articles), address=COLOGNE)
    return order, Situation(NOW, Week(), facilities, by_article(listings), by_article(stock))


def _time(chance: Random) -> int | None:
    return chance.choice([None, chance.randint(NOW - 10_000_000, NOW + 10_000_000_000)])


def _listing(chance: Random) -> Listing:
    days = chance.choice([None, chance.randint(0, 9)])
    return Listing(chance.random() < 0.9, chance.choice(BEHAVIOURS), _time(chance), days)


def _facility(chance: Random, name: str, *, without_carriers: bool) -> Facility:
    keys = [] if without_carriers else ["DHL_V2", "GLS"][: chance.choice([0, 1, 1, 2])]
    services: Any = chance.choice([{"SHIP_FROM_STORE", "PICKUP"}] * 4 + [{"PICKUP"}, set()])
    status: Any = chance.choice(["ONLINE"] * 5 + ["SUSPENDED"])
    point = chance.choice([None, Point(chance.uniform(47, 54), chance.uniform(6, 14))])
    return Facility(
        name,
        name.upper(),
        status=status,
        services=frozenset(services),
        address=Address(chance.choice(["DE", "NL"]), chance.choice(["50667", "50999", "80331"]), point),
        custom_services=chance.choice([None, frozenset({"engraving"})]),
        connections=tuple(
            carrier(
                key,
                name,
                products=(_product(chance),),
                active=chance.random() < 0.8,
                same_day=chance.random() < 0.2,
            )
            for key in keys
        ),
    )


def _product(chance: Random) -> Product:
    least = chance.randint(0, 3)
    transit = chance.choice([None, Transit(least, least + chance.randint(0, 2))])
    return Product(chance.choice(["STANDARD", "STANDARD", "EXPRESS"]), transit=transit)
