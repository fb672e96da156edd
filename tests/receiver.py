"""A receiver of webhooks on this machine: it notes what came, and answers what it is told to."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import cached_property
from typing import Any, Final, cast

import httpx
import msgspec

WAIT_S: Final = 20.0
OK: Final = httpx.codes.NO_CONTENT.value
_HEAD_END: Final = b"\r\n\r\n"


class Received:
    """One request. `at` is in seconds since 1970, `path` that of the URL."""

    def __init__(self, path: str, headers: Mapping[str, str], body: bytes) -> None:
        self.at = time.time()
        self.path = path
        self.headers = headers
        self.body = body

    @cached_property
    def json(self) -> Any:
        """The message."""
        return msgspec.json.decode(self.body)

    @property
    def event_id(self) -> str:
        """The id of the event."""
        return self.headers["webhook-id"]

    @property
    def entity_id(self) -> str:
        """Whom it is about."""
        entity_id: str = self.json["payload"]["id"]
        return entity_id

    @property
    def sequence(self) -> int:
        """The number of the event among those of the entity."""
        return int(self.headers["opendoms-sequence"])


# Given a request: the status to answer, or None to say nothing and keep the connection open.
Verdict = Callable[[Received], int | None]


class Receiver:
    """Takes requests. `taken` are those that it answered with success, `refused` the others."""

    def __init__(self, verdict: Verdict = lambda _: OK) -> None:
        self.verdict = verdict
        self.port = 0
        self.taken: list[Received] = []
        self.refused: list[Received] = []
        self._changed = asyncio.Event()
        self._connections: set[asyncio.Transport] = set()

    def url(self, path: str = "/hook") -> str:
        """Where it is reached."""
        return f"http://127.0.0.1:{self.port}{path}"

    def receive(self, request: Received) -> int | None:
        """Notes a request; the answer."""
        status = self.verdict(request)
        (self.taken if status is not None and httpx.codes.is_success(status) else self.refused).append(request)
        self._changed.set()
        return status

    async def until(self, reached: Callable[[], bool], seconds: float = WAIT_S) -> None:
        """Returns when something holds, asked after every request."""
        async with asyncio.timeout(seconds):
            while not reached():
                self._changed.clear()
                await self._changed.wait()

    async def until_taken(self, count: int, seconds: float = WAIT_S) -> list[Received]:
        """What was taken, once it is so much."""
        await self.until(lambda: len(self.taken) >= count, seconds)
        return self.taken

    def break_off(self) -> None:
        """Ends every connection, and with it every request that was not answered."""
        for transport in list(self._connections):
            transport.abort()

    @asynccontextmanager
    async def listening(self, port: int = 0) -> AsyncIterator[Receiver]:
        """Listens on a port of 127.0.0.1, any free one by default; connections are broken off in the end."""
        server = await asyncio.get_running_loop().create_server(
            lambda: _Connection(self, self._connections), "127.0.0.1", port or self.port, reuse_address=True
        )
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            self.break_off()
            await server.wait_closed()


class _Connection(asyncio.Protocol):
    def __init__(self, receiver: Receiver, connections: set[asyncio.Transport]) -> None:
        self._receiver = receiver
        self._connections = connections
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._connections.add(self._transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._transport is not None:
            self._connections.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (head_end := self._buffer.find(_HEAD_END)) >= 0:
            first, *lines = self._buffer[:head_end].decode().split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
            end = head_end + len(_HEAD_END) + int(headers["content-length"])
            if len(self._buffer) < end:
                return
            body, self._buffer = self._buffer[head_end + len(_HEAD_END) : end], self._buffer[end:]
            status = self._receiver.receive(Received(first.split()[1], headers, body))
            if status is not None and self._transport is not None and not self._transport.is_closing():
                self._transport.write(answer(status))


def answer(status: int) -> bytes:
    """A whole answer without a body."""
    length = b"" if status == OK else b"Content-Length: 0\r\n"
    return b"HTTP/1.1 %d Said\r\n%b\r\n" % (status, length)
