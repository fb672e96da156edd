"""The order endpoints: decode, call, encode."""

from __future__ import annotations

import msgspec

from opendoms.identity.permissions import Permission
from opendoms.orders.actions import OrderActions
from opendoms.orders.listing import stripped
from opendoms.orders.wire import Order, OrderForCreation, OrderForUpdate, OrderListQuery, StrippedOrders
from opendoms.web.routing import Answer, Call, Reply, Route

TAG = "Orders (DOMS)"
# Sorts after every id.
_AFTER_ALL_IDS = "\U0010ffff"


def routes(orders: OrderActions) -> list[Route]:
    """Taking in, reading, listing and editing orders."""

    async def add_order(call: Call) -> Answer:
        order_id, body = await orders.create(call.document, call.origin())
        location = f"{call.base_url}/api/orders/{order_id}"
        return Answer(201, body, ((b"location", location.encode()),))

    async def get_order(call: Call) -> Answer:
        return Answer(200, await orders.read(call.principal.tenant, call.path["orderId"]))

    async def get_all_orders(call: Call) -> Answer:
        query: OrderListQuery = call.query
        page = await orders.list(
            call.principal.tenant,
            before=query.start_after_id or _AFTER_ALL_IDS,
            size=query.size,
            tenant_order_id=_given(query.tenant_order_id),
            consumer_id=_given(query.consumer_id),
        )
        return Answer(200, await stripped(page, query.size))

    async def update_order(call: Call) -> Answer:
        return Answer(200, await orders.edit(call.path["orderId"], call.document, call.principal, call.origin()))

    order_id = {"orderId": "The id that the hub gave the order."}
    return [
        Route(
            "GET",
            "/api/orders",
            get_all_orders,
            operation_id="getAllOrders",
            summary="List orders",
            description="Newest first, reduced to what a list shows. Filters combine; total counts all that match.",
            tag=TAG,
            permissions=(Permission.ORDER_READ,),
            query=OrderListQuery,
            replies={200: Reply("A page of orders, empty where nothing matches.", StrippedOrders)},
        ),
        Route(
            "POST",
            "/api/orders",
            add_order,
            operation_id="addOrder",
            summary="Create an order",
            description="The answered order is stored durably, together with its event.",
            tag=TAG,
            permissions=(Permission.ORDER_WRITE,),
            body=OrderForCreation,
            replies={201: Reply("The order as it is stored.", Order, location=True)},
            refusals={409: "Another live order holds this tenantOrderId."},
        ),
        Route(
            "GET",
            "/api/orders/{orderId}",
            get_order,
            operation_id="getOrder",
            summary="Read an order",
            tag=TAG,
            permissions=(Permission.ORDER_READ,),
            path_parameters=order_id,
            replies={200: Reply("The order as it is stored.", Order)},
            refusals={404: "No order has this id."},
        ),
        Route(
            "PATCH",
            "/api/orders/{orderId}",
            update_order,
            operation_id="updateOrder",
            summary="Edit an order",
            description=(
                "Members that are not sent stay. A list of line items replaces the stored one: a line with an id is "
                "kept and changed, one without an id is added, one that is left out is removed. A change that asks "
                "for what is already so answers the order as it is."
            ),
            tag=TAG,
            permissions=(Permission.ORDER_WRITE,),
            body=OrderForUpdate,
            path_parameters=order_id,
            replies={200: Reply("The order after the change.", Order)},
            refusals={404: "No order has this id.", 409: "The version is not the stored one."},
        ),
    ]


def _given(value: str | msgspec.UnsetType) -> str | None:
    return None if value is msgspec.UNSET else value
