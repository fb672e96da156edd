"""The requests to one endpoint that are on their way, each in a task of its own, which only says what came of it."""

from __future__ import annotations

import asyncio
import functools
import ssl
from collections.abc import Callable
from typing import NamedTuple

import structlog

from opendoms.db.engine import Engine
from opendoms.events.limits import Limits
from opendoms.events.pace import Pace
from opendoms.events.rules.delivery import Attempt
from opendoms.events.rules.lanes import Parcel
from opendoms.events.rules.target import target_of
from opendoms.events.sending import TIMEOUT, Resolve, Sender, SendingFailed
from opendoms.events.subscriber import Subscriber
from opendoms.kernel.clock import Clock
from opendoms.kernel.ids import NewId

# Requests go by the machine's time, whatever the clock of a sandbox shows.
MACHINE = ""
# Where the pace is reached, what has become allowed in this time is sent together, in seconds.
PACED_S = 0.02

log = structlog.get_logger()


class World(NamedTuple):
    """What every endpoint of a process shares. `leases`: other processes may serve the same database."""

    db: Engine
    clock: Clock
    new_id: NewId
    limits: Limits
    owner: str
    allow_private: bool
    resolve: Resolve
    pace: Pace
    leases: bool

    def now(self) -> int:
        """The present instant of the machine in ms."""
        return self.clock.now(MACHINE)


# A parcel and what came of it; None where there is no event to send any more.
Outcome = tuple[Parcel, Attempt | None]


@functools.cache
def _tls() -> ssl.SSLContext:
    """One for the process, made when it is first needed: it reads every authority that the machine trusts."""
    return ssl.create_default_context()


class Traffic:
    """Sends parcels to one URL; `wake` is called whenever an outcome is there to be taken."""

    def __init__(self, world: World, subscribers: dict[str, Subscriber], wake: Callable[[], None]) -> None:
        limits = world.limits
        self._world = world
        self._subscribers = subscribers
        self._wake = wake
        target = target_of(next(iter(subscribers.values())).url)
        self._sender = Sender(
            target,
            _tls() if target.secure else None,
            allow_private=world.allow_private,
            answer_bytes_max=limits.answer_bytes_max,
            idle_max=limits.in_flight_max,
            resolve=world.resolve,
        )
        self._sending: set[asyncio.Task[None]] = set()
        self._outcomes: list[Outcome] = []
        self._failures = 0
        # When the pace allows the next message, by the loop's time.
        self.next_at = 0.0

    @property
    def failing(self) -> bool:
        """Whether nothing but failures has come back for a while."""
        return self._failures >= self._world.limits.failures_max

    def distrust(self) -> None:
        """Counts the endpoint as failing until it answers."""
        self._failures = self._world.limits.failures_max

    @property
    def free(self) -> bool:
        """Whether another request may begin."""
        limits = self._world.limits
        return len(self._sending) < (limits.in_flight_failing_max if self.failing else limits.in_flight_max)

    def may_send(self) -> bool:
        """Whether a request may begin now; it is counted where it may."""
        if not self.free:
            return False
        wait_s = self._world.pace.take()
        if wait_s:
            self.next_at = asyncio.get_running_loop().time() + max(wait_s, PACED_S)
        return not wait_s

    def send(self, parcel: Parcel) -> None:
        """Begins a request."""
        task = asyncio.create_task(self._send(parcel))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    def outcomes(self) -> list[Outcome]:
        """What has come back since the last time."""
        outcomes, self._outcomes = self._outcomes, []
        return outcomes

    def count(self, attempt: Attempt) -> bool:
        """Counts failures in a row. Returns whether the endpoint begins, or ceases, to count as failing."""
        before = self.failing
        self._failures = 0 if attempt.delivered else self._failures + 1
        return self.failing != before

    async def drain(self, timeout_s: float) -> None:
        """Waits for requests on their way."""
        if self._sending:
            await asyncio.wait(self._sending, timeout=timeout_s)

    async def close(self) -> None:
        """Breaks off what is on its way."""
        for task in self._sending:
            task.cancel()
        await asyncio.gather(*self._sending, return_exceptions=True)
        self._sender.close()

    async def _send(self, parcel: Parcel) -> None:
        try:
            attempt = await self._attempt(parcel)
        except Exception as error:  # noqa: BLE001 - a fault of ours must not take a lane away for ever
            log.warning("webhook attempt broken", error=type(error).__name__)
            attempt = Attempt(self._world.now(), 0, None, "FAILED")
        self._outcomes.append((parcel, attempt))
        self._wake()

    async def _attempt(self, parcel: Parcel) -> Attempt | None:
        if parcel.event is None:
            return None
        subscriber = self._subscribers[parcel.subscription_id]
        name = parcel.row.delivery["event"] if parcel.row is not None else subscriber.event
        loop = asyncio.get_running_loop()
        at, started = self._world.now(), loop.time()
        headers, body = subscriber.message(name, parcel.event, now=at)
        status, error = None, None
        try:
            async with asyncio.timeout(self._world.limits.answer_s):
                status = await self._sender.post(headers, body)
        except SendingFailed as failed:
            error = str(failed)
        except TimeoutError:
            error = TIMEOUT
        return Attempt(at, round((loop.time() - started) * 1000), status, error)
