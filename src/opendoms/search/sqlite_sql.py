"""How SQLite is asked: a full-text index over terms, whose rowids are in the order of moments (db/search_key.py). Pure.

A rowid holds the moment and, below it, a number that is in no order. So whoever wants the next documents by moment and
id takes the next rowids, and with them all that share the last one's moment; only then is there an order to cut. Groups
of one moment are small; a large one costs time. The first and the last moment that fit into a rowid stand for all that
lie beyond: among those the documents say which comes first.
"""

from __future__ import annotations

import struct
from typing import Final

from opendoms.kernel.clock import text_of
from opendoms.search.asking import Asked, Names, Statement, Way
from opendoms.search.expression import And, AnyOf, Expression, NoneOf, Or, Whole
from opendoms.search.terms import EVERYTHING, Term

# The form of rowids, as db/search_key.py has it; a test holds both together.
SLOT_BITS: Final = 20
MOMENT_MAX: Final = (1 << 63 - SLOT_BITS) - 1
MOMENT_MIN: Final = -MOMENT_MAX - 1
_KEY_MIN: Final = -(1 << 63)
_KEY_MAX: Final = (1 << 63) - 1
_NO_KEYS: Final = (1, 0)
_SLOT_MAX: Final = (1 << SLOT_BITS) - 1

_MOMENT: Final = f"(d.search_key >> {SLOT_BITS})"
# Where one rowid stands for many moments, the document says which. Timestamps in canonical form compare as texts.
_TRUE_MOMENT: Final = f"case when {_MOMENT} in (:first, :last) then json_extract(d.document, :path) else '' end"
# What shares the moment of the head's last rowid. The index takes no bound for a null, and would read everything where
# the head is empty; so then the bounds exclude each other.
_TAIL_DOWN: Final = (
    f">= (select coalesce(min(key) >> {SLOT_BITS} << {SLOT_BITS}, 1) from head)"
    " and rowid < (select coalesce(min(key), 0) from head)"
)
_TAIL_UP: Final = (
    f"> (select coalesce(max(key), 1) from head) and rowid <= (select coalesce(max(key) | {_SLOT_MAX}, 0) from head)"
)


class SqliteDialect:
    """Implements `asking.Dialect`."""

    def exact(self, asked: Asked) -> bool:
        """A range that ends where one rowid stands for many moments holds all of those."""
        return all(bound is None or MOMENT_MIN < bound < MOMENT_MAX for bound in (asked.low, asked.high))

    def in_order(self, names: Names, asked: Asked, way: Way) -> Statement:
        """Documents by moment and id."""
        low, high = _keys(asked)
        values: dict[str, str | int] = {
            "terms": match_of(asked),
            "tenant": asked.tenant,
            "size": way.size,
            "first": MOMENT_MIN,
            "last": MOMENT_MAX,
            "path": f"$.{'.'.join(names.moment)}",
        }
        matching = f"select rowid as key from {names.index_table} where {names.index_table} match :terms and rowid"
        order = f"{_MOMENT} {way.direction}, {_TRUE_MOMENT} {way.direction}, d.id {way.direction}"
        same, behind = "", ""
        if way.start is not None:
            # The documents of the start's own moment; the head then begins behind that moment.
            group = max(MOMENT_MIN, min(MOMENT_MAX, way.start.moment))
            first, last = group << SLOT_BITS, group << SLOT_BITS | _SLOT_MAX
            values |= {"same_low": max(low, first), "same_high": min(high, last), "group": group}
            values |= {"start_at": text_of(way.start.moment) if _is_edge(group) else "", "start_id": way.start.id}
            same = f"same as materialized ({matching} between :same_low and :same_high), "
            behind = f" and ({_MOMENT} <> :group or ({_TRUE_MOMENT}, d.id) {way.sign()} (:start_at, :start_id))"
            if way.falling:
                low, high = (low, min(high, first - 1)) if first > _KEY_MIN else _NO_KEYS
            else:
                low, high = (max(low, last + 1), high) if last < _KEY_MAX else _NO_KEYS
        values |= {"low": low, "high": high}
        return Statement(
            f"with {same}"
            f"head as materialized ({matching} between :low and :high order by rowid {way.direction} limit :size), "
            f"tail as materialized ({matching} {_TAIL_DOWN if way.falling else _TAIL_UP}), "
            f"found as ({'select key from same union all ' if same else ''}"
            "select key from head union all select key from tail), "
            f"page as materialized (select d.search_key as key from found cross join {names.table} d"
            f" on d.search_key = found.key where d.tenant = :tenant{behind} order by {order} limit :size) "
            f"select d.document from page cross join {names.table} d on d.search_key = page.key"
            f" order by {order}",
            values,
        )

    def by_id(self, names: Names, asked: Asked, way: Way) -> Statement:
        """Documents by id: whatever is found is put in order."""
        return Statement(
            f"with page as materialized (select d.search_key as key, d.id from {names.index_table} s"
            f" cross join {names.table} d on d.search_key = s.rowid"
            f" where {names.index_table} match :terms and s.rowid between :low and :high and d.tenant = :tenant"
            f"{_behind_id(way)} order by d.id {way.direction} limit :size)"
            f" select d.document from page cross join {names.table} d on d.search_key = page.key"
            f" order by page.id {way.direction}",
            _by_id_values(asked, way),
        )

    def walk(self, names: Names, asked: Asked, way: Way) -> Statement:
        """Documents by id: they are taken in order, and each is looked up in the index."""
        return Statement(
            f"select d.document from {names.table} d where d.tenant = :tenant{_behind_id(way)}"
            # The plus keeps the planner from taking them by their keys, which are in another order.
            " and +d.search_key between :low and :high"
            f" and exists (select 1 from {names.index_table} i"
            f" where i.{names.index_table} match :terms and i.rowid = d.search_key)"
            f" order by d.id {way.direction} limit :size",
            _by_id_values(asked, way),
        )

    def count(self, names: Names, asked: Asked, cap: int | None = None) -> Statement:
        """One row with the number."""
        low, high = _keys(asked)
        found = f"from {names.index_table} where {names.index_table} match :terms and rowid between :low and :high"
        values: dict[str, str | int] = {"terms": match_of(asked), "low": low, "high": high}
        if cap is None:
            return Statement(f"select count(*) {found}", values)
        return Statement(f"select count(*) from (select 1 {found} limit :cap)", values | {"cap": cap})


