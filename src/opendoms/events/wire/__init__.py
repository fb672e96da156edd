"""What subscriptions, what waits for them, deliveries and replays look like on the wire."""

from __future__ import annotations

from opendoms.events.wire.backlog import Backlog, BacklogQuery
from opendoms.events.wire.delivery import Deliveries, Delivery, DeliveryListQuery
from opendoms.events.wire.managed import ManagedSubscription, NewSecret, SubscriptionForUpdate, SubscriptionWithSecret
from opendoms.events.wire.replay import EventReplay, EventReplayForCreation
from opendoms.events.wire.subscription import (
    Subscription,
    SubscriptionForCreation,
    SubscriptionListQuery,
    Subscriptions,
    SupportedEvents,
)

__all__ = [
    "Backlog",
    "BacklogQuery",
    "Deliveries",
    "Delivery",
    "DeliveryListQuery",
    "EventReplay",
    "EventReplayForCreation",
    "ManagedSubscription",
    "NewSecret",
    "Subscription",
    "SubscriptionForCreation",
    "SubscriptionForUpdate",
    "SubscriptionListQuery",
    "SubscriptionWithSecret",
    "Subscriptions",
    "SupportedEvents",
]
