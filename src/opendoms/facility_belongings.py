"""Tells facilities what belongs to them, from the slices that know: the connections of carriers.

Stands beside the composition root: facilities may not import those slices, nor they facilities.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from opendoms.carriers.connected import ConnectedCarriers
from opendoms.facilities.rules.belonging import Belonging
from opendoms.kernel.changeset import Origin


class FacilityBelongings:
    """Implements `facilities.belongings.Belongings`."""

    def __init__(self, connected: ConnectedCarriers) -> None:
        self._connected = connected

    async def of(self, facility_id: str, origin: Origin, now: int) -> Sequence[Belonging]:
        """Everything that ends with a facility, by kind. `now` is an instant in ms."""
        count, parting = await self._connected.parting(facility_id, origin, now)
        what = "connection to a carrier" if count == 1 else "connections to carriers"
        return (Belonging(what, count, parting),)

    async def carrier_keys(self, tenant: str, facility_ids: Collection[str]) -> Mapping[str, Sequence[str]]:
        """The keys of the carriers that come to these facilities, by facility."""
        return await self._connected.keys(tenant, facility_ids)
