"""What holds of every calendar: time goes forward, nothing happens while closed, nothing arrives before it leaves."""

from __future__ import annotations

import datetime
import itertools
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from opendoms.calendar.delivery import Receiving, Transit, delivery
from opendoms.calendar.hand_over import Cutoffs, hand_over
from opendoms.calendar.hours import LOOK_AHEAD_DAYS, DaysOff, FulfilmentHours, Parts, days_from, work_done
from opendoms.calendar.local_time import DAY_MINUTES, DAY_MS, MINUTE_MS, day_of, instant_at
from tests.rules import calendars as made

EVER = float("inf")


def local(instant: int, zone: ZoneInfo) -> datetime.datetime:
    """What clocks and calendars on the wall show at an instant."""
    return (datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(milliseconds=instant)).astimezone(
        zone
    )


def shown(instant: int, zone: ZoneInfo) -> tuple[datetime.date, int]:
    """The local day and minute of an instant."""
    moment = local(instant, zone)
    return moment.date(), moment.hour * 60 + moment.minute


@given(made.days, made.minutes, made.minutes, made.zones)
def test_later_on_the_wall_is_never_earlier_in_fact(day: datetime.date, one: int, other: int, zone: ZoneInfo) -> None:
    """Times of one day keep their order as instants, and no day begins before the one before it has ended."""
    assert instant_at(day, min(one, other), zone) <= instant_at(day, max(one, other), zone)
    assert instant_at(day, DAY_MINUTES, zone) == instant_at(day + datetime.timedelta(days=1), 0, zone)


@given(made.days, st.integers(0, DAY_MINUTES - 1), made.zones)
def test_the_wall_clock_shows_the_time_or_has_just_passed_it(day: datetime.date, minute: int, zone: ZoneInfo) -> None:
    """At the instant it shows that very time, or more where the time is left out; a moment before it showed less."""
    instant = instant_at(day, minute, zone)
    asked = datetime.datetime.combine(day, datetime.time()) + datetime.timedelta(minutes=minute)
    now, before = (local(instant - earlier, zone).replace(tzinfo=None) for earlier in (0, 1))
    assert now >= asked > before
    exists = any(
        (asked - offset).replace(tzinfo=datetime.UTC).astimezone(zone).replace(tzinfo=None) == asked
        for offset in {local(instant + hours * 3_600_000, zone).utcoffset() for hours in (-30, 0, 30)}
        if offset is not None
    )
    assert (now == asked) is exists


@given(made.hours, made.instants(), st.integers(0, 3_000))
def test_work_is_done_while_open_and_not_before_it_began(hours: FulfilmentHours, start: int, minutes: int) -> None:
    """It is done within or at the end of a part of an open day, at least as many minutes after the start."""
    done = work_done(hours, start, minutes)
    if done is None:
        return
    assert done >= start + minutes * MINUTE_MS
    day = day_of(done, hours.zone)
    around = [day + datetime.timedelta(days=1) * offset for offset in (-1, 0)]  # midnight ends the day before
    assert any(opens <= done <= closes for each in around for opens, closes in hours.open_on(each))
    if minutes == 0:
        assert any(opens <= done < closes for opens, closes in hours.open_on(day))


@given(made.hours, made.instants(), made.instants(), st.integers(0, 2_000), st.integers(0, 2_000))
def test_starting_later_or_doing_more_is_never_done_earlier(
    hours: FulfilmentHours, start: int, other: int, minutes: int, more: int
) -> None:
    """Both the start and the amount of work move the end one way only."""
    done = [work_done(hours, instant, minutes) for instant in sorted((start, other))]
    # What begins earlier looks less far ahead in the end, so that only what is found on both sides can be compared.
    if None not in done:
        assert done[0] <= done[1]  # type: ignore[operator]  # neither is None
    longer = work_done(hours, start, minutes + more)
    shorter = work_done(hours, start, minutes)
    assert (EVER if longer is None else longer) >= (EVER if shorter is None else shorter)


@settings(max_examples=25)
@given(made.weeks(step=60), made.days_off, made.zones, made.instants(), st.integers(1, 1_500))
def test_work_takes_as_many_open_minutes_as_the_wall_clock_counts(
    week: tuple[Parts, ...], closed: DaysOff, zone: ZoneInfo, start: int, minutes: int
) -> None:
    """A count minute by minute, which knows nothing of changes of the clock, comes to the same instant."""
    hours = FulfilmentHours(zone, week, closed)
    start -= start % MINUTE_MS
    counted, instant, horizon = 0, start, start + 4 * DAY_MS
    while counted < minutes and instant < horizon:
        day, minute = shown(instant, zone)
        open_now = any(opens <= minute < closes for opens, closes in week[day.weekday()])
        counted += open_now and not closed.holds(day)
        instant += MINUTE_MS
    done = work_done(hours, start, minutes)
    if counted == minutes:
        assert done == instant
    else:
        assert done is None or done > horizon


@given(made.hours, made.cutoffs, made.instants())
def test_goods_are_handed_over_when_ready_on_an_open_day(hours: FulfilmentHours, cutoffs: Cutoffs, ready: int) -> None:
    """It is the first cut-off of a working day that is not before, and so is the next one, as far as one may look."""
    worked = [day for day in days_from(ready, hours.zone) if hours.week[day.weekday()] and not hours.closed.holds(day)]
    each = [instant_at(day, time, hours.zone) for day in worked for time in cutoffs.on(day)]
    assert each == sorted(each)
    left = [instant for instant in each if instant >= ready][:20]
    assert hand_over(hours, cutoffs, ready) == (left[0] if left else None)
    for before, after in itertools.pairwise(left):
        if before < after:
            assert hand_over(hours, cutoffs, before + 1) == after


@given(made.hours, made.cutoffs, made.instants(), st.integers(0, 10 * DAY_MS))
def test_what_is_ready_later_goes_along_no_earlier(
    hours: FulfilmentHours, cutoffs: Cutoffs, ready: int, later: int
) -> None:
    """The first hand-over moves one way only; what finds none within its look-ahead found none nearer."""
    first, second = hand_over(hours, cutoffs, ready), hand_over(hours, cutoffs, ready + later)
    if first is not None and second is not None:
        assert first <= second
    if first is None and second is not None:
        assert second > ready + (LOOK_AHEAD_DAYS - 1) * DAY_MS


@given(made.instants(), made.transits, made.days_off, made.zones, st.integers(0, 3 * DAY_MS))
def test_nothing_arrives_before_it_leaves_or_while_nobody_receives(
    left: int, transit: Transit, off: DaysOff, zone: ZoneInfo, later: int
) -> None:
    """Both days are days of delivery, in order; later hand-overs and longer transit arrive no earlier."""
    receiving = Receiving(zone, lambda day: not off.holds(day))
    found = delivery(left, transit, receiving)
    assert found is not None
    assert left <= found.earliest <= found.latest
    assert day_of(left, zone) <= found.first <= found.last
    assert not off.holds(found.first)
    assert not off.holds(found.last)
    assert found.first <= day_of(found.earliest, zone)
    assert day_of(found.latest, zone) == found.last
    assert (found.first - day_of(left, zone)).days >= transit.days_min
    after = delivery(left + later, transit, receiving)
    longer = delivery(left, Transit(transit.days_min + 1, transit.days_max + 1), receiving)
    for other in (after, longer):
        assert other is not None
        assert (found.first, found.last) <= (other.first, other.last)
        assert found.last <= other.last
