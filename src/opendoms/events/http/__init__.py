"""The endpoints of subscriptions, deliveries and replays."""

from __future__ import annotations

from opendoms.events.actions import DeliveryActions, ReplayActions, SubscriptionActions
from opendoms.events.http import deliveries, managed, subscriptions
from opendoms.web.routing import Route


def routes(kept: SubscriptionActions, delivered: DeliveryActions, replays: ReplayActions) -> list[Route]:
    """Being told of events, and what became of that."""
    return [
        *subscriptions.routes(kept),
        *managed.routes(kept),
        *deliveries.routes(delivered, replays),
    ]
