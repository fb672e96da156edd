"""How PostgreSQL is asked: arrays of terms, which a GIN index finds, in a slim table that is ordered by moment. Pure.

The planner chooses between the terms and the moments by what it knows of the values, so that every statement must be
planned for its own values: a plan for any values would walk the moments in search of a rare term.
"""

from __future__ import annotations

from collections.abc import Sequence

from opendoms.search.asking import Asked, Names, Statement, Way
from opendoms.search.expression import And, AnyOf, Expression, NoneOf, Or, Whole
from opendoms.search.terms import Term


class PostgresDialect:
    """Implements `asking.Dialect`."""

    def exact(self, asked: Asked) -> bool:  # noqa: ARG002 - the seam's; here it needs no look
        """Moments are kept whole."""
        return True

    def in_order(self, names: Names, asked: Asked, way: Way) -> Statement:
        """Documents by moment and id."""
        return _page(names, asked, way, ("moment", "id"))

    def by_id(self, names: Names, asked: Asked, way: Way) -> Statement:
        """Documents by id."""
        return _page(names, asked, way, ("id",))

    def walk(self, names: Names, asked: Asked, way: Way) -> None:  # noqa: ARG002 - the seam's
        """The planner walks the ids by itself where that is better."""
        return

    def count(self, names: Names, asked: Asked, cap: int | None = None) -> Statement:
        """One row with the number."""
        values = _Values()
        found = f"from {names.index_table} s where {' and '.join(_conditions(values, asked))}"
        if cap is None:
            return values.statement(f"select count(*) {found}")
        return values.statement(f"select count(*) from (select 1 {found} limit {values.add(cap)}) as found")


class _Values:
    """The parameters of one statement, numbered as they come."""

    def __init__(self) -> None:
        self._values: dict[str, str | int | Sequence[int]] = {}

    def add(self, value: str | int | Sequence[int]) -> str:
        """The place of a value in the statement."""
        self._values[f"p{len(self._values) + 1}"] = value
        return f"${len(self._values)}"

    def statement(self, sql: str) -> Statement:
        """The statement with these values."""
        return Statement(sql, self._values, tuple(self._values))


def _page(names: Names, asked: Asked, way: Way, keys: tuple[str, ...]) -> Statement:
    """Documents in the order of some columns of the index."""
    values = _Values()
    conditions = _conditions(values, asked)
    if way.start is not None:
        start = [values.add(way.start.moment if key == "moment" else way.start.id) for key in keys]
        conditions.append(f"({', '.join(f's.{key}' for key in keys)}) {way.sign()} ({', '.join(start)})")
    order = ", ".join(f"{{0}}.{key} {way.direction}" for key in keys)
    return values.statement(
        f"with page as materialized (select {', '.join(f's.{key}' for key in keys)} from {names.index_table} s"
        f" where {' and '.join(conditions)} order by {order.format('s')} limit {values.add(way.size)})"
        f" select d.document from page p join {names.table} d on d.tenant = $1 and d.id = p.id"
        f" order by {order.format('p')}"
    )


def _conditions(values: _Values, asked: Asked) -> list[str]:
    """What every row must fulfil; the tenant is the first parameter."""
    conditions = [f"s.tenant = {values.add(asked.tenant)}"]
    if not (isinstance(asked.expression, Whole) and asked.expression.every):
        conditions.append(_condition(values, asked, asked.expression))
    if asked.low is not None:
        conditions.append(f"s.moment >= {values.add(asked.low)}")
    if asked.high is not None:
        conditions.append(f"s.moment <= {values.add(asked.high)}")
    return conditions


def _condition(values: _Values, asked: Asked, expression: Expression) -> str:
    match expression:
        case AnyOf((term,)):
            return f"s.terms @> {_array(values, asked, (term,))}"
        case AnyOf(terms):
            return f"s.terms && {_array(values, asked, terms)}"
        case NoneOf(terms):
            return f"not s.terms && {_array(values, asked, terms)}"
        case And(parts):
            return f"({' and '.join(_all_of(values, asked, parts))})"
        case Or(parts):
            return f"({' or '.join(_condition(values, asked, part) for part in parts)})"
        case Whole(every):
            return "true" if every else "false"


def _all_of(values: _Values, asked: Asked, parts: tuple[Expression, ...]) -> list[str]:
    """Single terms that must all be there are one condition: the index joins their lists by itself."""
    single = tuple(part.terms[0] for part in parts if isinstance(part, AnyOf) and len(part.terms) == 1)
    others = [part for part in parts if not (isinstance(part, AnyOf) and len(part.terms) == 1)]
    conditions = [f"s.terms @> {_array(values, asked, single)}"] if single else []
    return conditions + [_condition(values, asked, part) for part in others]


def _array(values: _Values, asked: Asked, terms: tuple[Term, ...]) -> str:
    return f"{values.add([asked.hashed(term) for term in terms])}::bigint[]"
