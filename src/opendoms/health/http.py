"""The two public questions about the hub itself."""

from __future__ import annotations

import asyncio
from typing import Final

import msgspec

from opendoms.db.engine import Engine
from opendoms.kernel.refusal import Unavailable
from opendoms.web.routing import Answer, Call, Public, Reply, Route
from opendoms.web.wire_types import HealthResult, Status

TAG = "Health (Infrastructure)"
# A database that takes longer than this to say one word is down for the purpose of a probe.
PING_SECONDS_MAX: Final = 3.0


def routes(db: Engine) -> list[Route]:
    """Status and health; both are public, since probes carry no token, and tell nothing but up or down."""

    async def status(_call: Call) -> Answer:
        return Answer(200, msgspec.json.encode({"status": "UP"}))

    async def health(_call: Call) -> Answer:
        state = "UP"
        try:
            await asyncio.wait_for(db.ping(), PING_SECONDS_MAX)
        except (Unavailable, TimeoutError):
            state = "DOWN"
        body = {"status": state, "dependencies": [{"name": "database", "status": state}]}
        return Answer(200 if state == "UP" else 503, msgspec.json.encode(body))

    public = Public("Readiness probes carry no token; the answer says nothing but up or down.")
    return [
        Route(
            "GET",
            "/api/status",
            status,
            operation_id="status",
            summary="Ask whether the process answers",
            tag=TAG,
            permissions=public,
            replies={200: Reply("The process answers.", Status)},
        ),
        Route(
            "GET",
            "/api/health",
            health,
            operation_id="healthCheck",
            summary="Ask whether the hub can work, its database included",
            tag=TAG,
            permissions=public,
            replies={
                200: Reply("The hub and all that it needs are up.", HealthResult),
                503: Reply("The hub cannot work; the body says what is down.", HealthResult),
            },
            refusals=dict.fromkeys((401, 403, 404), "Never answered here; the contract lists it, so clients may too."),
        ),
    ]
