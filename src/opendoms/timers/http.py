"""The clock endpoints of a sandbox."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Final

from msgspec import UNSET

from opendoms.identity.permissions import Permission
from opendoms.kernel.clock import instant_of, text_of
from opendoms.kernel.decision import Document
from opendoms.kernel.document import encode
from opendoms.kernel.due import Due
from opendoms.timers.actions import ClockActions, Reading
from opendoms.timers.rules import Change
from opendoms.timers.wire import ClockChange, ClockMoved, ClockReading
from opendoms.web.routing import Answer, Call, Reply, Route

TAG: Final = "Sandbox"
PATH: Final = "/opendoms/v1/clock"


def routes(clocks: ClockActions) -> list[Route]:
    """Reading and moving the clock; only a sandbox has these."""

    async def read_clock(call: Call) -> Answer:
        return Answer(200, encode(_shown(clocks.read(call.principal.tenant))))

    async def move_clock(call: Call) -> Answer:
        moved = await clocks.move(_change(call.body), call.origin())
        return Answer(200, encode(_shown(moved.reading) | {"ran": _timers(moved.ran), "failed": _timers(moved.failed)}))

    return [
        Route(
            "GET",
            PATH,
            read_clock,
            operation_id="getClock",
            summary="Read the clock",
            description="Every tenant of a sandbox has a clock of its own. Until it is set, it is the machine's.",
            tag=TAG,
            permissions=(Permission.ADMIN_MODULES_READ,),
            replies={200: Reply("What the clock shows.", ClockReading)},
        ),
        Route(
            "PUT",
            PATH,
            move_clock,
            operation_id="moveClock",
            summary="Move, hold or release the clock",
            description="What falls due on the way runs in order of due time, each at its own instant, before the"
            " answer. Tokens are checked by the machine's clock all the same.",
            tag=TAG,
            permissions=(Permission.ADMIN_MODULES_WRITE,),
            body=ClockChange,
            replies={200: Reply("The clock is where it was asked to be.", ClockMoved)},
            refusals={409: "Another call is moving the clock, or too many timers fall due on the way."},
        ),
    ]


def _change(body: ClockChange) -> Change:
    return Change(
        now=instant_of(body.now) if isinstance(body.now, datetime.datetime) else None,
        advance=body.advance if body.advance is not UNSET else None,
        frozen=body.frozen if body.frozen is not UNSET else None,
    )


def _shown(reading: Reading) -> Document:
    return {"now": text_of(reading.now), "frozen": reading.frozen}


def _timers(dues: Sequence[Due]) -> list[Document]:
    return [{"kind": due.kind, "entityId": due.entity_id, "due": text_of(due.due)} for due in dues]
