"""Searching facilities: filters, sort and answer."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from opendoms.facilities.wire.facility import Facility, FacilityStatus, FacilityType
from opendoms.facilities.wire.operation import LocationType
from opendoms.search.wire import (
    CHOICES_MAX,
    FILTERS_MAX,
    CustomAttributesFilter,
    CustomAttributesSort,
    Direction,
    PageInfo,
    SearchPayload,
    StringFilter,
    StringListFilter,
    StringSearchFilter,
)
from opendoms.web.wire_types import Closed, Wire

ServiceType = Literal["SHIP_FROM_STORE", "PICKUP"]


class FacilityStatusEnumFilter(Closed, frozen=True, gc=False):
    """A status."""

    eq: FacilityStatus | UnsetType = UNSET
    """It is this one."""
    not_eq: FacilityStatus | UnsetType = UNSET
    """It is not this one."""
    in_: Annotated[tuple[FacilityStatus, ...], Meta(max_length=CHOICES_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="in"
    )
    """It is one of these."""


class FacilityTypeEnumFilter(Closed, frozen=True, gc=False):
    """A type."""

    eq: FacilityType | UnsetType = UNSET
    """It is this one."""
    not_eq: FacilityType | UnsetType = UNSET
    """It is not this one."""
    in_: Annotated[tuple[FacilityType, ...], Meta(max_length=CHOICES_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="in"
    )
    """It is one of these."""


class FacilityLocationTypeEnumFilter(Closed, frozen=True, gc=False):
    """A kind of place."""

    eq: LocationType | UnsetType = UNSET
    """It is this one."""
    not_eq: LocationType | UnsetType = UNSET
    """It is not this one, or is absent."""
    in_: Annotated[tuple[LocationType, ...], Meta(max_length=CHOICES_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="in"
    )
    """It is one of these."""


class FacilityServiceTypeEnumFilter(Closed, frozen=True, gc=False):
    """A kind of service."""

    eq: ServiceType | UnsetType = UNSET
    """It is this one."""
    not_eq: ServiceType | UnsetType = UNSET
    """It is not this one."""
    in_: Annotated[tuple[ServiceType, ...], Meta(max_length=CHOICES_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="in"
    )
    """It is one of these."""


class FacilityServicesFilter(Closed, frozen=True, gc=False):
    """One service."""

    type: FacilityServiceTypeEnumFilter | UnsetType = UNSET
    """What it is."""


class FacilityServicesListFilter(Closed, frozen=True, gc=False):
    """The services."""

    contains: FacilityServicesFilter | UnsetType = UNSET
    """One of them is like this."""
    exists: bool | UnsetType = UNSET
    """Whether there are any."""


class FacilityTagsFilter(Closed, frozen=True, gc=False):
    """One tag."""

    id: StringFilter | UnsetType = UNSET
    """The id of the tag."""
    value: StringFilter | UnsetType = UNSET
    """The value that the tag has here."""


class FacilityTagsListFilter(Closed, frozen=True, gc=False):
    """The tags."""

    contains: FacilityTagsFilter | UnsetType = UNSET
    """One of them is like this."""
    exists: bool | UnsetType = UNSET
    """Whether there are any."""


class FacilityEmailAddressesFilter(Closed, frozen=True, gc=False):
    """One e-mail address."""

    value: StringFilter | UnsetType = UNSET
    """The address."""
    recipient: StringFilter | UnsetType = UNSET
    """Who reads it."""


class FacilityEmailAddressesListFilter(Closed, frozen=True, gc=False):
    """The e-mail addresses."""

    contains: FacilityEmailAddressesFilter | UnsetType = UNSET
    """One of them is like this."""
    exists: bool | UnsetType = UNSET
    """Whether there are any."""


class FacilityAddressFilter(Closed, frozen=True, gc=False):
    """The address."""

    city: StringSearchFilter | UnsetType = UNSET
    """The town."""
    company_name: StringFilter | UnsetType = UNSET
    """The company."""
    country: StringSearchFilter | UnsetType = UNSET
    """The country."""
    custom_attributes: CustomAttributesFilter | UnsetType = UNSET
    """Data of the caller's own at the address."""
    email_addresses: FacilityEmailAddressesListFilter | UnsetType = UNSET
    """The e-mail addresses."""
    house_number: StringFilter | UnsetType = UNSET
    """The number of the house."""
    postal_code: StringSearchFilter | UnsetType = UNSET
    """The postal code."""
    province: StringFilter | UnsetType = UNSET
    """The part of the country."""
    street: StringFilter | UnsetType = UNSET
    """The street."""


