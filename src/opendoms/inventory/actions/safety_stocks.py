"""What can be done with safety stocks; levels follow in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from opendoms.db.engine import Engine, Parameters
from opendoms.db.entity import Writer
from opendoms.inventory.actions.level_changes import LevelChanges, safety_of, touched
from opendoms.inventory.actions.listings import AFTER_ALL_IDS
from opendoms.inventory.facilities import Facilities
from opendoms.inventory.model import Level
from opendoms.inventory.rules import safety_stocks as rules
from opendoms.inventory.store import QUERIES, SAFETY_STOCK
from opendoms.kernel.changeset import Changeset, Origin, Restock, merged
from opendoms.kernel.decision import Document
from opendoms.kernel.document import decode
from opendoms.kernel.ids import NewId
from opendoms.kernel.refusal import Conflict, Fault, Invalid, Unknown

# Facilities that a safety stock of a whole article may reach.
LEVELS_MAX: Final = 5_000
# Safety stocks that an article or a facility may have, to be listed.
GATHERED_MAX: Final = 50_000


class Asked(NamedTuple):
    """Which safety stocks a list shall show; None where any will do. `facility_ref` is an id or a URN."""

    size: int
    before: str
    article: str | None
    facility_ref: str | None


class Page(NamedTuple):
    """A page of safety stocks as they are stored, and how many match in all."""

    documents: list[bytes]
    total: int


class SafetyStockActions:
    """Sets, lists and removes safety stocks."""

    def __init__(self, db: Engine, writer: Writer, new_id: NewId, facilities: Facilities, levels: LevelChanges) -> None:
        self._db = db
        self._writer = writer
        self._new_id = new_id
        self._facilities = facilities
        self._levels = levels

    async def page(self, tenant: str, asked: Asked) -> Page:
        """A page of safety stocks, newest first."""
        if asked.facility_ref is not None:
            named = await self._facilities.named(tenant, [asked.facility_ref])
            if asked.facility_ref not in named.by_ref:
                return Page([], 0)
            asked = asked._replace(facility_ref=named.by_ref[asked.facility_ref].id)
        if asked.article is not None:
            found = (await safety_of(self._db, tenant, [asked.article]))[asked.article]
            matching = [
                each for each in found if asked.facility_ref is None or each.get("facilityRef") == asked.facility_ref
            ]
            ids = sorted((each["id"] for each in matching if each["id"] < asked.before), reverse=True)
            rows = [await self._document(tenant, each) for each in ids[: asked.size]]
            return Page([row for row in rows if row is not None], len(matching))
        where: dict[str, str | int] = {"tenant": tenant}
        query, count = QUERIES.list_safety_stocks, QUERIES.count_safety_stocks
        if asked.facility_ref is not None:
            where["facility"] = asked.facility_ref
            query, count = QUERIES.list_safety_stocks_of_facility, QUERIES.count_safety_stocks_of_facility
        rows_found = await self._db.rows(query, {**where, "before": asked.before, "size": asked.size})
        total = await self._db.rows(count, where)
        return Page([row[0] for row in rows_found], total[0][0])

    async def _document(self, tenant: str, safety_stock_id: str) -> bytes | None:
        row = await self._db.row(QUERIES.safety_stock_document, {"tenant": tenant, "id": safety_stock_id})
        document: bytes | None = None if row is None else row[0]
        return document

    async def put(self, operations: Sequence[Document], origin: Origin) -> Document:
        """Sets safety stocks, each by itself: what became of each, and of the first that failed (decision D43)."""
        results = [await self._outcome(operation, origin) for operation in operations]
        first = next((result for result in results if result["status"] == "FAILED"), results[0])
        return {**first, "results": results}

    async def _outcome(self, operation: Document, origin: Origin) -> Document:
        article, reference = operation["tenantArticleId"], operation.get("facilityRef")
        told = {"tenantArticleId": article, "facilityRef": reference or "", "value": int(operation["value"])}
        facility_id = None
        if reference is not None:
            facility = (await self._facilities.named(origin.tenant, [reference])).by_ref.get(reference)
            if facility is None:
                error = {"type": "NOT_FOUND", "message": f"facilityRef: there is no facility {reference}"}
                return {**told, "status": "FAILED", "error": error}
            facility_id = facility.id
        try:
            status = await self._set(article, facility_id, told["value"], origin)
        except (Conflict, Invalid) as refused:
            message = "; ".join(fault.summary for fault in refused.faults)
            return {**told, "status": "FAILED", "error": {"type": "NOT_ALLOWED", "message": message}}
        return {**told, "status": status}

    async def _set(self, article: str, facility_id: str | None, value: int, origin: Origin) -> str:
        async def compose(now: int, _may_open: bool) -> tuple[Changeset, str]:  # noqa: FBT001 - as asked
            puts = await touched(self._db, origin.tenant, [article])
            stored = (await safety_of(self._db, origin.tenant, [article]))[article]
            before = next((each for each in stored if each.get("facilityRef") == facility_id), None)
            decision = rules.put(before, article, facility_id, value, now=now, new_id=self._new_id)
            after = [*(each for each in stored if each is not before), decision.document]
            _, part = self._writer.changeset(SAFETY_STOCK, origin, decision, now)
            if any(part):
                part = merged(part, await self._followed(origin.tenant, article, after, now), Changeset(puts=puts))
            return part, "CREATED" if before is None else "UPDATED"

        return await self._levels.write(origin, compose, alone=True)

    async def _followed(self, tenant: str, article: str, safety_stocks: Sequence[Document], now: int) -> Changeset:
        """What the safety stocks of an article make of its levels."""
        asked: Parameters = {"tenant": tenant, "articles": [article], "now": now, "size": LEVELS_MAX + 1}
        levels = [Level(*row) for row in await self._db.rows(QUERIES.levels_of_articles, asked)]
        if len(levels) > LEVELS_MAX:
            raise Invalid(Fault(f"tenantArticleId: more than {LEVELS_MAX} facilities have the article"))
        more = {level: rules.kept_back(safety_stocks, level.facility_ref) - level.safety for level in levels}
        await self._levels.make_way(tenant, {level: -pieces for level, pieces in more.items()}, now)
        restocks = [Restock(tenant, level.facility_ref, article, 0, pieces) for level, pieces in more.items() if pieces]
        return Changeset(restocks=tuple(restocks))

    async def delete(self, safety_stock_id: str, origin: Origin) -> None:
        """Removes a safety stock. Raises Unknown, or Conflict where that of the whole article is too large."""

        async def compose(now: int, _may_open: bool) -> tuple[Changeset, None]:  # noqa: FBT001 - as asked
            body = await self._document(origin.tenant, safety_stock_id)
            if body is None:
                raise Unknown(
                    Fault(f"Unknown safety stock {safety_stock_id[:64]}.", "Nothing is stored under this id.")
                )
            document = decode(body)
            article = document["tenantArticleId"]
            puts = await touched(self._db, origin.tenant, [article])
            stored = (await safety_of(self._db, origin.tenant, [article]))[article]
            after = [each for each in stored if each["id"] != safety_stock_id]
            removal = self._writer.removal(SAFETY_STOCK, origin, document, rules.end(), now)
            followed = await self._followed(origin.tenant, article, after, now)
            return merged(removal, followed, Changeset(puts=puts)), None

        await self._levels.write(origin, compose, alone=True)


def position(start_after_id: str | None) -> str:
    """Where a list begins that goes on after an id: newest first."""
    return start_after_id or AFTER_ALL_IDS
