"""Named queries: how a file is cut into them, and how parameters are numbered."""

from __future__ import annotations

import pytest

from opendoms.db.sqlfile import Queries, numbered, parse


def test_a_query_without_engine_serves_both() -> None:
    """A block that names no engine is the query of both, without its semicolon."""
    (query,) = parse("-- name: q\nselect 1 from t where a = :a;\n").values()
    assert (query.name, query.sqlite, query.postgres, query.order) == (
        "q",
        "select 1 from t where a = :a",
        "select 1 from t where a = $1",
        ("a",),
    )


def test_a_query_may_differ_per_engine() -> None:
    """A block per engine, in any order and with others between."""
    queries = parse("-- name: q [postgres]\nselect 2\n-- name: r\nselect 3\n-- name: q [sqlite]\nselect 1\n")
    assert list(queries) == ["q", "r"]
    assert (queries["q"].sqlite, queries["q"].postgres) == ("select 1", "select 2")


def test_what_stands_before_the_first_name_is_no_query() -> None:
    """A head of comments belongs to no query."""
    assert list(parse("-- Reads of orders.\n\n-- name: q\nselect 1")) == ["q"]


@pytest.mark.parametrize(
    "text",
    [
        "-- name: q [sqlite]\nselect 1",
        "-- name: q [postgres]\nselect 1",
        "-- name: q\nselect 1\n-- name: q\nselect 2",
        "-- name: q\nselect 1\n-- name: q [sqlite]\nselect 2",
    ],
)
def test_a_query_that_lacks_an_engine_or_is_there_twice_is_refused(text: str) -> None:
    """A mistake in the file shows when it is loaded, not when the query is asked for."""
    with pytest.raises(ValueError, match="q"):
        parse(text)


def test_a_parameter_has_one_number_wherever_it_stands() -> None:
    """Numbers are given by first appearance; a name that returns keeps its number."""
    assert numbered("select :b, :a, :b, :a_2 where x > :b") == ("select $1, $2, $1, $3 where x > $1", ("b", "a", "a_2"))


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select a::text, :a::bigint", "select a::text, $1::bigint"),
        ("select :a -- not :this\n, 1", "select $1 \n, 1"),
        ("select 'x:y', a[1:2]", "select 'x:y', a[1:2]"),
    ],
)
def test_casts_and_comments_are_no_parameters(sql: str, expected: str) -> None:
    """A cast, a colon inside a comment, a word before a colon: none of them is a parameter."""
    assert numbered(sql)[0] == expected


def test_the_queries_of_a_slice_are_attributes() -> None:
    """A slice reaches its queries by name; a wrong name is an error that says so."""
    queries = Queries("opendoms.orders")
    assert queries.order_document.name == "order_document"
    assert queries.all()["order_document"] is queries.order_document
    with pytest.raises(AttributeError, match="no query is named nothing"):
        _ = queries.nothing
