"""The promise as a graph: nodes, and transfers between them."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import UNSET, UnsetType

from opendoms.promises.wire.costs import PromiseMoney, SourcingOptionCosts
from opendoms.web.wire_types import Int64, Timestamp, Wire


class HandledItem(Wire, frozen=True, gc=False):
    """Pieces of an article."""

    tenant_article_id: str
    """The caller's own number of the article."""
    quantity: Int64 | UnsetType = UNSET
    """How many."""


class SourcingOptionListingDetails(Wire, frozen=True, gc=False):
    """What a listing holds that the promise draws on."""

    facility_ref: str | UnsetType = UNSET
    """The facility of the listing."""
    tenant_article_id: str | UnsetType = UNSET
    """The article of the listing."""
    custom_attributes: dict[str, Any] | UnsetType = UNSET
    """The listing's own custom attributes."""


class SourcingOptionNode(Wire, frozen=True, gc=False):
    """A place that goods come from or go to."""

    id: str
    """The id of the node, good within this option."""
    type: Literal["SUPPLIER", "MANAGED_FACILITY", "CUSTOMER"]
    """What kind of place it is."""
    line_items: tuple[HandledItem, ...]
    """What it gives from its own stock; for the consumer, what they get."""
    facility_ref: str | UnsetType = UNSET
    """The id of the facility, where it is one."""
    tenant_facility_id: str | UnsetType = UNSET
    """The caller's own id of the facility."""
    is_pick_up_location: bool | UnsetType = UNSET
    """Whether the consumer collects here."""


class PriorityRatingResult(Wire, frozen=True, gc=False):
    """Whether a rating that comes before others was met."""

    id: str
    """The id of the rating."""
    type: Literal["STANDARD", "TOOLKIT"]
    """What kind of rating it is."""
    routing_strategy_node_id: str
    """The part of the strategy that it belongs to."""
    matches_priority_minimum: bool
    """Whether it was met."""
    name: str | UnsetType = UNSET
    """What it is called."""


class RatingResult(Wire, frozen=True, gc=False):
    """How the option does by one of the things that options are compared by; less is better."""

    id: str
    """The id of the rating."""
    name: str
    """What is rated."""
    type: str
    """What kind of rating it is."""
    routing_strategy_node_id: str
    """The part of the strategy that it belongs to."""
    penalty: float
    """The figure."""


class SourcingOptionCarrier(Wire, frozen=True, gc=False):
    """Who carries."""

    carrier_key: str | UnsetType = UNSET
    """The key of the carrier."""
    carrier_name: str | UnsetType = UNSET
    """What the carrier is called."""


class TransferTimeLine(Wire, frozen=True, gc=False):
    """When what happens."""

    calculation_start_point: Timestamp
    """When the promise was made."""
    earliest_picking_start: Timestamp
    """When work on it can begin."""
    latest_picking_start: Timestamp
    """When work on it must begin at the latest, as far as the promise holds."""
    target_time: Timestamp
    """When it is handed over."""
    earliest_possible_delivery_time: Timestamp | UnsetType = UNSET
    """When it arrives at the earliest."""
    used_transit_time_in_days: int | UnsetType = UNSET
    """How many days of transit were counted."""


class PackagingUnitDimensions(Wire, frozen=True, gc=False):
    """How large a packaging unit is."""

    height: float | UnsetType = UNSET
    """Its height."""
    length: float | UnsetType = UNSET
    """Its length."""
    width: float | UnsetType = UNSET
    """Its width."""
    max_weight_in_gram: float | UnsetType = UNSET
    """What it carries."""


class PackagingCostCoefficient(Wire, frozen=True, gc=False):
    """What a price grows with."""

    value: float
    """The factor."""
    measurement_unit: Literal["GRAM"]
    """The unit that it counts."""


class PackagingDeliveryCost(PromiseMoney, frozen=True, gc=False, kw_only=True):
    """What sending a packaging unit costs."""

    delivery_cost_coefficient: PackagingCostCoefficient | UnsetType = UNSET
    """What the price grows with."""


