"""The bodies that change a facility: a change of some members, or the whole facility anew."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from opendoms.facilities.wire.address import (
    FacilityAddressForCreation,
    ModifyFacilityAddress,
    SupplierAddressForCreation,
)
from opendoms.facilities.wire.facility import (
    FacilityName,
    FacilityOperativeCostForCreation,
    FacilityStatus,
    FacilityTags,
    FacilityType,
)
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
from opendoms.web.wire_types import LIST_MAX, Closed, CustomAttributes, Int64, TagReference, TenantKey, Wire

ACTIONS_MAX = 100


class ModifiedService(Wire, frozen=True, gc=False):
    """Something that the facility offers."""

    type: Literal["SHIP_FROM_STORE", "PICKUP"]
    """What it offers: to send goods to consumers, or to have them collected."""


class ModifyFacility(Closed, frozen=True, gc=False):
    """One step of a change: members that are named are set, the others stay."""

    action: Literal["ModifyFacility"]
    """What to do."""
    name: FacilityName | UnsetType = UNSET
    """What the facility is called."""
    status: FacilityStatus | UnsetType = UNSET
    """Whether it takes new work."""
    tenant_facility_id: TenantKey | UnsetType = UNSET
    """The caller's own id of the facility."""
    address: ModifyFacilityAddress | UnsetType = UNSET
    """Members of the address that are to change."""
    location_type: LocationType | UnsetType = UNSET
    """What kind of place it is."""
    services: Annotated[tuple[ModifiedService, ...], Meta(max_length=LIST_MAX)] | UnsetType = UNSET
    """All that the facility is to offer."""
    fulfillment_process_buffer: Buffer | UnsetType = UNSET
    """How many minutes it takes until an order is handled."""
    capacity_enabled: bool | UnsetType = UNSET
    """Whether the capacities of picking times count."""
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
    tags: Annotated[tuple[TagReference, ...], Meta(min_length=0, max_length=LIST_MAX)] | UnsetType = UNSET
    """All tags that the facility is to have; an empty list takes them away."""
    custom_attributes: CustomAttributes | UnsetType = UNSET
    """The attributes as they are to be."""


class FacilityForModification(Closed, frozen=True, gc=False):
    """A change of a facility: either `type` and the members to set, or (deprecated) a list of `actions`."""

    version: Int64
    """The version that the change was made from; it must still be the stored one."""
    type: FacilityType | UnsetType = UNSET
    """The type that the facility has; it cannot change. Needed unless `actions` are sent."""
    actions: Annotated[tuple[ModifyFacility, ...], Meta(min_length=1, max_length=ACTIONS_MAX)] | UnsetType = UNSET
    """Steps to take one after the other, on a managed facility. Not together with other members."""
    name: FacilityName | UnsetType = UNSET
    """What the facility is called."""
    status: FacilityStatus | UnsetType = UNSET
    """Whether it takes new work."""
    tenant_facility_id: TenantKey | UnsetType | None = UNSET
    """The caller's own id of the facility; null takes it away."""
    address: SupplierAddressForCreation | UnsetType | None = UNSET
    """The whole address as it is to be; null takes that of a supplier away."""
    location_type: LocationType | UnsetType | None = UNSET
    """What kind of place it is; null sets it back."""
    services: Services | UnsetType | None = UNSET
    """All that the facility is to offer; null takes them away."""
    fulfillment_process_buffer: Buffer | UnsetType | None = UNSET
    """How many minutes it takes until an order is handled; null sets it back."""
    capacity_enabled: bool | UnsetType | None = UNSET
    """Whether the capacities of picking times count; null sets it back."""
    capacity_planning_timeframe: PlanningDays | UnsetType | None = UNSET
    """How many days ahead capacity is planned; null takes it away."""
    picking_times: PickingTimes | UnsetType | None = UNSET
    """When orders are picked; null takes them away."""
    closing_days: ClosingDays | UnsetType | None = UNSET
    """When the facility is closed; null takes them away."""
    picking_methods: PickingMethods | UnsetType | None = UNSET
    """How it can pick; null takes them away."""
    scanning_rule: ScanningRuleConfiguration | UnsetType | None = UNSET
    """How articles are scanned while picking; null takes it away."""
    contact: FacilityContact | UnsetType | None = UNSET
    """Whom to ask; null takes it away."""
    configs: Configurations | UnsetType | None = UNSET
    """Configurations that belong to the facility; null takes them away."""
    tags: FacilityTags | UnsetType | None = UNSET
    """All tags that the facility is to have; null takes them away."""
    custom_attributes: CustomAttributes | UnsetType | None = UNSET
    """The attributes as they are to be; null takes them away."""


class ManagedFacilityForReplacement(
    Closed, frozen=True, gc=False, kw_only=True, tag_field="type", tag="MANAGED_FACILITY"
):
    """A managed facility as it is to be; what is left out goes."""

    version: Int64
    """The version that is to be replaced; it must still be the stored one."""
    name: FacilityName
    """What the facility is called."""
    status: FacilityStatus
    """Whether it takes new work."""
    address: FacilityAddressForCreation
    """Where the facility is."""
    location_type: LocationType
    """What kind of place it is."""
    fulfillment_process_buffer: Buffer
    """How many minutes it takes until an order is handled."""
    capacity_enabled: bool
    """Whether the capacities of picking times count."""
    tenant_facility_id: TenantKey | UnsetType = UNSET
    """The caller's own id of the facility."""
    services: Services | UnsetType = UNSET
    """What the facility offers."""
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
    configs: Configurations | UnsetType = UNSET
    """Configurations that belong to the facility."""
    tags: FacilityTags | UnsetType = UNSET
    """Tags of the facility; left out rather than empty."""
    custom_attributes: CustomAttributes | UnsetType = UNSET
    """Data of the caller's own."""


class SupplierForReplacement(Closed, frozen=True, gc=False, kw_only=True, tag_field="type", tag="SUPPLIER"):
    """A supplier as it is to be; what is left out goes."""

    version: Int64
    """The version that is to be replaced; it must still be the stored one."""
    name: FacilityName
    """What the supplier is called."""
    status: FacilityStatus
    """Whether it takes new work."""
    address: SupplierAddressForCreation | UnsetType = UNSET
    """Where the supplier is."""
    tenant_facility_id: TenantKey | UnsetType = UNSET
    """The caller's own id of the supplier."""
    tags: FacilityTags | UnsetType = UNSET
    """Tags of the supplier; left out rather than empty."""
    custom_attributes: CustomAttributes | UnsetType = UNSET
    """Data of the caller's own."""


FacilityForReplacement = ManagedFacilityForReplacement | SupplierForReplacement
