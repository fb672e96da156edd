"""Filters of the facility's name, said by the ids that records hold. Pure.

A name that no facility has is that of no record; a record whose facility is gone has no name (decision D65).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from opendoms.kernel.decision import Document
from opendoms.records.search import FACILITY_NAME
from opendoms.search.evaluate import DEPTH_MAX


def names_in(query: Document, depth: int = 0) -> Iterator[str]:
    """The names that a filter speaks of, at any level that a search understands."""
    for name, given in query.items():
        if name in ("and", "or"):
            # What is nested deeper is refused by whoever evaluates it.
            if depth < DEPTH_MAX:
                for part in given:
                    yield from names_in(part, depth + 1)
        elif name == FACILITY_NAME:
            for wanted in given.values():
                yield from (wanted,) if isinstance(wanted, str) else wanted


def by_reference(query: Document, references: Mapping[str, Sequence[str]], depth: int = 0) -> Document:
    """The filter with ids of facilities in place of their names. `references` are the ids by name."""
    found: Document = {}
    for name, given in query.items():
        if name in ("and", "or") and depth < DEPTH_MAX:
            found[name] = [by_reference(part, references, depth + 1) for part in given]
        else:
            found[name] = _condition(given, references) if name == FACILITY_NAME else given
    return found


def _condition(given: Document, references: Mapping[str, Sequence[str]]) -> Document:
    """The condition on the reference. One name may be that of several facilities, so that each becomes a list."""
    within: list[str] | None = None
    without: list[str] | None = None
    for operator, wanted in given.items():
        names = (wanted,) if isinstance(wanted, str) else wanted
        ids = dict.fromkeys(each for name in names for each in references.get(name, ()))
        if operator in ("eq", "in"):
            within = [*ids] if within is None else [each for each in within if each in ids]
        else:
            without = list(dict.fromkeys([*(without or ()), *ids]))
    condition = {"in": within, "notIn": without}
    return {operator: ids for operator, ids in condition.items() if ids is not None}
