"""Searching stocks: filters and sort."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from opendoms.inventory.wire.search_filters import NumberFilter, StockPropertyFilter
from opendoms.inventory.wire.stock import StockCondition, StockTrait
from opendoms.search.wire import (
    CHOICES_MAX,
    FILTERS_MAX,
    CustomAttributesFilter,
    CustomAttributesSort,
    DateFilter,
    Direction,
    SearchPayload,
    StringFilter,
    StringListFilter,
)
from opendoms.web.wire_types import Closed


class StockConditionEnumFilter(Closed, frozen=True, gc=False):
    """One condition."""

    eq: StockCondition | UnsetType = UNSET
    """It is this one."""
    not_eq: StockCondition | UnsetType = UNSET
    """It is not this one."""
    in_: Annotated[tuple[StockCondition, ...], Meta(max_length=CHOICES_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="in"
    )
    """It is one of these."""


class StockConditionEnumListFilter(Closed, frozen=True, gc=False):
    """The conditions."""

    contains: StockConditionEnumFilter | UnsetType = UNSET
    """One of them is like this."""


class StockTraitEnumFilter(Closed, frozen=True, gc=False):
    """One trait."""

    eq: StockTrait | UnsetType = UNSET
    """It is this one."""
    not_eq: StockTrait | UnsetType = UNSET
    """It is not this one."""
    in_: Annotated[tuple[StockTrait, ...], Meta(max_length=CHOICES_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="in"
    )
    """It is one of these."""


class StockTraitEnumListFilter(Closed, frozen=True, gc=False):
    """The traits."""

    contains: StockTraitEnumFilter | UnsetType = UNSET
    """One of them is like this."""


class StockSearchQuery(Closed, frozen=True, gc=False):
    """Which stocks to find: everything that is given must hold. Without members, all of them."""

    and_: Annotated[tuple[StockSearchQuery, ...], Meta(max_length=FILTERS_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="and"
    )
    """All of these hold."""
    or_: Annotated[tuple[StockSearchQuery, ...], Meta(max_length=FILTERS_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="or"
    )
    """One of these holds; of none, none."""
    id: StringFilter | UnsetType = UNSET
    """The id of the stock."""
    tenant_stock_id: StringFilter | UnsetType = UNSET
    """The caller's own id of the stock."""
    facility_ref: StringFilter | UnsetType = UNSET
    """The id of the facility."""
    tenant_facility_id: StringFilter | UnsetType = UNSET
    """The caller's own id of the facility."""
    tenant_article_id: StringFilter | UnsetType = UNSET
    """The article."""
    location_ref: StringFilter | UnsetType = UNSET
    """The place where the pieces lie."""
    value: NumberFilter | UnsetType = UNSET
    """How many pieces there are."""
    available_until: DateFilter | UnsetType = UNSET
    """Until when they may be promised."""
    receipt_date: DateFilter | UnsetType = UNSET
    """When they came."""
    conditions: StockConditionEnumListFilter | UnsetType = UNSET
    """What is wrong with them."""
    traits: StockTraitEnumListFilter | UnsetType = UNSET
    """What may be done with them."""
    scannable_codes: StringListFilter | UnsetType = UNSET
    """Codes that are on them."""
    properties: dict[str, StockPropertyFilter] | UnsetType = UNSET
    """By what they can be told apart."""
    custom_attributes: CustomAttributesFilter | UnsetType = UNSET
    """Data of the caller's own."""


class StockSort(Closed, frozen=True, gc=False):
    """What to sort by: exactly one member."""

    last_modified: Direction | UnsetType = UNSET
    """By the last change."""
    location_name: Direction | UnsetType = UNSET
    """By the place where the pieces lie; places have no names here, so by id."""
    tenant_article_id: Direction | UnsetType = UNSET
    """By article."""
    value: Direction | UnsetType = UNSET
    """By the number of pieces."""
    custom_attributes: CustomAttributesSort | UnsetType = UNSET
    """By data of the caller's own."""


class StockSearchPayload(SearchPayload, frozen=True, gc=False, kw_only=True):
    """A search for stocks."""

    query: StockSearchQuery
    """Which stocks to find."""
    sort: Annotated[tuple[StockSort, ...], Meta(min_length=1, max_length=1)] | UnsetType = UNSET
    """In which order; the newest first where absent."""
