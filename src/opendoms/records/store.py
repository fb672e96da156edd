"""Where order records are kept: the table with its promoted columns."""

from __future__ import annotations

from typing import Final

from opendoms.db.entity import Entity
from opendoms.db.sqlfile import Queries
from opendoms.kernel.changeset import Column, ColumnValue, Table
from opendoms.kernel.clock import instant_from
from opendoms.kernel.decision import Document

ORDER_RECORDS: Final = Table(
    "order_records",
    columns=(
        Column("tenant_order_record_id", "text"),
        Column("facility_ref", "text"),
        Column("order_record_date", "bigint"),
        Column("anonymized", "boolean"),
        Column("retention_due", "bigint"),
    ),
    unique=(("order_records_tenant_order_record_id", ("tenant", "tenant_order_record_id")),),
)

QUERIES: Final = Queries("opendoms.records")


def promoted(document: Document) -> tuple[ColumnValue, ...]:
    """The values of ORDER_RECORDS.columns for a document. Retention asks first for its people, then for the whole."""
    anonymized: bool = document["anonymized"]
    return (
        document.get("tenantOrderRecordId"),
        document["facilityRef"],
        instant_from(document["orderRecordDate"]),
        anonymized,
        instant_from(document["deletionDate" if anonymized else "gdprCleanupDate"]),
    )


ORDER_RECORD: Final = Entity("ORDER_RECORD", ORDER_RECORDS, promoted)
