"""Forgets and removes orders at the dates that were set on their processes: what a timer of kind PROCESS_DATES does."""

from __future__ import annotations

from opendoms.db.engine import Engine
from opendoms.kernel.changeset import Changeset, Timer
from opendoms.kernel.decision import Document
from opendoms.kernel.document import decode
from opendoms.kernel.due import Due
from opendoms.orders.store import ORDER
from opendoms.processes.rules import said_dates as rules
from opendoms.processes.store import QUERIES
from opendoms.retention.actions import RetentionActions
from opendoms.retention.rules.dates import Policy
from opendoms.retention.rules.ending import Ending
from opendoms.retention.subjects import SUBJECTS


class ProcessDates:
    """Has retention do what is due of one order, and sets the timer to the next date."""

    def __init__(self, db: Engine, retention: RetentionActions) -> None:
        self._db = db
        self._retention = retention

    async def handle(self, due: Due, now: int) -> None:
        """Handles a timer; nothing is to be done where the order is gone, or nothing is said of its process."""
        found = await self._found(due)
        if found is None:
            return
        _, said = found

        def judge(order: Document, policy: Policy, at: int) -> Ending | None:
            return rules.ending(order, said, policy, at)

        subject = SUBJECTS[ORDER.kind]._replace(judge=judge)
        await self._retention.end(subject, due.tenant, due.entity_id, await self._retention.policy(due.tenant))
        left = await self._found(due)
        following = rules.next_look(*left, now) if left is not None else None
        if following is not None:
            await self._db.apply(Changeset(timers=(Timer(due.tenant, due.kind, due.entity_id, following),)))

    async def _found(self, due: Due) -> tuple[Document, Document] | None:
        row = await self._db.row(QUERIES.process_of_order, {"tenant": due.tenant, "order_id": due.entity_id})
        return None if row is None or row[1] is None else (decode(row[0]), decode(row[1]))
