"""Reads: what is answered is seen at once, lists, long reads, and what comes out of a column."""

from __future__ import annotations

import asyncio
import time

import pytest

from opendoms.db import postgres_link
from opendoms.db.connect import engine_for
from opendoms.db.engine import Engine, TooSlow
from opendoms.db.sqlfile import parse
from opendoms.kernel.changeset import Changeset, Column, Put, Table
from opendoms.kernel.refusal import Invalid, Unavailable
from tests.conformance.changesets import TENANT, creation, edit, order, query, stored_order
from tests.databases import run_sql

QUERIES = parse(
    """
-- name: by_ids [sqlite]
select id, document from orders where tenant = :tenant and id in (select value from json_each(:ids)) order by id
-- name: by_ids [postgres]
select id, document from orders where tenant = :tenant and id = any(:ids) order by id

-- name: by_dates [sqlite]
select id from orders where tenant = :tenant and order_date in (select value from json_each(:dates)) order by id
-- name: by_dates [postgres]
select id from orders where tenant = :tenant and order_date = any(:dates) order by id

-- name: documents
select document, document as title, version, id as document from orders where tenant = :tenant order by id

-- name: page
select id from orders where tenant = :tenant and id < :before order by id desc limit :size

-- name: slow
with recursive counted (n) as (select 1 union all select n + 1 from counted where n < :rounds)
select count(*) from counted

-- name: odd
select a, b, c from odd where tenant = :tenant and id = :id
"""
)


async def test_a_write_is_in_every_later_read(engine: Engine) -> None:
    """As soon as a write is answered, both kinds of read see it."""
    await engine.apply(creation("o1"))
    for version in range(2, 30):
        await engine.apply(edit("o1", version, by=str(version)))
        row = await stored_order(engine, "o1")
        assert row is not None
        assert (row[0], row[1]) == (version, b'{"by":"%d"}' % version)
        rows = await engine.rows(query("order_by_id"), {"tenant": TENANT, "id": "o1"})
        assert [list(each) for each in rows] == [list(row)]


async def test_writers_read_their_own_writes_while_others_write(engine: Engine) -> None:
    """Thirty callers at once each see what they have just written."""

    async def write_and_read(name: str) -> None:
        await engine.apply(creation(name))
        for version in range(2, 8):
            await engine.apply(edit(name, version))
            row = await stored_order(engine, name)
            assert row is not None
            assert row[0] == version

    await asyncio.gather(*(write_and_read(f"o{number}") for number in range(30)))


async def test_a_sequence_may_be_asked_for(engine: Engine) -> None:
    """A list of ids is one parameter; an empty one finds nothing."""
    await engine.apply(Changeset(tuple(order(name) for name in ("a", "b", "c", "d\"'"))))
    rows = await engine.rows(QUERIES["by_ids"], {"tenant": TENANT, "ids": ["d\"'", "a", "none"]})
    assert [row[0] for row in rows] == ["a", "d\"'"]
    assert await engine.rows(QUERIES["by_ids"], {"tenant": TENANT, "ids": ()}) == []


async def test_a_sequence_of_numbers_may_be_asked_for(engine: Engine) -> None:
    """Integers of 64 bits come through as they are, and what is larger is refused before the database is asked."""
    dates = {"least": -(2**63), "odd": 2**53 + 1, "even": 2**53, "most": 2**63 - 1}
    await engine.apply(Changeset(tuple(order(name, date=date) for name, date in dates.items())))
    for name, date in dates.items():
        rows = await engine.rows(QUERIES["by_dates"], {"tenant": TENANT, "dates": [date, 17]})
        assert [row[0] for row in rows] == [name]
    for beyond in (2**63, -(2**63) - 1):
        with pytest.raises(Invalid):
            await engine.rows(QUERIES["by_dates"], {"tenant": TENANT, "dates": [beyond]})


async def test_columns_named_document_are_bytes_and_others_text(engine: Engine) -> None:
    """The name of a result column says whether it is a document, wherever it comes from."""
    await engine.apply(Changeset((order("o1", document='"grün"'.encode()),)))
    (row,) = await engine.rows(QUERIES["documents"], {"tenant": TENANT})
    assert list(row) == ['"grün"'.encode(), '"grün"', 1, b"o1"]


async def test_pages_follow_each_other(engine: Engine) -> None:
    """A page of a keyset begins after the last id of the one before."""
    await engine.apply(Changeset(tuple(order(f"o{number:02}") for number in range(25))))
    seen, before = [], "~"
    while rows := await engine.rows(QUERIES["page"], {"tenant": TENANT, "before": before, "size": 10}):
        seen += [row[0] for row in rows]
        before = seen[-1]
    assert seen == [f"o{number:02}" for number in reversed(range(25))]


async def test_a_long_read_does_not_block_the_event_loop(engine: Engine) -> None:
    """While a read takes its time, point reads and writes are answered, and the loop keeps turning."""
    await engine.apply(creation("o1"))
    slow = asyncio.ensure_future(engine.rows(QUERIES["slow"], {"rounds": 1_500_000}))
    answered = 0
    longest = 0.0
    while not slow.done():
        begin = time.perf_counter()
        await asyncio.sleep(0.005)
        longest = max(longest, time.perf_counter() - begin)
        assert await stored_order(engine, "o1") is not None
        await engine.apply(creation(f"during{answered}"))
        answered += 1
    assert [list(row) for row in await slow] == [[1_500_000]]
    assert answered >= 3, "the read was over at once: nothing was shown"
    assert longest < 0.2


