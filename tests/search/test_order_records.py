"""Order records: an engine finds what the plain evaluation finds where each record holds its facility's name."""

from __future__ import annotations

import itertools
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opendoms.db.engine import Engine
from opendoms.facilities.naming import FacilityNames
from opendoms.kernel.changeset import Changeset, Put
from opendoms.kernel.clock import instant_from
from opendoms.kernel.document import encode
from opendoms.records.search import ORDER_RECORD_SEARCH
from opendoms.records.searches import OrderRecordSearches
from opendoms.records.store import ORDER_RECORDS
from opendoms.search import reading, searcher
from opendoms.search.fields import Value
from opendoms.search.page import Gathering, Page, search_of
from opendoms.search.searcher import Bounds
from tests.search.samples import MOMENTS, NOW, NUMBERS, TEXTS, Document
from tests.search.stored import Stopped

PAGES_MAX: Final = 20
# Two have the same name, two are told apart by nothing that a sort looks at, and f-0 is gone.
NAMES: Final = {"f-1": "a", "f-2": "b", "f-3": "b", "f-4": "A", "f-5": "b" * 257, "f-6": "b" * 256 + "a"}
COUNTRIES: Final = {"f-1": "DE", "f-2": "AT", "f-3": "DE"}
tenants = itertools.count()

# The meaning: every record holds what its facility is called.
_PLAIN: Final = {name: Value("text", (name,)) for name in ("facilityName", "facilityCountry")}
PLAIN: Final = ORDER_RECORD_SEARCH._replace(
    fields={**ORDER_RECORD_SEARCH.fields, "facilityName": _PLAIN["facilityName"]},
    sorts={**ORDER_RECORD_SEARCH.sorts, **_PLAIN},
)


def _some(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[Document]:
    return st.fixed_dictionaries({}, optional=members)


_LINES: Final = st.builds(
    lambda article, quantity: {"article": article, "quantity": quantity}, _some(tenantArticleId=TEXTS), NUMBERS
)
_CONTENTS: Final = st.fixed_dictionaries(
    {"orderRecordDate": MOMENTS, "facilityRef": st.sampled_from(["f-0", *NAMES])},
    optional={
        "tenantOrderRecordId": TEXTS,
        "consumer": _some(consumerId=TEXTS, addresses=st.lists(_some(lastName=TEXTS, city=TEXTS), max_size=2)),
        "lineItems": st.lists(_LINES, max_size=2),
        "payments": st.lists(_some(receiptNumber=TEXTS, transactionId=TEXTS), max_size=2),
        "origin": _some(cashierId=TEXTS, terminalId=TEXTS),
    },
)
RECORDS: Final = st.lists(_CONTENTS, min_size=4, max_size=10).map(
    lambda contents: [{"id": f"id-{place:02d}", "version": 1, **each} for place, each in enumerate(contents)]
)


def _operators(values: st.SearchStrategy[str]) -> st.SearchStrategy[Document]:
    several = st.lists(values, max_size=3)
    return _some(**dict.fromkeys(("eq", "notEq"), values), **dict.fromkeys(("in", "notIn"), several))


_TEXT: Final = _operators(TEXTS)
_NAME: Final = _operators(st.sampled_from(["a", "b", "A", "nobody"]))


def _list(element: st.SearchStrategy[Document]) -> st.SearchStrategy[Document]:
    return _some(contains=element, exists=st.booleans())


_LEAVES: Final = _some(
    facilityName=_NAME,
    tenantOrderRecordId=_TEXT,
    orderRecordDate=_some(gte=MOMENTS, lt=MOMENTS),
    consumer=_some(consumerId=_TEXT, addresses=_list(_some(lastName=_TEXT))),
    payments=_list(_some(receiptNumber=_TEXT, transactionId=_TEXT)),
)
_NAMED: Final = st.builds(lambda name: {"facilityName": name}, _NAME)
# Most random filters find nothing in a handful of records, and what is to be sorted must be found.
QUERIES: Final[st.SearchStrategy[Document]] = (
    st.just({})
    | _NAMED
    | st.recursive(
        _NAMED | _LEAVES,
        lambda inner: st.tuples(
            _LEAVES, _some(**{"and": st.lists(inner, max_size=3), "or": st.lists(inner, max_size=3)})
        ).map(lambda parts: {**parts[0], **parts[1]}),
        max_leaves=4,
    )
)
SORTS: Final = st.sampled_from(
    [
        None,
        *({name: direction} for name in _PLAIN for direction in ("ASC", "DESC")),
        {"consumer": {"addresses": {"city": "DESC"}}},
        {"lineItems": {"quantity": "ASC"}},
    ]
)


class Called(FacilityNames):
    """Facilities that are called as they are here."""

    def __init__(self) -> None:
        """Reads no database."""

    async def ids(self, tenant: str, names: Any, most: int) -> dict[str, list[str]]:
        """By name."""
        return {name: [ref for ref, called in NAMES.items() if called == name] for name in {*names} & {*NAMES.values()}}

    async def names(self, tenant: str) -> dict[str, str]:
        """All."""
        return NAMES

    async def countries(self, tenant: str) -> dict[str, str]:
        """All."""
        return COUNTRIES


def put(tenant: str, record: Document) -> Put:
    """A record as the hub stores it, without its event."""
    columns = (None, record["facilityRef"], instant_from(record["orderRecordDate"]), False, 0)
    return Put(ORDER_RECORDS, tenant, record["id"], None, 1, encode(record), columns)


def expected(records: list[Document], body: Document) -> Page:
    """The page by the plain evaluation."""
    gathering = Gathering(search_of(PLAIN, body, now=NOW))
    for record in records:
        ref = record["facilityRef"]
        known = {**record, "facilityName": NAMES.get(ref), "facilityCountry": COUNTRIES.get(ref)}
        gathering.add(known, encode(record))
    return gathering.page()


@pytest.mark.slow
@settings(
    max_examples=min(60, settings().max_examples),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(records=RECORDS, body=st.tuples(QUERIES, SORTS, st.integers(1, 4)), gathered=st.sampled_from([0, 0, 1_000]))
async def test_an_engine_finds_what_the_evaluation_finds(
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    records: list[Document],
    body: tuple[Document, Document | None, int],
    gathered: int,
) -> None:
    """Same records, order, totals and cursors, page by page, where a handful of records are many."""
    for module, name in ((reading, "BATCH_MAX"), (searcher, "BATCH_MAX"), (reading, "SORTED_UNASKED_MAX")):
        monkeypatch.setattr(module, name, 3)
    monkeypatch.setattr(searcher, "GATHERED_MAX", gathered)
    tenant = f"tenant-{next(tenants)}"
    await engine.apply(Changeset(puts=tuple(put(tenant, record) for record in records)))
    searches = OrderRecordSearches(engine, Stopped(), Bounds(10, 10), Called())
    query, sort, size = body
    asked: Document = {"query": query, "options": {"withTotal": True}, "size": size}
    if sort:
        asked["sort"] = [sort]
    for _ in range(PAGES_MAX):
        answered = await searches.search(tenant, asked)
        wanted = expected(records, asked)
        assert answered.page == wanted, asked
        if not wanted.info["hasNextPage"]:
            return
        asked["after"] = wanted.info["endCursor"]
    raise AssertionError("pages without end")
