"""One connection to an endpoint: sends a request and reads the status of the answer, of whose body nothing is kept.

General clients cost several times more per request than all else that a delivery takes: see decision 0026.
"""

from __future__ import annotations

import asyncio
from typing import Final, cast

import httptools

# Statuses below are no answers yet.
_FINAL_STATUS_MIN: Final = 200
_HEAD_BYTES_MAX: Final = 64 * 1024

CONNECTION_BROKEN: Final = "CONNECTION_BROKEN"
NOT_HTTP: Final = "NOT_HTTP"


class ConnectionBroken(Exception):  # noqa: N818 - an outcome of an exchange
    """There is no answer, for the reason that is the text; `answering`: the endpoint had begun one."""

    def __init__(self, reason: str, *, answering: bool) -> None:
        super().__init__(reason)
        self.answering = answering


class Connection(asyncio.Protocol):
    """One request at a time. `reusable` says whether another one may follow."""

    def __init__(self, answer_bytes_max: int) -> None:
        self._answer_bytes_max = answer_bytes_max
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._answer: asyncio.Future[int] | None = None
        self._size = 0
        self._in_head = True
        self.reusable = False
        self.idle_since = 0.0

    async def exchange(self, request: bytes) -> int:
        """The status of the answer. Raises ConnectionBroken."""
        self.reusable = False
        if self._transport is None or self._transport.is_closing():
            raise ConnectionBroken(CONNECTION_BROKEN, answering=False)
        self._size, self._in_head = 0, True
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        """Closes it without waiting; what was not sent is not sent."""
        self.reusable = False
        if self._transport is not None:
            self._transport.abort()

    # ---- what asyncio calls ----------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is open."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """A piece of the answer; bytes that nobody asked for end the connection."""
        if self._answer is None or self._answer.done():
            self.close()
            return
        self._size += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._fail(NOT_HTTP)
            return
        if self._in_head and self._size > _HEAD_BYTES_MAX:
            self._fail(NOT_HTTP)
        elif not self._in_head and self._size > self._answer_bytes_max + _HEAD_BYTES_MAX:
            self._done(reusable=False)  # the status is known, and that is all that is wanted

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - why does not matter
        """It is closed. An answer without a length ends so."""
        self.reusable = False
        if not self._in_head and self._parser.get_status_code() >= _FINAL_STATUS_MIN:
            self._done(reusable=False)
        else:
            self._fail(CONNECTION_BROKEN)

    # ---- what the parser calls -------------------------------------------------------------------------------------

    def on_headers_complete(self) -> None:
        """The head of an answer is there; one of status 1xx is not the answer yet."""
        if self._parser.get_status_code() >= _FINAL_STATUS_MIN:
            self._in_head = False

    def on_message_complete(self) -> None:
        """An answer has come to its end."""
        if not self._in_head:
            self._done(reusable=self._parser.should_keep_alive())

    def _done(self, *, reusable: bool) -> None:
        if self._answer is not None and not self._answer.done():
            self.reusable = reusable
            self._answer.set_result(self._parser.get_status_code())

    def _fail(self, reason: str) -> None:
        self.reusable = False
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionBroken(reason, answering=self._size > 0))
