"""Reservations: what is held for orders."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from opendoms.inventory.wire.stock import StockPageSize
from opendoms.search.wire import (
    FILTERS_MAX,
    Direction,
    PageInfo,
    SearchPayload,
    StringFilter,
    StringListFilter,
)
from opendoms.web.wire_types import LIST_MAX, LIST_SIZE_DEFAULT, Closed, CustomAttributes, Int64, Timestamp, Wire

REMOVED_MAX = 100

Refs = Annotated[tuple[str, ...], Meta(max_length=LIST_MAX)]
OneRef = Annotated[tuple[str, ...], Meta(min_length=1, max_length=1)]


class RelatedRefs(Wire, frozen=True, gc=False):
    """What pieces are held for."""

    order_refs: Refs | UnsetType = UNSET
    """The orders."""
    process_refs: Refs | UnsetType = UNSET
    """Their processes."""
    routing_plan_refs: Refs | UnsetType = UNSET
    """Their routing plans."""
    pick_job_refs: Refs | UnsetType = UNSET
    """The pick jobs."""
    transfer_refs: Refs | UnsetType = UNSET
    """The transfers."""


class ReservationHost(Wire, frozen=True, gc=False):
    """What the held pieces are taken from first (decision D40)."""

    type: Literal["STOCK", "EXPECTED_STOCK", "NONE"]
    """Whether that is a stock."""
    reference: str
    """The id of the stock; empty where there is none."""


class Reservation(Wire, frozen=True, gc=False, kw_only=True):
    """Pieces of an article in a facility that are held for an order."""

    id: str
    """The id of the reservation."""
    version: Int64
    """The version of the reservation."""
    facility_ref: str
    """The facility."""
    tenant_article_id: str
    """The article."""
    quantity: int
    """How many pieces are held."""
    host: ReservationHost
    """What they are taken from first."""
    related_refs: RelatedRefs
    """What they are held for."""
    created: Timestamp | UnsetType = UNSET
    """When they were first held."""
    last_modified: Timestamp | UnsetType = UNSET
    """When the reservation was last changed."""
    valid_until: Timestamp | UnsetType = UNSET
    """Until when they are held; for good where absent."""
    order_line_item_id: str | UnsetType = UNSET
    """The line of the order that they are held for."""
    custom_attributes: CustomAttributes | UnsetType | None = UNSET
    """Data of the caller's own."""


class ReservationsPaginatedResult(Wire, frozen=True, gc=False):
    """One page of all reservations."""

    reservations: tuple[Reservation, ...]
    """The reservations of this page."""
    page_info: PageInfo
    """Where this page lies."""
    total: Annotated[int, Meta(ge=0)]
    """How many there are."""


class ReservationPaginatedResult(Wire, frozen=True, gc=False):
    """One page of reservations that were found."""

    reservations: tuple[Reservation, ...]
    """The reservations of this page."""
    page_info: PageInfo
    """Where this page lies."""
    total: Annotated[int, Meta(ge=0)] | UnsetType = UNSET
    """How many were found on all pages; only where it was asked for."""


class ReservationListQuery(Wire, frozen=True, gc=False):
    """The parameters of the list of reservations."""

    size: StockPageSize = LIST_SIZE_DEFAULT
    """How many reservations a page holds at most."""
    after: str | UnsetType = UNSET
    """The `endCursor` of the page before."""


class ReservationRelatedRefsFilter(Closed, frozen=True, gc=False):
    """What pieces are held for."""

    order_refs: StringListFilter | UnsetType = UNSET
    """The orders."""
    pick_job_refs: StringListFilter | UnsetType = UNSET
    """The pick jobs."""
    routing_plan_refs: StringListFilter | UnsetType = UNSET
    """The routing plans."""
    transfer_refs: StringListFilter | UnsetType = UNSET
    """The transfers."""


class ReservationSearchQuery(Closed, frozen=True, gc=False):
    """Which reservations to find: everything that is given must hold. Without members, all of them."""

    and_: Annotated[tuple[ReservationSearchQuery, ...], Meta(max_length=FILTERS_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="and"
    )
    """All of these hold."""
    or_: Annotated[tuple[ReservationSearchQuery, ...], Meta(max_length=FILTERS_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="or"
    )
    """One of these holds; of none, none."""
    id: StringFilter | UnsetType = UNSET
    """The id of the reservation."""
    facility_ref: StringFilter | UnsetType = UNSET
    """The id of the facility."""
    tenant_article_id: StringFilter | UnsetType = UNSET
    """The article."""
    related_refs: ReservationRelatedRefsFilter | UnsetType = UNSET
    """What the pieces are held for."""


class ReservationSort(Closed, frozen=True, gc=False):
    """What to sort by: exactly one member."""

    created: Direction | UnsetType = UNSET
    """By creation."""
    last_modified: Direction | UnsetType = UNSET
    """By the last change."""


class ReservationSearchPayload(SearchPayload, frozen=True, gc=False, kw_only=True):
    """A search for reservations."""

    query: ReservationSearchQuery
    """Which reservations to find."""
    sort: Annotated[tuple[ReservationSort, ...], Meta(min_length=1, max_length=1)] | UnsetType = UNSET
    """In which order; the newest first where absent."""


class ReservationActionSelector(Closed, frozen=True, gc=False):
    """Which reservations are meant: those that all of these name."""

    AT_LEAST_ONE: ClassVar[tuple[str, ...]] = (
        "reservation_refs",
        "order_refs",
        "tenant_order_ids",
        "routing_plan_refs",
        "reservation_predicate",
    )

    reservation_refs: Annotated[tuple[str, ...], Meta(min_length=1, max_length=REMOVED_MAX)] | UnsetType = UNSET
    """Their ids."""
    order_refs: OneRef | UnsetType = UNSET
    """The order that they hold for."""
    tenant_order_ids: OneRef | UnsetType = UNSET
    """The caller's own id of the order."""
    routing_plan_refs: OneRef | UnsetType = UNSET
    """The routing plan. This hub has none, so none matches."""
    reservation_predicate: ReservationSearchQuery | UnsetType = UNSET
    """What holds of them."""


class ReservationAction(Wire, frozen=True, gc=False):
    """Takes reservations away."""

    name: Literal["REMOVE_RESERVATIONS_REDUCE_STOCKS", "REMOVE_RESERVATIONS_KEEP_STOCKS"]
    """Whether the pieces are gone with them, or can be had again."""
    reservation_selector: ReservationActionSelector
    """Which ones."""


class StrippedReservation(Wire, frozen=True, gc=False):
    """A reservation by its id."""

    id: str
    """The id."""


class ReservationStock(Wire, frozen=True, gc=False):
    """A stock that pieces were taken from."""

    id: str
    """The id of the stock."""
    version: int
    """The version that it has now; of one that is gone, the last."""


class ReservationActionStockOperation(Wire, frozen=True, gc=False):
    """What became of a stock."""

    status: Literal["REDUCED", "DELETED"]
    """Whether there is something left of it."""
    stock: ReservationStock
    """The stock."""


class ReservationActionResult(Wire, frozen=True, gc=False):
    """What became of one reservation."""

    status: Literal["DELETED"]
    """It is gone."""
    reservation: StrippedReservation
    """Which one."""
    stock_operations: tuple[ReservationActionStockOperation, ...] | UnsetType = UNSET
    """What became of the stocks, where the pieces are gone as well."""
