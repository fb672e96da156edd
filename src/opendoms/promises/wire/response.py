"""The answer to asking for a promise: who sends what, by which carrier, and when."""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, UnsetType

from opendoms.orders.wire.creation import OrderPromisesOptions
from opendoms.promises.wire.sourcing import SourcingOption
from opendoms.web.wire_types import Int64, Timestamp, Wire

OutOfStockBehaviour = Literal["NONE", "BACKORDER", "PREORDER", "RESTOCK", "PREORDER_AND_RESTOCK"]
CarrierProductCategory = Literal["STANDARD", "EXPRESS", "VALUE", "FORWARDING"]


class DeliveryPromiseAvailability(Wire, frozen=True, gc=False):
    """When an article that is not there now can be had."""

    start: Timestamp | UnsetType = UNSET
    """From when on."""


class DeliveryPromiseLineItem(Wire, frozen=True, gc=False):
    """Pieces of one line of the order."""

    tenant_article_id: str | UnsetType = UNSET
    """The caller's own number of the article."""
    title: str | UnsetType = UNSET
    """The name of the article."""
    quantity: Int64 | UnsetType = UNSET
    """How many pieces of the line."""
    available: Int64 | UnsetType = UNSET
    """How many pieces the facility had for new orders when the promise was made."""
    out_of_stock_behaviour: OutOfStockBehaviour | UnsetType = UNSET
    """Why it can be ordered though it is not there."""
    availability_timeframe: DeliveryPromiseAvailability | UnsetType = UNSET
    """When it can be had, where the listing tells."""


class DeliveryPromiseFacility(Wire, frozen=True, gc=False):
    """A facility in short."""

    facility_name: str
    """What it is called."""
    facility_ref: str
    """The id of the facility."""
    tenant_facility_id: str | UnsetType = UNSET
    """The caller's own id of the facility."""


class DeliveryCost(Wire, frozen=True, gc=False):
    """What sending costs."""

    cost: float
    """The price as a decimal number, such as 4.99."""
    currency: str
    """The currency as an ISO 4217 code."""


class PromiseCarrierTransitTime(Wire, frozen=True, gc=False):
    """How long the carrier is on its way."""

    min_transit_days: int
    """At least so many days."""
    max_transit_days: int
    """At most so many days."""


class EstimatedDeliveryTime(Wire, frozen=True, gc=False):
    """When the goods arrive, counted in days from today."""

    min_delivery_days: int
    """In so many days at the earliest; 0 is today."""
    max_delivery_days: int
    """In so many days at the latest."""


class PromiseDeliveryOptions(Wire, frozen=True, gc=False):
    """A product of the carrier that can be used."""

    carrier_product_category: CarrierProductCategory
    """What kind of product it is."""
    delivery_costs: tuple[DeliveryCost, ...]
    """What it costs; empty where nobody told."""
    transit_time: PromiseCarrierTransitTime | UnsetType = UNSET
    """How long it takes from the hand-over on."""
    estimated_delivery_time: EstimatedDeliveryTime | UnsetType = UNSET
    """How long it takes from today on."""


class PromiseCarrier(Wire, frozen=True, gc=False):
    """A carrier that can take the shipment along."""

    carrier_ref: str
    """The id of the carrier."""
    carrier_key: str
    """The key of the carrier."""
    carrier_name: str
    """What the carrier is called."""
    products: tuple[PromiseDeliveryOptions, ...]
    """The products to choose from."""
    delivery_promise_valid_until: Timestamp | UnsetType = UNSET
    """Until when the promise can be confirmed without missing the carrier; never after the promise lapses."""


class BasicDeliveryPromiseShipment(Wire, frozen=True, gc=False, kw_only=True):
    """What comes from one facility."""

    line_items: tuple[DeliveryPromiseLineItem, ...]
    """What it is."""
    facility: DeliveryPromiseFacility
    """Where it comes from, or is collected."""


class DeliveryPromiseShipment(BasicDeliveryPromiseShipment, frozen=True, gc=False, kw_only=True):
    """What one facility sends."""

    carriers: tuple[PromiseCarrier, ...]
    """The carriers to choose from, the one that comes first before the others; empty where none is connected."""


class DeliveryPromiseCollect(BasicDeliveryPromiseShipment, frozen=True, gc=False, kw_only=True):
    """What the consumer collects: from the facility's own stock, and what others send to it."""

    target_time: Timestamp
    """From when on everything can be collected."""


class Backordered(Wire, frozen=True, gc=False):
    """What can be ordered though it is not there."""

    line_items: tuple[DeliveryPromiseLineItem, ...]
    """Which articles, how many pieces, and from when on."""


class ResponseForDeliveryPromise(Wire, frozen=True, gc=False):
    """What was promised. The goods are held until the promise is confirmed or lapses."""

    order_ref: str
    """The id of the promised order."""
    order_version: Int64
    """Its version, which the confirmation has to carry."""
    promises_options: OrderPromisesOptions | UnsetType = UNSET
    """Until when the promise holds."""
    ship_to_customer: tuple[DeliveryPromiseShipment, ...] | UnsetType = UNSET
    """What is sent to the consumer, one entry per facility."""
    ship_to_store: tuple[DeliveryPromiseShipment, ...] | UnsetType = UNSET
    """What other facilities send to the one where the order is collected."""
    collect: DeliveryPromiseCollect | UnsetType = UNSET
    """What the consumer collects; absent where there is nothing to collect."""
    back_ordered: Backordered | UnsetType = UNSET
    """What is not there but can be ordered; nothing is held for it."""
    sourcing_option: SourcingOption | UnsetType = UNSET
    """The same as a graph, with what nobody can serve and what the choice was rated by."""
