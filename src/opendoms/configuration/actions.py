"""Reading and writing configurations."""

from __future__ import annotations

from typing import Any, NamedTuple

from opendoms.configuration import rules
from opendoms.configuration.store import CONFIGURATION, QUERIES
from opendoms.db.engine import Engine
from opendoms.db.entity import Writer
from opendoms.kernel.changeset import Origin
from opendoms.kernel.decision import Decision, Document
from opendoms.kernel.document import decode


class Kind(NamedTuple):
    """One configuration: its id, and the members it has before it is first written."""

    id: str
    defaults: dict[str, Any]


class ConfigurationActions:
    """Reads and writes the configurations of every tenant."""

    def __init__(self, db: Engine, writer: Writer) -> None:
        self._db = db
        self._writer = writer

    async def document(self, tenant: str, kind: Kind) -> Document:
        """The stored configuration, or the default one with version 0."""
        stored = await self._stored(tenant, kind)
        return stored or {"id": kind.id, "version": rules.VERSION_UNWRITTEN, **kind.defaults}

    async def _stored(self, tenant: str, kind: Kind) -> Document | None:
        row = await self._db.row(QUERIES.configuration_document, {"tenant": tenant, "id": kind.id})
        return decode(row[0]) if row is not None else None

    async def put(self, kind: Kind, wanted: Document, origin: Origin) -> tuple[bool, bytes]:
        """Whether it was created, and the bytes that are stored now. Raises VersionConflict."""
        created = False

        async def decide(now: int) -> Decision:
            nonlocal created
            stored = await self._stored(origin.tenant, kind)
            created = stored is None
            return rules.configure(kind.id, stored, wanted, now=now)

        written = await self._writer.write(CONFIGURATION, origin, decide)
        return created, written.body
