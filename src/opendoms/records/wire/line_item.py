"""What was sold: one line per article."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import UNSET, Meta, UnsetType

from opendoms.web.wire_types import CustomAttributes, FilledText, Int64, LocaleString, Timestamp, Wire

ATTRIBUTES_MAX: Final = 100  # of one line
PERIOD_CHARACTERS_MAX: Final = 100

Category = Literal[
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
_PERIOD: Final = "^-?P(?:([0-9]+W)|([0-9]+Y)?([0-9]+M)?([0-9]+D)?(?:T([0-9]+H)?([0-9]+M)?([0-9]+S)?)?)"
# Kept as it was sent and never computed with.
Period = Annotated[
    str,
    Meta(
        max_length=PERIOD_CHARACTERS_MAX,
        pattern=_PERIOD + r"\Z",
        extra_json_schema={"published": {"pattern": _PERIOD.replace("[0-9]", r"\d") + "$"}},
    ),
]


class OrderRecordArticleAttributeItem(Wire, frozen=True, gc=False):
    """Something known about an article; the prices of the line are told by attributes."""

    key: FilledText
    """What the attribute is about."""
    value: FilledText
    """Its value, as text whatever its type."""
    category: Category | UnsetType = UNSET
    """What the attribute is used for; basePrice, discount, surcharge and tax enter the record's totals."""
    type: Literal["STRING", "NUMBER", "CURRENCY", "BOOLEAN"] | UnsetType = UNSET
    """How `value` is to be read; as text where absent."""
    priority: Int64 | UnsetType = UNSET
    """Which attributes are shown first."""
    key_localized: LocaleString | UnsetType = UNSET
    """The key per locale."""
    value_localized: LocaleString | UnsetType = UNSET
    """The value per locale."""


class OrderRecordLineItemArticle(Wire, frozen=True, gc=False):
    """The article that was sold."""

    tenant_article_id: str
    """The caller's own id of the article."""
    attributes: Annotated[tuple[OrderRecordArticleAttributeItem, ...], Meta(max_length=ATTRIBUTES_MAX)]
    """What is known about the article and its price; may be empty."""
    title: str | UnsetType = UNSET
    """The name of the article."""


class OrderRecordLineItemWarranty(Wire, frozen=True, gc=False):
    """What the seller vouches for."""

    warranty_start_date: Timestamp | UnsetType = UNSET
    """When the warranty begins."""
    warranty_period: Period | UnsetType = UNSET
    """How long it lasts, as an ISO 8601 duration."""


class OrderRecordLineItemReturnPolicy(Wire, frozen=True, gc=False):
    """Whether the article may be brought back."""

    is_returnable: bool | UnsetType = UNSET
    """Whether it may."""
    return_window_end_date: Timestamp | UnsetType = UNSET
    """Until when it may."""


class OrderRecordLineItemForCreation(Wire, frozen=True, gc=False, kw_only=True):
    """One article that was sold, with its quantity."""

    article: OrderRecordLineItemArticle
    """What was sold."""
    quantity: float
    """How much of it was sold, in fractions too; negative where it was brought back."""
    measurement_unit_key: str | UnsetType = UNSET
    """The unit of `quantity`, such as pieces."""
    warranty: OrderRecordLineItemWarranty | UnsetType = UNSET
    """What the seller vouches for."""
    return_policy: OrderRecordLineItemReturnPolicy | UnsetType = UNSET
    """Whether the article may be brought back."""
    custom_attributes: CustomAttributes | UnsetType | None = UNSET
    """Data of the caller's own."""


class OrderRecordLineItem(OrderRecordLineItemForCreation, frozen=True, gc=False, kw_only=True):
    """One line of a stored order record."""

    id: str
    """The id of the line, made by the server."""
