"""Following the feed: page by page, waiting for more where there is none, or as a stream that goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import Final, NamedTuple, Self

from opendoms.history import position
from opendoms.history.feed import Feed, Page, Told, Wanted
from opendoms.history.kinds import told_to
from opendoms.history.position import Position
from opendoms.history.pulse import Bell, Pulse
from opendoms.identity.principal import Principal
from opendoms.kernel.refusal import Unavailable

# A stream says that it is alive at least so often, in seconds: what stands between may cut silent connections.
HEARTBEAT_S: Final = 15.0
# After so long a stream ends, in seconds, and whoever follows it comes back with a token that is looked at again.
STREAM_S_MAX: Final = 900.0
# Events that leave together on a stream, and how soon a client that was cut off may come back, in ms.
STREAM_PAGE: Final = 100
RETRY_MS: Final = 2_000


class Asked(NamedTuple):
    """What a caller follows: from a cursor on, else from the oldest event on, or only what is still to come."""

    kinds: Sequence[str] = ()
    types: Sequence[str] = ()
    after: str | None = None
    newest: bool = False


class Following:
    """The feed for callers: checks what they may see, and waits with them."""

    def __init__(self, feed: Feed, pulse: Pulse, *, heartbeat_s: float = HEARTBEAT_S) -> None:
        self._feed = feed
        self._pulse = pulse
        self._heartbeat_s = heartbeat_s

    async def page(self, principal: Principal, asked: Asked, size: int, wait_s: float) -> Page:
        """The events behind the cursor. Where there are none, waits for some up to `wait_s`, then answers none.

        Raises Invalid, Forbidden, or TooMany where too many wait.
        """
        tenant, wanted = principal.tenant, Wanted(told_to(principal, asked.kinds), frozenset(asked.types))
        after = await self._start(tenant, asked)
        if not wait_s:
            return await self._feed.page(tenant, wanted, after, size)
        loop = asyncio.get_running_loop()
        until = loop.time() + wait_s
        bell = self._pulse.listen(tenant)
        try:
            while True:
                bell.clear()
                page = await self._feed.page(tenant, wanted, after, size)
                left_s = until - loop.time()
                if page.events or page.more or bell.over or left_s <= 0 or not await bell.rung(left_s):
                    return page
                after = page.next
        finally:
            bell.close()

    async def stream(self, principal: Principal, asked: Asked) -> EventStream:
        """The events behind the cursor and all that come, as server-sent events. Raises as `page` does."""
        wanted = Wanted(told_to(principal, asked.kinds), frozenset(asked.types))
        after = await self._start(principal.tenant, asked)
        bell = self._pulse.listen(principal.tenant)
        return EventStream(self._feed, bell, _Follower(principal.tenant, wanted, after), self._heartbeat_s)

    async def _start(self, tenant: str, asked: Asked) -> Position:
        if asked.after is not None:
            return position.read(tenant, asked.after, "after")
        return await self._feed.newest(tenant) if asked.newest else position.START


class _Follower(NamedTuple):
    """Who follows what from where."""

    tenant: str
    wanted: Wanted
    after: Position


class EventStream:
    """The parts of a stream of server-sent events. To be closed, whether it was begun or not."""

    def __init__(self, feed: Feed, bell: Bell, follower: _Follower, heartbeat_s: float) -> None:
        self._feed = feed
        self._bell = bell
        self._tenant, self._wanted, self._after = follower
        self._heartbeat_s = heartbeat_s
        self._parts = self._run()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        """The next part, as soon as there is one."""
        return await anext(self._parts)

    async def aclose(self) -> None:
        """Gives the listener's place back."""
        self._bell.close()
        await self._parts.aclose()

    async def _run(self) -> AsyncGenerator[bytes]:
        loop = asyncio.get_running_loop()
        until = loop.time() + STREAM_S_MAX
        yield b"retry: %d\n" % RETRY_MS + self._alive()
        silent_until = loop.time() + self._heartbeat_s
        while not self._bell.over and loop.time() < until:
            self._bell.clear()
            try:
                page = await self._feed.page(self._tenant, self._wanted, self._after, STREAM_PAGE)
            except Unavailable:
                break  # whoever follows comes back, and with them the database
            self._after = page.next
            if page.events:
                yield b"".join(map(_block, page.events))
                silent_until = loop.time() + self._heartbeat_s
            elif loop.time() >= silent_until:
                yield self._alive()
                silent_until = loop.time() + self._heartbeat_s
            if not page.more:
                await self._bell.rung(max(min(silent_until, until) - loop.time(), 0))
        yield b": come back\n\n"

    def _alive(self) -> bytes:
        """A comment, and where the stream stands: events that are not wanted have been passed."""
        return b"id: %s\n: alive\n\n" % position.written(self._tenant, self._after).encode()


def _block(event: Told) -> bytes:
    # Our JSON has no line breaks; where a document was stored with some, they are white space, and each line is data.
    data = event.body.replace(b"\r", b" ").replace(b"\n", b"\ndata: ")
    return b"id: %s\nevent: %s\ndata: %s\n\n" % (event.cursor.encode(), event.type.encode(), data)
