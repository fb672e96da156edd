"""Cursors: the position of one result, as a text that callers hand back and do not look into.

A cursor belongs to one kind of entity and one order; with another it is refused. The check in it catches texts that
were cut, mixed up or made up. It is no secret and protects none: a cursor says where to go on, never what may be seen.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from decimal import Decimal
from typing import Any, Final, NamedTuple

import msgspec

from opendoms.kernel.document import encode
from opendoms.kernel.refusal import Fault, Invalid
from opendoms.search.order import BOOLEAN, NOTHING, NUMBER, TEXT, Order, Position

# More than the longest position takes: a number of as many digits as an object of custom attributes may hold.
CURSOR_CHARACTERS_MAX: Final = 32_768
_CHECK_BYTES: Final = 8
_PURPOSE: Final = b"opendoms cursor"

_decoder: Final[msgspec.json.Decoder[Any]] = msgspec.json.Decoder(float_hook=Decimal)


class Cursors(NamedTuple):
    """Writes and reads the cursors of one search. `kind` is what is searched, such as facilities."""

    kind: str
    order: Order

    def write(self, position: Position) -> str:
        """The cursor of a position."""
        (rank, value), entity_id = position
        content = encode([rank, value, entity_id])
        return base64.urlsafe_b64encode(self._check(content) + content).rstrip(b"=").decode("ascii")

    def read(self, cursor: str, member: str) -> Position:
        """The position of a cursor that came as `member` of a body. Raises Invalid."""
        if len(cursor) > CURSOR_CHARACTERS_MAX:
            raise Invalid(Fault(f"{member}: is longer than any cursor"))
        try:
            data = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise _foreign(member) from None
        check, content = data[:_CHECK_BYTES], data[_CHECK_BYTES:]
        if check != self._check(content):
            raise _foreign(member)
        try:
            match _decoder.decode(content):
                case [int(rank), value, str(entity_id)] if _fits(rank, value):
                    return (rank, value), entity_id
        except (msgspec.DecodeError, ValueError):
            pass
        raise _foreign(member)

    def _check(self, content: bytes) -> bytes:
        bound = encode([self.kind, self.order.name])
        return hashlib.blake2b(bound + content, digest_size=_CHECK_BYTES, person=_PURPOSE).digest()


def _fits(rank: int, value: Any) -> bool:
    # Whoever computes the check may write what they like; positions must still compare with each other.
    match value:
        case bool():
            return rank == BOOLEAN
        case int() | Decimal():
            return rank in (NUMBER, NOTHING)
        case str():
            return rank == TEXT
        case _:
            return False


def _foreign(member: str) -> Invalid:
    return Invalid(
        Fault(
            f"{member}: expected a cursor of this search",
            "Send startCursor or endCursor of an earlier page, with the sort of that page.",
        )
    )
