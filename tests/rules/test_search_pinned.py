"""Which values a filter leaves to a member, so that an index can be asked for them."""

from __future__ import annotations

from typing import Any

import pytest

from opendoms.search.pinned import pinned

EQ: dict[str, Any] = {"a": {"eq": "x"}}
IN: dict[str, Any] = {"a": {"in": ["x", "y"]}}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, None),
        (EQ, {"x"}),
        (IN, {"x", "y"}),
        ({"a": {"in": []}}, set()),
        ({"a": {"notEq": "x"}}, None),
        ({"a": {"eq": "z", "in": ["x", "y"]}}, {"z"}),
        ({"b": {"eq": "x"}}, None),
        ({"and": [{"b": {"eq": "z"}}, IN]}, {"x", "y"}),
        ({"and": [IN, EQ]}, {"x"}),
        ({**IN, "and": [EQ]}, {"x"}),
        ({"or": [EQ, {"a": {"eq": "y"}}]}, {"x", "y"}),
        ({"or": [EQ, {"b": {"eq": "y"}}]}, None),
        ({"or": []}, set()),
        ({**EQ, "or": [{"b": {"eq": "y"}}]}, {"x"}),
        ({"or": [{"and": [EQ, {"b": {"eq": "z"}}]}, {"or": [IN]}]}, {"x", "y"}),
    ],
)
def test_a_filter_leaves_these_values(query: dict[str, Any], expected: set[str] | None) -> None:
    """What stands side by side all holds, so one of it is enough; of an `or` every branch has to say something."""
    assert pinned(query, ("a",)) == expected


def test_a_path_leads_into_lists_and_objects() -> None:
    """Through `contains`, as filters of reservations name orders."""
    query = {"related": {"refs": {"contains": {"eq": "o1"}}}}
    assert pinned(query, ("related", "refs", "contains")) == frozenset({"o1"})
    assert pinned({"related": {"others": {"contains": {"eq": "o1"}}}}, ("related", "refs", "contains")) is None
