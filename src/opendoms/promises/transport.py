"""Which carriers take a shipment along, and when it is handed over and arrives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from opendoms.kernel.duration import MINUTE_MS
from opendoms.promises.model import (
    Address,
    Arrival,
    Calendar,
    CarrierWish,
    Connection,
    Facility,
    Order,
    Product,
    Situation,
    Target,
)
from opendoms.promises.plan import CarrierOption, ProductOption

# Country and postal code.
Area = tuple[str, str]

HOLDS_MINUTES_MAX: Final = 480  # 8 hours, which is as long as a promise holds


class Refused(NamedTuple):
    """A carrier that does not take the shipment, and why."""

    carrier_key: str
    reason: str


def fitting(facility: Facility, target: Target, order: Order) -> tuple[tuple[Connection, ...], list[Refused]]:
    """The carriers that take the order's goods from the facility to a target, with the products that do as wished.

    Wishes of the consumer count for what is sent to them; goods on their way to a store go with any carrier.
    """
    fits: list[Connection] = []
    refused: list[Refused] = []
    for connection in sorted(facility.connections, key=lambda connection: connection.id):
        against = _against(connection, target, order)
        products = tuple(
            product for product in connection.products if target == "SHIP_TO_STORE" or _does(connection, product, order)
        )
        if against is None and not products:
            against = "no product does as wished"
        if against is None:
            fits.append(connection._replace(products=products))
        else:
            refused.append(Refused(connection.carrier_key, against))
    return tuple(fits), refused


def _against(connection: Connection, target: Target, order: Order) -> str | None:
    if not connection.active:
        return "is not active"
    if connection.targets and target not in connection.targets:
        return f"does not take {target}"
    return None if target == "SHIP_TO_STORE" else _against_wishes(connection, order)


def _against_wishes(connection: Connection, order: Order) -> str | None:
    wishes, address = order.shipping, order.address
    if connection.areas and not any(lies_in(address, *area) for area in connection.areas):
        return "does not deliver to the address"
    if wishes.same_day != connection.same_day:
        return "does not deliver on the same day" if wishes.same_day else "is for delivery on the same day"
    if wishes.carriers and all(wish.carrier_key != connection.carrier_key for wish in wishes.carriers):
        return "is not among the preferred carriers"
    return None


def lies_in(address: Address, country: str, postal_code: str) -> bool:
    """Whether an address lies in a delivery area; the postal code of an area may end with an asterisk."""
    known = address.postal_code
    if known is None or address.country != country:
        return False
    return known.startswith(postal_code[:-1]) if postal_code.endswith("*") else known == postal_code


def _does(connection: Connection, product: Product, order: Order) -> bool:
    wishes = order.shipping
    if wishes.category is not None and product.category != wishes.category:
        return False
    named = [wish for wish in wishes.carriers if wish.carrier_key == connection.carrier_key]
    return not named or any(_as_wished(wish, product) for wish in named)


def _as_wished(wish: CarrierWish, product: Product) -> bool:
    return (wish.product is None or product.name is None or wish.product == product.name) and (
        product.services is None or wish.services <= product.services
    )


def options(
    facility: Facility, connections: Iterable[Connection], ready: int, situation: Situation, *, same_day: bool
) -> tuple[CarrierOption, ...]:
    """The carriers that come at all once the goods are ready; who takes them first, and brings them first, is first."""
    found = []
    for connection in connections:
        hand_over = situation.calendar.hand_over(facility.id, connection.id, ready)
        if hand_over is None:
            continue
        products = tuple(_products(facility, connection, hand_over, situation, same_day=same_day))
        if products:
            found.append(CarrierOption(connection, hand_over, products))
    return tuple(sorted(found, key=_first))


def _first(option: CarrierOption) -> tuple[int, bool, int, str, str]:
    arrival = option.arrival()
    arrives = arrival.latest if arrival is not None else 0
    return option.hand_over, arrival is None, arrives, option.connection.carrier_key, option.connection.id


def _products(
    facility: Facility, connection: Connection, hand_over: int, situation: Situation, *, same_day: bool
) -> Iterator[ProductOption]:
    """Each product that arrives at all, and today where that is asked for."""
    calendar = situation.calendar
    for product in connection.products:
        arrival = None
        if product.transit is not None:
            arrival = calendar.arrival(facility.id, connection.id, product.transit, hand_over)
            if arrival is None:
                continue
        if not same_day or _today(facility, arrival, hand_over, situation):
            yield ProductOption(product, arrival)


def _today(facility: Facility, arrival: Arrival | None, hand_over: int, situation: Situation) -> bool:
    day = situation.calendar.day
    last_day = day(facility.id, hand_over) if arrival is None else arrival.last_day
    return last_day <= day(facility.id, situation.now)


def with_deadline(facility: Facility, option: CarrierOption, now: int, calendar: Calendar) -> CarrierOption:
    """The carrier with the last whole minute, counted from now, at which work could begin and still meet the hand-over.

    Looked for among the next HOLDS_MINUTES_MAX.
    """

    def meets(minute: int) -> bool:
        ready = calendar.ready(facility.id, now + minute * MINUTE_MS)
        if ready is None:
            return False
        hand_over = calendar.hand_over(facility.id, option.connection.id, ready)
        return hand_over is not None and hand_over <= option.hand_over

    holds, fails = 0, HOLDS_MINUTES_MAX + 1
    while fails - holds > 1:
        middle = (holds + fails) // 2
        if meets(middle):
            holds = middle
        else:
            fails = middle
    return option._replace(holds_until=now + holds * MINUTE_MS)
