"""The one ASGI application: finds the route, checks the caller, decodes, calls, encodes, logs."""

from __future__ import annotations

import functools
import re
import time
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import structlog
from starlette.applications import Starlette
from starlette.types import Message, Receive, Scope, Send

from opendoms.identity.principal import Principal
from opendoms.kernel.clock import Clock, text_of
from opendoms.kernel.ids import NewId
from opendoms.kernel.refusal import Fault, Forbidden, MethodNotAllowed, Refusal, Unknown
from opendoms.web import body, errors
from opendoms.web.access_log import AccessLog, Line
from opendoms.web.auth import Authenticator
from opendoms.web.form import merged_form
from opendoms.web.log import trace_of
from opendoms.web.query import QueryDecoder
from opendoms.web.routing import NOBODY, Answer, Call, Match, Public, Route, RouteTree
from opendoms.web.streaming import Stream, send_stream

log = structlog.get_logger()

# What is taken over from a caller's x-request-id: it goes into logs and headers.
_REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9._~:/+=@-]{1,128}")
_HOST: Final = re.compile(rb"[A-Za-z0-9.\-:\[\]]{1,255}")
_NO_TENANT: Final = ""
_ADDRESS_MAX: Final = 64  # characters; the longest IPv6 address with a zone is shorter


class Limits(NamedTuple):
    """What bounds a request, and whom to believe about where it came from."""

    body_bytes_max: int
    trusted_proxies: frozenset[str]


class _Endpoint(NamedTuple):
    """A route with its decoders, built once."""

    route: Route
    query: QueryDecoder
    body: body.BodyDecoder | None
    operation: str
    tells_location: bool


# Working out a type takes milliseconds, and several routes share one.
_query_decoder = functools.cache(QueryDecoder)
_body_decoder = functools.cache(body.BodyDecoder)


