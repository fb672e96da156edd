"""Says in words what a schema expects and what was found instead, without repeating what people wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Final

from opendoms.web.canonical import EXAMPLE
from opendoms.web.json_schema import JsonValue, Schema

SHOWN_MAX: Final = 64  # characters of a member's name, or of a value where one of a list is expected
CHOICES_MAX: Final = 20  # values of a list that are spelled out
_INT64_MAX: Final = 2**63 - 1
_INT64_MIN: Final = -(2**63)
_UINT64_MAX: Final = 2**64 - 1
_PLAIN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
_KINDS: Final = {
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
_FORMATS: Final = {
    "date-time": f"a date and time with an offset, such as {EXAMPLE}",
    "email": "an e-mail address",
}
_PATTERNS: Final = {
    "^.+$": "a string of one line, not empty",
    "^[A-Z]{2}$": "a country code of two capital letters, such as DE",
    r"^[^\u0000]*$": "a string without the NUL character",
}


def step_of(path: str, name: str) -> str:
    """The path of a member under a path, as people write it: `orderLineItems[1].article`, `names["de DE"]`."""
    if not _PLAIN_NAME.match(name) or len(name) > SHOWN_MAX:
        return f"{path}[{shown(name)}]"
    return f"{path}.{name}" if path else name


def shown(text: str) -> str:
    """A short text in quotes, cut and with control characters spelled out."""
    return json.dumps(text[:SHOWN_MAX] + ("…" if len(text) > SHOWN_MAX else ""), ensure_ascii=False)


def expected(schema: Schema) -> str:
    """What a schema wants, as the end of "expected …"."""
    if "enum" in schema:
        return _one_of([value if isinstance(value, str) else json.dumps(value) for value in schema["enum"]])
    kinds = schema.get("type", "object")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    return " or ".join(_expected_kind(kind, schema) for kind in kinds)


def found(value: JsonValue, schema: Schema) -> str | None:
    """What stands there instead, as the end of "got …", or None where that would repeat what someone wrote."""
    match value:
        case None | bool():
            return json.dumps(value)
        case int() | float():
            return str(value) if abs(value) <= _UINT64_MAX else "one of more than 64 bits"
        case str():
            return _found_text(value, schema)
        case list():
            return _entries(len(value)) if _may_be(schema, "array") else "a list"
        case _:
            return "an object" if value else "an empty object"


def _expected_kind(kind: str, schema: Schema) -> str:
    match kind:
        case "string":
            return _expected_text(schema)
        case "integer" | "number":
            whole = kind == "integer" or schema.get("multipleOf") == 1
            return ("an integer" if whole else "a number") + _range(schema)
        case "array":
            return "a list" + _bounds(schema.get("minItems"), schema.get("maxItems"), _entries)
        case "object" if schema.get("minProperties"):
            return "an object with at least one member"
        case _:
            return _KINDS[kind]


def _expected_text(schema: Schema) -> str:
    for table, keyword in ((_FORMATS, "format"), (_PATTERNS, "pattern")):
        if schema.get(keyword) in table:
            most = schema.get("maxLength")
            return table[schema[keyword]] + (f", of at most {most} characters" if most is not None else "")
    return "a string" + _bounds(schema.get("minLength"), schema.get("maxLength"), _characters)


def _found_text(value: str, schema: Schema) -> str | None:
    if "enum" in schema:
        return shown(value)
    if not _may_be(schema, "string"):
        return "a string"
    if not value:
        return "an empty one"
    return _characters(len(value)) if len(value) > schema.get("maxLength", len(value)) else None


def _may_be(schema: Schema, kind: str) -> bool:
    kinds = schema.get("type", "object")
    return kind == kinds if isinstance(kinds, str) else kind in kinds


def _range(schema: Schema) -> str:
    least, most = schema.get("minimum"), schema.get("maximum")
    if least == _INT64_MIN and most == _INT64_MAX:
        return ""
    if least is not None and most is not None and most != _INT64_MAX:
        return f" from {least} to {most}"
    if least is not None:
        return f" of at least {least}"
    return f" of at most {most}" if most is not None else ""


def _bounds(least: int | None, most: int | None, counted: Callable[[int], str]) -> str:
    if least and most is not None:
        return f" of {counted(most)}" if least == most else f" of {least} to {counted(most)}"
    if least:
        return f" of at least {counted(least)}"
    return f" of at most {counted(most)}" if most is not None else ""


def _entries(count: int) -> str:
    return f"{count} entry" if count == 1 else f"{count} entries"


def _characters(count: int) -> str:
    return f"{count} character" if count == 1 else f"{count} characters"


def _one_of(choices: list[str]) -> str:
    if len(choices) == 1:
        return choices[0]
    if len(choices) > CHOICES_MAX:
        return f"one of {len(choices)} values such as {', '.join(choices[:3])}"
    return f"one of {', '.join(choices)}"
