"""The order of results: one member, up or down, and always the id as the last key, in the same direction.

- Values are ordered within their kind: numbers by size, texts by code points, moments by time. Custom attributes may
  hold several kinds: booleans come before numbers, numbers before texts.
- A document without the value comes last going up, and first going down: going down is the exact reverse.
- Of several values in a list the smallest decides going up and the largest going down.
- What documents only refer to is ordered by its name (`Named`); a reference to nothing is a document without the value.
- Of a text the first TEXT_MAX characters count, since cursors carry them.
- Where the caller does not say, the newest comes first: by id going down, since ids are UUIDv7.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from opendoms.kernel.decision import Document
from opendoms.kernel.refusal import Fault, Invalid
from opendoms.search.fields import ABSENT, Attributes, Named, Path, Value, all_at, at
from opendoms.search.values import Comparable, kind_of, value_of

TEXT_MAX: Final = 256  # characters

Sorts = Mapping[str, "Value | Attributes | Named | Sorts"]

# A value with the rank of its kind, so that keys of any two documents can be compared.
Ranked = tuple[int, Comparable]
# Where a document stands: its value and its id.
Position = tuple[Ranked, str]

BOOLEAN, NUMBER, TEXT, NOTHING = range(4)
_RANKS: Final = {"boolean": BOOLEAN, "number": NUMBER, "moment": NUMBER, "text": TEXT}
# Where documents without the value stand.
LAST: Final[Ranked] = (NOTHING, 0)


class Order(NamedTuple):
    """What results are ordered by. `name` identifies it in cursors, `value` says where documents have the value."""

    name: str
    value: Value | Attributes | Named
    descending: bool

    def position(self, document: Document) -> Position:
        """Where a document stands. Positions compare going up; going down, the larger one comes first."""
        return self._ranked(document), document["id"]

    def _ranked(self, document: Document) -> Ranked:
        if isinstance(self.value, Attributes):
            found = at(document, self.value.path)
            kind = kind_of(found)
            return LAST if kind is None else _rank(kind, value_of(kind, found))
        if isinstance(self.value, Named):
            found = at(document, self.value.path)
            return _rank("text", self.value.names.get(found) if isinstance(found, str) else ABSENT)
        kind = self.value.kind
        if not self.value.many:
            return _rank(kind, value_of(kind, at(document, self.value.path)))
        values = [value_of(kind, each) for each in all_at(document, self.value.path)]
        ranked = [_rank(kind, value) for value in values if value is not ABSENT]
        if not ranked:
            return LAST
        return max(ranked) if self.descending else min(ranked)


BY_ID: Final = Value("text", ("id",))
NEWEST_FIRST: Final = Order("id:DESC", BY_ID, descending=True)


def order_of(sorts: Sorts, sort: list[Document] | None, default: Order = NEWEST_FIRST) -> Order:
    """The order that `sort` asks for: a list of one object with one member, which says ASC or DESC. Raises Invalid."""
    if sort is None:
        return default
    if len(sort) != 1:
        raise Invalid(Fault(f"sort: expected one entry, got {len(sort)}"))
    leaves = list(_leaves(sorts, sort[0], "sort[0]", ()))
    if len(leaves) != 1:
        raise Invalid(Fault(f"sort[0]: expected one member to sort by, got {len(leaves)}"))
    return leaves[0]


def _leaves(sorts: Sorts, given: Document, path: str, names: Path) -> Iterator[Order]:
    for name, wanted in given.items():
        target = sorts.get(name)
        inner, inner_names = f"{path}.{name}", (*names, name)
        match target:
            case Value() | Named():
                yield _order(target, wanted, inner, inner_names)
            case Attributes():
                for attribute, direction in wanted.items():
                    found = Attributes((*target.path, attribute))
                    yield _order(found, direction, f"{inner}.{attribute[:64]}", (*inner_names, attribute))
            case None:
                raise Invalid(Fault(f"{inner}: is not known here"))
            case _:
                yield from _leaves(target, wanted, inner, inner_names)


def _order(value: Value | Attributes | Named, direction: Any, path: str, names: Path) -> Order:
    if direction not in ("ASC", "DESC"):
        raise Invalid(Fault(f"{path}: expected ASC or DESC"))
    return Order(f"{'.'.join(names)}:{direction}", value, direction == "DESC")


def _rank(kind: str, value: Comparable | None) -> Ranked:
    if value is ABSENT:
        return LAST
    return _RANKS[kind], value[:TEXT_MAX] if isinstance(value, str) else value
