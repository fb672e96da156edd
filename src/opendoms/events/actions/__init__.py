"""What can be asked of subscriptions, deliveries and replays."""

from __future__ import annotations

from opendoms.events.actions.deliveries import DeliveryActions
from opendoms.events.actions.replays import ReplayActions
from opendoms.events.actions.subscriptions import SubscriptionActions

__all__ = ["DeliveryActions", "ReplayActions", "SubscriptionActions"]
