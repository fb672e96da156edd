"""The description is derived whole from the route table and the wire types, and contradicts itself nowhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Annotated, Any, get_args

import jsonschema_rs
import msgspec
import pytest

from opendoms.orders.wire import Order
from opendoms.web.json_schema import components_of
from opendoms.web.openapi import describe
from opendoms.web.routing import Answer, Call, Public, Reply, Route
from opendoms.web.wire_types import Closed, Wire

Json = Any


class Sent(Closed, frozen=True, gc=False):
    """What is sent.

    At some length.
    """

    count: Annotated[int, msgspec.Meta(ge=1)]
    """How many."""
    note: str | msgspec.UnsetType | None = msgspec.UNSET
    """A remark
    over two lines."""


class Asked(Wire, frozen=True, gc=False):
    """What is asked."""

    page: str
    """Which page."""
    size: Annotated[int, msgspec.Meta(ge=1, le=500)] = 25
    """How many per page."""


class Got(Wire, frozen=True, gc=False):
    """What is answered."""

    id: str
    """The id."""


async def never(_call: Call) -> Answer:
    """A handler that no test calls."""
    raise NotImplementedError


def route(**given: Json) -> Route:
    """A route with some of its parts given."""
    parts: Json = {
        "method": "GET",
        "path": "/things",
        "handler": never,
        "operation_id": "getThings",
        "summary": "List things",
        "tag": "Things",
        "permissions": ("THING_READ",),
        "replies": {200: Reply("Things.", Got)},
    }
    return Route(**{**parts, **given})


def operation_of(given_route: Route) -> Json:
    """The description of one route's operation."""
    return describe([given_route], "t", "1")["paths"][given_route.path][given_route.method.lower()]


def test_a_route_becomes_an_operation() -> None:
    """Names, parameters, body, answers and permissions all come from the route and its types."""
    operation = operation_of(
        route(
            method="POST",
            path="/things/{thingId}",
            path_parameters={"thingId": "Which thing."},
            description="Does it.",
            permissions=("THING_WRITE", "THING_ADMIN"),
            query=Asked,
            body=Sent,
            replies={201: Reply("Made.", Got, location=True), 204: Reply("Nothing to say.")},
            refusals={409: "Somebody was faster.", 404: "No such thing."},
        )
    )
    request_id = {"x-request-id": {"$ref": "#/components/headers/RequestId"}}
    refused = {"application/json": {"schema": {"$ref": "#/components/schemas/ApiError"}}}
    assert operation == {
        "operationId": "getThings",
        "summary": "List things",
        "description": "Does it.\n\nNeeds the permission THING_WRITE or THING_ADMIN.",
        "tags": ["Things"],
        "x-permissions": ["THING_WRITE", "THING_ADMIN"],
        "parameters": [
            {
                "name": "thingId",
                "in": "path",
                "required": True,
                "description": "Which thing.",
                "schema": {"type": "string", "minLength": 1},
            },
            {
                "name": "page",
                "in": "query",
                "required": True,
                "description": "Which page.",
                "schema": {"type": "string"},
            },
            {
                "name": "size",
                "in": "query",
                "required": False,
                "description": "How many per page.",
                "schema": {"type": "integer", "minimum": 1, "maximum": 500, "default": 25},
            },
        ],
        "requestBody": {
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Sent"}}},
            "required": True,
        },
        "responses": {
            "201": {
                "description": "Made.",
                "headers": {**request_id, "Location": {"$ref": "#/components/headers/Location"}},
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Got"}}},
            },
            "204": {"description": "Nothing to say.", "headers": request_id},
            "400": {"$ref": "#/components/responses/BadRequest"},
            "401": {"$ref": "#/components/responses/Unauthorized"},
            "403": {"$ref": "#/components/responses/Forbidden"},
            "404": {"description": "No such thing.", "headers": request_id, "content": refused},
            "409": {"description": "Somebody was faster.", "headers": request_id, "content": refused},
            "413": {"$ref": "#/components/responses/TooLarge"},
            "415": {"$ref": "#/components/responses/NotJson"},
            "429": {"$ref": "#/components/responses/TooManyRequests"},
            "500": {"$ref": "#/components/responses/InternalError"},
            "503": {"$ref": "#/components/responses/Unavailable"},
        },
    }


def test_a_public_route_says_so_and_why() -> None:
    """It overrides the security of the whole, refuses nobody, and needs no permission."""
    operation = operation_of(route(permissions=Public("probes have none.")))
    assert operation["security"] == []
    assert operation["description"] == "Needs no token: probes have none."
    assert "x-permissions" not in operation
    assert list(operation["responses"]) == ["200", "400", "500", "503"]


def test_a_form_route_takes_its_parameters_in_three_ways() -> None:
    """JSON, form and query string are each described, and none of them is required."""
    operation = operation_of(route(method="POST", form=True, parameters=Sent, permissions=Public("yes.")))
    schema = {"schema": {"$ref": "#/components/schemas/Sent"}}
    assert operation["requestBody"] == {
        "content": {"application/json": schema, "application/x-www-form-urlencoded": schema},
        "required": False,
    }
    assert [(part["name"], part["in"], part["required"]) for part in operation["parameters"]] == [
        ("count", "query", False),
        ("note", "query", False),
    ]
    assert list(operation["responses"]) == ["200", "400", "413", "500", "503"]