class Api:
    """Serves the routes; hands every other path to `pages` where it asks for them, and answers 404 to the rest."""

    def __init__(  # noqa: PLR0913 - the composition root hands in what this needs, each once
        self,
        routes: list[Route],
        *,
        authenticator: Authenticator,
        clock: Clock,
        new_id: NewId,
        access_log: AccessLog,
        limits: Limits,
        pages: Starlette,
        page_prefixes: tuple[str, ...],
        on_ending: Callable[[], None] = lambda: None,
    ) -> None:
        self._tree = RouteTree(routes)
        self._endpoints = {
            id(route): _Endpoint(
                route,
                _query_decoder(route.query),
                _body_decoder(route.body, route.envelope) if route.body is not None else None,
                f"{route.method} {route.path}",
                any(reply.location for reply in route.replies.values()),
            )
            for route in routes
        }
        self._routes = routes  # keeps the ids above alive
        self._authenticator = authenticator
        self._clock = clock
        self._new_id = new_id
        self._access_log = access_log
        self._limits = limits
        self.pages = pages
        self._page_prefixes = page_prefixes
        self._on_ending = on_ending

    def end_streams(self) -> None:
        """The server stops: answers that go on for as long as somebody listens come to their end."""
        self._on_ending()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or the life span, which is the pages' to handle."""
        if scope["type"] == "http" and not scope["path"].startswith(self._page_prefixes):
            await self._serve(scope, receive, send)
        else:
            await self.pages(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter_ns()
        request = _Request(scope, self._limits)
        request.id = request.header_id() or self._new_id()
        try:
            answer = await self._answer(request, receive)
        except Refusal as refused:
            answer = errors.answer_of(refused)
        except body.Disconnected:
            return
        except Exception as error:  # noqa: BLE001 - a fault of ours, told in the log and to the caller
            log.error(  # noqa: TRY400 - its words may be the caller's
                "request failed", requestId=request.id, route=request.operation, trace=trace_of(error)
            )
            answer = errors.internal_error(request.id)
        size_out = await _send(answer, request, receive, send)
        self._access_log.add(
            Line(
                at=text_of(self._clock.now(_NO_TENANT)),
                method=request.method,
                route=request.operation,
                status=answer.status,
                ms=(time.perf_counter_ns() - started) // 1000 / 1000,
                size_in=request.size,
                size_out=size_out,
                request_id=request.id,
                tenant=request.principal.tenant,
            )
        )

    async def _answer(self, request: _Request, receive: Receive) -> Answer:
        endpoint, path = self._find(request)
        route = endpoint.route
        request.operation = endpoint.operation
        if not isinstance(route.permissions, Public):
            request.principal = await self._principal(request)
            _check_permission(route, request.principal)
        query = endpoint.query.decode(b"" if route.form else request.query)
        typed: Any = None
        document: dict[str, Any] = {}
        if endpoint.body is not None or route.form:
            data = await body.read(receive, request.headers.get(b"content-length"), self._limits.body_bytes_max)
            request.size = len(data)
            content_type = request.headers.get(b"content-type")
            if endpoint.body is not None:
                body.check_media_type(content_type)
                typed, document = endpoint.body.decode(data)
            else:
                document = merged_form(data, content_type, request.query)
        return await route.handler(
            Call(
                principal=request.principal,
                path=path,
                query=query,
                body=typed,
                document=document,
                request_id=request.id,
                base_url=request.base_url() if endpoint.tells_location else "",
                operation=endpoint.operation,
                client=request.client() if route.form else "",
                headers=request.headers,
            )
        )

    def _find(self, request: _Request) -> tuple[_Endpoint, Any]:
        if "\0" in request.path:
            raise Unknown(Fault("Unknown path.", "A path cannot hold the NUL character."))
        found = self._tree.find("GET" if request.method == "HEAD" else request.method, request.path)
        if found is None:
            raise Unknown(Fault("Unknown path.", "The API description under /openapi.json lists what there is."))
        if not isinstance(found, Match):
            allowed = ", ".join(found)
            raise MethodNotAllowed(found, Fault(f"{request.method} is not possible here, only {allowed}."))
        return self._endpoints[id(found.route)], found.path

    async def _principal(self, request: _Request) -> Principal:
        authorization = request.headers.get(b"authorization")
        known = self._authenticator.principal_of(authorization, self._clock.now(_NO_TENANT))
        return known if known is not None else await self._authenticator.authenticate(authorization)


class _Request:
    """What is known of one request while it is answered."""

    __slots__ = (
        "_limits",
        "headers",
        "id",
        "method",
        "operation",
        "path",
        "principal",
        "query",
        "scope",
        "size",
    )

    def __init__(self, scope: Scope, limits: Limits) -> None:
        self.scope = scope
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.query: bytes = scope["query_string"]
        self.principal = NOBODY
        self.operation = "unknown"
        self.id = ""
        self.size = 0
        self._limits = limits

    def header_id(self) -> str | None:
        """The caller's own request id, where it is harmless."""
        given = self.headers.get(b"x-request-id")
        return given.decode("ascii") if given is not None and _REQUEST_ID.fullmatch(given) else None

    def client(self) -> str:
        """The caller's address: that of the connection, or the last one that a trusted proxy saw and is none itself."""
        connection: str = (self.scope.get("client") or ("",))[0]
        if self._is_trusted():
            for hop in reversed(self.headers.get(b"x-forwarded-for", b"").decode("latin-1").split(",")):
                if hop.strip() and hop.strip() not in self._limits.trusted_proxies:
                    return hop.strip()[:_ADDRESS_MAX]
        return connection

    def _is_trusted(self) -> bool:
        proxies = self._limits.trusted_proxies
        return bool(proxies) and (self.scope.get("client") or ("",))[0] in proxies

    def base_url(self) -> str:
        """Scheme and host as the caller sees them; forwarded ones only from a trusted proxy."""
        scheme, host = self.scope["scheme"], self.headers.get(b"host", b"")
        if self._is_trusted():
            forwarded = self.headers.get(b"x-forwarded-proto", b"").decode("ascii", "ignore")
            scheme = forwarded if forwarded in ("http", "https") else scheme
            host = self.headers.get(b"x-forwarded-host", host)
        if not _HOST.fullmatch(host):
            name, port = self.scope.get("server") or ("127.0.0.1", None)
            host = f"{name}:{port}".encode() if port else str(name).encode()
        return f"{scheme}://{host.decode('ascii')}"


def _check_permission(route: Route, principal: Principal) -> None:
    permissions = route.permissions
    assert not isinstance(permissions, Public)  # noqa: S101 - narrows the type; the caller has asked
    for permission in permissions:
        if permission in principal.permissions:
            return
    wanted = " or ".join(permissions)
    raise Forbidden(Fault(f"Permission missing: {wanted} is required for {route.method} {route.path}."))


async def _send(answer: Answer, request: _Request, receive: Receive, send: Send) -> int:
    """Sends the answer; returns the size of its body in bytes."""
    length = ((b"content-length", b"%d" % len(answer.body)),) if answer.stream is None else ()
    head = {
        "type": "http.response.start",
        "status": answer.status,
        "headers": [
            (b"content-type", answer.content_type.encode()),
            *length,
            (b"x-request-id", request.id.encode()),
            *answer.headers,
        ],
    }
    if answer.stream is not None:
        return await _stream(head, answer.stream, request, receive, send)
    await send(head)
    await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else answer.body})
    return len(answer.body)


async def _stream(head: Message, stream: Stream, request: _Request, receive: Receive, send: Send) -> int:
    try:
        await send(head)
        if request.method != "HEAD":
            return await send_stream(stream, receive, send)
        await send({"type": "http.response.body", "body": b""})
    except Exception as error:  # noqa: BLE001 - a fault of ours, told in the log
        # The head is out, so nothing else can be answered: the unfinished answer tells that something is wrong.
        log.error(  # noqa: TRY400 - as above
            "stream failed", requestId=request.id, route=request.operation, trace=trace_of(error)
        )
    finally:
        await stream.aclose()
    return 0
