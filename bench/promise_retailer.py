"""A made-up retailer to promise from: 200 facilities with two carriers each, and orders of ten lines."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any, Final

from opendoms.app import Actions
from opendoms.inventory.actions.stocks import Entry
from opendoms.kernel.changeset import Origin

FACILITIES: Final = 200
ARTICLES: Final = 300
LINES: Final = 10
# How many of 100 articles a facility sells, and the most that it has of one.
SOLD_PERCENT: Final = 60
PIECES_MAX: Final = 40
CARRIERS: Final = (("DHL_V2", 1, 2), ("GLS", 2, 3))
BATCH: Final = 500

_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
Document = dict[str, Any]


async def build(actions: Actions, origin: Origin) -> None:
    """Writes the retailer through the actions that serve the API."""
    dice = random.Random(7)  # noqa: S311 - made-up data, no secret
    carriers = []
    for key, _, _ in CARRIERS:
        carrier, _ = await actions.carriers.create({"key": key, "name": key, "status": "ACTIVE"}, origin)
        carriers.append(carrier)
    for number in range(FACILITIES):
        facility, _ = await actions.facilities.create(_facility(number, dice), origin)
        for carrier, (_, least, most) in zip(carriers, CARRIERS, strict=True):
            await actions.connections.connect(facility, carrier, _connection(dice, least, most), origin)
        sold = [article(n) for n in range(ARTICLES) if dice.randrange(100) < SOLD_PERCENT]
        listings = [{"tenantArticleId": each, "title": each} for each in sold]
        for start in range(0, len(listings), BATCH):
            await actions.inventory.listings.put(facility, listings[start : start + BATCH], origin)
        entries = [
            Entry("", {"tenantArticleId": each, "value": value, "facility": {"facilityRef": facility}})
            for each in sold
            if (value := dice.randrange(PIECES_MAX))
        ]
        for start in range(0, len(entries), BATCH):
            await actions.inventory.stocks.write(entries[start : start + BATCH], origin)


def article(number: int) -> str:
    """The id of an article."""
    return f"A-{10_000 + number}"


def _facility(number: int, dice: random.Random) -> Document:
    opens, closes = 8 + dice.randrange(3), 18 + dice.randrange(3)
    part = {"start": {"hour": opens, "minute": 0}, "end": {"hour": closes, "minute": 0}}
    return {
        "name": f"Shop {number}",
        "tenantFacilityId": f"S-{number}",
        "address": {
            "companyName": "Shop",
            "street": "Main",
            "postalCode": f"{10_000 + dice.randrange(80_000)}",
            "city": "City",
            "country": "DE",
            "resolvedCoordinates": {"lat": 47.5 + dice.random() * 7, "lon": 6 + dice.random() * 8},
        },
        "services": [{"type": "SHIP_FROM_STORE"}, {"type": "PICKUP"}],
        "fulfillmentProcessBuffer": 60 * (1 + dice.randrange(4)),
        "pickingTimes": {day: [part] for day in _DAYS},
    }


def _connection(dice: random.Random, least: int, most: int) -> Document:
    time = {"time": f"{14 + dice.randrange(5)}:00"}
    days = [{"day": day.upper(), "cutoffConfigurations": [time]} for day in _DAYS]
    return {
        "status": "ACTIVE",
        "cutoffTimes": {"weekdays": days, "overwrites": []},
        "configuration": {"transitTime": {"minTransitDays": least, "maxTransitDays": most}},
    }


def orders(seed: int) -> Iterator[Document]:
    """Bodies that ask for a promise, without end."""
    dice = random.Random(seed)  # noqa: S311 - made-up data, no secret
    while True:
        address = {
            "street": "Main",
            "postalCode": f"{10_000 + dice.randrange(80_000)}",
            "city": "City",
            "country": "DE",
            "coordinates": {"lat": 47.5 + dice.random() * 7, "lon": 6 + dice.random() * 8},
        }
        yield {
            "orderDate": "2026-11-20T09:12:44Z",
            "consumer": {"addresses": [address]},
            "orderLineItems": [
                {"quantity": 1, "article": {"tenantArticleId": article(number), "title": "Jacke grün, Größe 42"}}
                for number in dice.sample(range(ARTICLES), LINES)
            ],
        }
