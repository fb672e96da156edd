"""uvicorn's HTTP protocol with one write per answer.

uvicorn writes the head of an answer and its body apart. Each write is a system call that wakes the caller, and for a
point read these two are dearer than finding the order. What is written within one turn of the event loop goes out
together here.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class OneWrite:
    """A transport that gathers what is written, until the event loop's next turn or until it is closed."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._held: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Takes the next part of an answer."""
        if not self._held:
            self._loop.call_soon(self._flush)
        self._held.append(data)

    def _flush(self) -> None:
        if self._held:
            held, self._held = self._held, []
            self._transport.writelines(held)

    def close(self) -> None:
        """Sends what was taken, then closes."""
        self._flush()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        """Everything else is the transport's own."""
        return getattr(self._transport, name)


class Protocol(HttpToolsProtocol):
    """What every connection is served by."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Wraps the connection's transport."""
        super().connection_made(OneWrite(transport, self.loop))  # type: ignore[arg-type]  # all that uvicorn calls

    def shutdown(self) -> None:
        """The server stops, and says so to every connection: what would go on for ever is told to end."""
        end_streams = getattr(self.app, "end_streams", None)
        if end_streams is not None:
            end_streams()
        super().shutdown()
