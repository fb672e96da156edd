"""From the bytes of a request to its typed body: size, media type, nesting, JSON, type."""

from __future__ import annotations

import itertools
import re
from collections.abc import Awaitable, Callable
from typing import Any, Final

import msgspec

from opendoms.kernel import document as json
from opendoms.kernel.decision import Document
from opendoms.kernel.refusal import Fault, Invalid, NotJson, TooLarge
from opendoms.web.alternatives import check_alternatives
from opendoms.web.canonical import canonical_of
from opendoms.web.faults import faults_of

# Deeper than any order, shallower than any recursion limit on the way to the database and back.
NESTING_MAX: Final = 64

Receive = Callable[[], Awaitable[Any]]


class Disconnected(Exception):  # noqa: N818 - the caller has left; there is nobody to answer
    """The caller closed the connection before the body was whole."""


async def read(receive: Receive, declared: bytes | None, limit: int) -> bytes:
    """The whole body. Raises TooLarge as soon as that is known, at the latest one chunk after `limit` bytes."""
    if declared is not None and declared.isdigit() and int(declared) > limit:
        raise TooLarge(_too_large(limit))
    message = await receive()
    if message["type"] == "http.disconnect":
        raise Disconnected
    body: bytes = message.get("body", b"")
    if not message.get("more_body", False):
        if len(body) > limit:
            raise TooLarge(_too_large(limit))
        return body
    parts, size = [body], len(body)
    while message.get("more_body", False):
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > limit:
            raise TooLarge(_too_large(limit))
    return b"".join(parts)


def _too_large(limit: int) -> Fault:
    return Fault(f"The body is larger than {limit} bytes.", "Send fewer lines or attributes per request.")


def check_media_type(content_type: bytes | None) -> None:
    """Raises NotJson where the body is declared as something else. No declaration is taken for JSON."""
    if content_type is None:
        return
    media_type = content_type.partition(b";")[0].strip().lower()
    if media_type not in (b"application/json", b"") and not media_type.endswith(b"+json"):
        raise NotJson(Fault("Content-Type: expected application/json.", "The body must be JSON in UTF-8."))


_DEEPER: Final = {ord("{"): 1, ord("["): 1, ord("}"): -1, ord("]"): -1}
_NO_BRACKETS: Final = bytes(byte for byte in range(256) if byte not in _DEEPER)
_TEXT: Final = re.compile(rb'"(?:[^"\\]|\\.)*"')


def check_nesting(body: bytes) -> None:
    """Raises Invalid where the JSON nests deeper than NESTING_MAX. Three steps, the cheap ones first."""
    if body.count(b"{") + body.count(b"[") <= NESTING_MAX:
        return
    if _depth(body) <= NESTING_MAX or _depth(_TEXT.sub(b"", body)) <= NESTING_MAX:
        return
    raise Invalid(Fault(f"The body nests deeper than {NESTING_MAX} levels."))


def _depth(body: bytes) -> int:
    brackets = body.translate(None, _NO_BRACKETS)
    return max(itertools.accumulate(map(_DEEPER.__getitem__, brackets)), default=0)


class BodyDecoder:
    """Decodes the bodies of one type; built once per type.

    With an `envelope`, a type that leaves parts of the body undecoded (msgspec.Raw), the body is held against that, and
    whoever asks judges the parts; a refused body is still told every fault of the whole.
    """

    def __init__(self, type_: Any, envelope: Any = None) -> None:
        self._type = type_
        held_to = type_ if envelope is None else envelope
        self._decoder = msgspec.json.Decoder(held_to)
        self._canonical = canonical_of(held_to)
        self._alternatives = check_alternatives(held_to)

    def decode(self, body: bytes) -> tuple[Any, Document]:
        """The typed body and the same JSON as it was sent, its timestamps in canonical form. Raises Invalid."""
        check_nesting(body)
        try:
            typed = self._decoder.decode(body)
            document = json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise Invalid(*faults_of(body, self._type)) from None
        self._complete(typed, document)
        return typed, document

    def judge(self, part: msgspec.Raw, document: Document) -> None:
        """Holds a part of a larger body, which was decoded as a document before, against the type. Raises Invalid.

        The timestamps of the document are brought into canonical form.
        """
        try:
            typed = self._decoder.decode(part)
        except (msgspec.DecodeError, RecursionError):
            raise Invalid(*faults_of(bytes(part), self._type)) from None
        self._complete(typed, document)

    def _complete(self, typed: Any, document: Document) -> None:
        faults = [*self._canonical(document), *self._alternatives(typed)]
        if faults:
            raise Invalid(*faults)
