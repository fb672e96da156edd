"""Listing order records: what may be asked, and what is answered."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from opendoms.records.wire.creation import FacilityReference
from opendoms.records.wire.record import OrderRecord
from opendoms.web.wire_types import LIST_MAX, LIST_SIZE_DEFAULT, PageSize, TenantKey, Wire

# The contract says "number": 2 and 2.0 are the same, 2.5 is refused.
RecordPageSize = PageSize | Annotated[float, Meta(ge=1, le=LIST_MAX, multiple_of=1)]


class OrderRecordListQuery(Wire, frozen=True, gc=False):
    """The parameters of the list of order records; all of them must hold."""

    start_after_id: str | UnsetType = UNSET
    """The list begins after this id; the id of the last order record of the page before."""
    size: RecordPageSize = LIST_SIZE_DEFAULT
    """How many order records a page holds at most."""
    facility_ref: FacilityReference | UnsetType = UNSET
    """Only sales of this facility, named by its id or its URN."""
    tenant_order_record_id: TenantKey | UnsetType = UNSET
    """Only the sale with this number of the caller's own."""


class OrderRecords(Wire, frozen=True, gc=False):
    """One page of order records, newest first."""

    order_records: Annotated[tuple[OrderRecord, ...], Meta(max_length=LIST_MAX)]
    """The order records of this page."""
    total: Annotated[int, Meta(ge=0)]
    """How many order records match, on all pages together."""
    next_cursor: str | UnsetType = UNSET
    """What to send as `startAfterId` for the next page; absent on the last one."""
