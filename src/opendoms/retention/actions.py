"""Takes the persons out of what is due, and deletes what is due to go: one entity, one changeset.

The changeset carries the document's next version or its end, the event that tells of it, and every row of its history
rewritten. The version check of the document settles races: where somebody edits or cancels it just then, one of the two
is first, and the other decides anew on what is stored. Whatever dies in between leaves all of an entity or nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, NamedTuple

import structlog

from opendoms.db.engine import Engine, Parameters
from opendoms.db.entity import Writer
from opendoms.kernel.changeset import HUB, Changeset, Origin, Redaction, Timer, merged
from opendoms.kernel.decision import Decision, Document, Happening
from opendoms.kernel.document import decode
from opendoms.kernel.personal import remainder, without_persons
from opendoms.retention.copies import Copies, History
from opendoms.retention.policy import policy_of
from opendoms.retention.rules import ending
from opendoms.retention.rules.dates import Policy
from opendoms.retention.rules.ending import Ending, Told
from opendoms.retention.subjects import QUERIES, Found, Subject

# Entities that are looked for at once.
BATCH_MAX: Final = 25
# Rows of a history that one changeset rewrites. Of a longer one the older rows are rewritten before, as many at once.
HISTORY_MAX: Final = 50
# Entities that could not be handled and are passed over, so that the others behind them have their turn.
PASSED_OVER_MAX: Final = 1_000

log = structlog.get_logger()


# Awaited between the entities of a batch, with the seconds that the last ones took.
Rest = Callable[[float], Awaitable[None]]


async def no_rest(_took: float) -> None:
    """For whoever is alone with the database."""


class _NothingDue(Exception):  # noqa: N818 - a signal within this file
    """Somebody else was faster: it is gone, or nothing is due of it any more."""


class Tally(NamedTuple):
    """How many entities were handled, and how."""

    anonymized: int = 0
    deleted: int = 0
    failed: int = 0

    def plus(self, other: Tally) -> Tally:
        """Both together."""
        return Tally(*(one + more for one, more in zip(self, other, strict=True)))


class RetentionActions:
    """Does what is due. `open_after_ms` is the age after which orders that are not over count as over, None never."""

    def __init__(
        self, db: Engine, writer: Writer, open_after_ms: int | None = None, copies: Sequence[Copies] = ()
    ) -> None:
        self._db = db
        self._writer = writer
        self._open_after_ms = open_after_ms
        self._copies = copies
        self._passed_over: dict[tuple[str, str], set[str]] = {}

    async def policy(self, tenant: str) -> Policy:
        """What is in force for a tenant now."""
        return await policy_of(self._db, tenant, self._open_after_ms)

    async def batch(
        self, subject: Subject, tenant: str, policy: Policy, *, together: int = BATCH_MAX, rest: Rest = no_rest
    ) -> Tally:
        """Handles at most BATCH_MAX entities that are due now, so many together. All zero: nothing is due."""
        key = tenant, subject.entity.kind
        passed_over = self._passed_over.get(key, set())
        now = self._writer.now(tenant)
        found = await subject.due(self._db, tenant, policy, now, BATCH_MAX + len(passed_over))
        wanted = [one for one in found if one.id not in passed_over][:BATCH_MAX]
        if not wanted:
            # Those that could not be handled have their next turn when somebody asks again.
            self._passed_over.pop(key, None)
            return Tally(failed=len(found))
        results: list[tuple[Ending | None, bool]] = []
        clock = asyncio.get_running_loop().time
        for start in range(0, len(wanted), together):
            begin = clock()
            few = wanted[start : start + together]
            results += await asyncio.gather(*(self._handle(subject, tenant, one, policy) for one in few))
            await rest(clock() - begin)
        # What somebody else has done meanwhile is not found again; what is found again would be found for ever.
        undone = [one.id for one, (what, _) in zip(wanted, results, strict=True) if what is None]
        if undone:
            self._passed_over[key] = set([*passed_over, *undone][:PASSED_OVER_MAX])
        done = [what for what, _ in results]
        failed = sum(not ok for _, ok in results)
        return Tally(done.count(Ending.ANONYMIZE), done.count(Ending.DELETE), failed)

    async def _handle(self, subject: Subject, tenant: str, one: Found, policy: Policy) -> tuple[Ending | None, bool]:
        """What was done, and whether it went well."""
        try:
            return await self.end(subject, tenant, one.id, policy), True
        except Exception as error:  # noqa: BLE001 - the others go on; this one is tried again later
            # No word of the error: it may hold what is to be forgotten.
            log.warning("not forgotten", kind=subject.entity.kind, entityId=one.id, error=type(error).__name__)
            return None, False

    async def end(self, subject: Subject, tenant: str, entity_id: str, policy: Policy) -> Ending | None:
        """Does what is due of one entity, None where nothing is. Raises Unavailable where others always write it."""
        found = await self._stored(subject, tenant, entity_id)
        due = subject.judge(found, policy, self._writer.now(tenant)) if found is not None else None
        if due is None:
            return None
        origin = Origin(tenant, HUB, f"retention {subject.events[due]}")

        read = [found]  # what was read counts once; whoever is asked again reads again

        async def still_due(now: int) -> Document:
            stored = read.pop() if read else await self._stored(subject, tenant, entity_id)
            if stored is None or subject.judge(stored, policy, now) is not due:
                raise _NothingDue
            return stored

        async def anonymize(now: int) -> Decision:
            stored = await still_due(now)
            after = ending.anonymized(stored, subject.kept, actors=policy.actors, now=now)
            beside = await self._beside(subject, tenant, stored, policy, due)
            return Decision(after, Happening(subject.events[due]), beside=beside)

        async def delete(now: int) -> Decision:
            stored = await still_due(now)
            left = remainder(entity_id, stored["version"])
            told = {"processId": stored["processId"]} if "processId" in stored else None
            timers = tuple(Timer(tenant, kind, entity_id, None) for kind in subject.timers)
            beside = await self._beside(subject, tenant, stored, policy, due)
            return Decision(left, Happening(subject.events[due], told), timers, beside)

        try:
            if due is Ending.ANONYMIZE:
                await self._writer.write(subject.entity, origin, anonymize)
            else:
                await self._writer.remove(subject.entity, origin, delete)
        except _NothingDue:
            return None
        return due

    async def _stored(self, subject: Subject, tenant: str, entity_id: str) -> Document | None:
        row = await self._db.row(subject.document, {"tenant": tenant, "id": entity_id})
        return decode(row[0]) if row is not None else None

    async def _beside(self, subject: Subject, tenant: str, stored: Document, policy: Policy, due: Ending) -> Changeset:
        """What is rewritten beside the document: its history and those that end with it, and copies elsewhere."""
        own = History(subject.entity.kind, stored["id"], subject.kept)
        others = [history for copies in self._copies for history in copies.histories(own.kind, stored)]
        redacted = [await self._redacted(tenant, history, policy, due) for history in (own, *others)]
        return merged(*redacted, *await self._copies_of(subject, tenant, stored, due))

    async def _redacted(self, tenant: str, history: History, policy: Policy, due: Ending) -> Changeset:
        """The last rows of a history as they are to be. Those before them are rewritten here."""

        def rewritten(row: Told) -> Redaction:
            if due is Ending.DELETE:
                told = ending.told_of_the_deleted(row, history.id, actors=policy.actors)
            else:
                told = ending.told_without_persons(row, history.kept, actors=policy.actors)
            return ending.redaction(tenant, history.kind, history.id, told)

        after = 0
        while True:
            given: Parameters = {
                "tenant": tenant,
                "kind": history.kind,
                "id": history.id,
                "after": after,
                "size": HISTORY_MAX,
            }
            rows = [Told(*row) for row in await self._db.rows(QUERIES.told, given)]
            redactions = tuple(map(rewritten, rows))
            if len(rows) < HISTORY_MAX:
                return Changeset(redactions=redactions)
            # It is due, and will not cease to be, so what is old may go first.
            await self._db.apply(Changeset(redactions=redactions))
            after = rows[-1].seq

    async def _copies_of(self, subject: Subject, tenant: str, stored: Document, due: Ending) -> list[Changeset]:
        kind = subject.entity.kind
        if due is Ending.DELETE:
            return [await copies.removed(tenant, kind, stored) for copies in self._copies]

        def rewrite(document: Document) -> Document:
            return without_persons(document, subject.kept.document)

        return [await copies.rewritten(tenant, kind, stored, rewrite) for copies in self._copies]
