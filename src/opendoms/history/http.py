"""The endpoints of history: decode, call, encode."""

from __future__ import annotations

from typing import Final, TypeVar

from msgspec import UNSET, UnsetType

from opendoms.history import position
from opendoms.history.actions import OrderHistory
from opendoms.history.feed import Page
from opendoms.history.following import Asked, Following
from opendoms.history.wire import Events, EventsQuery, HistoryQuery, OrderAtQuery, OrderVersions
from opendoms.identity.permissions import Permission
from opendoms.kernel.clock import instant_of
from opendoms.kernel.document import encode
from opendoms.kernel.refusal import Fault, Invalid
from opendoms.orders.wire import Order
from opendoms.web.routing import Answer, Call, Reply, Route

TAG: Final = "Events (opendoms)"
ORDERS_TAG: Final = "Orders (opendoms)"
STREAM_TYPE: Final = "text/event-stream"

_NOT_STORED: Final = ((b"cache-control", b"no-store"),)
_ORDER_ID: Final = {"orderId": "The id that the hub gave the order."}

T = TypeVar("T")


def routes(following: Following, history: OrderHistory) -> list[Route]:
    """The feed of events, the history of an order, and the order as it was."""
    return [*_feed(following), *_of_orders(history)]


def _feed(following: Following) -> list[Route]:
    async def follow_events(call: Call) -> Answer:
        query: EventsQuery = call.query
        asked = Asked(
            kinds=_given(query.entity_kind) or (),
            types=_given(query.type) or (),
            after=_given(query.after),
            newest=query.start == "NEWEST",
        )
        if _wants_stream(call):
            stream = await following.stream(call.principal, asked._replace(after=_resumed(call) or asked.after))
            return Answer(200, headers=_NOT_STORED, content_type=STREAM_TYPE, stream=stream)
        page = await following.page(call.principal, asked, query.size, query.wait)
        return Answer(200, _envelope(call.principal.tenant, page), _NOT_STORED)

    return [
        Route(
            "GET",
            "/opendoms/v1/events",
            follow_events,
            operation_id="followEvents",
            summary="Follow what happens",
            description=(
                "Every event that the caller may read, once, and in order for each entity. An event takes EVENT_READ "
                "and the permission to read the entity: ORDER_READ for those of orders. With `Accept: "
                "text/event-stream` the answer goes on for as long as somebody listens: the `id` of each server-sent "
                "event is its cursor, and `Last-Event-ID` goes on behind it."
            ),
            tag=TAG,
            permissions=(Permission.EVENT_READ,),
            query=EventsQuery,
            replies={200: Reply("A page of events, empty where there are none yet.", Events, stream=STREAM_TYPE)},
        )
    ]


def _of_orders(history: OrderHistory) -> list[Route]:
    async def get_order_history(call: Call) -> Answer:
        query: HistoryQuery = call.query
        order_id, before = call.path["orderId"], _given(query.before)
        return Answer(200, await history.page(call.principal, order_id, before=before, size=query.size))

    async def get_order_at(call: Call) -> Answer:
        query: OrderAtQuery = call.query
        as_of = None if query.as_of is UNSET else instant_of(query.as_of)
        order_id, version = call.path["orderId"], _given(query.version)
        return Answer(200, await history.order(call.principal, order_id, version=version, as_of=as_of))

    past = "The past takes PROCESS_LOG_READ or AUDIT_READ as well."
    return [
        Route(
            "GET",
            "/opendoms/v1/orders/{orderId}/history",
            get_order_history,
            operation_id="getOrderHistory",
            summary="Read who changed what about an order",
            description=f"The newest version first, each with its difference to the one before it. {past}",
            tag=ORDERS_TAG,
            permissions=(Permission.ORDER_READ,),
            query=HistoryQuery,
            path_parameters=_ORDER_ID,
            replies={200: Reply("A page of versions.", OrderVersions)},
            refusals={404: "No order has this id."},
        ),
        Route(
            "GET",
            "/opendoms/v1/orders/{orderId}",
            get_order_at,
            operation_id="getOrderAt",
            summary="Read an order as it was",
            description=f"In a version, or at a time; without either, as it is. {past}",
            tag=ORDERS_TAG,
            permissions=(Permission.ORDER_READ,),
            query=OrderAtQuery,
            path_parameters=_ORDER_ID,
            replies={200: Reply("The order as it was stored then.", Order)},
            refusals={404: "No order has this id, it was not there yet, or that version is not kept."},
        ),
    ]


def _envelope(tenant: str, page: Page) -> bytes:
    tail = encode({"nextCursor": position.written(tenant, page.next), "hasMore": page.more})
    return b'{"events":[' + b",".join(event.body for event in page.events) + b"]," + tail[1:]


def _wants_stream(call: Call) -> bool:
    """Whether the caller asks for server-sent events; a preference among several is not weighed."""
    ranges = call.headers.get(b"accept", b"").decode("latin-1").split(",")
    return any(each.partition(";")[0].strip().lower() == STREAM_TYPE for each in ranges)


def _resumed(call: Call) -> str | None:
    """Where a stream that broke off goes on, as browsers tell it."""
    try:
        return call.headers.get(b"last-event-id", b"").decode("ascii") or None
    except UnicodeDecodeError:
        raise Invalid(Fault("Last-Event-ID: expected a cursor of this feed")) from None


def _given(value: T | UnsetType) -> T | None:
    return None if value is UNSET else value
