"""The sources that orders may come from: one by one in, as a list out."""

from __future__ import annotations

from typing import Final

from opendoms.configuration.actions import OrderSourceActions
from opendoms.configuration.wire import (
    OrderSourceConfiguration,
    OrderSourceEntry,
    OrderSourceEntryForCreation,
    OrderSourceEntryForUpdate,
    OrderSourceListQuery,
)
from opendoms.identity.permissions import Permission
from opendoms.web.routing import Answer, Call, Reply, Route

TAG: Final = "Orders Source (DOMS)"
PATH: Final = "/api/configurations/ordersources"
# Sorts after every id.
_AFTER_ALL_IDS: Final = "\U0010ffff"


def routes(sources: OrderSourceActions) -> list[Route]:
    """Keeping the sources that orders may come from."""

    async def list_sources(call: Call) -> Answer:
        query: OrderSourceListQuery = call.query
        before = query.start_after_id or _AFTER_ALL_IDS
        return Answer(200, await sources.page(call.principal.tenant, before=before, size=query.size))

    async def add_source(call: Call) -> Answer:
        return Answer(201, await sources.add(call.document, call.origin()))

    async def modify_source(call: Call) -> Answer:
        return Answer(200, await sources.modify(call.path["ordersourceId"], call.document, call.origin()))

    async def delete_source(call: Call) -> Answer:
        return Answer(200, await sources.remove(call.path["ordersourceId"], call.origin()))

    source_id = {"ordersourceId": "The id that the hub gave the source."}
    return [
        Route(
            "GET",
            PATH,
            list_sources,
            operation_id="getOrderSourceConfiguration",
            summary="List the sources of orders",
            description="Newest first. Before the first one is created the list is empty and the version 0.",
            tag=TAG,
            permissions=(Permission.CONFIG_READ,),
            query=OrderSourceListQuery,
            replies={200: Reply("The configuration with one page of sources.", OrderSourceConfiguration)},
        ),
        Route(
            "POST",
            PATH,
            add_source,
            operation_id="postOrderSourceConfiguration",
            summary="Create a source of orders",
            description="A tenant has up to 500 sources.",
            tag=TAG,
            permissions=(Permission.CONFIG_WRITE,),
            body=OrderSourceEntryForCreation,
            replies={201: Reply("The source as it is stored.", OrderSourceEntry)},
            refusals={409: "Another source has this tenantSourceId."},
        ),
        Route(
            "PUT",
            PATH + "/{ordersourceId}",
            modify_source,
            operation_id="putOrderSource",
            summary="Replace a source of orders",
            description="The version is that of the source, not of the configuration. An unknown id is answered 400.",
            tag=TAG,
            permissions=(Permission.CONFIG_WRITE,),
            path_parameters=source_id,
            body=OrderSourceEntryForUpdate,
            replies={200: Reply("The source after the change.", OrderSourceEntry)},
            refusals={
                404: "Not answered by this server: the contract has 400 for an unknown id here.",
                409: "The version is not the stored one, or another source has this tenantSourceId.",
            },
        ),
        Route(
            "DELETE",
            PATH + "/{ordersourceId}",
            delete_source,
            operation_id="deleteOrderSource",
            summary="Delete a source of orders",
            description="Orders that name it stay as they are.",
            tag=TAG,
            permissions=(Permission.CONFIG_WRITE,),
            path_parameters=source_id,
            replies={200: Reply("The configuration without the source.", OrderSourceConfiguration)},
            refusals={404: "No source has this id."},
        ),
    ]
