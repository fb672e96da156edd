"""When a facility works, read from its document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendoms.calendar.dates import closed_days, weekly_parts
from opendoms.calendar.hours import FulfilmentHours
from opendoms.calendar.zones import zone_of
from opendoms.kernel.decision import Document

if TYPE_CHECKING:
    import zoneinfo


def zone_of_facility(facility: Document) -> zoneinfo.ZoneInfo:
    """The time zone that the facility names, else the one that its country has, else UTC (decision D46)."""
    address = facility.get("address", {})
    return zone_of(address.get("resolvedTimeZone", {}).get("timeZoneId"), address.get("country"))


def hours_of(facility: Document) -> FulfilmentHours:
    """The picking times and closing days of a stored facility.

    Without picking times it works around the clock. Where some day has them, a day without any is free.
    """
    zone = zone_of_facility(facility)
    week = weekly_parts(facility.get("pickingTimes", {}))
    return FulfilmentHours(zone, week, closed_days(facility.get("closingDays", ()), zone))


def processing_minutes(facility: Document) -> int:
    """How many minutes of work an order takes there; 0 for a supplier that does not say."""
    minutes: int = facility.get("fulfillmentProcessBuffer", 0)
    return minutes