def match_of(asked: Asked) -> str:
    """The expression of the full-text index: hexadecimal tokens, AND, OR, NOT and brackets, and nothing else."""
    return _Match(asked).text(asked.expression)


class _Match:
    """Writes an expression. The part that needs the deepest stack comes first: the parser's has 100 places."""

    def __init__(self, asked: Asked) -> None:
        self._hashed = asked.hashed

    def text(self, expression: Expression) -> str:
        """The expression, in brackets where it is more than a token."""
        return self._written(expression)[1]

    def _written(self, expression: Expression) -> tuple[int, str]:
        """How many places of the stack the text needs, and the text."""
        match expression:
            case AnyOf(terms):
                return self._joined([(1, self._token(term)) for term in terms], "OR")
            case NoneOf(terms):
                return self._without((1, self._token(EVERYTHING)), terms)
            case And(parts):
                found = [self._written(part) for part in parts if not isinstance(part, NoneOf)]
                left = self._joined(found, "AND")
                without = [part for part in parts if isinstance(part, NoneOf)]
                return self._without(left, without[0].terms) if without else left
            case Or(parts):
                return self._joined([self._written(part) for part in parts], "OR")
            case Whole(every):
                assert every  # noqa: S101 - nobody asks for nothing
                return 1, self._token(EVERYTHING)

    def _without(self, left: tuple[int, str], terms: tuple[Term, ...]) -> tuple[int, str]:
        need, right = self._joined([(1, self._token(term)) for term in terms], "OR")
        return max(1 + left[0], 3 + need), f"({left[1]} NOT {right})"

    def _joined(self, parts: list[tuple[int, str]], operator: str) -> tuple[int, str]:
        if len(parts) == 1:
            return parts[0]
        parts = sorted(parts, key=lambda part: -part[0])
        need = max(1 + parts[0][0], 3 + parts[1][0])
        return need, f"({f' {operator} '.join(text for _, text in parts)})"

    def _token(self, term: Term) -> str:
        return struct.pack(">q", self._hashed(term)).hex()


def _keys(asked: Asked) -> tuple[int, int]:
    """The first and the last rowid of the range of moments."""
    low, high = _KEY_MIN, _KEY_MAX
    if asked.low is not None:
        low = max(MOMENT_MIN, min(MOMENT_MAX, asked.low)) << SLOT_BITS
    if asked.high is not None:
        high = (max(MOMENT_MIN, min(MOMENT_MAX, asked.high)) << SLOT_BITS) | _SLOT_MAX
    return low, high


def _behind_id(way: Way) -> str:
    return "" if way.start is None else f" and d.id {way.sign()} :start"


def _by_id_values(asked: Asked, way: Way) -> dict[str, str | int]:
    low, high = _keys(asked)
    values: dict[str, str | int] = {"terms": match_of(asked), "tenant": asked.tenant, "size": way.size}
    values |= {"low": low, "high": high}
    return values if way.start is None else values | {"start": way.start.id}


def _is_edge(moment: int) -> bool:
    return moment in (MOMENT_MIN, MOMENT_MAX)
