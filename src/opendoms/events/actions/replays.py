"""Begins, shows and cancels replays; the relay runs them."""

from __future__ import annotations

from collections.abc import Callable

from opendoms.db.engine import Engine
from opendoms.db.entity import ATTEMPTS_MAX
from opendoms.events.actions.subscriptions import SubscriptionActions
from opendoms.events.rules import replay as rules
from opendoms.events.store import QUERIES, RELAY, REPLAYS, put_of
from opendoms.kernel.changeset import Changeset, Stale
from opendoms.kernel.clock import Clock
from opendoms.kernel.decision import Document
from opendoms.kernel.document import decode
from opendoms.kernel.refusal import Fault, Unavailable, Unknown

# What of a replay is the relay's own business.
_HIDDEN = ("position", "until")


class ReplayActions:
    """Replays of subscriptions, one at a time each. `hurry` is called when one was begun."""

    def __init__(self, db: Engine, clock: Clock, subscriptions: SubscriptionActions, hurry: Callable[[], None]) -> None:
        self._db = db
        self._clock = clock
        self._subscriptions = subscriptions
        self._hurry = hurry

    async def start(self, tenant: str, subscription_id: str, wanted: Document) -> Document:
        """The replay, under way. Raises Unknown, Conflict or Invalid."""
        subscription = (await self._subscriptions.stored(tenant, subscription_id)).document
        for _ in range(ATTEMPTS_MAX):
            newest = await self._db.row(RELAY.newest_position, {"tenant": tenant})
            replay = rules.start(
                await self._stored(tenant, subscription_id),
                subscription,
                wanted,
                newest=newest[0] if newest is not None else 0,
                now=self._clock.now(""),
            )
            if await self._written(tenant, replay):
                self._hurry()
                return shown(replay)
        raise _crowded()

    async def read(self, tenant: str, subscription_id: str) -> Document:
        """The last replay. Raises Unknown."""
        replay = await self._stored(tenant, subscription_id)
        if replay is None:
            raise Unknown(Fault("This subscription was never replayed."))
        return shown(replay)

    async def cancel(self, tenant: str, subscription_id: str) -> Document:
        """The replay, ended where it is; what waits as a delivery is still sent. Raises Unknown."""
        for _ in range(ATTEMPTS_MAX):
            replay = rules.cancel(await self._stored(tenant, subscription_id), now=self._clock.now(""))
            if await self._written(tenant, replay):
                return shown(replay)
        raise _crowded()

    async def _stored(self, tenant: str, subscription_id: str) -> Document | None:
        row = await self._db.row(QUERIES.replay_document, {"tenant": tenant, "id": subscription_id})
        return decode(row[0]) if row is not None else None

    async def _written(self, tenant: str, replay: Document) -> bool:
        try:
            await self._db.apply(Changeset(puts=(put_of(REPLAYS, tenant, replay, replay["state"] == rules.RUNNING),)))
        except Stale:
            return False
        return True


def shown(replay: Document) -> Document:
    """What callers see of a replay."""
    return {name: value for name, value in replay.items() if name not in _HIDDEN}


def _crowded() -> Unavailable:
    return Unavailable(Fault("Too many writes to this at once.", "Nothing was written. Send the request again."))
