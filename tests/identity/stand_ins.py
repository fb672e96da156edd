"""What stands between identity and the world in its tests: a clock, a database that counts, tokens made by hand."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from opendoms.db.engine import Engine, EventWatcher, Parameters, Row, TimerWatcher
from opendoms.db.sqlfile import Query
from opendoms.db.timers import Claim
from opendoms.identity.keys import KeyRing, SigningKey, new_signing_key
from opendoms.kernel.changeset import Changeset
from opendoms.kernel.due import Due
from opendoms.kernel.refusal import Fault, Refusal, Unavailable

NOW: Final = 1_760_000_000_000
NOW_S: Final = NOW // 1000


class StillClock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self, tenant: str) -> int:
        """The instant at which the clock stands."""
        return self.at


class CountingEngine:
    """Counts reads and writes on their way to an engine; refuses them all while `away`."""

    name = "counting"

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.reads = 0
        self.writes = 0
        self.away = False

    async def open(self) -> None:
        """Nothing: the engine is open."""

    async def close(self) -> None:
        """Nothing: who opened the engine closes it."""

    async def row(self, query: Query, parameters: Parameters) -> Row | None:
        """A point read."""
        self.reads += 1
        self._check()
        return await self._engine.row(query, parameters)

    async def rows(self, query: Query, parameters: Parameters, within_ms: int | None = None) -> list[Row]:
        """A read of many."""
        self.reads += 1
        self._check()
        return await self._engine.rows(query, parameters, within_ms)

    async def apply(self, changeset: Changeset) -> None:
        """A write."""
        self.writes += 1
        self._check()
        await self._engine.apply(changeset)

    async def claim_timers(self, claim: Claim) -> list[Due]:
        """A write of timers."""
        self.writes += 1
        self._check()
        return await self._engine.claim_timers(claim)

    async def postpone_timer(self, due: Due, until: int) -> None:
        """A write of timers."""
        self.writes += 1
        self._check()
        await self._engine.postpone_timer(due, until)

    def watch_timers(self, watcher: TimerWatcher | None) -> None:
        """Is told by the engine."""
        self._engine.watch_timers(watcher)

    def watch_events(self, watcher: EventWatcher) -> Callable[[], None]:
        """Is told by the engine."""
        return self._engine.watch_events(watcher)

    async def ping(self) -> None:
        """A sign of life."""
        self._check()

    def _check(self) -> None:
        if self.away:
            raise Unavailable(Fault("The database is away."))


def signing_key(key_id: str = "key-1", now_ms: int = NOW) -> SigningKey:
    """A fresh pair of our own kind."""
    return new_signing_key(key_id, now_ms, KeyRing())


def own_claims(**changes: Any) -> dict[str, Any]:
    """The claims of a good token of our own; a change to None takes the claim away."""
    claims = {
        "iss": "opendoms",
        "aud": "opendoms",
        "sub": "erna",
        "tenant": "acme",
        "roles": ["FULFILLER"],
        "iat": NOW_S,
        "nbf": NOW_S,
        "exp": NOW_S + 3_600,
        "jti": "token-1",
    }
    return {name: value for name, value in (claims | changes).items() if value is not None}


def signed(
    claims: dict[str, Any], private: Ed25519PrivateKey | RSAPrivateKey, *, kid: str | None, algorithm: str = "EdDSA"
) -> str:
    """A token as an honest issuer makes it."""
    # Signs the bytes as they are: the call for claims would refuse some that a test needs.
    headers = {"kid": kid} if kid is not None else {}
    return jwt.PyJWS().encode(json.dumps(claims).encode(), private, algorithm, headers)


def forged(header: dict[str, Any], claims: dict[str, Any], secret: bytes | None) -> str:
    """A token made without a library, which would refuse to: signed by HMAC-SHA256, or not at all."""
    signing_input = f"{_part(header)}.{_part(claims)}"
    signature = hmac.new(secret, signing_input.encode(), hashlib.sha256).digest() if secret is not None else b""
    return f"{signing_input}.{_encoded(signature)}"


def with_claims(token: str, **changes: Any) -> str:
    """The same token with other claims under the old signature."""
    header, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return f"{header}.{_part(claims | changes)}.{signature}"


def bearer(token: str) -> bytes:
    """The header that carries a token."""
    return f"Bearer {token}".encode()


def summaries(refused: Refusal) -> list[str]:
    """What a client prints."""
    return [fault.summary for fault in refused.faults]


def _part(value: dict[str, Any]) -> str:
    return _encoded(json.dumps(value).encode())


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
