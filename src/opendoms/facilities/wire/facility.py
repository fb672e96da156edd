"""The body that creates a facility, and the facility as it is stored.

The contract has two kinds, told apart by `type`: managed facilities, which we fulfil from, and suppliers. Both bodies
are open objects; what a managed facility needs beyond a supplier is checked by the rules.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from opendoms.facilities.wire.address import FacilityAddress, SupplierAddressForCreation
from opendoms.facilities.wire.operation import (
    Buffer,
    ClosingDays,
    Configurations,
    FacilityContact,
    LocationType,
    PickingMethods,
    PickingTimes,
    PlanningDays,
    ScanningRuleConfiguration,
    Services,
)
from opendoms.web.wire_types import (
    LIST_MAX,
    Currency,
    CustomAttributes,
    Int64,
    TagReference,
    TenantKey,
    Timestamp,
    Wire,
)

FacilityStatus = Literal["ONLINE", "SUSPENDED", "OFFLINE"]
FacilityType = Literal["MANAGED_FACILITY", "SUPPLIER"]
FacilityTags = Annotated[tuple[TagReference, ...], Meta(min_length=1, max_length=LIST_MAX)]
# Bounded and storable like the caller's own ids, since lists are ordered by it.
FacilityName = TenantKey
CostValue = Annotated[int, Meta(ge=0, le=2**63 - 1)]
DecimalPlaces = Annotated[int, Meta(ge=0, le=2**31 - 1)]


class FacilityOperativeCostForCreation(Wire, frozen=True, gc=False):
    """What it costs to run the facility."""

    value: CostValue
    """The amount in the currency's smallest unit."""
    currency: Currency | None
    """The currency as an ISO 4217 code."""
    decimal_places: DecimalPlaces | UnsetType = UNSET
    """How many digits of `value` stand behind the decimal point; the currency's own number where absent."""


class FacilityOperativeCost(FacilityOperativeCostForCreation, frozen=True, gc=False, kw_only=True):
    """What it costs to run the facility."""

    decimal_places: DecimalPlaces
    """How many digits of `value` stand behind the decimal point."""


class FacilityForCreation(Wire, frozen=True, gc=False, kw_only=True):
    """A facility as the caller describes it; further members are kept."""

    name: FacilityName
    """What the facility is called."""
    type: FacilityType | UnsetType = UNSET
    """MANAGED_FACILITY where absent."""
    status: FacilityStatus | UnsetType = UNSET
    """ONLINE where absent: it takes new work. SUSPENDED finishes what it has, OFFLINE does nothing."""
    tenant_facility_id: TenantKey | UnsetType = UNSET
    """The caller's own id of the facility; no other facility may have it."""
    address: SupplierAddressForCreation | UnsetType = UNSET
    """Where the facility is; a managed one needs it, with street, city and postal code."""
    location_type: LocationType | UnsetType = UNSET
    """What kind of place it is; STORE where absent, for a managed facility."""
    services: Services | UnsetType = UNSET
    """What the facility offers."""
    fulfillment_process_buffer: Buffer | UnsetType = UNSET
    """How many minutes it takes until an order is handled; 240 where absent, for a managed facility."""
    capacity_enabled: bool | UnsetType = UNSET
    """Whether the capacities of picking times count; false where absent, for a managed facility."""
    capacity_planning_timeframe: PlanningDays | UnsetType = UNSET
    """How many days ahead capacity is planned."""
    picking_times: PickingTimes | UnsetType = UNSET
    """When orders are picked."""
    closing_days: ClosingDays | UnsetType = UNSET
    """When the facility is closed."""
    picking_methods: PickingMethods | UnsetType = UNSET
    """How it can pick."""
    scanning_rule: ScanningRuleConfiguration | UnsetType = UNSET
    """How articles are scanned while picking."""
    contact: FacilityContact | UnsetType = UNSET
    """Whom to ask."""
    operative_costs: Annotated[tuple[FacilityOperativeCostForCreation, ...], Meta(max_length=1)] | UnsetType = UNSET
    """What it costs to run the facility."""
    tags: FacilityTags | UnsetType = UNSET
    """Tags of the facility; left out rather than empty."""
    configs: Configurations | UnsetType = UNSET
    """Configurations that belong to the facility."""
    custom_attributes: CustomAttributes | UnsetType = UNSET
    """Data of the caller's own, at most 15,360 characters as JSON; keys neither start with $ nor contain a dot."""


class Facility(FacilityForCreation, frozen=True, gc=False, kw_only=True):
    """A facility as it is stored."""

    id: str
    """The id of the facility, made by the server."""
    version: Int64
    """Counts the changes of the facility, from 1; whoever changes it sends the version that they have seen."""
    created: Timestamp | UnsetType = UNSET
    """When the facility was stored."""
    last_modified: Timestamp | UnsetType = UNSET
    """When the facility was last changed."""
    name: str
    """What the facility is called."""
    type: FacilityType
    """Whether we fulfil from it or it supplies us."""
    status: FacilityStatus
    """Whether it takes new work."""
    address: FacilityAddress | UnsetType = UNSET
    """Where the facility is."""
    operative_costs: Annotated[tuple[FacilityOperativeCost, ...], Meta(max_length=1)] | UnsetType = UNSET
    """What it costs to run the facility."""
    tags: Annotated[tuple[TagReference, ...], Meta(max_length=LIST_MAX)] | UnsetType = UNSET
    """Tags of the facility."""
