"""Connections to PostgreSQL that learn the types of the server from each other.

asyncpg asks the server of every new connection what the arrays among a statement's parameters are made of, by a query
that takes it many times as long as a write. What the server brings along is the same in every database, so the first
connection of a process asks and the others are told.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any, Final

import asyncpg  # type: ignore[import-untyped]  # it ships no types

# Ids below are written down in PostgreSQL's sources; above them, every server has its own.
FIXED_IDS_END: Final = 10_000
# What is remembered is one entry per set of types that a statement had and its connection did not know.
REMEMBERED_MAX: Final = 64

_remembered: dict[frozenset[int], Any] = {}
# Stands for the statement that would have asked. Its name says that no statement without a name was overwritten.
_NOT_ASKED: Final = SimpleNamespace(name="remembered")


class TypedConnection(asyncpg.Connection):  # type: ignore[misc]  # it ships no types
    """A connection that asks for no type that one of this process has asked for before."""

    async def _introspect_types(self, typeoids: Iterable[int], timeout: float | None) -> Any:  # noqa: ASYNC109 - asyncpg's
        """Rows that describe the types, and the statement that asked. Should asyncpg rename this, it asks as ever."""
        asked = frozenset(typeoids)
        known = _remembered.get(asked)
        if known is not None:
            return known, _NOT_ASKED
        found, statement = await super()._introspect_types(asked, timeout)
        if max(asked) < FIXED_IDS_END and len(_remembered) < REMEMBERED_MAX:
            _remembered[asked] = found
        return found, statement
