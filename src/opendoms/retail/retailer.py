"""The made-up retailer as bodies of API calls, the same ones for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final, NamedTuple

from opendoms.kernel.decision import Document
from opendoms.orders.seed_catalogue import Article
from opendoms.retail.articles import ARTICLES, SIZES
from opendoms.retail.carriers import CARRIERS, WEEKDAYS, connections
from opendoms.retail.places import SHOPS, WAREHOUSES, Place

COMPANY: Final = "Lindwerk"

TAGS: Final[tuple[Document, ...]] = (
    {"id": "format", "allowedValues": ["flagship", "city", "small", "warehouse"]},
    {"id": "speed", "allowedValues": ["standard", "express", "same day"]},
)

_FLAGSHIPS: Final = 6
_CITY_SHOPS: Final = 18
# How many of the groups of articles that differ in size only a shop of a format sells.
_GROUPS: Final = {"flagship": 150, "city": 60, "small": 30}
# In how many of 100 cases a shop has nothing left of an article that it sells.
_SOLD_OUT_PERCENT: Final = 12
_PIECES_MAX: Final = {"flagship": 12, "city": 6, "small": 3, "warehouse": 160}


class Retailer(NamedTuple):
    """What there is to plant, in this order. Facilities are named by their `tenantFacilityId`, carriers by their key.

    `connections` are (facility, carrier, body). `listings` and `stocks` are bodies per facility: of
    `PUT /api/facilities/{facilityId}/listings` the entries, of `POST /api/stocks` the whole.
    """

    tags: tuple[Document, ...]
    carriers: tuple[Document, ...]
    facilities: tuple[Document, ...]
    connections: tuple[tuple[str, str, Document], ...]
    articles: tuple[Article, ...]
    assortments: dict[str, tuple[Article, ...]]
    seed: int

    def listings(self, facility: str) -> Iterator[Document]:
        """What a facility sells, by its `tenantFacilityId`: warehouses take back orders for what they restock."""
        warehouse = facility.startswith("W")
        for article in self.assortments[facility]:
            listing: Document = {
                "tenantArticleId": article.tenant_article_id,
                "title": article.title,
                "titleLocalized": {"en_US": article.title, "de_DE": article.title_de},
                "status": "ACTIVE",
                "price": article.price / 100,
                "currency": "EUR",
                "weight": article.weight,
                "measurementUnitKey": "piece",
                "scannableCodes": [article.code],
            }
            if warehouse and int(article.tenant_article_id[2:]) % 5 == 0:
                listing |= {"outOfStockBehaviour": "BACKORDER"}
            yield listing

    def stocks(self, facility: str) -> Iterator[Document]:
        """What lies in a facility, by its `tenantFacilityId`: one stock for each article that is not sold out."""
        draw = random.Random(f"{self.seed} {facility}").random  # noqa: S311 - made-up data, no secret
        most = _PIECES_MAX[_format_of(facility)]
        warehouse = facility.startswith("W")
        for article in self.assortments[facility]:
            if draw() * 100 < (2 if warehouse else _SOLD_OUT_PERCENT):
                continue
            yield {
                "tenantFacilityId": facility,
                "tenantArticleId": article.tenant_article_id,
                "tenantStockId": f"{facility}-{article.tenant_article_id}",
                "value": 1 + int(draw() * most),
            }


def retailer(seed: int) -> Retailer:
    """30 shops in three countries, two warehouses, their carriers, 5,000 articles. Another seed stocks otherwise."""
    draw = random.Random(seed).random  # noqa: S311 - made-up data, no secret
    facilities: list[Document] = []
    links: list[tuple[str, str, Document]] = []
    assortments: dict[str, tuple[Article, ...]] = {}
    for number, place in enumerate(WAREHOUSES, 1):
        own = f"W-{number}"
        facilities.append(_facility(own, place, hours=((6, 22), (6, 14)), buffer=60))
        links += [(own, key, body) for key, body in connections(place, warehouse=True, cutoff_hour=0)]
        assortments[own] = ARTICLES
    groups = [ARTICLES[start : start + SIZES] for start in range(0, len(ARTICLES), SIZES)]
    for number, place in enumerate(SHOPS, 1):
        own = f"S-{number:03d}"
        opens, closes = 9 + int(draw() * 2), 18 + int(draw() * 3)
        facilities.append(_facility(own, place, hours=((opens, closes), (10, 18)), buffer=120 + 60 * int(draw() * 3)))
        cutoff_hour = 15 + int(draw() * 3)
        links += [(own, key, body) for key, body in connections(place, warehouse=False, cutoff_hour=cutoff_hour)]
        wanted = sorted(_places(draw(), len(groups), _GROUPS[_format_of(own)]))
        assortments[own] = tuple(article for place_ in wanted for article in groups[place_])
    return Retailer(TAGS, CARRIERS, tuple(facilities), tuple(links), ARTICLES, assortments, seed)


def _places(share: float, count: int, wanted: int) -> set[int]:
    """`wanted` different places of `count`, spread evenly from a first one that `share` (0 to 1) chooses."""
    first = int(share * count)
    return {(first + step * count // wanted) % count for step in range(wanted)}


def _format_of(facility: str) -> str:
    if facility.startswith("W"):
        return "warehouse"
    number = int(facility.removeprefix("S-"))
    return "flagship" if number <= _FLAGSHIPS else "city" if number <= _CITY_SHOPS else "small"


def _facility(own: str, place: Place, *, hours: tuple[tuple[int, int], tuple[int, int]], buffer: int) -> Document:
    kind = _format_of(own)
    country = place.country
    week, saturday = hours
    times = {day.lower(): [_part(*(saturday if day == "SATURDAY" else week))] for day in WEEKDAYS}
    if country.sunday_shopping and kind != "warehouse":
        times["sunday"] = [_part(12, 17)]
    services = ["SHIP_FROM_STORE"] if kind == "warehouse" else ["SHIP_FROM_STORE", "PICKUP"]
    return {
        "name": f"{COMPANY} {'Lager ' if kind == 'warehouse' else ''}{place.city}",
        "tenantFacilityId": own,
        "status": "ONLINE",
        "locationType": "WAREHOUSE" if kind == "warehouse" else "STORE",
        "address": {
            "companyName": COMPANY,
            "street": place.street,
            "houseNumber": str(len(place.city)),
            "postalCode": place.postal_code,
            "city": place.city,
            "province": place.province,
            "country": country.code,
            "resolvedCoordinates": {"lat": place.lat, "lon": place.lon},
            "resolvedTimeZone": {"timeZoneId": country.zone},
        },
        "services": [{"type": service} for service in services],
        "fulfillmentProcessBuffer": buffer,
        "pickingTimes": times,
        "closingDays": [
            {"date": f"2024-{month:02d}-{day:02d}T00:00:00.000Z", "reason": name, "recurrence": "YEARLY"}
            for month, day, name in country.holidays
        ],
        "tags": [{"id": "format", "value": kind}],
    }


def _part(start: int, end: int) -> Document:
    return {"start": {"hour": start, "minute": 0}, "end": {"hour": end, "minute": 0}}
