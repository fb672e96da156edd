"""Filters of searches: what every operator means."""

from __future__ import annotations

import datetime
import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendoms.kernel.refusal import Invalid
from opendoms.search.evaluate import CONDITIONS_MAX, DEPTH_MAX, matches, predicate
from tests.rules.searches import CONTENTS, FIELDS, NOW, QUERIES, RELATIVE, TEXTS

Document = dict[str, Any]

THING: Document = {
    "name": "Köln West",
    "size": Decimal("2.5"),
    "open": True,
    "created": "2023-11-14T22:13:20.000Z",
    "words": ["red", "blue"],
    "address": {"city": "Köln"},
    "lines": [{"article": {"title": "A"}, "count": 1}, {"article": {"title": "B"}, "count": 2}],
    "groups": ["g1"],
    "customAttributes": {"x": "yes", "n": 3, "b": False, "t": "2023-11-14T23:13:20+01:00", "list": [1], "none": None},
}


def holds(query: Document, document: Document = THING) -> bool:
    """Whether the document is found."""
    return matches(FIELDS, query, document, now=NOW)


def refused(query: Document) -> list[str]:
    """The summaries of a filter that must be refused."""
    with pytest.raises(Invalid) as caught:
        predicate(FIELDS, query, now=NOW)
    return [fault.summary for fault in caught.value.faults]


def plain(query: Document, document: Document) -> bool:
    """The meaning of a filter once more, written as directly as it can be."""
    return all(
        all(plain(part, document) for part in wanted)
        if name == "and"
        else any(plain(part, document) for part in wanted)
        if name == "or"
        else _member(name, wanted, document)
        for name, wanted in query.items()
    )


def _member(name: str, wanted: Document, document: Document) -> bool:
    found = document.get(name)
    if name == "address":
        return all(_values(operators, [(found or {}).get("city")]) for operators in wanted.values())
    if name == "customAttributes":
        return all(_values(operators, [(found or {}).get(key)]) for key, operators in wanted.items())
    if name == "words":
        return _values(wanted, found or [])
    if name == "groups":
        return "contains" not in wanted or any(_values(wanted["contains"], [each]) for each in found or [])
    if name == "lines":
        return all(
            (len(found or []) > 0) is operand if name == "exists" else any(_line(operand, line) for line in found or [])
            for name, operand in wanted.items()
        )
    return _values(wanted, [found])


def _line(wanted: Document, line: Document) -> bool:
    values = {"article": (line.get("article") or {}).get("title"), "count": line.get("count")}
    return all(_values(operators, [values[name]]) for name, operators in wanted.items())


def _values(operators: Document, values: list[Any]) -> bool:
    return all(_operator(name, operand, values) for name, operand in operators.items())


def _same(found: Any, wanted: Any) -> bool:
    return isinstance(found, bool) == isinstance(wanted, bool) and bool(found == wanted)


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def holds(found: Any, wanted: Any) -> bool:
        numbers = not isinstance(found, bool) and isinstance(found, int | Decimal) and isinstance(wanted, int | Decimal)
        return (numbers or (isinstance(found, str) and isinstance(wanted, str))) and compare(found, wanted)

    return holds


_later: Callable[[Any, Any], bool] = _ordered(operator.gt)
_earlier: Callable[[Any, Any], bool] = _ordered(operator.lt)
_MEANINGS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": _same,
    "in": lambda found, wanted: any(_same(found, each) for each in wanted),
    "gt": _ordered(operator.gt),
    "gte": _ordered(operator.ge),
    "lt": _ordered(operator.lt),
    "lte": _ordered(operator.le),
    "after": lambda found, wanted: _later(found, RELATIVE[wanted]),
    "before": lambda found, wanted: _earlier(found, RELATIVE[wanted]),
}
_OPPOSITES = {"notEq": "eq", "notIn": "in"}


def _operator(name: str, operand: Any, values: list[Any]) -> bool:
    if name in _OPPOSITES:
        return not _operator(_OPPOSITES[name], operand, values)
    return any(_MEANINGS[name](value, operand) for value in values)


@given(QUERIES, CONTENTS)
def test_a_filter_means_what_it_says(query: Document, document: Document) -> None:
    """Every filter finds what its plainest reading finds."""
    assert holds(query, document) is plain(query, document)


