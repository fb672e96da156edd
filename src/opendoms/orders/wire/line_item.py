"""What was ordered: one line per article."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from opendoms.web.wire_types import (
    INT64_MAX,
    LIST_MAX,
    CustomAttributes,
    FilledText,
    LocaleString,
    NotNegative,
    Percentage,
    Quantity,
    TagReference,
    WholeNumber,
    Wire,
)

SUBSTITUTE_ATTRIBUTES_MAX = 40

Codes = Annotated[tuple[str, ...], Meta(max_length=LIST_MAX)]


class ArticleAttributeItemContext(Wire, frozen=True, gc=False):
    """Where an attribute of an article holds; set through listings."""

    type: Literal["FACILITY_GROUP", "FACILITY", "TAG_REFERENCE"]
    """What `value` names."""
    value: FilledText
    """The id of the group, facility or tag."""


class ArticleAttributeItem(Wire, frozen=True, gc=False):
    """Something known about an article: shown to staff, or used for prices, customs or carriers."""

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
    """What the attribute is used for; basePrice, discount, surcharge and tax enter the order's totals."""
    type: Literal["STRING", "NUMBER", "CURRENCY", "BOOLEAN"] | UnsetType = UNSET
    """How `value` is to be read; as text where absent."""
    priority: Annotated[int, Meta(ge=1, le=1001)] | UnsetType = UNSET
    """Which attributes are shown first within a category; 1 comes first, 1001 where absent."""
    key_localized: LocaleString | UnsetType = UNSET
    """The key per locale, for descriptive attributes."""
    value_localized: LocaleString | UnsetType = UNSET
    """The value per locale, for descriptive attributes."""
    context: ArticleAttributeItemContext | UnsetType = UNSET
    """Where the attribute holds."""


Attributes = Annotated[tuple[ArticleAttributeItem, ...], Meta(max_length=LIST_MAX)]


class OrderLineItemArticle(Wire, frozen=True, gc=False):
    """The article of a line, as it was when it was ordered."""

    tenant_article_id: str
    """The caller's own number of the article."""
    title: str
    """The name of the article."""
    title_localized: LocaleString | UnsetType = UNSET
    """The name per locale."""
    image_url: str | UnsetType = UNSET
    """Where a picture can be fetched without signing in."""
    weight: NotNegative | UnsetType = UNSET
    """The weight in grams."""
    attributes: Attributes | UnsetType = UNSET
    """What else is known about the article."""
    custom_attributes: CustomAttributes | UnsetType | None = UNSET
    """Data of the caller's own; better placed on the line."""


class OrderLineItemArticleForUpdate(Wire, frozen=True, gc=False):
    """The article of a line that is added or changed."""

    title: str
    """The name of the article."""
    tenant_article_id: str | UnsetType = UNSET
    """The caller's own number of the article; a line that exists keeps its own."""
    title_localized: LocaleString | UnsetType = UNSET
    """The name per locale."""
    image_url: str | UnsetType = UNSET
    """Where a picture can be fetched without signing in."""
    weight: NotNegative | UnsetType = UNSET
    """The weight in grams."""
    attributes: Attributes | UnsetType = UNSET
    """What else is known about the article."""
    custom_attributes: CustomAttributes | UnsetType | None = UNSET
    """Data of the caller's own; better placed on the line."""


class MeasurementValidation(Wire, frozen=True, gc=False):
    """How far the picked amount may lie from the ordered one, in percent."""

    over_pick_soft_tolerance_percentage: NotNegative | UnsetType = UNSET
    """Picking more than this calls for a confirmation."""
    over_pick_hard_tolerance_percentage: NotNegative | UnsetType = UNSET
    """Picking more than this is refused."""
    short_pick_soft_tolerance_percentage: Percentage | UnsetType = UNSET
    """Falling short by more than this calls for a confirmation."""
    short_pick_hard_tolerance_percentage: Percentage | UnsetType = UNSET
    """Falling short by more than this is refused."""


class Substitute(Wire, frozen=True, gc=False):
    """An article that may be sent in place of the ordered one."""

    tenant_article_id: str
    """The caller's own number of the substitute."""
    title: str
    """The name of the substitute."""
    priority: NotNegative | UnsetType = UNSET
    """Which substitute is preferred; the lowest number comes first."""
    image_url: str | UnsetType = UNSET
    """Where a picture can be fetched without signing in."""
    scannable_codes: Codes | UnsetType = UNSET
    """What a scanner may read on the substitute."""
    attributes: Annotated[tuple[ArticleAttributeItem, ...], Meta(max_length=SUBSTITUTE_ATTRIBUTES_MAX)] | UnsetType = (
        UNSET
    )
    """What else is known about the substitute."""
    measurement_unit_key: str | UnsetType = UNSET
    """The unit that the substitute is counted in."""
    secondary_measurement_unit_key: str | UnsetType = UNSET
    """A second unit, such as grams beside pieces."""
    measurement_validation: MeasurementValidation | UnsetType = UNSET
    """How far the picked amount may lie from the ordered one."""


class LineItemDetails(Wire, frozen=True, gc=False, kw_only=True):
    """What can be said about a line beside its article and quantity."""

    scannable_codes: Codes | UnsetType = UNSET
    """What a scanner may read on the article."""
    measurement_unit_key: str | UnsetType = UNSET
    """The unit of `quantity`, such as pieces."""
    secondary_measurement_unit_key: str | UnsetType = UNSET
    """The unit of `secondaryQuantity`, such as grams."""
    secondary_quantity: Annotated[int, Meta(ge=0, le=INT64_MAX)] | UnsetType = UNSET
    """The quantity in the second unit."""
    measurement_validation: MeasurementValidation | UnsetType = UNSET
    """How far the picked amount may lie from the ordered one."""
    allowed_substitutes: Annotated[tuple[Substitute, ...], Meta(max_length=LIST_MAX)] | UnsetType = UNSET
    """What may be sent instead: an empty list forbids substitutes, leaving it out allows those of the listing."""
    shop_price: float | UnsetType = UNSET
    """The price of one piece as a decimal number; attributes of category basePrice carry more."""
    tags: Annotated[tuple[TagReference, ...], Meta(max_length=LIST_MAX)] | UnsetType = UNSET
    """Tags of the line."""
    custom_attributes: CustomAttributes | UnsetType = UNSET
    """Data of the caller's own."""


class OrderLineItemForCreation(LineItemDetails, frozen=True, gc=False, kw_only=True, forbid_unknown_fields=True):
    """One ordered article with its quantity."""

    article: OrderLineItemArticle
    """What was ordered."""
    quantity: Quantity
    """How much of it was ordered."""


class OrderLineItem(OrderLineItemForCreation, frozen=True, gc=False, forbid_unknown_fields=False, kw_only=True):
    """One line of a stored order."""

    id: str
    """The id of the line, made by the server and kept when the line is edited."""


class OrderLineItemForUpdate(LineItemDetails, frozen=True, gc=False, kw_only=True):
    """One line of the order as it is to be: with `id` a line that exists, without it a new one."""

    id: str | UnsetType = UNSET
    """The id of the line that is kept or changed."""
    quantity: WholeNumber | UnsetType = UNSET
    """How much is ordered from now on; required for a new line."""
    article: OrderLineItemArticleForUpdate | UnsetType = UNSET
    """What is ordered; required for a new line, with its `tenantArticleId`."""
