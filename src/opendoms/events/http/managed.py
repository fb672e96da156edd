"""What we add to subscriptions: secrets, reading and changing one, pauses."""

from __future__ import annotations

from typing import Final

from opendoms.events.actions import SubscriptionActions
from opendoms.events.wire import (
    ManagedSubscription,
    NewSecret,
    SubscriptionForCreation,
    SubscriptionForUpdate,
    SubscriptionWithSecret,
)
from opendoms.identity.permissions import Permission
from opendoms.kernel.document import encode
from opendoms.web.routing import Answer, Call, Reply, Route

TAG: Final = "Webhooks (opendoms)"
PATH: Final = "/opendoms/v1/subscriptions"
ONE: Final = PATH + "/{subscriptionId}"
ID: Final = {"subscriptionId": "The id of the subscription."}
UNKNOWN: Final = "No subscription has this id."


def routes(subscriptions: SubscriptionActions) -> list[Route]:
    """Keeping one subscription."""
    return [*_whole(subscriptions), *_moves(subscriptions)]


def _whole(subscriptions: SubscriptionActions) -> list[Route]:
    async def create(call: Call) -> Answer:
        document, secret = await subscriptions.create(call.document, call.origin())
        body = {**await subscriptions.view(call.principal.tenant, document), "secret": secret}
        location = f"{call.base_url}{PATH}/{document['id']}"
        return Answer(201, encode(body), ((b"location", location.encode()),))

    async def read(call: Call) -> Answer:
        tenant = call.principal.tenant
        stored = await subscriptions.stored(tenant, call.path["subscriptionId"])
        return Answer(200, encode(await subscriptions.view(tenant, stored.document)))

    async def update(call: Call) -> Answer:
        document = await subscriptions.update(call.path["subscriptionId"], call.document, call.origin())
        return Answer(200, encode(await subscriptions.view(call.principal.tenant, document)))

    return [
        Route(
            "POST",
            PATH,
            create,
            operation_id="createSubscriptionWithSecret",
            summary="Subscribe to an event, and get the secret",
            description="As POST /api/subscriptions; the answer also holds the secret, this once.",
            tag=TAG,
            permissions=(Permission.SUBSCRIPTION_WRITE,),
            body=SubscriptionForCreation,
            replies={201: Reply("The subscription with its secret.", SubscriptionWithSecret, location=True)},
        ),
        Route(
            "GET",
            ONE,
            read,
            operation_id="getSubscription",
            summary="Read a subscription",
            tag=TAG,
            permissions=(Permission.SUBSCRIPTION_READ,),
            path_parameters=ID,
            replies={200: Reply("The subscription, with the end of its secret.", ManagedSubscription)},
            refusals={404: UNKNOWN},
        ),
        Route(
            "PUT",
            ONE,
            update,
            operation_id="putSubscription",
            summary="Change a subscription",
            description="Name, target, headers and contexts are replaced. With another URL it goes on where it is.",
            tag=TAG,
            permissions=(Permission.SUBSCRIPTION_WRITE,),
            path_parameters=ID,
            body=SubscriptionForUpdate,
            replies={200: Reply("The subscription after the change.", ManagedSubscription)},
            refusals={404: UNKNOWN, 409: "The version is not the stored one."},
        ),
    ]


def _moves(subscriptions: SubscriptionActions) -> list[Route]:
    async def pause(call: Call) -> Answer:
        document = await subscriptions.pause(call.path["subscriptionId"], call.origin())
        return Answer(200, encode(await subscriptions.view(call.principal.tenant, document)))

    async def resume(call: Call) -> Answer:
        document = await subscriptions.resume(call.path["subscriptionId"], call.origin())
        return Answer(200, encode(await subscriptions.view(call.principal.tenant, document)))

    async def rotate(call: Call) -> Answer:
        return Answer(200, encode(await subscriptions.rotate(call.path["subscriptionId"], call.origin())))

    return [
        Route(
            "POST",
            ONE + "/pause",
            pause,
            operation_id="pauseSubscription",
            summary="Pause a subscription",
            description=(
                "Nothing is begun for it within about a second, until it is resumed; nothing that happens meanwhile is "
                "lost."
            ),
            tag=TAG,
            permissions=(Permission.SUBSCRIPTION_WRITE,),
            path_parameters=ID,
            replies={200: Reply("The subscription, paused.", ManagedSubscription)},
            refusals={404: UNKNOWN},
        ),
        Route(
            "POST",
            ONE + "/resume",
            resume,
            operation_id="resumeSubscription",
            summary="Resume a subscription",
            description="It goes on with what happened first after the pause began.",
            tag=TAG,
            permissions=(Permission.SUBSCRIPTION_WRITE,),
            path_parameters=ID,
            replies={200: Reply("The subscription, resumed.", ManagedSubscription)},
            refusals={404: UNKNOWN},
        ),
        Route(
            "POST",
            ONE + "/secret",
            rotate,
            operation_id="rotateSubscriptionSecret",
            summary="Rotate the secret of a subscription",
            description="For a day messages carry the signatures of both secrets, so that receivers can change over.",
            tag=TAG,
            permissions=(Permission.SUBSCRIPTION_WRITE,),
            path_parameters=ID,
            replies={200: Reply("The new secret, this once.", NewSecret)},
            refusals={404: UNKNOWN},
        ),
    ]
