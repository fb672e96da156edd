"""The history logs of a process, from the events of its order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, NamedTuple

from opendoms.history.actions import OrderHistory
from opendoms.history.rules.versions import Version
from opendoms.kernel.decision import Document
from opendoms.kernel.document import encode
from opendoms.kernel.refusal import Fault, Invalid
from opendoms.processes.actions import ProcessActions
from opendoms.processes.rules.history_log import entries, unrepeated

# Versions that are read together, and how many there may be in all: logs are sorted and counted as a whole.
BATCH: Final = 50
VERSIONS_MAX: Final = 2_000

_KEYS: Final[dict[str, Callable[[Document], str]]] = {
    "INFO": lambda entry: str(entry.get("info", "")),
    "TYPE": lambda entry: str(entry["type"]),
    "USERNAME": lambda entry: str(entry["user"]["username"]),
    "FACILITY_NAME": lambda _entry: "",
}


class Asked(NamedTuple):
    """Which entries, and in which order."""

    size: int
    order_by: str = "TIMESTAMP_DESC"
    type: str | None = None
    username: str | None = None
    facility_name: str | None = None
    start_after_id: str | None = None
    unrepeated: bool = True


class ProcessLog:
    """Reads the history of orders as the contract tells that of processes."""

    def __init__(self, processes: ProcessActions, history: OrderHistory) -> None:
        self._processes = processes
        self._history = history

    async def page(self, tenant: str, process_id: str, asked: Asked) -> bytes:
        """A page of entries. Raises Unknown, or Invalid where there are too many versions or no such start."""
        order = (await self._processes.pair(tenant, process_id)).order
        found: list[Document] = []
        highest, looked_at, reached = int(order["version"]), 0, False
        while not reached:
            versions = await self._history.versions(tenant, order["id"], highest, BATCH + 1)
            reached = len(versions) <= 1 or versions[-1].number == 1  # one: it led the next batch, and there is none
            found += await asyncio.to_thread(_told, versions, reached)
            looked_at += len(versions) - 1
            if looked_at > VERSIONS_MAX:
                hint = f"GET /opendoms/v1/orders/{order['id']}/history pages through all of them."
                raise Invalid(Fault(f"The order has more than {VERSIONS_MAX} versions: too many for this list.", hint))
            highest = versions[-1].number if versions else 0
        return _page(found[::-1], asked)


def _told(versions: list[Version], reached: bool) -> list[Document]:  # noqa: FBT001 - whether these are the first ones
    """The entries of these versions, the newest first. The last one leads the next batch, unless it is the first."""
    found: list[Document] = []
    for place, version in enumerate(versions if reached else versions[:-1]):
        previous = versions[place + 1].document if place + 1 < len(versions) else None
        found += reversed(entries(version, previous))
    return found


def _page(found: list[Document], asked: Asked) -> bytes:
    """The page of all entries, given oldest first."""
    if asked.unrepeated:
        found = unrepeated(found)
    found = [
        entry
        for entry in found
        if asked.type in (None, entry["type"])
        and asked.username in (None, entry["user"]["username"])
        and asked.facility_name is None
    ]
    by, _, direction = asked.order_by.rpartition("_")
    if by in _KEYS:
        found = sorted(found, key=_KEYS[by], reverse=direction == "DESC")
    elif direction == "DESC":
        found = found[::-1]
    start = 0
    if asked.start_after_id is not None:
        ids = [entry["id"] for entry in found]
        if asked.start_after_id not in ids:
            raise Invalid(Fault(f"startAfterId: no entry has the id {asked.start_after_id[:64]}"))
        start = ids.index(asked.start_after_id) + 1
    return encode({"historyLogs": found[start : start + asked.size], "total": len(found)})
