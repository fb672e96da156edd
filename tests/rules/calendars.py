"""Made-up opening hours, cut-offs and instants for properties, around changes of the clock above all."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from opendoms.calendar.delivery import Transit
from opendoms.calendar.hand_over import Cutoffs
from opendoms.calendar.hours import DaysOff, FulfilmentHours, Parts
from opendoms.calendar.local_time import DAY_MINUTES

# Whole hours, half hours (Lord Howe), at midnight (Santiago), a day left out (Apia, 2011-12-30), none at all.
ZONES = tuple(
    ZoneInfo(name)
    for name in (
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "America/Santiago",
        "Pacific/Apia",
        "Asia/Kathmandu",
        "UTC",
    )
)
# Days next to which one of these zones changes its clock, and two that are far from any change.
NEAR = (
    datetime.date(2026, 3, 29),
    datetime.date(2026, 10, 25),
    datetime.date(2026, 3, 8),
    datetime.date(2026, 11, 1),
    datetime.date(2026, 4, 5),
    datetime.date(2026, 10, 4),
    datetime.date(2026, 9, 6),
    datetime.date(2011, 12, 30),
    datetime.date(2026, 6, 15),
    datetime.date(2028, 2, 29),
)

zones = st.sampled_from(ZONES)
days = st.builds(
    lambda day, offset: day + datetime.timedelta(days=offset),
    st.sampled_from(NEAR),
    st.integers(min_value=-3, max_value=3),
)
minutes = st.integers(min_value=0, max_value=DAY_MINUTES)


def instant(text: str) -> int:
    """The instant of an RFC 3339 text, in ms."""
    return int(datetime.datetime.fromisoformat(text).timestamp() * 1000)


@st.composite
def instants(draw: st.DrawFn) -> int:
    """An instant near a change of the clock."""
    day = draw(days)
    midnight = int(datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC).timestamp()) * 1000
    return midnight + draw(st.integers(min_value=0, max_value=86_399_999))


@st.composite
def parts(draw: st.DrawFn, *, step: int = 1) -> Parts:
    """At most three parts of a day; `step` is what all times are a multiple of, in minutes."""
    times = draw(st.lists(st.integers(0, DAY_MINUTES // step), max_size=6, unique=True))
    bounds = [step * time for time in sorted(times)]
    return tuple(zip(bounds[::2], bounds[1::2], strict=False))


@st.composite
def weeks(draw: st.DrawFn, *, step: int = 1) -> tuple[Parts, ...]:
    """The parts of seven days."""
    return tuple(draw(parts(step=step)) for _ in range(7))


days_off = st.builds(
    DaysOff,
    weekdays=st.frozensets(st.integers(0, 6), max_size=3),
    single=st.frozensets(days, max_size=3),
    yearly=st.frozensets(days.map(lambda day: (day.month, day.day)), max_size=2),
)
hours = st.builds(FulfilmentHours, zone=zones, week=weeks(), closed=days_off)
times = st.lists(st.integers(0, DAY_MINUTES - 1), max_size=3, unique=True).map(lambda found: tuple(sorted(found)))
cutoffs = st.builds(Cutoffs, week=st.tuples(*[times] * 7), single=st.dictionaries(days, times, max_size=2))
transits = st.builds(lambda least, more: Transit(least, least + more), st.integers(0, 6), st.integers(0, 6))
