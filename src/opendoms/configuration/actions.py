"""Reading and writing configurations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from opendoms.configuration import order_sources, rules
from opendoms.configuration.kind import Kind
from opendoms.configuration.order_sources import ENTRIES, ORDER_SOURCES, Changed
from opendoms.configuration.store import CONFIGURATION, QUERIES
from opendoms.db.engine import Engine
from opendoms.db.entity import Writer
from opendoms.kernel.changeset import Origin
from opendoms.kernel.decision import Decision, Document
from opendoms.kernel.document import decode, encode
from opendoms.kernel.ids import NewId


class ConfigurationActions:
    """Reads and writes the configurations of every tenant."""

    def __init__(self, db: Engine, writer: Writer) -> None:
        self._db = db
        self._writer = writer

    async def document(self, tenant: str, kind: Kind) -> Document:
        """The stored configuration, or the default one with version 0."""
        stored = await self.stored(tenant, kind)
        return stored or {"id": kind.id, "version": rules.VERSION_UNWRITTEN, **kind.defaults}

    async def stored(self, tenant: str, kind: Kind) -> Document | None:
        """The configuration, or None where it was never written."""
        row = await self._db.row(QUERIES.configuration_document, {"tenant": tenant, "id": kind.id})
        return decode(row[0]) if row is not None else None

    async def put(self, kind: Kind, wanted: Document, origin: Origin) -> tuple[bool, Document]:
        """Whether it was created, and what is stored now. Raises Invalid or VersionConflict."""
        complete = kind.complete(wanted)
        created = False

        async def decide(now: int) -> Decision:
            nonlocal created
            stored = await self.stored(origin.tenant, kind)
            created = stored is None
            return rules.configure(kind, stored, complete, now=now)

        written = await self._writer.write(CONFIGURATION, origin, decide)
        return created, written.document

    async def change(self, kind: Kind, change: Callable[[Document], dict[str, Any]], origin: Origin) -> Document:
        """What is stored now: the configuration (the default one before the first write) with other members.

        `change` is given the configuration and answers all of its own members. Raises what it raises.
        """

        async def decide(now: int) -> Decision:
            stored = await self.stored(origin.tenant, kind)
            return rules.rewritten(kind, stored, change(stored or kind.defaults), now=now)

        return (await self._writer.write(CONFIGURATION, origin, decide)).document


class OrderSourceActions:
    """Keeps the sources that orders may come from."""

    def __init__(self, configurations: ConfigurationActions, new_id: NewId) -> None:
        self._configurations = configurations
        self._new_id = new_id

    async def page(self, tenant: str, *, before: str, size: int) -> bytes:
        """The configuration with at most `size` sources with ids below `before`, newest first."""
        configuration = await self._configurations.document(tenant, ORDER_SOURCES)
        return encode(order_sources.page(configuration, before=before, size=size))

    async def add(self, wanted: Document, origin: Origin) -> bytes:
        """The new source. Raises Invalid, or Conflict where the caller's own id is held."""
        order_sources.check(wanted)
        return await self._entry(lambda entries: order_sources.added(entries, wanted, self._new_id), origin)

    async def modify(self, source_id: str, wanted: Document, origin: Origin) -> bytes:
        """The source after the change. Raises Invalid, VersionConflict, or Conflict."""
        order_sources.check(wanted)
        return await self._entry(lambda entries: order_sources.changed(entries, source_id, wanted), origin)

    async def remove(self, source_id: str, origin: Origin) -> bytes:
        """The configuration without the source. Raises Unknown."""

        def without(configuration: Document) -> Document:
            return {ENTRIES: order_sources.removed(configuration[ENTRIES], source_id)}

        return encode(await self._configurations.change(ORDER_SOURCES, without, origin))

    async def _entry(self, change: Callable[[list[Document]], Changed], origin: Origin) -> bytes:
        entry: Document = {}

        def changed(configuration: Document) -> Document:
            nonlocal entry
            entry, entries = change(configuration[ENTRIES])
            return {ENTRIES: entries}

        await self._configurations.change(ORDER_SOURCES, changed, origin)
        return encode(entry)
