"""Turns an Authorization header into the caller. A token's signature is checked once, then the header is remembered."""

from __future__ import annotations

from typing import Final, NamedTuple

from opendoms.db.engine import Engine
from opendoms.identity import issuer as outside
from opendoms.identity import tokens
from opendoms.identity.bearer import bearer_token, refused
from opendoms.identity.issuer import outside_issuer_of
from opendoms.identity.key_holder import CLOCK_TENANT, KeyHolder
from opendoms.identity.oidc import IssuerKeys
from opendoms.identity.principal import Principal
from opendoms.identity.signature import unverified
from opendoms.kernel.clock import Clock
from opendoms.settings import Settings

# Headers that are remembered at once; the oldest goes first. Each takes some hundred bytes. They are remembered as they
# came: a digest would cost each request more than finding it, and hide nothing from who can read this memory.
REMEMBERED_MAX: Final = 10_000


class _Remembered(NamedTuple):
    principal: Principal
    since: int
    until: int


class Authenticator:
    """Takes our own tokens and, where one is set, those of an outside issuer."""

    def __init__(self, db: Engine, clock: Clock, settings: Settings, *, remembered_max: int = REMEMBERED_MAX) -> None:
        """Raises SettingsInvalid where the outside issuer cannot be used as it is set."""
        self._keys = KeyHolder(db, clock)
        self._clock = clock
        self._remember_ms = settings.token_cache_seconds * 1000
        self._remembered_max = remembered_max
        self._remembered: dict[bytes, _Remembered] = {}
        self._issuer = outside_issuer_of(settings)
        self._issuer_keys = IssuerKeys(self._issuer) if self._issuer is not None else None

    async def open(self) -> None:
        """Reads the signing keys; makes the first one where there is none."""
        await self._keys.open()

    async def close(self) -> None:
        """Ends what is under way towards the outside issuer."""
        if self._issuer_keys is not None:
            await self._issuer_keys.close()

    def principal_of(self, authorization: bytes | None, now_ms: int) -> Principal | None:
        """The caller where this very header was verified a short while ago. No I/O, no signature check."""
        if not authorization:
            return None
        known = self._remembered.get(authorization)
        if known is None:
            return None
        if known.since <= now_ms < known.until:
            return known.principal
        del self._remembered[authorization]
        return None

    async def authenticate(self, authorization: bytes | None) -> Principal:
        """The caller after a whole check.

        Raises Unauthenticated with the reason, or Unavailable where the keys cannot be had.
        """
        token = unverified(bearer_token(authorization))
        if token.issuer == tokens.ISSUER:
            key = await self._keys.find(token.key_id)
            known = self._known(authorization)
            if known is not None:
                return known
            own = tokens.verify(token, key, self._clock.now(CLOCK_TENANT))
            return self._remember(authorization, own.grant.principal(), own.expires)
        if self._issuer is not None and self._issuer_keys is not None and token.issuer == self._issuer.url:
            key = await self._issuer_keys.find(token.key_id, self._clock.now(CLOCK_TENANT))
            known = self._known(authorization)
            if known is not None:
                return known
            accepted = outside.verify(token, key, self._issuer, self._clock.now(CLOCK_TENANT))
            return self._remember(authorization, accepted.principal, accepted.expires)
        raise refused("comes from an issuer that is not accepted here")

    def _known(self, authorization: bytes | None) -> Principal | None:
        """The caller where another request with the same header was faster while this one waited for keys."""
        return self.principal_of(authorization, self._clock.now(CLOCK_TENANT))

    def _remember(self, authorization: bytes | None, principal: Principal, expires: int) -> Principal:
        now = self._clock.now(CLOCK_TENANT)
        if authorization and self._remember_ms > 0:
            if len(self._remembered) >= self._remembered_max:
                del self._remembered[next(iter(self._remembered))]
            until = min(expires, now + self._remember_ms)
            self._remembered[authorization] = _Remembered(principal, now, until)
        return principal