class PackagingTransitTime(Wire, frozen=True, gc=False):
    """How long a packaging unit is on its way."""

    min_transit_days: int
    """At least so many days."""
    max_transit_days: int
    """At most so many days."""


class PackagingUnit(Wire, frozen=True, gc=False):
    """Something that goods are packed in."""

    name: str
    """What it is called."""
    priority: int
    """Which is used first; the lowest."""
    packaging_unit_ref: str | UnsetType = UNSET
    """The id of the packaging unit."""
    tenant_packaging_unit_id: str | UnsetType = UNSET
    """The caller's own id of it."""
    max_item_quantity: int | UnsetType = UNSET
    """How many pieces fit."""
    volume_buffer_in_percent: float | UnsetType = UNSET
    """How much of it stays empty."""
    dimensions: PackagingUnitDimensions | UnsetType = UNSET
    """How large it is."""
    prices: tuple[PackagingDeliveryCost, ...] | UnsetType = UNSET
    """What sending it costs."""
    transit_time: PackagingTransitTime | UnsetType = UNSET
    """How long it is on its way."""


class TransferPackagingInformation(Wire, frozen=True, gc=False):
    """How goods are packed."""

    packaging_unit: PackagingUnit
    """In what."""
    packed_items: tuple[HandledItem, ...]
    """What is in it."""
    total_costs: PromiseMoney
    """What it costs."""


class SourcingOptionTransfer(Wire, frozen=True, gc=False):
    """Goods on their way from one node to another."""

    source_node_ref: str
    """The node that they leave."""
    target_node_ref: str
    """The node that they reach."""
    line_items: tuple[HandledItem, ...]
    """What goes."""
    packaging_information: tuple[TransferPackagingInformation, ...]
    """How it is packed; the hub knows no packaging, so nothing is told."""
    carrier: SourcingOptionCarrier | UnsetType = UNSET
    """Who carries it."""
    existence_reason: Literal["KEPT_FROM_LAST_RUN"] | UnsetType = UNSET
    """Why it is there, where it was not chosen anew."""
    facility_connection_ref: str | UnsetType = UNSET
    """The connection that it goes by."""
    fallback_costs: PromiseMoney | UnsetType = UNSET
    """What it costs where nothing else is known."""
    strand_id: str | UnsetType = UNSET
    """The way of goods that it is a part of."""
    transfer_group: str | UnsetType = UNSET
    """What travels together."""
    time_line: TransferTimeLine | UnsetType = UNSET
    """When what happens."""


class SourcingOption(Wire, frozen=True, gc=False):
    """The plan as a graph, and what it was rated by."""

    id: str
    """The id of the option."""
    run_id: str
    """The id of the decision that made it."""
    nodes: tuple[SourcingOptionNode, ...]
    """The places."""
    transfers: tuple[SourcingOptionTransfer, ...]
    """What goes from where to where."""
    total_penalty: float
    """The sum of all penalties; compare the ratings instead, since they rank in their order."""
    rating_results: tuple[RatingResult, ...]
    """What plans are compared by, the most important first."""
    priority_rating_results: tuple[PriorityRatingResult, ...]
    """Ratings that come before all others."""
    non_assigned_order_line_items: tuple[HandledItem, ...] | UnsetType = UNSET
    """What nobody can serve, and what cannot wait either; nothing is held for it."""
    estimated_delivery_date: str | UnsetType = UNSET
    """The day on which the last parcel arrives at the latest, where all transit times are known."""
    estimated_pickup_date: str | UnsetType = UNSET
    """The day on which everything can be collected."""
    valid_until: str | UnsetType = UNSET
    """Until when the promise holds."""
    total_costs: SourcingOptionCosts | UnsetType = UNSET
    """What it costs."""
    listing_details: tuple[SourcingOptionListingDetails, ...] | UnsetType = UNSET
    """The custom attributes of the listings concerned, where they were asked for."""
