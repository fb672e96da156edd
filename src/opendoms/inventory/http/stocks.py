"""The endpoints of stocks: decode, call, encode."""

from __future__ import annotations

from typing import Final, TypeVar

from msgspec import UNSET, UnsetType

from opendoms.identity.permissions import Permission
from opendoms.inventory.actions import summaries as summing
from opendoms.inventory.actions.stock_reading import Asked, StockReading, paged
from opendoms.inventory.actions.stocks import Entry, StockActions
from opendoms.inventory.actions.summaries import Summaries
from opendoms.inventory.wire.stock import (
    Stock,
    StockForCreation,
    StockForUpdate,
    StockListQuery,
    StockPaginatedResult,
    StocksForUpsert,
    StockUpsertOperationResult,
)
from opendoms.inventory.wire.stock_action import StockAction, StockActionResult
from opendoms.inventory.wire.stock_search import StockSearchPayload
from opendoms.inventory.wire.summary import StockSummaries, StockSummariesQuery
from opendoms.kernel.document import encode
from opendoms.web.routing import Answer, Call, Reply, Route

TAG: Final = "Stocks (Inventory)"
PATH: Final = "/api/stocks"
_ID: Final = {"stockId": "The id that the hub gave the stock."}
_UNKNOWN: Final = "No stock has this id."
_TOO_FEW: Final = "The version is not the stored one, or less would be left than is reserved."

T = TypeVar("T")


def routes(stocks: StockActions, reading: StockReading, summaries: Summaries) -> list[Route]:
    """Keeping stocks."""
    return [*_collection(stocks, reading), *_single(stocks, reading), *_many(stocks, reading, summaries)]


def _collection(stocks: StockActions, reading: StockReading) -> list[Route]:
    async def list_stocks(call: Call) -> Answer:
        query: StockListQuery = call.query
        asked = Asked(
            size=int(query.size),
            start_after_id=_given(query.start_after_id),
            facility_ref=_given(query.facility_ref),
            tenant_facility_id=_given(query.tenant_facility_id),
            articles=_given(query.tenant_article_id),
            locations=_given(query.location_ref),
        )
        return Answer(200, paged(await reading.page(call.principal.tenant, asked)))

    async def create_stock(call: Call) -> Answer:
        stock = await stocks.create(call.document, call.origin())
        return Answer(201, encode(stock), ((b"location", f"{call.base_url}{PATH}/{stock['id']}".encode()),))

    async def put_stocks(call: Call) -> Answer:
        entries = [Entry(f"stocks[{place}].", body) for place, body in enumerate(call.document["stocks"])]
        return Answer(200, encode(await stocks.write(entries, call.origin())))

    return [
        Route(
            "GET",
            PATH,
            list_stocks,
            operation_id="getStocks",
            summary="List stocks",
            description="Newest first. Filters combine; total counts all that match.",
            tag=TAG,
            permissions=(Permission.STOCK_READ,),
            query=StockListQuery,
            replies={200: Reply("A page of stocks, empty where nothing matches.", StockPaginatedResult)},
        ),
        Route(
            "POST",
            PATH,
            create_stock,
            operation_id="createStock",
            summary="Create a stock",
            description="Members that the hub does not know are kept and answered.",
            tag=TAG,
            permissions=(Permission.STOCK_WRITE,),
            body=StockForCreation,
            replies={201: Reply("The stock as it is stored.", Stock, location=True)},
        ),
        Route(
            "PUT",
            PATH,
            put_stocks,
            operation_id="upsertStocks",
            summary="Create and change many stocks",
            description="Those with an id are changed, the others made. All of them are written, or none.",
            tag=TAG,
            permissions=(Permission.STOCK_WRITE,),
            body=StocksForUpsert,
            replies={200: Reply("What became of each, in the order asked.", list[StockUpsertOperationResult])},
            refusals={409: _TOO_FEW},
        ),
    ]


