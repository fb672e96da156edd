"""How a facility stands to an order, whatever the order asks for: whether it may serve it, and by which carriers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from opendoms.promises.model import CarrierWish, Connection, Facility, Order, Target
from opendoms.promises.reasons import Fact, Reason, Role
from opendoms.promises.transport import Area, Refused, fitting, lies_in

# Of so many different delivery areas it is told beforehand in which an address lies.
AREAS_MAX: Final = 200

_SERVICE: Final[Mapping[Target, Any]] = {"SHIP_TO_CUSTOMER": "SHIP_FROM_STORE", "SHIP_TO_STORE": None}


class Standing(NamedTuple):
    """`targets` are where the facility may send to, and `connections` what takes the goods to the first of them."""

    able: bool
    targets: tuple[Target, ...] = ()
    connections: tuple[Connection, ...] = ()
    against: tuple[Fact, ...] = ()


class Wishes(NamedTuple):
    """Everything of an order that standings depend on. `areas` are those in which its address lies."""

    same_day: bool
    category: str | None
    carriers: tuple[CarrierWish, ...]
    areas: tuple[Any, ...]


def wishes_of(order: Order, facilities: Iterable[Facility], memo: dict[Any, Any]) -> Wishes:
    """The wishes of an order, the same for orders to which all facilities stand alike."""
    areas: tuple[Area, ...] | None = memo.get("areas")
    if areas is None:
        areas = memo["areas"] = tuple(
            sorted({area for each in facilities for connection in each.connections for area in connection.areas})
        )
    shipping, address = order.shipping, order.address
    if len(areas) > AREAS_MAX:
        where: tuple[Any, ...] = (address.country, address.postal_code)
    else:
        where = tuple(area for area in areas if lies_in(address, *area))
    return Wishes(shipping.same_day, shipping.category, shipping.carriers, where)


def standing_of(
    facility: Facility, role: Role, targets: tuple[Target, ...], order: Order, *, with_carriers: bool
) -> Standing:
    """It must be online and offer what is asked of it; who only supplies a store need not send to consumers."""
    if facility.status != "ONLINE":
        return _out(Reason.NOT_ONLINE, facility.status)
    if role == "COLLECT":
        return Standing(True) if "PICKUP" in facility.services else _out(Reason.NO_SERVICE, "PICKUP")
    possible = tuple(target for target in targets if _SERVICE[target] is None or _SERVICE[target] in facility.services)
    if not possible:
        return _out(Reason.NO_SERVICE, "SHIP_FROM_STORE")
    if not with_carriers:
        return Standing(True, possible[:1])
    refused: list[Refused] = []
    for target in possible:
        fits, refused = fitting(facility, target, order)
        if fits:
            return Standing(True, (target,), fits)
    return _out(Reason.NO_CARRIER, refused)


def _out(reason: Reason, about: Any) -> Standing:
    return Standing(False, against=((reason, about),))
