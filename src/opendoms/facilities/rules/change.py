"""Changing, replacing and removing a facility."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from opendoms.facilities.rules import whole
from opendoms.facilities.rules.belonging import Belonging
from opendoms.kernel.changeset import Changeset, merged
from opendoms.kernel.clock import text_of
from opendoms.kernel.decision import Decision, Document, Happening
from opendoms.kernel.document import changed_members
from opendoms.kernel.refusal import Conflict, Fault, Invalid, VersionConflict

# Members of a change that only managed facilities have.
_OF_MANAGED: Final = frozenset(
    {
        "locationType",
        "services",
        "fulfillmentProcessBuffer",
        "capacityEnabled",
        "capacityPlanningTimeframe",
        "pickingTimes",
        "closingDays",
        "pickingMethods",
        "scanningRule",
        "contact",
        "configs",
    }
)
# What a replacement says anew; members that it has no words for stay.
_REPLACED: Final = _OF_MANAGED | {"name", "status", "tenantFacilityId", "address", "tags", "customAttributes"}


def check_change(body: Document, zones: whole.Zones) -> None:
    """Refuses a change that is wrong whatever is stored. Raises Invalid with every fault."""
    faults = [*_change_faults(body), *whole.zone_faults(body, zones)]
    if faults:
        raise Invalid(*faults)


def check_replacement(body: Document, zones: whole.Zones) -> None:
    """Refuses a replacement that is wrong whatever is stored. Raises Invalid with every fault."""
    faults = [*whole.member_faults(body, managed=body["type"] == whole.MANAGED), *whole.zone_faults(body, zones)]
    if faults:
        raise Invalid(*faults)


def _change_faults(body: Document) -> Iterator[Fault]:
    if "actions" in body:
        for name in body:
            if name not in ("actions", "version"):
                yield Fault(f"{name}: cannot stand together with actions")
        return
    if "type" not in body:
        yield Fault("type: is required", "Or send actions, the form that the contract calls deprecated.")
        return
    managed = body["type"] == whole.MANAGED
    if managed and "address" in body and body["address"] is None:
        yield Fault("address: is required for a managed facility")
    if not managed:
        for name in body:
            if name in _OF_MANAGED:
                yield Fault(f"{name}: is not a member of a supplier")
    given = {name: value for name, value in body.items() if value is not None}
    yield from whole.member_faults(given, managed=managed)


def change(stored: Document, body: Document, *, zones: whole.Zones, now: int) -> Decision:
    """The facility after a change that was checked. Raises VersionConflict, or Invalid with every fault.

    `zones` is what is known of the time zones that the body names. A change that asks for what is already so
    writes nothing.
    """
    _check_version(stored, body)
    if "actions" in body:
        if stored["type"] != whole.MANAGED:
            raise Invalid(Fault("actions: change managed facilities only, and this is a supplier"))
        wanted = stored
        for action in body["actions"]:
            wanted = _after(wanted, action)
    else:
        _check_type(stored, body)
        named = {name: value for name, value in body.items() if name not in ("version", "type")}
        given = {name: value for name, value in named.items() if value is not None}
        kept = {name: value for name, value in stored.items() if name not in named or name in given}
        wanted = {**kept, **given}
    return _decided(stored, wanted, zones=zones, now=now)


def _after(facility: Document, action: Document) -> Document:
    named = {name: value for name, value in action.items() if name != "action"}
    if "address" in named:
        named["address"] = {**facility["address"], **named["address"]}
    document = {**facility, **named}
    if document.get("tags") == []:
        del document["tags"]
    return document


def replace(stored: Document, body: Document, *, zones: whole.Zones, now: int) -> Decision:
    """The facility as a checked body describes it whole. Raises VersionConflict, or Invalid with every fault.

    Members that the body has no words for stay: costs, and what we do not know. `zones` is as in `change`.
    """
    _check_version(stored, body)
    _check_type(stored, body)
    kept = {name: value for name, value in stored.items() if name not in _REPLACED}
    wanted = {name: value for name, value in body.items() if name not in ("version", "type")}
    return _decided(stored, {**kept, **wanted}, zones=zones, now=now)


def check_removal(belongings: Sequence[Belonging], *, force: bool) -> None:
    """Refuses to end a facility: with `force` where something binds it, else where anything belongs to it.

    Raises Conflict.
    """
    bound = _named(each for each in belongings if each.binds)
    if bound:
        raise Conflict(
            Fault(
                f"The facility still has {bound}: pieces that are held for orders.",
                "Nothing was deleted. Cancel the orders, or release the pieces (POST /api/reservations/actions).",
            )
        )
    held = _named(belongings)
    if held and not force:
        raise Conflict(
            Fault(
                f"The facility still has {held}.",
                "Nothing was deleted. With forceDeletion=true they go with it.",
            )
        )


def remove(stored: Document, belongings: Sequence[Belonging], *, force: bool) -> Decision:
    """The end of a facility, and with `force` of what belongs to it, save what was to be ended before.

    Raises Conflict, also where there is some of that again.
    """
    check_removal(belongings, force=force)
    left = _named(each for each in belongings if each.parting is None)
    if left:
        raise Conflict(Fault(f"The facility has got {left} while it was deleted.", "Send the request again."))
    partings = [each.parting for each in belongings if each.parting is not None]
    return Decision(stored, Happening("FACILITY_DELETED"), beside=merged(Changeset(), *partings))


def _named(belongings: Iterable[Belonging]) -> str:
    return " and ".join(f"{each.number} {each.what}" for each in belongings if each.number)


def _decided(stored: Document, wanted: Document, *, zones: whole.Zones, now: int) -> Decision:
    facility = whole.completed(wanted, zones)
    if facility == stored:
        return Decision(stored)
    faults = list(whole.faults(facility))
    if faults:
        raise Invalid(*faults)
    ours = {"version": stored["version"] + 1, "lastModified": text_of(now)}
    return Decision({**facility, **ours}, Happening("FACILITY_UPDATED", {"changed": changed_members(stored, facility)}))


def _check_version(stored: Document, body: Document) -> None:
    if body["version"] != stored["version"]:
        raise VersionConflict("facility", body["version"], stored["version"])


def _check_type(stored: Document, body: Document) -> None:
    if body["type"] != stored["type"]:
        raise Invalid(Fault(f"type: expected {stored['type']}, which the facility is; a type cannot change"))
