"""A plan as a graph: what each place gives, and what goes from where to where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final

from opendoms.kernel.clock import text_of
from opendoms.kernel.decision import Document
from opendoms.kernel.duration import DAY_MS, MINUTE_MS
from opendoms.kernel.ids import NewId
from opendoms.promises.model import Facility, Listing
from opendoms.promises.plan import Item, Plan, Shipment

# There is one strategy, and it has one part.
STRATEGY: Final = "delivery-promise"

Listings = Mapping[str, Mapping[str, Listing]]


def sourcing_option(plan: Plan, valid_until: int, new_id: NewId, listings: Listings | None) -> Document:
    """The graph of a plan, what nobody can serve, and what plans are compared by."""
    nodes = _Nodes(new_id)
    if plan.collection is not None:
        nodes.add(plan.collection.facility, plan.collection.items, pick_up=True)
    for shipment in plan.shipments:
        nodes.add(shipment.facility, shipment.items)
    transfers = [_transfer(shipment, plan, nodes) for shipment in plan.shipments]
    penalties = list(_penalties(plan))
    option: Document = {
        "id": new_id(),
        "runId": new_id(),
        "nodes": list(nodes.documents()),
        "transfers": transfers,
        "totalPenalty": sum((penalty for _, penalty in penalties), Decimal()),
        "ratingResults": [
            {"id": name, "name": name, "type": "StandardRating", "routingStrategyNodeId": STRATEGY, "penalty": penalty}
            for name, penalty in penalties
        ],
        "priorityRatingResults": [
            {
                "id": "complete",
                "name": "complete",
                "type": "STANDARD",
                "routingStrategyNodeId": STRATEGY,
                "matchesPriorityMinimum": not plan.missing and not plan.waiting,
            }
        ],
        "validUntil": text_of(valid_until),
    }
    if plan.missing:
        option["nonAssignedOrderLineItems"] = [
            {"tenantArticleId": missing.article, "quantity": missing.quantity} for missing in plan.missing
        ]
    if plan.collection is not None:
        option["estimatedPickupDate"] = _date(plan.collection.target_day)
    last_day = _last_day(plan)
    if last_day is not None:
        option["estimatedDeliveryDate"] = _date(last_day)
    if listings is not None:
        option["listingDetails"] = list(_listing_details(plan, listings))
    return option


class _Nodes:
    """The places of a plan, each with an id, in the order in which they were added; the consumer last."""

    def __init__(self, new_id: NewId) -> None:
        self._new_id = new_id
        self._nodes: dict[str, Document] = {}
        self._customer: str | None = None
        self._received: list[Item] = []

    def add(self, facility: Facility, items: Iterable[Item], *, pick_up: bool = False) -> None:
        """A facility with what it gives."""
        known = {} if facility.tenant_id is None else {"tenantFacilityId": facility.tenant_id}
        self._nodes[facility.id] = {
            "id": self._new_id(),
            "type": facility.type,
            "facilityRef": facility.id,
            **known,
            "isPickUpLocation": pick_up,
            "lineItems": handled(items),
        }

    def id_of(self, facility: str) -> str:
        """The id of a facility's node."""
        node_id: str = self._nodes[facility]["id"]
        return node_id

    def received(self, items: Iterable[Item]) -> str:
        """The id of the consumer's node, who gets these items as well."""
        if self._customer is None:
            self._customer = self._new_id()
        self._received += items
        return self._customer

    def documents(self) -> Iterator[Document]:
        """All nodes."""
        yield from self._nodes.values()
        if self._customer is not None:
            yield {"id": self._customer, "type": "CUSTOMER", "lineItems": handled(self._received)}


def handled(items: Iterable[Item]) -> list[Document]:
    """Items by article."""
    pieces: dict[str, int] = {}
    for item in items:
        pieces[item.article] = pieces.get(item.article, 0) + item.quantity
    return [{"tenantArticleId": article, "quantity": quantity} for article, quantity in pieces.items()]


def _transfer(shipment: Shipment, plan: Plan, nodes: _Nodes) -> Document:
    if shipment.target == "SHIP_TO_STORE" and plan.collection is not None:
        target = nodes.id_of(plan.collection.facility.id)
    else:
        target = nodes.received(shipment.items)
    transfer: Document = {
        "sourceNodeRef": nodes.id_of(shipment.facility.id),
        "targetNodeRef": target,
        "lineItems": handled(shipment.items),
        "packagingInformation": [],
    }
    latest_start = shipment.opens
    time_line: Document = {
        "calculationStartPoint": text_of(plan.now),
        "earliestPickingStart": text_of(shipment.opens),
        "targetTime": text_of(shipment.hand_over),
    }
    if shipment.carriers:
        first = shipment.carriers[0]
        transfer["carrier"] = {
            "carrierKey": first.connection.carrier_key,
            "carrierName": first.connection.carrier_name,
        }
        latest_start = max(latest_start, first.holds_until or 0)
        arrival = first.arrival()
        if arrival is not None:
            time_line["earliestPossibleDeliveryTime"] = text_of(arrival.earliest)
            time_line["usedTransitTimeInDays"] = next(
                option.product.transit.days_max
                for option in first.products
                if option.arrival == arrival and option.product.transit is not None
            )
    time_line["latestPickingStart"] = text_of(latest_start)
    return {**transfer, "timeLine": time_line}


def _penalties(plan: Plan) -> Iterator[tuple[str, Decimal]]:
    """What plans are compared by, the most important first: pieces, pieces, shipments, minutes, kilometres."""
    yield "missing", Decimal(sum(missing.quantity for missing in plan.missing))
    yield "backOrdered", Decimal(sum(waiting.item.quantity for waiting in plan.waiting))
    yield "shipments", Decimal(len(plan.shipments))
    hand_over = max((shipment.hand_over for shipment in plan.shipments), default=plan.now)
    yield "handOver", Decimal(-((plan.now - hand_over) // MINUTE_MS))
    metres = [shipment.metres for shipment in plan.shipments if shipment.metres is not None]
    if metres:
        yield "distance", Decimal(max(metres)) / 1000


def _last_day(plan: Plan) -> int | None:
    """The day on which the last parcel is with the consumer, where every parcel's is known."""
    sent = [shipment for shipment in plan.shipments if shipment.target == "SHIP_TO_CUSTOMER"]
    arrivals = [shipment.carriers[0].arrival() if shipment.carriers else None for shipment in sent]
    known = [arrival.last_day for arrival in arrivals if arrival is not None]
    return max(known) if known and len(known) == len(sent) else None


def _listing_details(plan: Plan, listings: Listings) -> Iterator[Document]:
    drawn_on = {(hold.facility, hold.article) for hold in plan.holds()}
    drawn_on |= {(waiting.facility, waiting.item.article) for waiting in plan.waiting}
    for facility, article in sorted(drawn_on):
        listing = listings.get(facility, {}).get(article)
        if listing is not None:
            yield {
                "facilityRef": facility,
                "tenantArticleId": article,
                "customAttributes": dict(listing.custom_attributes or {}),
            }


def _date(day: int) -> str:
    return text_of(day * DAY_MS)[:10]
