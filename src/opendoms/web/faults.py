"""Finds every fault of a body that the typed decode has refused; that one stops at the first.

The walk holds each part against the same type with the same library, so both agree on what is a fault, and descends
only into parts that are refused. It stops at FAULTS_MAX, which bounds the work however much of a body is wrong.

Nothing of what the caller sent is repeated save names of members, numbers and booleans, and short values where one of
a list is expected: bodies hold personal data, and faults end up in logs and tickets.
"""

from __future__ import annotations

import difflib
import functools
import itertools
import math
import re
import types
import typing
from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec
from msgspec import inspect

from opendoms.kernel.refusal import Fault
from opendoms.web import type_walk
from opendoms.web.alternatives import (
    AT_LEAST_ONE,
    EXACTLY_ONE,
    Check,
    alternatives_of,
    check_alternatives,
    none_given,
    several_given,
)
from opendoms.web.canonical import EXAMPLE, Canonical, canonical_of
from opendoms.web.expectation import SHOWN_MAX, expected, found, step_of
from opendoms.web.json_schema import REF, JsonValue, Schema, components_of
from opendoms.web.type_walk import WireType

FAULTS_MAX: Final = 100

_WITHOUT_OFFSET: Final = re.compile(r"\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?)?\Z")


def faults_of(body: bytes, type_: WireType) -> tuple[Fault, ...]:
    """Every fault of a refused body: at least one, at most FAULTS_MAX and a last one that says there are more."""
    infinite: list[float] = []
    try:
        document = msgspec.json.Decoder(Any, float_hook=functools.partial(_number, infinite)).decode(body)
        every = itertools.chain(_root_of(type_).faults(document, ""), _infinite(document, "") if infinite else ())
        faults = list(dict.fromkeys(itertools.islice(every, FAULTS_MAX + 1)))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return (_unreadable(body, error),)
    if len(faults) > FAULTS_MAX:
        faults[FAULTS_MAX:] = [Fault(f"the body has more than {FAULTS_MAX} faults; these are the first")]
    return tuple(faults) or (Fault("the body is not what is expected here"),)


def _unreadable(body: bytes, error: Exception) -> Fault:
    match error:
        case _ if not body.strip():
            return Fault("the body is empty, expected JSON")
        case msgspec.ValidationError():
            return Fault("the body holds an integer of too many digits")
        case msgspec.DecodeError():
            what = str(error).removeprefix("JSON is malformed: ")
            return Fault(f"the body is not JSON: {what[:1].lower()}{what[1:]}")
        case UnicodeDecodeError():
            return Fault("the body is not JSON: it is not UTF-8")
        case _:
            return Fault("the body nests too deeply")


class _Part:
    """One place in a wire type: how to try a value there, and what lies below. Worked out once."""

    def __init__(self, type_: WireType, info: inspect.Type, schema: Schema, parts: _Parts) -> None:
        self.schema = parts.resolved(schema)
        self._info = info
        # msgspec works out a struct's types once, but a bare annotation's at every call.
        self._probe = msgspec.defstruct("Probe", [("value", type_)])
        self._item: _Part | None = None
        self._values: _Part | None = None
        # The structs that may stand here, by their tag; one without a tag stands alone.
        self._structs: dict[str | None, _Struct] = {}
        self._tag_field: str | None = None
        for choice in type_walk.choices(info):
            item = type_walk.item_of(choice)
            if item is not None:
                self._item = _Part(_arguments(type_)[0], item, self.schema["items"], parts)
            elif isinstance(choice, inspect.DictType) and "additionalProperties" in self.schema:
                inner = self.schema["additionalProperties"]
                self._values = _Part(_arguments(type_)[1], choice.value_type, inner, parts)
            elif isinstance(choice, inspect.StructType):
                self._structs[typing.cast("str | None", choice.tag)] = parts.struct(choice)
                self._tag_field = choice.tag_field

    @functools.cached_property
    def _canonical(self) -> Canonical:
        return canonical_of(self._info)

    @functools.cached_property
    def _alternatives(self) -> Check:
        return check_alternatives(self._info)

    def faults(self, value: JsonValue, path: str) -> Iterator[Fault]:
        """The faults of a value at this place, in the order in which types name their members."""
        try:
            (typed,) = msgspec.structs.astuple(msgspec.convert({"value": value}, self._probe))
        except msgspec.ValidationError:
            below = self._below(value, path)
            first = next(below, None)
            yield first or _from_value(path, value, self.schema)
            yield from below
        else:
            if value is not None:  # nothing lies below a null, whatever else may stand here
                yield from self._canonical(value, path)
                yield from self._alternatives(typed, path)

    def _below(self, value: JsonValue, path: str) -> Iterator[Fault]:
        """The faults of the parts of a value that is refused; none where the value itself is the fault."""
        if self._item is not None and isinstance(value, list):
            if not self.schema.get("minItems", 0) <= len(value) <= self.schema.get("maxItems", len(value)):
                yield _from_value(path, value, self.schema)
            for place, item in enumerate(value):
                yield from self._item.faults(item, f"{path}[{place}]")
        elif self._values is not None and isinstance(value, dict):
            for name, item in value.items():
                yield from self._values.faults(item, step_of(path, name))
        elif self._structs and isinstance(value, dict):
            yield from self._struct_faults(value, path)

    def _struct_faults(self, value: dict[str, JsonValue], path: str) -> Iterator[Fault]:
        """The faults of an object, as the struct that its tag names; of the tag itself where that names none."""
        if self._tag_field is None:
            yield from self._structs[None].faults(value, path)
            return
        tag, at = value.get(self._tag_field), step_of(path, self._tag_field)
        named = self._structs.get(tag) if isinstance(tag, str) else None
        if named is not None:
            yield from named.faults(value, path)
            return
        tags = [each for each in self._structs if each is not None]
        if self._tag_field in value:
            yield _from_value(at, tag, {"type": "string", "enum": tags})
        else:
            yield Fault(f"{at}: is required", f"Expected {expected({'type': 'string', 'enum': tags})}.")


