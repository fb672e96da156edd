"""The promise endpoints: decode, call, encode."""

from __future__ import annotations

from opendoms.identity.permissions import Permission
from opendoms.promises.actions import PromiseActions
from opendoms.promises.wire import PromiseExplanation, PromiseRequest, ResponseForDeliveryPromise
from opendoms.web.routing import Answer, Call, Reply, Route

TAG = "Orders (DOMS)"


def routes(promises: PromiseActions) -> list[Route]:
    """Making promises, and explaining them."""

    async def promise_delivery(call: Call) -> Answer:
        promised = await promises.promise(call.document, call.origin())
        location = f"{call.base_url}/api/orders/{promised.order_id}"
        return Answer(201, promised.body, ((b"location", location.encode()),))

    async def explain(call: Call) -> Answer:
        return Answer(200, await promises.explanation(call.principal.tenant, call.path["orderId"]))

    return [
        Route(
            "POST",
            "/api/promises/deliverypromise",
            promise_delivery,
            operation_id="postDeliveryPromise",
            summary="Promise an order",
            description=(
                "Decides which facility sends what, by which carrier and when, holds the goods and stores the order "
                "as PROMISED until it is confirmed. What nobody can serve now is told in backOrdered where it may "
                "wait, else in sourcingOption.nonAssignedOrderLineItems."
            ),
            tag=TAG,
            permissions=(Permission.ORDER_WRITE,),
            body=PromiseRequest,
            replies={201: Reply("What was promised.", ResponseForDeliveryPromise, location=True)},
            refusals={409: "Another live order holds this tenantOrderId."},
        ),
        Route(
            "GET",
            "/opendoms/v1/promises/{orderId}/explanation",
            explain,
            operation_id="explainDeliveryPromise",
            summary="Explain a promise",
            description="For each facility that was looked at, what spoke for it and what against it.",
            tag=TAG,
            permissions=(Permission.ORDER_READ,),
            path_parameters={"orderId": "The id of the promised order."},
            replies={200: Reply("Why the promise is as it is.", PromiseExplanation)},
            refusals={404: "No order has this id, or it was not promised."},
        ),
    ]