async def test_a_read_that_takes_too_long_is_ended(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A read over its time is ended on the database, the caller hears so, and the next one is answered."""
    monkeypatch.setattr("opendoms.db.outcome.READ_S_MAX", 0.05)
    monkeypatch.setitem(postgres_link._SETTINGS, "statement_timeout", "50")  # noqa: SLF001 - thirty seconds are too long
    engine = engine_for(database_url)
    await engine.open()
    for _ in range(2):
        with pytest.raises(Unavailable, match="in time"):
            await engine.rows(QUERIES["slow"], {"rounds": 1_000_000_000})
        assert [list(row) for row in await engine.rows(QUERIES["slow"], {"rounds": 7})] == [[7]]
    await engine.close()


async def test_a_read_may_be_given_little_time(engine: Engine) -> None:
    """A read over the time that its caller gave is ended as too slow; with time enough, and after it, reads answer."""
    for _ in range(2):
        with pytest.raises(TooSlow):
            await engine.rows(QUERIES["slow"], {"rounds": 1_000_000_000}, within_ms=20)
        for rounds in range(7):
            rows = await engine.rows(QUERIES["slow"], {"rounds": rounds + 1}, within_ms=30_000)
            assert [list(row) for row in rows] == [[rounds + 1]]
        assert [list(row) for row in await engine.rows(QUERIES["slow"], {"rounds": 9})] == [[9]]


async def test_reads_that_are_too_slow_do_not_hold_up_others(engine: Engine) -> None:
    """Of many reads at once exactly those are ended that were given too little time, on the database as well."""

    async def read(number: int) -> object:
        try:
            if number % 2:
                return await engine.rows(QUERIES["slow"], {"rounds": 1_000_000_000}, within_ms=30)
            return [list(row) for row in await engine.rows(QUERIES["slow"], {"rounds": number + 1}, within_ms=20_000)]
        except TooSlow:
            return "too slow"

    answers = await asyncio.gather(*map(read, range(16)))
    assert answers == ["too slow" if number % 2 else [[number + 1]] for number in range(16)]
    await engine.ping()


async def test_many_long_reads_at_once_are_all_answered(engine: Engine) -> None:
    """More reads than there are threads or connections wait for each other, and writes do not wait for them."""
    reads = [asyncio.ensure_future(engine.rows(QUERIES["slow"], {"rounds": 20_000 + number})) for number in range(20)]
    await engine.apply(creation("o1"))
    rows = await asyncio.gather(*reads)
    assert [row[0][0] for row in rows] == [20_000 + number for number in range(20)]


async def test_a_cancelled_read_spoils_no_other(engine: Engine) -> None:
    """Who stops waiting for a long read leaves the connections fit for the next."""
    reads = [asyncio.ensure_future(engine.rows(QUERIES["slow"], {"rounds": 100_000})) for _ in range(12)]
    await asyncio.sleep(0.01)
    for read in reads:
        read.cancel()
    await asyncio.gather(*reads, return_exceptions=True)
    rows = await asyncio.gather(*(engine.rows(QUERIES["slow"], {"rounds": 1_000 + number}) for number in range(12)))
    assert [row[0][0] for row in rows] == [1_000 + number for number in range(12)]


async def test_every_type_of_column_comes_back(engine: Engine, database_url: str) -> None:
    """Bytes stay bytes and truth stays truth in promoted columns."""
    boolean, blob, long = (
        ("boolean", "bytea", "bigint") if engine.name == "postgres" else ("integer", "blob", "integer")
    )
    await run_sql(
        database_url,
        "create table odd (tenant text, id text, version bigint, document text,"
        f" a {boolean}, b {blob}, c {long}, primary key (tenant, id))",
    )
    odd = Table("odd", (Column("a", "boolean"), Column("b", "bytes"), Column("c", "bigint")))
    await engine.apply(
        Changeset(
            (
                Put(odd, TENANT, "1", None, 1, b"{}", (True, b"\0\xff\x80", 2**63 - 1)),
                Put(odd, TENANT, "2", None, 1, b"{}", (False, b"", -(2**63))),
                Put(odd, TENANT, "3", None, 1, b"{}", (None, None, None)),
            )
        )
    )
    rows = [await engine.row(QUERIES["odd"], {"tenant": TENANT, "id": name}) for name in "123"]
    assert [list(row or ()) for row in rows] == [
        [True, b"\0\xff\x80", 2**63 - 1],
        [False, b"", -(2**63)],
        [None, None, None],
    ]


async def test_a_wrong_query_is_told_as_a_bug(engine: Engine) -> None:
    """A query that the database does not understand is no outage: the caller sees the database's own error."""
    wrong = parse("-- name: wrong\nselect id from nowhere")["wrong"]
    with pytest.raises(Exception, match="nowhere"):
        await engine.row(wrong, {})
    assert await stored_order(engine, "o1") is None
