"""Reads what a plan depends on, and decides: for promises, and for orders that are placed without one."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

from opendoms.calendar.zones import zone_of
from opendoms.inventory.actions.levels import StockLevels
from opendoms.inventory.actions.supplies import Offers, Supplies
from opendoms.inventory.model import Level, LevelKey
from opendoms.inventory.rules.reserving import Wanted
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
        network, offers, levels = await asyncio.gather(
            self._networks.of(tenant), self._supplies.offers(tenant, articles), self._found(tenant, articles, now)
        )
        available = available_of(levels if held else {}, own)
        situation, order = situation_of(network, offers, available, document, now, additional_info)
        plan = decide(order, situation)
        wanted = tuple(_wanted(plan, levels))
        await self._clear(tenant, wanted, own, now)
        return Planned(plan, wanted)

    async def _found(self, tenant: str, articles: Collection[str], now: int) -> dict[LevelKey, Level]:
        return await self._supplies.levels(tenant, articles, now)

    async def _clear(self, tenant: str, wanted: Collection[Wanted], own: Pieces, now: int) -> None:
        """Clears away what has expired where the pieces do not fit beside it; the database counts it until then."""
        pieces: dict[LevelKey, int] = {}
        for each in wanted:
            pieces[each.level.key] = pieces.get(each.level.key, 0) + each.quantity
        levels = {each.level.key: each.level for each in wanted}
        overdue = [
            level
            for key, level in levels.items()
            if level.expired
            and level.reserved + pieces[key] - own.get(key, 0) > level.on_hand - level.lapsed - level.safety
        ]
        if overdue:
            await self._levels.clear(tenant, overdue, now)


def available_of(levels: Mapping[LevelKey, Level], own: Pieces) -> dict[str, dict[str, int]]:
    """The pieces that an order can have, by facility and article: what is available, and what it has already."""
    available: dict[str, dict[str, int]] = {}
    for (article, facility), level in levels.items():
        pieces = level.available
        if pieces:
            available.setdefault(facility, {})[article] = pieces
    for (article, facility), pieces in own.items():
        there = available.setdefault(facility, {})
        there[article] = there.get(article, 0) + pieces
    return available


def situation_of(  # noqa: PLR0913, PLR0917 - what it is made of
    network: Network,
    offers: Offers,
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
    timetable = timetable_of(network, known, order, document, receiving)
    return Situation(now, timetable, network.facilities, _listings(offers), available), order


def timetable_of(
    network: Network, known: Mapping[str, Facility], order: Order, document: Document, receiving: Facility | None
) -> Timetable:
    """The calendar for goods on their way to the consumer, to a facility that has ordered, or to where they collect."""
    if receiving is not None:
        return Timetable(network, _of_store(network, receiving.id))
    address = destination_of(document)
    country, province = address.get("country"), address.get("province")
    consumer = Receiver(Region(country, province), zone_of(None, country))
    if order.collect is None or order.collect.facility not in known:
        return Timetable(network, consumer)
    store = _of_store(network, order.collect.facility)
    to_store = {supplier.facility: store for supplier in order.collect.suppliers if "SHIP_TO_STORE" in supplier.targets}
    return Timetable(network, consumer, to_store)


def _of_store(network: Network, facility: str) -> Receiver:
    hours = network.works[facility].hours
    return Receiver(network.regions[facility], hours.hours.zone, hours)


def _listings(offers: Offers) -> dict[str, dict[str, Listing]]:
    listings: dict[str, dict[str, Listing]] = {}
    for article, facility in offers.plain:
        listings.setdefault(facility, {})[article] = _PLAIN
    for offer in offers.special:
        listing = Listing(offer.status == "ACTIVE", offer.behaviour, offer.preorder_from, offer.restock_days)  # type: ignore[arg-type]  # the contract's words
        listings.setdefault(offer.facility_ref, {})[offer.tenant_article_id] = listing
    return listings


def _wanted(plan: Plan, levels: Mapping[LevelKey, Level]) -> list[Wanted]:
    assigned = [(shipment.facility.id, item) for shipment in plan.shipments for item in shipment.items]
    if plan.collection is not None:
        assigned += [(plan.collection.facility.id, item) for item in plan.collection.items]
    return [Wanted(levels[item.article, facility], item.quantity, item.line) for facility, item in assigned]
