"""The API description (OpenAPI 3.1), derived from the route table and the wire types.

Nothing is described by hand: what a route takes, answers, needs and refuses stands in its Route, what a body holds in
its struct. The order is that of the route table; component schemas are sorted by name.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from opendoms.web.json_schema import REF, Schema, components_of
from opendoms.web.query import joined_of
from opendoms.web.routing import JSON_TYPE, Public, Reply, Route
from opendoms.web.type_walk import WireType
from opendoms.web.wire_types import ErrorInner

FORM_TYPE: Final = "application/x-www-form-urlencoded"

Description = dict[str, Any]

# A backslash joins two lines: each paragraph is one line, since viewers show single line breaks.
ABOUT: Final = """\
An order hub that speaks the fulfillmenttools Orders (DOMS) API.

Every request but the public ones carries a bearer token; the tenant comes from it.

A body is JSON in UTF-8. Members that are not sent are not answered. Timestamps come in with any offset and go out in \
UTC with milliseconds. An integer is written without a decimal point.

A refusal is always answered as a list with one entry per fault, whose `summary` names the member by its path and says \
what was expected.

Whoever changes something sends the `version` that they have seen; where it is no longer the stored one, the answer is \
409 with both versions.

Every answer carries `x-request-id`; one that comes with the request is taken over."""


class _Shared(NamedTuple):
    """A refusal that many operations may answer."""

    name: str
    when: str


# What every operation may answer, or those with a permission, a path parameter or a body.
_ALWAYS: Final = {
    400: _Shared("BadRequest", "The request is malformed or breaks a rule; every fault is listed."),
    500: _Shared(
        "InternalError", "The fault is the server's. The summary holds the id under which its log tells more."
    ),
    503: _Shared("Unavailable", "The store cannot be reached just now. Nothing that was answered is lost; try again."),
}
_WITH_PERMISSION: Final = {
    401: _Shared("Unauthorized", "There is no bearer token, or it does not hold."),
    403: _Shared("Forbidden", "The token lacks the permission that the summary names."),
    429: _Shared("TooManyRequests", "Too many requests; try again after `Retry-After`."),
}
_WITH_PATH: Final = {404: _Shared("NotFound", "Nothing is stored under this id.")}
_WITH_BODY: Final = {413: _Shared("TooLarge", "The body is larger than this server takes.")}
_JSON_ONLY: Final = {415: _Shared("NotJson", "The body is declared as something other than JSON.")}
_SHARED: Final = {**_ALWAYS, **_WITH_PERMISSION, **_WITH_PATH, **_WITH_BODY, **_JSON_ONLY}

_RETRY_AFTER: Final = {"Retry-After": {"$ref": "#/components/headers/RetryAfter"}}
_CHALLENGE: Final = {"WWW-Authenticate": {"$ref": "#/components/headers/Challenge"}}
_REQUEST_ID: Final = {"x-request-id": {"$ref": "#/components/headers/RequestId"}}
_HEADERS_OF_REFUSALS: Final[dict[int, Description]] = {401: _CHALLENGE, 429: _RETRY_AFTER, 503: _RETRY_AFTER}
_HEADERS: Final[dict[str, Description]] = {
    "Challenge": {"description": "How to authenticate.", "schema": {"type": "string"}},
    "Location": {"description": "The URL of what was created.", "schema": {"type": "string", "format": "uri"}},
    "RequestId": {"description": "The id of the request, as the log has it.", "schema": {"type": "string"}},
    "RetryAfter": {
        "description": "After how many seconds to try again.",
        "schema": {"type": "integer", "minimum": 0},
    },
}


def describe(routes: list[Route], title: str, version: str) -> Description:
    """The whole description, as plain JSON values."""
    schemas = _Schemas(routes)
    paths: dict[str, Description] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version, "description": ABOUT},
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}],
        "tags": [{"name": tag} for tag in dict.fromkeys(route.tag for route in routes)],
        "paths": paths,
        "components": {
            "schemas": schemas.components,
            "responses": {shared.name: _refusal(status, shared.when) for status, shared in sorted(_SHARED.items())},
            "headers": _HEADERS,
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "A token of this server, or of the OIDC issuer that it trusts.",
                }
            },
        },
    }


class _Schemas:
    """The schemas of all types that the routes name."""

    def __init__(self, routes: list[Route]) -> None:
        bodies = [body for route in routes if (body := _body(route)) is not None]
        answered = [reply.type for route in routes for reply in route.replies.values() if reply.type is not None]
        types = _once([*bodies, *answered, ErrorInner])
        roots, self.components = components_of(types)
        self._roots = list(zip(types, roots, strict=True))
        self.components["ApiError"] = {
            "description": "What is wrong with a request, one entry per fault.",
            "type": "array",
            "items": {"$ref": REF + ErrorInner.__name__},
        }
        self.components = dict(sorted(self.components.items()))

    def of(self, type_: WireType) -> Schema:
        """The schema of a body: a reference, or a list of one."""
        return next(schema for known, schema in self._roots if known is type_)


def _once(types: Iterable[WireType]) -> list[WireType]:
    """Each type once, in order. Types such as list[Order] are compared by identity, being kept by their routes."""
    return list({id(type_): type_ for type_ in types}.values())


def _operation(route: Route, schemas: _Schemas) -> Description:
    operation: Description = {
        "operationId": route.operation_id,
        "summary": route.summary,
        "description": _description(route),
        "tags": [route.tag],
    }
    if isinstance(route.permissions, Public):
        operation["security"] = []
    else:
        operation["x-permissions"] = [str(permission) for permission in route.permissions]
    parameters = [*_path_parameters(route), *_query_parameters(route)]
    if parameters:
        operation["parameters"] = parameters
    body = _body(route)
    if body is not None:
        content = {JSON_TYPE: {"schema": schemas.of(body)}}
        if route.form:
            content[FORM_TYPE] = content[JSON_TYPE]
        operation["requestBody"] = {"content": content, "required": not route.form}
    operation["responses"] = _responses(route, schemas)
    return operation


def _body(route: Route) -> WireType | None:
    return route.parameters if route.form else route.body


def _description(route: Route) -> str:
    if isinstance(route.permissions, Public):
        needs = f"Needs no token: {route.permissions.reason}"
    else:
        needs = f"Needs the permission {' or '.join(route.permissions)}."
    return f"{route.description}\n\n{needs}" if route.description else needs


def _path_parameters(route: Route) -> list[Description]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": text,
            "schema": {"type": "string", "minLength": 1},
        }
        for name, text in route.path_parameters.items()
    ]


def _query_parameters(route: Route) -> list[Description]:
    struct = route.parameters if route.form else route.query
    if struct is None:
        return []
    (root,), components = components_of([struct])
    schema = components[root["$ref"].removeprefix(REF)]
    required = () if route.form else schema.get("required", ())
    joined = joined_of(struct)
    parameters = []
    for name, member in schema["properties"].items():
        inner = {key: value for key, value in member.items() if key != "description"}
        parameter = {"name": name, "in": "query", "required": name in required, "schema": inner}
        if "description" in member:
            parameter["description"] = member["description"]
        if name in joined:
            parameter["explode"] = False
        parameters.append(parameter)
    return parameters


def _responses(route: Route, schemas: _Schemas) -> Description:
    responses: dict[int, Description] = {}
    for status in _shared_statuses(route):
        responses[status] = {"$ref": f"#/components/responses/{_SHARED[status].name}"}
    for status, when in route.refusals.items():
        responses[status] = _refusal(status, when)
    for status, reply in route.replies.items():
        responses[status] = _reply(reply, schemas)
    return {str(status): responses[status] for status in sorted(responses)}


def _shared_statuses(route: Route) -> list[int]:
    statuses = [*_ALWAYS]
    if not isinstance(route.permissions, Public):
        statuses += _WITH_PERMISSION
    if route.path_parameters:
        statuses += _WITH_PATH
    if _body(route) is not None:
        statuses += _WITH_BODY if route.form else (*_WITH_BODY, *_JSON_ONLY)
    return statuses


def _reply(reply: Reply, schemas: _Schemas) -> Description:
    headers: dict[str, Description] = dict(_REQUEST_ID)
    if reply.location:
        headers["Location"] = {"$ref": "#/components/headers/Location"}
    headers |= {name: {"description": text, "schema": {"type": "string"}} for name, text in reply.headers.items()}
    response: Description = {"description": reply.when, "headers": headers}
    if reply.type is not None:
        response["content"] = {JSON_TYPE: {"schema": schemas.of(reply.type)}}
    if reply.stream:
        response.setdefault("content", {})[reply.stream] = {"schema": {"type": "string"}}
    return response


def _refusal(status: int, when: str) -> Description:
    return {
        "description": when,
        "headers": {**_REQUEST_ID, **_HEADERS_OF_REFUSALS.get(status, {})},
        "content": {JSON_TYPE: {"schema": {"$ref": REF + "ApiError"}}},
    }
