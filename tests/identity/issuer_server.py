"""An OpenID Connect issuer on this machine: an HTTP server that a test can make slow, large, wrong or silent."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

DISCOVERY: Final = "/.well-known/openid-configuration"
KEYS: Final = "/keys"


class IssuerServer:
    """Answers the two documents. `answers` overrides one by its path: status, further headers, body."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answers: dict[str, tuple[int, str, bytes]] = {}
        self.keys: list[dict[str, Any]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.url = ""
        self._arrival = asyncio.Condition()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listens on a free port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"

    async def stop(self) -> None:
        """Lets go of whoever waits, and ends."""
        self.gate.set()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def arrived(self, requests: int) -> None:
        """Returns when so many requests have come in since the start."""
        async with self._arrival:
            await self._arrival.wait_for(lambda: len(self.asked) >= requests)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A client that gives up, or has seen too much, hangs up at any point.
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            request = await reader.readuntil(b"\r\n\r\n")
            path = request.split(b" ", 2)[1].decode()
            async with self._arrival:
                self.asked.append(path)
                self._arrival.notify_all()
            await self.gate.wait()
            status, headers, body = self.answers.get(path) or (200, "", self._document(path))
            head = f"HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {len(body)}\r\n{headers}\r\n"
            writer.write(head.encode() + body)
            await writer.drain()
        writer.close()

    def _document(self, path: str) -> bytes:
        if path == DISCOVERY:
            return json.dumps({"issuer": self.url, "jwks_uri": self.url + KEYS}).encode()
        return json.dumps({"keys": self.keys}).encode()


def rsa_key(bits: int = 2_048) -> RSAPrivateKey:
    """A fresh pair."""
    return generate_private_key(65_537, bits)


def public_jwk(private: RSAPrivateKey, kid: str | None, **changes: Any) -> dict[str, Any]:
    """The public half as a JWKS shows it; a change to None takes a member away."""
    entry: dict[str, Any] = jwt.algorithms.RSAAlgorithm.to_jwk(private.public_key(), as_dict=True)
    entry |= {"kid": kid, "alg": "RS256", "use": "sig", **changes}
    return {name: value for name, value in entry.items() if value is not None}
