"""Sends an answer part by part, as fast as the receiver takes it and as long as it is there."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any, Final, Protocol

from starlette.types import Receive, Send

# A receiver that takes nothing for so long is given up. Whoever follows a stream comes back and goes on from there.
SEND_S_MAX: Final = 30.0


class Stream(Protocol):
    """The parts of an answer. The web layer closes it in any case, also where it was never begun."""

    def __aiter__(self) -> Stream:
        """Itself."""
        ...

    async def __anext__(self) -> bytes:
        """The next part, as soon as there is one. Raises StopAsyncIteration at the end."""
        ...

    async def aclose(self) -> None:
        """Lets go of what the stream holds."""
        ...


async def send_stream(stream: Stream, receive: Receive, send: Send, *, send_s_max: float = SEND_S_MAX) -> int:
    """Sends the parts of a stream whose head was sent; returns how many bytes were handed over.

    The next part is asked for when the one before it has left, so a slow receiver holds one part in memory and no more.
    Where the receiver goes or does not take a part within `send_s_max`, the answer stays unfinished, which every client
    can tell; so it does where the stream raises. Whoever made the stream closes it.
    """
    sent = 0
    gone = asyncio.ensure_future(_gone(receive))
    try:
        while (part := await _next(stream, gone)) is not None:
            try:
                async with asyncio.timeout(send_s_max):
                    await send({"type": "http.response.body", "body": part, "more_body": True})
            except TimeoutError:
                return sent
            sent += len(part)
        if not gone.done():
            await send({"type": "http.response.body", "body": b""})
    finally:
        gone.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await gone
    return sent


async def _next(stream: Stream, gone: asyncio.Future[None]) -> bytes | None:
    """The next part, or None where the stream or the receiver has come to an end."""
    part: asyncio.Task[bytes | None] = asyncio.ensure_future(_part(stream))
    try:
        either: list[asyncio.Future[Any]] = [part, gone]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    finally:
        if not part.done():
            part.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await part
    return None if part.cancelled() else part.result()


async def _part(stream: Stream) -> bytes | None:
    return await anext(stream, None)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
