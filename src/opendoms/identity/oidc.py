"""Fetches and keeps the keys of an outside issuer: discovery document, then JWKS, over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import httpx
import jwt
import msgspec
import structlog

from opendoms.identity.issuer import OutsideIssuer, is_loopback, is_safe_url
from opendoms.identity.jwks import KeySet, key_set_of
from opendoms.kernel.refusal import Fault, Unavailable

log = structlog.get_logger()

ANSWER_BYTES_MAX: Final = 256 * 1024
# For each step of a request, and for both requests together.
STEP_TIMEOUT_S: Final = 5.0
FETCH_TIMEOUT_S: Final = 10.0
# Keys are fetched again when they are this old, in the background while the old ones serve …
KEYS_AGE_MS: Final = 3_600_000
# … and are not believed any more at this age.
KEYS_AGE_MAX_MS: Final = 86_400_000
# A token with an unknown key, or an issuer that fails, makes us ask no more often than this.
FETCH_INTERVAL_MIN_MS: Final = 30_000
RETRY_INTERVAL_MIN_MS: Final = 5_000


class _Unusable(Exception):  # noqa: N818 - an outcome of a fetch, told in one log line
    """The issuer answered something that cannot be used; the message says what, without any of it."""


class IssuerKeys:
    """The keys of one issuer."""

    def __init__(self, issuer: OutsideIssuer) -> None:
        self._issuer = issuer
        self._keys: KeySet | None = None
        self._fetched_at = 0
        self._tried_at: int | None = None
        self._fetching: asyncio.Task[bool] | None = None
        self._client: httpx.AsyncClient | None = None

    async def close(self) -> None:
        """Ends a fetch that is under way, and the connections."""
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.gather(self._fetching, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()

    async def find(self, key_id: str | None, now_ms: int) -> jwt.PyJWK | None:
        """The key that a token names, None where the issuer has no such key.

        Raises Unavailable where no keys are held and none can be fetched: then the token is not to blame.
        """
        keys = self._believed(now_ms)
        if keys is None:
            await self._fetch(now_ms, RETRY_INTERVAL_MIN_MS)
            keys = self._believed(now_ms)
            if keys is None:
                raise Unavailable(Fault("The keys of the token's issuer cannot be fetched; try again shortly."))
            return keys.find(key_id)
        if now_ms - self._fetched_at >= KEYS_AGE_MS:
            self._start(now_ms, RETRY_INTERVAL_MIN_MS)
        found = keys.find(key_id)
        if found is None and await self._fetch(now_ms, FETCH_INTERVAL_MIN_MS) and self._keys is not None:
            found = self._keys.find(key_id)
        return found

    def _believed(self, now_ms: int) -> KeySet | None:
        return self._keys if now_ms - self._fetched_at < KEYS_AGE_MAX_MS else None

    async def _fetch(self, now_ms: int, interval_ms: int) -> bool:
        """Joins the fetch under way, or starts one if the last is long enough ago; whether there are new keys."""
        task = self._start(now_ms, interval_ms)
        # Shielded: a caller who hangs up must not end the fetch that others wait for.
        return await asyncio.shield(task) if task is not None else False

    def _start(self, now_ms: int, interval_ms: int) -> asyncio.Task[bool] | None:
        if self._fetching is not None and not self._fetching.done():
            return self._fetching
        if self._tried_at is not None and 0 <= now_ms - self._tried_at < interval_ms:
            return None
        self._tried_at = now_ms
        self._fetching = asyncio.create_task(self._refresh(now_ms))
        return self._fetching

    async def _refresh(self, now_ms: int) -> bool:
        try:
            async with asyncio.timeout(FETCH_TIMEOUT_S):
                self._keys = await self._fetched()
        except (httpx.HTTPError, httpx.InvalidURL, _Unusable, TimeoutError, ValueError) as error:
            reason = str(error) if isinstance(error, _Unusable) else type(error).__name__
            log.warning("the keys of the OIDC issuer cannot be fetched", issuer=self._issuer.url, reason=reason)
            return False
        self._fetched_at = now_ms
        return True

    async def _fetched(self) -> KeySet:
        document = _object(await self._get(self._issuer.url.rstrip("/") + "/.well-known/openid-configuration"))
        if document.get("issuer") != self._issuer.url:
            raise _Unusable("the discovery document names another issuer")
        address = document.get("jwks_uri")
        if not isinstance(address, str) or not self._may_fetch(address):
            raise _Unusable("the discovery document names no https address for the keys")
        keys = key_set_of(await self._get(address))
        if not keys.by_id and keys.sole is None:
            raise _Unusable("no key of the issuer can be used")
        return keys

    def _may_fetch(self, address: str) -> bool:
        """An outside issuer cannot send us to this machine over plain http; one on this machine can."""
        return is_safe_url(address) and (address.startswith("https://") or self._issuer.url.startswith("http://"))

    async def _get(self, url: str) -> bytes:
        if self._client is None:
            self._client = httpx.AsyncClient(
                timeout=STEP_TIMEOUT_S,
                follow_redirects=False,
                # Not compressed, so that the bytes counted below are the bytes held in memory.
                headers={"accept": "application/json", "accept-encoding": "identity"},
                # The machine's proxy settings are not for addresses on the machine itself.
                trust_env=not is_loopback(httpx.URL(self._issuer.url).host),
            )
        async with self._client.stream("GET", url) as response:
            if response.status_code != httpx.codes.OK:
                raise _Unusable(f"status {response.status_code}")
            if response.headers.get("content-encoding", "identity") != "identity":
                raise _Unusable("the answer is compressed, although that was not asked for")
            data = bytearray()
            async for chunk in response.aiter_raw():
                data += chunk
                if len(data) > ANSWER_BYTES_MAX:
                    raise _Unusable(f"the answer is larger than {ANSWER_BYTES_MAX} bytes")
            return bytes(data)


def _object(data: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(data, type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError):
        raise _Unusable("the discovery document is not a JSON object") from None
