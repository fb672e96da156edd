"""New ids. They are UUIDv7, so that the order of ids is the order of creation."""

from __future__ import annotations

from collections.abc import Callable

from uuid_utils import uuid7

NewId = Callable[[], str]


def new_id() -> str:
    """A fresh id; later ids of one process sort after earlier ones."""
    return str(uuid7())
