"""Changing a listing, and writing listings of many facilities at once."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, Meta, UnsetType

from opendoms.inventory.wire.article import (
    ATTRIBUTES_MAX,
    AvailabilityTimeframe,
    AvailableUntilDefinition,
    BulkOutOfStockBehaviourByContext,
    BulkOutOfStockConfig,
    ListingLegal,
    ListingScanningRule,
    ListingStatus,
    OutOfStockBehaviour,
    OutOfStockConfig,
    StockPropertyDefinition,
)
from opendoms.inventory.wire.listing import (
    Attributes,
    Categories,
    Codes,
    Listing,
    ListingMembers,
    ListingRecordableAttributeForCreation,
    ListingTags,
)
from opendoms.inventory.wire.retired import ListingStockInformationForCreation
from opendoms.web.wire_types import (
    LIST_MAX,
    Closed,
    Currency,
    CustomAttributes,
    FilledText,
    Int64,
    LocaleString,
    Wire,
)

ACTIONS_MAX = 100

VersionNumber = Annotated[int, Meta(ge=0, le=2**63 - 1)] | Annotated[float, Meta(ge=0, le=2.0**53, multiple_of=1)]


class ModifyListing(Closed, frozen=True, gc=False, tag_field="action", tag="ModifyListing"):
    """Members of the listing that are to change; the others stay."""

    status: ListingStatus | UnsetType = UNSET
    """Whether the facility offers the article."""
    title: str | UnsetType = UNSET
    """The name of the article."""
    subtitle: str | UnsetType = UNSET
    """A second line below the name."""
    title_localized: LocaleString | UnsetType = UNSET
    """The name per locale."""
    attributes: Attributes | UnsetType = UNSET
    """All attributes as they are to be."""
    availability_timeframe: AvailabilityTimeframe | UnsetType = UNSET
    """When an article can be had that is ordered without stock."""
    category_refs: Categories | UnsetType = UNSET
    """All categories as they are to be."""
    currency: Currency | UnsetType | None = UNSET
    """The currency of `price`."""
    custom_attributes: CustomAttributes | UnsetType | None = UNSET
    """Data of the caller's own; null takes it away."""
    image_url: str | UnsetType = UNSET
    """Where a picture can be fetched without signing in."""
    legal: ListingLegal | UnsetType = UNSET
    """What customs want to know."""
    measurement_unit_key: str | UnsetType | None = UNSET
    """The unit in which the article is counted; null takes it away."""
    out_of_stock_behaviour: OutOfStockBehaviour | UnsetType = UNSET
    """What happens when the article is ordered without stock."""
    out_of_stock_config: OutOfStockConfig | UnsetType = UNSET
    """What `outOfStockBehaviour` needs to know."""
    price: float | UnsetType = UNSET
    """The price."""
    recordable_attributes: (
        Annotated[tuple[ListingRecordableAttributeForCreation, ...], Meta(max_length=ATTRIBUTES_MAX)] | UnsetType
    ) = UNSET
    """All that staff write down about each piece."""
    scannable_codes: Codes | UnsetType = UNSET
    """All codes as they are to be."""
    scanning_rule: ListingScanningRule | UnsetType = UNSET
    """How the article is scanned while picking."""
    stock_available_until: AvailableUntilDefinition | UnsetType = UNSET
    """Until when new stock may be promised."""
    stockinformation: ListingStockInformationForCreation | UnsetType = UNSET
    """Refused: stock is kept by `/api/stocks`."""
    stock_properties: dict[str, StockPropertyDefinition] | UnsetType | None = UNSET
    """The properties that stock of the article has; null takes them away."""
    weight: float | UnsetType = UNSET
    """The weight."""
    tags: ListingTags | UnsetType = UNSET
    """All tags as they are to be."""


class ListingPatchActions(Wire, frozen=True, gc=False):
    """A change of a listing."""

    version: Int64
    """The version that the change was made for; it must still be the stored one."""
    actions: Annotated[tuple[ModifyListing, ...], Meta(min_length=1, max_length=ACTIONS_MAX)]
    """What is to change; later ones see what earlier ones did."""


class FacilitySelector(Wire, frozen=True, gc=False):
    """A facility by one of its ids."""

    EXACTLY_ONE: ClassVar[tuple[str, ...]] = ("facility_ref", "tenant_facility_id")

    facility_ref: FilledText | UnsetType = UNSET
    """The id of the facility, or its URN."""
    tenant_facility_id: FilledText | UnsetType = UNSET
    """The caller's own id of the facility."""


class ListingFacilitySelector(Wire, frozen=True, gc=False):
    """One of the facilities that are to list the article."""

    facility: FacilitySelector
    """The facility."""
    version: VersionNumber | UnsetType = UNSET
    """The version of its listing that is replaced, which must still be the stored one."""


class ListingForBulkUpsert(ListingMembers, frozen=True, gc=False, kw_only=True):
    """A listing as it is to be."""

    title: FilledText
    """The name of the article."""
    out_of_stock_behaviour_by_contexts: (
        Annotated[tuple[BulkOutOfStockBehaviourByContext, ...], Meta(min_length=1, max_length=10)] | UnsetType
    ) = UNSET
    """What happens without stock in some places, where that is something else."""
    out_of_stock_config: BulkOutOfStockConfig | UnsetType = UNSET
    """What `outOfStockBehaviour` needs to know."""
    status: ListingStatus | UnsetType = UNSET
    """Whether the facilities offer the article; ACTIVE where absent."""


class ListingForBulkUpsertByFacility(
    ListingForBulkUpsert, frozen=True, gc=False, kw_only=True, tag_field="targetingStrategy", tag="SINGLE_FACILITY"
):
    """A listing of one facility."""

    facility: FacilitySelector
    """The facility."""
    version: VersionNumber | UnsetType = UNSET
    """The version that is replaced, which must still be the stored one. Without it whatever is there is replaced."""


class ListingForBulkUpsertBySelector(
    ListingForBulkUpsert, frozen=True, gc=False, kw_only=True, tag_field="targetingStrategy", tag="MULTI_SELECTOR"
):
    """The same listing in several facilities."""

    selector: Annotated[tuple[ListingFacilitySelector, ...], Meta(min_length=1, max_length=LIST_MAX)]
    """The facilities."""


class ListingBulkUpsertPayload(Wire, frozen=True, gc=False):
    """Listings of many facilities: all of them are written, or none."""

    listings: Annotated[
        tuple[ListingForBulkUpsertBySelector | ListingForBulkUpsertByFacility, ...],
        Meta(min_length=1, max_length=LIST_MAX),
    ]
    """The listings; with their facilities at most 25 in all."""


class BulkUpsertSummary(Wire, frozen=True, gc=False):
    """What was done, in numbers."""

    created: int
    """How many are new."""
    updated: int
    """How many have changed."""
    unchanged: int
    """How many were like this before."""


class ListingBulkUpsertSuccess(Wire, frozen=True, gc=False):
    """What became of one listing."""

    status: Literal["CREATED", "UPDATED", "UNCHANGED"]
    """What was done."""
    result: Listing
    """The listing as it is stored."""


class ListingBulkUpsertResponse(Wire, frozen=True, gc=False):
    """What became of the listings."""

    summary: BulkUpsertSummary
    """In numbers."""
    listings: tuple[ListingBulkUpsertSuccess, ...]
    """One by one, in the order asked."""
