"""Where a reader of the feed stands, and the cursor that says so to them.

On PostgreSQL a position is a transaction and a number within the table; on SQLite the transaction is always 0, since
numbers are handed out in the order of commits there. Both orders are final: nothing ever appears in front of a position
that was read.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Final, NamedTuple

import msgspec

from opendoms.kernel.refusal import Fault, Invalid

CURSOR_CHARACTERS_MAX: Final = 256
_CHECK_BYTES: Final = 8
_PURPOSE: Final = b"opendoms events"
_INT64_MAX: Final = 2**63 - 1


class Position(NamedTuple):
    """Behind which event to go on."""

    transaction: int
    number: int


# In front of the first event.
START: Final = Position(0, 0)


def written(tenant: str, position: Position) -> str:
    """The cursor of a position: a text to be handed back, not to be looked into. Good for one tenant."""
    content = msgspec.json.encode(position)
    return base64.urlsafe_b64encode(_check(tenant, content) + content).rstrip(b"=").decode("ascii")


def read(tenant: str, cursor: str, member: str) -> Position:
    """The position of a cursor that came as `member`. Raises Invalid for anything else than a cursor of this tenant.

    The check catches what was cut, mixed up or made up; it is no secret and protects nothing.
    """
    if len(cursor) > CURSOR_CHARACTERS_MAX:
        raise _foreign(member)
    try:
        data = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise _foreign(member) from None
    check, content = data[:_CHECK_BYTES], data[_CHECK_BYTES:]
    if check != _check(tenant, content):
        raise _foreign(member)
    try:
        match msgspec.json.decode(content):
            case [int(transaction), int(number)] if 0 <= transaction <= _INT64_MAX and 0 <= number <= _INT64_MAX:
                return Position(transaction, number)
    except (msgspec.DecodeError, ValueError):
        pass
    raise _foreign(member)


def _check(tenant: str, content: bytes) -> bytes:
    bound = msgspec.json.encode(tenant) + content
    return hashlib.blake2b(bound, digest_size=_CHECK_BYTES, person=_PURPOSE).digest()


def _foreign(member: str) -> Invalid:
    return Invalid(
        Fault(f"{member}: expected a cursor of this feed", "Send the cursor of an event, or nextCursor of a page.")
    )
