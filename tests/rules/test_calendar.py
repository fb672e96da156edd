"""The calendar by example: hours, closing days, cut-offs, transit, and the two nights on which clocks change."""

from __future__ import annotations

import datetime
import zoneinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from opendoms.calendar import zones
from opendoms.calendar.dates import WEEKDAYS, closed_days, date_from, days_off, minute_from, weekly_parts
from opendoms.calendar.delivery import Receiving, Transit, delivery
from opendoms.calendar.hand_over import Cutoffs, hand_over
from opendoms.calendar.hours import AROUND_THE_CLOCK, LOOK_AHEAD_DAYS, DaysOff, FulfilmentHours, work_done
from opendoms.calendar.local_time import exists, instant_at
from opendoms.facilities.rules.hours import hours_of, processing_minutes, zone_of_facility
from opendoms.kernel.clock import INSTANT_MAX, INSTANT_MIN, text_of
from tests.rules.calendars import instant

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
# Monday to Friday 9 to 18, Saturday 10 to 14.
SHOP = FulfilmentHours(BERLIN, (((540, 1080),),) * 5 + (((600, 840),), ()))
AT_FOUR = Cutoffs(((960,),) * 7)


def shown(found: int | None) -> str | None:
    """An instant as text, to read in a failure."""
    return None if found is None else text_of(found)


@pytest.mark.parametrize(
    ("start", "minutes", "done"),
    [
        ("2026-06-15T13:30+02:00", 120, "2026-06-15T15:30+02:00"),  # a Monday, all within the day
        ("2026-06-15T07:00+02:00", 60, "2026-06-15T10:00+02:00"),  # begins when it opens
        ("2026-06-15T17:00+02:00", 120, "2026-06-16T10:00+02:00"),  # goes on the next morning
        ("2026-06-15T17:00+02:00", 60, "2026-06-15T18:00+02:00"),  # done as it closes
        ("2026-06-15T18:00+02:00", 0, "2026-06-16T09:00+02:00"),  # nothing to do, but nobody there
        ("2026-06-20T13:00+02:00", 120, "2026-06-22T10:00+02:00"),  # over a Sunday
    ],
)
def test_work_counts_while_the_facility_works(start: str, minutes: int, done: str) -> None:
    """Minutes outside of the hours do not count; the rest is done when it opens again."""
    assert shown(work_done(SHOP, instant(start), minutes)) == text_of(instant(done))


def test_closing_days_are_left_out() -> None:
    """Single ones on their date alone, yearly ones every year, the 29th of February in leap years."""
    closed = DaysOff(single=frozenset({date_from("2026-12-24")}), yearly=frozenset({(12, 25), (2, 29)}))
    shop = SHOP._replace(closed=closed)
    assert shown(work_done(shop, instant("2026-12-23T17:30+01:00"), 60)) == "2026-12-26T09:30:00.000Z"
    assert shown(work_done(shop, instant("2027-12-23T17:30+01:00"), 60)) == "2027-12-24T08:30:00.000Z"
    assert [shop.works_on(date_from(day)) for day in ("2028-02-29", "2026-02-27", "2026-03-01")] == [False, True, False]


def test_what_never_opens_is_told_as_none() -> None:
    """Nothing within the look-ahead is an answer of its own, and so is more work than it holds."""
    never = SHOP._replace(week=((),) * 7)
    now = instant("2026-06-15T12:00+02:00")
    assert work_done(never, now, 0) is None
    assert hand_over(never, AT_FOUR, now) is None
    assert hand_over(SHOP, Cutoffs(((),) * 7), now) is None
    assert delivery(now, Transit(0, 0), Receiving(BERLIN, never.works_on)) is None
    around = FulfilmentHours(BERLIN)
    minutes = LOOK_AHEAD_DAYS * 1440 + 12 * 60
    assert shown(work_done(around, now, minutes)) == "2026-09-13T22:00:00.000Z"
    assert work_done(around, now, minutes + 1) is None
    assert work_done(around, now, 2**63) is None


