"""Documents as JSON. Numbers survive: integers of any size as int, decimals as Decimal, written as they were sent."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

import msgspec

from opendoms.kernel.decision import Document

_decoder: Final[msgspec.json.Decoder[Any]] = msgspec.json.Decoder(float_hook=Decimal)
_encoder: Final = msgspec.json.Encoder(decimal_format="number")


def decode(data: bytes | str) -> Document:
    """The document of stored JSON. Raises msgspec.DecodeError where it is none."""
    document: Document = _decoder.decode(data)
    return document


def encode(document: Any) -> bytes:
    """The JSON of a document, without white space, members in their order."""
    return _encoder.encode(document)
