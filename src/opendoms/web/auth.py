"""What the web layer needs of whoever checks tokens."""

from __future__ import annotations

from typing import Protocol

from opendoms.identity.principal import Principal


class Authenticator(Protocol):
    """Turns an Authorization header into the caller."""

    def principal_of(self, authorization: bytes | None, now_ms: int) -> Principal | None:
        """The caller where the header was verified a short while ago; no I/O, no signature check."""
        ...

    async def authenticate(self, authorization: bytes | None) -> Principal:
        """The caller after a whole check. Raises Unauthenticated, or Unavailable where keys cannot be had."""
        ...
