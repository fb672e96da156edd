"""Small retailers and orders to promise, and a calendar without a clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

from opendoms.kernel.duration import DAY_MS, HOUR_MS, MINUTE_MS
from opendoms.promises.grounds import considerations
from opendoms.promises.model import (
    Address,
    Arrival,
    Connection,
    Facility,
    Line,
    Listing,
    Order,
    Point,
    Product,
    Situation,
    Transit,
)
from opendoms.promises.plan import Plan
from opendoms.promises.reasons import Reason

T = TypeVar("T")

NOW = 1_795_600_000_000  # 2026-11-25T09:46:40.000Z, a Wednesday
TODAY = NOW // DAY_MS

COLOGNE = Address("DE", "50667", Point(50.94, 6.96))
BONN = Address("DE", "53111", Point(50.73, 7.10))
MUNICH = Address("DE", "80331", Point(48.14, 11.58))


class Week(NamedTuple):
    """A calendar in UTC without closing times: so many minutes of work, and a cut-off at an hour of every day.

    Facilities and connections in `never` find no time.
    """

    buffers: Mapping[str, int] = {}
    cutoffs: Mapping[str, int] = {}
    never: frozenset[str] = frozenset()

    def opens(self, facility: str, start: int) -> int | None:
        """At once."""
        return None if facility in self.never else start

    def ready(self, facility: str, start: int) -> int | None:
        """After the buffer, 2 hours where none is given."""
        return None if facility in self.never else start + self.buffers.get(facility, 120) * MINUTE_MS

    def hand_over(self, facility: str, connection: str, ready: int) -> int | None:
        """At the next cut-off, 16:00 where none is given."""
        if connection in self.never:
            return None
        cutoff = self.cutoffs.get(connection, 16) * HOUR_MS
        return ready + (cutoff - ready) % DAY_MS

    def arrival(self, facility: str, connection: str, transit: Transit, hand_over: int) -> Arrival | None:
        """So many days later, at any time of the day."""
        if transit.days_min > 300:
            return None
        first, last = (hand_over // DAY_MS + days for days in transit)
        return Arrival(first, last, max(hand_over, first * DAY_MS), (last + 1) * DAY_MS - 1)

    def day(self, facility: str, instant: int) -> int:
        """The day in UTC."""
        return instant // DAY_MS


def carrier(key: str = "DHL_V2", facility: str = "", transit: tuple[int, int] = (1, 2), **more: Any) -> Connection:
    """A connection with one standard product."""
    products = more.pop("products", (Product(transit=Transit(*transit)),))
    return Connection(f"{facility}/{key}", f"carrier-{key}", key, key.title(), products=products, **more)


def shop(facility: str, *connections: Connection, **more: Any) -> Facility:
    """A shop that sends and hands over, with one carrier unless others are given."""
    more.setdefault("services", frozenset({"SHIP_FROM_STORE", "PICKUP"}))
    return Facility(
        facility,
        facility.title(),
        f"tenant-{facility}",
        connections=connections or (carrier(facility=facility),),
        **more,
    )


def ordered(*amounts: tuple[str, int], **more: Any) -> Order:
    """An order with a line per entry, to Cologne."""
    lines = tuple(
        Line(f"line-{place}", article, quantity, article.title())
        for place, (article, quantity) in enumerate(amounts, 1)
    )
    return Order(lines, address=more.pop("address", COLOGNE), **more)


def situation(
    facilities: Iterable[Facility],
    stock: Mapping[str, Mapping[str, int]],
    listings: Mapping[str, Mapping[str, Listing]] | None = None,
    calendar: Week | None = None,
) -> Situation:
    """What is listed is what has stock, also of 0 pieces, unless `listings` say more."""
    listed = {facility: dict.fromkeys(articles, Listing()) for facility, articles in stock.items()}
    for facility, more in (listings or {}).items():
        listed.setdefault(facility, {}).update(more)
    return Situation(NOW, calendar or Week(), tuple(facilities), by_article(listed), by_article(stock))


def by_article(by_facility: Mapping[str, Mapping[str, T]]) -> dict[str, dict[str, T]]:
    """Listings or stock by article, then by facility."""
    turned: dict[str, dict[str, T]] = {}
    for facility, articles in by_facility.items():
        for article, value in articles.items():
            turned.setdefault(article, {})[facility] = value
    return turned


def sent(plan: Plan) -> dict[str, dict[str, int]]:
    """What each facility sends, by article."""
    return {shipment.facility.id: pieces(shipment.items) for shipment in plan.shipments}


def pieces(items: Iterable[Any]) -> dict[str, int]:
    """Pieces by article."""
    counted: dict[str, int] = {}
    for item in items:
        counted[item.article] = counted.get(item.article, 0) + item.quantity
    return counted


def against(plan: Plan, facility: str) -> list[Reason]:
    """What spoke against a facility."""
    return [
        reason
        for each in considerations(plan.grounds)
        if each.facility == facility
        for reason, _ in each.speaks_against
    ]


def in_favour(plan: Plan, facility: str) -> list[Reason]:
    """What spoke for a facility."""
    return [
        reason for each in considerations(plan.grounds) if each.facility == facility for reason, _ in each.speaks_for
    ]
