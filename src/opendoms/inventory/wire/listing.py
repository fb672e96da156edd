"""Listings: what a facility offers."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, Meta, UnsetType

from opendoms.inventory.wire.article import (
    ATTRIBUTES_MAX,
    AvailabilityTimeframe,
    AvailableUntilDefinition,
    ListingAttributeItem,
    ListingLegal,
    ListingScanningRule,
    ListingStatus,
    OutOfStockBehaviour,
    OutOfStockBehaviourByContext,
    OutOfStockConfig,
    StockPropertyDefinition,
)
from opendoms.inventory.wire.retired import (
    ListingPartialStock,
    ListingPartialStockForCreation,
    ListingStockInformation,
    ListingStockInformationForCreation,
)
from opendoms.web.wire_types import (
    LIST_MAX,
    LIST_SIZE_DEFAULT,
    TENANT_KEY_MAX,
    Closed,
    Currency,
    CustomAttributes,
    FilledText,
    Int64,
    LocaleString,
    NotNegative,
    PageSize,
    TagReference,
    Timestamp,
    Wire,
)

CATEGORIES_MAX = 10

Attributes = Annotated[tuple[ListingAttributeItem, ...], Meta(max_length=ATTRIBUTES_MAX)]
Categories = Annotated[tuple[str, ...], Meta(max_length=CATEGORIES_MAX)]
Codes = Annotated[tuple[str, ...], Meta(max_length=LIST_MAX)]
ListingTags = Annotated[tuple[TagReference, ...], Meta(min_length=0, max_length=LIST_MAX)]
ArticleId = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=TENANT_KEY_MAX,
        pattern=r"^[^\x00]*\Z",
        extra_json_schema={"published": {"pattern": r"^[^\u0000]*$"}},
    ),
]


class ListingRecordableAttributeForCreation(Closed, frozen=True, gc=False):
    """Something that staff write down about a piece while they handle it."""

    key_localized: LocaleString
    """What is written down, per locale."""
    recording_rule: Literal["OPTIONAL", "MANDATORY"]
    """Whether it must be."""
    value: Annotated[str, Meta(min_length=1)] | UnsetType | None = UNSET
    """What it is beforehand."""


class ListingRecordableAttribute(ListingRecordableAttributeForCreation, frozen=True, gc=False):
    """Something that staff write down about a piece while they handle it."""

    key: str | UnsetType = UNSET
    """What is written down, in the language that was asked for."""


class ListingMembers(Wire, frozen=True, gc=False, kw_only=True):
    """What every listing may say."""

    tenant_article_id: ArticleId
    """The caller's own number of the article."""
    title: FilledText | UnsetType = UNSET
    """The name of the article."""
    title_localized: LocaleString | UnsetType = UNSET
    """The name per locale."""
    attributes: Attributes | UnsetType = UNSET
    """What else is known about the article."""
    category_refs: Categories | UnsetType = UNSET
    """The ids of the categories that the article belongs to."""
    currency: Currency | UnsetType | None = UNSET
    """The currency of `price`; better said by attributes."""
    custom_attributes: CustomAttributes | UnsetType | None = UNSET
    """Data of the caller's own."""
    image_url: str | UnsetType = UNSET
    """Where a picture can be fetched without signing in."""
    legal: ListingLegal | UnsetType = UNSET
    """What customs want to know."""
    measurement_unit_key: str | UnsetType = UNSET
    """The unit in which the article is counted."""
    out_of_stock_behaviour: OutOfStockBehaviour | UnsetType = UNSET
    """What happens when the article is ordered without stock; NONE where absent: it cannot be."""
    price: float | UnsetType = UNSET
    """The price; better said by attributes."""
    scannable_codes: Codes | UnsetType = UNSET
    """Codes that are on the article."""
    scanning_rule: ListingScanningRule | UnsetType = UNSET
    """How the article is scanned while picking."""
    stock_available_until: AvailableUntilDefinition | UnsetType = UNSET
    """Until when new stock may be promised, where the stock does not say so itself."""
    stock_properties: dict[str, StockPropertyDefinition] | UnsetType = UNSET
    """The properties that stock of the article has."""
    weight: NotNegative | UnsetType = UNSET
    """The weight; better said by attributes."""
    tags: ListingTags | UnsetType = UNSET
    """Tags of the listing."""


