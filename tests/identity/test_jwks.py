"""The keys of an outside issuer: which of them are believed."""

from __future__ import annotations

import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from opendoms.identity.jwks import KEYS_MAX, KeySet, key_set_of
from tests.identity.issuer_server import public_jwk, rsa_key
from tests.identity.stand_ins import signing_key

RSA = rsa_key()


def key_set(*entries: Any) -> KeySet:
    """The set of a document with these keys."""
    return key_set_of(json.dumps({"keys": entries}).encode())


@pytest.mark.parametrize(
    ("changes", "algorithm"),
    [({}, "RS256"), ({"alg": None}, "RS256"), ({"alg": "PS512"}, "PS512"), ({"use": None}, "RS256")],
)
def test_the_key_sets_the_algorithm(changes: dict[str, Any], algorithm: str) -> None:
    """A key's algorithm is the one that its issuer names, or the usual one of its kind."""
    key = key_set(public_jwk(RSA, "a", **changes)).find("a")
    assert key is not None
    assert key.algorithm_name == algorithm


def test_curves_are_taken() -> None:
    """Keys on P-256 and Ed25519 are taken with their algorithms."""
    private = ec.generate_private_key(ec.SECP256R1())
    curve = jwt.algorithms.ECAlgorithm.to_jwk(private.public_key(), as_dict=True) | {"kid": "e"}
    edwards = {"kty": "OKP", "crv": "Ed25519", "x": signing_key().public._jwk_data["x"], "kid": "o"}  # noqa: SLF001 - its text
    keys = key_set(curve, edwards)
    assert {kid: key.algorithm_name for kid, key in keys.by_id.items()} == {"e": "ES256", "o": "EdDSA"}


@pytest.mark.parametrize(
    "entry",
    [
        {"kty": "oct", "k": "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0", "kid": "a"},
        {"kty": "oct", "k": "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0", "kid": "a", "alg": "RS256"},
        public_jwk(RSA, "a", alg="HS256"),
        public_jwk(RSA, "a", alg="none"),
        public_jwk(RSA, "a", alg="RSA-OAEP"),
        public_jwk(RSA, "a", alg=7),
        public_jwk(RSA, "a", use="enc"),
        public_jwk(RSA, "a", n="!"),
        public_jwk(RSA, "a", e=None),
        public_jwk(RSA, "a", kty="EC"),
        public_jwk(rsa_key(1_024), "a"),
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "kid": "a"},
        {"kid": "a"},
        "a",
        None,
    ],
)
def test_what_cannot_sign_tokens_is_passed_over(entry: Any) -> None:
    """Shared secrets, short and broken keys, and those for encryption are left out; the good one beside is kept."""
    keys = key_set(entry, public_jwk(RSA, "b"))
    assert list(keys.by_id) == ["b"]


def test_a_published_private_key_stays_a_public_one() -> None:
    """A private key that an issuer published by mistake is taken as the public key that it holds."""
    entry = public_jwk(RSA, "a") | {"d": "AQAB"}
    key = key_set(entry).find("a")
    assert key is not None
    assert not hasattr(key.key, "private_numbers")


def test_a_sole_key_needs_no_name() -> None:
    """A token that names no key is judged by the issuer's only one, and by none where there are two."""
    one, two = public_jwk(RSA, None), public_jwk(rsa_key(), "b")
    assert key_set(one).find(None) is not None
    assert key_set(one, two).find(None) is None
    assert key_set(one).find("a") is None


def test_keys_are_bounded() -> None:
    """Keys beyond the limit are not looked at."""
    entries = [public_jwk(RSA, str(number)) for number in range(KEYS_MAX + 1)]
    assert len(key_set(*entries).by_id) == KEYS_MAX


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"keys":{}}', b"<html>", b"[" * 5_000, b"\xff"])
def test_what_is_no_key_set_is_told(data: bytes) -> None:
    """A document without a list of keys is refused."""
    with pytest.raises(ValueError, match="expected a JSON object with a list of keys"):
        key_set_of(data)
