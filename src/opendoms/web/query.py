"""From a query string to its typed struct, with every fault named."""

from __future__ import annotations

import difflib
import functools
from typing import Any, Final
from urllib.parse import parse_qsl

import msgspec

from opendoms.kernel.refusal import Fault, Invalid
from opendoms.web import type_walk
from opendoms.web.expectation import expected, shown
from opendoms.web.json_schema import REF, Schema, components_of

PARAMETERS_MAX: Final = 1_100  # two lists of 500 values and the rest


class QueryDecoder:
    """Decodes the query strings of one route; a parameter that the route does not know is refused by name.

    A struct names in `COMMA_JOINED` the lists whose values may also be joined by commas, as the contract has them.
    """

    def __init__(self, type_: Any) -> None:
        self._type = type_
        fields = msgspec.structs.fields(type_) if type_ is not None else ()
        self._fields = {field.encode_name: field for field in fields}
        self._lists = {name for name, field in self._fields.items() if _is_list(field.type)}
        self._joined = joined_of(type_)
        self._defaults = type_() if type_ is not None else None

    def decode(self, query: bytes) -> Any:
        """The struct; raises Invalid with one fault per parameter that is wrong."""
        if not query:
            return self._defaults
        try:
            pairs = parse_qsl(
                query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=PARAMETERS_MAX
            )
        except ValueError:
            raise Invalid(Fault("The query string cannot be read.", "Expected percent-encoded UTF-8.")) from None
        given: dict[str, list[str]] = {}
        for name, value in pairs:
            given.setdefault(name, []).append(value)
        faults, values = [], {}
        for name, texts in given.items():
            try:
                values[name] = self._value(name, texts)
            except _Fault as fault:
                faults.append(fault.fault)
        if faults:
            raise Invalid(*faults)
        return msgspec.convert(values, self._type, strict=False) if self._type is not None else None

    def _value(self, name: str, texts: list[str]) -> Any:
        field = self._fields.get(name)
        if field is None:
            near = difflib.get_close_matches(name, self._fields, 1)
            raise _Fault(Fault(f"{name[:64]}: is not a parameter here", f"Did you mean {near[0]}?" if near else None))
        if any("\0" in text for text in texts):
            raise _Fault(Fault(f"{name}: must not contain the NUL character"))
        if name in self._joined:
            given: Any = [part for text in texts for part in text.split(",")]
        elif name in self._lists:
            given = texts
        elif len(texts) > 1:
            raise _Fault(Fault(f"{name}: is given {len(texts)} times, expected once"))
        else:
            given = texts[0]
        try:
            return msgspec.convert(given, field.type, strict=False)
        except msgspec.ValidationError:
            raise _Fault(self._wrong(name, given)) from None

    def _wrong(self, name: str, given: str | list[str]) -> Fault:
        """What is expected of a parameter. What was sent is repeated only where one of a list is expected."""
        schema = self._schemas[name]
        texts = [given] if isinstance(given, str) else given
        if isinstance(given, list) and schema.get("minItems", 0) <= len(given) <= schema.get("maxItems", len(given)):
            schema = self._resolved(schema["items"])
        choices = schema.get("enum", texts)
        got = next((f", got {shown(text)}" for text in texts if text not in choices), "")
        return Fault(f"{name}: expected {expected(schema)}{got}")

    @functools.cached_property
    def _components(self) -> dict[str, Schema]:
        return components_of([self._type])[1]

    @functools.cached_property
    def _schemas(self) -> dict[str, Schema]:
        members = self._components[self._type.__name__]["properties"]
        return {name: self._resolved(schema) for name, schema in members.items()}

    def _resolved(self, schema: Schema) -> Schema:
        return self._components[schema["$ref"].removeprefix(REF)] if "$ref" in schema else schema


class _Fault(Exception):  # noqa: N818 - carries one fault out of a field
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.summary)
        self.fault = fault


def joined_of(type_: Any) -> frozenset[str]:
    """The parameters of a struct, by their names on the wire, whose values may be joined by commas."""
    members = getattr(type_, "COMMA_JOINED", ())
    if not members:
        return frozenset()
    return frozenset(field.encode_name for field in msgspec.structs.fields(type_) if field.name in members)


def _is_list(type_: Any) -> bool:
    return any(isinstance(kind, msgspec.inspect.ListType) for kind in type_walk.choices(type_walk.info_of(type_)))
