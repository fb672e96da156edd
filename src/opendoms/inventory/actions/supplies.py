"""What all facilities offer and have of some articles: what a promise looks through."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, NamedTuple

import msgspec

from opendoms.db.engine import Engine, Parameters
from opendoms.db.shared_look import SharedLook
from opendoms.inventory.model import Level, LevelKey
from opendoms.inventory.store import QUERIES

# Listings and levels that are looked through at once: 500 articles in 2,000 facilities.
LOOKED_THROUGH_MAX: Final = 1_000_000
# Tenants that are remembered to keep stock.
TENANTS_KNOWN_MAX: Final = 100_000


class Offer(NamedTuple):
    """That a facility lists an article in another way than to sell what it has.

    `preorder_from` is an instant in ms, `restock_days` 0 for an unknown number of days.
    """

    tenant_article_id: str
    facility_ref: str
    status: str
    behaviour: str
    preorder_from: int | None
    restock_days: int | None


class Offers(NamedTuple):
    """Who lists some articles: `plain` (article and facility) sell what they have, and nothing else."""

    plain: list[LevelKey]
    special: list[Offer]


_plain: Final = msgspec.json.Decoder(list[tuple[str, str]])
_special: Final = msgspec.json.Decoder(list[Offer])
_levels: Final = msgspec.json.Decoder(list[Level])
_pieces: Final = msgspec.json.Decoder(list[tuple[str, str, int]])


class Supplies:
    """Reads what is offered, and what is there; a statement each, however many facilities there are."""

    def __init__(self, db: Engine) -> None:
        self._db = db
        self._looks = SharedLook(self._any_level)
        self._keeping: set[str] = set()

    async def kept(self, tenant: str) -> bool:
        """Whether the tenant keeps stock. Once it does, that is known; before, it is one short look for all who ask."""
        if tenant in self._keeping:
            return True
        found = await self._looks.look(tenant)
        if found:
            if len(self._keeping) >= TENANTS_KNOWN_MAX:
                self._keeping.clear()
            self._keeping.add(tenant)
        return found

    async def _any_level(self, tenant: str) -> bool:
        return await self._db.row(QUERIES.any_level, {"tenant": tenant}) is not None

    async def offers(self, tenant: str, articles: Collection[str]) -> Offers:
        """Who lists the articles."""
        asked: Parameters = {"tenant": tenant, "articles": list(articles), "size": LOOKED_THROUGH_MAX}
        ((plain, special),) = await self._db.rows(QUERIES.offers, asked)
        return Offers(_plain.decode(plain), _special.decode(special))

    async def levels(self, tenant: str, articles: Collection[str], now: int) -> dict[LevelKey, Level]:
        """The levels of the articles, in all facilities, that have more than their safety stock."""
        asked: Parameters = {"tenant": tenant, "articles": list(articles), "now": now, "size": LOOKED_THROUGH_MAX}
        ((levels, lapsed, expired),) = await self._db.rows(QUERIES.supplies, asked)
        found = {level[:2]: level for level in _levels.decode(levels)}
        for article, facility, pieces in _pieces.decode(lapsed):
            key = (article, facility)
            if key in found:
                found[key] = found[key]._replace(lapsed=found[key].lapsed + pieces)
        for article, facility, pieces in _pieces.decode(expired):
            key = (article, facility)
            if key in found:
                found[key] = found[key]._replace(expired=found[key].expired + pieces)
        return found