def test_the_texts_under_members_become_descriptions() -> None:
    """Texts of structs and members are on one line each; null is one more type, a closed object stays closed."""
    schema = describe([route(method="POST", body=Sent)], "t", "1")["components"]["schemas"]["Sent"]
    assert schema == {
        "description": "What is sent. At some length.",
        "type": "object",
        "properties": {
            "count": {"type": "integer", "minimum": 1, "description": "How many."},
            "note": {"type": ["string", "null"], "description": "A remark over two lines."},
        },
        "required": ["count"],
        "additionalProperties": False,
    }


def test_two_types_of_one_name_are_refused() -> None:
    """Component names are the structs' names, so that these must differ."""
    other = msgspec.defstruct("Got", [("name", str)], namespace={"__doc__": "Another."})
    with pytest.raises(ValueError, match="two wire types are called Got"):
        components_of([Got, other])


def references(node: Json) -> Iterator[str]:
    """Every reference in a description."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for part in node.values():
            yield from references(part)
    elif isinstance(node, list):
        for part in node:
            yield from references(part)


def test_every_reference_leads_somewhere_and_every_component_is_used(description: Json) -> None:
    """Nothing dangles and nothing is left over, save shared refusals that no route has yet."""
    found = set(references(description))
    for reference in found:
        node = description
        for part in reference.removeprefix("#/").split("/"):
            node = node[part]
    for kind in ("schemas", "headers"):
        for name in description["components"][kind]:
            assert f"#/components/{kind}/{name}" in found


def test_every_member_and_parameter_is_described_in_a_sentence(description: Json) -> None:
    """Whatever can be sent or is answered has a text, which is one or more sentences."""
    texts = {
        f"{name}.{member}": schema.get("description", "")
        for name, holder in description["components"]["schemas"].items()
        for member, schema in holder.get("properties", {}).items()
    }
    texts |= {name: schema["description"] for name, schema in description["components"]["schemas"].items()}
    for path, item in description["paths"].items():
        for method, operation in item.items():
            for parameter in operation.get("parameters", []):
                texts[f"{method} {path} {parameter['name']}"] = parameter.get("description", "")
            for status, response in operation["responses"].items():
                if "$ref" not in response:
                    texts[f"{method} {path} {status}"] = response["description"]
    assert [name for name, text in texts.items() if not re.fullmatch(r"[A-Z`\d].+\.", text)] == []


def test_no_sentence_is_the_contracts(description: Json, contract: Any) -> None:
    """The descriptions are in our own words."""

    def sentences(node: Json) -> Iterator[str]:
        if isinstance(node, dict):
            for key, part in node.items():
                if key == "description" and isinstance(part, str):
                    yield from (s.strip().lower() for s in re.split(r"[.\n]", part) if len(s.split()) > 5)
                else:
                    yield from sentences(part)
        elif isinstance(node, list):
            for part in node:
                yield from sentences(part)

    assert set(sentences(description)) & set(sentences(json.loads(contract.read_text()))) == set()


def test_the_description_is_the_same_every_time(routes: list[Route], description: Json) -> None:
    """It can be committed: built again, it is equal to the letter."""
    again = json.dumps(describe(routes, "opendoms", "1.2.3"))
    assert again == json.dumps(description)


def test_every_component_is_a_valid_schema(description: Json) -> None:
    """Each schema can be compiled by a validator, formats and patterns included."""
    components = description["components"]
    # Compiled together, and told apart by their places: by itself, each would be compiled with all that it leads to.
    names = list(components["schemas"])
    each = [{"$ref": f"#/components/schemas/{name}"} for name in names]
    schema = {"prefixItems": each, "components": components}
    errors = jsonschema_rs.Draft202012Validator(schema, validate_formats=True).iter_errors([5] * len(names))
    assert {error.instance_path[0] for error in errors} == set(range(len(names)))


def test_every_operation_keeps_the_house_rules(routes: list[Route], description: Json) -> None:
    """Error bodies are the contract's list, permissions are named, and changes can meet a version conflict."""
    refused = {"application/json": {"schema": {"$ref": "#/components/schemas/ApiError"}}}
    for shared in description["components"]["responses"].values():
        assert shared["content"] == refused
    for each in routes:
        operation = description["paths"][each.path][each.method.lower()]
        assert {"400", "500", "503"} <= set(operation["responses"])
        if not isinstance(each.permissions, Public):
            assert operation["x-permissions"] == [str(permission) for permission in each.permissions]
            assert {"401", "403", "429"} <= set(operation["responses"])
        if each.path_parameters:
            assert "404" in operation["responses"]
        if each.body is not None:
            assert {"413", "415"} <= set(operation["responses"])
            bodies = get_args(each.body) or (each.body,)
            if any(field.encode_name == "version" for body in bodies for field in msgspec.structs.fields(body)):
                assert "409" in operation["responses"]


def test_what_is_answered_may_grow(description: Json) -> None:
    """Orders are open in answers: a client that was generated today takes the members of tomorrow."""
    schemas = description["components"]["schemas"]
    assert "additionalProperties" not in schemas["Order"]
    assert "additionalProperties" not in schemas["OrderLineItem"]
    assert schemas["OrderForCreation"]["additionalProperties"] is False
    assert Order.__struct_config__.forbid_unknown_fields is False
