"""Taking in several order records at once: each gets its verdict, and none suffers from its neighbours (D15)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from opendoms.kernel.decision import Decision, Document
from opendoms.kernel.facility_urn import tenant_facility_id_of
from opendoms.kernel.ids import NewId
from opendoms.kernel.refusal import Fault
from opendoms.records.rules import creation
from opendoms.records.rules.content import differences


class Item(NamedTuple):
    """One record as it was sent, and what its type has to say against it."""

    record: Document
    faults: tuple[Fault, ...] = ()


class Created(NamedTuple):
    """It is to be stored."""

    decision: Decision


class Unchanged(NamedTuple):
    """The record with this id of the caller's own has been stored before, or is stored by the same call."""

    key: str


class Failed(NamedTuple):
    """It is not stored."""

    faults: tuple[Fault, ...]


Verdict = Created | Unchanged | Failed


class Known(NamedTuple):
    """What a decision about records needs to know.

    `facilities` maps each reference that names a facility to the facility's id, `held` each id of the callers' own that
    is held to the stored record, `gdpr` is the configuration in force.
    """

    facilities: Mapping[str, str]
    held: Mapping[str, Document]
    gdpr: Document


def keys_of(items: Sequence[Item]) -> list[str]:
    """The ids of the callers' own that are to be looked up."""
    return list({item.record["tenantOrderRecordId"]: None for item in items if _has_key(item)})


def facilities_of(items: Sequence[Item]) -> set[str]:
    """The references to facilities that are to be looked up."""
    return {item.record["facilityRef"] for item in items if not item.faults}


def take_in(items: Sequence[Item], known: Known, *, now: int, new_id: NewId) -> list[Verdict]:
    """One verdict per item, in their order. Of two equal ones the first is stored; `now` is an instant in ms."""
    held = dict(known.held)
    verdicts: list[Verdict] = []
    for item in items:
        verdict = _verdict(item, known, held, now, new_id)
        if isinstance(verdict, Created) and _has_key(item):
            held[item.record["tenantOrderRecordId"]] = verdict.decision.document
        verdicts.append(verdict)
    return verdicts


def _has_key(item: Item) -> bool:
    return not item.faults and "tenantOrderRecordId" in item.record


def _verdict(item: Item, known: Known, held: Mapping[str, Document], now: int, new_id: NewId) -> Verdict:
    if item.faults:
        return Failed(item.faults)
    record = item.record
    reference = record["facilityRef"]
    facility_id = known.facilities.get(reference)
    stored = held.get(record["tenantOrderRecordId"]) if "tenantOrderRecordId" in record else None
    faults = tuple(creation.faults(record))
    # A facility that is gone by now is none to store a sale with, but the sale that it made stays the same sale.
    if facility_id is None and (stored is None or tenant_facility_id_of(reference) is not None):
        faults = (Fault("facilityRef: no facility has this id", "GET /api/facilities lists them."), *faults)
    if faults:
        return Failed(faults)
    if stored is None:
        assert facility_id is not None  # noqa: S101 - narrows the type
        return Created(creation.create(record, facility_id, known.gdpr, now=now, new_id=new_id))
    return _again(stored, {**record, "facilityRef": facility_id or reference})


def _again(stored: Document, record: Document) -> Verdict:
    """The verdict on a record whose own id is held."""
    key: str = record["tenantOrderRecordId"]
    places = differences(stored, record)
    if not places:
        return Unchanged(key)
    return Failed(
        (
            Fault(
                f"tenantOrderRecordId: order record {stored['id']} holds this id and differs in {', '.join(places)}",
                "An order record is never changed. Another sale needs another id.",
            ),
        )
    )
