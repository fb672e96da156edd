"""Sends messages to one endpoint, over connections to addresses that were checked before.

A name is looked up here and nowhere else, and the connection goes to the very address that was found allowed: another
answer to a second look-up cannot lead it elsewhere. The name stays in the Host header and in the TLS handshake.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from opendoms import __version__
from opendoms.events.connection import Connection, ConnectionBroken
from opendoms.events.rules.addresses import address_of, is_public
from opendoms.events.rules.target import Target

Resolve = Callable[[str, int], Awaitable[list[str]]]
Header = tuple[bytes, bytes]

ADDRESSES_MAX: Final = 8
# For one connection to be made; another address may answer. In seconds.
CONNECT_S: Final = 4.0
# An idle connection is not used any more after so long, in seconds.
IDLE_S: Final = 30.0
USER_AGENT: Final = f"opendoms/{__version__}".encode()

TIMEOUT: Final = "TIMEOUT"
NAME_NOT_FOUND: Final = "NAME_NOT_FOUND"
ADDRESS_NOT_ALLOWED: Final = "ADDRESS_NOT_ALLOWED"
CONNECTION_REFUSED: Final = "CONNECTION_REFUSED"
TLS_FAILED: Final = "TLS_FAILED"


class SendingFailed(Exception):  # noqa: N818 - an outcome of an attempt
    """There is no answer; the text is a word for the reason, with nothing of the endpoint in it."""


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host. Raises OSError or UnicodeError where it has none."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))[:ADDRESSES_MAX]


def allowed(addresses: Iterable[str]) -> bool:
    """Whether every one of some addresses is one of the internet."""
    found = [address_of(address) for address in addresses]
    return all(address is not None and is_public(address) for address in found)


class Sender:
    """The connections to one endpoint. Used by several tasks at once, each of which has a connection to itself.

    `tls` is None for plain http, and only then.
    """

    def __init__(  # noqa: PLR0913 - what an endpoint is called by, each by its name
        self,
        target: Target,
        tls: ssl.SSLContext | None,
        *,
        allow_private: bool,
        answer_bytes_max: int,
        idle_max: int,
        resolve: Resolve = resolve,
    ) -> None:
        host = f"[{target.host}]" if ":" in target.host else target.host
        named = host if target.port == (443 if target.secure else 80) else f"{host}:{target.port}"
        self._head = f"POST {target.path} HTTP/1.1\r\nHost: {named}\r\n".encode()
        assert target.secure == (tls is not None)  # noqa: S101 - a secret must not go out in the clear by mistake
        self._target = target
        self._tls = tls
        self._allow_private = allow_private
        self._answer_bytes_max = answer_bytes_max
        self._idle_max = idle_max
        self._resolve = resolve
        self._idle: list[Connection] = []

    async def post(self, headers: Iterable[Header], body: bytes) -> int:
        """The status of the answer. Raises SendingFailed. The caller bounds the time."""
        lines = b"".join([b"%b: %b\r\n" % header for header in headers])
        request = b"%b%bContent-Length: %d\r\n\r\n%b" % (self._head, lines, len(body), body)
        while (connection := self._kept()) is not None:
            try:
                return await self._exchange(connection, request)
            except ConnectionBroken as broken:
                # It was closed while it lay idle. What nobody has begun to answer is sent once more.
                if broken.answering:
                    raise SendingFailed(str(broken)) from broken
        try:
            return await self._exchange(await self._connected(), request)
        except ConnectionBroken as broken:
            raise SendingFailed(str(broken)) from broken

    async def _exchange(self, connection: Connection, request: bytes) -> int:
        try:
            return await connection.exchange(request)
        finally:
            if connection.reusable and len(self._idle) < self._idle_max:
                connection.idle_since = asyncio.get_running_loop().time()
                self._idle.append(connection)
            else:
                connection.close()

    def _kept(self) -> Connection | None:
        oldest = asyncio.get_running_loop().time() - IDLE_S
        while self._idle:
            connection = self._idle.pop()
            if connection.reusable and connection.idle_since > oldest:
                return connection
            connection.close()
        return None

    async def _connected(self) -> Connection:
        """A connection to the first address that takes one, all of them checked."""
        try:
            addresses = await self._resolve(self._target.host, self._target.port)
        except (OSError, UnicodeError) as error:
            raise SendingFailed(NAME_NOT_FOUND) from error
        if not addresses:
            raise SendingFailed(NAME_NOT_FOUND)
        if not self._allow_private and not allowed(addresses):
            raise SendingFailed(ADDRESS_NOT_ALLOWED)
        failed = SendingFailed(CONNECTION_REFUSED)
        for address in addresses:
            try:
                async with asyncio.timeout(CONNECT_S):
                    return await self._connect(address)
            except ssl.SSLError as error:
                raise SendingFailed(TLS_FAILED) from error
            except TimeoutError:
                failed = SendingFailed(TIMEOUT)
            except OSError:
                failed = SendingFailed(CONNECTION_REFUSED)
        raise failed

    async def _connect(self, address: str) -> Connection:
        _, connection = await asyncio.get_running_loop().create_connection(
            lambda: Connection(self._answer_bytes_max),
            address,
            self._target.port,
            ssl=self._tls,
            server_hostname=self._target.host if self._tls is not None else None,
        )
        return connection

    def close(self) -> None:
        """Closes what is idle."""
        while self._idle:
            self._idle.pop().close()
