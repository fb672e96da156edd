"""Reads what a plan depends on, and decides: for promises, and for orders that are placed without one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final, NamedTuple

from opendoms.calendar.zones import zone_of
from opendoms.inventory.actions.levels import StockLevels
from opendoms.inventory.actions.supplies import Supplies
from opendoms.inventory.model import LevelKey
from opendoms.inventory.rules.reserving import Wanted
from opendoms.inventory.supply import Supply
from opendoms.kernel.decision import Document
from opendoms.promises.decide import decide
from opendoms.promises.model import Facility, Listing, Order, Situation
from opendoms.promises.network import Network, Region
from opendoms.promises.networks import Networks
from opendoms.promises.plan import Plan
from opendoms.promises.request import destination_of, order_of
from opendoms.promises.timetable import Receiver, Timetable

Pieces = Mapping[LevelKey, int]

NOTHING: Final[Pieces] = {}
_PLAIN: Final = Listing()


class Planned(NamedTuple):
    """What was decided, and what is to be held for it, by line and facility."""

    plan: Plan
    wanted: tuple[Wanted, ...]


class Planning:
    """Makes plans. A plan holds nothing yet."""

    def __init__(self, networks: Networks, supplies: Supplies, levels: StockLevels) -> None:
        self._networks = networks
        self._supplies = supplies
        self._levels = levels

    async def plan(  # noqa: PLR0913 - what it is decided from
        self,
        tenant: str,
        document: Document,
        now: int,
        *,
        additional_info: Document | None = None,
        own: Pieces = NOTHING,
        held: bool = True,
    ) -> Planned:
        """The plan for an order as it is to be stored. Of `own` pieces, which are held for it already, it disposes.

        Where `held` is false it finds nothing but these, so that whatever it says can be written.
        """
        articles = {line["article"]["tenantArticleId"] for line in document["orderLineItems"]}
        network = await self._networks.of(tenant)
        supply = await self._supplies.supply(tenant, articles, now)
        available = with_own(supply.available() if held else {}, own)
        situation, order = situation_of(network, supply, available, document, now, additional_info)
        plan = decide(order, situation)
        wanted = tuple(_wanted(plan, supply))
        await self._clear(tenant, wanted, own, now)
        return Planned(plan, wanted)

    async def _clear(self, tenant: str, wanted: Collection[Wanted], own: Pieces, now: int) -> None:
        """Clears away what has expired where the pieces do not fit beside it; the database counts it until then."""
        pieces: dict[LevelKey, int] = {}
        for each in wanted:
            pieces[each.level.key] = pieces.get(each.level.key, 0) + each.quantity
        levels = {each.level.key: each.level for each in wanted}
        overdue = [
            level
            for key, level in levels.items()
            if level.expired and level.reserved + pieces[key] - own.get(key, 0) > level.on_hand - level.lapsed
        ]
        if overdue:
            await self._levels.clear(tenant, overdue, now)


def with_own(available: dict[str, dict[str, int]], own: Pieces) -> dict[str, dict[str, int]]:
    """What an order can have, by article and facility: what is available, and what it has already."""
    for (article, facility), pieces in own.items():
        there = available.setdefault(article, {})
        there[facility] = max(0, there.get(facility, 0)) + pieces
    return available


def situation_of(  # noqa: PLR0913, PLR0917 - what it is made of
    network: Network,
    supply: Supply,
    available: Mapping[str, Mapping[str, int]],
    document: Document,
    now: int,
    additional_info: Document | None,
) -> tuple[Situation, Order]:
    """What is decided from, and the order as it is decided on."""
    store_ref = document["consumer"].get("facilityRef")
    known = {facility.id: facility for facility in network.facilities}
    receiving = known.get(store_ref) if store_ref is not None else None
    order = order_of(document, additional_info, receiving.address if receiving is not None else None)
    timetable, memo = timetable_of(network, known, order, document, receiving)
    return Situation(now, timetable, network.facilities, _listings(supply), available, memo), order


def timetable_of(
    network: Network, known: Mapping[str, Facility], order: Order, document: Document, receiving: Facility | None
) -> tuple[Timetable, dict[Any, Any]]:
    """The calendar for goods on their way to the consumer, to a facility that has ordered, or to where they collect.

    With what is remembered of earlier orders to the same receiver.
    """
    if receiving is not None:
        receiver = _of_store(network, receiving.id)
        return Timetable(network, receiver), network.memos.of((receiving.id, receiver.region))
    address = destination_of(document)
    country, province = address.get("country"), address.get("province")
    consumer = Receiver(Region(country, province), zone_of(None, country))
    memo = network.memos.of(consumer.region)
    if order.collect is None or order.collect.facility not in known:
        return Timetable(network, consumer), memo
    store = _of_store(network, order.collect.facility)
    to_store = {supplier.facility: store for supplier in order.collect.suppliers if "SHIP_TO_STORE" in supplier.targets}
    return Timetable(network, consumer, to_store), memo


def _of_store(network: Network, facility: str) -> Receiver:
    hours = network.works[facility].hours
    return Receiver(network.regions[facility], hours.hours.zone, hours)


def _listings(supply: Supply) -> dict[str, dict[str, Listing]]:
    listings = {article: dict.fromkeys(facilities, _PLAIN) for article, facilities in supply.plain.items()}
    for article, specials in supply.special.items():
        for each in specials:
            listing = Listing(each.status == "ACTIVE", each.behaviour, each.preorder_from, each.restock_days)  # type: ignore[arg-type]  # the contract's words
            listings.setdefault(article, {})[each.facility_ref] = listing
    return listings


def _wanted(plan: Plan, supply: Supply) -> Iterator[Wanted]:
    assigned = [(shipment.facility.id, item) for shipment in plan.shipments for item in shipment.items]
    if plan.collection is not None:
        assigned += [(plan.collection.facility.id, item) for item in plan.collection.items]
    for facility, item in assigned:
        level = supply.level(item.article, facility)
        assert level is not None  # noqa: S101 - narrows the type: a plan takes only what was found
        yield Wanted(level, item.quantity, item.line)
