"""Filters of stocks by the caller's own id of a facility, said by the id that stocks hold. Pure.

A facility's own id may change, and a stock that was written before has the old one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from opendoms.inventory.rules.stocks import Facility
from opendoms.kernel.decision import Document

OWN_ID: Final = "tenantFacilityId"
# The id of no facility.
_NOBODYS: Final = ""


def own_ids_in(query: Document) -> Iterator[str]:
    """The own ids that a filter speaks of, at any level."""
    for name, given in query.items():
        if name in ("and", "or"):
            for part in given:
                yield from own_ids_in(part)
        elif name == OWN_ID:
            for wanted in given.values():
                yield from (wanted,) if isinstance(wanted, str) else wanted


def by_reference(query: Document, known: Mapping[str, Facility]) -> Document:
    """The filter with the ids of facilities in place of their own ids; what nobody is called equals nothing."""
    found: Document = {}
    for name, given in query.items():
        if name in ("and", "or"):
            found[name] = [by_reference(part, known) for part in given]
        elif name == OWN_ID:
            found[name] = {operator: _ids(wanted, known) for operator, wanted in given.items()}
        else:
            found[name] = given
    return found


def _ids(wanted: str | list[str], known: Mapping[str, Facility]) -> str | list[str]:
    if isinstance(wanted, str):
        return known[wanted].id if wanted in known else _NOBODYS
    return [known[each].id if each in known else _NOBODYS for each in wanted]
