"""The action endpoints of orders: decode, call, encode."""

from __future__ import annotations

from opendoms.identity.permissions import Permission
from opendoms.kernel.document import encode
from opendoms.orders.moves import OrderMoves
from opendoms.orders.wire import Order
from opendoms.orders.wire.action import (
    BulkForceCancelOrdersActionParameter,
    BulkOrderActionResult,
    OrderActionsParameter,
    OrderLineItemCustomAttributesUpdateParameter,
    PossibleActions,
)
from opendoms.web.routing import Answer, Call, Reply, Route

TAG = "Orders (DOMS)"
OURS = "Orders (opendoms)"

_ORDER_ID = "The id that the hub gave the order."
_UNKNOWN = "No order has this id, or its promise ran out."
_STALE = "The version is not the stored one."


def routes(moves: OrderMoves) -> list[Route]:
    """Actions on one order, on a line, on many; and what could be asked for."""

    async def order_action(call: Call) -> Answer:
        return Answer(200, await moves.act(call.path["orderId"], call.document, call.principal, call.origin()))

    async def order_line_item_action(call: Call) -> Answer:
        order_id, line_id = call.path["orderId"], call.path["orderLineItemId"]
        return Answer(200, await moves.act_on_line(order_id, line_id, call.document, call.principal, call.origin()))

    async def bulk_orders_action(call: Call) -> Answer:
        return Answer(
            200, encode(await moves.force_cancel_many(call.document["orders"], call.principal, call.origin()))
        )

    async def possible_order_actions(call: Call) -> Answer:
        return Answer(200, await moves.possible(call.path["orderId"], call.principal))

    return [
        Route(
            "POST",
            "/api/orders/{orderId}/actions",
            order_action,
            operation_id="orderAction",
            summary="Move an order",
            description=(
                "`name` says which move: UNLOCK, CANCEL, FORCE_CANCEL, CONFIRM_PROMISE, EXTEND_PROMISE, "
                "CHANGE_CONSUMER_ADDRESS or REPLACE_CONSUMER_ADDRESSES. Each has a permission of its own; the table "
                "of states says which move an order allows."
            ),
            tag=TAG,
            permissions=(
                Permission.ORDER_WRITE,
                Permission.ORDER_CANCEL,
                Permission.ORDER_FORCE_CANCEL,
                Permission.ORDER_UNLOCK,
                Permission.ORDER_CONSUMER_WRITE,
            ),
            body=OrderActionsParameter,
            path_parameters={"orderId": _ORDER_ID},
            replies={200: Reply("The order after the move.", Order)},
            refusals={404: _UNKNOWN, 409: f"{_STALE} Or another live order holds the tenantOrderId."},
        ),
        Route(
            "POST",
            "/api/orders/{orderId}/orderlineitems/{orderLineItemId}/actions",
            order_line_item_action,
            operation_id="orderLineItemAction",
            summary="Change a line of an order",
            description="UPDATE_CUSTOM_ATTRIBUTES replaces the custom attributes of the line.",
            tag=TAG,
            permissions=(Permission.ORDER_WRITE,),
            body=OrderLineItemCustomAttributesUpdateParameter,
            path_parameters={"orderId": _ORDER_ID, "orderLineItemId": "The id that the hub gave the line."},
            replies={200: Reply("The order after the change.", Order)},
            refusals={404: "No order has this id, or it has no line with this id.", 409: _STALE},
        ),
        Route(
            "POST",
            "/api/orders/actions",
            bulk_orders_action,
            operation_id="bulkOrdersAction",
            summary="Cancel several orders",
            description="Each order is cancelled by itself: one that cannot be does not keep the others from it.",
            tag=TAG,
            permissions=(Permission.ORDER_WRITE, Permission.ORDER_CANCEL, Permission.ORDER_FORCE_CANCEL),
            body=BulkForceCancelOrdersActionParameter,
            replies={200: Reply("One result per order, in the order asked.", list[BulkOrderActionResult])},
            refusals={404: "None of the orders exists."},
        ),
        Route(
            "GET",
            "/opendoms/v1/orders/{orderId}/actions",
            possible_order_actions,
            operation_id="possibleOrderActions",
            summary="Ask what may be done with an order now",
            description="Every move: whether the state, the configuration and your permissions allow it, or why not.",
            tag=OURS,
            permissions=(Permission.ORDER_READ,),
            path_parameters={"orderId": _ORDER_ID},
            replies={200: Reply("Every move, possible or not.", PossibleActions)},
            refusals={404: "No order has this id."},
        ),
    ]
