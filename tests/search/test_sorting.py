"""Orders of results that the index does not have: few are sorted, many go by their choices, too many are refused."""

from __future__ import annotations

from typing import Any

import pytest

from opendoms.db.engine import Engine, Row, TooSlow
from opendoms.db.sqlfile import Query
from opendoms.kernel.changeset import Changeset
from opendoms.kernel.clock import text_of
from opendoms.kernel.document import decode
from opendoms.kernel.refusal import Invalid
from opendoms.orders.search import ORDER_SEARCH
from opendoms.orders.store import ORDERS_SEARCHED
from opendoms.search import reading, searcher
from opendoms.search.fields import Value
from opendoms.search.searcher import Bounds, Searcher
from tests.rules.searches import NOW
from tests.search.stored import Document, Stopped, put

BY_CONSUMER = ORDER_SEARCH._replace(sorts={"consumerId": Value("text", ("consumer", "consumerId"))})
STATUSES = ("OPEN", "LOCKED", "CANCELLED")


async def nobody(tenant: str, name: str) -> Document:
    """Nothing is looked up here."""
    raise AssertionError((tenant, name))


async def filled(engine: Engine, count: int = 12) -> None:
    """Orders whose ids rise, while their consumers fall."""
    await engine.apply(
        Changeset(
            puts=tuple(
                put(
                    "t",
                    {
                        "id": f"{number:02d}",
                        "version": 1,
                        "status": STATUSES[number % 3],
                        "orderDate": text_of(NOW - number),
                        "consumer": {"consumerId": f"{count - number:02d}"},
                    },
                )
                for number in range(count)
            )
        )
    )


async def ids(engine: Engine, sort: Document, *, searchable: Any = ORDER_SEARCH, **more: Any) -> list[str]:
    """The ids that a search of everything answers."""
    searched = ORDERS_SEARCHED._replace(searchable=searchable)
    found = await Searcher(engine, Stopped(), searched, Bounds(10, 10)).search(
        "t", {"query": {}, "sort": [sort], **more}, nobody
    )
    return [decode(body)["id"] for body in found.page.bodies]


async def test_few_results_are_sorted_by_anything(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """And so are more, up to a bound; beyond it the search is refused and says what to do."""
    await filled(engine)
    rising = [f"{number:02d}" for number in range(11, 7, -1)]
    sort = {"consumerId": "ASC"}
    assert await ids(engine, sort, searchable=BY_CONSUMER, size=4) == rising
    monkeypatch.setattr(searcher, "GATHERED_MAX", 3)
    assert await ids(engine, sort, searchable=BY_CONSUMER, size=4) == rising
    monkeypatch.setattr(searcher, "SORTED_MAX", 12)
    assert await ids(engine, sort, searchable=BY_CONSUMER, size=4) == rising
    monkeypatch.setattr(searcher, "SORTED_MAX", 11)
    with pytest.raises(Invalid) as caught:
        await ids(engine, sort, searchable=BY_CONSUMER, size=4)
    (fault,) = caught.value.faults
    assert fault.summary == "sort: more than 11 results would have to be put in this order"


async def test_a_walk_that_meets_too_little_gives_way(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """On SQLite: what a walk over the ids does not find in its time is sorted; on PostgreSQL the planner decides."""
    await filled(engine)
    monkeypatch.setattr(searcher, "GATHERED_MAX", 3)
    monkeypatch.setattr(reading, "SORTED_UNASKED_MAX", 3)
    walked = []
    rows = engine.rows

    async def impatient(query: Query, parameters: Any, within_ms: int | None = None) -> list[Row]:
        if "exists" in query.sqlite:
            walked.append(within_ms)
            raise TooSlow
        return await rows(query, parameters, within_ms)

    sort = {"status": "ASC"}
    at_ease = await ids(engine, sort, size=5)
    monkeypatch.setattr(engine, "rows", impatient)
    assert await ids(engine, sort, size=5) == at_ease == ["02", "05", "08", "11", "01"]
    assert walked == ([reading.WALK_MS] * 2 if engine.name == "sqlite" else [])
