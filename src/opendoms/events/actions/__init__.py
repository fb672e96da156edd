"""What can be asked of subscriptions, of what waits for them, deliveries and replays."""

from __future__ import annotations

from opendoms.events.actions.backlog import BacklogActions
from opendoms.events.actions.deliveries import DeliveryActions
from opendoms.events.actions.replays import ReplayActions
from opendoms.events.actions.subscriptions import SubscriptionActions

__all__ = ["BacklogActions", "DeliveryActions", "ReplayActions", "SubscriptionActions"]
