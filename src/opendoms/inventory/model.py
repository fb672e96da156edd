"""How much there is of an article in a facility, at one instant."""

from __future__ import annotations

from typing import NamedTuple

from opendoms.kernel.changeset import Hold

# A level by its article and its facility.
LevelKey = tuple[str, str]


class Level(NamedTuple):
    """The pieces of an article in a facility, as they were when they were read.

    `on_hand` counts the pieces that can be picked, the `lapsed` ones among them, which may not be promised any more.
    `reserved` are the pieces of all reservations that are stored, the `expired` ones among them, which hold nothing any
    more although nobody has taken them away yet. `safety` is kept back. `restocked` counts the writes of stock.
    """

    tenant_article_id: str
    facility_ref: str
    on_hand: int = 0
    safety: int = 0
    reserved: int = 0
    restocked: int = 0
    lapsed: int = 0
    expired: int = 0

    @property
    def key(self) -> LevelKey:
        """Article and facility."""
        return self.tenant_article_id, self.facility_ref

    @property
    def held(self) -> int:
        """The pieces that are reserved now."""
        return self.reserved - self.expired

    @property
    def available(self) -> int:
        """The pieces that can be promised now; never below 0."""
        return max(0, self.on_hand - self.lapsed - self.safety - self.held)

    def hold(self, tenant: str, quantity: int) -> Hold:
        """The hold of some pieces, by what was known when the level was read."""
        return Hold(tenant, self.facility_ref, self.tenant_article_id, quantity, self.lapsed, self.restocked)
