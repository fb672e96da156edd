"""Closes the network for tests: only this machine can be reached, so that no test depends on anything outside."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import pytest


class OutsideError(RuntimeError):
    """A test reached for an address that is not on this machine."""


def is_here(host: str | bytes | None) -> bool:
    """Whether a host is this machine: localhost, a loopback address, or none."""
    text = host.decode() if isinstance(host, bytes) else host
    if not text or text == "localhost":
        return True
    try:
        return ipaddress.ip_address(text.partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def closed_network() -> Iterator[None]:
    """Refuses look-ups and connections beyond loopback and Unix sockets, in this process (not in its children)."""
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def refuse_outside(this: socket.socket, address: Any) -> None:
        if this.family in (socket.AF_INET, socket.AF_INET6) and not is_here(address[0]):
            raise OutsideError(f"tests may not connect to {address[0]}")

    def guarded_connect(this: socket.socket, address: Any) -> None:
        refuse_outside(this, address)
        connect(this, address)

    def guarded_connect_ex(this: socket.socket, address: Any) -> int:
        refuse_outside(this, address)
        return connect_ex(this, address)

    def guarded_getaddrinfo(host: str | bytes | None, *args: Any, **kwargs: Any) -> Any:
        if not is_here(host):
            raise OutsideError(f"tests may not look up {host!r}")
        return getaddrinfo(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
        yield
