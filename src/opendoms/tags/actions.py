"""What can be done with tags."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from opendoms.db.engine import Engine
from opendoms.db.entity import Writer
from opendoms.kernel.changeset import Origin
from opendoms.kernel.clock import Clock
from opendoms.kernel.decision import Decision, Document
from opendoms.kernel.document import decode
from opendoms.kernel.refusal import Fault, Unknown
from opendoms.search.page import Gathering, search_of
from opendoms.tags import rules
from opendoms.tags.search import TAGS
from opendoms.tags.store import QUERIES, TAG

# How many tags a search reads at once; it reads as many times as it takes to see all.
SEARCHED_AT_ONCE: Final = 500


class Page(NamedTuple):
    """A page of stored tags by id, and how many there are in all."""

    documents: list[bytes]
    has_next_page: bool
    total: int


class TagActions:
    """Keeps the tags that orders may carry, with the values that they may have."""

    def __init__(self, db: Engine, writer: Writer, clock: Clock) -> None:
        self._db = db
        self._writer = writer
        self._clock = clock

    async def allowed_values(self, tenant: str, tag_ids: Iterable[str]) -> dict[str, frozenset[str]]:
        """The values of those of the tags that exist, in one read; nothing is asked where no tag is named."""
        ids = list(dict.fromkeys(tag_ids))
        if not ids:
            return {}
        rows = await self._db.rows(QUERIES.tags_by_ids, {"tenant": tenant, "ids": ids})
        return {row[0]: frozenset(decode(row[1])["allowedValues"]) for row in rows}

    async def read(self, tenant: str, tag_id: str) -> bytes:
        """The stored bytes. Raises Unknown."""
        row = await self._db.row(QUERIES.tag_document, {"tenant": tenant, "id": tag_id})
        if row is None:
            raise Unknown(Fault(f"Unknown tag {tag_id[:64]}.", "Nothing is stored under this id."))
        document: bytes = row[0]
        return document

    async def page(self, tenant: str, *, after: str, size: int) -> Page:
        """At most `size` tags with ids above `after`, by id."""
        rows = await self._db.rows(QUERIES.list_tags, {"tenant": tenant, "after": after, "size": size + 1})
        total = await self._db.rows(QUERIES.count_tags, {"tenant": tenant})
        return Page([row[0] for row in rows[:size]], len(rows) > size, total[0][0])

    async def search(self, tenant: str, asked: Document) -> bytes:
        """The envelope of the answer. Raises Invalid."""
        gathering = Gathering(search_of(TAGS, asked, now=self._clock.now(tenant)))
        after = ""
        while True:
            rows = await self._db.rows(QUERIES.list_tags, {"tenant": tenant, "after": after, "size": SEARCHED_AT_ONCE})
            for (body,) in rows:
                document = decode(body)
                gathering.add(document, body)
                after = document["id"]
            if len(rows) < SEARCHED_AT_ONCE:
                return gathering.page().envelope("tags")

    async def create(self, wanted: Document, origin: Origin) -> bytes:
        """The stored bytes of the new tag. Raises Invalid, or Conflict where there is one with this id."""
        rules.check(wanted)

        async def decide(now: int) -> Decision:
            row = await self._db.row(QUERIES.tag_document, {"tenant": origin.tenant, "id": wanted["id"]})
            return rules.create(decode(row[0]) if row is not None else None, wanted, now=now)

        return (await self._writer.write(TAG, origin, decide)).body

    async def modify(self, tag_id: str, change: Document, origin: Origin) -> bytes:
        """The stored bytes after the change. Raises Unknown, VersionConflict or Invalid, in this order."""

        async def decide(now: int) -> Decision:
            return rules.modify(decode(await self.read(origin.tenant, tag_id)), change, now=now)

        return (await self._writer.write(TAG, origin, decide)).body
