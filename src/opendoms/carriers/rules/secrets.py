"""Credentials are not kept: the hub orders no labels, so it has no use for them, and what is not kept is not lost."""

from __future__ import annotations

from typing import Final

from opendoms.kernel.decision import Document

_CREDENTIALS: Final = "credentials"


def without_secrets(document: Document) -> Document:
    """The document with nothing of its credentials but their `key`, which says of what kind they are."""
    if _CREDENTIALS not in document:
        return document
    kept = {name: value for name, value in document.items() if name != _CREDENTIALS}
    key = document[_CREDENTIALS].get("key")
    return {**kept, _CREDENTIALS: {"key": key}} if isinstance(key, str) else kept
