"""Documents as JSON. Numbers survive: integers of any size as int, decimals as Decimal, written as they were sent."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

import msgspec

from opendoms.kernel.decision import Document

_decoder: Final[msgspec.json.Decoder[Any]] = msgspec.json.Decoder(float_hook=Decimal)
_encoder: Final = msgspec.json.Encoder(decimal_format="number")
# What every version changes.
_COUNTING: Final = ("version", "lastModified")


def decode(data: bytes | str) -> Document:
    """The document of stored JSON. Raises msgspec.DecodeError where it is none."""
    document: Document = _decoder.decode(data)
    return document


def encode(document: Any) -> bytes:
    """The JSON of a document, without white space, members in their order."""
    return _encoder.encode(document)


def changed_members(before: Document, after: Document) -> list[str]:
    """The names of the members in which an entity differs from its last version, in order."""
    names = (before.keys() | after.keys()).difference(_COUNTING)
    return sorted(name for name in names if name not in before or name not in after or before[name] != after[name])
