"""Why a promise is as it is, in words and as data."""

from __future__ import annotations

from typing import Any, Literal

from opendoms.web.wire_types import Int64, Wire


class PromiseFact(Wire, frozen=True, gc=False):
    """One reason."""

    reason: str
    """What it is, always the same word."""
    sentence: str
    """The same in words."""
    data: dict[str, Any]
    """What it rests on."""


class PromiseConsideration(Wire, frozen=True, gc=False):
    """A facility that was looked at."""

    facility_ref: str
    """The id of the facility."""
    facility_name: str
    """What it is called."""
    role: Literal["COLLECT", "SUPPLY", "SHIP"]
    """What it was to do."""
    chosen: bool
    """Whether the promise draws on it."""
    speaks_for: tuple[PromiseFact, ...]
    """What spoke for it."""
    speaks_against: tuple[PromiseFact, ...]
    """What spoke against it, or ruled it out."""


class PromiseSearch(Wire, frozen=True, gc=False):
    """How the fewest shipments were looked for."""

    candidates: Int64
    """How many facilities could send, whatever they have in stock."""
    places_max: Int64
    """Every set of up to so many of them was weighed."""
    level: float
    """The level of resource investment."""
    proved: bool
    """Whether no plan with fewer shipments exists."""
    shipments_max: Int64
    """There are never more shipments than this; more stock never raises it."""


class PromiseExplanation(Wire, frozen=True, gc=False):
    """Why a promise is as it is."""

    summary: tuple[str, ...]
    """The whole in a few sentences."""
    facilities: tuple[PromiseConsideration, ...]
    """The facilities that were looked at: the chosen ones first."""
    facilities_omitted: Int64
    """How many more were looked at: of very many a thousand are told of, every chosen one among them."""
    search: PromiseSearch
    """How the fewest shipments were looked for."""
