"""Tells facilities what belongs to them, from the slices that know: the connections of carriers, and stock.

Stands beside the composition root: facilities may not import those slices, nor they facilities.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from opendoms.carriers.connected import ConnectedCarriers
from opendoms.facilities.rules.belonging import Belonging
from opendoms.inventory.actions.of_facility import FacilityInventory
from opendoms.kernel.changeset import Origin


class FacilityBelongings:
    """Implements `facilities.belongings.Belongings`."""

    def __init__(self, connected: ConnectedCarriers, inventory: FacilityInventory) -> None:
        self._connected = connected
        self._inventory = inventory

    async def of(self, facility_id: str, origin: Origin, now: int) -> Sequence[Belonging]:
        """Everything that ends with a facility, by kind. `now` is an instant in ms."""
        connections, parting = await self._connected.parting(facility_id, origin, now)
        stock = await self._inventory.count(origin.tenant, facility_id, now)
        return (
            Belonging(_called(connections, "connection to a carrier", "connections to carriers"), connections, parting),
            Belonging(_called(stock.listings, "listing", "listings"), stock.listings),
            Belonging(_called(stock.stocks, "stock", "stocks"), stock.stocks),
            Belonging(_called(stock.safety_stocks, "safety stock", "safety stocks"), stock.safety_stocks),
            Belonging(_called(stock.reservations, "reservation", "reservations"), stock.reservations, binds=True),
        )

    async def end(self, facility_id: str, origin: Origin) -> None:
        """Ends what has to be ended before the facility, step by step. Raises Conflict where pieces are reserved."""
        await self._inventory.end(facility_id, origin)

    async def carrier_keys(self, tenant: str, facility_ids: Collection[str]) -> Mapping[str, Sequence[str]]:
        """The keys of the carriers that come to these facilities, by facility."""
        return await self._connected.keys(tenant, facility_ids)


def _called(number: int, one: str, several: str) -> str:
    return one if number == 1 else several
