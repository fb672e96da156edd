"""Taking in several order records with one request, and what is answered for each."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from opendoms.records.wire.creation import OrderRecordForCreation
from opendoms.records.wire.record import OrderRecord
from opendoms.web.wire_types import Wire

OPERATIONS_MAX: Final = 25

Count = Annotated[int, Meta(ge=0, le=OPERATIONS_MAX)]


class OrderRecordBulkOperations(Wire, frozen=True, gc=False):
    """Sales to be taken in."""

    operations: Annotated[tuple[OrderRecordForCreation, ...], Meta(min_length=1, max_length=OPERATIONS_MAX)]
    """The sales, each judged by itself: one that is wrong does not keep the others out."""


class OrderRecordEnvelope(Wire, frozen=True, gc=False):
    """The same request with its sales as they were sent, since each is judged by itself."""

    operations: Annotated[tuple[msgspec.Raw, ...], Meta(min_length=1, max_length=OPERATIONS_MAX)]
    """The sales, of which only the number is judged here."""


class OrderRecordBulkOperationError(Wire, frozen=True, gc=False):
    """Why a sale was not taken in."""

    type: Literal["VALIDATION", "UNKNOWN"]
    """VALIDATION: the sale has to be mended before it is sent again."""
    message: str
    """Every fault of the sale, each with the path of its member."""


class OrderRecordBulkOperationResult(Wire, frozen=True, gc=False):
    """What became of one sale."""

    status: Literal["CREATED", "FAILED", "UNCHANGED"]
    """Whether it was stored, refused, or stored before."""
    order_record: OrderRecord | UnsetType = UNSET
    """The order record as it is stored; absent where the sale was refused."""
    error: OrderRecordBulkOperationError | UnsetType = UNSET
    """Why it was refused."""


class OrderRecordBulkOperationsSummary(Wire, frozen=True, gc=False):
    """How many sales had which result; the rest was refused."""

    created: Count
    """How many were stored."""
    updated: Count
    """Always 0: an order record is never changed by sending it."""
    unchanged: Count
    """How many were stored before, with the same content."""


class OrderRecordBulkOperationsResponse(Wire, frozen=True, gc=False):
    """What became of the sales."""

    summary: OrderRecordBulkOperationsSummary
    """The results in numbers."""
    details: Annotated[tuple[OrderRecordBulkOperationResult, ...], Meta(max_length=OPERATIONS_MAX)]
    """One result per sale, in the order of the request."""
