"""What a filter may name, and where a document has it.

Paths lead from the object that the description belongs to: the document, or the list element inside of `Each`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple

from opendoms.kernel.decision import Document

Kind = Literal["text", "number", "boolean", "moment"]
Path = tuple[str, ...]


class Value(NamedTuple):
    """A value of one kind, filtered by operators such as `eq`.

    With `many` the path leads into every list on its way and at its end, so there may be several values, and an
    operator holds where it holds for one of them (`notEq` and `notIn`: for all). A moment is a timestamp in the
    canonical form that documents are stored in. `choices` are the texts of a closed list of which every document has
    one: a search is put in order by such a value one choice after the other.
    """

    kind: Kind
    path: Path
    many: bool = False
    choices: tuple[str, ...] = ()


class Nested(NamedTuple):
    """An object, filtered by its members: all that are given must hold."""

    fields: Fields
    path: Path


class Each(NamedTuple):
    """A list, filtered by `contains` (all that is given there holds for the same element) and by `exists`.

    `of` describes an element: the members of an object, or a `Value` with the path () for the element itself.
    """

    of: Fields | Value
    path: Path


class Attributes(NamedTuple):
    """An object of the caller's own, filtered by any of its members, each by its own type."""

    path: Path


class Named(NamedTuple):
    """A reference that results are ordered by the name of, which documents do not hold.

    `names` has the names by reference, as they are when the search is made; what it does not have has no name.
    """

    path: Path
    names: Mapping[str, str]


Field = Value | Nested | Each | Attributes
Fields = Mapping[str, Field]

# Stands for a member that is not there. Null counts as not there.
ABSENT: Final = None


def at(document: Document | Any, path: Path) -> Any:
    """What lies at a path of a document, or ABSENT."""
    found: Any = document
    for name in path:
        if not isinstance(found, dict):
            return ABSENT
        found = found.get(name)
    return found


def all_at(document: Document | Any, path: Path) -> list[Any]:
    """Everything that lies at a path of a document, going into every list on the way and at the end."""
    found: list[Any] = [document]
    for name in path:
        found = _spread([part.get(name) for part in found if isinstance(part, dict)])
    return found


def _spread(parts: list[Any]) -> list[Any]:
    if len(parts) == 1:  # as is usual: no list on the way
        return parts[0] if isinstance(parts[0], list) else parts
    return [inner for part in parts for inner in (part if isinstance(part, list) else (part,))]
