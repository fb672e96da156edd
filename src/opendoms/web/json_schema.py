"""JSON Schema (2020-12) of wire types: what msgspec derives, completed by what it cannot know.

The completed parts: the texts of members, alternatives between members, what a type publishes in place of its own
checks (`published`), and a plainer spelling of nullable members and of integer-or-number.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from typing import Any, Final

import msgspec

from opendoms.web import type_walk
from opendoms.web.alternatives import AT_LEAST_ONE, EXACTLY_ONE, alternatives_of
from opendoms.web.field_docs import docs_of

Schema = dict[str, Any]
JsonValue = Any

REF: Final = "#/components/schemas/"
_INT64: Final = (-(2**63), 2**63 - 1)
# The order in which the kinds of a mixed value are named.
_KINDS: Final = ("string", "integer", "number", "boolean", "array", "object", "null")


def components_of(types: Iterable[type_walk.WireType]) -> tuple[list[Schema], dict[str, Schema]]:
    """The schemas of some types, and those of all structs that they hold, by name and in alphabetical order.

    References look like `#/components/schemas/Order`.
    """
    wanted = list(types)
    structs: dict[str, type] = {}
    for struct in (struct for type_ in wanted for struct in type_walk.structs_of(type_)):
        if structs.setdefault(struct.__name__, struct) is not struct:
            raise ValueError(f"two wire types are called {struct.__name__}")
    roots, named = msgspec.json.schema_components(wanted, ref_template=REF + "{name}")
    components: dict[str, Schema] = {}
    for name in sorted(named):
        components[name] = _complete(structs[name], _plain(named[name]))
    return [_plain(root) for root in roots], components


def _complete(struct: type[msgspec.Struct], schema: Schema) -> Schema:
    del schema["title"]
    schema["description"] = " ".join(inspect.cleandoc(struct.__doc__ or "").split())
    docs = docs_of(struct)
    for field in type_walk.fields_of(struct):
        member = schema["properties"][field.encode_name]
        if field.name in docs:
            member["description"] = docs[field.name]
    config = struct.__struct_config__
    if config.tag_field is not None:
        schema["properties"][config.tag_field]["description"] = f"Which of its kind this is: always {config.tag}."
    if not schema.get("required"):
        schema.pop("required", None)
    for rule, keyword in ((AT_LEAST_ONE, "anyOf"), (EXACTLY_ONE, "oneOf")):
        members = alternatives_of(struct, rule)
        if members:
            schema[keyword] = [{"required": [member]} for member in members]
    return schema


def _plain(node: JsonValue) -> JsonValue:
    """The same schema with `published` applied, unions spelled plainly and the type of every value named."""
    if isinstance(node, list):
        return [_plain(part) for part in node]
    if not isinstance(node, dict):
        return node
    schema = {key: _plain(part) for key, part in node.items()}
    for key, value in schema.pop("published", {}).items():
        if value is None:
            schema.pop(key, None)
        else:
            schema[key] = value
    if "enum" in schema and "type" not in schema and all(isinstance(value, str) for value in schema["enum"]):
        schema["type"] = "string"
    if schema.get("type") == "integer" and not {schema.get("minimum"), schema.get("maximum")}.isdisjoint(_INT64):
        schema["format"] = "int64"
    return _union(schema) if "anyOf" in schema else schema


def _union(schema: Schema) -> Schema:
    kinds: dict[str, Schema] = {}
    for choice in schema["anyOf"]:
        kind = choice.get("type")
        if not isinstance(kind, str) or kind in kinds:
            return schema
        kinds[kind] = choice
    rest = {key: part for key, part in schema.items() if key != "anyOf"}
    if "integer" in kinds and "number" in kinds:
        # Every integer is a number; the bounds of the integers are the exact ones.
        exact = {key: part for key, part in kinds.pop("integer").items() if key in ("minimum", "maximum")}
        kinds["number"] = {**kinds["number"], **exact}
    shaped = [kind for kind, choice in kinds.items() if set(choice) != {"type"}]
    if len(shaped) > 1:
        return schema
    names = sorted(kinds, key=_KINDS.index)
    inner = kinds[shaped[0]] if shaped else {}
    return {**rest, **inner, "type": names if len(names) > 1 else names[0]}
