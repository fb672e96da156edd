"""Has every callback URL served by one process: looks which there are, takes them in hand, and says when to look.

On PostgreSQL any number of processes share the work. An endpoint belongs to the process that holds its lease; one that
dies leaves the lease, which ends by itself. On SQLite there is one process, so everything is its own.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import structlog

from opendoms.db.engine import Engine
from opendoms.events.courier import Courier
from opendoms.events.feed import Feed
from opendoms.events.limits import SERVED_MAX, Limits
from opendoms.events.pace import Pace
from opendoms.events.progress import membership_of, progress_of
from opendoms.events.rules.membership import Member, settled_here
from opendoms.events.rules.place import Place, known_here
from opendoms.events.sending import Resolve, resolve
from opendoms.events.store import ENDPOINTS, RELAY, SUBSCRIPTION, put_of
from opendoms.events.sweeping import sweep
from opendoms.events.traffic import World
from opendoms.kernel.changeset import Changeset, Event, Stale
from opendoms.kernel.clock import Clock
from opendoms.kernel.decision import Document
from opendoms.kernel.ids import NewId
from opendoms.settings import Settings

# Endpoints that a process takes over at each look: others, who look as well, get their share.
TAKEN_PER_LOOK_MAX: Final = 8
# Without other processes nothing happens that is not told, so this is only for what a command has written, in ms.
LOOK_MS_MAX_ALONE: Final = 5_000
DAY_MS: Final = 86_400_000

log = structlog.get_logger()


class Endpoint(NamedTuple):
    """A callback URL by tenant and id, and what it is to be served with: its subscriptions, with their versions."""

    tenant: str
    id: str


class _Served(NamedTuple):
    courier: Courier
    versions: frozenset[tuple[str, int]]


class Relay:
    """Delivers events of one database. One per process and event loop."""

    def __init__(  # noqa: PLR0913 - what the composition root hands in, and what tests replace
        self,
        db: Engine,
        clock: Clock,
        new_id: NewId,
        settings: Settings,
        *,
        limits: Limits | None = None,
        resolve: Resolve = resolve,
    ) -> None:
        self._db = db
        self._limits = limits or Limits()
        self._kept_ms = settings.webhook_retention_days * DAY_MS
        self._world = World(
            db=db,
            clock=clock,
            new_id=new_id,
            limits=self._limits,
            owner=new_id(),
            allow_private=settings.webhook_allow_private_networks,
            resolve=resolve,
            pace=Pace(settings.webhook_deliveries_per_second_max),
            leases=db.name != "sqlite",
        )
        self._served: dict[Endpoint, _Served] = {}
        self._feeds: dict[str, Feed] = {}
        self._told: set[str] = set()
        self._news = asyncio.Event()
        self._look = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._unwatch: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Begins to deliver. The database must be open."""
        self._unwatch = self._db.watch_events(self._happened)
        self._tasks = [asyncio.create_task(run()) for run in (self._look_after, self._pulse, self._sweep)]

    async def stop(self) -> None:
        """Begins nothing more, gives requests on their way a moment, and writes what came of them."""
        self._unwatch()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(served.courier.stop() for served in self._served.values()))
        self._served.clear()

    def abort(self) -> None:
        """Ends everything where it is, as the end of the process does: nothing is written any more."""
        self._unwatch()
        for task in self._tasks:
            task.cancel()
        for served in self._served.values():
            served.courier.abort()
        self._served.clear()

    def look(self) -> None:
        """Looks now rather than later: a delivery or a replay was asked for."""
        for served in self._served.values():
            served.courier.look()
        self._look.set()

    def in_memory(self) -> list[int]:
        """How many events are held in memory, per endpoint that is served."""
        return [served.courier.in_memory for served in self._served.values()]

    # ---- which endpoints there are ---------------------------------------------------------------------------------

    async def _look_after(self) -> None:
        look_ms = self._limits.look_ms if self._world.leases else max(self._limits.look_ms, LOOK_MS_MAX_ALONE)
        while True:
            self._look.clear()
            pause_ms = look_ms
            try:
                if await self._serve():
                    pause_ms = min(look_ms, self._limits.look_ms)
            except Exception as error:  # noqa: BLE001 - the task must live on: the database may come back
                log.warning("webhook subscriptions cannot be read", error=type(error).__name__)
                pause_ms = self._limits.trouble_ms
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause_ms / 1000):
                    await self._look.wait()

    async def _serve(self) -> bool:
        """Starts and ends couriers as subscriptions say. Returns whether there is more to be done soon."""
        wanted = await self._wanted()
        ended = [
            endpoint
            for endpoint, served in self._served.items()
            if served.courier.ended or _versions(wanted.get(endpoint, ())) != served.versions
        ]
        await asyncio.gather(*(self._served[endpoint].courier.stop() for endpoint in ended))
        for endpoint in ended:
            del self._served[endpoint]
        missing = [endpoint for endpoint in wanted if endpoint not in self._served]
        taken = 0
        for endpoint in missing:
            if taken >= TAKEN_PER_LOOK_MAX:
                break
            taken += await self._take(endpoint, wanted[endpoint])
        for tenant in self._feeds.keys() - {endpoint.tenant for endpoint in self._served}:
            del self._feeds[tenant]
        await self._find_replays(wanted)
        return taken < len(missing)

    async def _wanted(self) -> dict[Endpoint, list[tuple[Member, int]]]:
        """The endpoints with a subscription that is not paused, and all subscriptions of each, with their versions."""
        endpoints: dict[Endpoint, list[tuple[Member, int]]] = {}
        for row in await self._db.rows(RELAY.all_subscriptions, {"size": SERVED_MAX}):
            tenant, subscription_id, version, endpoint_id, paused, *since = row
            member = Member(subscription_id, bool(paused), Place(*since))
            endpoints.setdefault(Endpoint(tenant, endpoint_id), []).append((member, version))
        return {
            endpoint: members for endpoint, members in endpoints.items() if not all(each.paused for each, _ in members)
        }

    async def _take(self, endpoint: Endpoint, members: Sequence[tuple[Member, int]]) -> bool:
        """Takes an endpoint in hand, unless another process has it."""
        progress = await progress_of(self._db, endpoint.tenant, endpoint.id)
        if self._world.leases:
            leased = await self._lease(endpoint.tenant, progress)
            if leased is None:
                return False
            progress = leased
        feed = self._feeds.setdefault(endpoint.tenant, Feed(self._db, endpoint.tenant))
        membership = membership_of(progress)
        served = [member for member, _ in members]
        if self._world.leases:
            ((_, newest_xid),) = await self._db.rows(RELAY.pulse, {})
            membership = settled_here(membership, newest_xid)
            served = [member._replace(since=known_here(member.since, newest_xid)) for member in served]
        courier = Courier(
            self._world, endpoint.tenant, members=served, progress=progress, membership=membership, feed=feed
        )
        self._served[endpoint] = _Served(courier, _versions(members))
        return True

    async def _lease(self, tenant: str, progress: Document) -> Document | None:
        now = self._world.now()
        if progress["leasedUntil"] > now and progress["owner"] != self._world.owner:
            return None
        leased = {
            **progress,
            "version": progress["version"] + 1,
            "owner": self._world.owner,
            "leasedUntil": now + self._limits.lease_ms,
        }
        try:
            await self._db.apply(Changeset(puts=(put_of(ENDPOINTS, tenant, leased),)))
        except Stale:
            return None
        return leased

    async def _find_replays(self, wanted: dict[Endpoint, list[tuple[Member, int]]]) -> None:
        running = {(row[0], row[1]) for row in await self._db.rows(RELAY.running_replays, {"size": SERVED_MAX})}
        if not running:
            return
        for endpoint, served in self._served.items():
            members = wanted.get(endpoint, ())
            ids = [each.id for each, _ in members if not each.paused and (endpoint.tenant, each.id) in running]
            if ids:
                served.courier.replay(ids)

    # ---- when to read ----------------------------------------------------------------------------------------------

    def _happened(self, events: Sequence[Event]) -> None:
        """A changeset of this process was applied."""
        for event in events:
            self._told.add(event.tenant)
            if event.entity_kind == SUBSCRIPTION.kind:
                self._look.set()
        self._news.set()

    async def _pulse(self) -> None:
        """Wakes whoever has something to read: at once for what this process wrote, soon for what others did."""
        limits = self._limits
        known: Any = None
        pause_ms: float = limits.pulse_ms_min
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause_ms / 1000):
                    await self._news.wait()
            if self._news.is_set():
                # Whatever else happens in this moment goes with it; the more there are to be woken, the longer it is.
                await asyncio.sleep(max(limits.pulse_ms_min, len(self._served) // 2) / 1000)
                self._news.clear()
                told, self._told = self._told, set()
                self._stir(told)
                pause_ms = limits.pulse_ms_min
                continue
            pause_ms = min(max(pause_ms * 2, limits.pulse_ms_min), self._quiet_ms())
            if not self._served:
                continue
            try:
                (found,) = await self._db.rows(RELAY.pulse, {})
            except Exception as error:  # noqa: BLE001 - the task must live on: the database may come back
                log.warning("webhook events cannot be read", error=type(error).__name__)
                pause_ms = limits.trouble_ms
                continue
            if known != (found := tuple(found)):
                known = found
                self._stir(self._feeds)

    def _quiet_ms(self) -> int:
        return self._limits.pulse_ms_max if self._world.leases else self._limits.look_ms

    def _stir(self, tenants: Any) -> None:
        for tenant in tenants:
            if tenant in self._feeds:
                self._feeds[tenant].stir()
        for endpoint, served in self._served.items():
            if endpoint.tenant in tenants:
                served.courier.stir()

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(self._limits.sweep_ms / 1000)
            try:
                await sweep(self._db, now=self._world.now(), kept_ms=self._kept_ms, batch_max=self._limits.swept_max)
            except Exception as error:  # noqa: BLE001 - the task must live on: the database may come back
                log.warning("webhook deliveries cannot be swept", error=type(error).__name__)


def _versions(members: Sequence[tuple[Member, int]]) -> frozenset[tuple[str, int]]:
    return frozenset((member.id, version) for member, version in members)
