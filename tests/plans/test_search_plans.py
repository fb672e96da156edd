"""Searches are served by their index, whatever they look for: on both engines, asked of their planners."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from opendoms.orders.store import ORDERS_SEARCHED
from opendoms.records.store import ORDER_RECORDS_SEARCHED
from opendoms.search.asking import Asked, Dialect, Names, Start, Statement, Way
from opendoms.search.expression import EVERY, Expression, all_hold, any_of, none_of, one_holds
from opendoms.search.postgres_sql import PostgresDialect
from opendoms.search.sqlite_sql import SqliteDialect
from opendoms.search.terms import Term
from tests.databases import run_sql

DIALECTS: dict[str, Dialect] = {"sqlite": SqliteDialect(), "postgres": PostgresDialect()}
SEARCHED = {
    each.table.name: Names(each.table.name, each.terms.index, each.terms.moment)
    for each in (ORDERS_SEARCHED, ORDER_RECORDS_SEARCHED)
}
NAMES = SEARCHED["orders"]

# Of 20,000 documents: every second, every thousandth, and one has it.
BROAD, SELDOM, RARE = Term("", "broad"), Term("", "seldom"), Term("", "rare")
HASHES = {Term("", "*"): 1, BROAD: 2, SELDOM: 3, RARE: 100_004}
FILL = """
insert into {0} (tenant, id, moment, terms)
select 't', lpad((i * 7919 % 20000)::text, 6, '0'), i,
    array[1, i % 2 + 2 + 10 * (i % 2), case when i % 1000 = 0 then 3 else 4 end, 100000 + i]
from generate_series(1, 20000) i
"""

EXPRESSIONS = {
    "everything": EVERY,
    "rare": any_of([RARE]),
    "seldom": any_of([SELDOM]),
    "broad": any_of([BROAD]),
    "two": all_hold([any_of([BROAD]), any_of([SELDOM])]),
    "either": one_holds([any_of([RARE]), all_hold([any_of([SELDOM]), none_of([RARE])])]),
    "without": none_of([BROAD]),
}
START = Start(10_000, "005000")
QUESTIONS: dict[str, Callable[[Dialect, Names, Asked], Statement | None]] = {
    "first page": lambda dialect, names, asked: dialect.in_order(names, asked, Way(None, falling=True, size=21)),
    "later page": lambda dialect, names, asked: dialect.in_order(names, asked, Way(START, falling=False, size=21)),
    "by id": lambda dialect, names, asked: dialect.by_id(names, asked, Way(START, falling=True, size=21)),
    "walk": lambda dialect, names, asked: dialect.walk(names, asked, Way(START, falling=True, size=21)),
    "count": lambda dialect, names, asked: dialect.count(names, asked),
    "count some": lambda dialect, names, asked: dialect.count(names, asked, 1_000),
}


def asked(expression: Expression, *, ranged: bool = False) -> Asked:
    """A question of the tenant, perhaps within a range of moments."""
    return Asked("t", expression, 5_000 if ranged else None, None, lambda term: HASHES[term])


def literal(value: Any) -> str:
    """A parameter as it would be written in a statement."""
    if isinstance(value, list):
        return f"'{{{','.join(map(str, value))}}}'"
    return f"'{value}'" if isinstance(value, str) else str(value)


async def plan_of(url: str, statement: Statement, *settings: str) -> str:
    """What the planner would do with exactly these values."""
    values = statement.parameters
    if statement.order:
        sql = re.sub(r"\$(\d+)", lambda match: literal(values[statement.order[int(match[1]) - 1]]), statement.sql)
        rows = await run_sql(url, *settings, f"explain (costs off) {sql}")
        return "\n".join(row[0] for row in rows)
    sql = re.sub(r":([a-z_]+)", lambda match: literal(values[match[1]]), statement.sql)
    return "\n".join(str(row[3]) for row in await run_sql(url, f"explain query plan {sql}"))


@pytest.mark.parametrize("names", SEARCHED.values(), ids=[*SEARCHED])
async def test_every_question_is_served_by_an_index(database_kind: str, database_url: str, names: Names) -> None:
    """No table is read whole. Only what was found is sorted, never what the index has in order already."""
    if database_kind == "postgres":
        await run_sql(database_url, FILL.format(names.index_table), f"analyze {names.index_table}")
    dialect = DIALECTS[database_kind]
    for name, expression in EXPRESSIONS.items():
        for question, ask in QUESTIONS.items():
            for ranged in (False, True):
                statement = ask(dialect, names, asked(expression, ranged=ranged))
                if statement is None:
                    assert (question, database_kind) == ("walk", "postgres")
                    continue
                plan = await plan_of(database_url, statement, "set enable_seqscan = off")
                told = f"{question} of {name}: {statement.sql}\n{plan}"
                assert is_served[database_kind](names, question, plan), told


def served_by_sqlite(names: Names, question: str, plan: str) -> bool:
    """Every table that is scanned is the full-text index, asked for terms; documents are taken by their key."""
    tables = re.findall(r"SCAN (?!head|tail|same|found|page|\(subquery)(.*)", plan)
    sorts = {"first page": 2, "later page": 2, "by id": 2}
    return (
        bool(tables)
        and all(re.fullmatch(r"\w+ VIRTUAL TABLE INDEX \d+:=?M1(><|>)?", table) for table in tables)
        and (f"sqlite_autoindex_{names.table}_" in plan) == (question == "walk")
        and plan.count("TEMP B-TREE") == sorts.get(question, 0)
    )


def served_by_postgres(names: Names, _question: str, plan: str) -> bool:
    """Nothing is read whole, and the first thing that is read is an index."""
    return "Seq Scan" not in plan and bool(re.search(f"{names.index_table}_(by_term|by_moment|pkey)", plan))


is_served = {"sqlite": served_by_sqlite, "postgres": served_by_postgres}


@pytest.mark.postgres
@pytest.mark.parametrize("database_kind", ["postgres"])
async def test_the_planner_takes_the_better_way(database_kind: str, database_url: str) -> None:
    """PostgreSQL finds rare values by their terms, and walks the moments where every other document will do."""
    await run_sql(database_url, FILL.format(NAMES.index_table), f"analyze {NAMES.index_table}")
    ways = {
        "rare": "order_search_by_term",
        "seldom": "order_search_by_term",
        "two": "order_search_by_term",
        "either": "order_search_by_term",
        "broad": "order_search_by_moment",
        "without": "order_search_by_moment",
        "everything": "order_search_by_moment",
    }
    for name, index in ways.items():
        for question in ("first page", "later page"):
            statement = QUESTIONS[question](DIALECTS["postgres"], NAMES, asked(EXPRESSIONS[name]))
            assert statement is not None
            plan = await plan_of(database_url, statement)
            assert index in plan, f"{name}, {question}:\n{plan}"
