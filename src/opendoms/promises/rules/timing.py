"""When goods of an order are held that was placed without a promise (decision D75), and when its result is due."""

from __future__ import annotations

from typing import Final

from opendoms.kernel.clock import instant_from, text_of
from opendoms.kernel.decision import Document
from opendoms.kernel.duration import DAY_MS
from opendoms.promises.plan import Plan

# As late as possible leaves so much time beside what the goods take: a weekend, and a day.
SPARE_MS: Final = 3 * DAY_MS


def scheduled_at(document: Document) -> int | None:
    """The instant that the order itself names for its reservation, where it does."""
    wish = _wish(document)
    return instant_from(wish["reservationTime"]) if wish.get("mode") == "SCHEDULED" else None


def latest_at(document: Document, plan: Plan) -> int | None:
    """The instant to which an order leaves its reservation that wants it as late as possible.

    None where it does not, or names no time at which it wants the goods.
    """
    wished = _wished(document)
    if _wish(document).get("mode") != "ALAP" or wished is None:
        return None
    return wished - (_result(plan) - plan.now) - SPARE_MS


def with_target_time(document: Document, plan: Plan) -> Document:
    """The order with the time at which its result is due: the last hand-over, or when all of it can be collected.

    A time that the order came with stays (decision D74).
    """
    preferences = document.get("deliveryPreferences", {})
    if "targetTime" in preferences:
        return document
    times = [shipment.hand_over for shipment in plan.shipments]
    if plan.collection is not None:
        times = [plan.collection.target_time]
    if not times:
        return document
    return {**document, "deliveryPreferences": {**preferences, "targetTime": text_of(max(times))}}


def _wish(document: Document) -> Document:
    wish: Document = document.get("deliveryPreferences", {}).get("reservationPreferences", {})
    return wish


def _wished(document: Document) -> int | None:
    preferences = document.get("deliveryPreferences", {})
    collect = preferences.get("collect") or [{}]
    told = (
        preferences.get("shipping", {}).get("desiredDeliveryTime"),
        collect[0].get("provisioningTime"),
        preferences.get("targetTime"),
    )
    return min((instant_from(text) for text in told if text is not None), default=None)


def _result(plan: Plan) -> int:
    """When the consumer would have everything, as far as it is known."""
    times = [plan.now]
    for shipment in plan.shipments:
        arrival = shipment.carriers[0].arrival() if shipment.carriers else None
        times.append(shipment.hand_over if arrival is None else arrival.latest)
    return max(times)
