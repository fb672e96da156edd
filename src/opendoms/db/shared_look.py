"""One short read for many callers at once, each of whom sees every write that was answered before they asked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class SharedLook(Generic[T]):
    """Reads something by key.

    A read that is on its way when somebody asks may have begun too early for them. They wait for it to end, and share
    the next one with all who have asked meanwhile: so two reads are on their way or waited for at most, per key.
    """

    def __init__(self, read: Callable[[str], Awaitable[T]]) -> None:
        self._read = read
        self._running: dict[str, asyncio.Future[None]] = {}
        self._following: dict[str, asyncio.Task[T]] = {}

    async def look(self, key: str) -> T:
        """What a read says that begins now or later. Raises what reading raises."""
        following = self._following.get(key)
        if following is None:
            running = self._running.get(key)
            if running is None:
                return await self._now(key)
            following = self._following[key] = asyncio.create_task(self._after(running, key))
        return await asyncio.shield(following)  # whoever gives up does not take the others along

    async def _now(self, key: str) -> T:
        ended = self._running[key] = asyncio.get_running_loop().create_future()
        try:
            return await self._read(key)
        finally:
            del self._running[key]
            ended.set_result(None)

    async def _after(self, running: asyncio.Future[None], key: str) -> T:
        await running  # until then everybody who asks waits for this one
        del self._following[key]
        return await self._now(key)
