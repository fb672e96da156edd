"""Whether a document matches a filter: the meaning of every operator, as a function of document, filter and time.

- Everything that stands side by side in a filter must hold. An empty filter holds for every document. `and` holds where
  all of its filters do, `or` where one does: an empty `or` holds for none.
- A value that is absent, null or of another kind equals nothing and is neither smaller nor larger than anything.
  `notEq` and `notIn` are the exact opposites of `eq` and `in`, so they hold for a document without the value.
- Texts are compared as they are, by code points and with their case. `like` is a regular expression that must match
  somewhere in the text (syntax of Rust's `regex`, whose effort grows only linearly with the text; `(?i)` in front
  ignores case).
- Moments are compared as instants, in milliseconds. `after` and `before` are durations from now, with a minus for the
  past; the instant itself is outside.
- A list: `contains` holds where everything in it holds for the same element; `exists` tells lists with elements from
  empty and absent ones.
- Custom attributes: each is compared by the kind of what it is compared with. `eq` and `notEq` compare texts as texts;
  `gt`, `gte`, `lt` and `lte` with a text, and `after` and `before`, ask for a moment, and so does the attribute then.
  `in` and `notIn` compare texts; `exists` tells whether the attribute is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import jsonschema_rs

from opendoms.kernel.clock import instant_from
from opendoms.kernel.decision import Document
from opendoms.kernel.refusal import Fault, Invalid
from opendoms.search.fields import ABSENT, Attributes, Each, Field, Fields, Kind, Nested, Value, all_at, at
from opendoms.search.values import Comparable, kind_of, relative, value_of

DEPTH_MAX: Final = 16  # how deep `and` and `or` nest
CONDITIONS_MAX: Final = 1_000  # operators and lists in one filter, all levels together
PATTERN_BYTES_MAX: Final = 1_000_000  # of one regular expression, compiled

Predicate = Callable[[Any], bool]


def predicate(fields: Fields, query: Document, *, now: int, path: str = "query") -> Predicate:
    """The test of a filter, given as decoded JSON that the slice's wire types have judged. `now` is an instant in ms.

    Raises Invalid with the path of every fault that types cannot see: a pattern, a duration, a name, or too much.
    """
    builder = _Builder(now)
    test = builder.query(fields, query, path, 0)
    if builder.faults:
        raise Invalid(*builder.faults)
    return test


def matches(fields: Fields, query: Document, document: Document, *, now: int) -> bool:
    """Whether one document matches; `predicate` is cheaper for many."""
    return predicate(fields, query, now=now)(document)


class _Builder:
    """Turns one filter into a test."""

    def __init__(self, now: int) -> None:
        self._now = now
        self._conditions = 0
        self.faults: list[Fault] = []

    def query(self, fields: Fields, query: Document, path: str, depth: int) -> Predicate:
        """The test of a filter that may hold `and` and `or`."""
        if depth > DEPTH_MAX:
            raise Invalid(Fault(f"{path}: and and or nest deeper than {DEPTH_MAX} levels"))
        tests = []
        for name, given in query.items():
            if name in ("and", "or"):
                self._count(path)
                inner = [
                    self.query(fields, part, f"{path}.{name}[{place}]", depth + 1) for place, part in enumerate(given)
                ]
                tests.append(_all(inner) if name == "and" else _any(inner))
            else:
                tests.append(self._member(fields, name, given, path))
        return _all(tests)

    def _members(self, fields: Fields, given: Document, path: str) -> Predicate:
        return _all([self._member(fields, name, part, path) for name, part in given.items()])

    def _member(self, fields: Fields, name: str, given: Any, path: str) -> Predicate:
        field = fields.get(name)
        if field is None:
            return self._fault(f"{path}.{name}: is not known here")
        return self._field(field, given, f"{path}.{name}")

    def _field(self, field: Field, given: Document, path: str) -> Predicate:
        match field:
            case Value():
                return self._value(field, given, path)
            case Nested(fields, inner):
                return _at(inner, self._members(fields, given, path))
            case Each():
                return self._each(field, given, path)
            case Attributes(inner):
                return _at(inner, _all([self._attribute(name, part, path) for name, part in given.items()]))

    def _each(self, field: Each, given: Document, path: str) -> Predicate:
        tests: list[Predicate] = []
        for operator, wanted in given.items():
            self._count(path)
            if operator == "exists":
                tests.append(_has_elements(wanted))
            elif operator == "contains":
                tests.append(_one_of(self._element(field.of, wanted, f"{path}.contains")))
            else:
                tests.append(self._fault(f"{path}.{operator}: is not known here"))
        return _at(field.path, _all(tests))

    def _element(self, of: Fields | Value, given: Document, path: str) -> Predicate:
        return self._value(of, given, path) if isinstance(of, Value) else self._members(of, given, path)

    def _value(self, field: Value, given: Document, path: str) -> Predicate:
        tests = [
            self._operator(field.kind, operator, wanted, f"{path}.{operator}", many=field.many)
            for operator, wanted in given.items()
        ]
        test = _all(tests)
        if field.many:
            return lambda document: test(all_at(document, field.path))
        return _at(field.path, test)

    def _attribute(self, name: str, given: Document, path: str) -> Predicate:
        path = f"{path}.{name[:64]}"
        if name.startswith("$") or "." in name:
            return self._fault(f"{path}: a name must not start with $ and must not contain a dot")
        tests = []
        for operator, wanted in given.items():
            if operator == "exists":
                self._count(path)
                tests.append(_is_there(wanted))
                continue
            if operator in ("in", "notIn"):
                tests.append(self._operator("text", operator, wanted, f"{path}.{operator}", many=False))
                continue
            kind = kind_of(wanted)
            if kind == "text" and operator not in ("eq", "notEq"):
                kind = "moment"
            if kind is None or (kind == "boolean" and operator not in ("eq", "notEq")):
                tests.append(self._fault(f"{path}.{operator}: expected a date and time or a number"))
            else:
                tests.append(self._operator(kind, operator, wanted, f"{path}.{operator}", many=False))
        return _at((name,), _all(tests))

    def _operator(self, kind: Kind, operator: str, wanted: Any, path: str, *, many: bool) -> Predicate:
        self._count(path)
        if operator in ("notEq", "notIn"):
            same = self._comparison(kind, "eq" if operator == "notEq" else "in", wanted, path)
            holds = _one_of(same) if many else same
            return lambda found: not holds(found)
        comparison = self._comparison(kind, operator, wanted, path)
        return _one_of(comparison) if many else comparison

    def _comparison(self, kind: Kind, operator: str, wanted: Any, path: str) -> Predicate:
        match operator:
            case "like":
                return self._like(wanted, path)
            case "in":
                values = frozenset(self._wanted(kind, each, f"{path}[{place}]") for place, each in enumerate(wanted))
                return lambda found: (value := value_of(kind, found)) is not ABSENT and value in values
            case "after" | "before":
                return _compare("moment", "gt" if operator == "after" else "lt", self._relative(wanted, path))
            case "eq" | "gt" | "gte" | "lt" | "lte":
                return _compare(kind, operator, self._wanted(kind, wanted, path))
            case _:
                return self._fault(f"{path}: is not known here")

    def _wanted(self, kind: Kind, wanted: Any, path: str) -> Comparable | None:
        if kind == "moment":
            try:
                return instant_from(wanted)
            except (ValueError, OverflowError, TypeError):
                self._fault(f"{path}: expected a date and time with an offset, such as 2024-05-01T12:00:00.000Z")
                return ABSENT
        value = value_of(kind, wanted)
        if value is ABSENT:
            self._fault(f"{path}: expected a {kind}")
        return value

    def _relative(self, wanted: Any, path: str) -> int:
        try:
            return relative(wanted, self._now)
        except (ValueError, AttributeError):
            self._fault(f"{path}: expected an ISO 8601 duration from now, such as -P1D or PT8H, of 1000 years at most")
            return self._now

    def _like(self, pattern: str, path: str) -> Predicate:
        options = jsonschema_rs.RegexOptions(size_limit=PATTERN_BYTES_MAX)
        try:
            expression = jsonschema_rs.Draft202012Validator({"pattern": pattern}, pattern_options=options)
        except jsonschema_rs.ValidationError:
            return self._fault(f"{path}: expected a regular expression without look-around and back-references")
        return lambda found: isinstance(found, str) and expression.is_valid(found)

    def _count(self, path: str) -> None:
        self._conditions += 1
        if self._conditions > CONDITIONS_MAX:
            raise Invalid(*self.faults, Fault(f"{path}: is one condition too many, expected at most {CONDITIONS_MAX}"))

    def _fault(self, summary: str) -> Predicate:
        self.faults.append(Fault(summary))
        return _never


def _never(_found: Any) -> bool:
    return False


def _always(_found: Any) -> bool:
    return True


def _all(tests: list[Predicate]) -> Predicate:
    if not tests:
        return _always
    if len(tests) == 1:
        return tests[0]
    return lambda found: all(test(found) for test in tests)


def _any(tests: list[Predicate]) -> Predicate:
    return lambda found: any(test(found) for test in tests)


def _at(path: tuple[str, ...], test: Predicate) -> Predicate:
    match path:
        case ():
            return test
        case (name,):
            return lambda document: test(document.get(name) if isinstance(document, dict) else ABSENT)
        case _:
            return lambda document: test(at(document, path))


def _elements(found: Any) -> Iterator[Any]:
    return iter(found) if isinstance(found, list) else iter(())


def _has_elements(wanted: bool) -> Predicate:  # noqa: FBT001 - the operand of `exists`
    return lambda found: (
        isinstance(found, list) and len(found) > 0 if wanted else not any(True for _ in _elements(found))
    )


def _is_there(wanted: bool) -> Predicate:  # noqa: FBT001 - the operand of `exists`
    return lambda found: (found is not ABSENT) == wanted


def _one_of(test: Predicate) -> Predicate:
    return lambda found: any(test(element) for element in _elements(found))


def _compare(kind: Kind, operator: str, wanted: Any) -> Predicate:
    if kind == "text" and operator == "eq":  # most conditions are like this, and a text equals nothing but a text
        return lambda found: bool(found == wanted)

    def holds(found: Any) -> bool:
        value: Any = value_of(kind, found)
        if value is ABSENT:
            return False
        match operator:
            case "eq":
                return bool(value == wanted)
            case "gt":
                return bool(value > wanted)
            case "gte":
                return bool(value >= wanted)
            case "lt":
                return bool(value < wanted)
            case _:
                return bool(value <= wanted)

    return holds
