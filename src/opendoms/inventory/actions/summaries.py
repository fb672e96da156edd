"""How much there is of each article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from opendoms.db.engine import Engine, Parameters
from opendoms.inventory.actions.stock_reading import StockReading
from opendoms.inventory.facilities import Facilities
from opendoms.inventory.model import Level
from opendoms.inventory.rules import summaries as rules
from opendoms.inventory.store import QUERIES
from opendoms.kernel.clock import Clock
from opendoms.kernel.decision import Document
from opendoms.kernel.document import decode
from opendoms.kernel.refusal import Fault, Invalid

# Levels that one answer sums up, and listings that are looked at for names.
LEVELS_MAX: Final = 50_000
# Articles that are looked at at once while those of some facilities are sought, and how often that is gone on with.
ARTICLES_AT_ONCE: Final = 500
BATCHES_MAX: Final = 200


class Asked(NamedTuple):
    """What is summed up: None where any will do. `facilities` are ids or URNs."""

    size: int
    after: str
    articles: Sequence[str] | None
    facilities: Sequence[str] | None
    statuses: Sequence[str] | None
    service_types: Sequence[str] | None
    groups: Sequence[str] | None
    channels: Sequence[str] | None


class Summaries:
    """Sums up the stock of articles."""

    def __init__(self, db: Engine, clock: Clock, facilities: Facilities, reading: StockReading) -> None:
        self._db = db
        self._clock = clock
        self._facilities = facilities
        self._reading = reading

    async def page(self, tenant: str, asked: Asked) -> Document:
        """A page of summaries, by article, and how many articles there are. Raises Invalid where that is too much."""
        now = self._clock.now(tenant)
        wanted = await self._wanted(tenant, asked)
        articles, total = await self._articles(tenant, asked, wanted, now)
        levels = await self._levels(tenant, articles, wanted, now)
        stocks: dict[str, dict[str, list[Document]]] = {article: {} for article in articles}
        for stock in await self._reading.of_articles(tenant, articles) if articles else ():
            stocks[stock["tenantArticleId"]].setdefault(stock["facilityRef"], []).append(stock)
        listings = await self._listings(tenant, articles)
        summaries = [
            rules.summary(article, levels[article], stocks[article], listings.get(article), asked.channels, now=now)
            for article in articles
        ]
        return {"stockSummaries": summaries, "total": total}

    async def _wanted(self, tenant: str, asked: Asked) -> set[str] | None:
        """The ids of the facilities that count; None where all do."""
        if asked.groups:
            return set()
        wanted: set[str] | None = None
        if asked.statuses is not None or asked.service_types is not None:
            wanted = await self._facilities.matching(tenant, asked.statuses, asked.service_types)
        if asked.facilities is not None:
            named = await self._facilities.named(tenant, asked.facilities)
            ids = {facility.id for facility in named.by_ref.values()}
            wanted = ids if wanted is None else wanted & ids
        return wanted

    async def _articles(self, tenant: str, asked: Asked, wanted: set[str] | None, now: int) -> tuple[list[str], int]:
        """The articles of the page, and how many there are in all."""
        if asked.articles is not None:
            given = sorted(set(asked.articles))
            levels = await self._levels(tenant, given, wanted, now)
            there = [article for article in given if levels[article]]
        else:
            there = []
            after = ""
            for _ in range(BATCHES_MAX):
                rows = await self._db.rows(
                    QUERIES.stocked_articles_by_id, {"tenant": tenant, "after": after, "size": ARTICLES_AT_ONCE}
                )
                batch = [row[0] for row in rows]
                there += await self._of_facilities(tenant, batch, wanted)
                if len(batch) < ARTICLES_AT_ONCE:
                    break
                after = batch[-1]
            else:
                most = BATCHES_MAX * ARTICLES_AT_ONCE
                raise Invalid(Fault(f"More than {most} articles are stored.", "Name tenantArticleIds."))
        return [article for article in there if article > asked.after][: asked.size], len(there)

    async def _of_facilities(self, tenant: str, articles: Sequence[str], wanted: set[str] | None) -> list[str]:
        """Those of some articles that have a level, in one of the facilities."""
        if not articles or (wanted is not None and not wanted):
            return []
        asked: Parameters = {
            "tenant": tenant,
            "articles": list(articles),
            "facilities": sorted(wanted or ()),
            "scope": "all" if wanted is None else "some",
        }
        return [row[0] for row in await self._db.rows(QUERIES.articles_with_levels, asked)]

    async def _levels(
        self, tenant: str, articles: Sequence[str], wanted: set[str] | None, now: int
    ) -> Mapping[str, list[Level]]:
        found: dict[str, list[Level]] = {article: [] for article in articles}
        if not articles:
            return found
        asked: Parameters = {"tenant": tenant, "articles": list(articles), "now": now, "size": LEVELS_MAX + 1}
        rows = await self._db.rows(QUERIES.levels_of_articles, asked)
        if len(rows) > LEVELS_MAX:
            raise Invalid(
                Fault(f"More than {LEVELS_MAX} levels would be summed up.", "Ask for fewer articles at once.")
            )
        for row in rows:
            level = Level(*row)
            if wanted is None or level.facility_ref in wanted:
                found[level.tenant_article_id].append(level)
        return found

    async def _listings(self, tenant: str, articles: Sequence[str]) -> dict[str, Document]:
        """A listing of each article that says what it is called."""
        if not articles:
            return {}
        found: dict[str, Document] = {}
        asked: Parameters = {"tenant": tenant, "articles": list(articles), "size": LEVELS_MAX + 1}
        rows = await self._db.rows(QUERIES.listings_by_article, asked)
        if len(rows) > LEVELS_MAX:
            raise Invalid(
                Fault(f"More than {LEVELS_MAX} listings would be looked through.", "Ask for fewer articles at once.")
            )
        for row in rows:
            listing = decode(row[0])
            if "title" in listing:
                found.setdefault(listing["tenantArticleId"], listing)
        return found
