"""What can be done with reservations by hand: read, find, and take away, with their pieces or without."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from opendoms.db.engine import Engine
from opendoms.db.entity import Writer
from opendoms.inventory.actions.level_changes import LevelChanges, StockChange
from opendoms.inventory.actions.reserving import Reserving
from opendoms.inventory.actions.searching import Searched, Way, gathered, search
from opendoms.inventory.actions.stock_reading import StockReading
from opendoms.inventory.facilities import OrderIds
from opendoms.inventory.rules import reducing
from opendoms.inventory.rules import stocks as stock_rules
from opendoms.inventory.search import RESERVATION_SEARCH
from opendoms.inventory.store import QUERIES, RESERVATION, STOCK
from opendoms.kernel.changeset import Changeset, Origin, merged
from opendoms.kernel.clock import Clock
from opendoms.kernel.decision import Document
from opendoms.kernel.document import decode
from opendoms.kernel.refusal import Fault, Invalid, Unknown
from opendoms.search.cursor import Cursors
from opendoms.search.evaluate import predicate
from opendoms.search.order import NEWEST_FIRST
from opendoms.search.page import SIZE_MAX, Page, search_of

# Reservations that one request takes away.
REMOVED_MAX: Final = 1_000

REMOVED: Final = "REMOVED"

_REDUCE: Final = "REMOVE_RESERVATIONS_REDUCE_STOCKS"
_SEARCHED: Final = Searched(
    RESERVATION_SEARCH,
    RESERVATION.kind,
    QUERIES.reservations_by_id,
    (
        Way(("id",), QUERIES.reservations_searched_by_id),
        Way(("relatedRefs", "orderRefs", "contains"), QUERIES.reservations_searched_by_order),
        Way(("tenantArticleId",), QUERIES.reservations_searched_by_article),
    ),
)
# A list and a search in its usual order have the same cursors.
_CURSORS: Final = Cursors(RESERVATION_SEARCH.kind, NEWEST_FIRST)
_AFTER_ALL_IDS: Final = "\U0010ffff"


class Slices(NamedTuple):
    """The parts of stock that taking reservations away works on."""

    reserving: Reserving
    reading: StockReading
    levels: LevelChanges


class ReservationActions:
    """Reads, lists, searches and removes reservations."""

    def __init__(self, db: Engine, writer: Writer, clock: Clock, orders: OrderIds, slices: Slices) -> None:
        self._db = db
        self._writer = writer
        self._clock = clock
        self._orders = orders
        self._slices = slices

    async def read(self, tenant: str, reservation_id: str) -> bytes:
        """The stored bytes. Raises Unknown."""
        row = await self._db.row(QUERIES.reservation_document, {"tenant": tenant, "id": reservation_id})
        if row is None:
            raise Unknown(Fault(f"Unknown reservation {reservation_id[:64]}.", "Nothing is stored under this id."))
        document: bytes = row[0]
        return document

    async def page(self, tenant: str, *, size: int, after: str | None) -> bytes:
        """A page of all reservations, newest first. Raises Invalid for a foreign cursor."""
        before = _AFTER_ALL_IDS if after is None else _CURSORS.read(after, "after")[1]
        rows = await self._db.rows(QUERIES.list_reservations, {"tenant": tenant, "before": before, "size": size + 1})
        total = await self._db.rows(QUERIES.count_reservations, {"tenant": tenant})
        bodies = [row[0] for row in rows[:size]]
        ends = [NEWEST_FIRST.position(decode(body)) for body in (*bodies[:1], *bodies[-1:])]
        info = {
            "hasNextPage": len(rows) > size,
            "hasPreviousPage": after is not None,
            "startCursor": _CURSORS.write(ends[0]) if ends else "",
            "endCursor": _CURSORS.write(ends[-1]) if ends else "",
        }
        return Page(bodies, info, total[0][0]).envelope("reservations")

    async def search(self, tenant: str, body: Document) -> bytes:
        """The answer to a search. Raises Invalid."""
        page = await search(self._db, _SEARCHED, tenant, body, now=self._clock.now(tenant))
        return page.envelope("reservations")

    async def remove(self, body: Document, origin: Origin) -> list[Document]:
        """Takes reservations away, all or none, and with `…REDUCE_STOCKS` their pieces: what became of each.

        Raises Invalid where too many are named.
        """
        reduces = body["name"] == _REDUCE

        async def compose(now: int, may_open: bool) -> tuple[Changeset, list[Document]]:  # noqa: FBT001 - as asked
            found = await self._selected(body["reservationSelector"], origin.tenant, now)
            released = self._slices.reserving.release(origin, found, REMOVED, now=now)
            results: list[Document] = [{"status": "DELETED", "reservation": {"id": each["id"]}} for each in found]
            if not reduces:
                return released, results
            keys = {(each["tenantArticleId"], each["facilityRef"]) for each in found}
            stocks = await self._slices.reading.of_levels(origin.tenant, keys)
            taken = reducing.taken(found, stocks)
            parts, changes, operations = self._reduced(taken, origin, now)
            for each, result in zip(found, results, strict=True):
                result["stockOperations"] = [operations[stock_id] for stock_id in taken.of_reservation[each["id"]]]
            levels = await self._slices.levels.of(origin.tenant, changes, now, may_open=may_open, clears=False)
            return merged(released, levels, *parts), results

        return await self._slices.levels.write(origin, compose)

    def _reduced(
        self, taken: reducing.Taken, origin: Origin, now: int
    ) -> tuple[list[Changeset], list[StockChange], dict[str, Document]]:
        """The writes of stocks that pieces were taken from, and what to tell of each."""
        parts, changes = [], []
        operations: dict[str, Document] = {}
        for stock, left in taken.stocks:
            if left == 0 and stock_rules.goes_when_empty(stock):
                parts.append(self._writer.removal(STOCK, origin, stock, stock_rules.end(), now))
                changes.append(StockChange(stock, None))
                told = {"id": stock["id"], "version": stock["version"]}
                operations[stock["id"]] = {"status": "DELETED", "stock": told}
                continue
            decision = stock_rules.with_value(stock, left, now=now)
            parts.append(self._writer.changeset(STOCK, origin, decision, now)[1])
            changes.append(StockChange(stock, decision.document))
            told = {"id": stock["id"], "version": decision.document["version"]}
            operations[stock["id"]] = {"status": "REDUCED", "stock": told}
        return parts, changes, operations

    async def _selected(self, selector: Document, tenant: str, now: int) -> Sequence[Document]:
        """The reservations that all members of a selector name."""
        if selector.get("routingPlanRefs"):
            return ()
        tests = []
        if "reservationPredicate" in selector:
            tests.append(
                predicate(
                    RESERVATION_SEARCH.fields,
                    selector["reservationPredicate"],
                    now=now,
                    path="reservationSelector.reservationPredicate",
                )
            )
        found = await self._candidates(selector, tenant, now)
        matching = [each for each in found if all(test(each) for test in tests)]
        for name in ("orderRefs", "reservationRefs"):
            if name in selector:
                wanted = set(selector[name])
                refs = [
                    {each["id"]} if name == "reservationRefs" else set(each["relatedRefs"]["orderRefs"])
                    for each in matching
                ]
                matching = [each for each, of in zip(matching, refs, strict=True) if of & wanted]
        if len(matching) > REMOVED_MAX:
            raise Invalid(Fault(f"reservationSelector: names more than {REMOVED_MAX} reservations"))
        return matching

    async def _candidates(self, selector: Document, tenant: str, now: int) -> list[Document]:
        if "reservationRefs" in selector:
            rows = await self._db.rows(
                QUERIES.reservations_of_ids, {"tenant": tenant, "ids": list(selector["reservationRefs"])}
            )
            found = [decode(row[0]) for row in rows]
            if "tenantOrderIds" not in selector:
                return found
            orders = set(await self._orders.of_tenant_order_id(tenant, selector["tenantOrderIds"][0]))
            return [each for each in found if orders & set(each["relatedRefs"]["orderRefs"])]
        if "tenantOrderIds" in selector:
            orders_named = await self._orders.of_tenant_order_id(tenant, selector["tenantOrderIds"][0])
            return [each for order in orders_named for each in await self._slices.reserving.of_order(tenant, order)]
        if "orderRefs" in selector:
            return await self._slices.reserving.of_order(tenant, selector["orderRefs"][0])
        found = []
        body: Document = {"query": selector["reservationPredicate"], "size": SIZE_MAX}
        asked = search_of(RESERVATION_SEARCH, body, now=now)
        while True:
            page = await gathered(self._db, _SEARCHED, tenant, asked, body["query"])
            found += [decode(each) for each in page.bodies]
            if not page.info["hasNextPage"] or len(found) > REMOVED_MAX:
                return found
            asked = asked.behind(found[-1])
