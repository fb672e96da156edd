"""Searching order records."""

from __future__ import annotations

from opendoms.db.engine import Engine
from opendoms.facilities.naming import NAMED_MAX, FacilityNames
from opendoms.kernel.clock import Clock
from opendoms.kernel.decision import Document
from opendoms.kernel.document import decode
from opendoms.kernel.refusal import Fault, Invalid
from opendoms.records.facility_filters import by_reference, names_in
from opendoms.records.search import FACILITY_COUNTRY, FACILITY_NAME, ORDER_RECORD_SEARCH, with_names
from opendoms.records.store import ORDER_RECORDS_SEARCHED, QUERIES
from opendoms.search.explaining import explanation
from opendoms.search.page import Searchable
from opendoms.search.plan import TERMS_MAX
from opendoms.search.searcher import Bounds, Found, Searcher


class OrderRecordSearches:
    """Finds order records, and says how. What a facility is called is looked up anew for every search."""

    def __init__(self, db: Engine, clock: Clock, bounds: Bounds, facilities: FacilityNames) -> None:
        self._db = db
        self._clock = clock
        self._bounds = bounds
        self._facilities = facilities

    async def search(self, tenant: str, body: Document) -> Found:
        """The page of results. Raises Invalid."""
        searcher, body = await self._prepared(tenant, body)
        return await searcher.search(tenant, body, self._known)

    async def explain(self, tenant: str, body: Document) -> Document:
        """How the same body would be searched. Raises Invalid."""
        searcher, body = await self._prepared(tenant, body)
        return await explanation(searcher, self._db, tenant, body)

    async def _prepared(self, tenant: str, body: Document) -> tuple[Searcher, Document]:
        """A searcher that knows what facilities are called, and the body that asks for their ids."""
        searched = ORDER_RECORDS_SEARCHED._replace(searchable=await self._searchable(tenant, body))
        searcher = Searcher(self._db, self._clock, searched, self._bounds)
        names = set(names_in(body["query"]))
        if not names:
            return searcher, body
        if len(names) > TERMS_MAX:
            raise Invalid(Fault(f"query: names more than {TERMS_MAX} facilities", "Ask in several searches."))
        references = await self._facilities.ids(tenant, names, TERMS_MAX)
        if references is None:
            hint = "Name fewer of them, or search by a member of the order records."
            raise Invalid(Fault(f"query: the names are those of more than {TERMS_MAX} facilities", hint))
        return searcher, {**body, "query": by_reference(body["query"], references)}

    async def _searchable(self, tenant: str, body: Document) -> Searchable:
        """What is searched by; with the names of all facilities where a sort needs them."""
        wanted = [name for entry in body.get("sort", ()) for name in entry]
        for member, read in (
            (FACILITY_NAME, self._facilities.names),
            (FACILITY_COUNTRY, self._facilities.countries),
        ):
            if member in wanted:
                names = await read(tenant)
                if names is None:
                    hint = "Leave out the sort, or sort by a member of the order records."
                    raise Invalid(Fault(f"sort: more than {NAMED_MAX} facilities would have to be looked up", hint))
                return with_names(member, names)
        return ORDER_RECORD_SEARCH

    async def _known(self, tenant: str, order_record_id: str) -> Document:
        """The order record with this id as it is, or as it was last. Raises Invalid."""
        parameters = {"tenant": tenant, "id": order_record_id}
        row = await self._db.row(QUERIES.order_record_document, parameters)
        row = row or await self._db.row(QUERIES.last_order_record_document, parameters)
        if row is None:
            raise Invalid(Fault(f"startAfterId: no order record has or had the id {order_record_id[:64]}"))
        return decode(row[0])
