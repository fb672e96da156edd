"""Where a subscription sends to: what its callback URL and headers must satisfy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from opendoms.events.rules.addresses import address_of, is_local_name, is_public
from opendoms.kernel.decision import Document
from opendoms.kernel.refusal import Fault

URL_CHARACTERS_MAX: Final = 2_048
HEADERS_MAX: Final = 32
HEADER_NAME_CHARACTERS_MAX: Final = 128
HEADER_VALUE_CHARACTERS_MAX: Final = 4_096
ALLOW: Final = "OPENDOMS_WEBHOOK_ALLOW_PRIVATE_NETWORKS=true"

_PORTS: Final = {"http": 80, "https": 443}
_HOST: Final = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63}){0,15}\.?")
_PATH: Final = re.compile(r"[!-~]*")
_HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE: Final = re.compile(r"[\t\x20-\x7e]*")
# Those that say how the message is framed and to whom it goes, and our own.
_KEPT_NAMES: Final = frozenset(
    {
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "expect",
        "host",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
_KEPT_PREFIXES: Final = ("webhook-", "opendoms-", "proxy-")


class Target(NamedTuple):
    """A callback URL in its parts. `host` has no brackets, `path` begins with a slash and has the query in it."""

    secure: bool
    host: str
    port: int
    path: str


class UrlInvalid(ValueError):  # noqa: N818 - told to the caller as one fault
    """A callback URL cannot be used; the message says what is expected, without the URL."""


def target_of(url: str) -> Target:
    """The parts of a callback URL. Raises UrlInvalid."""
    if len(url) > URL_CHARACTERS_MAX:
        raise UrlInvalid(f"expected at most {URL_CHARACTERS_MAX} characters")
    if _PATH.fullmatch(url) is None or "\\" in url:
        raise UrlInvalid("expected an http or https URL in ASCII; other characters need percent-escapes")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UrlInvalid("expected an http or https URL") from None
    host = parts.hostname or ""
    if parts.scheme not in _PORTS or not host or port == 0:
        raise UrlInvalid("expected an http or https URL with a host")
    if "@" in parts.netloc or "#" in url:
        raise UrlInvalid("expected a URL without a user, password or fragment; a password can stand in a header")
    if _HOST.fullmatch(host) is None and (":" not in host or "%" in host or address_of(host) is None):
        raise UrlInvalid("expected a host name of letters, digits, hyphens and dots, or an address")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme == "https", host, port or _PORTS[parts.scheme], path)


def url_faults(path: str, url: str, *, allow_private: bool) -> Iterator[Fault]:
    """What is wrong with a callback URL as it is written; looking its name up is the caller's."""
    try:
        target = target_of(url)
    except UrlInvalid as invalid:
        yield Fault(f"{path}: {invalid}")
        return
    address = address_of(target.host)
    if not allow_private and (is_local_name(target.host) if address is None else not is_public(address)):
        yield private(path)


def private(path: str) -> Fault:
    """The fault of a URL that leads into a private network."""
    return Fault(
        f"{path}: expected an address on the internet, not one of this machine or a private network",
        f"An operator can allow it with {ALLOW}.",
    )


def header_faults(path: str, headers: Sequence[Document]) -> Iterator[Fault]:
    """What is wrong with the headers that are to be sent along. Values are not repeated: they may be secrets."""
    if len(headers) > HEADERS_MAX:
        yield Fault(f"{path}: expected at most {HEADERS_MAX} headers")
        return
    for i, header in enumerate(headers):
        name, value = header["key"], header["value"]
        at = f"{path}[{i}]"
        if len(name) > HEADER_NAME_CHARACTERS_MAX or _HEADER_NAME.fullmatch(name) is None:
            yield Fault(
                f"{at}.key: expected the name of an HTTP header, at most {HEADER_NAME_CHARACTERS_MAX} characters"
            )
        elif name.lower() == "content-type":
            if value.partition(";")[0].strip().lower() != "application/json":
                yield Fault(f"{at}.value: expected application/json; nothing else is sent")
        elif name.lower() in _KEPT_NAMES or name.lower().startswith(_KEPT_PREFIXES):
            yield Fault(f"{at}.key: {name} is set by the hub")
        if len(value) > HEADER_VALUE_CHARACTERS_MAX or _HEADER_VALUE.fullmatch(value) is None:
            yield Fault(f"{at}.value: expected at most {HEADER_VALUE_CHARACTERS_MAX} printable ASCII characters")
