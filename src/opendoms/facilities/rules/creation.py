"""Creating a facility."""

from __future__ import annotations

from opendoms.facilities.rules import whole
from opendoms.kernel.clock import text_of
from opendoms.kernel.decision import Decision, Document, Happening
from opendoms.kernel.ids import NewId
from opendoms.kernel.refusal import Invalid


def create(wanted: Document, *, zones: whole.Zones, now: int, new_id: NewId) -> Decision:
    """The facility that a body describes, with everything in it that we do not know. `now` is an instant in ms.

    `zones` is what is known of the time zones that it names. Raises Invalid with every fault.
    """
    facility = whole.completed(wanted, zones)
    faults = [*whole.zone_faults(wanted, zones), *whole.faults(facility)]
    if faults:
        raise Invalid(*faults)
    created = text_of(now)
    ours = {"id": new_id(), "version": 1, "created": created, "lastModified": created}
    return Decision({**facility, **ours}, Happening("FACILITY_CREATED"))
