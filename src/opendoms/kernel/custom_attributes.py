"""Limits of custom attributes: the size of each object, and which keys it may have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from opendoms.kernel.decision import Document
from opendoms.kernel.document import encode
from opendoms.kernel.refusal import Fault

CHARACTERS_MAX: Final = 15_360


def faults(path: str, attributes: Document | None) -> Iterator[Fault]:
    """What is wrong with one object of custom attributes, found at `path`."""
    if not attributes:
        return
    data = encode(attributes)
    # A character takes at least one byte, so that most objects need no second look.
    if len(data) > CHARACTERS_MAX and (length := len(data.decode())) > CHARACTERS_MAX:
        yield Fault(f"{path}: expected at most {CHARACTERS_MAX} characters of JSON, got {length}")
    for key in attributes:
        if key.startswith("$") or "." in key:
            yield Fault(f"{path}: a key must not start with $ and must not contain a dot", f"Rename {key[:64]}.")
