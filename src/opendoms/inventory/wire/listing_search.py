"""Searching listings: filters, sort and answer."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from opendoms.inventory.wire.article import ListingStatus, OutOfStockBehaviour
from opendoms.inventory.wire.listing import Listing
from opendoms.inventory.wire.search_filters import NumberFilter
from opendoms.search.wire import (
    CHOICES_MAX,
    FILTERS_MAX,
    CustomAttributesFilter,
    CustomAttributesSort,
    DateFilter,
    Direction,
    PageInfo,
    SearchPayload,
    StringFilter,
    StringListFilter,
)
from opendoms.web.wire_types import Closed, Wire


class ListingStatusEnumFilter(Closed, frozen=True, gc=False):
    """Whether the facility offers the article."""

    eq: ListingStatus | UnsetType = UNSET
    """It is this one."""
    not_eq: ListingStatus | UnsetType = UNSET
    """It is not this one."""
    in_: Annotated[tuple[ListingStatus, ...], Meta(max_length=CHOICES_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="in"
    )
    """It is one of these."""


class ListingOutOfStockBehaviourEnumFilter(Closed, frozen=True, gc=False):
    """What happens without stock."""

    eq: OutOfStockBehaviour | UnsetType = UNSET
    """It is this one."""
    not_eq: OutOfStockBehaviour | UnsetType = UNSET
    """It is not this one, or is absent."""
    in_: Annotated[tuple[OutOfStockBehaviour, ...], Meta(max_length=CHOICES_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="in"
    )
    """It is one of these."""


class ListingAvailabilityTimeframeFilter(Closed, frozen=True, gc=False):
    """When the article can be had."""

    start: DateFilter | UnsetType = UNSET
    """From when on."""


class ListingTagsFilter(Closed, frozen=True, gc=False):
    """One tag."""

    id: StringFilter | UnsetType = UNSET
    """The id of the tag."""
    value: StringFilter | UnsetType = UNSET
    """The value that the tag has here."""


class ListingTagsListFilter(Closed, frozen=True, gc=False):
    """The tags."""

    contains: ListingTagsFilter | UnsetType = UNSET
    """One of them is like this."""
    exists: bool | UnsetType = UNSET
    """Whether there are any."""


class ListingSearchQuery(Closed, frozen=True, gc=False):
    """Which listings to find: everything that is given must hold. Without members, all of them."""

    and_: Annotated[tuple[ListingSearchQuery, ...], Meta(max_length=FILTERS_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="and"
    )
    """All of these hold."""
    or_: Annotated[tuple[ListingSearchQuery, ...], Meta(max_length=FILTERS_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="or"
    )
    """One of these holds; of none, none."""
    id: StringFilter | UnsetType = UNSET
    """The id of the listing."""
    facility_ref: StringFilter | UnsetType = UNSET
    """The id of the facility."""
    tenant_article_id: StringFilter | UnsetType = UNSET
    """The article."""
    status: ListingStatusEnumFilter | UnsetType = UNSET
    """Whether the facility offers the article."""
    out_of_stock_behaviour: ListingOutOfStockBehaviourEnumFilter | UnsetType = UNSET
    """What happens without stock."""
    availability_timeframe: ListingAvailabilityTimeframeFilter | UnsetType = UNSET
    """When the article can be had."""
    category_refs: StringListFilter | UnsetType = UNSET
    """The categories of the article."""
    created: DateFilter | UnsetType = UNSET
    """When the listing was stored."""
    measurement_unit_key: StringFilter | UnsetType = UNSET
    """The unit in which the article is counted."""
    price: NumberFilter | UnsetType = UNSET
    """The price."""
    weight: NumberFilter | UnsetType = UNSET
    """The weight."""
    tags: ListingTagsListFilter | UnsetType = UNSET
    """The tags of the listing."""
    custom_attributes: CustomAttributesFilter | UnsetType = UNSET
    """Data of the caller's own."""


class ListingSort(Closed, frozen=True, gc=False):
    """What to sort by: exactly one member."""

    last_modified: Direction | UnsetType = UNSET
    """By the last change."""
    tenant_article_id: Direction | UnsetType = UNSET
    """By article."""
    custom_attributes: CustomAttributesSort | UnsetType = UNSET
    """By data of the caller's own."""


class ListingSearchPayload(SearchPayload, frozen=True, gc=False, kw_only=True):
    """A search for listings."""

    query: ListingSearchQuery
    """Which listings to find."""
    sort: Annotated[tuple[ListingSort, ...], Meta(min_length=1, max_length=1)] | UnsetType = UNSET
    """In which order; the newest first where absent."""


class ListingPaginatedResult(Wire, frozen=True, gc=False):
    """One page of listings that were found."""

    listings: tuple[Listing, ...]
    """The listings of this page."""
    page_info: PageInfo
    """Where this page lies."""
    total: Annotated[int, Meta(ge=0)] | UnsetType = UNSET
    """How many were found on all pages; only where it was asked for."""
