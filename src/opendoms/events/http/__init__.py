"""The endpoints of subscriptions, of what waits for them, deliveries and replays."""

from __future__ import annotations

from opendoms.events.actions import BacklogActions, DeliveryActions, ReplayActions, SubscriptionActions
from opendoms.events.http import backlog, deliveries, managed, subscriptions
from opendoms.web.routing import Route


def routes(
    kept: SubscriptionActions, delivered: DeliveryActions, replays: ReplayActions, waiting: BacklogActions
) -> list[Route]:
    """Being told of events, and what became of that."""
    return [
        *subscriptions.routes(kept),
        *managed.routes(kept),
        *deliveries.routes(delivered, replays),
        *backlog.routes(waiting),
    ]
