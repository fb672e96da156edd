"""The Authorization header, and the one way to say that a token does not hold."""

from __future__ import annotations

import re
from typing import Final

from opendoms.kernel.refusal import Fault, Unauthenticated

TOKEN_BYTES_MAX: Final = 8_192

_HEADER: Final = re.compile(rb"[Bb][Ee][Aa][Rr][Ee][Rr] +([A-Za-z0-9_.-]+) *")
_SCHEME: Final = re.compile(rb"[Bb][Ee][Aa][Rr][Ee][Rr](?: .*)?", re.DOTALL)
_HOW: Final = "Send the header Authorization: Bearer and a token. Sign in, or ask the operator, for one."


def refused(reason: str, advice: str | None = None) -> Unauthenticated:
    """The refusal of a token. Neither text may quote the token."""
    return Unauthenticated(Fault(f"Bearer token: {reason}", advice))


def bearer_token(authorization: bytes | None) -> str:
    """The token of the header. Raises Unauthenticated where there is no header, another scheme, or no such thing."""
    if not authorization:
        raise Unauthenticated(Fault("Authorization: expected a bearer token, the header is missing", _HOW))
    if not _SCHEME.fullmatch(authorization):
        raise Unauthenticated(Fault("Authorization: expected the scheme Bearer", _HOW))
    found = _HEADER.fullmatch(authorization)
    if found is None:
        raise refused("is not a JSON Web Token", _HOW)
    return found[1].decode("ascii")
