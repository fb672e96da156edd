"""Which addresses may be called: those that anybody on the internet could call."""

from __future__ import annotations

import ipaddress
import re
from typing import Final

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Names that mean this machine or this network wherever they are looked up.
_LOCAL_NAMES: Final = frozenset({"localhost", "localdomain", "local", "internal", "intranet", "lan", "home"})
# Ranges for protocols rather than for hosts, which not every release of Python tells from the internet.
_SPECIAL: Final = tuple(
    map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "100::/64", "2001::/23", "64:ff9b:1::/48"))
)
# IPv6 prefixes that carry an IPv4 address in their last bits: a way around the check of the latter.
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE: Final = ipaddress.IPv6Network("::/96")
_NUMBER: Final = re.compile(r"0x[0-9a-f]{0,32}|[0-9]{1,32}", re.IGNORECASE)
_PARTS_MAX: Final = 4


def address_of(host: str) -> Address | None:
    """The address that a host is, in any spelling that a look-up takes: 127.1, 0x7f000001, ::1; None for a name."""
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return _loose_address_of(host)


def _loose_address_of(host: str) -> Address | None:
    """The address of a host of one to four numbers in any base, as old C libraries read it."""
    parts = host.removesuffix(".").split(".")
    if len(parts) > _PARTS_MAX or not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    try:
        numbers = [_number(part) for part in parts]
    except ValueError:
        return None
    *leading, last = numbers
    bits = 8 * (_PARTS_MAX - len(leading))
    if any(number > 0xFF for number in leading) or last >= 1 << bits:  # noqa: PLR2004 - a byte
        return None
    whole = last
    for place, number in enumerate(leading):
        whole |= number << (24 - 8 * place)
    return ipaddress.IPv4Address(whole)


def _number(text: str) -> int:
    if text.lower().startswith("0x"):
        return int(text[2:] or "0", 16)
    return int(text, 8) if text.startswith("0") else int(text)


def is_public(address: Address) -> bool:
    """Whether an address is one of the internet: not of this machine, this network, or any special range."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.is_site_local:
            return False
        inner = _inner(address)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not (
        any(address in network for network in _SPECIAL)
        or address.is_multicast
        or address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_reserved
        or address.is_unspecified
    )


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64 or address in _COMPATIBLE:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return None


def is_local_name(host: str) -> bool:
    """Whether a name is one of this machine or this network by convention."""
    return host.rstrip(".").rpartition(".")[2].lower() in _LOCAL_NAMES
