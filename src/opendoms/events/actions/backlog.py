"""Shows what waits for each subscription."""

from __future__ import annotations

from typing import NamedTuple

from opendoms.db.engine import Engine, Parameters
from opendoms.events.progress import membership_of, progress_of
from opendoms.events.rules import backlog as rules
from opendoms.events.rules.catalogue import Told, told_by
from opendoms.events.rules.membership import Membership
from opendoms.events.rules.place import Place
from opendoms.events.store import QUERIES, RELAY, endpoint_id_of
from opendoms.kernel.clock import Clock
from opendoms.kernel.decision import Document
from opendoms.kernel.document import decode


class Page(NamedTuple):
    """A page of what waits, by subscription, the newest first."""

    documents: list[Document]
    has_next_page: bool


class BacklogActions:
    """Reads how far the relay is. A page is some hundred small reads of indexes, however much waits."""

    def __init__(self, db: Engine, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def page(self, tenant: str, *, before: str, size: int) -> Page:
        """What waits for at most `size` subscriptions with ids below `before`."""
        rows = await self._db.rows(QUERIES.list_subscriptions, {"tenant": tenant, "before": before, "size": size + 1})
        ((_, newest_xid),) = await self._db.rows(RELAY.pulse, {})
        memberships: dict[str, Membership] = {}
        documents = []
        for row in rows[:size]:
            subscription = decode(row[0])
            endpoint = endpoint_id_of(subscription["callbackUrl"])
            if endpoint not in memberships:
                memberships[endpoint] = membership_of(await progress_of(self._db, tenant, endpoint))
            place = rules.place_of_member(memberships[endpoint], subscription["id"], Place(row[1], row[2]), newest_xid)
            documents.append(await self._shown(tenant, subscription, place))
        return Page(documents, len(rows) > size)

    async def _shown(self, tenant: str, subscription: Document, place: Place) -> Document:
        told = told_by(subscription["event"])
        unread = rules.NOTHING_UNREAD if told is None else await self._unread(tenant, told, place)
        stored = {state: await self._stored(tenant, subscription["id"], state) for state in rules.STATES}
        now = self._clock.now(tenant)
        return rules.shown(subscription, unread, stored, supported=told is not None, now=now)

    async def _unread(self, tenant: str, told: Told, place: Place) -> rules.Unread:
        given: Parameters = {
            "tenant": tenant,
            "xid": place.xid,
            "position": place.position,
            "kind": told.kind,
            "type": told.type,
            "size": rules.COUNTED_MAX,
        }
        ((looked_at, meant, oldest),) = await self._db.rows(QUERIES.count_unread, given)
        return rules.Unread(looked_at, meant, oldest)

    async def _stored(self, tenant: str, subscription_id: str, state: str) -> rules.Stored:
        given = {"tenant": tenant, "subscription_id": subscription_id, "state": state}
        ((number,),) = await self._db.rows(QUERIES.count_undelivered, {**given, "size": rules.COUNTED_MAX})
        row = await self._db.row(QUERIES.first_undelivered, given) if number else None
        return rules.Stored(number, None if row is None else decode(row[0]))
