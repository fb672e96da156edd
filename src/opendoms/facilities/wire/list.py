"""Listing facilities: what may be asked, and what is answered per facility."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from opendoms.facilities.wire.address import FacilityAddress, FacilityPhoneNumber
from opendoms.facilities.wire.facility import FacilityOperativeCost, FacilityStatus, FacilityType
from opendoms.web.wire_types import (
    LIST_MAX,
    LIST_SIZE_DEFAULT,
    CustomAttributes,
    Int64,
    PageSize,
    TagReference,
    TenantKey,
    Timestamp,
    Wire,
)

FacilityOrderBy = Literal["NAME", "CREATED", "POSTAL_CODE_ASC"]


class FacilityListQuery(Wire, frozen=True, gc=False):
    """The parameters of the list of facilities; all of them must hold."""

    start_after_id: str | UnsetType = UNSET
    """The list begins after this id; the id of the last facility of the page before."""
    size: PageSize = LIST_SIZE_DEFAULT
    """How many facilities a page holds at most."""
    tenant_facility_id: TenantKey | UnsetType = UNSET
    """Only the facility with this id of the caller's own; its URN does as well."""
    status: Annotated[list[str], Meta(max_length=LIST_MAX)] | UnsetType = UNSET
    """Only facilities with one of these; the parameter is repeated for each."""
    type: Annotated[list[FacilityType], Meta(max_length=LIST_MAX)] | UnsetType = UNSET
    """Only facilities of one of these types; the parameter is repeated for each."""
    order_by: FacilityOrderBy | UnsetType = UNSET
    """By name, by creation with the oldest first, or by postal code; the newest first where absent."""


class FacilityDeletionQuery(Wire, frozen=True, gc=False):
    """How a facility is to be deleted."""

    force_deletion: bool = False
    """Whether what belongs to it goes with it, such as its connections to carriers; without, those are in the way."""


class StrippedFacility(Wire, frozen=True, gc=False, kw_only=True):
    """A facility in short: of a managed one some members, with those of its address; a supplier as a whole."""

    id: str
    """The id of the facility."""
    version: Int64
    """The version of the facility."""
    type: FacilityType
    """Whether we fulfil from it or it supplies us."""
    status: FacilityStatus
    """Whether it takes new work."""
    name: str | UnsetType = UNSET
    """What the facility is called."""
    tenant_facility_id: str | UnsetType = UNSET
    """The caller's own id of the facility."""
    created: Timestamp | UnsetType = UNSET
    """When the facility was stored."""
    last_modified: Timestamp | UnsetType = UNSET
    """When the facility was last changed."""
    street: str | UnsetType = UNSET
    """The street of a managed facility."""
    house_number: str | UnsetType = UNSET
    """The number of its house."""
    postal_code: str | UnsetType = UNSET
    """Its postal code."""
    city: str | UnsetType = UNSET
    """Its town."""
    province: str | UnsetType = UNSET
    """Its part of the country."""
    country: str | UnsetType = UNSET
    """Its country."""
    additional_address_info: str | UnsetType = UNSET
    """Whatever else helps to find it."""
    phone_numbers: Annotated[tuple[FacilityPhoneNumber, ...], Meta(max_length=LIST_MAX)] | UnsetType = UNSET
    """How to call."""
    custom_attributes: CustomAttributes | UnsetType = UNSET
    """Data of the caller's own: of a managed facility's address, or of a supplier."""
    address: FacilityAddress | UnsetType = UNSET
    """Where a supplier is."""
    operative_costs: Annotated[tuple[FacilityOperativeCost, ...], Meta(max_length=1)] | UnsetType = UNSET
    """What it costs to run a supplier."""
    tags: Annotated[tuple[TagReference, ...], Meta(max_length=LIST_MAX)] | UnsetType = UNSET
    """Tags of a supplier."""


class StrippedFacilities(Wire, frozen=True, gc=False):
    """One page of facilities."""

    facilities: tuple[StrippedFacility, ...]
    """The facilities of this page."""
    total: Annotated[int, Meta(ge=0)]
    """How many facilities match, on all pages together."""
    next_cursor: str | UnsetType = UNSET
    """What to send as `startAfterId` for the next page; absent on the last one."""
