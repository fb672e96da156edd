"""Stocks: pieces of one article in one place of a facility."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, Meta, UnsetType

from opendoms.inventory.wire.listing import ArticleId
from opendoms.inventory.wire.listing_change import FacilitySelector, VersionNumber
from opendoms.inventory.wire.retired import StockScore
from opendoms.search.wire import PageInfo
from opendoms.web.wire_types import (
    LIST_MAX,
    LIST_SIZE_DEFAULT,
    CustomAttributes,
    TenantKey,
    Timestamp,
    Wire,
)

INT32_MAX = 2**31 - 1
STOCK_LIST_SIZE_MAX = 100

StockTrait = Literal["PICKABLE", "ACCESSIBLE", "KEEP_ON_ZERO", "OUTBOUND", "IN_MOTION"]
StockCondition = Literal["DEFECTIVE"]
Pieces = Annotated[int, Meta(ge=0, le=INT32_MAX, extra_json_schema={"published": {"format": "int32"}})]
Conditions = Annotated[tuple[StockCondition, ...], Meta(max_length=LIST_MAX)]
StockPageSize = (
    Annotated[int, Meta(ge=1, le=STOCK_LIST_SIZE_MAX)]
    | Annotated[float, Meta(ge=1, le=float(STOCK_LIST_SIZE_MAX), multiple_of=1)]
)
# Of a text that is part of an index.
LocationRef = TenantKey


class StorageLocationTraitConfigEntry(Wire, frozen=True, gc=False):
    """Whether something may be done with a stock."""

    trait: str
    """What: PICKABLE, ACCESSIBLE, KEEP_ON_ZERO, OUTBOUND or IN_MOTION."""
    enabled: bool
    """Whether it may."""


TraitConfig = Annotated[tuple[StorageLocationTraitConfigEntry, ...], Meta(max_length=LIST_MAX)]


class StockPropertyPreset(Wire, frozen=True, gc=False):
    """Properties by which pieces can be told apart: any names, the values are texts."""

    expiry: str | UnsetType = UNSET
    """Until when the pieces are good, such as 2026-12-24 or a timestamp."""


class StockForCreation(Wire, frozen=True, gc=False, kw_only=True):
    """A stock as the caller describes it."""

    tenant_article_id: ArticleId
    """The caller's own number of the article."""
    value: Pieces
    """How many pieces there are."""
    facility: FacilitySelector | UnsetType = UNSET
    """The facility that they lie in."""
    facility_ref: TenantKey | UnsetType = UNSET
    """An older way to name the facility: by its id, or by its URN."""
    tenant_facility_id: TenantKey | UnsetType = UNSET
    """An older way to name the facility: by the caller's own id."""
    tenant_stock_id: str | UnsetType = UNSET
    """The caller's own id of the stock."""
    location_ref: LocationRef | UnsetType = UNSET
    """The id of the place where they lie."""
    available_until: Timestamp | UnsetType = UNSET
    """Until when the pieces may be promised."""
    receipt_date: Timestamp | UnsetType = UNSET
    """When they came; now where absent."""
    conditions: Conditions | UnsetType = UNSET
    """What is wrong with them; DEFECTIVE ones are not promised."""
    properties: StockPropertyPreset | UnsetType = UNSET
    """By what they can be told apart."""
    trait_config: TraitConfig | UnsetType = UNSET
    """What may be done with them, where it is not the usual."""
    custom_attributes: CustomAttributes | UnsetType | None = UNSET
    """Data of the caller's own."""


class StockForUpdate(Wire, frozen=True, gc=False, kw_only=True):
    """How many pieces there are now, and what else has changed. Members that are not sent stay."""

    value: Pieces
    """How many pieces there are."""
    version: VersionNumber | UnsetType = UNSET
    """The version that is replaced, which must still be the stored one. Without it whatever is there is replaced."""
    tenant_stock_id: str | UnsetType = UNSET
    """The caller's own id of the stock."""
    location_ref: LocationRef | UnsetType | None = UNSET
    """The id of the place where they lie; null for none."""
    conditions: Conditions | UnsetType = UNSET
    """What is wrong with them."""
    trait_config: TraitConfig | UnsetType = UNSET
    """What may be done with them, where it is not the usual."""
    custom_attributes: CustomAttributes | UnsetType | None = UNSET
    """Data of the caller's own; null takes it away."""


