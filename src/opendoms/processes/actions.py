"""What can be done with processes: read, list, search and change them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Final, NamedTuple

from opendoms.db.engine import Engine, Row
from opendoms.db.entity import Writer
from opendoms.kernel.changeset import Origin
from opendoms.kernel.clock import Clock
from opendoms.kernel.decision import Decision, Document
from opendoms.kernel.document import decode, encode
from opendoms.kernel.refusal import Fault, Invalid, Unknown
from opendoms.orders.lifecycle import LIVE
from opendoms.processes.rules import change
from opendoms.processes.rules.listing import search_body
from opendoms.processes.rules.process import process_of
from opendoms.processes.rules.said_dates import timer_of
from opendoms.processes.search import PROCESS_LIST, PROCESS_SEARCH, Narrow, check_answerable, narrowed, searched
from opendoms.processes.store import PROCESS, QUERIES
from opendoms.retention.policy import policy_of
from opendoms.retention.rules.dates import Timeline
from opendoms.search.page import Gathering, Page, Search, search_of
from opendoms.tags.actions import TagActions

# A search looks at every order that comes into question: so many at once, and at no more than these, nor for longer.
SEARCH_BATCH: Final = 500
SEARCHED_MAX: Final = 50_000
SEARCH_S_MAX: Final = 10.0

# Sorts after every id.
_AFTER_ALL_IDS: Final = "\U0010ffff"


class Pair(NamedTuple):
    """An order, and what was said about its process."""

    order: Document
    said: Document | None


class ProcessActions:
    """Derives processes from their orders, and keeps what is said about them."""

    def __init__(self, db: Engine, writer: Writer, clock: Clock, tags: TagActions) -> None:
        self._db = db
        self._writer = writer
        self._clock = clock
        self._tags = tags

    async def pair(self, tenant: str, process_id: str) -> Pair:
        """The order of a process. Raises Unknown."""
        row = await self._db.row(QUERIES.process, {"tenant": tenant, "process_id": process_id})
        if row is None:
            raise Unknown(Fault(f"Unknown process {process_id[:64]}.", "No order has this processId."))
        return _pair(row[0], row[1])

    async def read(self, tenant: str, process_id: str) -> bytes:
        """The process. Raises Unknown."""
        return await self._told(tenant, await self.pair(tenant, process_id))

    async def find(self, tenant: str, *, order_ref: str | None, tenant_order_id: str | None) -> bytes:
        """The process of an order: of several with one business key the live one, else the newest. Raises Unknown."""
        pairs = []
        if order_ref is not None:
            row = await self._db.row(QUERIES.process_of_order, {"tenant": tenant, "order_id": order_ref})
            pairs = [] if row is None else [_pair(row[0], row[1])]
        elif tenant_order_id is not None:
            rows = await self._db.rows(
                QUERIES.processes_by_tenant_order_id,
                {"tenant": tenant, "tenant_order_id": tenant_order_id, "before": _AFTER_ALL_IDS, "size": SEARCH_BATCH},
            )
            pairs = [_pair(row[1], row[2]) for row in rows]
        if not pairs:
            raise Unknown(Fault("No process is found by this."))
        live = next((pair for pair in pairs if pair.order["status"] in LIVE), pairs[0])
        return await self._told(tenant, live)

    async def page(self, tenant: str, parameters: Document) -> bytes:
        """A page of the older list, given its parameters by their names on the wire. Raises Invalid."""
        body = search_body(parameters)
        if body["query"] or "sort" in body:
            page = await self._search(tenant, search_of(PROCESS_LIST, body, now=self._clock.now(tenant)), body["query"])
            envelope: Document = {"total": page.total}
            if page.info["hasNextPage"]:
                envelope["nextCursor"] = decode(page.bodies[-1])["id"]
            return b'{"processes":[' + b",".join(page.bodies) + b"]," + encode(envelope)[1:]
        before = body.get("startAfterId") or _AFTER_ALL_IDS
        found = {"tenant": tenant, "before": before, "size": body["size"]}
        rows = await self._db.rows(QUERIES.processes_newest_first, found)
        ((total,),) = await self._db.rows(QUERIES.count_processes, {"tenant": tenant})
        facts = await self._facts(tenant)
        bodies = [encode(facts.process(_pair(row[1], row[2]))) for row in rows]
        envelope = {"total": total}
        if len(rows) == body["size"] and total > len(rows):
            envelope["nextCursor"] = rows[-1][0]
        return b'{"processes":[' + b",".join(bodies) + b"]," + encode(envelope)[1:]

    async def search(self, tenant: str, body: Document) -> bytes:
        """The answer to a search. Raises Invalid.

        Orders that come into question are read and judged, off the event loop and batch by batch: all of them, unless
        the filter names an id, a business key or a consumer. Where that are more than SEARCHED_MAX, or it takes longer
        than SEARCH_S_MAX, the search is refused: nothing that is stored is left out in silence.
        """
        check_answerable(body["query"], body.get("sort"))
        search = search_of(PROCESS_SEARCH, body, now=self._clock.now(tenant))
        return (await self._search(tenant, search, body["query"])).envelope("processes")

    async def act(self, process_id: str, asked: change.Asked, origin: Origin) -> bytes:
        """The process after the changes. Raises Unknown, VersionConflict or Invalid, in this order."""

        async def decide(now: int) -> Decision:
            order, said = await self.pair(origin.tenant, process_id)
            known = change.Known(await self._tags.allowed_values(origin.tenant, asked.tag_ids()))
            decision = change.change(order, said, asked, known, now=now)
            return decision._replace(timers=timer_of(origin.tenant, said, decision.document))

        await self._writer.write(PROCESS, origin, decide)
        return await self.read(origin.tenant, process_id)

    async def _search(self, tenant: str, search: Search, query: Document) -> Page:
        if search.start_after_id is not None:
            search = search.behind(await self._start(tenant, search.start_after_id))
        gathering = Gathering(search)
        facts = await self._facts(tenant)
        looked_at = 0
        try:
            async with asyncio.timeout(SEARCH_S_MAX):
                async with aclosing(self._candidates(tenant, narrowed(query))) as candidates:
                    async for rows in candidates:
                        looked_at += len(rows)
                        if looked_at > SEARCHED_MAX:
                            raise _too_many()
                        await asyncio.to_thread(_add, gathering, rows, facts)
        except TimeoutError:
            hint = "Ask by id, business key or consumer, or for fewer conditions."
            raise Invalid(Fault(f"The search takes longer than {SEARCH_S_MAX:g} s.", hint)) from None
        return gathering.page()

    async def _start(self, tenant: str, process_id: str) -> Document:
        try:
            pair = await self.pair(tenant, process_id)
        except Unknown:
            raise Invalid(Fault(f"startAfterId: no process has the id {process_id[:64]}")) from None
        return searched((await self._facts(tenant)).process(pair), pair.order)

    async def _candidates(self, tenant: str, narrow: Narrow) -> AsyncGenerator[list[Row]]:
        """Batches of (place, order, what was said) of everything that comes into question, the newest first."""
        if narrow.by in ("process_id", "order_id"):
            query = QUERIES.process if narrow.by == "process_id" else QUERIES.process_of_order
            row = await self._db.row(query, {"tenant": tenant, narrow.by: narrow.value})
            if row is not None:
                yield [("", row[0], row[1])]
            return
        where: dict[str, str | int] = {"tenant": tenant, "before": _AFTER_ALL_IDS, "size": SEARCH_BATCH}
        query = QUERIES.processes_newest_first
        if narrow.by != "all":
            by_key = narrow.by == "tenant_order_id"
            query = QUERIES.processes_by_tenant_order_id if by_key else QUERIES.processes_by_consumer_id
            where[narrow.by] = narrow.value
        while rows := await self._db.rows(query, where):
            yield rows
            if len(rows) < SEARCH_BATCH:
                return
            where["before"] = rows[-1][0]

    async def _told(self, tenant: str, pair: Pair) -> bytes:
        return encode((await self._facts(tenant)).process(pair))

    async def _facts(self, tenant: str) -> _Facts:
        policy = await policy_of(self._db, tenant, None)
        return _Facts(policy.eras, self._clock.now(tenant))


class _Facts(NamedTuple):
    """What a process is derived by, beside its order."""

    eras: Timeline
    now: int

    def process(self, pair: Pair) -> Document:
        """The process as it is answered."""
        return process_of(pair.order, pair.said, self.eras, self.now)


def _pair(order: bytes, said: bytes | None) -> Pair:
    return Pair(decode(order), None if said is None else decode(said))


def _add(gathering: Gathering, rows: list[Row], facts: _Facts) -> None:
    for _, order_bytes, said_bytes in rows:
        pair = _pair(order_bytes, said_bytes)
        process = facts.process(pair)
        gathering.add(searched(process, pair.order), encode(process))


def _too_many() -> Invalid:
    hint = "Ask by id, business key or consumer; GET /api/processes lists all."
    return Invalid(Fault(f"More than {SEARCHED_MAX} orders come into question: too many to search.", hint))
