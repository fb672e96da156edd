"""Deliveries and replays: decode, call, encode."""

from __future__ import annotations

from typing import Any, Final, TypeVar

from msgspec import UNSET, Raw, UnsetType

from opendoms.events.actions import DeliveryActions, ReplayActions
from opendoms.events.actions.deliveries import Asked
from opendoms.events.http.managed import ID, ONE, TAG, UNKNOWN
from opendoms.events.wire import Deliveries, Delivery, DeliveryListQuery, EventReplay, EventReplayForCreation
from opendoms.identity.permissions import Permission
from opendoms.kernel.document import decode, encode
from opendoms.web.routing import Answer, Call, Reply, Route

PATH: Final = "/opendoms/v1/deliveries"
_ID: Final = {"deliveryId": "The id of the delivery."}
# Sorts behind every id.
_NEWEST: Final = "~"

T = TypeVar("T")


def routes(deliveries: DeliveryActions, replays: ReplayActions) -> list[Route]:
    """What became of events."""
    return [*_deliveries(deliveries), *_replays(replays)]


def _deliveries(deliveries: DeliveryActions) -> list[Route]:
    async def list_deliveries(call: Call) -> Answer:
        query: DeliveryListQuery = call.query
        asked = Asked(
            before=_given(query.start_after_id) or _NEWEST,
            size=query.size,
            subscription_id=_given(query.subscription_id),
            entity_id=_given(query.entity_id),
            state=_given(query.state),
        )
        page = await deliveries.list(call.principal.tenant, asked)
        body: dict[str, Any] = {"deliveries": [Raw(document) for document in page.documents]}
        if page.has_next_page:
            body["nextCursor"] = decode(page.documents[-1])["id"]
        return Answer(200, encode(body))

    async def read(call: Call) -> Answer:
        return Answer(200, await deliveries.read(call.principal.tenant, call.path["deliveryId"]))

    async def redeliver(call: Call) -> Answer:
        return Answer(200, await deliveries.redeliver(call.principal.tenant, call.path["deliveryId"]))

    return [
        Route(
            "GET",
            PATH,
            list_deliveries,
            operation_id="getDeliveries",
            summary="List deliveries",
            description="Newest first. An event is here once it was tried, or waits behind one that was.",
            tag=TAG,
            permissions=(Permission.SUBSCRIPTION_READ,),
            query=DeliveryListQuery,
            replies={200: Reply("A page of deliveries, empty where there are none.", Deliveries)},
        ),
        Route(
            "GET",
            PATH + "/{deliveryId}",
            read,
            operation_id="getDelivery",
            summary="Read a delivery",
            tag=TAG,
            permissions=(Permission.SUBSCRIPTION_READ,),
            path_parameters=_ID,
            replies={200: Reply("The delivery with its latest attempts.", Delivery)},
            refusals={404: "No delivery has this id."},
        ),
        Route(
            "POST",
            PATH + "/{deliveryId}/redeliver",
            redeliver,
            operation_id="redeliver",
            summary="Send an event once more, or at once",
            description="Works in every state but for a delivery that waits behind an earlier one of the same entity.",
            tag=TAG,
            permissions=(Permission.SUBSCRIPTION_WRITE,),
            path_parameters=_ID,
            replies={200: Reply("The delivery, about to be tried.", Delivery)},
            refusals={
                400: "It waits behind another one, or its subscription is gone.",
                404: "No delivery has this id.",
            },
        ),
    ]


def _replays(replays: ReplayActions) -> list[Route]:
    async def start(call: Call) -> Answer:
        return Answer(
            202, encode(await replays.start(call.principal.tenant, call.path["subscriptionId"], call.document))
        )

    async def read(call: Call) -> Answer:
        return Answer(200, encode(await replays.read(call.principal.tenant, call.path["subscriptionId"])))

    async def cancel(call: Call) -> Answer:
        return Answer(200, encode(await replays.cancel(call.principal.tenant, call.path["subscriptionId"])))

    path = ONE + "/replay"
    return [
        Route(
            "POST",
            path,
            start,
            operation_id="replayEvents",
            summary="Send events of the past once more",
            description="They keep their ids, so a receiver can tell what it has seen. One replay runs at a time.",
            tag=TAG,
            permissions=(Permission.SUBSCRIPTION_WRITE,),
            path_parameters=ID,
            body=EventReplayForCreation,
            replies={202: Reply("The replay, under way.", EventReplay)},
            refusals={404: UNKNOWN, 409: "A replay of this subscription is under way."},
        ),
        Route(
            "GET",
            path,
            read,
            operation_id="getReplay",
            summary="Read how far a replay is",
            tag=TAG,
            permissions=(Permission.SUBSCRIPTION_READ,),
            path_parameters=ID,
            replies={200: Reply("The last replay of the subscription.", EventReplay)},
            refusals={404: "No replay of this subscription was ever asked for."},
        ),
        Route(
            "DELETE",
            path,
            cancel,
            operation_id="cancelReplay",
            summary="Cancel a replay",
            description="What waits as a delivery already is still sent.",
            tag=TAG,
            permissions=(Permission.SUBSCRIPTION_WRITE,),
            path_parameters=ID,
            replies={200: Reply("The replay, cancelled.", EventReplay)},
            refusals={404: "No replay of this subscription is under way."},
        ),
    ]


def _given(value: T | UnsetType) -> T | None:
    return None if value is UNSET else value
