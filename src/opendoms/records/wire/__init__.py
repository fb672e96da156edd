"""What order records look like on the wire: requests, answers and the parameters of the list."""

from __future__ import annotations

from opendoms.records.wire.bulk import (
    OPERATIONS_MAX,
    OrderRecordBulkOperations,
    OrderRecordBulkOperationsResponse,
    OrderRecordEnvelope,
)
from opendoms.records.wire.creation import OrderRecordForCreation
from opendoms.records.wire.list import OrderRecordListQuery, OrderRecords
from opendoms.records.wire.record import OrderRecord

__all__ = [
    "OPERATIONS_MAX",
    "OrderRecord",
    "OrderRecordBulkOperations",
    "OrderRecordBulkOperationsResponse",
    "OrderRecordEnvelope",
    "OrderRecordForCreation",
    "OrderRecordListQuery",
    "OrderRecords",
]
