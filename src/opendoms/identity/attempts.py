"""Slows down guessing: after some failures, the next try is answered only after a wait that doubles each time.

Kept in memory and bounded, so each process counts for itself: with N processes a guesser gets N times the tries.
"""

from __future__ import annotations

import ipaddress
from typing import Final, NamedTuple

WAIT_MAX_MS: Final = 300_000
# A count is forgotten when nothing was tried for so long.
FORGET_AFTER_MS: Final = 3_600_000
# E-mails and client addresses that are counted at once, each; the one that was tried longest ago goes first.
ENTRIES_MAX: Final = 10_000
# An IPv6 customer has at least a /64, so counting single addresses would count nothing.
_IPV6_PREFIX: Final = 64


class Limit(NamedTuple):
    """How many tries in a row are free of waiting."""

    free: int


EMAIL_LIMIT: Final = Limit(free=5)
# Many people may share one address.
CLIENT_LIMIT: Final = Limit(free=50)


class Attempts(NamedTuple):
    """Tries that did not succeed, and when the last one was made (instant in ms)."""

    tries: int
    last: int


def wait_ms(attempts: Attempts | None, limit: Limit, now_ms: int) -> int:
    """How long the next try has to wait: 0 for not at all."""
    if attempts is None or attempts.tries < limit.free or now_ms - attempts.last >= FORGET_AFTER_MS:
        return 0
    # The exponent is bounded before the power is taken, so that a long count stays a small number.
    span = min(1_000 << min(attempts.tries - limit.free, 20), WAIT_MAX_MS)
    return max(0, min(attempts.last + span - now_ms, span))


def counted(attempts: Attempts | None, now_ms: int) -> Attempts:
    """One more try."""
    if attempts is None or now_ms - attempts.last >= FORGET_AFTER_MS:
        return Attempts(1, now_ms)
    return Attempts(attempts.tries + 1, now_ms)


def forgiven(attempts: Attempts) -> Attempts | None:
    """One try less; None where none is left."""
    return Attempts(attempts.tries - 1, attempts.last) if attempts.tries > 1 else None


class AttemptTable:
    """The counts of one kind of key, bounded; the key that was tried longest ago is forgotten first."""

    def __init__(self, limit: Limit, entries_max: int = ENTRIES_MAX) -> None:
        self._limit = limit
        self._entries_max = entries_max
        self._entries: dict[str, Attempts] = {}

    def wait_ms(self, key: str, now_ms: int) -> int:
        """How long this key has to wait; 0 for an empty key, which stands for nobody in particular."""
        return wait_ms(self._entries.get(key), self._limit, now_ms) if key else 0

    def count(self, key: str, now_ms: int) -> None:
        """Notes a try. Before its outcome is known, so that tries at the same time count each other."""
        if not key:
            return
        attempts = counted(self._entries.pop(key, None), now_ms)
        self._entries[key] = attempts
        if len(self._entries) > self._entries_max:
            del self._entries[next(iter(self._entries))]

    def forgive(self, key: str) -> None:
        """Takes a try back: it was right, or could not be judged."""
        attempts = self._entries.get(key)
        if attempts is None:
            return
        less = forgiven(attempts)
        if less is None:
            del self._entries[key]
        else:
            self._entries[key] = less

    def clear(self, key: str) -> None:
        """Forgets the key."""
        self._entries.pop(key, None)

    def __len__(self) -> int:
        return len(self._entries)


def client_key(client: str) -> str:
    """What is counted for a client address: an IPv4 address, the /64 of an IPv6 one, nothing for anything else."""
    try:
        address = ipaddress.ip_address(client.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((address, _IPV6_PREFIX), strict=False))
