"""How a filter becomes a question to the index: which terms, which moments, and whether that says it all. Pure.

A plan finds every document that the filter matches, and may find more: then it is not exact, and each document is
compared with the filter itself (search/evaluate.py). Nothing is ever negated but what is exact, so that a plan never
finds less.

| in a filter | in the plan | exact |
| --- | --- | --- |
| `eq`, `in` | one term, one of several | yes |
| `notEq`, `notIn` outside of a list element | none of the terms | yes |
| `exists` | the term for "has elements", or none of it | yes |
| `contains` with one condition of these | the term of the place in the elements | yes |
| `contains` with several | all of the terms, perhaps of different elements | no |
| `notEq`, `notIn` and `exists: false` inside of `contains` | has elements | no |
| a range of the moment that the index is ordered by | a range of moments | yes |
| another range, of numbers or moments | has such a value | no |
| `like`, a range of texts | everything | no |
| `and`, `or` | the same; ranges of moments in an `or` become one that holds them all | where the parts are |
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from opendoms.kernel.clock import INSTANT_MAX, INSTANT_MIN, instant_from
from opendoms.kernel.decision import Document
from opendoms.kernel.refusal import Fault, Invalid
from opendoms.search.expression import EVERY, NOTHING, Expression, all_hold, any_of, none_of, one_holds
from opendoms.search.fields import Attributes, Each, Field, Fields, Kind, Nested, Path, Value
from opendoms.search.terms import (
    ATTRIBUTES,
    RANGED,
    Term,
    attribute_term,
    attribute_there,
    element_of,
    place_of,
    term_of,
    there,
)
from opendoms.search.values import kind_of, relative

# How many values a filter may look for, all levels together: each is looked up in the index.
TERMS_MAX: Final = 1_000

_NEGATIONS: Final = {"notEq": "eq", "notIn": "in"}


class Plan(NamedTuple):
    """What the index is asked for.

    `low` and `high` are the first and last moment (ms) of the range, None where it is open. `unsure` are the paths of
    the conditions for which each document has to be looked at; where there is none, the plan is exact.
    """

    expression: Expression
    low: int | None = None
    high: int | None = None
    unsure: tuple[str, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether every document that the plan finds matches."""
        return not self.unsure

    @property
    def empty(self) -> bool:
        """Whether it is plain that no document matches."""
        return self.expression == NOTHING


_ALL: Final = Plan(EVERY)
_NONE: Final = Plan(NOTHING)


def plan_of(fields: Fields, moment: Path, query: Document, *, now: int) -> Plan:
    """The plan of a filter that `evaluate.predicate` has accepted. `moment` is the path that the index is ordered by.

    Raises Invalid, with a path, for more values than TERMS_MAX.
    """
    return _Planner(moment, now).query(fields, query, "query")


