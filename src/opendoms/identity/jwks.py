"""The public keys of an outside issuer, from its JWKS document (RFC 7517). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

# Keys of a pair only. A shared secret in a public document, or `none`, would let anyone sign.
ALGORITHMS: Final = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
KEYS_MAX: Final = 64
_RSA_BITS_MIN: Final = 2_048
_PUBLIC_KINDS: Final = ("RSA", "EC", "OKP")


class KeySet(NamedTuple):
    """The usable keys by id, and the sole one where there is exactly one (then tokens need not name it)."""

    by_id: Mapping[str, jwt.PyJWK]
    sole: jwt.PyJWK | None

    def find(self, key_id: str | None) -> jwt.PyJWK | None:
        """The key of this id; without one, the sole key."""
        return self.sole if key_id is None else self.by_id.get(key_id)


def key_set_of(data: bytes) -> KeySet:
    """The keys of the document that can sign tokens; others are passed over. Raises ValueError where it is no JWKS."""
    try:
        entries = msgspec.json.decode(data, type=dict[str, Any]).get("keys")
    except (msgspec.DecodeError, RecursionError):
        entries = None
    if not isinstance(entries, list):
        raise ValueError("expected a JSON object with a list of keys")  # noqa: TRY004 - the text is wrong, not the argument
    usable = [key for key in map(_usable, entries[:KEYS_MAX]) if key is not None]
    by_id = {key.key_id: key for key in usable if isinstance(key.key_id, str)}
    return KeySet(by_id, usable[0] if len(usable) == 1 else None)


def _usable(entry: Any) -> jwt.PyJWK | None:
    if not isinstance(entry, dict) or entry.get("kty") not in _PUBLIC_KINDS or entry.get("use", "sig") != "sig":
        return None
    # Only the public members, so that a private key that somebody published by mistake stays a public one here.
    public = {name: entry[name] for name in ("kty", "crv", "x", "y", "n", "e", "kid", "alg") if name in entry}
    named = public.get("alg")
    if named is not None and not (isinstance(named, str) and named in ALGORITHMS):
        return None
    try:
        key = jwt.PyJWK(public)
    except (jwt.PyJWTError, ValueError, TypeError, KeyError):
        return None
    if key.algorithm_name not in ALGORITHMS:
        return None
    if isinstance(key.key, RSAPublicKey) and key.key.key_size < _RSA_BITS_MIN:
        return None
    return key
