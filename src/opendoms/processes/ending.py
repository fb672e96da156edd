"""The process of an order goes with the order: in the transaction that deletes it, and in history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from opendoms.db.engine import Engine
from opendoms.db.entity import Writer
from opendoms.kernel.changeset import HUB, Changeset, Origin, Timer
from opendoms.kernel.decision import Document, Happening
from opendoms.kernel.document import decode
from opendoms.kernel.personal import Each, Fate, Members, remainder
from opendoms.orders.store import ORDER
from opendoms.processes.rules.said_dates import PROCESS_DATES
from opendoms.processes.store import PROCESS, QUERIES
from opendoms.retention.copies import History
from opendoms.retention.rules.ending import Kept

DELETED: Final = Happening("PROCESS_DELETED")

# What is kept of a process holds nobody; who tagged or dated it stands in its history.
PROCESS_MEMBERS: Final[Members] = {
    "id": Fate.STAYS,
    "version": Fate.STAYS,
    "created": Fate.STAYS,
    "lastModified": Fate.STAYS,
    "orderRef": Fate.STAYS,
    "tags": Each({"id": Fate.STAYS, "value": Fate.STAYS}),
    "gdprCleanupDate": Fate.STAYS,
    "deletionDate": Fate.STAYS,
}


class ProcessesOfOrders:
    """What retention asks: processes hold tags and dates, but no persons."""

    tables: tuple[str, ...] = ("processes",)

    def __init__(self, db: Engine, writer: Writer) -> None:
        self._db = db
        self._writer = writer

    def histories(self, kind: str, stored: Document) -> Sequence[History]:
        """That of the process, which names those who acted."""
        return (History(PROCESS.kind, stored["processId"], Kept(PROCESS_MEMBERS, {})),) if kind == ORDER.kind else ()

    async def rewritten(
        self, _tenant: str, _kind: str, _stored: Document, _rewrite: Callable[[Document], Document]
    ) -> Changeset:
        """Nothing: there is nobody in it."""
        return Changeset()

    async def removed(self, tenant: str, kind: str, stored: Document) -> Changeset:
        """The end of what was said about the process of an order, if anything was."""
        if kind != ORDER.kind:
            return Changeset()
        row = await self._db.row(QUERIES.process_of_order, {"tenant": tenant, "order_id": stored["id"]})
        if row is None or row[1] is None:
            return Changeset()
        left = remainder(stored["processId"], decode(row[1])["version"])
        origin = Origin(tenant, HUB, f"retention {DELETED.type}")
        end = self._writer.removal(PROCESS, origin, left, DELETED, self._writer.now(tenant))
        return end._replace(timers=(Timer(tenant, PROCESS_DATES, stored["id"], None),))
