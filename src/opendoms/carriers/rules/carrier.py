"""Creating and changing a carrier."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from opendoms.carriers.rules.parcels import classification_faults, named
from opendoms.carriers.rules.secrets import without_secrets
from opendoms.kernel.clock import text_of
from opendoms.kernel.decision import Decision, Document, Happening
from opendoms.kernel.ids import NewId
from opendoms.kernel.refusal import Fault, Invalid, VersionConflict

KEYS: Final = (
    "DHL_V2",
    "DPD_CH",
    "DPD_CH_VCE",
    "ANGEL",
    "GLS",
    "FEDEX",
    "POSTNL",
    "BRING",
    "UPS",
    "POST_NORD",
    "DHL_EXPRESS",
    "CUSTOM",
)
CUSTOM_PREFIX: Final = "CUSTOM_"

ACTIVE: Final = "ACTIVE"
INACTIVE: Final = "INACTIVE"
SAMEDAY: Final = "SAMEDAY"

# What a carrier is where the caller does not say.
_DEFAULTS: Final = {
    "status": INACTIVE,
    "deliveryType": "DELIVERY",
    "lifecycle": "GA",
    "defaultParcelWidthInCm": 35,
    "defaultParcelLengthInCm": 25,
    "defaultParcelHeightInCm": 10,
    "defaultParcelWeightInGram": 1000,
}
# Members that are not the caller's to change.
_OURS: Final = frozenset({"action", "id", "version", "created", "lastModified"})


def create(wanted: Document, *, now: int, new_id: NewId) -> Decision:
    """The carrier that a body describes, with its defaults. `now` is an instant in ms. Raises Invalid."""
    faults = [*_key_faults(wanted["key"]), *classification_faults("", wanted)]
    if faults:
        raise Invalid(*faults)
    at = text_of(now)
    ours = {"id": new_id(), "version": 1, "created": at, "lastModified": at}
    return Decision({**_DEFAULTS, **named(without_secrets(wanted)), **ours}, Happening("CARRIER_CREATED"))


def change(stored: Document, body: Document, *, now: int) -> Decision:
    """The carrier after a change. Raises VersionConflict, or Invalid with every fault.

    A change that asks for what is already so writes nothing.
    """
    if body["version"] != stored["version"]:
        raise VersionConflict("carrier", body["version"], stored["version"])
    faults: list[Fault] = []
    wanted = stored
    for place, action in enumerate(body["actions"]):
        if action.get("key", stored["key"]) != stored["key"]:
            faults.append(Fault(f"actions[{place}].key: expected {stored['key']}; the key of a carrier cannot change"))
        faults += classification_faults(f"actions[{place}].", action)
        given = {name: value for name, value in action.items() if name not in _OURS}
        wanted = {**wanted, **without_secrets(given)}
    if faults:
        raise Invalid(*faults)
    wanted = named(wanted)
    if wanted == stored:
        return Decision(stored)
    ours = {"version": stored["version"] + 1, "lastModified": text_of(now)}
    return Decision({**wanted, **ours}, Happening("CARRIER_UPDATED"))


def _key_faults(key: str) -> Iterator[Fault]:
    if key not in KEYS and not (key.startswith(CUSTOM_PREFIX) and len(key) > len(CUSTOM_PREFIX)):
        yield Fault(
            f"key: expected one of {', '.join(KEYS)}, or {CUSTOM_PREFIX} and a name",
            "A carrier that is none of these is told from others by a name of your own: CUSTOM_BIKE.",
        )
