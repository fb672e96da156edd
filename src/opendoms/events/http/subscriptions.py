"""Subscriptions as the contract has them: decode, call, encode."""

from __future__ import annotations

from typing import Any, Final

from msgspec import UNSET

from opendoms.events.actions import SubscriptionActions
from opendoms.events.rules.catalogue import EVENTS
from opendoms.events.rules.subscription import contract_view
from opendoms.events.wire import (
    Subscription,
    SubscriptionForCreation,
    SubscriptionListQuery,
    Subscriptions,
    SupportedEvents,
)
from opendoms.identity.permissions import Permission
from opendoms.kernel.document import encode
from opendoms.web.routing import Answer, Call, Reply, Route

TAG: Final = "Eventing (Core)"
PATH: Final = "/api/subscriptions"

# Sorts behind every id.
_NEWEST: Final = "~"


def routes(subscriptions: SubscriptionActions) -> list[Route]:
    """Who is told of which event."""

    async def list_subscriptions(call: Call) -> Answer:
        query: SubscriptionListQuery = call.query
        before = _NEWEST if query.start_after_id is UNSET else query.start_after_id
        page = await subscriptions.page(call.principal.tenant, before=before, size=query.size)
        body: dict[str, Any] = {"subscriptions": page.documents, "total": page.total}
        if page.has_next_page:
            body["nextCursor"] = page.documents[-1]["id"]
        return Answer(200, encode(body))

    async def add_subscription(call: Call) -> Answer:
        document, _ = await subscriptions.create(call.document, call.origin())
        return Answer(201, encode(contract_view(document)))

    async def delete_subscription(call: Call) -> Answer:
        document = await subscriptions.delete(call.path["subscriptionId"], call.origin())
        return Answer(200, encode(contract_view(document)))

    async def list_events(_call: Call) -> Answer:
        events = [{"event": told.name, "description": told.description} for told in EVENTS]
        return Answer(200, encode({"supportedEvents": events}))

    return [
        Route(
            "GET",
            PATH,
            list_subscriptions,
            operation_id="getSubscriptions",
            summary="List subscriptions",
            description="Newest first.",
            tag=TAG,
            permissions=(Permission.SUBSCRIPTION_READ,),
            query=SubscriptionListQuery,
            replies={200: Reply("A page of subscriptions, empty where there are none.", Subscriptions)},
        ),
        Route(
            "POST",
            PATH,
            add_subscription,
            operation_id="addSubscription",
            summary="Subscribe to an event",
            description=(
                "What happens from now on is posted to the callback URL: at least once, in order for each order, and "
                "signed. The secret is told when it is rotated, or by the creation under /opendoms/v1."
            ),
            tag=TAG,
            permissions=(Permission.SUBSCRIPTION_WRITE,),
            body=SubscriptionForCreation,
            replies={201: Reply("The subscription as it is stored.", Subscription)},
        ),
        Route(
            "DELETE",
            PATH + "/{subscriptionId}",
            delete_subscription,
            operation_id="deleteSubscription",
            summary="End a subscription",
            description="Nothing more is sent; what waits is cancelled.",
            tag=TAG,
            permissions=(Permission.SUBSCRIPTION_WRITE,),
            path_parameters={"subscriptionId": "The id of the subscription."},
            replies={200: Reply("The subscription as it was.", Subscription)},
            refusals={400: "Not answered by this server: any text is an id.", 404: "No subscription has this id."},
        ),
        Route(
            "GET",
            "/api/supportedevents",
            list_events,
            operation_id="getEvents",
            summary="List the events that can be subscribed to",
            tag=TAG,
            permissions=(Permission.EVENT_READ,),
            replies={200: Reply("Every event that this hub sends.", SupportedEvents)},
        ),
    ]
