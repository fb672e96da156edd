"""Writes orders for which goods are held, when many want the same goods at once."""

from __future__ import annotations

import asyncio
from typing import Final, Protocol

from opendoms.db.entity import Writer, Written
from opendoms.kernel.changeset import Origin, Short
from opendoms.kernel.decision import Decision
from opendoms.orders.store import ORDER

# How often an order is decided anew after somebody else took its goods. On one node those who decide anew do it one
# after the other, so that the next look is right; only other nodes can come in between.
SHORT_MAX: Final = 12


class Decide(Protocol):
    """Decides at an instant. Where `held` is false, the decision must not hold goods."""

    async def __call__(self, now: int, *, held: bool) -> Decision:
        """What is to be written."""
        ...


class ContendedWriter:
    """Writes orders. Nobody is told of goods that somebody else got in the same moment."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._turns: dict[str, asyncio.Lock] = {}

    async def write(self, origin: Origin, decide: Decide) -> Written:
        """As `Writer.write`; where goods are gone by the time they are to be held, the decision is taken anew.

        After SHORT_MAX times it is taken without holding anything. Raises what `decide` raises, Taken and Unavailable.
        """

        async def holding(now: int) -> Decision:
            return await decide(now, held=True)

        async def holding_nothing(now: int) -> Decision:
            return await decide(now, held=False)

        try:
            return await self._writer.write(ORDER, origin, holding)
        except Short:
            pass
        async with self._turns.setdefault(origin.tenant, asyncio.Lock()):
            for _ in range(SHORT_MAX):
                try:
                    return await self._writer.write(ORDER, origin, holding)
                except Short:
                    continue
        return await self._writer.write(ORDER, origin, holding_nothing)
