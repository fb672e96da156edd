"""Searching orders: filters, sort and answer."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from opendoms.orders.wire.consumer import AddressType
from opendoms.orders.wire.creation import OrderStatus
from opendoms.orders.wire.order import Order
from opendoms.search.wire import (
    CHOICES_MAX,
    FILTERS_MAX,
    BooleanFilter,
    CustomAttributesFilter,
    DateFilter,
    Direction,
    PageInfo,
    SearchPayload,
    StringFilter,
)
from opendoms.web.wire_types import Closed, Wire

ServiceLevel = Literal["DELIVERY", "SAMEDAY"]


class OrderStatusEnumFilter(Closed, frozen=True, gc=False):
    """A status."""

    eq: OrderStatus | UnsetType = UNSET
    """It is this one."""
    not_eq: OrderStatus | UnsetType = UNSET
    """It is not this one."""
    in_: Annotated[tuple[OrderStatus, ...], Meta(max_length=CHOICES_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="in"
    )
    """It is one of these."""


class OrderConsumerAddressesAddressTypeEnumFilter(Closed, frozen=True, gc=False):
    """A use of an address."""

    eq: AddressType | UnsetType = UNSET
    """It is this one."""
    not_eq: AddressType | UnsetType = UNSET
    """It is not this one, or is absent."""
    in_: Annotated[tuple[AddressType, ...], Meta(max_length=CHOICES_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="in"
    )
    """It is one of these."""


class OrderDeliveryPreferencesShippingDeliveryServiceLevelEnumFilter(Closed, frozen=True, gc=False):
    """A service level."""

    eq: ServiceLevel | UnsetType = UNSET
    """It is this one."""
    not_eq: ServiceLevel | UnsetType = UNSET
    """It is not this one, or is absent."""
    in_: Annotated[tuple[ServiceLevel, ...], Meta(max_length=CHOICES_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="in"
    )
    """It is one of these."""


class OrderConsumerAddressesFilter(Closed, frozen=True, gc=False):
    """One address."""

    address_type: OrderConsumerAddressesAddressTypeEnumFilter | UnsetType = UNSET
    """What the address is used for."""
    city: StringFilter | UnsetType = UNSET
    """The town."""
    company_name: StringFilter | UnsetType = UNSET
    """The company."""
    country: StringFilter | UnsetType = UNSET
    """The country as an ISO 3166-1 code of two letters."""
    email: StringFilter | UnsetType = UNSET
    """The e-mail address."""
    first_name: StringFilter | UnsetType = UNSET
    """The given name."""
    house_number: StringFilter | UnsetType = UNSET
    """The house number."""
    last_name: StringFilter | UnsetType = UNSET
    """The family name."""
    postal_code: StringFilter | UnsetType = UNSET
    """The postal code."""
    province: StringFilter | UnsetType = UNSET
    """The state, province or region."""
    street: StringFilter | UnsetType = UNSET
    """The street."""


class OrderConsumerAddressesListFilter(Closed, frozen=True, gc=False):
    """The addresses of the consumer."""

    contains: OrderConsumerAddressesFilter | UnsetType = UNSET
    """One of them is like this, in everything that is given."""
    exists: bool | UnsetType = UNSET
    """Whether there are any."""


class OrderConsumerFilter(Closed, frozen=True, gc=False):
    """The consumer."""

    addresses: OrderConsumerAddressesListFilter | UnsetType = UNSET
    """The addresses."""
    consumer_id: StringFilter | UnsetType = UNSET
    """The caller's own id of the consumer."""


class OrderDeliveryPreferencesCollectFilter(Closed, frozen=True, gc=False):
    """One place of collection."""

    facility_ref: StringFilter | UnsetType = UNSET
    """The facility, by its id."""
    paid: BooleanFilter | UnsetType = UNSET
    """Whether the order is said to be paid for."""


class OrderDeliveryPreferencesCollectListFilter(Closed, frozen=True, gc=False):
    """The places of collection."""

    contains: OrderDeliveryPreferencesCollectFilter | UnsetType = UNSET
    """One of them is like this, in everything that is given."""
    exists: bool | UnsetType = UNSET
    """Whether there are any: whether the consumer fetches the goods."""


class OrderDeliveryPreferencesShippingFilter(Closed, frozen=True, gc=False):
    """How the goods are sent."""

    desired_delivery_time: DateFilter | UnsetType = UNSET
    """When the consumer would like to have the goods."""
    service_level: OrderDeliveryPreferencesShippingDeliveryServiceLevelEnumFilter | UnsetType = UNSET
    """Whether they must arrive on the day of the order."""


class OrderDeliveryPreferencesFilter(Closed, frozen=True, gc=False):
    """How the goods are to reach the consumer."""

    collect: OrderDeliveryPreferencesCollectListFilter | UnsetType = UNSET
    """The consumer fetches the goods."""
    shipping: OrderDeliveryPreferencesShippingFilter | UnsetType = UNSET
    """The goods are sent."""


