"""The configuration endpoints."""

from __future__ import annotations

from opendoms.configuration.actions import ConfigurationActions
from opendoms.configuration.order_modification import ORDER_MODIFICATION
from opendoms.configuration.wire import OrderModificationConfiguration
from opendoms.identity.permissions import Permission
from opendoms.kernel.document import encode
from opendoms.web.routing import Answer, Call, Reply, Route

TAG = "Orders Configuration (DOMS)"


def routes(configurations: ConfigurationActions) -> list[Route]:
    """Reading and writing what orders are configured by."""

    async def read_order_modification(call: Call) -> Answer:
        return Answer(200, encode(await configurations.document(call.principal.tenant, ORDER_MODIFICATION)))

    async def write_order_modification(call: Call) -> Answer:
        created, body = await configurations.put(ORDER_MODIFICATION, call.document, call.origin())
        return Answer(201 if created else 200, body)

    path = "/api/configurations/ordermodification"
    return [
        Route(
            "GET",
            path,
            read_order_modification,
            operation_id="getOrderModificationConfiguration",
            summary="Read what may be edited on orders",
            description="Before the first write the defaults are answered, with version 0.",
            tag=TAG,
            permissions=(Permission.CONFIG_READ,),
            replies={200: Reply("The configuration in force.", OrderModificationConfiguration)},
        ),
        Route(
            "PUT",
            path,
            write_order_modification,
            operation_id="putOrderModificationConfiguration",
            summary="Set what may be edited on orders",
            description="The first write is taken with any version; later ones must carry the stored version.",
            tag=TAG,
            permissions=(Permission.CONFIG_WRITE,),
            body=OrderModificationConfiguration,
            replies={
                200: Reply("The configuration was changed, or was like this already.", OrderModificationConfiguration),
                201: Reply("The configuration was written for the first time.", OrderModificationConfiguration),
            },
            refusals={409: "The version is not the stored one."},
        ),
    ]
