"""What becomes of each member of a document once the persons are to go out of it.

A map names every member of an object that may stay, in one way or another; what it does not name goes. So a member that
a caller has added to an open object never outlives the person, and neither does one that somebody forgets to declare.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple

from opendoms.kernel.decision import Document

# What stands in place of a text that told of a person, where the member itself is needed.
ANONYMIZED: Final = "ANONYMIZED"
# A country as a code of two or three letters tells too little of a person to have to go.
_COUNTRY: Final = re.compile("[A-Za-z]{2,3}")


class Fate(StrEnum):
    """What becomes of a member: see each one's text, which the reference shows."""

    STAYS = "stays"
    GOES = "is removed"
    WORD = f"becomes {ANONYMIZED}"
    COUNTRY = f"stays where it is a country code, else becomes {ANONYMIZED}"
    ACTOR = f"becomes {ANONYMIZED}, unless the tenant keeps the names of those who acted"


class Each(NamedTuple):
    """A list of objects, each treated by the same map."""

    members: Members


Members = Mapping[str, "Fate | Each | Members"]


def without_persons(document: Document, members: Members, *, actors: bool = True) -> Document:
    """The document with what the map lets stay. `actors`: the names of those who acted go as well."""
    after: Document = {}
    for name, value in document.items():
        fate = members.get(name, Fate.GOES)
        if fate is Fate.STAYS or (value is None and fate is not Fate.GOES):
            after[name] = value
        elif not isinstance(fate, Fate):
            kept = _within(value, fate, actors=actors)
            if kept is not None:
                after[name] = kept
        elif fate is not Fate.GOES:
            after[name] = _worded(value, fate, actors=actors)
    return after


def _within(value: Any, fate: Each | Members, *, actors: bool) -> Any:
    """An object or a list of objects; whatever else stands in its place goes."""
    if isinstance(fate, Each):
        if not isinstance(value, list):
            return None
        return [without_persons(one, fate.members, actors=actors) for one in value if isinstance(one, dict)]
    return without_persons(value, fate, actors=actors) if isinstance(value, dict) else None


def _worded(value: Any, fate: Fate, *, actors: bool) -> Any:
    if fate is Fate.ACTOR and not actors:
        return value
    if fate is Fate.COUNTRY and isinstance(value, str) and _COUNTRY.fullmatch(value):
        return value
    return ANONYMIZED


def remainder(entity_id: str, version: int) -> Document:
    """What is left of a version of a deleted document."""
    return {"id": entity_id, "version": version}


def is_remainder(document: Document) -> bool:
    """Whether nothing else is left of it."""
    return document.keys() == {"id", "version"}


def paths_of(members: Members, before: str = "") -> list[tuple[str, Fate]]:
    """Every member of a map by its path, such as `consumer.addresses[].street`, with its fate; each map shown once."""
    return _paths(members, before, ())


def _paths(members: Members, before: str, above: tuple[Members, ...]) -> list[tuple[str, Fate]]:
    found: list[tuple[str, Fate]] = []
    for name, fate in members.items():
        path = f"{before}{name}"
        inner = fate.members if isinstance(fate, Each) else fate
        if isinstance(inner, Fate):
            found.append((path, inner))
        elif not any(inner is one for one in (members, *above)):
            step = "[]." if isinstance(fate, Each) else "."
            found.extend(_paths(inner, path + step, (members, *above)))
    return found
