"""Searches while others write: nothing is skipped, nothing comes twice, and every answered write is found."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from opendoms.db.engine import Engine
from opendoms.kernel.changeset import Changeset
from opendoms.kernel.clock import text_of
from opendoms.kernel.document import decode
from opendoms.orders.store import ORDERS_SEARCHED
from opendoms.search.searcher import Bounds, Searcher
from tests.rules.searches import NOW
from tests.search.stored import Document, Stopped, put

WRITERS = 20
STORED = 120


async def nobody(tenant: str, name: str) -> Document:
    """Nothing is looked up here."""
    raise AssertionError((tenant, name))


def order(name: str, moment: int, **more: Any) -> Document:
    """A small order."""
    return {"id": name, "version": 1, "status": "OPEN", "orderDate": text_of(moment), "consumer": {}} | more


@pytest.mark.parametrize("sort", [{"orderDate": "DESC"}, {"orderDate": "ASC"}, {"status": "ASC"}])
async def test_paging_while_20_writers_insert(engine: Engine, sort: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every order that was there before the first page comes exactly once; what came later comes once or not at all."""
    monkeypatch.setattr("opendoms.search.searcher.GATHERED_MAX", 10)
    # Few moments, so that what is written lands among, before and behind what is read.
    before = [order(f"b-{number:03d}", NOW + 17 * number % 40) for number in range(STORED)]
    await engine.apply(Changeset(puts=tuple(put("t", document) for document in before)))
    read = False
    begun = asyncio.Barrier(WRITERS + 1)

    async def write(writer: int) -> None:
        for count in range(50):
            name = f"{'ac'[count % 2]}-{writer:02d}-{count:03d}"
            await engine.apply(Changeset(puts=(put("t", order(name, NOW + (7 * writer + count) % 40)),)))
            if not count:
                await begun.wait()
            if read:
                return

    writing = [asyncio.create_task(write(number)) for number in range(WRITERS)]
    searcher = Searcher(engine, Stopped(), ORDERS_SEARCHED, Bounds(10, 10))
    body: Document = {"query": {"status": {"eq": "OPEN"}}, "sort": [sort], "size": 5}
    seen: list[str] = []
    while True:
        page = (await searcher.search("t", body, nobody)).page
        seen += [decode(order_body)["id"] for order_body in page.bodies]
        if not page.info["hasNextPage"] or len(seen) > 20_000:
            break
        if "after" not in body:
            await begun.wait()  # by now each has written something
        body["after"] = page.info["endCursor"]
    read = True
    await asyncio.gather(*writing)
    assert len(seen) == len(set(seen))
    assert {document["id"] for document in before} < set(seen)


async def test_every_answered_write_is_in_the_next_search(engine: Engine) -> None:
    """A new order is found at once, a changed one by what it is now and not by what it was, by 10 callers at once."""
    searcher = Searcher(engine, Stopped(), ORDERS_SEARCHED, Bounds(10, 10))

    async def found(**query: Any) -> list[str]:
        body = {"query": query, "options": {"withTotal": True}}
        page = (await searcher.search("t", body, nobody)).page
        assert page.total == len(page.bodies)
        return [decode(body)["id"] for body in page.bodies]

    async def caller(name: str) -> None:
        document = order(name, NOW, consumer={"consumerId": name}, tags=[{"id": "x", "value": f"old {name}"}])
        await engine.apply(Changeset(puts=(put("t", document),)))
        assert await found(consumer={"consumerId": {"eq": name}}) == [name]
        changed = document | {"version": 2, "status": "LOCKED", "tags": [{"id": "x", "value": f"new {name}"}]}
        await engine.apply(Changeset(puts=(put("t", changed),)))
        assert await found(tags={"contains": {"value": {"eq": f"new {name}"}}}) == [name]
        assert await found(tags={"contains": {"value": {"eq": f"old {name}"}}}) == []
        assert name in await found(status={"eq": "LOCKED"})
        assert name not in await found(status={"eq": "OPEN"})

    await asyncio.gather(*(caller(f"id-{number}") for number in range(10)))
