"""The endpoints of cancelation reasons: decode, call, encode."""

from __future__ import annotations

from typing import Final

from msgspec import Raw

from opendoms.cancelation.actions import CancelationActions
from opendoms.cancelation.wire import (
    CancelationReason,
    CancelationReasonForCreation,
    CancelationReasonForModification,
    CancelationReasonListQuery,
    CancelationReasons,
)
from opendoms.identity.permissions import Permission
from opendoms.kernel.document import encode
from opendoms.web.routing import Answer, Call, Reply, Route

TAG: Final = "Orders Configuration (DOMS)"
PATH: Final = "/api/cancelationreasons"
# Sorts after every id.
_AFTER_ALL_IDS: Final = "\U0010ffff"

# Whoever cancels orders must see what there is to choose from; wording the choices is configuration.
_MAY_READ: Final = (Permission.ORDER_READ, Permission.CONFIG_READ)
_MAY_WRITE: Final = (Permission.CONFIG_WRITE,)


def routes(cancelation: CancelationActions) -> list[Route]:
    """Keeping the reasons that orders may be cancelled with."""

    async def list_reasons(call: Call) -> Answer:
        query: CancelationReasonListQuery = call.query
        page = await cancelation.list(
            call.principal.tenant, before=query.start_after_id or _AFTER_ALL_IDS, size=query.size
        )
        reasons = [Raw(document) for document in page.documents]
        return Answer(200, encode({"reasons": reasons, "hasNextPage": page.has_next_page, "total": page.total}))

    async def create_reason(call: Call) -> Answer:
        reason_id, body = await cancelation.create(call.document, call.origin())
        location = (b"location", f"{call.base_url}{PATH}/{reason_id}".encode())
        return Answer(303 if body is None else 201, body or b"", (location,))

    async def read_reason(call: Call) -> Answer:
        return Answer(200, await cancelation.read(call.principal.tenant, call.path["cancelationReasonId"]))

    async def modify_reason(call: Call) -> Answer:
        return Answer(200, await cancelation.modify(call.path["cancelationReasonId"], call.document, call.origin()))

    async def delete_reason(call: Call) -> Answer:
        await cancelation.delete(call.path["cancelationReasonId"], call.origin())
        return Answer(200)

    unknown = {404: "No cancelation reason has this id."}
    one = Route(
        "GET",
        PATH + "/{cancelationReasonId}",
        read_reason,
        operation_id="getCancelationReasonById",
        summary="Read a cancelation reason",
        tag=TAG,
        permissions=_MAY_READ,
        path_parameters={"cancelationReasonId": "The id that the hub gave the reason."},
        replies={200: Reply("The reason as it is stored.", CancelationReason)},
        refusals=unknown,
    )
    return [
        Route(
            "GET",
            PATH,
            list_reasons,
            operation_id="getCancelationReasons",
            summary="List cancelation reasons",
            description="Newest first.",
            tag=TAG,
            permissions=_MAY_READ,
            query=CancelationReasonListQuery,
            replies={200: Reply("A page of reasons, empty where there are none.", CancelationReasons)},
            refusals={404: "Not answered by this server: a page behind the last one is empty."},
        ),
        Route(
            "POST",
            PATH,
            create_reason,
            operation_id="postCancelationReason",
            summary="Create a cancelation reason",
            description="A reason with the very same text is not stored twice: the answer leads to the stored one.",
            tag=TAG,
            permissions=_MAY_WRITE,
            body=CancelationReasonForCreation,
            replies={
                201: Reply("The reason as it is stored.", CancelationReason, location=True),
                303: Reply("A reason with this text is stored already; nothing was written.", location=True),
            },
        ),
        one,
        one._replace(
            method="PUT",
            handler=modify_reason,
            operation_id="putCancelationReason",
            summary="Reword a cancelation reason",
            description="Orders that were cancelled with it keep the words that they were cancelled with.",
            permissions=_MAY_WRITE,
            body=CancelationReasonForModification,
            replies={200: Reply("The reason after the change.", CancelationReason)},
            refusals={**unknown, 409: "The version is not the stored one, or another reason has this text."},
        ),
        one._replace(
            method="DELETE",
            handler=delete_reason,
            operation_id="deleteCancelationReason",
            summary="Delete a cancelation reason",
            description="Orders that were cancelled with it keep its words.",
            permissions=_MAY_WRITE,
            replies={200: Reply("The reason is gone.")},
        ),
    ]