class _Planner:
    """Plans one filter."""

    def __init__(self, moment: Path, now: int) -> None:
        self._moment = moment
        self._now = now
        self._terms: set[Term] = set()

    def query(self, fields: Fields, query: Document, path: str) -> Plan:
        """The plan of a filter that may hold `and` and `or`."""
        parts = []
        for name, given in query.items():
            if name in ("and", "or"):
                inner = [self.query(fields, part, f"{path}.{name}[{place}]") for place, part in enumerate(given)]
                parts.append(_all_hold(inner) if name == "and" else _one_holds(inner, f"{path}.or"))
            else:
                parts.append(self._field(fields[name], given, "", f"{path}.{name}"))
        return _all_hold(parts)

    def _field(self, field: Field, given: Document, before: str, path: str, *, inside: bool = False) -> Plan:
        """The plan of one member. `before` is the place of its object, `inside` whether that is a list element."""
        match field:
            case Value():
                return self._value(field, given, before, path, inside=inside)
            case Nested(fields, inner):
                return self._members(fields, given, place_of(before, inner), path, inside=inside)
            case Each():
                return self._each(field, given, place_of(before, field.path), path, inside=inside)
            case Attributes(inner):
                place = place_of(before, inner) + ATTRIBUTES
                return self._attributes(given, place, path, inside=inside)

    def _members(self, fields: Fields, given: Document, place: str, path: str, *, inside: bool) -> Plan:
        return _all_hold(
            [self._field(fields[name], part, place, f"{path}.{name}", inside=inside) for name, part in given.items()]
        )

    def _each(self, field: Each, given: Document, place: str, path: str, *, inside: bool) -> Plan:
        some = self._one(there(place), path)
        parts = []
        for operator, wanted in given.items():
            inner = f"{path}.{operator}"
            if operator == "exists":
                parts.append(some if wanted else _negated(some, inner, inside=inside))
            else:
                parts.append(self._contains(field.of, wanted, place, inner, some))
        return _all_hold(parts)

    def _contains(self, of: Fields | Value, wanted: Document, place: str, path: str, some: Plan) -> Plan:
        element = element_of(place)
        if isinstance(of, Value):
            inner = self._value(of, wanted, element, path, inside=True)
        else:
            inner = self._members(of, wanted, element, path, inside=True)
        if inner.expression == EVERY:
            return some._replace(unsure=inner.unsure)
        # Terms do not say which element they come from: two of them may come from two.
        together = _conditions(wanted) > 1 and inner.exact
        return inner._replace(unsure=(path,)) if together else inner

    def _value(self, field: Value, given: Document, before: str, path: str, *, inside: bool) -> Plan:
        if not before and not field.many and field.path == self._moment:
            return _all_hold(
                [self._range(operator, wanted, f"{path}.{operator}") for operator, wanted in given.items()]
            )
        place = place_of(before, field.path, many=field.many)
        parts = []
        for operator, wanted in given.items():
            inner = f"{path}.{operator}"
            same = _NEGATIONS.get(operator, operator)
            if same in ("eq", "in"):
                values = wanted if same == "in" else (wanted,)
                if field.kind == "moment":
                    values = map(instant_from, values)
                found = self._one_of([term_of(place, field.kind, value) for value in values], inner)
                parts.append(found if same == operator else _negated(found, inner, inside=inside))
            elif field.kind in RANGED and operator != "like":
                parts.append(self._one(there(place), inner)._replace(unsure=(inner,)))
            else:
                parts.append(_ALL._replace(unsure=(inner,)))
        return _all_hold(parts)

    def _range(self, operator: str, wanted: Any, path: str) -> Plan:
        """A condition on the moment that the index is ordered by."""
        if operator in ("after", "before"):
            moment = relative(wanted, self._now)
        elif operator in ("eq", "gt", "gte", "lt", "lte"):
            moment = instant_from(wanted)
        else:
            return _ALL._replace(unsure=(path,))
        match operator:
            case "eq":
                return _within(moment, moment)
            case "gt" | "after":
                return _within(moment + 1, None)
            case "gte":
                return _within(moment, None)
            case "lt" | "before":
                return _within(None, moment - 1)
            case _:
                return _within(None, moment)

    def _attributes(self, given: Document, place: str, path: str, *, inside: bool) -> Plan:
        parts = []
        for name, operators in given.items():
            for operator, wanted in operators.items():
                inner = f"{path}.{name[:64]}.{operator}"
                if operator in ("eq", "notEq"):
                    found = self._one_of([attribute_term(place, name, wanted)], inner)
                    parts.append(found if operator == "eq" else _negated(found, inner, inside=inside))
                else:
                    kind: Kind = "number" if kind_of(wanted) == "number" else "moment"
                    found = self._one(attribute_there(place, name, kind), inner)
                    parts.append(found._replace(unsure=(inner,)))
        return _all_hold(parts)

    def _one(self, term: Term, path: str) -> Plan:
        return self._one_of([term], path)

    def _one_of(self, terms: list[Term | None], path: str) -> Plan:
        possible = [term for term in terms if term is not None]
        self._terms.update(possible)
        if len(self._terms) > TERMS_MAX:
            hint = "Ask in several searches."
            raise Invalid(Fault(f"{path}: is more than the {TERMS_MAX} values that a search may look for", hint))
        return Plan(any_of(possible))


def _negated(plan: Plan, path: str, *, inside: bool) -> Plan:
    """The opposite of "one of these terms"; inside of an element only the document can tell."""
    if inside:
        return _ALL._replace(unsure=(path,))
    return Plan(none_of(getattr(plan.expression, "terms", ())))


def _within(low: int | None, high: int | None) -> Plan:
    """A range of moments, open where it holds all there can be."""
    if low is not None and low <= INSTANT_MIN:
        low = None
    if high is not None and high >= INSTANT_MAX:
        high = None
    if (low is not None and low > INSTANT_MAX) or (high is not None and high < INSTANT_MIN):
        return _NONE
    return Plan(EVERY, low, high)


def _all_hold(plans: list[Plan]) -> Plan:
    expression = all_hold(plan.expression for plan in plans)
    low = max((plan.low for plan in plans if plan.low is not None), default=None)
    high = min((plan.high for plan in plans if plan.high is not None), default=None)
    if expression == NOTHING or (low is not None and high is not None and low > high):
        return _NONE
    return Plan(expression, low, high, tuple(path for plan in plans for path in plan.unsure))


def _one_holds(plans: list[Plan], path: str) -> Plan:
    plans = [plan for plan in plans if not plan.empty]
    if not plans:
        return _NONE
    if _ALL in plans:
        return _ALL
    expression = one_holds(plan.expression for plan in plans)
    lows = [plan.low for plan in plans]
    highs = [plan.high for plan in plans]
    low = None if None in lows else min(low for low in lows if low is not None)
    high = None if None in highs else max(high for high in highs if high is not None)
    unsure = [path for plan in plans for path in plan.unsure]
    if len({(plan.low, plan.high) for plan in plans}) > 1:
        unsure.append(path)
    return Plan(expression, low, high, tuple(unsure))


def _conditions(wanted: Any) -> int:
    """How many conditions a part of a filter holds."""
    return sum(1 for _ in _leaves(wanted))


def _leaves(wanted: Any) -> Iterator[Any]:
    if isinstance(wanted, dict):
        for inner in wanted.values():
            yield from _leaves(inner)
    else:
        yield wanted