@given(st.lists(QUERIES, max_size=3), CONTENTS)
def test_and_is_side_by_side_and_or_is_one_of(queries: list[Document], document: Document) -> None:
    """`and` needs all, `or` needs one; of none, `and` holds and `or` does not."""
    each = [holds(query, document) for query in queries]
    assert holds({"and": queries}, document) is all(each)
    assert holds({"or": queries}, document) is any(each)


@given(TEXTS, st.lists(TEXTS, max_size=3), CONTENTS)
def test_not_is_the_exact_opposite(text: str, texts: list[str], document: Document) -> None:
    """For every document, with the value or without, one of `eq` and `notEq`, and one of `in` and `notIn`, holds."""
    for name in ("name", "words"):
        assert holds({name: {"eq": text}}, document) is not holds({name: {"notEq": text}}, document)
        assert holds({name: {"in": texts}}, document) is not holds({name: {"notIn": texts}}, document)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, True),
        ({"name": {}}, True),
        ({"name": {"eq": "köln west"}}, False),
        ({"name": {"like": "West"}}, True),
        ({"name": {"like": "^West"}}, False),
        ({"name": {"like": "(?i)KÖLN"}}, True),
        ({"name": {"like": "K.ln", "notEq": "Köln West"}}, False),
        ({"words": {"like": "^blu"}}, True),
        ({"size": {"eq": Decimal("2.50")}}, True),
        ({"size": {"gt": 2, "lt": 3}}, True),
        ({"created": {"eq": "2023-11-14T23:13:20+01:00"}}, True),
        ({"created": {"gt": "2023-11-14T22:13:19.999Z"}}, True),
        ({"lines": {"contains": {"article": {"eq": "A"}, "count": {"eq": 1}}}}, True),
        ({"lines": {"contains": {"article": {"eq": "A"}, "count": {"eq": 2}}}}, False),
        ({"lines": {"contains": {}}}, True),
        ({"lines": {"exists": False}}, False),
        ({"groups": {"contains": {"eq": "g1"}}}, True),
        ({"groups": {"contains": {"notEq": "g1"}}}, False),
        ({"customAttributes": {"x": {"eq": "yes"}, "n": {"gte": 3}, "b": {"eq": False}}}, True),
        ({"customAttributes": {"n": {"eq": "3"}}}, False),
        ({"customAttributes": {"n": {"eq": True}}}, False),
        ({"customAttributes": {"b": {"eq": 0}}}, False),
        ({"customAttributes": {"t": {"gte": "2023-11-14T22:13:20.000Z"}}}, True),
        ({"customAttributes": {"t": {"gt": "2023-11-14T22:13:20.000Z"}}}, False),
        ({"customAttributes": {"t": {"after": "-PT1S", "before": "PT1S"}}}, True),
        ({"customAttributes": {"x": {"gt": "2023-11-14T22:13:20.000Z"}}}, False),
        ({"customAttributes": {"list": {"eq": 1}}}, False),
        ({"customAttributes": {"none": {"notEq": "x"}}}, True),
    ],
)
def test_operators_one_by_one(query: Document, expected: bool) -> None:  # noqa: FBT001 - what is expected
    """The cases that are easily got wrong, each on the same document."""
    assert holds(query) is expected


