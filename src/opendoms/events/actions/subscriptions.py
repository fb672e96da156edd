"""Keeps subscriptions and their secrets."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final, NamedTuple

from opendoms.db.engine import Engine
from opendoms.db.entity import Writer
from opendoms.events.feed import here
from opendoms.events.limits import ROTATION_MS, SUBSCRIPTIONS_MAX
from opendoms.events.progress import membership_of
from opendoms.events.rules import subscription as rules
from opendoms.events.rules.addresses import address_of
from opendoms.events.rules.catalogue import NAMES
from opendoms.events.rules.place import Place
from opendoms.events.rules.target import private, target_of
from opendoms.events.sending import Resolve, allowed, resolve
from opendoms.events.signing import hint_of, new_secret
from opendoms.events.store import (
    ENDPOINTS,
    QUERIES,
    REPLAYS,
    SECRETS,
    SUBSCRIPTION,
    SUBSCRIPTIONS,
    endpoint_id_of,
    put_of,
    subscription_put,
)
from opendoms.kernel.changeset import Changeset, Drop, Event, Origin, Put
from opendoms.kernel.clock import Clock, text_of
from opendoms.kernel.decision import Decision, Document
from opendoms.kernel.document import decode, encode
from opendoms.kernel.ids import NewId
from opendoms.kernel.refusal import Fault, Invalid, Unknown

# How long the name of a callback URL may take to be found. It may not be known yet: every delivery looks again.
RESOLVE_S: Final = 2.0


class Stored(NamedTuple):
    """A subscription as it is stored, with the place where it began."""

    document: Document
    since: Place


class Decided(NamedTuple):
    """What becomes of a subscription, from which place it is sent, and what is written beside it."""

    decision: Decision
    since: Place
    more: tuple[Put, ...] = ()


class Page(NamedTuple):
    """A page of subscriptions as the contract shows them, newest first, and how many there are in all."""

    documents: list[Document]
    has_next_page: bool
    total: int


class SubscriptionActions:
    """Keeps who is told of what. The relay notices every change by its event."""

    def __init__(  # noqa: PLR0913 - what it is built from, each by its name
        self,
        db: Engine,
        writer: Writer,
        clock: Clock,
        new_id: NewId,
        *,
        allow_private: bool,
        resolve: Resolve = resolve,
    ) -> None:
        self._db = db
        self._writer = writer
        self._clock = clock
        self._new_id = new_id
        self._allow_private = allow_private
        self._resolve = resolve

    async def page(self, tenant: str, *, before: str, size: int) -> Page:
        """At most `size` subscriptions with ids below `before`."""
        rows = await self._db.rows(QUERIES.list_subscriptions, {"tenant": tenant, "before": before, "size": size + 1})
        ((total,),) = await self._db.rows(QUERIES.count_subscriptions, {"tenant": tenant})
        documents = [rules.contract_view(decode(row[0])) for row in rows[:size]]
        return Page(documents, len(rows) > size, total)

    async def stored(self, tenant: str, subscription_id: str) -> Stored:
        """The subscription. Raises Unknown."""
        row = await self._db.row(QUERIES.subscription, {"tenant": tenant, "id": subscription_id})
        if row is None:
            raise Unknown(Fault(f"Unknown subscription {subscription_id[:64]}.", "Nothing is stored under this id."))
        return Stored(decode(row[0]), Place(row[1], row[2]))

    async def view(self, tenant: str, document: Document) -> Document:
        """A subscription with what the hub knows about it, and of its secret only the end."""
        secret = await self._secret(tenant, document["id"])
        shown = {**document, "supported": document["event"] in NAMES, "secretHint": hint_of(secret["secret"])}
        if "previousUntil" in secret:
            shown["previousSecretUntil"] = secret["previousUntil"]
        return shown

    async def create(self, wanted: Document, origin: Origin) -> tuple[Document, str]:
        """The new subscription and its secret. Raises Invalid."""
        checked = rules.checked(wanted, allow_private=self._allow_private)
        await self._check_address("target" in wanted, checked["callbackUrl"])
        ((count,),) = await self._db.rows(QUERIES.count_subscriptions, {"tenant": origin.tenant})
        if count >= SUBSCRIPTIONS_MAX:
            raise Invalid(Fault(f"There are {SUBSCRIPTIONS_MAX} subscriptions, which is as many as there may be."))
        since = await here(self._db, origin.tenant)
        now = self._clock.now(origin.tenant)
        decision = rules.create(checked, now=now, new_id=self._new_id)
        secret = new_secret()
        kept = {"id": decision.document["id"], "version": 1, "secret": secret}
        changes = self._changeset(decision, origin, now, since, put_of(SECRETS, origin.tenant, kept))
        await self._db.apply(changes)
        return decision.document, secret

    async def update(self, subscription_id: str, change: Document, origin: Origin) -> Document:
        """The subscription as it is wanted. Raises Unknown, VersionConflict or Invalid."""
        wanted = {name: value for name, value in change.items() if name != "version"}

        async def decide(stored: Stored, now: int) -> Decided:
            asked = {**wanted, "event": stored.document["event"]}
            checked = rules.checked(asked, allow_private=self._allow_private)
            await self._check_address("target" in wanted, checked["callbackUrl"])
            decision = rules.update(stored.document, checked, change["version"], now=now)
            return await self._moved(origin.tenant, stored, decision)

        return await self._write(subscription_id, origin, decide)

    async def pause(self, subscription_id: str, origin: Origin) -> Document:
        """The subscription, of which nothing is sent any more. Raises Unknown."""

        async def decide(stored: Stored, now: int) -> Decided:
            return Decided(rules.pause(stored.document, now=now), stored.since)

        return await self._write(subscription_id, origin, decide)

    async def resume(self, subscription_id: str, origin: Origin) -> Document:
        """The subscription, of which everything is sent again. Raises Unknown."""

        async def decide(stored: Stored, now: int) -> Decided:
            return Decided(rules.resume(stored.document, now=now), stored.since)

        return await self._write(subscription_id, origin, decide)

    async def rotate(self, subscription_id: str, origin: Origin) -> Document:
        """The new secret, and until when the one before goes on signing. Raises Unknown."""
        secret = new_secret()
        until = ""

        async def decide(stored: Stored, now: int) -> Decided:
            nonlocal until
            before = await self._secret(origin.tenant, subscription_id)
            # By the machine's time, as messages are sent, whatever the clock of a sandbox shows.
            until = text_of(self._clock.now("") + ROTATION_MS)
            kept = {"secret": secret, "previous": before["secret"], "previousUntil": until}
            document = {"id": subscription_id, "version": before["version"] + 1, **kept}
            put = put_of(SECRETS, origin.tenant, document)
            return Decided(rules.rotate(stored.document, now=now), stored.since, (put,))

        await self._write(subscription_id, origin, decide)
        return {"secret": secret, "previousSecretUntil": until}

    async def delete(self, subscription_id: str, origin: Origin) -> Document:
        """Removes the subscription; what is on its way to it is cancelled. Returns it as it was. Raises Unknown."""
        tenant = origin.tenant

        async def compose(now: int) -> tuple[Changeset, Document]:
            document = (await self.stored(tenant, subscription_id)).document
            secret = await self._secret(tenant, subscription_id)
            drops = [
                Drop(SUBSCRIPTIONS, tenant, subscription_id, document["version"]),
                Drop(SECRETS, tenant, subscription_id, secret["version"]),
            ]
            replay = await self._db.row(QUERIES.replay_document, {"tenant": tenant, "id": subscription_id})
            if replay is not None:
                drops.append(Drop(REPLAYS, tenant, subscription_id, decode(replay[0])["version"]))
            decision = rules.delete({**document, "version": document["version"] + 1})
            return Changeset(drops=tuple(drops), events=(self._event(decision, origin, now),)), document

        return await self._writer.compose(origin, compose)

    async def _write(
        self,
        subscription_id: str,
        origin: Origin,
        decide: Callable[[Stored, int], Awaitable[Decided]],
    ) -> Document:
        async def compose(now: int) -> tuple[Changeset, Document]:
            decided = await decide(await self.stored(origin.tenant, subscription_id), now)
            document = decided.decision.document
            if decided.decision.happening is None:
                return Changeset(), document
            return self._changeset(decided.decision, origin, now, decided.since, *decided.more), document

        return await self._writer.compose(origin, compose)

    def _changeset(self, decision: Decision, origin: Origin, now: int, since: Place, *more: Put) -> Changeset:
        put = subscription_put(origin.tenant, decision.document, since)
        return Changeset(puts=(put, *more), events=(self._event(decision, origin, now),))

    def _event(self, decision: Decision, origin: Origin, now: int) -> Event:
        """What history tells: without anything that may be a secret."""
        _, changes = self._writer.changeset(SUBSCRIPTION, origin, decision, now)
        return changes.events[0]._replace(document=encode(rules.redacted(decision.document)))

    async def _moved(self, tenant: str, stored: Stored, decision: Decision) -> Decided:
        """Where a subscription goes on: with another URL, where it is at the one that it leaves.

        The progress of that one is written over, so that whoever serves it notes nothing that it has sent since.
        """
        before = endpoint_id_of(stored.document["callbackUrl"])
        if endpoint_id_of(decision.document["callbackUrl"]) == before:
            return Decided(decision, stored.since)
        row = await self._db.row(QUERIES.endpoint_progress, {"tenant": tenant, "id": before})
        if row is None:
            return Decided(decision, stored.since)
        progress = decode(row[0])
        membership = membership_of(progress)
        subscription_id = stored.document["id"]
        since = membership.place_of(subscription_id) if subscription_id in membership.own else stored.since
        left = {**progress, "version": progress["version"] + 1, "owner": "", "leasedUntil": 0}
        return Decided(decision, since, (put_of(ENDPOINTS, tenant, left),))

    async def _check_address(self, by_target: bool, url: str) -> None:  # noqa: FBT001 - which member a fault names
        """Raises Invalid where the name of a URL leads into a private network already now."""
        target = target_of(url)
        if self._allow_private or address_of(target.host) is not None:
            return
        try:
            async with asyncio.timeout(RESOLVE_S):
                addresses = await self._resolve(target.host, target.port)
        except Exception:  # noqa: BLE001 - a name that is not found yet may be found later, when it is looked at again
            return
        if not allowed(addresses):
            raise Invalid(private("target.callbackUrl" if by_target else "callbackUrl"))

    async def _secret(self, tenant: str, subscription_id: str) -> dict[str, Any]:
        row = await self._db.row(QUERIES.secret, {"tenant": tenant, "id": subscription_id})
        if row is None:
            raise Unknown(Fault(f"Unknown subscription {subscription_id[:64]}.", "Nothing is stored under this id."))
        return decode(row[0])
