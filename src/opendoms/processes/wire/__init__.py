"""What processes look like on the wire."""

from __future__ import annotations

from opendoms.processes.wire.change import ProcessActionsParameter, ProcessPatchActions
from opendoms.processes.wire.history_log import HistoryLogs, HistoryLogsQuery
from opendoms.processes.wire.list import Processes, ProcessListQuery, ProcessQuery
from opendoms.processes.wire.process import Process
from opendoms.processes.wire.search import ProcessPaginatedResult, ProcessSearchPayload

__all__ = [
    "HistoryLogs",
    "HistoryLogsQuery",
    "Process",
    "ProcessActionsParameter",
    "ProcessListQuery",
    "ProcessPaginatedResult",
    "ProcessPatchActions",
    "ProcessQuery",
    "ProcessSearchPayload",
    "Processes",
]