def _single(stocks: StockActions, reading: StockReading) -> list[Route]:
    async def get_stock(call: Call) -> Answer:
        return Answer(200, await reading.read(call.principal.tenant, call.path["stockId"]))

    async def put_stock(call: Call) -> Answer:
        return Answer(200, encode(await stocks.change(call.path["stockId"], call.document, call.origin())))

    async def delete_stock(call: Call) -> Answer:
        await stocks.delete(call.path["stockId"], call.origin())
        return Answer(200)

    path = f"{PATH}/{{stockId}}"
    return [
        Route(
            "GET",
            path,
            get_stock,
            operation_id="getStock",
            summary="Read a stock",
            tag=TAG,
            permissions=(Permission.STOCK_READ,),
            path_parameters=_ID,
            replies={200: Reply("The stock, and what of it is reserved and available now.", Stock)},
            refusals={404: _UNKNOWN},
        ),
        Route(
            "PUT",
            path,
            put_stock,
            operation_id="updateStock",
            summary="Change a stock",
            description=(
                "Members that are not sent stay. Without a version the stock is written whatever its version is. A "
                "change that asks for what is already so moves no version."
            ),
            tag=TAG,
            permissions=(Permission.STOCK_WRITE,),
            body=StockForUpdate,
            path_parameters=_ID,
            replies={200: Reply("The stock after the change.", Stock)},
            refusals={404: _UNKNOWN, 409: _TOO_FEW},
        ),
        Route(
            "DELETE",
            path,
            delete_stock,
            operation_id="deleteStock",
            summary="Remove a stock",
            tag=TAG,
            permissions=(Permission.STOCK_WRITE,),
            path_parameters=_ID,
            replies={200: Reply("The stock is gone.")},
            refusals={404: _UNKNOWN, 409: "Less would be left than is reserved."},
        ),
    ]


def _many(stocks: StockActions, reading: StockReading, summaries: Summaries) -> list[Route]:
    async def act(call: Call) -> Answer:
        return Answer(200, encode(await stocks.act(call.document, call.origin())))

    async def search_stocks(call: Call) -> Answer:
        return Answer(200, await reading.search(call.principal.tenant, call.document))

    async def sum_up(call: Call) -> Answer:
        query: StockSummariesQuery = call.query
        asked = summing.Asked(
            size=int(query.size if query.max_page_size is UNSET else query.max_page_size),
            after=_given(query.start_after_id) or "",
            articles=_given(query.tenant_article_ids),
            facilities=_given(query.facility_refs),
            statuses=_given(query.facility_status),
            service_types=_given(query.facility_service_types),
            groups=_given(query.facility_group_refs),
            channels=_given(query.channel_refs),
        )
        return Answer(200, encode(await summaries.page(call.principal.tenant, asked)))

    return [
        Route(
            "POST",
            f"{PATH}/actions",
            act,
            operation_id="performStocksActions",
            summary="Act on many stocks",
            description="All of it is done, or nothing.",
            tag=TAG,
            permissions=(Permission.STOCK_WRITE,),
            body=StockAction,
            replies={200: Reply("What was done.", StockActionResult)},
            refusals={409: _TOO_FEW},
        ),
        Route(
            "POST",
            f"{PATH}/search",
            search_stocks,
            operation_id="searchStock",
            summary="Search stocks",
            description="A member that is not known here is refused, since a misspelt filter would find everything.",
            tag=TAG,
            permissions=(Permission.STOCK_READ,),
            body=StockSearchPayload,
            replies={200: Reply("A page of what was found.", StockPaginatedResult)},
        ),
        Route(
            "GET",
            f"{PATH}/summaries",
            sum_up,
            operation_id="getStockSummaries",
            summary="Sum up the stock of articles",
            description="Over all facilities, or some of them, by article. The numbers are those of this moment.",
            tag=TAG,
            permissions=(Permission.STOCK_AVAILABILITIES_READ,),
            query=StockSummariesQuery,
            replies={200: Reply("A page of summaries, empty where nothing matches.", StockSummaries)},
        ),
    ]


def _given(value: T | UnsetType) -> T | None:
    return None if value is UNSET else value
