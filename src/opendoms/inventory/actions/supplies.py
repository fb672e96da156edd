"""What all facilities offer and have of some articles: what a promise looks through."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

import msgspec

from opendoms.db.engine import Engine, Parameters
from opendoms.db.shared_look import SharedLook
from opendoms.inventory.store import QUERIES
from opendoms.inventory.supply import Offer, Supply

# Tenants of which it is remembered whether they keep stock.
TENANTS_KNOWN_MAX: Final = 100_000
# For how long a tenant without stock is not asked again.
WITHOUT_S: Final = 1.0


class _OfArticle(NamedTuple):
    article: str
    listed: tuple[list[str], list[Offer]]
    free: tuple[list[str], list[int], list[int]]
    lapsed: list[tuple[str, int]]
    expired: list[tuple[str, int]]


_supplies: Final = msgspec.json.Decoder(list[_OfArticle])


class Supplies:
    """Reads what is offered and what is there, in one statement, however many facilities there are.

    A level belongs to one facility, and so does a listing: what is read is bounded by articles times facilities.
    """

    def __init__(self, db: Engine) -> None:
        self._db = db
        self._looks = SharedLook(self._any_level)
        self._keeping: set[str] = set()
        self._without: dict[str, float] = {}
        self._openings = 0

    async def kept(self, tenant: str) -> bool:
        """Whether the tenant keeps stock. Once it does, that is known.

        Before, it is one short look for all who ask, and that for WITHOUT_S. Stock that comes in through this process
        counts at once; the first that ever comes in through another one, so much later.
        """
        if tenant in self._keeping:
            return True
        now = asyncio.get_running_loop().time()
        if self._without.get(tenant, now) > now:
            return False
        openings = self._openings
        found = await self._looks.look(tenant)
        if len(self._keeping) + len(self._without) >= TENANTS_KNOWN_MAX:
            self._keeping.clear()
            self._without.clear()
        if found:
            self._keeping.add(tenant)
        elif openings == self._openings:
            self._without[tenant] = now + WITHOUT_S
        return found

    def opened(self) -> None:
        """Some tenant has stock that it had not before."""
        self._openings += 1
        self._without.clear()

    async def supply(self, tenant: str, articles: Collection[str], now: int) -> Supply:
        """Who lists the articles, and what all facilities have of them for new orders."""
        asked: Parameters = {"tenant": tenant, "articles": list(articles), "now": now}
        rows = await self._db.rows(QUERIES.supplies, asked)
        found = _supplies.decode(f"[{','.join([row[0] for row in rows])}]")
        return Supply(
            {each.article: each.listed[0] for each in found},
            {each.article: each.listed[1] for each in found},
            {each.article: each.free for each in found},
            {(each.article, facility): pieces for each in found for facility, pieces in summed(each.lapsed)},
            {(each.article, facility): pieces for each in found for facility, pieces in summed(each.expired)},
        )

    async def _any_level(self, tenant: str) -> bool:
        return await self._db.row(QUERIES.any_level, {"tenant": tenant}) is not None


def summed(pieces: Iterable[tuple[str, int]]) -> Iterable[tuple[str, int]]:
    """Pieces by facility, each facility once."""
    counted: dict[str, int] = {}
    for facility, count in pieces:
        counted[facility] = counted.get(facility, 0) + count
    return counted.items()
