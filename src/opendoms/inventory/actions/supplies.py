"""What all facilities offer and have of some articles: what a promise looks through."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, NamedTuple

import msgspec

from opendoms.db.engine import Engine, Parameters
from opendoms.db.shared_look import SharedLook
from opendoms.inventory.model import LevelKey
from opendoms.inventory.store import QUERIES
from opendoms.inventory.supply import Supply

# Tenants that are remembered to keep stock.
TENANTS_KNOWN_MAX: Final = 100_000


class Offer(NamedTuple):
    """That a facility lists an article in another way than to sell what it has.

    `preorder_from` is an instant in ms, `restock_days` 0 for an unknown number of days.
    """

    facility_ref: str
    status: str
    behaviour: str
    preorder_from: int | None
    restock_days: int | None


class Offers(NamedTuple):
    """Who lists some articles, by article: `plain` facilities sell what they have, and let nobody wait."""

    plain: dict[str, list[str]]
    special: dict[str, list[Offer]]


_facilities: Final = msgspec.json.Decoder(list[str])
_offers: Final = msgspec.json.Decoder(list[Offer])
_supply: Final = msgspec.json.Decoder(tuple[list[str], list[int], list[int]])
_pieces: Final = msgspec.json.Decoder(list[tuple[str, int]])


class Supplies:
    """Reads what is offered, and what is there; a statement each, however many facilities there are.

    A level belongs to one facility, and so does a listing: what is read is bounded by articles times facilities.
    """

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
        asked: Parameters = {"tenant": tenant, "articles": list(articles)}
        rows = await self._db.rows(QUERIES.offers, asked)
        return Offers(
            {article: _facilities.decode(plain) for article, plain, _ in rows},
            {article: _offers.decode(special) for article, _, special in rows if special != _NONE},
        )

    async def supply(self, tenant: str, articles: Collection[str], now: int) -> Supply:
        """What all facilities have of the articles for new orders."""
        asked: Parameters = {"tenant": tenant, "articles": list(articles), "now": now}
        rows = await self._db.rows(QUERIES.supplies, asked)
        lapsed: dict[LevelKey, int] = {}
        expired: dict[LevelKey, int] = {}
        for article, _, lapsed_pieces, expired_pieces in rows:
            for counted, told in ((lapsed, lapsed_pieces), (expired, expired_pieces)):
                for facility, pieces in _pieces.decode(told):
                    counted[article, facility] = counted.get((article, facility), 0) + pieces
        return Supply({article: _supply.decode(free) for article, free, _, _ in rows}, lapsed, expired)


_NONE: Final = "[]"