class OrderOrderLineItemsArticleTitleLocalizedFilter(Closed, frozen=True, gc=False):
    """The name of an article by language."""

    de_DE: StringFilter | UnsetType = msgspec.field(default=UNSET, name="de_DE")  # noqa: N815 - the contract's name
    """In German."""
    en_US: StringFilter | UnsetType = msgspec.field(default=UNSET, name="en_US")  # noqa: N815 - the contract's name
    """In English."""
    ru_RU: StringFilter | UnsetType = msgspec.field(default=UNSET, name="ru_RU")  # noqa: N815 - the contract's name
    """In Russian."""


class OrderOrderLineItemsArticleFilter(Closed, frozen=True, gc=False):
    """The article of a line."""

    tenant_article_id: StringFilter | UnsetType = UNSET
    """The caller's own number of the article."""
    title: StringFilter | UnsetType = UNSET
    """The name of the article."""
    title_localized: OrderOrderLineItemsArticleTitleLocalizedFilter | UnsetType = UNSET
    """The name by language."""


class OrderOrderLineItemsFilter(Closed, frozen=True, gc=False):
    """One line."""

    article: OrderOrderLineItemsArticleFilter | UnsetType = UNSET
    """What is ordered."""


class OrderOrderLineItemsListFilter(Closed, frozen=True, gc=False):
    """The lines."""

    contains: OrderOrderLineItemsFilter | UnsetType = UNSET
    """One of them is like this, in everything that is given."""
    exists: bool | UnsetType = UNSET
    """Whether there are any."""


class OrderPaymentInfoMethodLocalizedFilter(Closed, frozen=True, gc=False):
    """The payment method by language."""

    de_DE: StringFilter | UnsetType = msgspec.field(default=UNSET, name="de_DE")  # noqa: N815 - the contract's name
    """In German."""
    en_US: StringFilter | UnsetType = msgspec.field(default=UNSET, name="en_US")  # noqa: N815 - the contract's name
    """In English."""
    ru_RU: StringFilter | UnsetType = msgspec.field(default=UNSET, name="ru_RU")  # noqa: N815 - the contract's name
    """In Russian."""


class OrderPaymentInfoFilter(Closed, frozen=True, gc=False):
    """How the consumer pays."""

    currency: StringFilter | UnsetType = UNSET
    """The currency as an ISO 4217 code."""
    method: StringFilter | UnsetType = UNSET
    """The payment method in the language that it was derived from."""
    method_localized: OrderPaymentInfoMethodLocalizedFilter | UnsetType = UNSET
    """The payment method by language."""


class OrderTagsFilter(Closed, frozen=True, gc=False):
    """One tag."""

    value: StringFilter | UnsetType = UNSET
    """The value that the tag has here."""


class OrderTagsListFilter(Closed, frozen=True, gc=False):
    """The tags."""

    contains: OrderTagsFilter | UnsetType = UNSET
    """One of them is like this."""
    exists: bool | UnsetType = UNSET
    """Whether there are any."""


class OrderSearchQuery(Closed, frozen=True, gc=False):
    """Which orders to find: everything that is given must hold. Without members, all of them."""

    and_: Annotated[tuple[OrderSearchQuery, ...], Meta(max_length=FILTERS_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="and"
    )
    """All of these hold."""
    or_: Annotated[tuple[OrderSearchQuery, ...], Meta(max_length=FILTERS_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="or"
    )
    """One of these holds; of none, none."""
    status: OrderStatusEnumFilter | UnsetType = UNSET
    """Where the order stands."""
    tenant_order_id: StringFilter | UnsetType = UNSET
    """The caller's own number of the order."""
    order_date: DateFilter | UnsetType = UNSET
    """When the consumer placed the order. A range makes every search quicker."""
    consumer: OrderConsumerFilter | UnsetType = UNSET
    """Who the order is for."""
    delivery_preferences: OrderDeliveryPreferencesFilter | UnsetType = UNSET
    """How the goods are to reach the consumer."""
    order_line_items: OrderOrderLineItemsListFilter | UnsetType = UNSET
    """What is ordered."""
    payment_info: OrderPaymentInfoFilter | UnsetType = UNSET
    """How the consumer pays."""
    tags: OrderTagsListFilter | UnsetType = UNSET
    """The tags of the order."""
    custom_attributes: CustomAttributesFilter | UnsetType = UNSET
    """Data of the caller's own."""


class OrderSort(Closed, frozen=True, gc=False):
    """What the results are ordered by: exactly one member, and the id after it."""

    order_date: Direction | UnsetType = UNSET
    """By the time at which the consumer placed the order."""
    status: Direction | UnsetType = UNSET
    """By the name of the status."""


class OrderSearchPayload(SearchPayload, frozen=True, gc=False, kw_only=True):
    """A search for orders."""

    query: OrderSearchQuery
    """Which orders to find."""
    sort: Annotated[tuple[OrderSort, ...], Meta(min_length=1, max_length=1)] | UnsetType = UNSET
    """In which order; by `orderDate`, the newest first, where absent."""


class OrderPaginatedResult(Wire, frozen=True, gc=False):
    """One page of orders that were found."""

    orders: tuple[Order, ...]
    """The orders of this page."""
    page_info: PageInfo
    """Where this page lies."""
    total: Annotated[int, Meta(ge=0)] | UnsetType = UNSET
    """How many were found on all pages; only where it was asked for, and counted in time."""
