"""What is due of a stored document at an instant, what it becomes, and what is left of its history.

Pure: documents, instants (ms) and the policy in force come in. Nothing is ever due a millisecond early.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from opendoms.kernel.changeset import HUB, Redaction
from opendoms.kernel.clock import instant_from, text_of
from opendoms.kernel.decision import Document
from opendoms.kernel.document import decode, encode
from opendoms.kernel.personal import ANONYMIZED, Members, remainder, without_persons
from opendoms.orders.lifecycle import LIVE
from opendoms.retention.rules.dates import Policy, era_of


class Ending(StrEnum):
    """What is due."""

    ANONYMIZE = "ANONYMIZE"
    DELETE = "DELETE"


class Kept(NamedTuple):
    """What may stay of a kind of entity: of its documents, and of what its events tell beside them."""

    document: Members
    detail: Members


class Told(NamedTuple):
    """A row of history, as it is stored."""

    seq: int
    actor: str
    cause: str
    document: bytes
    detail: bytes | None


Judge = Callable[[Document, Policy, int], Ending | None]


def record_ending(record: Document, _policy: Policy, now: int) -> Ending | None:
    """What is due of an order record, by the dates that it carries."""
    if instant_from(record["deletionDate"]) <= now:
        return Ending.DELETE
    if instant_from(record["gdprCleanupDate"]) <= now and not record["anonymized"]:
        return Ending.ANONYMIZE
    return None


def order_ending(order: Document, policy: Policy, now: int) -> Ending | None:
    """What is due of an order; of one that is not over nothing, unless the policy names an age (decision D70)."""
    created = instant_from(order["created"])
    era = era_of(policy.eras, created)
    held_ms = 0
    if order["status"] in LIVE:
        if policy.open_after_ms is None:
            return None
        held_ms = policy.open_after_ms
    cleanup_ms = max(era.cleanup_ms, held_ms)
    if created + cleanup_ms + era.deletion_ms - era.cleanup_ms <= now:
        return Ending.DELETE
    if created + cleanup_ms <= now and not order["anonymized"]:
        return Ending.ANONYMIZE
    return None


def anonymized(document: Document, kept: Kept, *, actors: bool, now: int) -> Document:
    """The next version of the document, without persons."""
    after = without_persons(document, kept.document, actors=actors)
    return {**after, "version": document["version"] + 1, "lastModified": text_of(now), "anonymized": True}


def told_without_persons(row: Told, kept: Kept, *, actors: bool) -> Told:
    """What a row of history still tells once the persons are out of its entity."""
    document = without_persons(decode(row.document), kept.document, actors=actors)
    if "anonymized" in document:
        document["anonymized"] = True
    detail = without_persons(decode(row.detail), kept.detail, actors=actors) if row.detail is not None else None
    actor, cause = _acted(row, actors=actors)
    return Told(row.seq, actor, cause, encode(document), encode(detail) if detail else None)


def told_of_the_deleted(row: Told, entity_id: str, *, actors: bool) -> Told:
    """What a row of history still tells once its entity is gone: that there was this version, and when."""
    actor, cause = _acted(row, actors=actors)
    return Told(row.seq, actor, cause, encode(remainder(entity_id, row.seq)), None)


def _acted(row: Told, *, actors: bool) -> tuple[str, str]:
    """Who acted, and by what: a request's own id goes as well, since its caller may have chosen it."""
    if row.actor == HUB:
        return row.actor, row.cause
    cause = " ".join(row.cause.split(" ")[:2])  # method and path of the route
    return (ANONYMIZED if actors else row.actor), cause


def redaction(tenant: str, kind: str, entity_id: str, row: Told) -> Redaction:
    """The change of a stored row of history."""
    return Redaction(tenant, kind, entity_id, *row)
