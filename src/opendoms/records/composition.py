"""From records and what is known to what is written and answered: pure, so that any process can do it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from opendoms.db.entity import changeset_of
from opendoms.kernel.changeset import Changeset, Origin, merged
from opendoms.kernel.decision import Document
from opendoms.kernel.document import decode
from opendoms.kernel.ids import NewId
from opendoms.kernel.refusal import Fault
from opendoms.records.rules import bulk
from opendoms.records.rules.bulk import Created, Failed, Item
from opendoms.records.store import ORDER_RECORD


class Situation(NamedTuple):
    """Everything that the verdicts on some records depend on.

    `facilities` maps each reference that names a facility to its id, `held` each id of the callers' own that is held to
    the stored bytes; `gdpr` is the configuration in force, `now` an instant in ms.
    """

    facilities: Mapping[str, str]
    held: Mapping[str, bytes]
    gdpr: Document
    origin: Origin
    now: int


class Outcome(NamedTuple):
    """What became of one record: its stored bytes, or why it was not stored."""

    status: Literal["CREATED", "UNCHANGED", "FAILED"]
    body: bytes = b""
    faults: tuple[Fault, ...] = ()


class Composed(NamedTuple):
    """What is to be written, and what is answered once it is: one outcome per record, in their order.

    `held` is that of the situation and what is new, by the callers' own ids.
    """

    changes: Changeset
    outcomes: list[Outcome]
    held: Mapping[str, bytes]


def composed(items: Sequence[Item], situation: Situation, new_id: NewId) -> Composed:
    """What the verdicts on these records write and answer."""
    bodies = dict(situation.held)
    held = {key: decode(bodies[key]) for key in bulk.keys_of(items) if key in bodies}
    known = bulk.Known(situation.facilities, held, situation.gdpr)
    parts: list[Changeset] = []
    outcomes: list[Outcome] = []
    for verdict in bulk.take_in(items, known, now=situation.now, new_id=new_id):
        match verdict:
            case Created(decision):
                body, part = changeset_of(ORDER_RECORD, situation.origin, decision, situation.now, new_id)
                parts.append(part)
                outcomes.append(Outcome("CREATED", body))
                if "tenantOrderRecordId" in decision.document:
                    bodies[decision.document["tenantOrderRecordId"]] = body
            case Failed(faults):
                outcomes.append(Outcome("FAILED", faults=faults))
            case _:
                outcomes.append(Outcome("UNCHANGED", bodies[verdict.key]))
    return Composed(merged(*parts), outcomes, bodies)
