"""A hub's database, a relay with short pauses, and orders to which things happen."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from opendoms.db.engine import Engine
from opendoms.db.entity import Writer
from opendoms.db.sqlfile import Query, parse
from opendoms.events.actions import BacklogActions, DeliveryActions, ReplayActions, SubscriptionActions
from opendoms.events.actions.deliveries import Asked
from opendoms.events.limits import Limits
from opendoms.events.relay import Relay
from opendoms.events.sending import resolve
from opendoms.kernel.changeset import Changeset, Event, Origin
from opendoms.kernel.clock import Clock, SystemClock
from opendoms.kernel.decision import Document
from opendoms.kernel.document import decode, encode
from opendoms.kernel.ids import new_id
from opendoms.settings import Settings
from tests.identity.stand_ins import CountingEngine
from tests.receiver import WAIT_S, Receiver

TENANT: Final = "acme"
ORIGIN: Final = Origin(TENANT, "tester", "test")
QUICK: Final = Limits(
    answer_s=0.4,
    flush_ms=5,
    due_look_ms=15,
    look_ms=15,
    idle_flush_ms=100,
    pulse_ms_min=2,
    pulse_ms_max=10,
    lease_ms=800,
    stop_ms=50,
    trouble_ms=30,
    sweep_ms=3_600_000,
    backoff_ms_min=10,
)
COUNTS: Final = parse("-- name: states\nselect state, count(*) from webhook_deliveries group by state order by state")[
    "states"
]
SETTINGS: Final = Settings(webhook_allow_private_networks=True, webhook_deliveries_per_second_max=100_000)


class ToldEngine(CountingEngine):
    """Tells of the next write: take `written`, look, and wait for it where that was not enough."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.name = engine.name
        self.written = asyncio.Event()

    async def apply(self, changeset: Changeset) -> None:
        """A write."""
        await super().apply(changeset)
        self.written.set()
        self.written = asyncio.Event()


class Scene:
    """What a test of the relay plays with."""

    def __init__(self, engine: Engine, clock: Clock | None = None) -> None:
        self.engine = engine = ToldEngine(engine)
        self.clock = clock or SystemClock()
        self.relays: list[Relay] = []
        self.subscriptions = SubscriptionActions(
            engine, Writer(engine, self.clock, new_id), self.clock, new_id, allow_private=True
        )
        self.deliveries = DeliveryActions(engine, self.clock, self.hurry)
        self.backlog = BacklogActions(engine, self.clock)
        self.replays = ReplayActions(engine, self.clock, self.subscriptions, self.hurry)

    def hurry(self) -> None:
        """What a request does that wants something at once."""
        for relay in self.relays:
            relay.look()

    def start(self, *, settings: Settings | None = SETTINGS, **limits: Any) -> Relay:
        """Another relay; without settings, one with the defaults."""
        relay = Relay(
            self.engine, self.clock, new_id, settings or Settings(), limits=QUICK._replace(**limits), resolve=resolve
        )
        relay.start()
        self.relays.append(relay)
        return relay

    async def stop(self, *relays: Relay) -> None:
        """Stops these relays, or all."""
        for relay in relays or tuple(self.relays):
            await relay.stop()
            self.relays.remove(relay)

    async def subscribe(self, url: str, event: str = "ORDER_CREATED", **more: Any) -> tuple[str, str]:
        """The id and the secret of a new subscription."""
        wanted = {"name": "test", "event": event, "callbackUrl": url, **more}
        document, secret = await self.subscriptions.create(wanted, ORIGIN)
        return document["id"], secret

    async def subscribe_to_all(self, receiver: Receiver, path: str = "/hook") -> None:
        """Subscriptions of one URL to creations and changes."""
        for event in ("ORDER_CREATED", "ORDER_MODIFIED"):
            await self.subscribe(receiver.url(path), event)

    async def happens(self, order_id: str, seq: int = 1, type_: str | None = None, **more: Any) -> str:
        """A creation or a later change of an order; the id of its event."""
        event_id = new_id()
        await self.engine.apply(change(order_id, seq, event_id, self.clock.now(TENANT), type_, **more))
        return event_id

    async def of_kind(self, kind: str, type_: str, document: Document, detail: Document | None = None) -> None:
        """The first event of something else."""
        told = None if detail is None else encode(detail)
        at, event_id = self.clock.now(TENANT), new_id()
        row = Event(TENANT, kind, document["id"], 1, event_id, type_, at, "tester", "test", encode(document), told)
        await self.engine.apply(Changeset(events=(row,)))

    async def states(self) -> dict[str, int]:
        """How many deliveries there are in each state."""
        return {row[0]: row[1] for row in await self.engine.rows(COUNTS, {})}

    async def until(self, **states: int) -> None:
        """Returns when there are exactly these deliveries."""
        await self.until_holds(lambda: self._are(states))

    async def _are(self, states: dict[str, int]) -> bool:
        return await self.states() == states

    async def until_holds(self, holds: Callable[[], Awaitable[bool]]) -> None:
        """Returns when something holds, asked after every write."""
        async with asyncio.timeout(WAIT_S):
            while True:
                written = self.engine.written
                if await holds():
                    return
                await written.wait()

    async def until_tried(self, attempts: int) -> Document:
        """The delivery that was tried so often, or was given up."""
        found: list[Document] = []

        async def tried() -> bool:
            nonlocal found
            found = [each for each in await self.listed() if each["state"] in ("RETRYING", "DEAD")]
            return bool(found) and (found[0]["attemptCount"] >= attempts or found[0]["state"] == "DEAD")

        await self.until_holds(tried)
        return found[0]

    async def listed(self, **filters: Any) -> list[Document]:
        """Deliveries as they are listed, newest first."""
        page = await self.deliveries.list(TENANT, Asked(before="~", size=500, **filters))
        return [decode(document) for document in page.documents]

    async def ask(self, query: Query) -> list[Any]:
        """The rows of a question."""
        return [tuple(row) for row in await self.engine.rows(query, {})]


def change(order_id: str, seq: int, event_id: str, at: int, type_: str | None = None, **more: Any) -> Changeset:
    """What the hub writes into history when something happens to an order."""
    document = b'{"id":"%s","version":%d%s}' % (order_id.encode(), seq, more.pop("document", b""))
    type_ = type_ or ("ORDER_CREATED" if seq == 1 else "ORDER_MODIFIED")
    event = Event(TENANT, "ORDER", order_id, seq, event_id, type_, at, "tester", "test", document, **more)
    return Changeset(events=(event,))


def in_order(receiver: Receiver) -> dict[str, list[int]]:
    """Per order, the numbers of what was taken first, without what came again."""
    seen: dict[str, dict[str, int]] = {}
    for request in receiver.taken:
        seen.setdefault(request.entity_id, {}).setdefault(request.event_id, request.sequence)
    return {order_id: list(events.values()) for order_id, events in seen.items()}
