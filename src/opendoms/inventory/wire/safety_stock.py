"""Safety stocks: what is kept back."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from opendoms.inventory.wire.listing import ArticleId
from opendoms.inventory.wire.stock import INT32_MAX, StockPageSize
from opendoms.web.wire_types import LIST_MAX, LIST_SIZE_DEFAULT, TenantKey, Timestamp, Wire

SafetyPieces = (
    Annotated[int, Meta(ge=0, le=INT32_MAX)] | Annotated[float, Meta(ge=0, le=float(INT32_MAX), multiple_of=1)]
)


class SafetyStock(Wire, frozen=True, gc=False, kw_only=True):
    """How many pieces of an article are kept back."""

    id: str
    """The id of the safety stock."""
    version: int
    """The version of the safety stock."""
    created: Timestamp
    """When it was stored."""
    last_modified: Timestamp
    """When it was last changed."""
    tenant_article_id: str
    """The article."""
    value: int
    """How many pieces are kept back."""
    facility_ref: str | UnsetType = UNSET
    """The facility; where absent, each one that has no safety stock of its own."""


class SafetyStocksPaginatedResult(Wire, frozen=True, gc=False):
    """One page of safety stocks."""

    safety_stocks: tuple[SafetyStock, ...]
    """The safety stocks of this page."""
    total: Annotated[int, Meta(ge=0)]
    """How many there are, on all pages together."""


class SafetyStockListQuery(Wire, frozen=True, gc=False):
    """The parameters of the list of safety stocks; all of them must hold."""

    size: StockPageSize = LIST_SIZE_DEFAULT
    """How many safety stocks a page holds at most."""
    start_after_id: str | UnsetType = UNSET
    """The list begins after this id; the id of the last safety stock of the page before."""
    tenant_article_id: str | UnsetType = UNSET
    """Only of this article."""
    facility_ref: str | UnsetType = UNSET
    """Only of this facility: its id, or its URN."""


class SafetyStockBulkOperation(Wire, frozen=True, gc=False):
    """How many pieces are to be kept back."""

    tenant_article_id: ArticleId
    """The article."""
    value: SafetyPieces
    """How many pieces."""
    facility_ref: TenantKey | UnsetType = UNSET
    """In which facility: its id, or its URN; where absent, in each that has no safety stock of its own."""


class SafetyStockBulkOperations(Wire, frozen=True, gc=False):
    """Safety stocks to be set, each by itself."""

    operations: Annotated[tuple[SafetyStockBulkOperation, ...], Meta(min_length=1, max_length=LIST_MAX)]
    """One after the other."""


class BulkOperationError(Wire, frozen=True, gc=False):
    """Why something was not done."""

    type: Literal["NOT_FOUND", "NOT_ALLOWED", "VALIDATION", "UNKNOWN"]
    """What kind of reason it is."""
    message: str
    """The reason, in words."""


class SafetyStockOutcome(Wire, frozen=True, gc=False):
    """What became of a safety stock."""

    tenant_article_id: str
    """The article."""
    facility_ref: str
    """The facility; empty where none was named."""
    value: int
    """How many pieces were asked for."""
    status: Literal["UPDATED", "CREATED", "FAILED"]
    """What was done."""
    error: BulkOperationError | UnsetType = UNSET
    """Why it failed."""


class SafetyStockBulkOperationResult(SafetyStockOutcome, frozen=True, gc=False, kw_only=True):
    """What became of the first one that failed, or else of the first; and of each."""

    results: tuple[SafetyStockOutcome, ...]
    """What became of each, in the order asked."""
