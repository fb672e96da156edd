"""The keys that sign our own tokens: Ed25519 pairs, kept in the database so that every node has the same ones.

The newest key signs; every key that is stored verifies. So rotating is adding one, and retiring is taking one away.
The private half lies in the database as it is: whoever can read that can read the orders, too.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.utils import base64url_decode, base64url_encode

ALGORITHM: Final = "EdDSA"
# More would be a sign of rotation without retirement, and every node holds all of them.
KEYS_MAX: Final = 32


class SigningKey(NamedTuple):
    """One pair. `created` is an instant in ms."""

    id: str
    created: int
    private: Ed25519PrivateKey
    public: jwt.PyJWK


class KeyRing(NamedTuple):
    """All stored keys, the newest first."""

    keys: tuple[SigningKey, ...] = ()

    def current(self) -> SigningKey | None:
        """The key that signs; None where there is no key yet."""
        return self.keys[0] if self.keys else None

    def find(self, key_id: str | None) -> jwt.PyJWK | None:
        """The public half of the key with this id."""
        return next((key.public for key in self.keys if key.id == key_id), None)


class _StoredKey(msgspec.Struct, forbid_unknown_fields=True):
    """A key as the database holds it: the private half as 32 bytes in base64url."""

    id: str
    algorithm: str
    created: int
    private: str


def new_signing_key(key_id: str, now_ms: int, ring: KeyRing) -> SigningKey:
    """A fresh pair, newer than every key of the ring even where this machine's clock is behind."""
    newest = ring.current()
    created = max(now_ms, newest.created + 1) if newest is not None else now_ms
    return _signing_key(key_id, created, Ed25519PrivateKey.generate())


def ring_of(documents: list[bytes]) -> KeyRing:
    """The ring of the stored documents. Raises msgspec.ValidationError or ValueError where one is no key of ours."""
    keys = [_signing_key_from(msgspec.json.decode(document, type=_StoredKey)) for document in documents]
    return KeyRing(tuple(sorted(keys, key=lambda key: (key.created, key.id), reverse=True)))


def document_of(key: SigningKey) -> bytes:
    """A key as it is stored."""
    private = base64url_encode(key.private.private_bytes_raw()).decode("ascii")
    return msgspec.json.encode(_StoredKey(key.id, ALGORITHM, key.created, private))


def _signing_key_from(stored: _StoredKey) -> SigningKey:
    if stored.algorithm != ALGORITHM:
        raise ValueError(f"signing key {stored.id} has the unknown algorithm {stored.algorithm}")
    private = Ed25519PrivateKey.from_private_bytes(base64url_decode(stored.private))
    return _signing_key(stored.id, stored.created, private)


def _signing_key(key_id: str, created: int, private: Ed25519PrivateKey) -> SigningKey:
    raw = base64url_encode(private.public_key().public_bytes_raw()).decode("ascii")
    public = jwt.PyJWK({"kty": "OKP", "crv": "Ed25519", "x": raw, "kid": key_id}, ALGORITHM)
    return SigningKey(key_id, created, private, public)
