"""What a listing says about its article."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from opendoms.web.wire_types import (
    LIST_MAX,
    Closed,
    FilledText,
    LocaleString,
    NotNegative,
    Timestamp,
    Wire,
)

ATTRIBUTES_MAX = 40
HS_CODE_MAX = 50
CONTEXT_PRIORITY_MAX = 1000
CONTEXTS_MAX = 5
CONTEXT_VALUES_MAX = 100

OutOfStockBehaviour = Literal["NONE", "BACKORDER", "PREORDER", "RESTOCK", "PREORDER_AND_RESTOCK"]
ListingStatus = Literal["ACTIVE", "INACTIVE"]


class ListingAttributeContext(Wire, frozen=True, gc=False):
    """Where an attribute of an article holds."""

    type: Literal["FACILITY_GROUP", "FACILITY", "TAG_REFERENCE"]
    """What `value` names."""
    value: FilledText
    """The id of the group, facility or tag."""


class ListingAttributeItem(Wire, frozen=True, gc=False):
    """Something known about the article: shown to staff, or used for prices, customs or carriers."""

    key: FilledText
    """What the attribute is about."""
    value: FilledText
    """Its value, as text whatever its type."""
    category: (
        Literal[
            "descriptive",
            "miscellaneous",
            "pickingSequence",
            "customs",
            "insurance",
            "shop",
            "dimensions",
            "carrierService",
            "salesPrice",
            "basePrice",
            "tax",
            "discount",
            "surcharge",
            "subtotalBeforeDiscounts",
            "subtotalAfterDiscounts",
            "finalUnitPrice",
            "finalLineItemPrice",
        ]
        | UnsetType
    ) = UNSET
    """What the attribute is used for."""
    type: Literal["STRING", "NUMBER", "CURRENCY", "BOOLEAN"] | UnsetType = UNSET
    """How `value` is to be read; as text where absent."""
    priority: Annotated[int, Meta(ge=1, le=1001)] | UnsetType = UNSET
    """Which attributes are shown first within a category; 1 comes first, 1001 where absent."""
    key_localized: LocaleString | UnsetType = UNSET
    """The key per locale, for descriptive attributes."""
    value_localized: LocaleString | UnsetType = UNSET
    """The value per locale, for descriptive attributes."""
    context: ListingAttributeContext | UnsetType = UNSET
    """Where the attribute holds."""


class ListingLegal(Closed, frozen=True, gc=False):
    """What customs want to know."""

    hs_code: Annotated[str, Meta(max_length=HS_CODE_MAX)] | UnsetType = UNSET
    """The number of the article in the Harmonized System."""


class AvailableUntilDefinition(Wire, frozen=True, gc=False):
    """Until when new stock of the article may be promised, where the stock does not say so itself."""

    calculation_base: Literal["EXPIRY", "CREATION"]
    """From where to count: the stock's property `expiry`, or its creation."""
    modifier: (
        Annotated[str, Meta(pattern=r"^-?P(?:(\d+W)|(\d+Y)?(\d+M)?(\d+D)?(?:T(\d+H)?(\d+M)?(\d+S)?)?)$", max_length=64)]
        | UnsetType
    ) = UNSET
    """An ISO 8601 duration to count on, with a minus to count back; `-P3D` is three days earlier."""


class StockPropertyDefinition(Wire, frozen=True, gc=False):
    """A property that stock of the article has."""

    input_type: Literal["DATE", "TEXT"]
    """How people enter it."""
    required: bool
    """Whether it must be given."""
    default_value: str | UnsetType = UNSET
    """What it is where nobody says."""


class ListingScanningRuleValue(Wire, frozen=True, gc=False):
    """One way to scan, with its rank."""

    priority: NotNegative
    """The rank; the lowest comes first."""
    scanning_rule_type: Literal["ARTICLE", "LOCATION"]
    """What is scanned."""


class ListingScanningRule(Wire, frozen=True, gc=False):
    """How the article is scanned while picking."""

    values: Annotated[tuple[ListingScanningRuleValue, ...], Meta(max_length=LIST_MAX)] | UnsetType = UNSET
    """The ways to scan."""


class AvailabilityTimeframe(Wire, frozen=True, gc=False):
    """When an article can be had."""

    start: Timestamp | UnsetType = UNSET
    """From when on."""