@pytest.mark.parametrize("edge", [INSTANT_MIN, INSTANT_MAX, -(10**18), 10**18])
def test_the_ends_of_the_calendar_are_none(edge: int) -> None:
    """An instant whose local day cannot be told finds nothing, and breaks nothing."""
    assert work_done(FulfilmentHours(BERLIN), edge, 1) is None
    assert hand_over(SHOP, AT_FOUR, edge) is None
    assert delivery(edge, Transit(0, 0), Receiving(BERLIN, SHOP.works_on)) is None


@pytest.mark.parametrize(
    ("ready", "taken"),
    [
        ("2026-06-15T15:30+02:00", "2026-06-15T16:00+02:00"),
        ("2026-06-15T16:00+02:00", "2026-06-15T16:00+02:00"),
        ("2026-06-15T16:00:00.001+02:00", "2026-06-16T16:00+02:00"),
        ("2026-06-20T16:30+02:00", "2026-06-22T16:00+02:00"),  # not on the Sunday
    ],
)
def test_goods_go_along_at_the_first_cut_off_that_they_make(ready: str, taken: str) -> None:
    """The documented example: cut-off at 16:00; what comes later waits for the next working day."""
    assert shown(hand_over(SHOP, AT_FOUR, instant(ready))) == text_of(instant(taken))


def test_cut_offs_differ_by_day() -> None:
    """Several a day, none on some days, others on single days, and before the doors open."""
    cutoffs = Cutoffs(
        ((600, 960), (), (420,), (960,), (960,), (720,), (720,)),
        {date_from("2026-06-18"): (), date_from("2026-06-19"): (660, 1200)},
    )
    taken: list[str | None] = []
    ready: int | None = instant("2026-06-15T10:00+02:00")
    while ready is not None and len(taken) < 6:
        ready = hand_over(SHOP, cutoffs, ready)
        taken.append(shown(ready))
        ready = None if ready is None else ready + 1
    assert taken == [
        "2026-06-15T08:00:00.000Z",
        "2026-06-15T14:00:00.000Z",
        "2026-06-17T05:00:00.000Z",
        "2026-06-19T09:00:00.000Z",
        "2026-06-19T18:00:00.000Z",
        "2026-06-20T10:00:00.000Z",
    ]


def test_the_night_that_is_an_hour_short() -> None:
    """On 2026-03-29 clocks in Berlin go from 2 to 3: the hour is worked by nobody, its cut-off is at the change."""
    day = date_from("2026-03-29")
    assert [shown(instant_at(day, minute, BERLIN)) for minute in (119, 120, 150, 179, 180, 181)] == [
        "2026-03-29T00:59:00.000Z",
        *["2026-03-29T01:00:00.000Z"] * 4,
        "2026-03-29T01:01:00.000Z",
    ]
    night = FulfilmentHours(BERLIN, (((60, 240),),) * 7)
    assert shown(work_done(night, instant("2026-03-29T01:00+01:00"), 120)) == "2026-03-29T02:00:00.000Z"
    assert shown(hand_over(night, Cutoffs(((150,),) * 7), instant("2026-03-29T00:00+01:00"))) == (
        "2026-03-29T01:00:00.000Z"
    )


def test_the_night_that_is_an_hour_long() -> None:
    """On 2026-10-25 clocks in Berlin go from 3 back to 2: the hour is worked twice, its cut-off comes once."""
    day = date_from("2026-10-25")
    assert [shown(instant_at(day, minute, BERLIN)) for minute in (119, 120, 150, 180)] == [
        "2026-10-24T23:59:00.000Z",
        "2026-10-25T00:00:00.000Z",
        "2026-10-25T00:30:00.000Z",
        "2026-10-25T02:00:00.000Z",
    ]
    night = FulfilmentHours(BERLIN, (((60, 240),),) * 7)
    assert shown(work_done(night, instant("2026-10-25T01:00+02:00"), 240)) == "2026-10-25T03:00:00.000Z"
    cutoffs = Cutoffs(((150,),) * 7)
    assert shown(hand_over(night, cutoffs, instant("2026-10-25T00:00+02:00"))) == "2026-10-25T00:30:00.000Z"
    assert shown(hand_over(night, cutoffs, instant("2026-10-25T02:31+02:00"))) == "2026-10-26T01:30:00.000Z"


