"""The tests themselves cannot reach beyond this machine."""

from __future__ import annotations

import asyncio
import socket

import httpx
import pytest

from tests.network import OutsideError, is_here

# Addresses that are kept for documentation: nobody answers there.
OUTSIDE = ["192.0.2.1", "2001:db8::1", "10.0.0.1", "0.0.0.0", "example.org"]  # noqa: S104 - nothing is bound to it
HERE = ["127.0.0.1", "127.8.8.8", "::1", "::1%lo", "localhost", "", b"localhost", None]


@pytest.mark.parametrize("host", OUTSIDE)
def test_other_hosts_are_outside(host: str) -> None:
    """No address but loopback counts as this machine."""
    assert not is_here(host)


@pytest.mark.parametrize("host", HERE)
def test_this_machine_is_here(host: str | bytes | None) -> None:
    """Loopback in every spelling counts as this machine."""
    assert is_here(host)


def test_a_socket_to_the_outside_is_refused() -> None:
    """A plain socket does not leave this machine, with connect and with connect_ex."""
    with socket.socket() as outgoing:
        with pytest.raises(OutsideError):
            outgoing.connect(("192.0.2.1", 80))
        with pytest.raises(OutsideError):
            outgoing.connect_ex(("192.0.2.1", 80))


def test_a_lookup_of_the_outside_is_refused() -> None:
    """A name of the outside world is not even looked up."""
    with pytest.raises(OutsideError):
        httpx.get("http://example.org/")


async def test_asyncio_to_the_outside_is_refused() -> None:
    """The event loop's connections are closed as well."""
    with pytest.raises(OutsideError):
        await asyncio.open_connection("192.0.2.1", 80)


async def test_loopback_is_open() -> None:
    """A server on this machine is reached as usual."""

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello")
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.sockets[0].getsockname()[1])
        assert await reader.read() == b"hello"
        writer.close()
        await writer.wait_closed()
