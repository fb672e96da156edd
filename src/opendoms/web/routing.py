"""A route names its path, permission, wire types and statuses in one place.

Routing, the permission check, decoding and the API description are all derived from this.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

from opendoms.identity.principal import Principal
from opendoms.kernel.changeset import Origin
from opendoms.kernel.decision import Document
from opendoms.web.streaming import Stream

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]

JSON_TYPE: Final = "application/json"
_NO_HEADERS: Final[Mapping[bytes, bytes]] = MappingProxyType({})


class Call(NamedTuple):
    """One request, decoded: what a handler gets.

    `body` is the typed struct of the route's `body`, `document` the same JSON as it was sent (timestamps in their
    canonical form, decimals as Decimal), for slices that store what the caller said. `query` is the route's `query`
    struct. `operation` is the method and the path of the route. `base_url`, scheme and host without a trailing slash,
    is there where the route tells a location; `client`, the caller's address, on form calls. A public route has no
    principal of its own and gets NOBODY. `headers` are the request's, by their names in small letters.
    """

    principal: Principal
    path: Mapping[str, str]
    query: Any
    body: Any
    document: Document
    request_id: str
    base_url: str
    operation: str
    client: str
    headers: Mapping[bytes, bytes] = _NO_HEADERS

    def origin(self) -> Origin:
        """What history tells of a write that this request makes."""
        return Origin(self.principal.tenant, self.principal.subject, f"{self.operation} {self.request_id}")


class Answer(NamedTuple):
    """What goes back: encoded bytes, sent as they are. With a `stream` they come from there, and `body` is empty."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[bytes, bytes], ...] = ()
    content_type: str = JSON_TYPE
    stream: Stream | None = None


Handler = Callable[[Call], Awaitable[Answer]]

NOBODY: Final = Principal(tenant="", subject="", permissions=frozenset())


class Public:
    """Stands where a permission would: this route needs no token, on purpose, and says why."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


class Reply(NamedTuple):
    """One status that a route answers: the type of its body (None: no body) and when it comes.

    `headers` are those that the answer may have beside the body, each with what it says. `stream` is the
    media type that the same may be asked for as, part by part.
    """

    when: str
    type: Any = None
    location: bool = False
    headers: Mapping[str, str] = {}
    stream: str = ""


class Route(NamedTuple):
    """One operation.

    `permissions` are any-of: holding one of them opens the route (actions may ask for a finer one afterwards).
    `replies` lists the successes by status; refusals that every route shares are added by the description.
    `refusals` names further ones of this route: status → when.
    """

    method: Method
    path: str
    handler: Handler
    operation_id: str
    summary: str
    tag: str
    permissions: tuple[str, ...] | Public
    replies: Mapping[int, Reply]
    description: str = ""
    body: Any = None
    envelope: Any = None  # what the whole body is held against, where the handler judges its parts by themselves
    query: Any = None
    path_parameters: Mapping[str, str] = {}
    refusals: Mapping[int, str] = {}
    form: bool = False  # also takes the body as a form or from the query (the sign-in calls)
    parameters: Any = None  # the struct of what a form call takes; described, and read by the handler itself


class Match(NamedTuple):
    """What a path leads to."""

    route: Route
    path: Mapping[str, str]


class _Node:
    __slots__ = ("exact", "parameter", "routes")

    def __init__(self) -> None:
        self.exact: dict[str, _Node] = {}
        self.parameter: _Node | None = None
        self.routes: dict[str, tuple[Route, tuple[str, ...]]] = {}


class RouteTree:
    """Finds the route of a path in one step per segment, however many routes there are."""

    def __init__(self, routes: list[Route]) -> None:
        self._root = _Node()
        for route in routes:
            self._add(route)

    def _add(self, route: Route) -> None:
        node, names = self._root, []
        for part in route.path.strip("/").split("/"):
            if part.startswith("{"):
                names.append(part[1:-1])
                node.parameter = node.parameter or _Node()
                node = node.parameter
            else:
                node = node.exact.setdefault(part, _Node())
        if route.method in node.routes:
            raise ValueError(f"{route.method} {route.path} is routed twice")
        if set(names) != set(route.path_parameters):
            raise ValueError(f"{route.method} {route.path}: its path parameters are not described")
        node.routes[route.method] = (route, tuple(names))

    def find(self, method: str, path: str) -> Match | tuple[str, ...] | None:
        """The match; the methods that the path has where this one is missing; None where there is no such path.

        Percent-escapes are already decoded by the server. One trailing slash is tolerated.
        """
        node, values = self._root, []
        for part in path[1:].removesuffix("/").split("/"):
            following = node.exact.get(part)
            if following is None:
                following = node.parameter
                if following is None or not part:
                    return None
                values.append(part)
            node = following
        if not node.routes:
            return None
        found = node.routes.get(method)
        if found is None:
            return tuple(sorted(node.routes))
        route, names = found
        return Match(route, dict(zip(names, values, strict=True)) if names else {})