class OutOfStockPreorder(Wire, frozen=True, gc=False):
    """How the article is ordered before it has come out."""

    availability_timeframe: AvailabilityTimeframe
    """When it comes out."""


class OutOfStockRestock(Wire, frozen=True, gc=False):
    """How the article is ordered while it is sold out."""

    restockable_in_days: int
    """After how many days it is there again; 0 for no limit."""


class OutOfStockConfig(Closed, frozen=True, gc=False):
    """What out-of-stock behaviours need to know."""

    preorder: OutOfStockPreorder | UnsetType = UNSET
    """Needed by PREORDER and PREORDER_AND_RESTOCK."""
    restock: OutOfStockRestock | UnsetType = UNSET
    """Needed by RESTOCK and PREORDER_AND_RESTOCK."""


# The contract gives the bounds of a list to what is in it as well; there they mean nothing.
ContextValue = Annotated[str, Meta(extra_json_schema={"published": {"minItems": 0, "maxItems": CONTEXT_VALUES_MAX}})]


class OutOfStockBehaviourContext(Closed, frozen=True, gc=False):
    """Where another out-of-stock behaviour holds."""

    type: Literal["FACILITY_GROUP", "TAG_REFERENCE"]
    """What `values` name."""
    values: Annotated[tuple[ContextValue, ...], Meta(max_length=LIST_MAX)]
    """The ids of groups or tags."""
    operator: Literal["NOT"] | UnsetType = UNSET
    """NOT where it holds outside of them."""


_Context = Annotated[
    OutOfStockBehaviourContext,
    Meta(extra_json_schema={"published": {"minItems": 1, "maxItems": CONTEXTS_MAX}}),
]


class OutOfStockBehaviourByContext(Closed, frozen=True, gc=False):
    """An out-of-stock behaviour that holds in some places only. Promises go by that of the listing (decision D84)."""

    out_of_stock_behaviour: OutOfStockBehaviour
    """What happens without stock."""
    context: Annotated[tuple[_Context, ...], Meta(max_length=LIST_MAX)]
    """Where; all of these must hold."""
    priority: Annotated[int, Meta(ge=1, le=CONTEXT_PRIORITY_MAX)]
    """Which one counts where several hold: the lowest."""
    out_of_stock_config: OutOfStockConfig | UnsetType = UNSET
    """What the behaviour needs to know."""


class BulkAvailabilityTimeframe(Wire, frozen=True, gc=False):
    """When an article can be had."""

    start: Timestamp
    """From when on."""


class BulkOutOfStockPreorder(Wire, frozen=True, gc=False):
    """How the article is ordered before it has come out."""

    availability_timeframe: BulkAvailabilityTimeframe
    """When it comes out."""


class BulkOutOfStockRestock(Wire, frozen=True, gc=False):
    """How the article is ordered while it is sold out."""

    restockable_in_days: int | float
    """After how many days it is there again; 0 for no limit."""


class BulkOutOfStockConfig(Wire, frozen=True, gc=False):
    """What out-of-stock behaviours need to know."""

    preorder: BulkOutOfStockPreorder | UnsetType = UNSET
    """Needed by PREORDER and PREORDER_AND_RESTOCK."""
    restock: BulkOutOfStockRestock | UnsetType = UNSET
    """Needed by RESTOCK and PREORDER_AND_RESTOCK."""


class BulkOutOfStockBehaviourByContext(Wire, frozen=True, gc=False):
    """An out-of-stock behaviour that holds in some places only. Promises go by that of the listing (decision D84)."""

    out_of_stock_behaviour: OutOfStockBehaviour
    """What happens without stock."""
    context: Annotated[tuple[BulkOutOfStockContext, ...], Meta(min_length=1, max_length=CONTEXTS_MAX)]
    """Where; all of these must hold."""
    priority: int | float
    """Which one counts where several hold: the lowest, from 1 to 1000."""
    out_of_stock_config: BulkOutOfStockConfig | UnsetType = UNSET
    """What the behaviour needs to know."""


class BulkOutOfStockContext(Closed, frozen=True, gc=False):
    """Where another out-of-stock behaviour holds."""

    type: Literal["FACILITY_GROUP", "TAG_REFERENCE"]
    """What `values` name."""
    values: Annotated[tuple[ContextValue, ...], Meta(max_length=LIST_MAX)]
    """The ids of groups or tags."""
    operator: Literal["NOT"] | UnsetType = UNSET
    """NOT where it holds outside of them."""
