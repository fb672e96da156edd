"""The actions of stock, put together."""

from __future__ import annotations

from typing import NamedTuple

from opendoms.db.engine import Engine
from opendoms.db.entity import Writer
from opendoms.inventory.actions.level_changes import LevelChanges
from opendoms.inventory.actions.levels import StockLevels
from opendoms.inventory.actions.listings import ListingActions
from opendoms.inventory.actions.of_facility import FacilityInventory
from opendoms.inventory.actions.reservations import ReservationActions, Slices
from opendoms.inventory.actions.reserving import Reserving
from opendoms.inventory.actions.safety_stocks import SafetyStockActions
from opendoms.inventory.actions.stock_reading import StockReading
from opendoms.inventory.actions.stocks import StockActions
from opendoms.inventory.actions.summaries import Summaries
from opendoms.inventory.actions.supplies import Supplies
from opendoms.inventory.facilities import Facilities, OrderIds
from opendoms.kernel.clock import Clock
from opendoms.kernel.ids import NewId


class Counters(NamedTuple):
    """The part of stock that asks nobody else: levels, who reads and changes them, and what facilities have of it."""

    reserving: Reserving
    levels: StockLevels
    supplies: Supplies
    changes: LevelChanges
    of_facility: FacilityInventory


class Inventory(NamedTuple):
    """What others use of stock: `levels`, `supplies` and `reserving` to promise it, the rest to keep it."""

    levels: StockLevels
    supplies: Supplies
    reserving: Reserving
    listings: ListingActions
    stocks: StockActions
    reading: StockReading
    summaries: Summaries
    reservations: ReservationActions
    safety_stocks: SafetyStockActions
    facilities: Facilities


def counters_of(db: Engine, writer: Writer, new_id: NewId) -> Counters:
    """Levels and their company. Nothing is opened or read to build them."""
    reserving = Reserving(db, writer, new_id)
    levels = StockLevels(db, writer, reserving)
    supplies = Supplies(db)
    changes = LevelChanges(db, writer, levels, supplies.opened)
    return Counters(reserving, levels, supplies, changes, FacilityInventory(db, writer, levels, changes))


def inventory_of(  # noqa: PLR0913, PLR0917 - what it is put together from
    db: Engine,
    writer: Writer,
    clock: Clock,
    new_id: NewId,
    counters: Counters,
    facilities: Facilities,
    orders: OrderIds,
) -> Inventory:
    """The actions of stock. Nothing is opened or read to build them."""
    reserving, levels, supplies, changes, _ = counters
    listings = ListingActions(db, writer, clock, new_id, facilities)
    reading = StockReading(db, clock, levels, facilities)
    return Inventory(
        levels=levels,
        supplies=supplies,
        reserving=reserving,
        listings=listings,
        stocks=StockActions(writer, new_id, facilities, listings, reading, changes),
        reading=reading,
        summaries=Summaries(db, clock, facilities, reading),
        reservations=ReservationActions(db, writer, clock, orders, Slices(reserving, reading, changes)),
        safety_stocks=SafetyStockActions(db, writer, new_id, facilities, changes),
        facilities=facilities,
    )
