"""The carriers of the made-up retailer, and how they come to a facility."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from opendoms.kernel.decision import Document
from opendoms.retail.places import COUNTRIES, COURIER_AREAS, Country, Place

WEEKDAYS: Final = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY")

COURIER: Final = "CUSTOM_COURIER"
_CARRIERS: Final[tuple[Document, ...]] = (
    {"key": "DHL_V2", "name": "DHL Paket"},
    {"key": "DHL_EXPRESS", "name": "DHL Express"},
    {"key": "GLS", "name": "GLS"},
    {"key": "POSTNL", "name": "PostNL"},
    {"key": "CUSTOM_POST_AT", "name": "Österreichische Post"},
    {"key": COURIER, "name": "City courier", "deliveryType": "SAMEDAY", "defaultParcelWeightInGram": 5000},
)
CARRIERS: Final[tuple[Document, ...]] = tuple({**carrier, "status": "ACTIVE"} for carrier in _CARRIERS)


class _Service(NamedTuple):
    """What a carrier does from a country: where to, within how many days of delivery, and for how many euros."""

    key: str
    countries: tuple[str, ...]
    days_min: int
    days_max: int
    speed: str
    price: float


_COURIER_PRICE: Final = 8.9
_FROM: Final = {
    "DE": (
        _Service("DHL_V2", ("DE",), 1, 2, "standard", 4.49),
        _Service("GLS", ("DE", "AT", "NL"), 2, 4, "standard", 3.89),
        _Service("DHL_EXPRESS", ("DE", "AT", "NL"), 1, 1, "express", 12.9),
    ),
    "AT": (
        _Service("CUSTOM_POST_AT", ("AT",), 1, 2, "standard", 4.79),
        _Service("GLS", ("DE", "AT"), 2, 4, "standard", 4.19),
    ),
    "NL": (
        _Service("POSTNL", ("NL",), 1, 1, "standard", 4.25),
        _Service("GLS", ("DE", "NL"), 2, 4, "standard", 4.19),
    ),
}


def connections(place: Place, *, warehouse: bool, cutoff_hour: int) -> Iterator[tuple[str, Document]]:
    """The carriers that come to a facility: their keys, and the bodies of the connections."""
    for service in _FROM[place.country.code]:
        express = service.speed == "express"
        if express and not warehouse:
            continue
        yield (
            service.key,
            {
                "status": "ACTIVE",
                "cutoffTimes": _cutoffs((14, 20) if warehouse else (cutoff_hour,)),
                "deliveryAreas": [{"country": code, "postalCode": "*"} for code in service.countries],
                "validDeliveryTargets": ["SHIP_TO_CUSTOMER", *([] if express else ["SHIP_TO_STORE"])],
                "configuration": {
                    "transitTime": {"minTransitDays": service.days_min, "maxTransitDays": service.days_max},
                    "carrierProductCategory": "EXPRESS" if express else "STANDARD",
                    "deliveryCosts": [{"cost": service.price, "currency": "EUR"}],
                    "nonDeliveryDays": [_off(country) for country in COUNTRIES if country.code in service.countries],
                },
                "tags": [{"id": "speed", "value": service.speed}],
            },
        )
    area = COURIER_AREAS.get(place.city)
    if area is not None and not warehouse:
        yield (
            COURIER,
            {
                "status": "ACTIVE",
                "cutoffTimes": _cutoffs((12, 17)),
                "deliveryAreas": [{"country": place.country.code, "postalCode": area}],
                "validDeliveryTargets": ["SHIP_TO_CUSTOMER"],
                "configuration": {"deliveryCosts": [{"cost": _COURIER_PRICE, "currency": "EUR"}]},
                "tags": [{"id": "speed", "value": "same day"}],
            },
        )


def _cutoffs(hours: tuple[int, ...]) -> Document:
    """Every working day but Sundays; on Saturdays the first one alone, at noon at the latest."""
    times = [{"time": f"{hour:02d}:00"} for hour in hours]
    saturday = [{"time": f"{min(hours[0], 12):02d}:00"}]
    weekdays = [{"day": day, "cutoffConfigurations": saturday if day == "SATURDAY" else times} for day in WEEKDAYS]
    return {"weekdays": weekdays, "overwrites": []}


def _off(country: Country) -> Document:
    return {
        "country": country.code,
        "nonDeliveryDays": [
            {"nonDeliveryDay": f"2024-{month:02d}-{day:02d}", "nonDeliveryType": "RECURRING"}
            for month, day, _ in country.holidays
        ],
        "recurringNonDeliveryWeekdays": ["SUNDAY"],
        "nonDeliveryDaysPerProvince": [],
    }
