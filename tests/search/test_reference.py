"""What an engine finds is what the plain evaluation finds: same orders, same pages, same totals."""

from __future__ import annotations

import itertools
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opendoms.db.engine import Engine
from opendoms.kernel.changeset import Changeset
from opendoms.kernel.document import encode
from opendoms.orders.search import ORDER_SEARCH
from opendoms.orders.store import ORDERS_SEARCHED
from opendoms.search import reading, searcher
from opendoms.search.page import Gathering, Page, search_of
from opendoms.search.searcher import Bounds, Searcher
from tests.search.samples import NOW, ORDERS, QUERIES, SORTS, Document
from tests.search.stored import Stopped, put

PAGES_MAX: Final = 20
# Each example is a tenant of its own and a dozen searches.
SHARED = settings(
    max_examples=min(60, settings().max_examples),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
tenants = itertools.count()


def expected(documents: list[Document], body: Document) -> Page:
    """The page by the plain evaluation."""
    search = search_of(ORDER_SEARCH, body, now=NOW)
    if search.start_after_id is not None:
        search = search.behind(next(each for each in documents if each["id"] == search.start_after_id))
    gathering = Gathering(search)
    for document in documents:
        gathering.add(document, encode(document))
    return gathering.page()


async def check(engine: Engine, documents: list[Document], query: Document, sort: Document | None, size: int) -> None:
    """Every page forward, then every page backward, with totals."""
    tenant = f"tenant-{next(tenants)}"
    await engine.apply(Changeset(puts=tuple(put(tenant, document) for document in documents)))
    found = Searcher(engine, Stopped(), ORDERS_SEARCHED, Bounds(10, 10))

    async def unknown(tenant: str, name: str) -> Document:
        return next(each for each in documents if each["id"] == name)

    common: Document = {"query": query, "options": {"withTotal": True}} | ({"sort": [sort]} if sort else {})
    for count, step in (("size", "after"), ("last", "before")):
        body = {**common, count: size}
        for _ in range(PAGES_MAX):
            answered = await found.search(tenant, body, unknown)
            wanted = expected(documents, body)
            assert answered.page == wanted, (body, wanted)
            assert not answered.total_omitted
            if not wanted.info["hasNextPage" if step == "after" else "hasPreviousPage"]:
                break
            body = {**body, step: wanted.info["endCursor" if step == "after" else "startCursor"]}
        else:
            raise AssertionError("pages without end")
    if documents:
        body = {**common, "size": size, "startAfterId": documents[len(documents) // 2]["id"]}
        assert (await found.search(tenant, body, unknown)).page == expected(documents, body)


# The sort, how many orders a page has, and how many are sorted without a thought.
WAYS = st.tuples(SORTS, st.integers(1, 4), st.sampled_from([0, 1_000]))


@pytest.mark.slow
@SHARED
@given(documents=ORDERS, query=QUERIES, way=WAYS)
async def test_an_engine_finds_what_the_evaluation_finds(
    engine: Engine, documents: list[Document], query: Document, way: tuple[Document | None, int, int]
) -> None:
    """Same ids, same order, same totals, same cursors, forward and back, and none of another tenant's orders."""
    sort, size, _ = way
    await check(engine, documents, query, sort, size)


@pytest.mark.slow
@SHARED
@given(documents=ORDERS, query=QUERIES, way=WAYS)
async def test_many_batches_find_the_same(
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    documents: list[Document],
    query: Document,
    way: tuple[Document | None, int, int],
) -> None:
    """The same where bounds are so small that a handful of orders are many: of batches, of threads, of sorting."""
    sort, size, gathered = way
    monkeypatch.setattr(reading, "BATCH_MAX", 3)
    monkeypatch.setattr(reading, "INLINE_MAX", 1)
    monkeypatch.setattr(reading, "SORTED_UNASKED_MAX", 2)
    monkeypatch.setattr(searcher, "BATCH_MAX", 3)
    monkeypatch.setattr(searcher, "GATHERED_MAX", gathered)
    await check(engine, documents, query, sort, size)