def test_a_day_that_a_zone_left_out_is_no_day() -> None:
    """Samoa had no 30 December 2011: nothing is handed over or delivered on it."""
    apia, day = ZoneInfo("Pacific/Apia"), date_from("2011-12-30")
    assert not exists(day, apia)
    hours = FulfilmentHours(apia)
    ready = instant_at(date_from("2011-12-29"), 1000, apia)
    assert hand_over(hours, AT_FOUR, ready) == instant_at(date_from("2011-12-31"), 960, apia)
    found = delivery(ready, Transit(1, 1), Receiving(apia, lambda _day: True))
    assert found is not None
    assert found.first == date_from("2011-12-31")


@pytest.mark.parametrize(
    ("taken", "transit", "first", "last"),
    [
        ("2026-06-15T16:00+02:00", Transit(1, 3), "2026-06-16", "2026-06-18"),
        ("2026-06-15T16:00+02:00", Transit(0, 0), "2026-06-15", "2026-06-15"),
        ("2026-06-19T16:00+02:00", Transit(1, 2), "2026-06-20", "2026-06-22"),  # Friday: Sunday does not count
        ("2026-06-21T16:00+02:00", Transit(0, 1), "2026-06-22", "2026-06-22"),  # Sunday
    ],
)
def test_transit_counts_days_of_delivery(taken: str, transit: Transit, first: str, last: str) -> None:
    """From the day of the hand-over on; Sundays are no such days here."""
    found = delivery(instant(taken), transit, Receiving(BERLIN, lambda day: day.weekday() != 6))
    assert found is not None
    assert (str(found.first), str(found.last)) == (first, last)


def test_days_are_those_of_the_receiving_side() -> None:
    """What leaves Berlin after midnight leaves on the day before in New York; it never arrives before it left."""
    left = instant("2026-06-16T02:00+02:00")
    found = delivery(left, Transit(0, 1), Receiving(NEW_YORK, lambda _day: True))
    assert found is not None
    assert (str(found.first), str(found.last)) == ("2026-06-15", "2026-06-16")
    assert found.earliest == left
    assert text_of(found.latest) == "2026-06-17T03:59:59.999Z"


def test_a_facility_says_when_it_works() -> None:
    """Picking times per weekday, an end of 23:59 as the end of the day, closing days, the buffer, the zone."""

    def part(start: float, end: int, minute: int = 0) -> dict[str, Any]:
        return {"start": {"hour": start, "minute": 0}, "end": {"hour": end, "minute": minute}}

    facility = {
        "address": {"country": "AT", "resolvedTimeZone": {"timeZoneId": "America/New_York"}},
        "pickingTimes": {"monday": [part(14, 18), part(9.0, 12)], "tuesday": [], "friday": [part(20, 23, 59)]},
        "closingDays": [{"date": "2026-12-25T05:00:00.000Z", "reason": "Christmas", "recurrence": "YEARLY"}],
        "fulfillmentProcessBuffer": 90,
    }
    hours = hours_of(facility)
    assert hours.week == (((540, 720), (840, 1080)), (), (), (), ((1200, 1440),), (), ())
    assert (hours.zone, hours.closed.yearly) == (NEW_YORK, frozenset({(12, 25)}))
    assert processing_minutes(facility) == 90
    silent: tuple[dict[str, Any], ...] = ({}, {"pickingTimes": {}})
    for each in silent:
        assert hours_of(each) == FulfilmentHours(ZoneInfo("UTC"), AROUND_THE_CLOCK)
    assert hours_of({"pickingTimes": {name.lower(): [] for name in WEEKDAYS}}).week == ((),) * 7


