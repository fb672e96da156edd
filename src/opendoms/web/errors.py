"""The one table that turns refusals into HTTP, and the one shape of every error body."""

from __future__ import annotations

from typing import Final

import msgspec

from opendoms.kernel import refusal
from opendoms.web.routing import Answer

STATUS: Final[dict[type[refusal.Refusal], int]] = {
    refusal.Invalid: 400,
    refusal.Unauthenticated: 401,
    refusal.Forbidden: 403,
    refusal.Unknown: 404,
    refusal.MethodNotAllowed: 405,
    refusal.Conflict: 409,
    refusal.VersionConflict: 409,
    refusal.TooLarge: 413,
    refusal.NotJson: 415,
    refusal.TooMany: 429,
    refusal.Unavailable: 503,
}

# A client that is told to come back may come back this soon, in seconds.
UNAVAILABLE_RETRY_AFTER_S: Final = 1


def answer_of(refused: refusal.Refusal) -> Answer:
    """The answer of a refusal: the contract's array, one element per fault."""
    status = STATUS[type(refused)]
    body = [_told(fault) for fault in refused.faults]
    headers: tuple[tuple[bytes, bytes], ...] = ()
    match refused:
        case refusal.VersionConflict():
            body[0] |= {"requestVersion": refused.request_version, "version": refused.version}
        case refusal.TooMany():
            headers = ((b"retry-after", b"%d" % refused.retry_after_s),)
        case refusal.Unavailable():
            headers = ((b"retry-after", b"%d" % UNAVAILABLE_RETRY_AFTER_S),)
        case refusal.Unauthenticated():
            headers = ((b"www-authenticate", b"Bearer"),)
        case refusal.MethodNotAllowed():
            headers = ((b"allow", ", ".join(refused.allowed).encode()),)
    return Answer(status, msgspec.json.encode(body), headers)


def _told(fault: refusal.Fault) -> dict[str, object]:
    if fault.description is None:
        return {"summary": fault.summary}
    return {"summary": fault.summary, "description": fault.description}


def internal_error(request_id: str) -> Answer:
    """The answer to a fault of ours: nothing internal, only the id under which the log tells more."""
    summary = f"Something went wrong on the server (request {request_id})."
    body = [{"summary": summary, "description": "It is in the server's log under this request id."}]
    return Answer(500, msgspec.json.encode(body))
