"""The parts of a changeset that reserve, keep and release pieces: for whoever writes orders to write beside them.

    levels = await stock_levels.ready(tenant, articles, facilities, now)
    wanted = [Wanted(levels[article, facility], 2, line_id), ...]
    hosts = await reserving.hosts(tenant, wanted, now)
    Decision(order, happening, timers, beside=reserving.reserve(origin, wanted, purpose, hosts, now=now))

Applying it raises Short where somebody else was faster: read the levels again and decide anew. What `keep` and
`release` are given are stored reservations, read by `of_order` inside of the same decision; where one of them has been
dealt with in the meantime, the changeset is Stale, and `Writer.write` asks for the decision once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from opendoms.db.engine import Engine, Parameters
from opendoms.db.entity import Writer
from opendoms.inventory.model import LevelKey
from opendoms.inventory.rules import ranking, reserving
from opendoms.inventory.rules.reserving import Purpose, Wanted
from opendoms.inventory.store import QUERIES, RESERVATION
from opendoms.kernel.changeset import Changeset, Hold, Origin, merged
from opendoms.kernel.decision import Document
from opendoms.kernel.document import decode
from opendoms.kernel.ids import NewId
from opendoms.kernel.refusal import Fault, Invalid

# Reservations of one order: one per line and facility at most.
OF_ORDER_MAX: Final = 10_000
_ranked: Final = msgspec.json.Decoder(list[ranking.Ranked])

Hosts = Mapping[LevelKey, str | None]


class Reserving:
    """Builds the parts; nothing in here writes."""

    def __init__(self, db: Engine, writer: Writer, new_id: NewId) -> None:
        self._db = db
        self._writer = writer
        self._new_id = new_id

    async def of_order(self, tenant: str, order_ref: str) -> list[Document]:
        """The stored reservations of an order, expired ones among them."""
        asked: Parameters = {"tenant": tenant, "order_ref": order_ref, "size": OF_ORDER_MAX + 1}
        rows = await self._db.rows(QUERIES.reservations_of_order, asked)
        if len(rows) > OF_ORDER_MAX:
            raise Invalid(Fault(f"More than {OF_ORDER_MAX} reservations are stored for this order."))
        return [decode(row[0]) for row in rows]

    async def hosts(self, tenant: str, wanted: Sequence[Wanted], now: int) -> Hosts:
        """The stock that each level's next reservation sits on."""
        if not wanted:
            return {}
        asked: Parameters = {
            "tenant": tenant,
            "articles": list({each.level.tenant_article_id for each in wanted}),
            "facilities": list({each.level.facility_ref for each in wanted}),
            "now": now,
        }
        row = await self._db.row(QUERIES.stocks_by_rank, asked)
        assert row is not None  # noqa: S101 - narrows the type: what is gathered is one row, of nothing as well
        return ranking.first_of_each(_ranked.decode(row[0]))

    def reserve(
        self, origin: Origin, wanted: Iterable[Wanted], purpose: Purpose, hosts: Hosts, *, now: int
    ) -> Changeset:
        """Holds pieces for an order: a reservation each, with its event, and the hold on the level."""
        parts = []
        for each in wanted:
            host = hosts.get(each.level.key)
            decision = reserving.create(each, purpose, host, reservation_id=self._new_id(), now=now)
            _, part = self._writer.changeset(RESERVATION, origin, decision, now)
            parts += [part, Changeset(holds=(each.level.hold(origin.tenant, each.quantity),))]
        return merged(Changeset(), *parts)

    def keep(self, origin: Origin, reservations: Iterable[Document], valid_until: int | None, *, now: int) -> Changeset:
        """Lets reservations hold until another instant, or for good where it is None. Pieces do not move."""
        decisions = [reserving.keep(stored, valid_until, now=now) for stored in reservations]
        parts = [self._writer.changeset(RESERVATION, origin, decision, now)[1] for decision in decisions]
        return merged(Changeset(), *parts)

    def release(
        self, origin: Origin, reservations: Iterable[Document], reason: str = reserving.RELEASED, *, now: int
    ) -> Changeset:
        """Ends reservations and gives their pieces back."""
        parts = []
        for stored in reservations:
            pieces = Hold(origin.tenant, stored["facilityRef"], stored["tenantArticleId"], -stored["quantity"])
            end = self._writer.removal(RESERVATION, origin, stored, reserving.end(reason), now)
            parts += [end, Changeset(holds=(pieces,))]
        return merged(Changeset(), *parts)