class _Struct:
    """The members of a struct type."""

    def __init__(self, info: inspect.StructType) -> None:
        self._type: type[msgspec.Struct] = info.cls
        self._info = info
        self._members: dict[str, tuple[bool, _Part]] = {}

    def fill(self, schema: Schema, parts: _Parts) -> None:
        """Works out the members; after the struct is known, since it may hold itself."""
        for field, described in zip(type_walk.fields_of(self._type), self._info.fields, strict=True):
            name = field.encode_name
            part = _Part(field.type, described.type, schema["properties"][name], parts)
            self._members[name] = (field.required, part)

    def faults(self, value: JsonValue, path: str) -> Iterator[Fault]:
        """The faults of an object's members, of its alternatives, and members that it should not have."""
        for name, (required, part) in self._members.items():
            if name in value:
                yield from part.faults(value[name], step_of(path, name))
            elif required:
                yield Fault(f"{step_of(path, name)}: is required", f"Expected {expected(part.schema)}.")
        yield from _against_rules(value, self._type, path)
        if self._type.__struct_config__.forbid_unknown_fields:
            for name in value:
                if name not in self._members and name != self._info.tag_field:
                    yield Fault(f"{step_of(path, name)}: is not a member here", _near(name, self._members))


class _Parts:
    """All structs and schemas of one wire type."""

    def __init__(self, components: dict[str, Schema]) -> None:
        self._components = components
        self._structs: dict[type, _Struct] = {}

    def struct(self, info: inspect.StructType) -> _Struct:
        """The members of a struct, each struct once."""
        if info.cls not in self._structs:
            self._structs[info.cls] = _Struct(info)
            self._structs[info.cls].fill(self._components[info.cls.__name__], self)
        return self._structs[info.cls]

    def resolved(self, schema: Schema) -> Schema:
        """The schema itself, where it is a reference."""
        return self._components[schema["$ref"].removeprefix(REF)] if "$ref" in schema else schema


@functools.cache
def _root_of(type_: WireType) -> _Part:
    (root,), components = components_of([type_])
    return _Part(type_, inspect.type_info(type_), root, _Parts(components))


def _arguments(type_: WireType) -> tuple[WireType, ...]:
    """What a list or a mapping holds, through everything that is wrapped around it."""
    origin: WireType | None = typing.get_origin(type_)
    arguments = typing.get_args(type_)
    if origin is typing.Annotated:
        return _arguments(arguments[0])
    if origin in (typing.Union, types.UnionType):
        return next(found for each in arguments if (found := _arguments(each)))
    return arguments


def _against_rules(value: JsonValue, struct: type[msgspec.Struct], path: str) -> Iterator[Fault]:
    needed = alternatives_of(struct, AT_LEAST_ONE)
    if needed and not any(name in value for name in needed):
        yield none_given(path, needed)
    exclusive = alternatives_of(struct, EXACTLY_ONE)
    given = sum(name in value for name in exclusive)
    if exclusive and given != 1:
        yield (several_given if given else none_given)(path, exclusive)


def _number(infinite: list[float], text: str) -> float:
    """A decimal number; one that is too large for a float becomes infinite, and is noted."""
    number = float(text)
    if math.isinf(number):
        infinite.append(number)
    return number


def _infinite(value: JsonValue, path: str) -> Iterator[Fault]:
    """The infinite numbers of a document, wherever they are; the types cannot say, since free members take any."""
    if isinstance(value, float) and math.isinf(value):
        yield _too_large(path)
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _infinite(inner, step_of(path, name))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _infinite(inner, f"{path}[{place}]")


def _from_value(path: str, value: JsonValue, schema: Schema) -> Fault:
    if isinstance(value, float) and math.isinf(value):
        return _too_large(path)
    path = path or "the body"
    if schema.get("format") == "date-time" and isinstance(value, str) and _WITHOUT_OFFSET.match(value):
        return Fault(f"{path}: has no offset from UTC, expected a date and time such as {EXAMPLE}")
    got = found(value, schema)
    hint = _near(value, schema["enum"]) if "enum" in schema and isinstance(value, str) else None
    return Fault(f"{path}: expected {expected(schema)}" + (f", got {got}" if got is not None else ""), hint)


def _too_large(path: str) -> Fault:
    return Fault(f"{path or 'the body'}: the number is too large")


def _near(name: str, known: Iterable[Any]) -> str | None:
    near = difflib.get_close_matches(name[:SHOWN_MAX], [each for each in known if isinstance(each, str)], 1)
    return f"Did you mean {near[0]}?" if near else None
