"""What waits for subscriptions: decode, call, encode."""

from __future__ import annotations

from typing import Any, Final

from msgspec import UNSET

from opendoms.events.actions import BacklogActions
from opendoms.events.http.managed import TAG
from opendoms.events.wire import Backlog, BacklogQuery
from opendoms.identity.permissions import Permission
from opendoms.kernel.document import encode
from opendoms.web.routing import Answer, Call, Reply, Route

PATH: Final = "/opendoms/v1/backlog"

# Sorts behind every id.
_NEWEST: Final = "~"


def routes(backlog: BacklogActions) -> list[Route]:
    """How far the relay is."""

    async def get_backlog(call: Call) -> Answer:
        query: BacklogQuery = call.query
        before = _NEWEST if query.start_after_id is UNSET else query.start_after_id
        page = await backlog.page(call.principal.tenant, before=before, size=query.size)
        body: dict[str, Any] = {"subscriptions": page.documents}
        if page.has_next_page:
            body["nextCursor"] = page.documents[-1]["subscriptionId"]
        return Answer(200, encode(body))

    return [
        Route(
            "GET",
            PATH,
            get_backlog,
            operation_id="getBacklog",
            summary="Read what waits for subscriptions",
            description="Per subscription how much is still to be delivered, since when, and what was given up.",
            tag=TAG,
            permissions=(Permission.SUBSCRIPTION_READ,),
            query=BacklogQuery,
            replies={200: Reply("A page of what waits, empty where there are no subscriptions.", Backlog)},
        )
    ]
