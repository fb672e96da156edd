"""What a token says, judged by pure functions: times against a `now`, issuer, audience, texts that we take over."""

from __future__ import annotations

import re
from typing import Any, Final

from opendoms.identity.bearer import refused
from opendoms.identity.signature import Claims
from opendoms.kernel.clock import INSTANT_MAX

# How far the clocks of issuer and verifier may differ.
LEEWAY_MS: Final = 30_000
SUBJECT_LENGTH_MAX: Final = 255
NAME_LENGTH_MAX: Final = 200
# Roles or permissions in one token.
NAMES_MAX: Final = 500

# Our own rows (signing keys) live under this one; nobody acts for it.
SYSTEM_TENANT: Final = "opendoms"
TENANT_EXPECTED: Final = f"expected 1 to 64 letters, digits, dots, dashes or underscores, and not {SYSTEM_TENANT}"
_TENANT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def is_tenant(value: Any) -> bool:
    """Whether this can name a tenant: 1 to 64 letters, digits, dots, dashes or underscores, and not our own."""
    return isinstance(value, str) and value != SYSTEM_TENANT and _TENANT.fullmatch(value) is not None


def expiry_of(claims: Claims, now_ms: int) -> int:
    """The instant (ms) from which the token is refused, leeway included.

    Raises Unauthenticated where it is expired, not valid yet, or never expires.
    """
    expires = _instant(claims, "exp")
    if expires is None:
        raise refused("has no expiry: exp is missing")
    if expires + LEEWAY_MS <= now_ms:
        raise refused("has expired", "Sign in again, refresh it, or make a new one.")
    for claim in ("nbf", "iat"):
        start = _instant(claims, claim)
        if start is not None and start > now_ms + LEEWAY_MS:
            raise refused(f"is not valid yet: {claim} lies in the future", "Compare the clocks of issuer and server.")
    return expires + LEEWAY_MS


def check_issuer(claims: Claims, issuer: str) -> None:
    """Raises Unauthenticated unless exactly this issuer made the token."""
    if claims.get("iss") != issuer:
        raise refused("comes from an issuer that is not accepted here")


def check_audience(claims: Claims, audience: str) -> None:
    """Raises Unauthenticated unless the token is meant for this audience (among others, perhaps)."""
    meant = claims.get("aud")
    if meant != audience and not (isinstance(meant, list) and audience in meant):
        raise refused("is meant for another audience: aud does not name this API")


def subject_of(claims: Claims) -> str:
    """The subject, which history shows. Raises Unauthenticated where it is missing or cannot be shown."""
    subject = claims.get("sub")
    # Not printable: NUL, which PostgreSQL cannot store, line breaks, lone surrogates.
    if not isinstance(subject, str) or not 0 < len(subject) <= SUBJECT_LENGTH_MAX or not subject.isprintable():
        raise refused(f"has no usable subject: expected sub with 1 to {SUBJECT_LENGTH_MAX} printable characters")
    return subject


def name_of(claims: Claims) -> str | None:
    """The display name, where the token has one that can be shown."""
    name = claims.get("name")
    usable = isinstance(name, str) and 0 < len(name) <= NAME_LENGTH_MAX and name.isprintable()
    return name if usable else None


def claim_at(claims: Claims, path: str) -> Any:
    """The claim of this name, or else at this path, whose dots step into objects; None where it is missing.

    The whole name comes first because claims named by a URL hold dots themselves.
    """
    if path in claims:
        return claims[path]
    value: Any = claims
    for step in path.split("."):
        if not isinstance(value, dict) or step not in value:
            return None
        value = value[step]
    return value


def names_of(value: Any) -> tuple[str, ...]:
    """Role or permission names: a list of them, or one text with spaces between. Anything else is no name."""
    if isinstance(value, str):
        value = value.split()
    if not isinstance(value, list):
        return ()
    return tuple(name for name in value[:NAMES_MAX] if isinstance(name, str))


def _instant(claims: Claims, claim: str) -> int | None:
    """A claim of seconds since 1970 as an instant in ms; None where it is missing."""
    seconds = claims.get(claim)
    if seconds is None:
        return None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= INSTANT_MAX // 1000:
        raise refused(f"has no usable time: expected {claim} in seconds since 1970")
    return int(seconds * 1000)