class FacilityContactFilter(Closed, frozen=True, gc=False):
    """Whom to ask."""

    first_name: StringFilter | UnsetType = UNSET
    """The first name."""
    last_name: StringFilter | UnsetType = UNSET
    """The last name."""


class FacilityCarrierConnectionFilter(Closed, frozen=True, gc=False):
    """A carrier that comes to the facility."""

    carrier_key: StringFilter | UnsetType = UNSET
    """The key of the carrier."""


class FacilityReferenceFilter(Closed, frozen=True, gc=False):
    """What refers to the facility."""

    facility_carrier_connection: FacilityCarrierConnectionFilter | UnsetType = UNSET
    """A carrier that comes to the facility."""


class FacilitySearchQuery(Closed, frozen=True, gc=False):
    """Which facilities to find: everything that is given must hold. Without members, all of them."""

    and_: Annotated[tuple[FacilitySearchQuery, ...], Meta(max_length=FILTERS_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="and"
    )
    """All of these hold."""
    or_: Annotated[tuple[FacilitySearchQuery, ...], Meta(max_length=FILTERS_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="or"
    )
    """One of these holds; of none, none."""
    id: StringFilter | UnsetType = UNSET
    """The id; the URN of the facility does as well."""
    tenant_facility_id: StringFilter | UnsetType = UNSET
    """The caller's own id; the URN of the facility does as well."""
    name: StringSearchFilter | UnsetType = UNSET
    """What the facility is called."""
    status: FacilityStatusEnumFilter | UnsetType = UNSET
    """Whether it takes new work."""
    type: FacilityTypeEnumFilter | UnsetType = UNSET
    """Whether we fulfil from it or it supplies us."""
    location_type: FacilityLocationTypeEnumFilter | UnsetType = UNSET
    """What kind of place it is."""
    services: FacilityServicesListFilter | UnsetType = UNSET
    """What it offers."""
    address: FacilityAddressFilter | UnsetType = UNSET
    """Where it is."""
    contact: FacilityContactFilter | UnsetType = UNSET
    """Whom to ask."""
    tags: FacilityTagsListFilter | UnsetType = UNSET
    """Its tags."""
    custom_attributes: CustomAttributesFilter | UnsetType = UNSET
    """Data of the caller's own."""
    facility_group_ids: StringListFilter | UnsetType = UNSET
    """The groups that it belongs to. This hub has none, so none matches."""
    referenced: FacilityReferenceFilter | UnsetType = UNSET
    """What refers to it."""


class FacilityAddressSort(Closed, frozen=True, gc=False):
    """By a member of the address."""

    city: Direction | UnsetType = UNSET
    """By town."""
    country: Direction | UnsetType = UNSET
    """By country."""
    postal_code: Direction | UnsetType = UNSET
    """By postal code."""


class FacilityServicesSort(Closed, frozen=True, gc=False):
    """By a member of the services."""

    type: Direction | UnsetType = UNSET
    """By the first of the services, or the last going down."""


class FacilitySort(Closed, frozen=True, gc=False):
    """What to sort by: exactly one member."""

    id: Direction | UnsetType = UNSET
    """By id, which is by creation."""
    tenant_facility_id: Direction | UnsetType = UNSET
    """By the caller's own id."""
    name: Direction | UnsetType = UNSET
    """By name."""
    status: Direction | UnsetType = UNSET
    """By status."""
    type: Direction | UnsetType = UNSET
    """By type."""
    location_type: Direction | UnsetType = UNSET
    """By the kind of place."""
    last_modified: Direction | UnsetType = UNSET
    """By the last change."""
    address: FacilityAddressSort | UnsetType = UNSET
    """By a member of the address."""
    services: FacilityServicesSort | UnsetType = UNSET
    """By the services."""
    custom_attributes: CustomAttributesSort | UnsetType = UNSET
    """By data of the caller's own."""


class FacilitySearchPayload(SearchPayload, frozen=True, gc=False, kw_only=True):
    """A search for facilities."""

    query: FacilitySearchQuery
    """Which facilities to find."""
    sort: Annotated[tuple[FacilitySort, ...], Meta(min_length=1, max_length=1)] | UnsetType = UNSET
    """In which order; the newest first where absent."""


class FacilityPaginatedResult(Wire, frozen=True, gc=False):
    """One page of facilities that were found."""

    facilities: tuple[Facility, ...]
    """The facilities of this page."""
    page_info: PageInfo
    """Where this page lies."""
    total: Annotated[int, Meta(ge=0)] | UnsetType = UNSET
    """How many were found on all pages; only where it was asked for."""
