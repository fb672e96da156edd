"""One JSON line per request: no personal data, no token, no query string, and the route instead of the path."""

from __future__ import annotations

import asyncio
import sys
from typing import Final

import msgspec

FLUSH_SECONDS: Final = 0.1
LINES_MAX: Final = 512


class Line(
    msgspec.Struct,
    frozen=True,
    gc=False,
    kw_only=True,
    rename={"request_id": "requestId", "size_in": "in", "size_out": "out"},
):
    """What is told of one request. `at` is a timestamp, `ms` how long it took; sizes are of the bodies, in bytes."""

    at: str
    level: str = "info"
    event: str = "request"
    method: str
    route: str
    status: int
    ms: float
    size_in: int
    size_out: int
    request_id: str
    tenant: str


class AccessLog:
    """Gathers lines and writes them together, since a system call per request is dear."""

    def __init__(self, *, enabled: bool = True) -> None:
        self._enabled = enabled
        self._lines: list[bytes] = []
        self._timer: asyncio.TimerHandle | None = None
        self._encode = msgspec.json.Encoder().encode

    def add(self, line: Line) -> None:
        """Takes one line; it is written within FLUSH_SECONDS."""
        if not self._enabled:
            return
        self._lines.append(self._encode(line))
        if len(self._lines) >= LINES_MAX:
            self.flush()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(FLUSH_SECONDS, self.flush)

    def flush(self) -> None:
        """Writes what is gathered."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._lines:
            lines, self._lines = self._lines, []
            sys.stdout.buffer.write(b"\n".join(lines) + b"\n")
            sys.stdout.buffer.flush()
