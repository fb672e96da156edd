"""Taking in one order record: what it must satisfy beyond its shape, and what the hub adds to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from opendoms.configuration.gdpr import retention_dates
from opendoms.kernel import custom_attributes
from opendoms.kernel.clock import text_of
from opendoms.kernel.decision import Decision, Document, Happening
from opendoms.kernel.ids import NewId
from opendoms.kernel.refusal import Fault
from opendoms.pricing.discounts import pricing_faults
from opendoms.pricing.totals import pricing_with
from opendoms.records.pricing import record_totals
from opendoms.records.rules.content import own_members

CREATED: Final = Happening("ORDER_RECORD_CREATED")


def faults(record: Document) -> Iterator[Fault]:
    """What is wrong with a record that its type has accepted, each fault with its path."""
    yield from custom_attributes.faults("customAttributes", record.get("customAttributes"))
    for i, line in enumerate(record["lineItems"]):
        if line.get("customAttributes"):
            yield from custom_attributes.faults(f"lineItems[{i}].customAttributes", line["customAttributes"])
    if "pricing" in record:
        yield from pricing_faults(record["pricing"])


def create(record: Document, facility_id: str, gdpr: Document, *, now: int, new_id: NewId) -> Decision:
    """The record as it is stored: the caller's members, completed with the hub's.

    `facility_id` is the id of the facility that the record names, `gdpr` the configuration in force, `now` an instant
    in ms.
    """
    own = own_members(record)
    at = text_of(now)
    dates = retention_dates(gdpr, now)
    document: Document = {
        "id": new_id(),
        "version": 1,
        "created": at,
        "lastModified": at,
        **own,
        "facilityRef": facility_id,
        "lineItems": [{"id": new_id(), **line} for line in own["lineItems"]],
        "anonymized": False,
        "gdprCleanupDate": dates.cleanup,
        "deletionDate": dates.deletion,
    }
    pricing = pricing_with(own.get("pricing"), record_totals(own))
    if pricing is not None:
        document["pricing"] = pricing
    elif "pricing" in own:
        del document["pricing"]
    return Decision(document, CREATED)
