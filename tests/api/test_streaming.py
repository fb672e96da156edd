"""Answers that come part by part: never faster than the receiver takes them, never longer than it is there."""

from __future__ import annotations

import asyncio
from typing import Any, Self

import pytest

from opendoms.web.streaming import send_stream


class Parts:
    """A stream that counts how many parts were asked for."""

    def __init__(self, parts: int, *, fault: Exception | None = None) -> None:
        self._left = parts
        self._fault = fault
        self.asked = 0

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        """The next part."""
        self.asked += 1
        if self._left:
            self._left -= 1
            return b"part"
        if self._fault is not None:
            raise self._fault
        raise StopAsyncIteration

    async def aclose(self) -> None:
        """Nothing is held."""


class Receiver:
    """Takes messages while it is ready; may hang up."""

    def __init__(self) -> None:
        self.messages: list[Any] = []
        self.ready = asyncio.Event()
        self.gone = asyncio.Event()

    async def send(self, message: Any) -> None:
        """Takes a message, when it is ready."""
        await self.ready.wait()
        self.messages.append(message)

    async def receive(self) -> dict[str, Any]:
        """The request, and later that nobody is there."""
        if self.gone.is_set():
            return {"type": "http.disconnect"}
        await self.gone.wait()
        return {"type": "http.disconnect"}


@pytest.fixture
async def receiver() -> Receiver:
    """A receiver that is not ready yet."""
    return Receiver()


async def test_every_part_is_sent_and_the_end_is_told(receiver: Receiver) -> None:
    """The parts in order, then the end; the size is that of all parts."""
    receiver.ready.set()
    assert await send_stream(Parts(3), receiver.receive, receiver.send) == 12
    assert [(message["body"], message.get("more_body", False)) for message in receiver.messages] == [
        (b"part", True),
        (b"part", True),
        (b"part", True),
        (b"", False),
    ]


async def test_a_slow_receiver_holds_one_part(receiver: Receiver) -> None:
    """No further part is asked for until the one before it has left."""
    parts = Parts(100)
    sending = asyncio.create_task(send_stream(parts, receiver.receive, receiver.send))
    for _ in range(20):
        await asyncio.sleep(0)
    assert parts.asked == 1
    receiver.ready.set()
    assert await sending == 400


async def test_a_receiver_that_takes_nothing_is_given_up(receiver: Receiver) -> None:
    """After its time the answer stays unfinished: the end is not told."""
    assert await send_stream(Parts(100), receiver.receive, receiver.send, send_s_max=0.01) == 0
    assert receiver.messages == []


async def test_a_receiver_that_hangs_up_ends_the_stream(receiver: Receiver) -> None:
    """Also while nothing is sent: nobody waits for the next part."""

    class Silent(Parts):
        async def __anext__(self) -> bytes:
            await asyncio.Event().wait()
            return b"never"

    receiver.ready.set()
    sending = asyncio.create_task(send_stream(Silent(1), receiver.receive, receiver.send))
    await asyncio.sleep(0)
    receiver.gone.set()
    async with asyncio.timeout(5):
        assert await sending == 0
    assert receiver.messages == []


async def test_a_stream_that_fails_stays_unfinished(receiver: Receiver) -> None:
    """The fault comes out, and the end is not told, so that nobody takes half an answer for a whole one."""
    receiver.ready.set()
    with pytest.raises(LookupError):
        await send_stream(Parts(1, fault=LookupError()), receiver.receive, receiver.send)
    assert [message.get("more_body") for message in receiver.messages] == [True]
