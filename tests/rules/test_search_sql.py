"""How each engine is asked: pure functions from plans to statements."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendoms.db import search_key
from opendoms.kernel.clock import INSTANT_MAX, INSTANT_MIN
from opendoms.kernel.document import decode, encode
from opendoms.search import sqlite_sql
from opendoms.search.asking import AFTER_ALL_IDS, Asked, Names, Start, Statement, Way, start_at
from opendoms.search.evaluate import CONDITIONS_MAX, DEPTH_MAX, predicate
from opendoms.search.expression import EVERY, Expression, all_hold, any_of, none_of, one_holds
from opendoms.search.order import BOOLEAN, NOTHING, NUMBER, TEXT
from opendoms.search.plan import plan_of
from opendoms.search.postgres_sql import PostgresDialect
from opendoms.search.sqlite_sql import SqliteDialect, match_of
from opendoms.search.terms import Term
from tests.rules.searches import CONTENTS, FIELDS, NOW, QUERIES, TERMS, Document, found, found_by

A, B, C, D = (Term("name", f"t{name}") for name in "abcd")
HASHES = {A: 1, B: -2, C: 3, D: 4, Term("", "*"): 0}
NAMES = Names("things", "thing_search", ("created",))
FIRST = Way(None, falling=True, size=21)


def asked(expression: Expression, low: int | None = None, high: int | None = None) -> Asked:
    """A question of tenant t, with small numbers for hashes."""
    return Asked("t", expression, low, high, HASHES.__getitem__)


def token(number: int) -> str:
    """A term in the full-text index."""
    return f"{number & (1 << 64) - 1:016x}"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (EVERY, "0"),
        (any_of([A]), "1"),
        (any_of([A, B]), "(1 OR -2)"),
        (none_of([A, B]), "(0 NOT (1 OR -2))"),
        (all_hold([any_of([A]), any_of([B])]), "(1 AND -2)"),
        (all_hold([any_of([A]), none_of([B])]), "(1 NOT -2)"),
        (all_hold([any_of([A, B]), any_of([C]), none_of([D])]), "(((1 OR -2) AND 3) NOT 4)"),
        (one_holds([any_of([A]), none_of([B])]), "((0 NOT -2) OR 1)"),
        (one_holds([all_hold([any_of([A]), any_of([B])]), any_of([C])]), "((1 AND -2) OR 3)"),
    ],
)
def test_sqlite_is_asked_by_tokens(expression: Expression, expected: str) -> None:
    """Sixteen hexadecimal digits each; what is nested most deeply comes first."""
    for number in (-2, 0, 1, 3, 4):
        expected = " ".join(
            "(" * word.count("(") + token(number) + ")" * word.count(")") if word.strip("()") == str(number) else word
            for word in expected.split(" ")
        )
    assert match_of(asked(expression)) == expected


@pytest.mark.parametrize(
    ("expression", "condition", "arrays"),
    [
        (any_of([A]), "s.terms @> $2::bigint[]", [[1]]),
        (any_of([A, B]), "s.terms && $2::bigint[]", [[1, -2]]),
        (none_of([A]), "not s.terms && $2::bigint[]", [[1]]),
        (
            all_hold([any_of([A]), any_of([B, C]), any_of([D]), none_of([B])]),
            "(s.terms @> $2::bigint[] and s.terms && $3::bigint[] and not s.terms && $4::bigint[])",
            [[1, 4], [-2, 3], [-2]],
        ),
        (
            one_holds([any_of([A]), all_hold([any_of([B]), any_of([C])])]),
            "(s.terms @> $2::bigint[] or (s.terms @> $3::bigint[]))",
            [[1], [-2, 3]],
        ),
    ],
)
def test_postgres_is_asked_by_arrays(expression: Expression, condition: str, arrays: list[list[int]]) -> None:
    """Terms that must all be there are one array, and so are those of which one will do."""
    statement = PostgresDialect().count(NAMES, asked(expression))
    assert statement.sql.removeprefix("select count(*) from thing_search s where s.tenant = $1 and ") == condition
    assert [*statement.parameters.values()] == ["t", *arrays]
    assert statement.order == tuple(statement.parameters)


def test_postgres_is_asked_for_a_page() -> None:
    """In the order of its index, with the documents of the page and no others."""
    way = Way(Start(5, "x"), falling=True, size=21)
    statement = PostgresDialect().in_order(NAMES, asked(EVERY, 1, 9), way)
    assert statement.sql == (
        "with page as materialized (select s.moment, s.id from thing_search s where s.tenant = $1 and s.moment >= $2"
        " and s.moment <= $3 and (s.moment, s.id) < ($4, $5) order by s.moment desc, s.id desc limit $6)"
        " select d.document from page p join things d on d.tenant = $1 and d.id = p.id"
        " order by p.moment desc, p.id desc"
    )
    assert [*statement.parameters.values()] == ["t", 1, 9, 5, "x", 21]
    ids = PostgresDialect().by_id(NAMES, asked(EVERY), Way(Start(0, "x", inclusive=True), falling=False, size=2))
    assert "(s.id) >= ($2) order by s.id asc limit $3" in ids.sql


def test_no_value_stands_in_a_statement() -> None:
    """Two searches of one shape are one statement, whatever they look for."""
    for dialect in (SqliteDialect(), PostgresDialect()):
        shapes = {
            make(NAMES, asked(any_of([term]), low, 9), Way(Start(moment, name), falling=True, size=size)).sql
            for make in (dialect.in_order,)
            for term, low, moment, name, size in ((A, 1, 2, "x", 3), (B, 4, 5, "y' or 1", 6))
        }
        assert len(shapes) == 1


def test_the_keys_are_those_that_the_engine_makes() -> None:
    """The bits of a rowid, and the moments that fit into it."""
    assert sqlite_sql.SLOT_BITS == search_key.SLOT_BITS
    assert (sqlite_sql.MOMENT_MIN, sqlite_sql.MOMENT_MAX) == (search_key.KEY_MOMENT_MIN, search_key.KEY_MOMENT_MAX)


@pytest.mark.parametrize(
    ("low", "high", "exact"),
    [
        (None, None, True),
        (0, NOW, True),
        (search_key.KEY_MOMENT_MAX, None, False),
        (None, search_key.KEY_MOMENT_MIN, False),
        (INSTANT_MIN + 1, None, False),
        (None, INSTANT_MAX - 1, False),
    ],
)
def test_a_range_beyond_the_keys_is_left_to_the_documents(low: int | None, high: int | None, exact: bool) -> None:  # noqa: FBT001 - a table
    """On SQLite; PostgreSQL keeps every moment."""
    assert SqliteDialect().exact(asked(EVERY, low, high)) == exact
    assert PostgresDialect().exact(asked(EVERY, low, high))


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        (((NUMBER, 5), "x"), Start(5, "x")),
        (((NUMBER, INSTANT_MAX + 1), "x"), Start(INSTANT_MAX, AFTER_ALL_IDS)),
        (((NUMBER, INSTANT_MIN - 1), "x"), Start(INSTANT_MIN, "")),
        (((BOOLEAN, False), "x"), Start(INSTANT_MIN, "")),
        (((TEXT, "5"), "x"), Start(INSTANT_MAX, AFTER_ALL_IDS)),
        (((NOTHING, 0), "x"), Start(INSTANT_MAX, AFTER_ALL_IDS)),
    ],
)
def test_a_cursor_that_somebody_made_up_is_a_position_too(
    position: tuple[tuple[int, int], str], expected: Start
) -> None:
    """It stands where it compares, and moments end where the calendar does."""
    assert start_at(position) == expected
    assert start_at(position, inclusive=True) == expected._replace(inclusive=True)


@contextmanager
def indexed(documents: list[Document]) -> Iterator[sqlite3.Connection]:
    """The documents and their index, in memory, as the engine keeps them."""
    connection = sqlite3.connect(":memory:")
    connection.execute("create table things (tenant text, id text, document text, search_key integer)")
    connection.execute(
        "create virtual table thing_search using fts5 (terms, content='', detail=none, columnsize=0, tokenize='ascii')"
    )
    for slot, document in enumerate(documents):
        moment, terms = TERMS.entry("t", document)
        key = search_key.keys_of_moment(moment)[0] + slot
        tokens = " ".join(map(token, terms))
        connection.execute("insert into thing_search (rowid, terms) values (?, ?)", (key, tokens))
        connection.execute("insert into things values ('t', ?, ?, ?)", (document["id"], encode(document).decode(), key))
    yield connection
    connection.close()


def ids_of(connection: sqlite3.Connection, statement: Statement) -> list[str]:
    """The ids of what a statement finds, in its order."""
    return [decode(row[0])["id"] for row in connection.execute(statement.sql, statement.parameters)]


# With a few that stand at one end of the keys together.
MOMENTS = st.sampled_from(
    [
        "0001-01-01T00:00:00.000Z",
        "1600-01-01T00:00:00.000Z",
        "2023-11-14T22:13:20.000Z",
        "2023-11-14T22:13:20.001Z",
        "2300-01-01T00:00:00.000Z",
        "9999-12-31T23:59:59.999Z",
    ]
)
DATED = st.lists(st.tuples(CONTENTS, MOMENTS), max_size=12).map(
    lambda parts: [{**part[0], "created": part[1], "id": f"id-{place:02d}"} for place, part in enumerate(parts)]
)


def position(document: Document) -> tuple[int, str]:
    """Where a document stands by moment and id."""
    return TERMS.entry("t", document).moment, document["id"]


# Whether positions fall, how many are wanted at once, and whether the start is one of them.
WAYS = st.tuples(st.booleans(), st.integers(1, 4), st.booleans())


@given(DATED, QUERIES, WAYS, st.integers(0, 11), st.randoms(use_true_random=False))
def test_sqlite_finds_what_the_expression_says_page_by_page(
    documents: list[Document], query: Document, drawn: tuple[bool, int, bool], begin: int, random: Random
) -> None:
    """By moment and id, on either way, from anywhere, also where many moments share a key; by id, too; and counted."""
    falling, size, inclusive = drawn
    plan = plan_of(FIELDS, ("created",), query, now=NOW)
    if plan.empty:
        return
    question = Asked("t", plan.expression, plan.low, plan.high, lambda term: TERMS.hashed("t", term))
    dialect = SqliteDialect()
    random.shuffle(documents)
    wanted = [each for each in documents if found_by(plan.expression, frozenset(TERMS.entry("t", each).terms))]
    if dialect.exact(question):
        wanted = [each for each in wanted if found(plan, each)]
    else:
        low, high = (None if b is None else search_key.key_moment(b) for b in (plan.low, plan.high))
        keys = {each["id"]: search_key.key_moment(position(each)[0]) for each in wanted}
        wanted = [
            each
            for each in wanted
            if (low is None or keys[each["id"]] >= low) and (high is None or keys[each["id"]] <= high)
        ]
    way_of = {"falling": falling, "inclusive": inclusive}
    with indexed(documents) as connection:
        start = Start(*position(documents[begin]), inclusive) if begin < len(documents) else None
        pages, way = [], Way(start, falling, size)
        while page := ids_of(connection, dialect.in_order(NAMES, question, way)):
            pages += page
            assert len(pages) <= len(wanted)
            last = next(each for each in documents if each["id"] == page[-1])
            way = way._replace(start=Start(*position(last)))
        in_order = sorted(map(position, wanted), reverse=falling)
        first = None if start is None else (start.moment, start.id)
        assert pages == [each[1] for each in in_order if first is None or _behind(each, first, **way_of)]
        for by_id in (dialect.by_id, dialect.walk):
            found_ids = ids_of(connection, by_id(NAMES, question, Way(start, falling, 99)))
            ids = sorted((each["id"] for each in wanted), reverse=falling)
            assert found_ids == [each for each in ids if start is None or _behind(each, start.id, **way_of)]
        count = dialect.count(NAMES, question)
        assert connection.execute(count.sql, count.parameters).fetchone() == (len(wanted),)
        capped = dialect.count(NAMES, question, 2)
        assert connection.execute(capped.sql, capped.parameters).fetchone() == (min(2, len(wanted)),)


def _behind(one: Any, start: Any, *, falling: bool, inclusive: bool) -> bool:
    return bool((inclusive and one == start) or (one < start if falling else one > start))


def test_the_deepest_filter_that_is_accepted_can_be_asked() -> None:
    """On SQLite, whose parser has a stack of 100 places: `and` and `or` by turns, on both sides of each other."""

    def nested(depth: int, branches: int) -> Document:
        filters: Document = {"name": {"eq": f"{depth}"}, "words": {"notEq": f"{depth} {branches}"}}
        if depth == DEPTH_MAX:
            return filters
        sides = (branches - branches // 2, branches // 2) if branches > 1 else (1,)
        inner = [nested(depth + 1, side) for side in sides]
        return {**filters, "or": [*inner, {"name": {"eq": f"or {depth}"}}]}

    for branches in (1, 2, 16):
        query = nested(0, branches)
        predicate(FIELDS, query, now=NOW)
        expression = plan_of(FIELDS, ("created",), query, now=NOW).expression
        question = Asked("t", expression, None, None, lambda term: TERMS.hashed("t", term))
        with indexed([]) as connection:
            count = SqliteDialect().count(NAMES, question)
            assert connection.execute(count.sql, count.parameters).fetchone() == (0,)
    assert DEPTH_MAX == 16
    assert CONDITIONS_MAX == 1_000