@pytest.mark.parametrize(
    ("now", "text", "expected"),
    [
        ("2024-03-31T12:00:00", "P1M", "2024-04-30T12:00:00"),
        ("2024-03-31T12:00:00", "-P1M", "2024-02-29T12:00:00"),
        ("2024-02-29T00:00:00", "P1Y", "2025-02-28T00:00:00"),
        ("2024-03-01T00:00:00", "-P1D", "2024-02-29T00:00:00"),
        ("2024-03-01T00:00:00", "\N{EN DASH}PT1H", "2024-02-29T23:00:00"),
        ("2024-03-01T00:00:00", "P2W", "2024-03-15T00:00:00"),
        ("2024-03-01T00:00:00", "P1Y2M3DT4H5M6S", "2025-05-04T04:05:06"),
    ],
)
def test_relative_dates_follow_the_calendar(now: str, text: str, expected: str) -> None:
    """Exactly the millisecond after the instant that lies so far from now is after it, and the one before is before."""

    def instant(moment: str, ms: int = 0) -> int:
        aware = datetime.datetime.fromisoformat(moment + "+00:00")
        return (aware - datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)) // datetime.timedelta(milliseconds=1) + ms

    def found(side: str, ms: int) -> bool:
        moment = datetime.datetime.fromisoformat(expected + "+00:00") + datetime.timedelta(milliseconds=ms)
        document = {"created": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")}
        return matches(FIELDS, {"created": {side: text}}, document, now=instant(now))

    assert [found("after", ms) for ms in (-1, 0, 1)] == [False, False, True]
    assert [found("before", ms) for ms in (-1, 0, 1)] == [True, False, False]


def test_a_relative_date_stays_within_the_calendar() -> None:
    """A thousand years before the year 1 is its first instant: everything is after it."""
    document = {"created": "0001-01-01T00:00:00.001Z"}
    year_two = -62_135_596_800_000 + 366 * 86_400_000
    for text in ("-P1000Y", "-P52000W"):
        assert matches(FIELDS, {"created": {"after": text}}, document, now=year_two)


@pytest.mark.parametrize(
    ("query", "summary"),
    [
        ({"naem": {"eq": "a"}}, "query.naem: is not known here"),
        ({"name": {"is": "a"}}, "query.name.is: is not known here"),
        ({"lines": {"has": {}}}, "query.lines.has: is not known here"),
        ({"and": [{}, {"address": {"town": {}}}]}, "query.and[1].address.town: is not known here"),
        ({"customAttributes": {"$x": {}}}, "query.customAttributes.$x: a name must not start with $"),
        ({"customAttributes": {"a.b": {}}}, "query.customAttributes.a.b: a name must not start with $"),
        ({"customAttributes": {"x": {"gt": "now"}}}, "query.customAttributes.x.gt: expected a date and time"),
        ({"customAttributes": {"x": {"gt": True}}}, "query.customAttributes.x.gt: expected a date and time"),
        ({"created": {"eq": "2024-01-01T00:00:00"}}, "query.created.eq: expected a date and time with an offset"),
        ({"created": {"after": "yesterday"}}, "query.created.after: expected an ISO 8601 duration"),
        ({"created": {"after": ""}}, "query.created.after: expected an ISO 8601 duration"),
        ({"name": {"like": "("}}, "query.name.like: expected a regular expression"),
        ({"name": {"like": r"(a)\1"}}, "query.name.like: expected a regular expression"),
        ({"name": {"like": "a{1000}{1000}{1000}"}}, "query.name.like: expected a regular expression"),
        ({"size": {"eq": "two"}}, "query.size.eq: expected a number"),
    ],
)
def test_what_types_cannot_see_is_refused_with_its_path(query: Document, summary: str) -> None:
    """The fault names the operator by its path, and what was expected."""
    (found,) = refused(query)
    assert found.startswith(summary)


def test_every_fault_is_told_at_once() -> None:
    """A filter with three faults is answered with three."""
    assert len(refused({"a": {}, "name": {"like": "["}, "or": [{"b": {}}]})) == 3


def test_filters_are_bounded() -> None:
    """One level or one condition too many is refused; the largest that are allowed are not."""

    def deep(levels: int) -> Document:
        return {"and": [deep(levels - 1)]} if levels else {"name": {"eq": "a"}}

    predicate(FIELDS, deep(DEPTH_MAX), now=NOW)
    (summary,) = refused(deep(DEPTH_MAX + 1))
    assert summary.endswith(f"and and or nest deeper than {DEPTH_MAX} levels")
    conditions = [{"name": {"eq": "a"}}] * (CONDITIONS_MAX - 1)
    predicate(FIELDS, {"or": conditions}, now=NOW)
    (summary,) = refused({"or": [*conditions, {"name": {"eq": "a"}}]})
    assert summary.endswith(f"is one condition too many, expected at most {CONDITIONS_MAX}")


def test_a_pattern_costs_no_more_than_its_text() -> None:
    """A pattern that brings backtracking engines to a halt is done with a long text at once."""
    assert not holds({"name": {"like": "^(a+)+$"}}, {"name": "a" * 100_000 + "b"})
