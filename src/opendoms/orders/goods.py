"""What orders ask of whoever keeps stock: to hold the goods of an order, and to let them go.

The slices do not know each other; the composition root says who answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from opendoms.kernel.changeset import Changeset, Origin
from opendoms.kernel.decision import Decision, Document
from opendoms.orders.lifecycle import Move


class Goods(Protocol):
    """Knows what is held for orders. Nothing of it writes: what is to be written stands beside the decision."""

    async def of_created(self, decision: Decision, origin: Origin, now: int, *, held: bool) -> Decision:
        """The creation of an order, with what holds its goods. Where `held` is false, none are."""
        ...

    async def of_edited(
        self, before: Document, decision: Decision, origin: Origin, now: int, *, held: bool
    ) -> Decision:
        """The change of an order, with its goods held anew where other pieces are ordered."""
        ...

    async def held(self, tenant: str, order_id: str) -> Sequence[Document]:
        """The stored reservations of an order."""
        ...

    def settled(self, move: Move, order: Document, held: Sequence[Document], origin: Origin, now: int) -> Changeset:
        """What becomes of the reservations with a move, of which `order` is the result."""
        ...