class StockForUpsert(Wire, frozen=True, gc=False, kw_only=True):
    """A stock that is changed, where an id is given, or else made."""

    AT_LEAST_ONE: ClassVar[tuple[str, ...]] = ("id", "tenant_article_id")

    value: Pieces
    """How many pieces there are."""
    id: str | UnsetType = UNSET
    """The id of the stock that is changed. Without it a stock is made."""
    version: VersionNumber | UnsetType = UNSET
    """The version that is replaced, which must still be the stored one. Without it whatever is there is replaced."""
    tenant_article_id: ArticleId | UnsetType = UNSET
    """The caller's own number of the article, of a new stock."""
    facility: FacilitySelector | UnsetType = UNSET
    """The facility of a new stock."""
    facility_ref: TenantKey | UnsetType = UNSET
    """An older way to name the facility: by its id, or by its URN."""
    tenant_facility_id: TenantKey | UnsetType = UNSET
    """An older way to name the facility: by the caller's own id."""
    tenant_stock_id: str | UnsetType = UNSET
    """The caller's own id of the stock."""
    location_ref: LocationRef | UnsetType | None = UNSET
    """The id of the place where the pieces lie; null for none."""
    available_until: Timestamp | UnsetType = UNSET
    """Until when the pieces of a new stock may be promised."""
    receipt_date: Timestamp | UnsetType = UNSET
    """When the pieces of a new stock came; now where absent."""
    conditions: Conditions | UnsetType = UNSET
    """What is wrong with the pieces."""
    properties: StockPropertyPreset | UnsetType = UNSET
    """By what the pieces of a new stock can be told apart."""
    trait_config: TraitConfig | UnsetType = UNSET
    """What may be done with the pieces, where it is not the usual."""
    custom_attributes: CustomAttributes | UnsetType | None = UNSET
    """Data of the caller's own; null takes it away."""


class StocksForUpsert(Wire, frozen=True, gc=False):
    """Stocks to be written: all of them, or none."""

    stocks: Annotated[tuple[StockForUpsert, ...], Meta(max_length=LIST_MAX)]
    """The stocks; each that is changed once."""


class StockFacilityReferences(Wire, frozen=True, gc=False):
    """The facility that a stock lies in."""

    facility_ref: str
    """Its id."""
    tenant_facility_id: str | UnsetType = UNSET
    """The caller's own id of it."""


class Stock(Wire, frozen=True, gc=False, kw_only=True):
    """A stock as it is stored, and what of it is reserved and available at this moment."""

    id: str
    """The id of the stock."""
    version: int
    """The version of the stock."""
    created: Timestamp
    """When the stock was stored."""
    last_modified: Timestamp
    """When the stock was last changed."""
    tenant_article_id: ArticleId
    """The article."""
    facility_ref: str
    """The facility that the pieces lie in."""
    facility: StockFacilityReferences
    """The same facility, with the caller's own id as it was when the stock was written."""
    value: Pieces
    """How many pieces there are."""
    reserved: int
    """How many of them are held for orders."""
    available: int
    """How many of them can be promised."""
    facility_wide_reserved: int
    """How many pieces of the article are held in the whole facility."""
    traits: tuple[StockTrait, ...]
    """What may be done with the pieces."""
    serialized_properties: str
    """The properties as JSON, sorted by name."""
    tenant_stock_id: str | UnsetType = UNSET
    """The caller's own id of the stock."""
    location_ref: str | UnsetType = UNSET
    """The place where the pieces lie."""
    available_until: Timestamp | UnsetType = UNSET
    """Until when they may be promised."""
    receipt_date: Timestamp | UnsetType = UNSET
    """When they came."""
    conditions: Conditions | UnsetType = UNSET
    """What is wrong with them."""
    properties: StockPropertyPreset | UnsetType = UNSET
    """By what they can be told apart."""
    scannable_codes: tuple[str, ...] | UnsetType = UNSET
    """Codes that are on them."""
    scores: tuple[StockScore, ...] | UnsetType = UNSET
    """How early they are picked."""
    trait_config: TraitConfig | UnsetType = UNSET
    """What was said about what may be done with them."""
    custom_attributes: CustomAttributes | UnsetType | None = UNSET
    """Data of the caller's own."""


class StockUpsertOperationResult(Wire, frozen=True, gc=False):
    """What became of one stock."""

    stock: Stock
    """The stock as it is stored."""
    status: Literal["UPDATED", "CREATED", "UNCHANGED"]
    """What was done."""


class StockPaginatedResult(Wire, frozen=True, gc=False):
    """One page of stocks."""

    stocks: tuple[Stock, ...]
    """The stocks of this page."""
    page_info: PageInfo
    """Where this page lies."""
    total: Annotated[int, Meta(ge=0)] | UnsetType = UNSET
    """How many there are on all pages; of a search, only where it was asked for."""


class StockListQuery(Wire, frozen=True, gc=False):
    """The parameters of the list of stocks; all of them must hold."""

    facility_ref: str | UnsetType = UNSET
    """Only stocks of this facility: its id, or its URN."""
    tenant_facility_id: str | UnsetType = UNSET
    """Only stocks of the facility with this id of the caller's own."""
    tenant_article_id: Annotated[list[str], Meta(max_length=LIST_MAX)] | UnsetType = UNSET
    """Only stocks of these articles; the parameter is repeated for each."""
    location_ref: Annotated[list[str], Meta(max_length=LIST_MAX)] | UnsetType = UNSET
    """Only stocks in these places; the parameter is repeated for each."""
    size: StockPageSize = LIST_SIZE_DEFAULT
    """How many stocks a page holds at most."""
    start_after_id: str | UnsetType = UNSET
    """The list begins after this id; the id of the last stock of the page before."""
