"""The process endpoints: decode, call, encode."""

from __future__ import annotations

from typing import Final, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from opendoms.identity.permissions import Permission
from opendoms.kernel.refusal import Fault, Invalid
from opendoms.processes.actions import ProcessActions
from opendoms.processes.log import Asked, ProcessLog
from opendoms.processes.rules import change
from opendoms.processes.wire import (
    HistoryLogs,
    HistoryLogsQuery,
    Process,
    ProcessActionsParameter,
    Processes,
    ProcessListQuery,
    ProcessPaginatedResult,
    ProcessPatchActions,
    ProcessQuery,
    ProcessSearchPayload,
)
from opendoms.web.routing import Answer, Call, Reply, Route

TAG: Final = "Processes (Core)"
PATH: Final = "/api/processes"

_ID: Final = {"processId": "The id of the process; its order has it as `processId`."}
_UNKNOWN: Final = "No process has this id."
_STALE: Final = "The version is not the one that the process has."
_DATES: Final = (
    "A date brings forward when the person goes out of the order, or when the order is removed, once it is over. One "
    "that is later than the configuration of retention says changes nothing: the answer has the date that counts."
)

T = TypeVar("T")


def routes(processes: ProcessActions, log: ProcessLog) -> list[Route]:
    """Reading, finding and changing processes, and what happened to them."""
    return [*_many(processes), *_single(processes), *_history(log)]


def _many(processes: ProcessActions) -> list[Route]:
    async def get_all_processes(call: Call) -> Answer:
        return Answer(200, await processes.page(call.principal.tenant, msgspec.to_builtins(call.query)))

    async def search_process(call: Call) -> Answer:
        return Answer(200, await processes.search(call.principal.tenant, call.document))

    async def get_process(call: Call) -> Answer:
        query: ProcessQuery = call.query
        if len(msgspec.to_builtins(query)) != 1:
            raise Invalid(Fault(f"Expected exactly one of {', '.join(ProcessQuery.__struct_encode_fields__)}."))
        order_ref, tenant_order_id = _given(query.order_ref), _given(query.tenant_order_id)
        found = await processes.find(call.principal.tenant, order_ref=order_ref, tenant_order_id=tenant_order_id)
        return Answer(200, found)

    return [
        Route(
            "GET",
            PATH,
            get_all_processes,
            operation_id="getAllProcesses",
            summary="List processes",
            description="Newest first, unless `sortBy` says otherwise. Filters combine; the search knows more of them.",
            tag=TAG,
            permissions=(Permission.PROCESS_READ,),
            query=ProcessListQuery,
            replies={200: Reply("A page of processes, empty where nothing matches.", Processes)},
        ),
        Route(
            "POST",
            f"{PATH}/search",
            search_process,
            operation_id="searchProcess",
            summary="Search processes",
            description="A member that is not known here is refused, since a misspelt filter would find everything.",
            tag=TAG,
            permissions=(Permission.PROCESS_READ,),
            body=ProcessSearchPayload,
            replies={200: Reply("A page of what was found.", ProcessPaginatedResult)},
        ),
        Route(
            "GET",
            "/api/process",
            get_process,
            operation_id="getProcess",
            summary="Find a process",
            description="By exactly one parameter.",
            tag=TAG,
            permissions=(Permission.PROCESS_READ,),
            query=ProcessQuery,
            replies={200: Reply("The process.", Process)},
            refusals={404: "No process is found by this."},
        ),
    ]


def _single(processes: ProcessActions) -> list[Route]:
    async def get_process_by_id(call: Call) -> Answer:
        return Answer(200, await processes.read(call.principal.tenant, call.path["processId"]))

    async def patch_process(call: Call) -> Answer:
        asked = change.of_patch(call.document)
        return Answer(200, await processes.act(call.path["processId"], asked, call.origin()))

    async def process_action(call: Call) -> Answer:
        asked = change.of_action(call.document)
        return Answer(200, await processes.act(call.path["processId"], asked, call.origin()))

    path = f"{PATH}/{{processId}}"
    return [
        Route(
            "GET",
            path,
            get_process_by_id,
            operation_id="getProcessByID",
            summary="Read a process",
            tag=TAG,
            permissions=(Permission.PROCESS_READ,),
            path_parameters=_ID,
            replies={200: Reply("The process as its order makes it.", Process)},
            refusals={404: _UNKNOWN},
        ),
        Route(
            "PATCH",
            path,
            patch_process,
            operation_id="patchProcess",
            summary="Change a process",
            description=f"All of the actions, in their order, or none. {_DATES}",
            tag=TAG,
            permissions=(Permission.PROCESS_WRITE,),
            body=ProcessPatchActions,
            path_parameters=_ID,
            replies={200: Reply("The process after the change.", Process)},
            refusals={404: _UNKNOWN, 409: _STALE},
        ),
        Route(
            "POST",
            f"{path}/actions",
            process_action,
            operation_id="processAction",
            summary="Do something with a process",
            description=f"`name` says what. {_DATES}",
            tag=TAG,
            permissions=(Permission.PROCESS_WRITE,),
            body=ProcessActionsParameter,
            path_parameters=_ID,
            replies={200: Reply("The process after the action.", Process)},
            refusals={404: _UNKNOWN, 409: _STALE},
        ),
    ]


def _history(log: ProcessLog) -> list[Route]:
    async def get_process_history_logs(call: Call) -> Answer:
        query: HistoryLogsQuery = call.query
        asked = Asked(
            size=query.size,
            order_by=_given(query.order_by) or "TIMESTAMP_DESC",
            type=_given(query.type),
            username=_given(query.username),
            facility_name=_given(query.facility_name),
            start_after_id=_given(query.start_after_id),
            unrepeated=query.filter_consecutive_duplicates,
        )
        return Answer(200, await log.page(call.principal.tenant, call.path["processId"], asked))

    return [
        Route(
            "GET",
            f"{PATH}/{{processId}}/historylogs",
            get_process_history_logs,
            operation_id="getProcessHistoryLogs",
            summary="Read what happened to a process",
            description="The newest first, unless `orderBy` says otherwise.",
            tag=TAG,
            permissions=(Permission.PROCESS_LOG_READ,),
            query=HistoryLogsQuery,
            path_parameters=_ID,
            replies={200: Reply("A page of entries.", HistoryLogs)},
            refusals={404: _UNKNOWN},
        )
    ]


def _given(value: T | UnsetType) -> T | None:
    return None if value is UNSET else value