class ListingForCreation(ListingMembers, frozen=True, gc=False, kw_only=True):
    """A listing as the caller describes it."""

    availability_timeframe: AvailabilityTimeframe | UnsetType = UNSET
    """When an article can be had that is ordered without stock; better said by `outOfStockConfig`."""
    out_of_stock_behaviour_by_contexts: (
        Annotated[tuple[OutOfStockBehaviourByContext, ...], Meta(min_length=1, max_length=10)] | UnsetType
    ) = UNSET
    """What happens without stock in some places, where that is something else."""
    out_of_stock_config: OutOfStockConfig | UnsetType = UNSET
    """What `outOfStockBehaviour` needs to know."""
    recordable_attributes: (
        Annotated[tuple[ListingRecordableAttributeForCreation, ...], Meta(max_length=ATTRIBUTES_MAX)] | UnsetType
    ) = UNSET
    """What staff write down about each piece."""
    partial_stocks: Annotated[tuple[ListingPartialStockForCreation, ...], Meta(max_length=LIST_MAX)] | UnsetType = UNSET
    """Refused: stock is kept by `/api/stocks`."""
    stockinformation: ListingStockInformationForCreation | UnsetType = UNSET
    """Refused: stock is kept by `/api/stocks`."""


class ListingForReplacement(ListingForCreation, frozen=True, gc=False, kw_only=True):
    """A listing as it is to be; it is made where the facility does not list the article yet."""

    status: ListingStatus | UnsetType = UNSET
    """Whether the facility offers the article; ACTIVE where absent."""
    version: Int64 | UnsetType = UNSET
    """The version that is replaced, which must still be the stored one. Without it whatever is there is replaced."""


class ListingsForReplacement(Wire, frozen=True, gc=False):
    """Listings of one facility: all of them are written, or none."""

    listings: Annotated[tuple[ListingForReplacement, ...], Meta(min_length=1, max_length=LIST_MAX)]
    """The listings, each article once."""


class Listing(ListingForCreation, frozen=True, gc=False, kw_only=True):
    """A listing as it is stored."""

    id: str
    """The id of the listing."""
    version: Int64
    """The version of the listing."""
    facility_id: str
    """The facility that offers the article."""
    status: ListingStatus
    """Whether it does."""
    created: Timestamp | UnsetType = UNSET
    """When the listing was stored."""
    last_modified: Timestamp | UnsetType = UNSET
    """When the listing was last changed."""
    recordable_attributes: (
        Annotated[tuple[ListingRecordableAttribute, ...], Meta(max_length=ATTRIBUTES_MAX)] | UnsetType
    ) = UNSET
    """What staff write down about each piece."""
    partial_stocks: Annotated[tuple[ListingPartialStock, ...], Meta(max_length=LIST_MAX)] | UnsetType = UNSET
    """Never there: stock is kept by `/api/stocks`."""
    stockinformation: ListingStockInformation | UnsetType = UNSET
    """Never there: stock is kept by `/api/stocks`."""


class ListingBulkOperationResult(Wire, frozen=True, gc=False):
    """What became of one listing."""

    listing: Listing
    """The listing as it is stored."""
    status: Literal["UPDATED", "UNCHANGED", "CREATED", "FAILED"]
    """What was done."""


class StrippedListing(Wire, frozen=True, gc=False):
    """A listing in short."""

    id: str
    """The id of the listing."""
    version: Int64
    """The version of the listing."""
    facility_id: str
    """The facility."""
    tenant_article_id: str
    """The article."""
    status: ListingStatus
    """Whether the facility offers it."""
    created: Timestamp | UnsetType = UNSET
    """When the listing was stored."""
    last_modified: Timestamp | UnsetType = UNSET
    """When the listing was last changed."""


class StrippedListings(Wire, frozen=True, gc=False):
    """One page of the listings of a facility."""

    listings: tuple[StrippedListing, ...]
    """The listings of this page."""
    total: int
    """How many listings match, on all pages together."""
    next_cursor: str | UnsetType = UNSET
    """What to send as `startAfterId` for the next page; absent on the last one."""


class ListingListQuery(Wire, frozen=True, gc=False):
    """The parameters of the list of a facility's listings."""

    COMMA_JOINED: ClassVar[tuple[str, ...]] = ("tenant_article_ids",)

    start_after_id: str | UnsetType = UNSET
    """The list begins after this id; the id of the last listing of the page before."""
    size: PageSize = LIST_SIZE_DEFAULT
    """How many listings a page holds at most."""
    tenant_article_ids: Annotated[list[str], Meta(max_length=LIST_MAX)] | UnsetType = UNSET
    """Only listings of these articles, joined by commas."""
    scannable_code: str | UnsetType = UNSET
    """Only listings with this code."""


class ListingReadQuery(Wire, frozen=True, gc=False):
    """How a listing is to be shown."""

    locale: str | UnsetType = UNSET
    """The language of `title`, and of the keys of recordable attributes, such as de_DE."""
