"""The signature of a token, and nothing else: which key it names, and whether that key signed it.

PyJWT does the cryptography. Times, issuer and audience are judged in `claims`, against a `now` that is handed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import jwt
import msgspec

from opendoms.identity.bearer import TOKEN_BYTES_MAX, refused

Claims = Mapping[str, Any]

_JWS: Final = jwt.PyJWS()
_MALFORMED: Final = "is not a JSON Web Token"


class Unverified(NamedTuple):
    """A token taken apart, nothing of it believed: it only says which key to try.

    `key_id` and `issuer` are None where the token does not carry them as text.
    """

    text: str
    key_id: str | None
    issuer: str | None


def unverified(text: str) -> Unverified:
    """The parts of a token. Raises Unauthenticated where it is too long or none."""
    if len(text) > TOKEN_BYTES_MAX:
        raise refused(f"is longer than {TOKEN_BYTES_MAX} bytes")
    try:
        parts = _JWS.decode_complete(text, options={"verify_signature": False})
        claims = _claims(parts["payload"])
    except (jwt.InvalidTokenError, ValueError):
        raise refused(_MALFORMED) from None
    key_id, issuer = parts["header"].get("kid"), claims.get("iss")
    return Unverified(
        text,
        key_id if isinstance(key_id, str) else None,
        issuer if isinstance(issuer, str) else None,
    )


def verified(token: Unverified, key: jwt.PyJWK) -> Claims:
    """The claims, signed by this key. Raises Unauthenticated otherwise.

    The algorithm is the key's. What the token's header says about it must agree, and decides nothing.
    """
    try:
        parts = _JWS.decode_complete(token.text, key, algorithms=[key.algorithm_name])
        return _claims(parts["payload"])
    except jwt.InvalidAlgorithmError:
        raise refused("names another algorithm than its key has") from None
    except jwt.InvalidSignatureError:
        raise refused("its signature does not hold", "It was changed, or another key signed it.") from None
    except (jwt.PyJWTError, ValueError):
        raise refused(_MALFORMED) from None


def _claims(payload: bytes) -> Claims:
    """The payload as an object. Raises ValueError where it is none."""
    try:
        claims = msgspec.json.decode(payload, type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError):
        raise ValueError(_MALFORMED) from None
    return claims
