"""What facilities need to know of those who refer to them. The slices do not know each other."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from opendoms.facilities.rules.belonging import Belonging
from opendoms.kernel.changeset import Origin


class Belongings(Protocol):
    """Knows what belongs to facilities; joined by the composition root."""

    async def of(self, facility_id: str, origin: Origin, now: int) -> Sequence[Belonging]:
        """Everything that ends with a facility, by kind. `now` is an instant in ms."""
        ...

    async def end(self, facility_id: str, origin: Origin) -> None:
        """Ends what has to be ended before the facility, step by step. Raises Conflict where something binds it."""
        ...

    async def carrier_keys(self, tenant: str, facility_ids: Collection[str]) -> Mapping[str, Sequence[str]]:
        """The keys of the carriers that come to these facilities, by facility; those to which none comes are absent."""
        ...
