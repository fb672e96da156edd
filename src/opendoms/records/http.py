"""The order record endpoints: decode, call, encode."""

from __future__ import annotations

from typing import Final, TypeVar

from msgspec import UNSET, UnsetType

from opendoms.identity.permissions import Permission
from opendoms.records.actions import Asked, OrderRecordActions
from opendoms.records.answers import bulk_answer, listed
from opendoms.records.judging import judged
from opendoms.records.wire import (
    OrderRecord,
    OrderRecordBulkOperations,
    OrderRecordBulkOperationsResponse,
    OrderRecordEnvelope,
    OrderRecordListQuery,
    OrderRecords,
)
from opendoms.web.routing import Answer, Call, Reply, Route

TAG: Final = "Order Records (DOMS)"
PATH: Final = "/api/orderrecords"

# Sorts after every id.
_AFTER_ALL_IDS: Final = "\U0010ffff"

T = TypeVar("T")


def routes(records: OrderRecordActions) -> list[Route]:
    """Taking in, reading and listing order records."""

    async def put_records(call: Call) -> Answer:
        envelope: OrderRecordEnvelope = call.body
        items = [
            judged(part, record) for part, record in zip(envelope.operations, call.document["operations"], strict=True)
        ]
        return Answer(200, bulk_answer(await records.put(items, call.origin())))

    async def get_record(call: Call) -> Answer:
        return Answer(200, await records.read(call.principal.tenant, call.path["orderRecordId"]))

    async def list_records(call: Call) -> Answer:
        query: OrderRecordListQuery = call.query
        asked = Asked(
            before=_given(query.start_after_id) or _AFTER_ALL_IDS,
            size=int(query.size),
            facility_ref=_given(query.facility_ref),
            tenant_order_record_id=_given(query.tenant_order_record_id),
        )
        return Answer(200, listed(await records.list(call.principal.tenant, asked), asked.size))

    return [
        Route(
            "GET",
            PATH,
            list_records,
            operation_id="listOrderRecords",
            summary="List order records",
            description="Newest first, as they are stored. Filters combine; total counts all that match.",
            tag=TAG,
            permissions=(Permission.ORDER_RECORD_READ,),
            query=OrderRecordListQuery,
            replies={200: Reply("A page of order records, empty where nothing matches.", OrderRecords)},
        ),
        Route(
            "PUT",
            PATH,
            put_records,
            operation_id="bulkCreateOrderRecords",
            summary="Take in order records",
            description=(
                "Each sale is judged by itself and has its result; those that are new are stored together, durably. "
                "A sale that is stored already under its `tenantOrderRecordId` is UNCHANGED where its content is the "
                "same, and FAILED, with what differs, where it is not: nothing is ever overwritten."
            ),
            tag=TAG,
            permissions=(Permission.ORDER_RECORD_WRITE,),
            body=OrderRecordBulkOperations,
            envelope=OrderRecordEnvelope,
            replies={
                200: Reply("One result per sale, in the order of the request.", OrderRecordBulkOperationsResponse)
            },
            refusals={
                403: "The permission is missing, or order records are switched off.",
                404: "Not answered by this server: an unknown facility is the fault of the one sale.",
            },
        ),
        Route(
            "GET",
            PATH + "/{orderRecordId}",
            get_record,
            operation_id="getOrderRecord",
            summary="Read an order record",
            tag=TAG,
            permissions=(Permission.ORDER_RECORD_READ,),
            path_parameters={"orderRecordId": "The id that the hub gave the order record."},
            replies={200: Reply("The order record as it is stored.", OrderRecord)},
            refusals={404: "No order record has this id."},
        ),
    ]


def _given(value: T | UnsetType) -> T | None:
    return None if value is UNSET else value
