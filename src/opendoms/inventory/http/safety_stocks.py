"""The endpoints of safety stocks: decode, call, encode."""

from __future__ import annotations

from typing import Final

from msgspec import UNSET, Raw

from opendoms.identity.permissions import Permission
from opendoms.inventory.actions.safety_stocks import Asked, SafetyStockActions, position
from opendoms.inventory.wire.safety_stock import (
    SafetyStockBulkOperationResult,
    SafetyStockBulkOperations,
    SafetyStockListQuery,
    SafetyStocksPaginatedResult,
)
from opendoms.kernel.document import encode
from opendoms.web.routing import Answer, Call, Reply, Route

TAG: Final = "Stocks (Inventory)"
PATH: Final = "/api/safetystocks"


def routes(safety_stocks: SafetyStockActions) -> list[Route]:
    """Saying what is kept back."""

    async def list_safety_stocks(call: Call) -> Answer:
        query: SafetyStockListQuery = call.query
        asked = Asked(
            size=int(query.size),
            before=position(None if query.start_after_id is UNSET else query.start_after_id),
            article=None if query.tenant_article_id is UNSET else query.tenant_article_id,
            facility_ref=None if query.facility_ref is UNSET else query.facility_ref,
        )
        page = await safety_stocks.page(call.principal.tenant, asked)
        return Answer(200, encode({"safetyStocks": [Raw(each) for each in page.documents], "total": page.total}))

    async def put_safety_stocks(call: Call) -> Answer:
        return Answer(207, encode(await safety_stocks.put(call.document["operations"], call.origin())))

    async def delete_safety_stock(call: Call) -> Answer:
        await safety_stocks.delete(call.path["safetyStockId"], call.origin())
        return Answer(200)

    return [
        Route(
            "GET",
            PATH,
            list_safety_stocks,
            operation_id="getSafetyStocks",
            summary="List safety stocks",
            description="Newest first. Filters combine; total counts all that match.",
            tag=TAG,
            permissions=(Permission.SAFETY_STOCK_READ,),
            query=SafetyStockListQuery,
            replies={200: Reply("A page of safety stocks, empty where nothing matches.", SafetyStocksPaginatedResult)},
        ),
        Route(
            "PUT",
            PATH,
            put_safety_stocks,
            operation_id="bulkUpdateSafetyStock",
            summary="Set safety stocks",
            description=(
                "Each by itself, one after the other. A safety stock of a facility counts instead of the one of the "
                "whole article. One that would take away what is reserved fails."
            ),
            tag=TAG,
            permissions=(Permission.SAFETY_STOCK_WRITE,),
            body=SafetyStockBulkOperations,
            replies={207: Reply("What became of each.", SafetyStockBulkOperationResult)},
        ),
        Route(
            "DELETE",
            f"{PATH}/{{safetyStockId}}",
            delete_safety_stock,
            operation_id="deleteSafetyStock",
            summary="Remove a safety stock",
            description="What the whole article keeps back counts then, where there is such a safety stock.",
            tag=TAG,
            permissions=(Permission.SAFETY_STOCK_WRITE,),
            path_parameters={"safetyStockId": "The id of the safety stock."},
            replies={200: Reply("The safety stock is gone.")},
            refusals={404: "No safety stock has this id.", 409: "Less would be left than is reserved."},
        ),
    ]
