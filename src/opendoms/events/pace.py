"""How fast a process sends at most, whatever waits: requests of callers come first."""

from __future__ import annotations

import asyncio

# What was not sent in this time is not made up for, in seconds.
SAVED_S_MAX = 0.1


class Pace:
    """Shared by everything that sends in a process."""

    def __init__(self, per_second: int) -> None:
        self._interval_s = 1 / per_second
        self._next = 0.0

    def take(self) -> float:
        """0 where a message may go now, which is then counted; else after how many seconds to ask again."""
        now = asyncio.get_running_loop().time()
        self._next = max(self._next, now - SAVED_S_MAX)
        if self._next > now:
            return self._next - now
        self._next += self._interval_s
        return 0.0
