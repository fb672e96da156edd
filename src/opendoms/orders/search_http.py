"""The endpoints that find orders: decode, call, encode."""

from __future__ import annotations

from typing import Final

from opendoms.identity.permissions import Permission
from opendoms.kernel.document import encode
from opendoms.orders.searches import OrderSearches
from opendoms.orders.wire.search import OrderPaginatedResult, OrderSearchPayload
from opendoms.search.wire import TOTAL_HEADERS, TOTAL_OMITTED, SearchExplanation
from opendoms.web.routing import Answer, Call, Reply, Route

TAG: Final = "Orders (DOMS)"
OURS: Final = "Orders (opendoms)"


def routes(searches: OrderSearches) -> list[Route]:
    """Finding orders, and how they are found."""

    async def search_orders(call: Call) -> Answer:
        found = await searches.search(call.principal.tenant, call.document)
        return Answer(200, found.page.envelope("orders"), TOTAL_OMITTED if found.total_omitted else ())

    async def explain_order_search(call: Call) -> Answer:
        return Answer(200, encode(await searches.explain(call.principal.tenant, call.document)))

    return [
        Route(
            "POST",
            "/api/orders/search",
            search_orders,
            operation_id="searchOrder",
            summary="Search orders",
            description=(
                "Finds every order that was stored before the search began, whatever its age; the newest `orderDate` "
                "comes first unless `sort` says otherwise. Conditions that stand side by side must all hold. "
                "A search that takes longer than the server allows is refused with 400."
            ),
            tag=TAG,
            permissions=(Permission.ADMIN_MODULES_READ, Permission.ORDER_READ),
            body=OrderSearchPayload,
            replies={200: Reply("A page of the orders that were found.", OrderPaginatedResult, headers=TOTAL_HEADERS)},
        ),
        Route(
            "POST",
            "/opendoms/v1/orders/search/explain",
            explain_order_search,
            operation_id="explainOrderSearch",
            summary="Ask how a search of orders would be done",
            description=(
                "Takes the body of a search and answers the plan in words: what the index is asked, what has to be "
                "compared order by order, and a rough cost. Reads no order."
            ),
            tag=OURS,
            permissions=(Permission.ADMIN_MODULES_READ,),
            body=OrderSearchPayload,
            replies={200: Reply("How the search would be done.", SearchExplanation)},
        ),
    ]
