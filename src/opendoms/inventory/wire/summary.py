"""How much there is of each article, over facilities."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, Meta, UnsetType

from opendoms.inventory.wire.stock import StockPageSize
from opendoms.web.wire_types import LIST_MAX, LIST_SIZE_DEFAULT, Wire

CHANNELS_MAX = 50

Count = Annotated[int, Meta(ge=0)]


class ByTrait(Wire, frozen=True, gc=False, rename=None):
    """Pieces by what may be done with them, whole or not, reserved or not."""

    PICKABLE: int
    """Those that may be picked."""
    ACCESSIBLE: int
    """Those that can be reached."""


class ChannelStockAvailability(Wire, frozen=True, gc=False):
    """What of an article is there for a channel."""

    channel_ref: str
    """The channel; UNALLOCATED for what belongs to none, which here is everything."""
    available_for_picking: int
    """The pieces that can be promised."""
    available_on_stock: int
    """The pieces that are there for it."""


class StockSummaryDetails(Wire, frozen=True, gc=False):
    """The pieces of an article (see decision D44)."""

    total_amount: Count
    """All pieces that lie there."""
    stock_on_hand: int
    """The same."""
    reserved: Count
    """The pieces that are held for orders."""
    safety_stock: Count
    """The pieces that are to be kept back."""
    available_on_stock: int
    """The pieces that can be reached and may be promised, less those that are reserved or kept back."""
    available_for_picking: int
    """The pieces that can be promised: those that can also be picked, less the same."""
    by_trait: ByTrait
    """Pieces by what may be done with them."""
    available: Count
    """An older name of `availableForPicking`."""
    available_to_promise: int
    """An older name of `availableForPicking`."""
    ready_to_pick: int
    """An older name of `availableForPicking`."""
    channel_adjusted: tuple[ChannelStockAvailability, ...] | UnsetType = UNSET
    """What is there for the channels that were asked for."""


class StockSummaryArticle(Wire, frozen=True, gc=False):
    """The article that is summed up."""

    tenant_article_id: str
    """The caller's own number of the article."""
    title: str
    """Its name in one of its listings; its number where none names it."""
    image_url: str | UnsetType = UNSET
    """Where a picture can be fetched."""


class StockSummary(Wire, frozen=True, gc=False):
    """How much there is of an article."""

    article: StockSummaryArticle
    """The article."""
    details: StockSummaryDetails
    """The pieces."""
    included_facility_refs: tuple[str, ...]
    """The facilities that were summed up: those that have, or had, stock of it."""


class StockSummaries(Wire, frozen=True, gc=False):
    """One page of summaries, by article."""

    stock_summaries: tuple[StockSummary, ...]
    """The summaries of this page."""
    total: Count
    """How many articles there are, on all pages together."""


class StockSummariesQuery(Wire, frozen=True, gc=False):
    """What is to be summed up."""

    COMMA_JOINED: ClassVar[tuple[str, ...]] = ("facility_service_types", "facility_status")

    size: StockPageSize = LIST_SIZE_DEFAULT
    """How many articles a page holds at most."""
    start_after_id: str | UnsetType = UNSET
    """The page begins after this article; the last one of the page before."""
    facility_group_refs: Annotated[list[str], Meta(max_length=1)] | UnsetType = UNSET
    """Only facilities of this group. This hub has none, so nothing matches."""
    facility_service_types: (
        Annotated[list[Literal["SHIP_FROM_STORE", "PICKUP"]], Meta(max_length=LIST_MAX)] | UnsetType
    ) = UNSET
    """Only facilities that offer one of these services, joined by commas."""
    facility_status: (
        Annotated[list[Literal["ONLINE", "SUSPENDED", "OFFLINE"]], Meta(max_length=LIST_MAX)] | UnsetType
    ) = UNSET
    """Only facilities with one of these, joined by commas."""
    facility_refs: Annotated[list[str], Meta(max_length=LIST_MAX)] | UnsetType = UNSET
    """Only these facilities: ids or URNs; the parameter is repeated for each."""
    allow_stale: bool | UnsetType = UNSET
    """Whether old numbers would do. They are never old."""
    tenant_article_ids: Annotated[list[str], Meta(max_length=LIST_MAX)] | UnsetType = UNSET
    """Only these articles; the parameter is repeated for each."""
    max_page_size: StockPageSize | UnsetType = UNSET
    """The same as `size`, and counts instead of it."""
    channel_refs: Annotated[list[str], Meta(max_length=CHANNELS_MAX)] | UnsetType = UNSET
    """Channels to answer under `channelAdjusted`; the parameter is repeated for each."""
