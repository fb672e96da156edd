"""Where order records are kept: the table with its promoted columns."""

from __future__ import annotations

from typing import Final

from opendoms.db.entity import Entity
from opendoms.db.sqlfile import Queries
from opendoms.kernel.changeset import Column, ColumnValue, Index, Table
from opendoms.kernel.clock import instant_from
from opendoms.kernel.decision import Document
from opendoms.records.search import ORDER_RECORD_SEARCH, ORDER_RECORD_TERMS
from opendoms.search.reading import Searched

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
    search_index=Index(ORDER_RECORD_TERMS.index, ORDER_RECORD_TERMS.entry, ORDER_RECORD_TERMS.definition),
)
ORDER_RECORDS_SEARCHED: Final = Searched(ORDER_RECORD_SEARCH, ORDER_RECORDS, ORDER_RECORD_TERMS)

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
