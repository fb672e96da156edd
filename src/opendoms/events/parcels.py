"""Deliveries that are stored, as they are taken in hand again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from opendoms.db.engine import Engine
from opendoms.events.rules.lanes import Parcel, Row
from opendoms.events.rules.place import Happened, Place
from opendoms.events.store import RELAY
from opendoms.kernel.document import decode


async def open_lanes(db: Engine, tenant: str, subscription_ids: Sequence[str], size: int) -> dict[str, bool]:
    """The entities that have open deliveries of a subscription, at most `size` of each; whether one of them is due."""
    lanes: dict[str, bool] = {}
    for subscription_id in subscription_ids:
        given: dict[str, str | int] = {"tenant": tenant, "subscription_id": subscription_id, "size": size}
        for lane_id, due in await db.rows(RELAY.open_lanes, given):
            lanes[lane_id] = lanes.get(lane_id, False) or due is not None
    return lanes


async def due_parcels(db: Engine, tenant: str, subscription_id: str, now: int, size: int) -> list[Parcel]:
    """At most `size` deliveries that are due at an instant (ms), the longest waiting first."""
    given: dict[str, str | int] = {"tenant": tenant, "subscription_id": subscription_id, "now": now, "size": size}
    return [_parcel(row) for row in await db.rows(RELAY.due_deliveries, given)]


async def first_parcel(db: Engine, tenant: str, lane_id: str, subscription_ids: Sequence[str]) -> Parcel | None:
    """The first open delivery of an entity to some subscriptions."""
    given = {"tenant": tenant, "lane": lane_id, "subscription_ids": list(subscription_ids)}
    row = await db.row(RELAY.first_of_lane, given)
    return _parcel(row) if row is not None else None


def _parcel(row: Sequence[Any]) -> Parcel:
    document, position, number, lane_id, kind, *rest = row
    delivery = decode(document)
    event = Happened(Place(0, position), kind, lane_id, *rest) if kind is not None else None
    return Parcel(delivery["subscriptionId"], lane_id, event, Row(delivery, position, number, stored=True))
