"""The checker of stock finds what was planted past the rules, and nothing else."""

from __future__ import annotations

import json

import click.testing
import pytest

from opendoms.cli import opendoms
from opendoms.db.engine import Engine
from opendoms.doctor import CHECKS, as_json, as_table, examine
from opendoms.facilities.store import FACILITIES
from opendoms.kernel.changeset import Changeset, Put, Restock
from opendoms.orders.store import ORDERS
from tests.databases import run_sql
from tests.inventory.shelves import HOUR, NOW, TENANT, Shelves


@pytest.fixture
def shelves(engine: Engine) -> Shelves:
    """Stock on each engine."""
    return Shelves(engine)


async def stocked(shelves: Shelves) -> None:
    """Two articles in two facilities, one of them reserved by an order; all of these are there."""
    facilities = [
        Put(FACILITIES, TENANT, name, None, 1, b"{}", (None, name, "", "ONLINE", "MANAGED_FACILITY"))
        for name in ("f1", "f2")
    ]
    for article in ("a", "b"):
        for facility in ("f1", "f2"):
            await shelves.fill(article, facility, 5, 5)
    order = Put(
        ORDERS,
        TENANT,
        "o1",
        None,
        1,
        b'{"id":"o1","orderDate":"2026-11-20T08:00:00.000Z"}',
        ("LOCKED", None, None, NOW, None, NOW, False),
    )
    await shelves.engine.apply(Changeset(puts=(order, *facilities)))
    await shelves.reserve("o1", {("a", "f1"): 6, ("b", "f2"): 1})
    await shelves.reserve("o1", {("a", "f2"): 3}, NOW + HOUR)


async def found(shelves: Shelves) -> list[tuple[str, str]]:
    """The findings: check and text."""
    return [(each.check, each.text) for result in await examine(shelves.engine, NOW) for each in result.findings]


async def test_what_agrees_is_fine(shelves: Shelves) -> None:
    """Nothing is found in stock that was written by the rules; each check is told."""
    await stocked(shelves)
    results = await examine(shelves.engine, NOW)
    assert [result.findings for result in results] == [[]] * len(CHECKS)
    assert [line.split()[:2] for line in as_table(results).splitlines()] == [[check.name, "fine"] for check in CHECKS]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (
            "update stock_levels set on_hand = 11 where tenant_article_id = 'a' and facility_ref = 'f1'",
            [("levels", "11 pieces on hand, but its stocks have 10")],
        ),
        (
            "update stock_levels set reserved = 2 where tenant_article_id = 'a' and facility_ref = 'f1'",
            [("levels", "2 pieces reserved, but its reservations hold 6")],
        ),
        (
            "update stock_levels set safety = 1 where tenant_article_id = 'b' and facility_ref = 'f1'",
            [("safety", "1 pieces are kept back, but the safety stock is 0")],
        ),
        (
            "delete from stock_levels where tenant_article_id = 'b' and facility_ref = 'f1'",
            [("uncounted", "no level counts article b in facility f1")] * 2,
        ),
        (
            "update orders set status = 'CANCELLED'",
            [("orders", "holds pieces for order o1, which is CANCELLED")] * 3,
        ),
        ("delete from facilities where id = 'f2'", [("facilities", "is in facility f2, which is not there")] * 4),
        (
            "update orders set anonymized = true",
            [("orders", "holds pieces for order o1, which is anonymised")] * 3,
        ),
        ("delete from orders", [("orders", "holds pieces for order o1, which is not there")] * 3),
        (
            "update reservations set quantity = 11 where quantity = 6",
            [
                ("levels", "6 pieces reserved, but its reservations hold 11"),
                ("levels", "reservations hold 11 pieces of 10, of which 0 are to be kept back"),
                ("columns", "column quantity does not say what the document says"),
            ],
        ),
        (
            "delete from stocks where tenant_article_id = 'b' and facility_ref = 'f2'",
            [
                ("levels", "10 pieces on hand, but its stocks have 0"),
                ("levels", "reservations hold 1 pieces of 0, of which 0 are to be kept back"),
            ],
        ),
    ],
)
async def test_a_planted_fault_is_found(
    shelves: Shelves, database_url: str, fault: str, expected: list[tuple[str, str]]
) -> None:
    """Written past the rules and the engine, each fault is told as what it is."""
    await stocked(shelves)
    await run_sql(database_url, fault)
    assert await found(shelves) == expected


async def test_more_promised_than_there_is_is_found(shelves: Shelves, database_url: str, database_kind: str) -> None:
    """Where even the schema was switched off: a level that reserves more than is there."""
    await stocked(shelves)
    oversell = "update stock_levels set reserved = 16 where tenant_article_id = 'a' and facility_ref = 'f1'"
    if database_kind == "sqlite":
        await run_sql(database_url, "pragma ignore_check_constraints = on", oversell)
    else:
        await run_sql(
            database_url, "alter table stock_levels drop constraint stock_levels_cover_reservations", oversell
        )
    assert await found(shelves) == [("levels", "16 pieces reserved, but its reservations hold 6")]


async def test_what_has_expired_is_no_fault(shelves: Shelves) -> None:
    """Neither an expired reservation that nobody cleared away, nor lapsed pieces that are reserved."""
    await stocked(shelves)
    results = await examine(shelves.engine, NOW + 2 * HOUR)
    assert [result.findings for result in results] == [[]] * len(CHECKS)


async def test_a_level_without_stock_is_no_fault(shelves: Shelves) -> None:
    """All that lay there is gone, and so is what was kept back."""
    await shelves.engine.apply(Changeset(restocks=(Restock(TENANT, "f1", "gone", 0, opens=True),)))
    assert await found(shelves) == []


@pytest.mark.slow
def test_the_command_tells_and_exits_with_1(database_url: str) -> None:
    """As a table or as JSON; with 0 where nothing is found."""
    run = click.testing.CliRunner()
    fine = run.invoke(opendoms, ["doctor", "--database", database_url])
    assert (fine.exit_code, fine.output.count("fine")) == (0, len(CHECKS))
    plant(database_url)
    ill = run.invoke(opendoms, ["doctor", "--database", database_url])
    assert ill.exit_code == 1
    assert "t: article a in facility f: 1 pieces on hand, but its stocks have 0" in ill.output
    told = json.loads(run.invoke(opendoms, ["doctor", "--database", database_url, "--json"]).output)
    assert [(each["check"], len(each["findings"])) for each in told if each["findings"]] == [("levels", 1)]
    assert json.loads(as_json([])) == []


def plant(database_url: str) -> None:
    """A level that counts what is not there."""
    import asyncio  # noqa: PLC0415 - the command runs a loop of its own, so this test has none

    asyncio.run(run_sql(database_url, "insert into stock_levels values ('t', 'a', 'f', 1, 0, 0, 1)"))
