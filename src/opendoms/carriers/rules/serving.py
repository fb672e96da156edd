"""What a carrier does for a facility: where it delivers to, when it comes, how long it takes (decisions D46, D47)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from opendoms.calendar.dates import WEEKDAYS, date_from, days_off, minute_from, minute_of
from opendoms.calendar.delivery import Transit
from opendoms.calendar.hand_over import Cutoffs, Times
from opendoms.calendar.hours import DaysOff
from opendoms.carriers.rules.carrier import ACTIVE, SAMEDAY
from opendoms.kernel.decision import Document

# Until when goods must be ready where nobody says.
CUTOFF_DEFAULT_MINUTE: Final = 12 * 60

_WILDCARD: Final = "*"
_SUNDAYS: Final = DaysOff(weekdays=frozenset({WEEKDAYS.index("SUNDAY")}))
_NONE: Final = DaysOff()


def is_active(connection: Document, carrier: Document) -> bool:
    """Whether the facility sends with it: connection and carrier both have to be ACTIVE."""
    return bool(connection["status"] == ACTIVE == carrier["status"])


def delivers_to(connection: Document, target: str) -> bool:
    """Whether it delivers to a target, SHIP_TO_CUSTOMER or SHIP_TO_STORE; to both where it names none."""
    targets = connection.get("validDeliveryTargets")
    return not targets or target in targets


def covers(connection: Document, country: str, postal_code: str) -> bool:
    """Whether it delivers to an address; everywhere where it names no area. Blanks in postal codes do not count."""
    areas = connection.get("deliveryAreas")
    wanted = _plain(postal_code)
    return not areas or any(
        area["country"] == country and _matches(_plain(area["postalCode"]), wanted) for area in areas
    )


def delivery_type(connection: Document, carrier: Document) -> str:
    """SAMEDAY or DELIVERY: what the connection says, else what the carrier does."""
    said: str = connection.get("deliveryType") or carrier["deliveryType"]
    return said


def cutoffs_of(connection: Document) -> Cutoffs:
    """When it comes to the facility."""
    told = connection.get("cutoffTimes") or {}
    single = {date_from(each["date"]): _times(each) for each in told.get("overwrites", ())}
    if told.get("weekdays"):
        per_day = {each["day"]: _times(each) for each in told["weekdays"]}
        return Cutoffs(tuple(per_day.get(day, ()) for day in WEEKDAYS), single)
    every_day = connection.get("cutoffTime")
    minute = minute_of(every_day) if every_day else CUTOFF_DEFAULT_MINUTE
    return Cutoffs(((minute,),) * len(WEEKDAYS), single)


def transit_of(connection: Document, carrier: Document) -> Transit | None:
    """How many days it is on its way; None where nobody says, and then no day of delivery can be promised."""
    if delivery_type(connection, carrier) == SAMEDAY:
        return Transit(0, 0)
    told = connection.get("configuration", {}).get("transitTime")
    return Transit(int(told["minTransitDays"]), int(told["maxTransitDays"])) if told else None


def days_without_delivery(connection: Document, carrier: Document, country: str, province: str | None) -> DaysOff:
    """On which days nothing arrives there: what the connection says of country and province, else Sundays.

    A carrier that delivers on the same day is taken at its cut-offs: it delivers on each day on which it comes.
    """
    for each in connection.get("configuration", {}).get("nonDeliveryDays", ()):
        if each["country"] == country:
            parts = [each, *(part for part in each["nonDeliveryDaysPerProvince"] if part["province"] == province)]
            return days_off(
                [day for part in parts for day in part["nonDeliveryDays"]],
                [weekday for part in parts for weekday in part["recurringNonDeliveryWeekdays"]],
            )
    return _NONE if delivery_type(connection, carrier) == SAMEDAY else _SUNDAYS


def _times(each: Document) -> Times:
    configurations: Sequence[Document] = each["cutoffConfigurations"]
    return tuple(sorted({minute_from(configuration["time"]) for configuration in configurations}))


def _plain(postal_code: str) -> str:
    return "".join(postal_code.split()).upper()


def _matches(area: str, postal_code: str) -> bool:
    if area.endswith(_WILDCARD):
        return postal_code.startswith(area.removesuffix(_WILDCARD))
    return postal_code == area
