"""What carriers need to know of facilities. The slices do not know each other; the composition root joins them."""

from __future__ import annotations

from typing import Protocol


class Facilities(Protocol):
    """Knows which facilities there are."""

    async def id_of(self, tenant: str, reference: str) -> str:
        """The id of the facility with this id or URN. Raises Unknown."""
        ...
