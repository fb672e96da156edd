"""What the tests of stock levels write and read."""

from __future__ import annotations

from typing import Final, NamedTuple

from opendoms.db.engine import Engine
from opendoms.db.sqlfile import Query, parse
from opendoms.kernel.changeset import Changeset, Hold, Restock
from tests.conformance.changesets import TENANT

_LEVELS: Final[Query] = parse(
    """
-- name: levels
select facility_ref, tenant_article_id, on_hand, safety, reserved, restocked from stock_levels
where tenant = :tenant order by tenant_article_id, facility_ref limit 1000
"""
)["levels"]


class Level(NamedTuple):
    """A stored level."""

    facility: str
    article: str
    on_hand: int
    safety: int
    reserved: int
    restocked: int


def opened(facility: str, article: str, on_hand: int, safety: int = 0) -> Restock:
    """The first stock of an article in a facility."""
    return Restock(TENANT, facility, article, on_hand, safety, opens=True)


def restock(facility: str, article: str, on_hand: int, safety: int = 0) -> Changeset:
    """More or fewer pieces, or more or fewer to keep back."""
    return Changeset(restocks=(Restock(TENANT, facility, article, on_hand, safety),))


def hold(facility: str, article: str, quantity: int, *, lapsed: int = 0, restocked: int = 0) -> Changeset:
    """Some pieces, set aside or given back."""
    return Changeset(holds=(Hold(TENANT, facility, article, quantity, lapsed, restocked),))


async def levels(engine: Engine) -> list[Level]:
    """All levels, by article and facility."""
    return [Level(*row) for row in await engine.rows(_LEVELS, {"tenant": TENANT})]
