"""Which kinds of entities the feed tells of, and what one must be allowed to read of each.

A kind that is not listed is not told: what a new slice writes stays inside until somebody has thought about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from opendoms.identity.permissions import Permission
from opendoms.identity.principal import Principal
from opendoms.kernel.refusal import Fault, Forbidden, Invalid

# Kind → the permissions that reading its document takes, all of them. An event carries the whole document, so it takes
# what reading the entity itself takes.
READABLE: Final[dict[str, tuple[Permission, ...]]] = {
    "ORDER": (Permission.ORDER_READ,),
    "PROCESS": (Permission.PROCESS_READ,),
    "FACILITY": (Permission.FACILITY_READ,),
    "CARRIER": (Permission.CARRIER_READ,),
    "FACILITY_CARRIER_CONNECTION": (Permission.FACILITY_READ,),
    "TAG": (Permission.TAG_READ,),
    "CANCELATION_REASON": (Permission.CONFIG_READ,),
    # One kind for all configurations, so it takes what opens every one of them.
    "CONFIGURATION": (Permission.CONFIG_READ,),
    "ORDER_RECORD": (Permission.ORDER_RECORD_READ,),
    "LISTING": (Permission.LISTING_READ,),
    "STOCK": (Permission.STOCK_READ,),
    "RESERVATION": (Permission.RESERVATION_READ,),
    "SAFETY_STOCK": (Permission.SAFETY_STOCK_READ,),
    # Without the values of headers and the query of the URL, which are left out of its events.
    "SUBSCRIPTION": (Permission.SUBSCRIPTION_READ,),
}
# Kinds that are never told: they are the hub's own business.
UNTOLD: Final = frozenset({"SANDBOX_CLOCK"})


def told_to(principal: Principal, asked: Sequence[str]) -> frozenset[str]:
    """The kinds that the caller is told of: those asked for, or every one that they may read where none is.

    Raises Invalid for a kind that there is not, Forbidden where one that is asked for may not be read, or none at all.
    """
    unknown = [
        Fault(f"entityKind: {kind[:64]} is not told of", f"Expected some of {', '.join(READABLE)}.")
        for kind in asked
        if kind not in READABLE
    ]
    if unknown:
        raise Invalid(*unknown)
    missing = {
        kind: [permission for permission in READABLE[kind] if not principal.may(permission)]
        for kind in asked or READABLE
    }
    if asked and any(missing.values()):
        faults = [
            Fault(f"Permission missing: {permission} is required for events of {kind}.")
            for kind, permissions in missing.items()
            for permission in permissions
        ]
        raise Forbidden(*faults)
    kinds = frozenset(kind for kind, permissions in missing.items() if not permissions)
    if not kinds:
        raise Forbidden(Fault("Permission missing: the permission to read some kind of entity is required for events."))
    return kinds
