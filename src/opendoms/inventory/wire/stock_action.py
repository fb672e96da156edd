"""What can be asked of many stocks at once."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, Meta, UnsetType

from opendoms.inventory.wire.stock import (
    Conditions,
    LocationRef,
    Pieces,
    Stock,
    StockForCreation,
    StockUpsertOperationResult,
    TraitConfig,
)
from opendoms.web.wire_types import LIST_MAX, CustomAttributes, WholeNumber, Wire

VERSIONLESS_MAX = 25
ACTIONS_MAX = 10

Ids = Annotated[tuple[str, ...], Meta(max_length=LIST_MAX)]


class StockDeleteByLocations(Wire, frozen=True, gc=False, tag_field="name", tag="DELETE_BY_LOCATIONS"):
    """Removes all stocks in some places."""

    location_refs: Ids
    """The ids of the places."""


class StockDeleteByProducts(Wire, frozen=True, gc=False, tag_field="name", tag="DELETE_BY_PRODUCTS"):
    """Removes all stocks of some articles in a facility."""

    facility_ref: str
    """The facility: its id, or its URN."""
    tenant_article_ids: Ids
    """The articles."""


class StockDeleteByIds(Wire, frozen=True, gc=False, tag_field="name", tag="DELETE_BY_IDS"):
    """Removes some stocks; those that do not exist are passed over."""

    ids: Ids
    """The ids of the stocks."""


class MoveStockToLocationOptions(Wire, frozen=True, gc=False):
    """How pieces are moved."""

    delete_from_stock_if_zero: bool | UnsetType = UNSET
    """Whether a stock goes that has been moved as a whole."""


class StockMoveToLocation(Wire, frozen=True, gc=False, tag_field="name", tag="MOVE_TO_LOCATION"):
    """Moves pieces of a stock to another place of the same facility."""

    from_stock_id: str
    """The stock that they are taken from."""
    to_location_ref: LocationRef
    """The id of the place that they come to."""
    amount: WholeNumber
    """How many pieces."""
    options: MoveStockToLocationOptions | UnsetType = UNSET
    """How."""


class StockForCreationVersionless(
    StockForCreation, frozen=True, gc=False, kw_only=True, tag_field="operationType", tag="CREATE"
):
    """A stock that is made."""


class StockForUpdateVersionless(Wire, frozen=True, gc=False, kw_only=True, tag_field="operationType", tag="UPDATE"):
    """A stock that is changed, whatever its version is. Members that are not sent stay."""

    id: str
    """The id of the stock."""
    value: Pieces
    """How many pieces there are."""
    tenant_stock_id: str | UnsetType = UNSET
    """The caller's own id of the stock."""
    location_ref: LocationRef | UnsetType | None = UNSET
    """The id of the place where they lie; null for none."""
    conditions: Conditions | UnsetType = UNSET
    """What is wrong with them."""
    trait_config: TraitConfig | UnsetType = UNSET
    """What may be done with them, where it is not the usual."""
    custom_attributes: CustomAttributes | UnsetType | None = UNSET
    """Data of the caller's own; null takes it away."""


class VersionlessUpdateStock(Wire, frozen=True, gc=False, tag_field="name", tag="UPDATE_VERSIONLESS"):
    """Makes and changes stocks, whatever their versions are: all of them, or none."""

    stocks: Annotated[
        tuple[StockForCreationVersionless | StockForUpdateVersionless, ...], Meta(max_length=VERSIONLESS_MAX)
    ]
    """The stocks; each that is changed once."""


AnyStockAction = (
    StockDeleteByLocations | StockDeleteByProducts | StockDeleteByIds | StockMoveToLocation | VersionlessUpdateStock
)
DeleteAction = StockDeleteByLocations | StockDeleteByProducts | StockDeleteByIds


class StockAction(Wire, frozen=True, gc=False):
    """What is to be done with stocks: all of it, or nothing."""

    EXACTLY_ONE: ClassVar[tuple[str, ...]] = ("action", "actions")

    action: AnyStockAction | UnsetType = UNSET
    """What is to be done."""
    actions: Annotated[tuple[DeleteAction, ...], Meta(max_length=ACTIONS_MAX)] | UnsetType = UNSET
    """Several removals; an older form."""


class StockActionOutcome(Wire, frozen=True, gc=False):
    """What was done: the members of the action that was asked for."""

    ids: tuple[str, ...] | UnsetType = UNSET
    """The stocks that are gone."""
    to_stock: Stock | UnsetType = UNSET
    """The stock that pieces were moved to."""
    from_stock: Stock | UnsetType = UNSET
    """The stock that they were taken from, where it is still there."""
    operation_results: StockUpsertOperationResult | UnsetType = UNSET
    """What became of the first stock."""
    results: tuple[StockUpsertOperationResult, ...] | UnsetType = UNSET
    """What became of each stock, in the order asked."""


class StockActionResult(Wire, frozen=True, gc=False):
    """What was done."""

    name: Literal[
        "DELETE_BY_LOCATIONS", "DELETE_BY_PRODUCTS", "DELETE_BY_IDS", "MOVE_TO_LOCATION", "UPDATE_VERSIONLESS"
    ]
    """Which action it was; of several, the first."""
    result: StockActionOutcome
    """What came of it."""
