"""What can be done with cancelation reasons."""

from __future__ import annotations

from typing import Final, NamedTuple

from opendoms.cancelation import rules
from opendoms.cancelation.store import CANCELATION_REASON, QUERIES
from opendoms.db.engine import Engine
from opendoms.db.entity import Writer
from opendoms.kernel.changeset import Origin, Taken
from opendoms.kernel.decision import Decision, Document
from opendoms.kernel.document import decode
from opendoms.kernel.ids import NewId
from opendoms.kernel.refusal import Conflict, Fault, Unavailable, Unknown

# How often a creation looks again whether the text is held, where reasons come and go at the same moment.
ATTEMPTS_MAX: Final = 4


class Created(NamedTuple):
    """The id of the reason with this text, and its bytes where it is new."""

    id: str
    body: bytes | None


class Page(NamedTuple):
    """A page of stored reasons, newest first; whether there are more after it; how many there are in all."""

    documents: list[bytes]
    has_next_page: bool
    total: int


class CancelationActions:
    """Keeps the reasons that orders may be cancelled with."""

    def __init__(self, db: Engine, writer: Writer, new_id: NewId) -> None:
        self._db = db
        self._writer = writer
        self._new_id = new_id

    async def reason(self, tenant: str, reason_id: str) -> Document | None:
        """The reason with this id, for an order that is cancelled with it; None where there is none."""
        row = await self._db.row(QUERIES.reason_document, {"tenant": tenant, "id": reason_id})
        return decode(row[0]) if row is not None else None

    async def read(self, tenant: str, reason_id: str) -> bytes:
        """The stored bytes. Raises Unknown."""
        row = await self._db.row(QUERIES.reason_document, {"tenant": tenant, "id": reason_id})
        if row is None:
            raise _unknown(reason_id)
        document: bytes = row[0]
        return document

    async def list(self, tenant: str, *, before: str, size: int) -> Page:
        """At most `size` reasons with ids below `before`, newest first."""
        rows = await self._db.rows(QUERIES.list_reasons, {"tenant": tenant, "before": before, "size": size + 1})
        total = await self._db.rows(QUERIES.count_reasons, {"tenant": tenant})
        return Page([row[0] for row in rows[:size]], len(rows) > size, total[0][0])

    async def create(self, wanted: Document, origin: Origin) -> Created:
        """The new reason, or the one that has this very text already (decision D22). Raises Invalid."""
        rules.check(wanted)

        async def decide(now: int) -> Decision:
            return rules.create(wanted, now=now, new_id=self._new_id)

        for _ in range(ATTEMPTS_MAX):
            held = await self._id_of(origin.tenant, wanted["reason"])
            if held is not None:
                return Created(held, None)
            try:
                written = await self._writer.write(CANCELATION_REASON, origin, decide)
            except Taken:
                continue
            return Created(written.document["id"], written.body)
        raise Unavailable(Fault("reason: this text comes and goes too quickly.", "Send the request again."))

    async def modify(self, reason_id: str, wanted: Document, origin: Origin) -> bytes:
        """The stored bytes after the change. Raises Invalid, Unknown, VersionConflict, or Conflict for a held text."""
        rules.check(wanted)

        async def decide(now: int) -> Decision:
            return rules.modify(await self._stored(origin.tenant, reason_id), wanted, now=now)

        try:
            return (await self._writer.write(CANCELATION_REASON, origin, decide)).body
        except Taken:
            held = await self._id_of(origin.tenant, wanted["reason"])
            raise Conflict(
                Fault(
                    f"reason: cancelation reason {held} has this text" if held else "reason: this text was held",
                    "Use that one, or send another text.",
                )
            ) from None

    async def delete(self, reason_id: str, origin: Origin) -> None:
        """Removes the reason. Orders that were cancelled with it keep its words. Raises Unknown."""

        async def decide(now: int) -> Decision:  # noqa: ARG001 - the end of a reason asks for no time
            return rules.delete(await self._stored(origin.tenant, reason_id))

        await self._writer.remove(CANCELATION_REASON, origin, decide)

    async def _stored(self, tenant: str, reason_id: str) -> Document:
        stored = await self.reason(tenant, reason_id)
        if stored is None:
            raise _unknown(reason_id)
        return stored

    async def _id_of(self, tenant: str, text: str) -> str | None:
        row = await self._db.row(QUERIES.reason_id_by_text, {"tenant": tenant, "reason": text})
        return row[0] if row is not None else None


def _unknown(reason_id: str) -> Unknown:
    return Unknown(Fault(f"Unknown cancelation reason {reason_id[:64]}.", "Nothing is stored under this id."))
