"""Connections: only to addresses that were checked, under the name that was asked for."""

from __future__ import annotations

import asyncio
import datetime
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from opendoms.events.rules.target import target_of
from opendoms.events.sending import Sender, SendingFailed
from tests.events.scene import Scene
from tests.receiver import Receiver

HERE = "127.0.0.1"
NAME = "shop.example.com"
Answering = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def sender(url: str, *addresses: str, allow_private: bool = True, tls: ssl.SSLContext | None = None) -> Sender:
    """A sender for which the name leads to these addresses."""

    async def resolve(host: str, port: int) -> list[str]:
        if not addresses:
            raise OSError("no such name")
        return list(addresses)

    return Sender(
        target_of(url),
        tls,
        allow_private=allow_private,
        answer_bytes_max=1_000,
        idle_max=4,
        resolve=resolve,
    )


@pytest.mark.parametrize(
    ("addresses", "reason"),
    [
        ((HERE,), "ADDRESS_NOT_ALLOWED"),
        (("169.254.169.254",), "ADDRESS_NOT_ALLOWED"),
        (("::1",), "ADDRESS_NOT_ALLOWED"),
        (("fe80::1%lo",), "ADDRESS_NOT_ALLOWED"),
        (("93.184.216.34", "10.0.0.1"), "ADDRESS_NOT_ALLOWED"),
        ((), "NAME_NOT_FOUND"),
    ],
)
async def test_a_name_that_leads_inside_is_not_called(
    receiver: Receiver, addresses: tuple[str, ...], reason: str
) -> None:
    """Looked at when it is to be connected to, whatever it was when the subscription was made."""
    sending = sender(f"http://{NAME}:{receiver.port}/", *addresses, allow_private=False)
    with pytest.raises(SendingFailed, match=reason):
        await sending.post([], b"{}")
    assert receiver.taken == []


async def test_the_checked_address_is_called_under_its_name(receiver: Receiver) -> None:
    """The name is looked up once per connection; it stays in the Host header. One connection serves many messages."""
    looked_up = []

    async def resolve(host: str, port: int) -> list[str]:
        looked_up.append((host, port))
        return [HERE]

    target = target_of(f"http://{NAME}:{receiver.port}/hook?a=b")
    sending = Sender(target, None, allow_private=True, answer_bytes_max=9, idle_max=1, resolve=resolve)
    for _ in range(3):
        assert await sending.post([(b"webhook-id", b"x")], b"{}") == 204
    assert looked_up == [(NAME, receiver.port)]
    assert {request.headers["host"] for request in receiver.taken} == {f"{NAME}:{receiver.port}"}
    assert {request.path for request in receiver.taken} == {"/hook?a=b"}
    sending.close()


async def test_another_address_of_a_name_is_tried(receiver: Receiver) -> None:
    """Where one does not take the connection."""
    sending = sender(f"http://{NAME}:{receiver.port}/", "::1", HERE)
    assert await sending.post([(b"webhook-id", b"x")], b"{}") == 204
    sending.close()


@asynccontextmanager
async def listening(answering: Answering, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A server that does what a test says; its port."""
    server = await asyncio.start_server(answering, HERE, 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def saying(*answers: bytes, close: bool = True) -> Answering:
    """Reads requests and says these bytes, one after the other."""
    left = list(answers)

    async def answering(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while left:
            await reader.readuntil(b"\r\n\r\n{}")
            writer.write(left.pop(0))
            if close:
                break
        writer.close()

    return answering


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200),
        (
            b"HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 202 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
            202,
        ),
        (b"HTTP/1.0 201 Created\r\n\r\nuntil the end", 201),
        (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", 302),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n" + b"x" * 200_000, 200),
    ],
)
async def test_the_status_is_all_that_is_wanted(answer: bytes, status: int) -> None:
    """However the answer is framed, and however long it is; redirects are answers like any other."""
    async with listening(saying(answer)) as port:
        sending = sender(f"http://{HERE}:{port}/", HERE)
        assert await sending.post([], b"{}") == status
        sending.close()


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"", "CONNECTION_BROKEN"),
        (b"HTTP/1.1 200 OK\r\nContent-", "CONNECTION_BROKEN"),
        (b"SSH-2.0-OpenSSH\r\n", "NOT_HTTP"),
        (b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 20_000, "NOT_HTTP"),
    ],
)
async def test_what_is_no_answer_is_told_in_a_word(answer: bytes, reason: str) -> None:
    """Nothing that the endpoint said is repeated."""
    async with listening(saying(answer)) as port:
        with pytest.raises(SendingFailed) as failed:
            await sender(f"http://{HERE}:{port}/", HERE).post([], b"{}")
    assert str(failed.value) == reason


async def test_a_connection_that_was_closed_while_idle_is_replaced() -> None:
    """The endpoint closes it between two messages; the second one is not a failed attempt."""
    ok = b"HTTP/1.1 204 No Content\r\n\r\n"
    async with listening(saying(ok, ok)) as port:
        sending = sender(f"http://{HERE}:{port}/", HERE)
        assert [await sending.post([], b"{}") for _ in range(2)] == [204, 204]
        sending.close()


def certificate(folder: Path, name: str) -> Path:
    """A key and a certificate of its own for a name, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    day = datetime.timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.datetime.now(datetime.UTC) - day)
        .not_valid_after(datetime.datetime.now(datetime.UTC) + day)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    plain: Any = serialization.NoEncryption()
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.mark.parametrize(("name", "status"), [(NAME, 204), ("other.example.com", None)])
async def test_the_certificate_must_be_that_of_the_name(tmp_path: Path, name: str, status: int | None) -> None:
    """Though the connection goes to an address, TLS asks for the name and believes no other."""
    path = certificate(tmp_path, name)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(path)
    asked = []
    serving.set_servername_callback(lambda _socket, asked_for, _context: asked.append(asked_for))
    trusting = ssl.create_default_context(cafile=str(path))
    async with listening(saying(b"HTTP/1.1 204 No Content\r\n\r\n"), serving) as port:
        sending = sender(f"https://{NAME}:{port}/", HERE, tls=trusting)
        if status is None:
            with pytest.raises(SendingFailed, match="TLS_FAILED"):
                await sending.post([], b"{}")
        else:
            assert await sending.post([], b"{}") == status
        sending.close()
    assert asked == [NAME]


async def test_a_refused_address_is_an_attempt_like_any_other(scene: Scene, receiver: Receiver) -> None:
    """A subscription from before the setting was taken away fails visibly, and nothing is sent."""
    await scene.subscribe(receiver.url())
    scene.start(settings=None)
    await scene.happens("o1")
    delivery = await scene.until_tried(1)
    assert delivery["attempts"][0]["error"] == "ADDRESS_NOT_ALLOWED"
    assert receiver.taken == []
