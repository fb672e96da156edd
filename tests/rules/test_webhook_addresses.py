"""Which addresses may be called, in every spelling that a look-up would take."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendoms.events.rules.addresses import address_of, is_local_name, is_public

PRIVATE = [
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "127.0.0.1.",
    "0", "0.0.0.0", "10.0.0.1",  # noqa: S104 - nothing listens on it
    "10.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "169.254.169.254",
    "0xa9fea9fe", "2852039166", "100.64.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.9",
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:10.0.0.1", "::127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a9fe:a9fe::1", "fe80::1", "fe80::1%eth0",
    "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1", "2001:0:4136:e378:8000:63bf:80ff:fffe",
]  # fmt: skip
PUBLIC = [
    "93.184.216.34", "8.8.8.8", "1.1.1.1", "134744072", "0x08080808", "010.8.8.8", "2606:4700::1111",
    "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1",
]  # fmt: skip
NAMES = [
    "example.com",
    "localhost",
    "1.2.3.4.5",
    "0x",
    "256.256.256.256",
    "1.2.3.256",
    "08.1.1.1",
    "a",
    "",
    "-1",
    "1..2",
]


@pytest.mark.parametrize("host", PRIVATE)
def test_addresses_that_lead_inside_are_no_public_ones(host: str) -> None:
    """Loopback, link-local, private, shared and special ranges, and IPv6 addresses that hold such an IPv4 address."""
    address = address_of(host)
    assert address is not None
    assert not is_public(address)


@pytest.mark.parametrize("host", PUBLIC)
def test_addresses_of_the_internet_are_public(host: str) -> None:
    """Also where an IPv6 address holds them."""
    address = address_of(host)
    assert address is not None
    assert is_public(address)


@pytest.mark.parametrize("host", NAMES)
def test_a_name_is_no_address(host: str) -> None:
    """What no look-up would read as numbers is a name, whatever it looks like."""
    found = address_of(host)
    assert found is None or (host == "0x" and int(found) == 0)


@given(st.integers(0, 2**32 - 1))
def test_every_spelling_of_an_address_is_the_same_one(number: int) -> None:
    """Dotted, decimal, hexadecimal, octal, and with parts left out."""
    address = ipaddress.IPv4Address(number)
    first, rest = number >> 24, number & 0xFF_FFFF
    spellings = [str(address), str(number), hex(number), f"0{number:o}", f"{first}.{rest}", f"{first:#x}.{rest:#x}"]
    assert {address_of(spelling) for spelling in spellings} == {address}
    assert is_public(ipaddress.IPv6Address(f"::ffff:{address}")) == is_public(address)


@pytest.mark.parametrize(
    ("name", "local"),
    [
        ("localhost", True),
        ("LOCALHOST", True),
        ("a.localhost.", True),
        ("erp.internal", True),
        ("printer.local", True),
        ("router.lan", True),
        ("localhost.example.com", False),
        ("example.com", False),
    ],
)
def test_names_of_this_network_are_known(name: str, local: bool) -> None:  # noqa: FBT001 - a column of the table
    """By their last part."""
    assert is_local_name(name) is local
