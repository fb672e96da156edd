"""Checks the rules about members that stand for each other, which types alone cannot say.

A struct declares them as class variables: `AT_LEAST_ONE` and `EXACTLY_ONE` hold the Python names of the members. The
walk through a type is worked out once; parts of it that declare nothing are never visited.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Final, Protocol

from msgspec import UNSET, inspect

from opendoms.kernel.refusal import Fault
from opendoms.web import type_walk

TypedValue = Any  # an instance of a wire type
_Visit = Callable[[TypedValue, str, list[Fault]], None]


class Check(Protocol):
    """Checks a decoded body; `path` is where it lies in the whole."""

    def __call__(self, body: TypedValue, path: str = "") -> tuple[Fault, ...]:
        """The faults against the declared alternatives."""
        ...


AT_LEAST_ONE: Final = "AT_LEAST_ONE"
EXACTLY_ONE: Final = "EXACTLY_ONE"


def check_alternatives(type_: type_walk.WireType | inspect.Type) -> Check:
    """The check of a wire type: given a decoded body, the faults against its declared alternatives."""
    visit = _visit_of(type_walk.info_of(type_), {})

    def check(body: TypedValue, path: str = "") -> tuple[Fault, ...]:
        if visit is None:
            return ()
        faults: list[Fault] = []
        visit(body, path, faults)
        return tuple(faults)

    return check


@functools.cache
def alternatives_of(struct: type, rule: str) -> tuple[str, ...]:
    """The members that a struct names in `AT_LEAST_ONE` or `EXACTLY_ONE`, by their names on the wire."""
    wire_names = {field.name: field.encode_name for field in type_walk.fields_of(struct)}
    return tuple(wire_names[name] for name in getattr(struct, rule, ()))


def none_given(path: str, members: tuple[str, ...]) -> Fault:
    """The fault of an object that has none of the members of which it needs one."""
    return Fault(f"{path or 'the body'}: {' or '.join(members)} is required")


def several_given(path: str, members: tuple[str, ...]) -> Fault:
    """The fault of an object that has more than one of the members of which it may have one."""
    return Fault(f"{path or 'the body'}: only one of {' and '.join(members)} is allowed")


def _declares(info: inspect.Type) -> bool:
    return isinstance(info, inspect.StructType) and (hasattr(info.cls, AT_LEAST_ONE) or hasattr(info.cls, EXACTLY_ONE))


def _visit_of(info: inspect.Type, known: dict[type, _Visit]) -> _Visit | None:
    if not type_walk.reaches(info, _declares):
        return None
    choices = type_walk.choices(info)
    item = type_walk.item_of(choices[0])
    if item is not None:
        return _each(_visit_of(item, known))
    by_type: dict[type, _Visit] = {}
    for choice in choices:
        if not isinstance(choice, inspect.StructType):
            raise TypeError(f"{choice} declares alternatives in a place that is not walked")
        by_type[choice.cls] = _struct(choice, known)
    if len(by_type) == 1:
        return by_type.popitem()[1]
    return lambda value, path, faults: by_type[type(value)](value, path, faults)


def _each(visit: _Visit | None) -> _Visit | None:
    if visit is None:
        return None

    def visit_each(values: TypedValue, path: str, faults: list[Fault]) -> None:
        for place, value in enumerate(values):
            visit(value, f"{path}[{place}]", faults)

    return visit_each


def _struct(info: inspect.StructType, known: dict[type, _Visit]) -> _Visit:
    struct = info.cls
    if struct in known:
        return known[struct]
    rule = _rule(struct)
    below: list[tuple[str, str, _Visit]] = []

    def visit_struct(value: TypedValue, path: str, faults: list[Fault]) -> None:
        rule(value, path, faults)
        for name, wire_name, visit in below:
            inner = getattr(value, name)
            if inner is not UNSET and inner is not None:
                visit(inner, f"{path}.{wire_name}" if path else wire_name, faults)

    known[struct] = visit_struct  # before its fields are looked at, since a struct may hold itself
    for field in info.fields:
        visit = _visit_of(field.type, known)
        if visit is not None:
            below.append((field.name, field.encode_name, visit))
    return visit_struct


def _rule(struct: type) -> _Visit:
    at_least_one: tuple[str, ...] = getattr(struct, AT_LEAST_ONE, ())
    exactly_one: tuple[str, ...] = getattr(struct, EXACTLY_ONE, ())

    def visit_rule(value: TypedValue, path: str, faults: list[Fault]) -> None:
        if at_least_one and all(getattr(value, name) is UNSET for name in at_least_one):
            faults.append(none_given(path, alternatives_of(struct, AT_LEAST_ONE)))
        if exactly_one:
            given = sum(getattr(value, name) is not UNSET for name in exactly_one)
            if given != 1:
                faults.append((several_given if given else none_given)(path, alternatives_of(struct, EXACTLY_ONE)))

    return visit_rule
