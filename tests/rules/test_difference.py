"""The difference of two documents: applied to the one, it makes the other."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as st

from opendoms.history.rules.difference import (
    ABSENT,
    CHANGES_MAX,
    SEQUENCE,
    Change,
    Id,
    applied,
    difference,
    json_path,
    told,
)
from opendoms.kernel.document import decode, encode

IDS = st.sampled_from(["a", "b", "c", "d", "e"])
SCALARS = (
    st.none() | st.booleans() | st.integers(-2, 2) | st.decimals(-2, 2, places=1) | st.sampled_from(["", "x", "1"])
)


def with_ids(elements: list[dict[str, Any]]) -> st.SearchStrategy[list[dict[str, Any]]]:
    """The elements, each with an id of its own, mostly."""
    ids = st.lists(IDS, min_size=len(elements), max_size=len(elements))
    return ids.map(lambda found: [{**element, "id": each} for element, each in zip(elements, found, strict=True)])


JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["id", "p", "q", "a.b"]), inner, max_size=3)
        | st.lists(st.dictionaries(st.sampled_from(["p", "q"]), inner, max_size=2), max_size=4).flatmap(with_ids)
    ),
    max_leaves=12,
)
DOCUMENTS = st.dictionaries(st.sampled_from(["orderLineItems", "consumer", "status"]), JSON, max_size=3)


def exactly(document: Any) -> str:
    """The JSON, by which true is not 1 and the order of members does not count."""
    if document is ABSENT:
        return "ABSENT"
    return json.dumps(json.loads(encode(document), parse_float=str, parse_int=str), sort_keys=True)


def plain(number: Any) -> Any:
    """Numbers in one spelling: 1.0 and 1 are the same number."""
    if isinstance(number, Decimal) and number == int(number):
        return int(number)
    if isinstance(number, dict):
        return {name: plain(value) for name, value in number.items()}
    return [plain(value) for value in number] if isinstance(number, list) else number


@pytest.mark.slow
@hypothesis.given(DOCUMENTS, DOCUMENTS, st.sampled_from([0, 1, 3, CHANGES_MAX]))
def test_a_difference_makes_the_one_of_the_other(before: Any, after: Any, changes_max: int) -> None:
    """Whatever the documents and however coarse the telling; the first document stays as it was."""
    kept = copy.deepcopy(before)
    changes = difference(before, after, changes_max=changes_max)
    assert exactly(plain(applied(before, changes))) == exactly(plain(after))
    assert before == kept


@hypothesis.given(DOCUMENTS)
def test_what_is_the_same_has_no_difference(document: Any) -> None:
    """A document and its copy, through JSON as well."""
    assert difference(document, copy.deepcopy(document)) == ()
    assert difference(document, decode(encode(document))) == ()


@hypothesis.given(DOCUMENTS, DOCUMENTS)
def test_every_change_changes_something(before: Any, after: Any) -> None:
    """No change tells of what is the same before and after, and no place is told of twice."""
    changes = difference(before, after)
    assert all(exactly(change.before) != exactly(change.after) for change in changes)
    paths = [json_path(change.path) for change in changes]
    assert len(paths) == len(set(paths))


A, B, C = {"id": "a", "n": 1}, {"id": "b", "n": 2}, {"id": "c", "n": 3}


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ({"n": 1}, {"n": 2}, [Change(("n",), 1, 2)]),
        ({"n": 1}, {}, [Change(("n",), 1, ABSENT)]),
        ({}, {"n": None}, [Change(("n",), ABSENT, None)]),
        ({"n": True}, {"n": 1}, [Change(("n",), True, 1)]),
        ({"n": Decimal("1.0")}, {"n": 1}, []),
        ({"n": [1, 2, 3]}, {"n": [1, 5]}, [Change(("n", 1), 2, 5), Change(("n", 2), 3, ABSENT)]),
        ({"n": [1]}, {"n": [1, 2]}, [Change(("n", 1), ABSENT, 2)]),
        ({"n": {"a": 1}}, {"n": [1]}, [Change(("n",), {"a": 1}, [1])]),
        ({"l": [A, B]}, {"l": [A, {**B, "n": 9}]}, [Change(("l", Id("b"), "n"), 2, 9)]),
        ({"l": [A, B]}, {"l": [B]}, [Change(("l", Id("a")), A, ABSENT)]),
        ({"l": [A]}, {"l": [A, B]}, [Change(("l", Id("b")), ABSENT, B)]),
        ({"l": [A, B]}, {"l": [B, A]}, [Change(("l", SEQUENCE), ["a", "b"], ["b", "a"])]),
        (
            {"l": [A, B]},
            {"l": [C, B]},
            [
                Change(("l", Id("a")), A, ABSENT),
                Change(("l", Id("c")), ABSENT, C),
                Change(("l", SEQUENCE), ["a", "b"], ["c", "b"]),
            ],
        ),
        # Two elements with one id cannot be told apart by it.
        ({"l": [A, A]}, {"l": [A, B]}, [Change(("l", 1, "id"), "a", "b"), Change(("l", 1, "n"), 1, 2)]),
        (ABSENT, {"n": 1}, [Change((), ABSENT, {"n": 1})]),
    ],
)
def test_a_difference_is_told_where_it_is(before: Any, after: Any, changes: list[Change]) -> None:
    """Elements with ids are told apart by them, others by their place; null is not nothing."""
    assert list(difference(before, after)) == changes


def test_too_many_changes_are_told_by_whole_members() -> None:
    """Each member that differs once, with all that it was and is; what is the same is not told."""
    before = {"many": list(range(20)), "one": {"a": 1}, "same": 1, "gone": 2}
    after = {"many": list(range(20, 40)), "one": {"a": 2}, "same": 1}
    assert difference(before, after, changes_max=21) == (
        Change(("many",), before["many"], after["many"]),
        Change(("one",), {"a": 1}, {"a": 2}),
        Change(("gone",), 2, ABSENT),
    )
    assert len(difference(before, after, changes_max=22)) == 22


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), "$"),
        (("orderLineItems", Id("0199-x"), "quantity"), "$.orderLineItems[?@.id=='0199-x'].quantity"),
        (("consumer", "addresses", 0, "city"), "$.consumer.addresses[0].city"),
        (("orderLineItems", SEQUENCE), "$.orderLineItems[*].id"),
        (("customAttributes", "it's a\\b\n"), r"$.customAttributes['it\'s a\\b\u000a']"),
        (("customAttributes", "1st"), "$.customAttributes['1st']"),
    ],
)
def test_a_path_is_a_json_path(path: Any, text: str) -> None:
    """As RFC 9535 writes them, whatever the caller's own names are."""
    assert json_path(path) == text


def test_what_is_absent_is_left_out() -> None:
    """An answer tells null as null, and nothing as nothing."""
    assert told(difference({"a": 1, "b": 2}, {"a": None, "c": 3})) == [
        {"path": "$.a", "before": 1, "after": None},
        {"path": "$.b", "before": 2},
        {"path": "$.c", "after": 3},
    ]


def test_a_large_order_is_compared_in_bounded_time() -> None:
    """500 lines with 40 attributes each, every one of them changed, in less than a second on any machine."""
    before = {"orderLineItems": [line(number, "old") for number in range(500)]}
    after = {"orderLineItems": [line(number, "new") for number in reversed(range(500))]}
    changes = difference(before, after)
    assert [change.path for change in changes] == [("orderLineItems",)]
    assert applied(before, changes) == after
    fine = difference(before, after, changes_max=10**6)
    assert len(fine) == 500 * 40 + 1


def line(number: int, value: str) -> dict[str, Any]:
    """A line of an order with as many attributes as one may have."""
    attributes = [{"key": f"k{place}", "value": value, "category": "descriptive"} for place in range(40)]
    return {"id": f"l{number}", "quantity": 1, "article": {"title": "Article", "attributes": attributes}}
