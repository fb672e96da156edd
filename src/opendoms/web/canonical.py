"""Rewrites the timestamps of a document to the one form that is stored and answered: UTC, milliseconds, Z.

Where a document holds timestamps is worked out once per wire type; members that cannot hold one are never looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, Protocol

from msgspec import inspect

from opendoms.kernel.clock import instant_from, text_of
from opendoms.kernel.decision import Document
from opendoms.kernel.refusal import Fault
from opendoms.web import type_walk


class Canonical(Protocol):
    """Rewrites a document in place; `path` is where the document lies in the body."""

    def __call__(self, document: Document, path: str = "") -> list[Fault]:
        """The faults of timestamps that have no canonical form."""
        ...


_Rewrite = Callable[[Any, str, list[Fault]], Any]  # value, path, faults → the value as it is to be

EXAMPLE: Final = "2024-05-01T12:00:00.000Z"

# RFC 3339. The typed decode is more lenient: it takes a blank for the T and offsets without a colon.
_RFC3339: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)\Z",
    re.ASCII,
)


def canonical_of(type_: type_walk.WireType | inspect.Type) -> Canonical:
    """The rewriting of a wire type's documents.

    Given a document that the typed decode has accepted, it changes timestamps in place and returns the faults of those
    that cannot be shown: text that is not RFC 3339, and instants that lie outside the years 1 to 9999 in UTC.
    """
    rewrite = _rewrite_of(type_walk.info_of(type_), {})

    def canonical(document: Document, path: str = "") -> list[Fault]:
        faults: list[Fault] = []
        if rewrite is not None:
            rewrite(document, path, faults)
        return faults

    return canonical


def timestamp(text: str, path: str, faults: list[Fault]) -> str:
    """One timestamp in canonical form; parts of a millisecond are cut off. Adds a fault where it has none."""
    # Of what the typed decode accepts only the canonical form has 24 characters with these at these places.
    if len(text) == len(EXAMPLE) and text[23] == "Z" and text[19] == "." and text[10] == "T":
        return text
    parts = _RFC3339.match(text)
    if parts is None:
        faults.append(Fault(f"{path}: expected a date and time with T and an offset, such as {EXAMPLE}"))
        return text
    day, time, fraction, offset = parts.groups()
    milliseconds = ((fraction or "") + "000")[:3]
    if offset in ("Z", "z", "+00:00", "-00:00"):
        return f"{day}T{time}.{milliseconds}Z"
    try:
        return text_of(instant_from(f"{day}T{time}.{milliseconds}{offset}"))
    except OverflowError:
        faults.append(Fault(f"{path}: lies outside the years 0001 to 9999 in UTC"))
        return text


def _holds_timestamp(info: inspect.Type) -> bool:
    return isinstance(info, inspect.DateTimeType)


def _rewrite_of(info: inspect.Type, known: dict[type, _Rewrite]) -> _Rewrite | None:
    if not type_walk.reaches(info, _holds_timestamp):
        return None
    choices = type_walk.choices(info)
    if len(choices) == 1 and _holds_timestamp(choices[0]):
        return timestamp
    item = type_walk.item_of(choices[0])
    if item is not None and len(choices) == 1:
        return _each(_rewrite_of(item, known))
    structs = [choice for choice in choices if isinstance(choice, inspect.StructType)]
    if len(structs) != len(choices):
        raise TypeError(f"timestamps in {info} are not found")
    if len(structs) == 1:
        return _struct(structs[0], known)
    tag_field = structs[0].tag_field
    by_tag = {struct.tag: _struct(struct, known) for struct in structs}
    return lambda value, path, faults: by_tag[value[tag_field]](value, path, faults)


def _each(rewrite: _Rewrite | None) -> _Rewrite | None:
    if rewrite is None:
        return None

    def rewrite_each(values: list[Any], path: str, faults: list[Fault]) -> list[Any]:
        for place, value in enumerate(values):
            values[place] = rewrite(value, f"{path}[{place}]", faults)
        return values

    return rewrite_each


def _struct(info: inspect.StructType, known: dict[type, _Rewrite]) -> _Rewrite:
    if info.cls in known:
        return known[info.cls]
    members: list[tuple[str, _Rewrite]] = []

    def rewrite_struct(document: Document, path: str, faults: list[Fault]) -> Document:
        for name, rewrite in members:
            value = document.get(name)
            if value is not None:
                document[name] = rewrite(value, f"{path}.{name}" if path else name, faults)
        return document

    known[info.cls] = rewrite_struct  # before its fields are looked at, since a struct may hold itself
    for field in info.fields:
        rewrite = _rewrite_of(field.type, known)
        if rewrite is not None:
            members.append((field.encode_name, rewrite))
    return rewrite_struct
