"""How filters become questions to an index."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from opendoms.kernel.clock import INSTANT_MAX, INSTANT_MIN, instant_from
from opendoms.kernel.refusal import Invalid
from opendoms.search.evaluate import matches
from opendoms.search.expression import (
    EVERY,
    NOTHING,
    Expression,
    Or,
    all_hold,
    any_of,
    excludes,
    none_of,
    one_holds,
    words,
)
from opendoms.search.plan import TERMS_MAX, Plan, plan_of
from opendoms.search.terms import Term, place_of, text_term
from tests.rules.searches import CONTENTS, FIELDS, MOMENTS, NOW, QUERIES, Document, found

A, B, C = Term("name", "ta"), Term("name", "tb"), Term("name", "tc")
LINES, TITLE = Term("lines", "?"), Term("lines[].article.title", "ta")
MOMENT = "2023-11-14T22:13:20.000Z"


def plan(query: Document) -> Plan:
    """The plan of a filter of things."""
    return plan_of(FIELDS, ("created",), query, now=NOW)


@given(CONTENTS, MOMENTS, QUERIES)
def test_a_plan_finds_whatever_matches(content: Document, created: str, query: Document) -> None:
    """It never finds less than the filter, and where it is exact, not more."""
    document = {**content, "id": "1", "created": created}
    planned = plan(query)
    matching = matches(FIELDS, query, document, now=NOW)
    assert not matching or found(planned, document), planned
    if planned.exact:
        assert found(planned, document) == matching, planned


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, Plan(EVERY)),
        ({"name": {}}, Plan(EVERY)),
        ({"name": {"eq": "a"}}, Plan(any_of([A]))),
        ({"name": {"in": ["a", "b", "a"]}}, Plan(any_of([A, B]))),
        ({"name": {"in": []}}, Plan(NOTHING)),
        ({"name": {"notEq": "a"}}, Plan(none_of([A]))),
        ({"name": {"notIn": []}}, Plan(EVERY)),
        ({"name": {"eq": "a", "notIn": ["b", "c"]}}, Plan(all_hold([any_of([A]), none_of([B, C])]))),
        ({"name": {"like": "a"}}, Plan(EVERY, unsure=("query.name.like",))),
        ({"and": []}, Plan(EVERY)),
        ({"or": []}, Plan(NOTHING)),
        ({"or": [{"name": {"eq": "a"}}, {}]}, Plan(EVERY)),
        ({"or": [{"name": {"eq": "a"}}, {"name": {"eq": "b"}}]}, Plan(any_of([A, B]))),
        (
            {"or": [{"name": {"notEq": "a"}}, {"or": [{"name": {"eq": "b"}}]}]},
            Plan(one_holds([none_of([A]), any_of([B])])),
        ),
        ({"size": {"gt": 1}}, Plan(any_of([Term("size", "?")]), unsure=("query.size.gt",))),
        ({"changed": {"before": "P1D"}}, Plan(any_of([Term("changed", "?")]), unsure=("query.changed.before",))),
        ({"changed": {"eq": MOMENT}}, Plan(any_of([Term("changed", f"m{instant_from(MOMENT)}")]))),
        ({"lines": {"exists": True}}, Plan(any_of([LINES]))),
        ({"lines": {"exists": False}}, Plan(none_of([LINES]))),
        ({"lines": {"contains": {}}}, Plan(any_of([LINES]))),
        ({"lines": {"contains": {"article": {"eq": "a"}, "count": {}}}}, Plan(any_of([TITLE]))),
        (
            {"lines": {"contains": {"article": {"eq": "a"}, "count": {"eq": 1}}}},
            Plan(all_hold([any_of([TITLE]), any_of([Term("lines[].count", "n1")])]), unsure=("query.lines.contains",)),
        ),
        (
            {"lines": {"contains": {"article": {"notEq": "a"}}}},
            Plan(any_of([LINES]), unsure=("query.lines.contains.article.notEq",)),
        ),
        ({"groups": {"contains": {"in": ["a"]}}}, Plan(any_of([Term("groups[]", "ta")]))),
        ({"customAttributes": {"x": {"eq": "1"}}}, Plan(any_of([Term("customAttributes{}", "x\0t1")]))),
        ({"customAttributes": {"x": {"notEq": 1}}}, Plan(none_of([Term("customAttributes{}", "x\0n1")]))),
        (
            {"customAttributes": {"x": {"lt": 1}}},
            Plan(any_of([Term("customAttributes{}", "x\0?n")]), unsure=("query.customAttributes.x.lt",)),
        ),
        (
            {"customAttributes": {"x": {"after": "P1D"}}},
            Plan(any_of([Term("customAttributes{}", "x\0?m")]), unsure=("query.customAttributes.x.after",)),
        ),
    ],
)
def test_a_filter_becomes_terms(query: Document, expected: Plan) -> None:
    """Operator by operator, with the paths of what only the document can tell."""
    assert plan(query) == expected


@pytest.mark.parametrize(
    ("query", "low", "high", "exact"),
    [
        ({"created": {"eq": MOMENT}}, NOW, NOW, True),
        ({"created": {"gt": MOMENT}}, NOW + 1, None, True),
        ({"created": {"gte": MOMENT, "lt": "2023-11-14T22:13:21Z"}}, NOW, NOW + 999, True),
        ({"created": {"after": "-P1D"}}, NOW - 86_400_000 + 1, None, True),
        ({"created": {"before": "–PT1S"}}, None, NOW - 1_001, True),
        ({"created": {"lte": "9999-12-31T23:59:59.999Z", "gte": "0001-01-01T00:00:00Z"}}, None, None, True),
        ({"created": {"notEq": MOMENT}}, None, None, False),
        ({"and": [{"created": {"gt": MOMENT}}, {"created": {"lt": "2023-11-14T22:13:21Z"}}]}, NOW + 1, NOW + 999, True),
        ({"or": [{"created": {"gt": MOMENT}}, {"created": {"gte": MOMENT}}]}, NOW, None, False),
        ({"or": [{"created": {"gt": MOMENT}}, {"created": {"gt": MOMENT}}]}, NOW + 1, None, True),
        ({"or": [{"created": {"eq": MOMENT}}, {"name": {"eq": "a"}}]}, None, None, False),
        ({"created": {"gte": MOMENT}, "or": [{"name": {"eq": "a"}}]}, NOW, None, True),
    ],
)
def test_a_range_of_the_moment_is_a_range_of_the_index(
    query: Document,
    low: int | None,
    high: int | None,
    exact: bool,  # noqa: FBT001 - a column of the table
) -> None:
    """With both ends included, in ms; those of an `or` become one that holds them all, and then documents decide."""
    found_plan = plan(query)
    assert (found_plan.low, found_plan.high, found_plan.exact) == (low, high, exact)


@pytest.mark.parametrize(
    "query",
    [
        {"created": {"gt": MOMENT, "lt": MOMENT}},
        {"created": {"gt": "9999-12-31T23:59:59.999Z"}},
        {"created": {"lt": "0001-01-01T00:00:00.000Z"}},
        {"name": {"in": []}, "size": {"gt": 1}},
        {"and": [{"or": []}, {"name": {"eq": "a"}}]},
        {"lines": {"contains": {"article": {"in": []}}}},
    ],
)
def test_what_nothing_can_match_is_not_asked(query: Document) -> None:
    """The plan says so."""
    assert plan(query).empty
    assert plan(query).exact
    assert INSTANT_MIN < 0 < INSTANT_MAX


def test_more_values_than_an_index_may_be_asked_for_are_refused() -> None:
    """Told by the path at which there are too many; the same value counts once."""
    several = [
        {"name": {"in": [str(number) for number in range(start, start + 25)]}} for start in range(0, TERMS_MAX, 25)
    ]
    assert plan({"or": [*several, several[0]]}).exact
    with pytest.raises(Invalid) as caught:
        plan({"or": [*several, {"size": {"eq": 1}}]})
    (fault,) = caught.value.faults
    assert fault.summary == "query.or[40].size.eq: is more than the 1000 values that a search may look for"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, "everything"),
        ({"name": {"eq": "a"}, "size": {"notEq": 1}}, '(name = "a" and not (size = 1))'),
        (
            {
                "or": [
                    {"customAttributes": {"x": {"eq": True}}},
                    {"and": [{"open": {"eq": False}}, {"size": {"gt": 1}}]},
                ]
            },
            "(customAttributes.x = true or (open = false and size has a value))",
        ),
        ({"or": []}, "nothing"),
    ],
)
def test_an_expression_has_words(query: Document, expected: str) -> None:
    """As an operator reads it."""
    assert words(plan(query).expression) == expected


def test_expressions_are_told_apart() -> None:
    """One of the terms is not none of them, and both together are nothing that is left out."""
    both: Any = all_hold([any_of([A]), none_of([A])])
    assert any_of([A]) != none_of([A])
    assert both.parts == (any_of([A]), none_of([A]))
    assert all_hold([any_of([A, B]), any_of([A, B])]) == any_of([A, B])
    assert all_hold([both, none_of([B])]).parts == (any_of([A]), none_of([A, B]))  # type: ignore[union-attr]  # it is an And


def test_a_choice_that_a_filter_rules_out_is_known() -> None:
    """A document has one status: what asks for one finds none of the others, however it is joined; else all may be."""
    choices = {name: text_term(place_of("", ("status",)), name) for name in ("LOCKED", "OPEN", "OBSOLETE")}
    other = any_of([text_term(place_of("", ("tenantOrderId",)), "LOCKED")])
    is_open, not_open = any_of([choices["OPEN"]]), none_of([choices["OPEN"]])

    def ruled_out(expression: Expression) -> set[str]:
        every = frozenset(choices.values())
        return {name for name, term in choices.items() if excludes(expression, term, every)}

    assert ruled_out(is_open) == {"LOCKED", "OBSOLETE"}
    assert ruled_out(not_open) == {"OPEN"}
    assert ruled_out(other) == set()
    assert ruled_out(all_hold([is_open, other])) == {"LOCKED", "OBSOLETE"}
    assert ruled_out(Or((is_open, other))) == set()
    assert ruled_out(Or((all_hold([is_open, other]), any_of([choices["LOCKED"]])))) == {"OBSOLETE"}
    assert ruled_out(EVERY) == set()
    assert ruled_out(NOTHING) == {"LOCKED", "OPEN", "OBSOLETE"}
