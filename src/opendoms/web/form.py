"""The parameters of calls that SDKs make in three spellings: JSON body, form body, or query string."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl

import msgspec

from opendoms.kernel.decision import Document
from opendoms.kernel.refusal import Fault, Invalid

FIELDS_MAX: Final = 32


def merged_form(data: bytes, content_type: bytes | None, query: bytes) -> Document:
    """All parameters as one mapping; the body wins over the query. Raises Invalid where the body is unreadable."""
    merged: Document = dict(_pairs(query))
    if not data:
        return merged
    if content_type is not None and content_type.lower().startswith(b"application/x-www-form-urlencoded"):
        return merged | dict(_pairs(data))
    try:
        return merged | msgspec.json.decode(data, type=dict[str, str | bool | int | float | None])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Invalid(Fault("The body must be a JSON object of plain values, or a form.")) from None


def _pairs(data: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(data.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=FIELDS_MAX)
    except ValueError:
        raise Invalid(Fault(f"The parameters cannot be read; at most {FIELDS_MAX} are taken.")) from None
