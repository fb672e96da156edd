"""Connecting a carrier to a facility, changing the connection, and its end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from opendoms.calendar.dates import date_from
from opendoms.carriers.rules.carrier import INACTIVE
from opendoms.carriers.rules.parcels import classification_faults, named
from opendoms.carriers.rules.secrets import without_secrets
from opendoms.kernel.clock import text_of
from opendoms.kernel.decision import Decision, Document, Happening
from opendoms.kernel.ids import NewId
from opendoms.kernel.refusal import Fault, Invalid, VersionConflict

CONNECTIONS_MAX: Final = 500  # carriers that come to one facility
# How the end of a connection is told, which comes with the end of its facility.
ENDED: Final = Happening("FACILITY_CARRIER_CONNECTION_DELETED")

_OURS: Final = frozenset({"id", "version", "created", "lastModified", "facilityRef", "carrierRef", "key"})


def check(body: Document) -> None:
    """Refuses a body that is wrong whatever is stored. Raises Invalid with every fault."""
    faults = list(_faults(body))
    if faults:
        raise Invalid(*faults)


def connect(  # noqa: PLR0913 - everything that it is decided by
    wanted: Document, *, facility_id: str, carrier: Document, connections: int, now: int, new_id: NewId
) -> Decision:
    """The connection that a checked body describes. Raises Invalid where the facility has too many already.

    `connections` is how many the facility has. `now` is an instant in ms.
    """
    if connections >= CONNECTIONS_MAX:
        raise Invalid(Fault(f"The facility is connected to {connections} carriers already: no more are kept."))
    at = text_of(now)
    ours = {
        "id": new_id(),
        "version": 1,
        "created": at,
        "lastModified": at,
        "facilityRef": facility_id,
        "carrierRef": carrier["id"],
        "key": carrier["key"],
    }
    given = {name: value for name, value in wanted.items() if value is not None}
    defaults = {"name": carrier["name"], "status": INACTIVE}
    document = {**defaults, **named(without_secrets(given)), **ours}
    return Decision(document, Happening("FACILITY_CARRIER_CONNECTION_CREATED"))


def update(stored: Document, body: Document, *, now: int) -> Decision:
    """The connection after a checked change: what is not sent stays, null goes. Raises VersionConflict.

    A change that asks for what is already so writes nothing.
    """
    if body["version"] != stored["version"]:
        raise VersionConflict("connection", int(body["version"]), stored["version"])
    sent = {name: value for name, value in body.items() if name not in _OURS}
    given = {name: value for name, value in sent.items() if value is not None}
    kept = {name: value for name, value in stored.items() if name not in sent or name in given}
    wanted = named({**kept, **without_secrets(given)})
    if wanted == stored:
        return Decision(stored)
    ours = {"version": stored["version"] + 1, "lastModified": text_of(now)}
    return Decision({**wanted, **ours}, Happening("FACILITY_CARRIER_CONNECTION_UPDATED"))


def _faults(body: Document) -> Iterator[Fault]:
    yield from classification_faults("", body)
    yield from _cutoff_faults(body.get("cutoffTimes") or {})
    yield from _configuration_faults(body.get("configuration", {}))


def _cutoff_faults(cutoffs: Document) -> Iterator[Fault]:
    yield from _repeated("cutoffTimes.weekdays", "day", cutoffs.get("weekdays", ()))
    overwrites = cutoffs.get("overwrites", ())
    yield from _repeated("cutoffTimes.overwrites", "date", overwrites)
    for place, each in enumerate(overwrites):
        yield from _date_faults(f"cutoffTimes.overwrites[{place}].date", each["date"])


def _configuration_faults(configuration: Document) -> Iterator[Fault]:
    transit = configuration.get("transitTime")
    if transit is not None and transit["minTransitDays"] > transit["maxTransitDays"]:
        yield Fault("configuration.transitTime.maxTransitDays: expected no less than minTransitDays")
    threshold = configuration.get("threshold")
    if threshold is not None and threshold["from"] > threshold["to"]:
        yield Fault("configuration.threshold.to: expected no less than from")
    countries = configuration.get("nonDeliveryDays", ())
    yield from _repeated("configuration.nonDeliveryDays", "country", countries)
    for place, country in enumerate(countries):
        path = f"configuration.nonDeliveryDays[{place}]"
        yield from _day_faults(path, country)
        provinces = country["nonDeliveryDaysPerProvince"]
        yield from _repeated(f"{path}.nonDeliveryDaysPerProvince", "province", provinces)
        for number, province in enumerate(provinces):
            yield from _day_faults(f"{path}.nonDeliveryDaysPerProvince[{number}]", province)


def _day_faults(path: str, off: Document) -> Iterator[Fault]:
    for place, each in enumerate(off["nonDeliveryDays"]):
        yield from _date_faults(f"{path}.nonDeliveryDays[{place}].nonDeliveryDay", each["nonDeliveryDay"])


def _date_faults(path: str, text: str) -> Iterator[Fault]:
    try:
        date_from(text)
    except ValueError:
        yield Fault(f"{path}: there is no such day as {text}")


def _repeated(path: str, member: str, entries: Any) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for place, each in enumerate(entries):
        first = seen.setdefault(each[member], place)
        if first != place:
            yield Fault(f"{path}[{place}].{member}: {each[member]} is at {path}[{first}] already")
