"""Stock inside of listings: an early form that the contract still describes. The hub refuses it (decision D43)."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from opendoms.web.wire_types import LIST_MAX, Closed, Timestamp, Wire

# At most as many as a number of JSON holds exactly.
_Pieces = Annotated[int, Meta(ge=0, le=2**53, multiple_of=1)] | Annotated[float, Meta(ge=0, le=2.0**53, multiple_of=1)]


class ListingStockInformationForCreation(Wire, frozen=True, gc=False):
    """How many pieces there are."""

    stock: _Pieces
    """The pieces."""
    reserved: _Pieces | UnsetType = UNSET
    """Those that are reserved."""


class ListingStockInformation(ListingStockInformationForCreation, frozen=True, gc=False, kw_only=True):
    """How many pieces there are."""

    available: _Pieces
    """Those that can be had."""


class ListingStockLocation(Wire, frozen=True, gc=False):
    """Where pieces lie."""

    location_ref: str | UnsetType = UNSET
    """The id of the place."""
    scannable_codes: Annotated[tuple[str, ...], Meta(max_length=LIST_MAX)] | UnsetType = UNSET
    """Codes that are on the place."""


class StockScore(Wire, frozen=True, gc=False):
    """How early a stock is picked from."""

    score_type: Literal["RATING", "SEQUENCE"]
    """What kind of score it is."""
    score_name: Literal["ZONE", "EXPIRY_DATE", "RECEIPT_DATE", "RUNNING_SEQUENCE", "RESTOW_SEQUENCE"]
    """What it is about."""
    score_value: float
    """The score."""


class ListingPartialStockForCreation(Closed, frozen=True, gc=False):
    """Pieces in one place."""

    tenant_partial_stock_id: str
    """The caller's own id."""
    stockinformation: ListingStockInformationForCreation
    """How many there are."""
    location: ListingStockLocation | UnsetType = UNSET
    """Where they lie."""
    scores: Annotated[tuple[StockScore, ...], Meta(max_length=LIST_MAX)] | UnsetType = UNSET
    """How early they are picked."""


class ListingPartialStock(ListingPartialStockForCreation, frozen=True, gc=False, kw_only=True):
    """Pieces in one place."""

    stockinformation: ListingStockInformation
    """How many there are."""
    event_last_modified: Timestamp | UnsetType = UNSET
    """When that last changed."""
