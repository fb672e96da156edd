"""What a carrier does for a facility, read from the documents: where to, when, how long."""

from __future__ import annotations

from typing import Any

import pytest

from opendoms.calendar.dates import date_from
from opendoms.calendar.delivery import Transit
from opendoms.calendar.hours import DaysOff
from opendoms.carriers.rules.serving import (
    covers,
    cutoffs_of,
    days_without_delivery,
    delivers_to,
    delivery_type,
    is_active,
    transit_of,
)

Document = dict[str, Any]

CARRIER: Document = {"status": "ACTIVE", "deliveryType": "DELIVERY"}
SAMEDAY: Document = {**CARRIER, "deliveryType": "SAMEDAY"}


@pytest.mark.parametrize(
    ("connection", "carrier", "active"),
    [("ACTIVE", "ACTIVE", True), ("ACTIVE", "INACTIVE", False), ("INACTIVE", "ACTIVE", False)],
)
def test_both_sides_must_be_active(connection: str, carrier: str, active: bool) -> None:  # noqa: FBT001 - a table
    """The connection and the carrier itself."""
    assert is_active({"status": connection}, {"status": carrier}) is active


def test_targets_and_areas_narrow_down() -> None:
    """Without any, and with empty ones, it delivers everywhere and to everyone."""
    silent: tuple[Document, ...] = ({}, {"validDeliveryTargets": [], "deliveryAreas": []})
    for each in silent:
        assert delivers_to(each, "SHIP_TO_STORE")
        assert covers(each, "DE", "50667")
    assert not delivers_to({"validDeliveryTargets": ["SHIP_TO_CUSTOMER"]}, "SHIP_TO_STORE")


@pytest.mark.parametrize(
    ("area", "country", "postal_code", "covered"),
    [
        ("50667", "DE", "50667", True),
        ("50667", "AT", "50667", False),
        ("50667", "DE", "506670", False),
        ("506*", "DE", "50667", True),
        ("506*", "DE", "50", False),
        ("*", "DE", "50667", True),
        ("1012AB", "DE", "1012 ab", True),
        ("1012 *", "DE", "1012AB", True),
    ],
)
def test_an_area_is_a_postal_code_or_its_beginning(area: str, country: str, postal_code: str, *, covered: bool) -> None:
    """In the same country; blanks and capitals make no difference."""
    areas = [{"country": "FR", "postalCode": "1"}, {"country": "DE", "postalCode": area}]
    assert covers({"deliveryAreas": areas}, country, postal_code) is covered


def test_cut_offs_are_per_day_else_every_day_else_at_noon() -> None:
    """Single days come before weekdays, and count also where no weekday is named."""
    assert cutoffs_of({}).week == ((720,),) * 7
    every_day = {"cutoffTime": {"hour": 16.0, "minute": 30}}
    assert cutoffs_of(every_day).week == ((990,),) * 7
    overwrites = [{"date": "2026-12-24", "cutoffConfigurations": []}]
    single = cutoffs_of({**every_day, "cutoffTimes": {"weekdays": [], "overwrites": overwrites}})
    assert (single.week, single.on(date_from("2026-12-24"))) == (((990,),) * 7, ())
    times = [{"time": "16:00"}, {"time": "9:5"}, {"time": "16:00"}]
    weekdays = [{"day": "TUESDAY", "cutoffConfigurations": times}, {"day": "SUNDAY", "cutoffConfigurations": []}]
    per_day = cutoffs_of({**every_day, "cutoffTimes": {"weekdays": weekdays, "overwrites": []}})
    assert per_day.week == ((), (545, 960), (), (), (), (), ())


def test_transit_is_what_is_told() -> None:
    """Nothing where nobody says, save that a carrier of the same day needs no day."""
    told = {"configuration": {"transitTime": {"minTransitDays": 1, "maxTransitDays": 3.0}}}
    assert transit_of(told, CARRIER) == Transit(1, 3)
    assert transit_of({}, CARRIER) is None
    assert transit_of({"configuration": {"mine": 1}}, CARRIER) is None
    assert transit_of(told, SAMEDAY) == Transit(0, 0)
    assert transit_of({**told, "deliveryType": "DELIVERY"}, SAMEDAY) == Transit(1, 3)
    assert delivery_type({}, SAMEDAY) == "SAMEDAY"


def test_nothing_is_delivered_on_sundays_unless_a_country_says_otherwise() -> None:
    """A country's days and those of its province together; a carrier of the same day comes on its own days."""
    days: Document = {
        "country": "DE",
        "nonDeliveryDays": [{"nonDeliveryDay": "2026-05-01", "nonDeliveryType": "RECURRING"}],
        "recurringNonDeliveryWeekdays": ["SATURDAY", "SUNDAY"],
        "nonDeliveryDaysPerProvince": [
            {
                "province": "BY",
                "nonDeliveryDays": [{"nonDeliveryDay": "2026-08-15"}],
                "recurringNonDeliveryWeekdays": ["MONDAY"],
            }
        ],
    }
    told = {"configuration": {"nonDeliveryDays": [days]}}
    germany = DaysOff(frozenset({5, 6}), yearly=frozenset({(5, 1)}))
    assert days_without_delivery(told, CARRIER, "DE", None) == germany
    assert days_without_delivery(told, SAMEDAY, "DE", "NW") == germany
    assert days_without_delivery(told, CARRIER, "DE", "BY") == DaysOff(
        frozenset({0, 5, 6}), frozenset({date_from("2026-08-15")}), germany.yearly
    )
    assert days_without_delivery(told, CARRIER, "AT", None) == DaysOff(frozenset({6}))
    assert days_without_delivery({}, SAMEDAY, "AT", None) == DaysOff()
