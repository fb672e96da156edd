"""New ids. They are UUIDv7, so that the order of ids is the order of creation."""

from __future__ import annotations

from collections.abc import Callable

from uuid_utils import UUID, uuid5, uuid7

NewId = Callable[[], str]


def new_id() -> str:
    """A fresh id; later ids of one process sort after earlier ones."""
    return str(uuid7())


def derived_id(id_: str, name: str) -> str:
    """Another id that follows from one of ours and a name: always the same, and like no other."""
    return str(uuid5(UUID(id_), name))
