"""The endpoints that find order records: decode, call, encode."""

from __future__ import annotations

from typing import Final

from opendoms.identity.permissions import Permission
from opendoms.kernel.document import encode
from opendoms.records.searches import OrderRecordSearches
from opendoms.records.wire.search import OrderRecordPaginatedResult, OrderRecordSearchPayload
from opendoms.search.wire import TOTAL_HEADERS, TOTAL_OMITTED, SearchExplanation
from opendoms.web.routing import Answer, Call, Reply, Route

TAG: Final = "Order Records (DOMS)"
OURS: Final = "Order Records (opendoms)"


def routes(searches: OrderRecordSearches) -> list[Route]:
    """Finding order records, and how they are found."""

    async def search_records(call: Call) -> Answer:
        found = await searches.search(call.principal.tenant, call.document)
        return Answer(200, found.page.envelope("orderRecords"), TOTAL_OMITTED if found.total_omitted else ())

    async def explain_record_search(call: Call) -> Answer:
        return Answer(200, encode(await searches.explain(call.principal.tenant, call.document)))

    return [
        Route(
            "POST",
            "/api/orderrecords/search",
            search_records,
            operation_id="searchOrderRecord",
            summary="Search order records",
            description=(
                "Finds every order record that was stored before the search began, whatever its age; the newest "
                "`orderRecordDate` comes first unless `sort` says otherwise. Conditions that stand side by side must "
                "all hold. A facility goes by the name and the country that it has now. "
                "A search that takes longer than the server allows is refused with 400."
            ),
            tag=TAG,
            permissions=(Permission.ORDER_RECORD_READ,),
            body=OrderRecordSearchPayload,
            replies={
                200: Reply(
                    "A page of the order records that were found.", OrderRecordPaginatedResult, headers=TOTAL_HEADERS
                )
            },
        ),
        Route(
            "POST",
            "/opendoms/v1/orderrecords/search/explain",
            explain_record_search,
            operation_id="explainOrderRecordSearch",
            summary="Ask how a search of order records would be done",
            description=(
                "Takes the body of a search and answers the plan in words: what the index is asked, what has to be "
                "compared record by record, and a rough cost. Reads no order record."
            ),
            tag=OURS,
            permissions=(Permission.ADMIN_MODULES_READ,),
            body=OrderRecordSearchPayload,
            replies={200: Reply("How the search would be done.", SearchExplanation)},
        ),
    ]
