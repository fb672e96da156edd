"""The reasons of a promise go when the person behind it goes: they tell how far away the customer was."""

from __future__ import annotations

from collections.abc import Callable

from opendoms.db.engine import Engine
from opendoms.kernel.changeset import Changeset, Drop
from opendoms.kernel.decision import Document
from opendoms.orders.store import ORDER
from opendoms.promises.store import EXPLANATION_VERSION, EXPLANATIONS, QUERIES


class ExplanationsOfOrders:
    """What retention asks."""

    tables: tuple[str, ...] = (EXPLANATIONS.name,)

    def __init__(self, db: Engine) -> None:
        self._db = db

    async def rewritten(
        self, tenant: str, kind: str, stored: Document, _rewrite: Callable[[Document], Document]
    ) -> Changeset:
        """Their end, as when the order is deleted: what is left without distances explains nothing."""
        return await self.removed(tenant, kind, stored)

    async def removed(self, tenant: str, kind: str, stored: Document) -> Changeset:
        """The end of the reasons, if there are any."""
        if kind != ORDER.kind:
            return Changeset()
        row = await self._db.row(QUERIES.explanation, {"tenant": tenant, "id": stored["id"]})
        if row is None:
            return Changeset()
        return Changeset(drops=(Drop(EXPLANATIONS, tenant, stored["id"], EXPLANATION_VERSION),))
