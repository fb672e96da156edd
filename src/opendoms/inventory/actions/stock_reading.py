"""Stocks as they are answered: as they are stored, with what of them is reserved and available now."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from opendoms.db.engine import Engine, Parameters
from opendoms.inventory.actions.levels import StockLevels
from opendoms.inventory.actions.listings import AFTER_ALL_IDS
from opendoms.inventory.actions.searching import Searched, Way, search
from opendoms.inventory.facilities import Facilities
from opendoms.inventory.model import LevelKey
from opendoms.inventory.rules import ranking, stocks
from opendoms.inventory.rules.own_ids import OWN_ID, by_reference, own_ids_in
from opendoms.inventory.rules.ranking import Share
from opendoms.inventory.search import STOCK_SEARCH
from opendoms.inventory.store import QUERIES, STOCK
from opendoms.kernel.clock import Clock
from opendoms.kernel.decision import Document
from opendoms.kernel.document import decode, encode
from opendoms.kernel.refusal import Fault, Invalid, Unknown
from opendoms.search.page import Page as SearchPage

# Stocks of some articles or places that are gathered for one answer.
GATHERED_MAX: Final = 50_000

_SEARCHED: Final = Searched(
    STOCK_SEARCH,
    STOCK.kind,
    QUERIES.stocks_by_id,
    (
        Way(("id",), QUERIES.stocks_searched_by_id),
        Way(("tenantArticleId",), QUERIES.stocks_searched_by_article),
        Way(("locationRef",), QUERIES.stocks_searched_by_location),
        Way(("facilityRef",), QUERIES.stocks_searched_by_facility),
        Way((OWN_ID,), QUERIES.stocks_searched_by_facility),
    ),
)
_NOTHING: Final = Share(0, 0)


class Asked(NamedTuple):
    """Which stocks a list shall show; None where any will do. `facility_ref` is an id or a URN."""

    size: int
    start_after_id: str | None
    facility_ref: str | None
    tenant_facility_id: str | None
    articles: Sequence[str] | None
    locations: Sequence[str] | None


class Page(NamedTuple):
    """A page of stocks, how many match in all, and whether there are more on either side."""

    stocks: list[Document]
    total: int
    before: bool
    after: bool


class StockReading:
    """Reads, lists and searches stocks."""

    def __init__(self, db: Engine, clock: Clock, levels: StockLevels, facilities: Facilities) -> None:
        self._db = db
        self._clock = clock
        self._levels = levels
        self._facilities = facilities

    async def stored(self, tenant: str, stock_id: str) -> Document:
        """A stock as it is stored. Raises Unknown."""
        row = await self._db.row(QUERIES.stock_document, {"tenant": tenant, "id": stock_id})
        if row is None:
            raise Unknown(Fault(f"Unknown stock {stock_id[:64]}.", "Nothing is stored under this id."))
        return decode(row[0])

    async def of_ids(self, tenant: str, ids: Sequence[str]) -> dict[str, Document]:
        """Those of some stocks that exist, by id."""
        rows = await self._db.rows(QUERIES.stocks_of_ids, {"tenant": tenant, "ids": list(ids)})
        return {stock["id"]: stock for stock in (decode(row[0]) for row in rows)}

    async def of_locations(self, tenant: str, locations: Sequence[str]) -> list[Document]:
        """All stocks in some places. Raises Invalid where there are too many."""
        asked: Parameters = {"tenant": tenant, "locations": list(locations), "size": GATHERED_MAX + 1}
        return self._bounded([decode(row[0]) for row in await self._db.rows(QUERIES.stocks_of_locations, asked)])

    async def of_articles(self, tenant: str, articles: Sequence[str]) -> list[Document]:
        """All stocks of some articles, in whichever facility. Raises Invalid where there are too many."""
        asked: Parameters = {"tenant": tenant, "articles": list(articles), "size": GATHERED_MAX + 1}
        return self._bounded([decode(row[0]) for row in await self._db.rows(QUERIES.stocks_of_articles, asked)])

    async def of_levels(self, tenant: str, keys: Collection[LevelKey]) -> dict[LevelKey, list[Document]]:
        """All stocks of some articles in some facilities, by both."""
        asked: Parameters = {
            "tenant": tenant,
            "articles": list({article for article, _ in keys}),
            "facilities": list({facility for _, facility in keys}),
            "size": GATHERED_MAX + 1,
        }
        found: dict[LevelKey, list[Document]] = {key: [] for key in keys}
        rows = await self._db.rows(QUERIES.stocks_of_levels, asked) if keys else []
        for stock in self._bounded([decode(row[0]) for row in rows]):
            key = (stock["tenantArticleId"], stock["facilityRef"])
            if key in found:
                found[key].append(stock)
        return found

    def _bounded(self, found: list[Document]) -> list[Document]:
        if len(found) > GATHERED_MAX:
            raise Invalid(Fault(f"More than {GATHERED_MAX} stocks match: too many at once.", "Ask for fewer."))
        return found

    async def shown(self, tenant: str, stored: Sequence[Document]) -> list[Document]:
        """Stocks with what of them is reserved and available now (decision D40), and what their facility is called."""
        now = self._clock.now(tenant)
        keys = {(stock["tenantArticleId"], stock["facilityRef"]) for stock in stored}
        levels = await self._levels.read(tenant, {key[0] for key in keys}, {key[1] for key in keys}, now)
        held = {key: levels[key].held if key in levels else 0 for key in keys}
        beside = await self.of_levels(tenant, keys)
        shares = {
            stock_id: share
            for key, found in beside.items()
            for stock_id, share in ranking.shares(found, held[key], now).items()
        }
        named = await self._facilities.named(tenant, {stock["facilityRef"] for stock in stored})
        return [
            stocks.shown(
                stock,
                named.by_ref.get(stock["facilityRef"]),
                shares.get(stock["id"], _NOTHING),
                held[stock["tenantArticleId"], stock["facilityRef"]],
            )
            for stock in stored
        ]

    async def read(self, tenant: str, stock_id: str) -> bytes:
        """A stock as it is answered. Raises Unknown."""
        (shown,) = await self.shown(tenant, [await self.stored(tenant, stock_id)])
        return encode(shown)

    async def search(self, tenant: str, body: Document) -> bytes:
        """The answer to a search. Raises Invalid."""
        named = await self._facilities.named(tenant, (), set(own_ids_in(body["query"])))
        asked = {**body, "query": by_reference(body["query"], named.by_tenant_facility_id)}
        found = await search(self._db, _SEARCHED, tenant, asked, now=self._clock.now(tenant))
        shown = await self.shown(tenant, [decode(each) for each in found.bodies])
        return SearchPage([encode(each) for each in shown], found.info, found.total).envelope("stocks")

    async def page(self, tenant: str, asked: Asked) -> Page:
        """A page of stocks, newest first."""
        before = asked.start_after_id or AFTER_ALL_IDS
        facility_ids = await self._wanted(tenant, asked)
        if facility_ids is not None and len(facility_ids) != 1:
            return Page([], 0, asked.start_after_id is not None, after=False)
        facility_id = None if facility_ids is None else facility_ids[0]
        if asked.articles is not None or asked.locations is not None:
            found = await self._gathered(tenant, asked, facility_id)
            matching = sorted(found, key=lambda stock: str(stock["id"]), reverse=True)
            page = [stock for stock in matching if stock["id"] < before]
            total = len(matching)
        else:
            where: dict[str, str | int] = {"tenant": tenant}
            query, count = QUERIES.list_stocks, QUERIES.count_stocks
            if facility_id is not None:
                where["facility"] = facility_id
                query, count = QUERIES.list_stocks_of_facility, QUERIES.count_stocks_of_facility
            rows = await self._db.rows(query, {**where, "before": before, "size": asked.size + 1})
            page = [decode(row[0]) for row in rows]
            total = (await self._db.rows(count, where))[0][0]
        shown = await self.shown(tenant, page[: asked.size])
        return Page(shown, total, asked.start_after_id is not None, len(page) > asked.size)

    async def _wanted(self, tenant: str, asked: Asked) -> list[str] | None:
        """The facility that a list asks for; none where its two names are of different ones, None where any will do."""
        refs = [] if asked.facility_ref is None else [asked.facility_ref]
        own = [] if asked.tenant_facility_id is None else [asked.tenant_facility_id]
        if not refs and not own:
            return None
        named = await self._facilities.named(tenant, refs, own)
        found = [*map(named.by_ref.get, refs), *map(named.by_tenant_facility_id.get, own)]
        return list({facility.id for facility in found if facility is not None} if None not in found else ())

    async def _gathered(self, tenant: str, asked: Asked, facility_id: str | None) -> list[Document]:
        if asked.articles is not None:
            found = await self.of_articles(tenant, asked.articles)
        else:
            found = await self.of_locations(tenant, asked.locations or ())
        places = None if asked.locations is None else set(asked.locations)
        return [
            stock
            for stock in found
            if (facility_id is None or stock["facilityRef"] == facility_id)
            and (places is None or stock.get("locationRef") in places)
        ]


def paged(page: Page) -> bytes:
    """The answer to a list. Its cursors are ids, for `startAfterId`."""
    info = {
        "hasNextPage": page.after,
        "hasPreviousPage": page.before,
        "startCursor": page.stocks[0]["id"] if page.stocks else "",
        "endCursor": page.stocks[-1]["id"] if page.stocks else "",
    }
    return encode({"stocks": page.stocks, "pageInfo": info, "total": page.total})
