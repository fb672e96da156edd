"""Serves one endpoint: reads what happened, has it sent, and notes what came of it. One task does all the bookkeeping.

Whatever goes wrong with the database or with the lease ends the courier. The relay starts another one, which begins at
what is stored.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Sequence

import structlog

from opendoms.events.feed import Feed
from opendoms.events.parcels import due_parcels, first_parcel, open_lanes
from opendoms.events.progress import LeaseLost, Progress
from opendoms.events.replaying import Replays
from opendoms.events.rules import delivery as deliveries
from opendoms.events.rules.lanes import Lanes, Parcel, Row
from opendoms.events.rules.membership import Member, Membership, joined
from opendoms.events.rules.place import Happened
from opendoms.events.subscriber import Subscriber, subscribers
from opendoms.events.traffic import Outcome, Traffic, World
from opendoms.kernel.decision import Document

log = structlog.get_logger()


class Courier:
    """Serves one endpoint as long as it holds the lease. `progress` is what was stored when the lease was taken."""

    def __init__(  # noqa: PLR0913 - what it serves, and from where on
        self,
        world: World,
        tenant: str,
        *,
        members: list[Member],
        progress: Document,
        membership: Membership,
        feed: Feed,
    ) -> None:
        self._world = world
        self._limits = world.limits
        self._loop = asyncio.get_running_loop()
        self._tenant = tenant
        self._endpoint_id: str = progress["id"]
        self._members = members
        self._feed = feed
        paused = frozenset(member.id for member in members if member.paused)
        membership = joined(membership, members)
        self._progress = Progress(world.db, tenant, progress, membership, paused)
        self._lanes = Lanes(membership.place)
        self._replays = Replays(world.db, tenant)
        self._subscribers: dict[str, Subscriber] = {}
        self._wake = asyncio.Event()
        self._stopping = False
        self._hungry = True
        self._retries: deque[Parcel] = deque()
        # Lanes that rest, or go on, and rows that are there to be read, once what waits to be written is.
        self._resting: list[str] = []
        self._advancing: list[str] = []
        self._unstored: list[Parcel] = []
        self._leased_until: int = progress["leasedUntil"]
        self._look_at = self._flushed_at = self._moved_at = self._loop.time()
        self._flush_at: float | None = None
        self._task = asyncio.create_task(self._run())

    @property
    def ended(self) -> bool:
        """Whether it has given up, or was stopped."""
        return self._task.done()

    @property
    def in_memory(self) -> int:
        """How many events it holds in memory."""
        return self._lanes.window

    def stir(self) -> None:
        """Something may have happened."""
        self._hungry = True
        self._wake.set()

    def replay(self, subscription_ids: Sequence[str]) -> None:
        """These subscriptions have replays under way."""
        if self._replays.begin(subscription_ids):
            self._wake.set()

    def look(self) -> None:
        """A delivery may have been asked for."""
        self._look_at = 0.0
        self._wake.set()

    async def stop(self) -> None:
        """Begins nothing more, gives requests a moment to end, writes what came of them and gives the lease back."""
        self._stopping = True
        self._wake.set()
        await asyncio.wait([self._task])

    def abort(self) -> None:
        """Ends where it is."""
        self._task.cancel()

    async def _run(self) -> None:
        traffic: Traffic | None = None
        try:
            traffic = await self._load()
            while not self._stopping:
                self._wake.clear()
                await self._turn(traffic)
                await self._rest(traffic)
            await traffic.drain(self._limits.stop_ms / 1000)
            self._settle(traffic)
            self._progress.move(self._lanes.settled())
            await self._progress.flush("", 0, self._lanes.ahead())
        except LeaseLost:
            log.info("webhook endpoint left", tenant=self._tenant, endpoint=self._endpoint_id)
        except Exception as error:  # noqa: BLE001 - whatever it is, the relay starts anew from what is stored
            log.warning("webhook endpoint interrupted", endpoint=self._endpoint_id, error=type(error).__name__)
        finally:
            if traffic is not None:
                await traffic.close()

    async def _load(self) -> Traffic:
        active = [member.id for member in self._members if not member.paused]
        found = await subscribers(self._world.db, self._tenant, active)
        if len(found) != len(active):
            raise LeaseLost  # a subscription went away meanwhile; the relay looks again
        self._subscribers = {subscriber.id: subscriber for subscriber in found}
        self._feed.follow({subscriber.told.kind for subscriber in found if subscriber.told is not None})
        traffic = Traffic(self._world, self._subscribers, self._wake.set)
        lanes = await open_lanes(self._world.db, self._tenant, active, 2 * self._limits.parked_max)
        for lane_id, due in lanes.items():
            self._lanes.park(lane_id)
            if not due:  # a crash came between the end of one delivery and the begin of the next
                self._advancing.append(lane_id)
        await self._advance()
        if len(lanes) >= self._limits.parked_failing_max:
            traffic.distrust()
        return traffic

    async def _turn(self, traffic: Traffic) -> None:
        self._settle(traffic)
        self._dispatch(traffic)
        await self._read(traffic)
        now = self._loop.time()
        if self._replays.under_way and self._lanes.parked < self._parked_max(traffic):
            await self._replay(now)
        if self._next_flush() <= now:
            await self._flush()
        if self._look_at <= now:
            await self._look()
        self._dispatch(traffic)

    async def _rest(self, traffic: Traffic) -> None:
        """Waits until something happens or falls due."""
        if self._wake.is_set() or (self._hungry and self._room(traffic)):
            await asyncio.sleep(0)
            return
        until = min(self._next_flush(), self._look_at)
        if traffic.free and (self._retries or self._fresh(traffic)):
            until = min(until, traffic.next_at)
        if self._replays.under_way:
            until = min(until, max(self._replays.next_at, self._loop.time() + self._limits.flush_ms / 1000))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(until):
                await self._wake.wait()

    # ---- sending, and what came of it ------------------------------------------------------------------------------

    def _dispatch(self, traffic: Traffic) -> None:
        if self._world.leases and self._world.now() >= self._leased_until - self._limits.lease_ms // 4:
            self._flush_at = 0.0  # overdue: speak up first
            return
        while (self._retries or self._fresh(traffic)) and not self._stopping and traffic.may_send():
            # What waits for a retry and what is new take turns.
            parcel = None if len(self._retries) % 2 and self._fresh(traffic) else self._retry()
            parcel = parcel or self._lanes.next() or self._retry()
            if parcel is not None:
                traffic.send(parcel)

    def _fresh(self, traffic: Traffic) -> bool:
        return self._lanes.ready and self._lanes.parked < self._parked_max(traffic)

    def _retry(self) -> Parcel | None:
        return self._retries.popleft() if self._retries else None

    def _settle(self, traffic: Traffic) -> None:
        for parcel, after in [(outcome[0], self._after(outcome, traffic)) for outcome in traffic.outcomes()]:
            parcel.row = self._add(after)
            if after.delivery["state"] == deliveries.RETRYING:
                followers = self._lanes.failed(parcel)
                self._resting.append(parcel.lane_id)
                self._wait(followers)
            elif self._lanes.delivered(parcel):
                self._advancing.append(parcel.lane_id)

    def _after(self, outcome: Outcome, traffic: Traffic) -> Row:
        parcel, attempt = outcome
        row = parcel.row or self._begun(parcel)
        if attempt is None:
            return row._replace(delivery=deliveries.lost(row.delivery))
        if traffic.count(attempt):
            word = "webhook endpoint failing" if traffic.failing else "webhook endpoint recovered"
            log.warning(word, tenant=self._tenant, endpoint=self._endpoint_id, subscription=parcel.subscription_id)
        after = deliveries.attempted(row.delivery, attempt, backoff_ms_min=self._limits.backoff_ms_min)
        if after["state"] == deliveries.DEAD:
            log.warning("webhook dead letter", subscription=parcel.subscription_id, delivery=after["id"])
        return row._replace(delivery=after)

    def _begun(self, parcel: Parcel) -> Row:
        assert parcel.event is not None  # noqa: S101 - narrows the type: without a row it comes from the feed
        name = self._subscribers[parcel.subscription_id].event
        return self._row(parcel.subscription_id, name, parcel.event)

    def _row(self, subscription_id: str, name: str, event: Happened) -> Row:
        document = deliveries.begun(self._world.new_id(), subscription_id, name, event, now=self._world.now())
        return Row(document, event.place.position, self._progress.number(), stored=False)

    def _add(self, row: Row) -> Row:
        if self._flush_at is None:
            self._flush_at = self._loop.time() + self._limits.flush_ms / 1000
        return self._progress.add(row)

    def _wait(self, parcels: Sequence[Parcel]) -> None:
        """Keeps parcels as rows that wait behind others of their lane."""
        for parcel in parcels:
            parcel.row = self._add(parcel.row or self._begun(parcel))
        self._lanes.waiting(parcels, +1)
        self._unstored += parcels

    # ---- reading ---------------------------------------------------------------------------------------------------

    def _parked_max(self, traffic: Traffic) -> int:
        return self._limits.parked_failing_max if traffic.failing else self._limits.parked_max

    def _room(self, traffic: Traffic) -> bool:
        limits, lanes = self._limits, self._lanes
        return (
            lanes.window < limits.window_max
            and lanes.window_bytes < limits.window_bytes_max
            and lanes.parked < self._parked_max(traffic)
        )

    async def _read(self, traffic: Traffic) -> None:
        if not self._hungry:
            return
        if not self._room(traffic):
            self._unstick()
            return
        self._hungry = False
        events = await self._feed.behind(self._lanes.read, self._limits.read_max)
        self._hungry = self._hungry or bool(events)
        waiting: list[Parcel] = []
        for event in events:
            wanting = [
                subscriber.id
                for subscriber in self._subscribers.values()
                if event.place > self._progress.membership.place_of(subscriber.id) and subscriber.wants(event)
            ]
            position = event.place.position
            left = [each for each in wanting if not self._progress.is_done(each, position)]
            parcels = [Parcel(each, event.entity_id, event) for each in left]
            waiting += self._lanes.take(event, parcels, stored=len(left) < len(wanting))
        self._wait(waiting)

    def _unstick(self) -> None:
        """Where the window waits for requests that take long, makes rows of what is in hand."""
        now = self._loop.time()
        if self._lanes.window < self._limits.window_max or now - self._moved_at < self._limits.stuck_s:
            return
        self._moved_at = now
        for parcel in self._lanes.overflow():
            if self._lanes.in_hand(parcel):
                parcel.row = self._add(self._begun(parcel))
            else:
                self._wait([parcel])

    # ---- writing ---------------------------------------------------------------------------------------------------

    def _next_flush(self) -> float:
        if self._flush_at is not None:
            return self._flush_at
        limits = self._limits
        idle_ms = min(limits.idle_flush_ms, limits.lease_ms // 3) if self._world.leases else limits.idle_flush_ms
        return self._flushed_at + idle_ms / 1000

    async def _flush(self) -> None:
        place = self._lanes.settled()
        if place > self._progress.membership.place:
            self._moved_at = self._loop.time()
        self._progress.move(place)
        self._flushed_at, self._flush_at = self._loop.time(), None
        if not len(self._progress) and not self._progress.behind and not self._world.leases:
            return
        resting, self._resting = self._resting, []
        unstored, self._unstored = self._unstored, []
        leased_until = self._world.now() + self._limits.lease_ms
        await self._progress.flush(self._world.owner, leased_until, self._lanes.ahead())
        self._leased_until = leased_until
        self._lanes.waiting(unstored, -1)
        for lane_id in resting:
            self._lanes.rest(lane_id)
        await self._advance()

    async def _advance(self) -> None:
        """Goes on with the next row of each lane whose first one is done with."""
        advancing, self._advancing = self._advancing, []
        for lane_id in advancing:
            parcel = await first_parcel(self._world.db, self._tenant, lane_id, list(self._subscribers))
            if parcel is None or parcel.row is None:
                if not self._lanes.leave(lane_id):
                    self._advancing.append(lane_id)
                continue
            due = deliveries.due_of(parcel.row.delivery)
            self._lanes.rest(lane_id)
            if (due is None or due <= self._world.now()) and self._lanes.hold(parcel):
                self._retries.append(parcel)

    # ---- retries and replays ---------------------------------------------------------------------------------------

    async def _look(self) -> None:
        """Takes in hand what is due."""
        self._look_at = self._loop.time() + self._limits.due_look_ms / 1000
        size = 2 * self._limits.in_flight_max
        for subscriber_id in self._subscribers:
            if len(self._retries) >= size:
                break
            found = await due_parcels(self._world.db, self._tenant, subscriber_id, self._world.now(), size)
            held = [parcel for parcel in found if self._lanes.hold(parcel)]
            self._retries += held
            if held and len(found) == size:
                self._look_at = self._loop.time() + self._limits.flush_ms / 1000  # there is more

    async def _replay(self, now_s: float) -> None:
        """Lets replays go on: their events become rows at the end of their lanes."""
        for subscription_id, name, event in await self._replays.step(self._progress, now_s, self._world.now()):
            if subscription_id not in self._subscribers:
                continue
            self._wait(self._lanes.park(event.entity_id))
            row = self._row(subscription_id, name, event)
            parcel = Parcel(subscription_id, event.entity_id, event, row)
            parcel.row = row._replace(delivery={**row.delivery, "replayed": True})
            self._wait([parcel])
            if self._lanes.hold(parcel):  # nothing of the lane is in hand: it begins once the row is written
                self._advancing.append(event.entity_id)
        if len(self._progress) and self._flush_at is None:
            self._flush_at = now_s
