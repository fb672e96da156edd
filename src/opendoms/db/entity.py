"""Writes and removes entities: decide on what is stored, apply it with its event; again where somebody was faster."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple, TypeVar

from opendoms.db.engine import Engine
from opendoms.kernel.changeset import Changeset, ColumnValue, Drop, Event, Origin, Put, Stale, Table, merged
from opendoms.kernel.clock import Clock
from opendoms.kernel.decision import Decision, Document, Happening
from opendoms.kernel.document import encode
from opendoms.kernel.ids import NewId
from opendoms.kernel.refusal import Fault, Unavailable

# How often a write is decided anew when another one came in between, before the caller is told to come back.
ATTEMPTS_MAX: Final = 4

T = TypeVar("T")


class Entity(NamedTuple):
    """One kind of entity: its name in history, its table, and the promoted values of a document."""

    kind: str
    table: Table
    promoted: Callable[[Document], tuple[ColumnValue, ...]] = lambda _document: ()


class Written(NamedTuple):
    """The entity as it is stored now, as a document and as the bytes that are answered."""

    document: Document
    body: bytes


Decide = Callable[[int], Awaitable[Decision]]
# What is to be written, and what is answered once it is.
Compose = Callable[[int], Awaitable[tuple[Changeset, T]]]
Again = tuple[type[Exception], ...]


class Writer:
    """Writes decisions of every kind of entity."""

    def __init__(self, db: Engine, clock: Clock, new_id: NewId) -> None:
        self._db = db
        self._clock = clock
        self._new_id = new_id

    def now(self, tenant: str) -> int:
        """The present instant of a tenant, in ms."""
        return self._clock.now(tenant)

    async def write(self, entity: Entity, origin: Origin, decide: Decide) -> Written:
        """Asks `decide` (given the instant in ms, it reads what it needs) and applies what it says.

        Where another write came in between, `decide` is asked again, so that the rules name what they found. Raises
        what `decide` raises, Taken where a business key is held, Short where stock is too low for what the decision
        holds, and Unavailable after ATTEMPTS_MAX.
        """
        for _ in range(ATTEMPTS_MAX):
            now = self._clock.now(origin.tenant)
            decision = await decide(now)
            if decision.happening is None:
                return Written(decision.document, encode(decision.document))
            body, changes = self.changeset(entity, origin, decision, now)
            try:
                await self._db.apply(changes)
            except Stale:
                continue
            return Written(decision.document, body)
        raise _crowded()

    async def remove(self, entity: Entity, origin: Origin, decide: Decide) -> Document:
        """Removes what `decide` answers: the document as it is stored, and the happening that its end is told as.

        The last event carries the next `seq` and the document as it was last. Raises what `decide` raises, and
        Unavailable after ATTEMPTS_MAX.
        """
        for _ in range(ATTEMPTS_MAX):
            now = self._clock.now(origin.tenant)
            document, happening, timers, beside, _ = await decide(now)
            assert happening is not None  # noqa: S101 - narrows the type: an end that is not told is a bug of ours
            changes = self.removal(entity, origin, document, happening, now)
            try:
                await self._db.apply(merged(changes, beside, Changeset(timers=timers)))
            except Stale:
                continue
            return document
        raise _crowded()

    async def compose(
        self, origin: Origin, compose: Compose[T], *, again: Again = (Stale,), attempts: int = ATTEMPTS_MAX
    ) -> T:
        """Asks `compose` for a changeset of several entities and what to answer, and applies it.

        Asks `again` after these outcomes, `attempts` times in all. An empty changeset is not applied. Raises what
        `compose` and `Engine.apply` raise, and Unavailable after the last attempt.
        """
        for _ in range(attempts):
            changes, answer = await compose(self._clock.now(origin.tenant))
            try:
                if any(changes):
                    await self._db.apply(changes)
            except again:
                continue
            return answer
        raise _crowded()

    def changeset(self, entity: Entity, origin: Origin, decision: Decision, now: int) -> tuple[bytes, Changeset]:
        """The entity's new bytes, and everything that the decision writes. A version of 1 is a creation.

        Nothing is written where the decision tells of nothing.
        """
        return changeset_of(entity, origin, decision, now, self._new_id)

    def removal(self, entity: Entity, origin: Origin, document: Document, happening: Happening, now: int) -> Changeset:
        """The end of a stored entity, told by an event with the next `seq` and the document as it was last."""
        version = document["version"]
        drop = Drop(entity.table, origin.tenant, document["id"], version)
        body = encode(document)
        event = _event(entity, origin, document, happening, at=now, seq=version + 1, body=body, new_id=self._new_id)
        return Changeset(drops=(drop,), events=(event,))


def changeset_of(
    entity: Entity, origin: Origin, decision: Decision, now: int, new_id: NewId
) -> tuple[bytes, Changeset]:
    """What `Writer.changeset` answers, for whoever has neither clock nor database."""
    document, happening = decision.document, decision.happening
    if happening is None:
        return encode(document), Changeset()
    body = encode(document)
    version = document["version"]
    index = entity.table.search_index
    put = Put(
        entity.table,
        origin.tenant,
        document["id"],
        version - 1 or None,
        version,
        body,
        entity.promoted(document),
        index.entry(origin.tenant, document) if index is not None else None,
    )
    at = now if decision.at is None else decision.at
    event = _event(entity, origin, document, happening, at=at, seq=version, body=body, new_id=new_id)
    own = Changeset(puts=(put,), events=(event,), timers=decision.timers)
    return body, merged(own, decision.beside) if any(decision.beside) else own


def _event(  # noqa: PLR0913 - what an event tells, side by side
    entity: Entity,
    origin: Origin,
    document: Document,
    happening: Happening,
    *,
    at: int,
    seq: int,
    body: bytes,
    new_id: NewId,
) -> Event:
    return Event(
        tenant=origin.tenant,
        entity_kind=entity.kind,
        entity_id=document["id"],
        seq=seq,
        event_id=new_id(),
        type=happening.type,
        at=at,
        actor=origin.actor,
        cause=origin.cause,
        document=body,
        detail=encode(happening.detail) if happening.detail is not None else None,
    )


def _crowded() -> Unavailable:
    return Unavailable(Fault("Too many writes to this at once.", "Nothing was written. Send the request again."))
