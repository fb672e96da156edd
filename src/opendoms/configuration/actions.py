"""Reading and writing configurations."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from opendoms.configuration import rules
from opendoms.configuration.store import CONFIGURATIONS, KIND, QUERIES
from opendoms.db.engine import Engine
from opendoms.identity.principal import Principal
from opendoms.kernel.changeset import Changeset, Event, Put, Stale
from opendoms.kernel.clock import Clock
from opendoms.kernel.decision import Document
from opendoms.kernel.document import decode, encode
from opendoms.kernel.ids import NewId
from opendoms.kernel.refusal import Fault, Unavailable

ATTEMPTS_MAX: Final = 4


class Kind(NamedTuple):
    """One configuration: its id, and the members it has before it is first written."""

    id: str
    defaults: dict[str, Any]


class ConfigurationActions:
    """Reads and writes the configurations of every tenant."""

    def __init__(self, db: Engine, clock: Clock, new_id: NewId) -> None:
        self._db = db
        self._clock = clock
        self._new_id = new_id

    async def document(self, tenant: str, kind: Kind) -> Document:
        """The stored configuration, or the default one with version 0."""
        stored = await self._stored(tenant, kind)
        return stored or {"id": kind.id, "version": rules.VERSION_UNWRITTEN, **kind.defaults}

    async def _stored(self, tenant: str, kind: Kind) -> Document | None:
        row = await self._db.row(QUERIES.configuration_document, {"tenant": tenant, "id": kind.id})
        return decode(row[0]) if row is not None else None

    async def put(self, kind: Kind, wanted: Document, principal: Principal, cause: str) -> tuple[bool, Document]:
        """Whether it was created, and what is stored now. Raises VersionConflict."""
        tenant = principal.tenant
        for _ in range(ATTEMPTS_MAX):
            stored = await self._stored(tenant, kind)
            now = self._clock.now(tenant)
            decision = rules.configure(kind.id, stored, wanted, now=now)
            if decision.happening is None:
                return False, decision.document
            document, version = encode(decision.document), decision.document["version"]
            put = Put(CONFIGURATIONS, tenant, kind.id, version - 1 or None, version, document)
            event = Event(
                tenant=tenant,
                entity_kind=KIND,
                entity_id=kind.id,
                seq=version,
                event_id=self._new_id(),
                type=decision.happening.type,
                at=now,
                actor=principal.subject,
                cause=cause,
                document=document,
            )
            try:
                await self._db.apply(Changeset(puts=(put,), events=(event,)))
            except Stale:
                continue  # read again: the rule will then name the version that came in between
            return stored is None, decision.document
        raise Unavailable(Fault("Too many writes to this configuration at once.", "Nothing was written. Try again."))