def test_the_zone_is_the_named_one_or_that_of_the_country() -> None:
    """In this order, then UTC; a country with several zones does not tell."""
    named = {"timeZoneId": "Europe/Berlin"}
    assert zone_of_facility({"address": {"country": "NL", "resolvedTimeZone": named}}) == BERLIN
    assert zone_of_facility({"address": {"country": "NL"}}) == ZoneInfo("Europe/Amsterdam")
    assert zone_of_facility({"address": {"country": "NL", "resolvedTimeZone": {"timeZoneId": "gone"}}}) == ZoneInfo(
        "Europe/Amsterdam"
    )
    assert zone_of_facility({"address": {"country": "US"}}) == ZoneInfo("UTC")
    assert zone_of_facility({}) == ZoneInfo("UTC")


def test_every_country_names_a_zone_that_there_is() -> None:
    """None of the table is misspelt."""
    known = {zones.zone_of(None, country).key for country in zones._ZONE_OF_COUNTRY}  # noqa: SLF001 - the table itself
    assert known == set(zones._ZONE_OF_COUNTRY.values())  # noqa: SLF001 - as above
    assert zones.zone("x" * 65) is None
    assert zones.zone("../etc/passwd") is None


def test_closing_days_are_local_days() -> None:
    """Midnight in UTC is that date everywhere; any other instant is the local day on which it lies."""

    def of(text: str, zone: ZoneInfo, recurrence: str = "NONRECURRING") -> DaysOff:
        return closed_days([{"date": text, "reason": "", "recurrence": recurrence}], zone)

    christmas = frozenset({date_from("2026-12-25")})
    assert of("2026-12-25T00:00:00.000Z", NEW_YORK).single == christmas
    assert of("2026-12-24T23:00:00.000Z", BERLIN).single == christmas
    assert of("2026-12-25T05:00:00.000Z", NEW_YORK).single == christmas
    assert of("2026-12-25T04:59:59.999Z", NEW_YORK).single == {date_from("2026-12-24")}
    assert of("2027-12-24T23:00:00.000Z", BERLIN, "YEARLY") == DaysOff(yearly=frozenset({(12, 25)}))
    assert of("9999-12-31T23:00:00.000Z", BERLIN) == DaysOff()


def test_non_delivery_days_are_single_unless_they_recur() -> None:
    """And weekdays are named."""
    off = days_off(
        [{"nonDeliveryDay": "2026-05-01", "nonDeliveryType": "RECURRING"}, {"nonDeliveryDay": "2026-05-14"}], ["SUNDAY"]
    )
    assert off == DaysOff(frozenset({6}), frozenset({date_from("2026-05-14")}), frozenset({(5, 1)}))
    assert [minute_from(text) for text in ("0:0", "7:5", "23:59")] == [0, 425, 1439]
    with pytest.raises(ValueError, match="day"):
        date_from("2026-02-30")
    assert weekly_parts({"other": 1}) == AROUND_THE_CLOCK


def test_a_machine_without_zone_data_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it serves, since every opening time would be misunderstood."""
    zones.check_zone_data()

    def missing(name: str) -> ZoneInfo:
        raise zoneinfo.ZoneInfoNotFoundError(name)

    zones.zone.cache_clear()
    monkeypatch.setattr(zoneinfo, "ZoneInfo", missing)
    with pytest.raises(zones.ZoneDataMissing, match="tzdata"):
        zones.check_zone_data()
    zones.zone.cache_clear()


def test_days_off_hold_what_they_name() -> None:
    """Weekdays, single days and days of every year."""
    off = DaysOff(frozenset({6}), frozenset({date_from("2026-05-14")}), frozenset({(5, 1)}))
    held = [day for day in range(1, 32) if off.holds(datetime.date(2026, 5, day))]
    assert held == [1, 3, 10, 14, 17, 24, 31]
