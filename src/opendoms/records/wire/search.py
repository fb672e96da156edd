"""Searching order records: filters, sort and answer."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from opendoms.records.wire.record import OrderRecord
from opendoms.search.wire import FILTERS_MAX, DateFilter, Direction, PageInfo, SearchPayload, StringFilter
from opendoms.web.wire_types import Closed, Wire


class OrderRecordConsumerAddressesFilter(Closed, frozen=True, gc=False):
    """One address."""

    company_name: StringFilter | UnsetType = UNSET
    """The company."""
    last_name: StringFilter | UnsetType = UNSET
    """The family name."""


class OrderRecordConsumerAddressesListFilter(Closed, frozen=True, gc=False):
    """The addresses of the consumer."""

    contains: OrderRecordConsumerAddressesFilter | UnsetType = UNSET
    """One of them is like this, in everything that is given."""
    exists: bool | UnsetType = UNSET
    """Whether there are any."""


class OrderRecordConsumerFilter(Closed, frozen=True, gc=False):
    """Who bought."""

    addresses: OrderRecordConsumerAddressesListFilter | UnsetType = UNSET
    """The addresses."""
    consumer_id: StringFilter | UnsetType = UNSET
    """The caller's own id of the consumer."""


class OrderRecordLineItemsArticleFilter(Closed, frozen=True, gc=False):
    """The article of a line."""

    tenant_article_id: StringFilter | UnsetType = UNSET
    """The caller's own id of the article."""


class OrderRecordLineItemsFilter(Closed, frozen=True, gc=False):
    """One line."""

    article: OrderRecordLineItemsArticleFilter | UnsetType = UNSET
    """What was sold."""


class OrderRecordLineItemsListFilter(Closed, frozen=True, gc=False):
    """The lines."""

    contains: OrderRecordLineItemsFilter | UnsetType = UNSET
    """One of them is like this."""
    exists: bool | UnsetType = UNSET
    """Whether there are any."""


class OrderRecordOriginFilter(Closed, frozen=True, gc=False):
    """What the sale was made at."""

    cashier_id: StringFilter | UnsetType = UNSET
    """Who sat at the till."""
    terminal_id: StringFilter | UnsetType = UNSET
    """The till."""


class OrderRecordPaymentsFilter(Closed, frozen=True, gc=False):
    """One payment."""

    receipt_number: StringFilter | UnsetType = UNSET
    """The number on the receipt."""
    transaction_id: StringFilter | UnsetType = UNSET
    """What the payment provider calls it."""


class OrderRecordPaymentsListFilter(Closed, frozen=True, gc=False):
    """The payments."""

    contains: OrderRecordPaymentsFilter | UnsetType = UNSET
    """One of them is like this, in everything that is given."""
    exists: bool | UnsetType = UNSET
    """Whether there are any."""


class OrderRecordSearchQuery(Closed, frozen=True, gc=False):
    """Which order records to find: everything that is given must hold. Without members, all of them."""

    and_: Annotated[tuple[OrderRecordSearchQuery, ...], Meta(max_length=FILTERS_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="and"
    )
    """All of these hold."""
    or_: Annotated[tuple[OrderRecordSearchQuery, ...], Meta(max_length=FILTERS_MAX)] | UnsetType = msgspec.field(
        default=UNSET, name="or"
    )
    """One of these holds; of none, none."""
    tenant_order_record_id: StringFilter | UnsetType = UNSET
    """The caller's own number of the sale."""
    facility_name: StringFilter | UnsetType = UNSET
    """The name that the facility of the sale has now; a facility that is gone has none."""
    order_record_date: DateFilter | UnsetType = UNSET
    """When the sale was made. A range makes every search quicker."""
    consumer: OrderRecordConsumerFilter | UnsetType = UNSET
    """Who bought."""
    line_items: OrderRecordLineItemsListFilter | UnsetType = UNSET
    """What was sold."""
    origin: OrderRecordOriginFilter | UnsetType = UNSET
    """What the sale was made at."""
    payments: OrderRecordPaymentsListFilter | UnsetType = UNSET
    """How it was paid."""


class OrderRecordAddressesSort(Closed, frozen=True, gc=False):
    """By the addresses: going up the smallest of a record's values decides, going down the largest."""

    city: Direction | UnsetType = UNSET
    """By the town."""
    company_name: Direction | UnsetType = UNSET
    """By the company."""
    country: Direction | UnsetType = UNSET
    """By the country."""
    first_name: Direction | UnsetType = UNSET
    """By the given name."""
    last_name: Direction | UnsetType = UNSET
    """By the family name."""
    postal_code: Direction | UnsetType = UNSET
    """By the postal code."""


class OrderRecordConsumerSort(Closed, frozen=True, gc=False):
    """By who bought."""

    addresses: OrderRecordAddressesSort | UnsetType = UNSET
    """By the addresses."""


class OrderRecordLineItemsSort(Closed, frozen=True, gc=False):
    """By the lines: going up the smallest of a record's values decides, going down the largest."""

    quantity: Direction | UnsetType = UNSET
    """By how much was sold."""


class OrderRecordOriginSort(Closed, frozen=True, gc=False):
    """By what the sale was made at."""

    cashier_id: Direction | UnsetType = UNSET
    """By who sat at the till."""
    terminal_id: Direction | UnsetType = UNSET
    """By the till."""
    type: Direction | UnsetType = UNSET
    """By the kind of origin."""


class OrderRecordPaymentsSort(Closed, frozen=True, gc=False):
    """By the payments: going up the smallest of a record's values decides, going down the largest."""

    payment_method: Direction | UnsetType = UNSET
    """By how it was paid."""
    receipt_number: Direction | UnsetType = UNSET
    """By the number on the receipt."""
    status: Direction | UnsetType = UNSET
    """By what became of the payment."""
    transaction_id: Direction | UnsetType = UNSET
    """By what the payment provider calls it."""


class OrderRecordTotalSort(Closed, frozen=True, gc=False):
    """By what the sale cost."""

    price_breakdown_total: Direction | UnsetType = UNSET
    """By `pricing.total.priceBreakdown.total.value`, the bare number whatever its currency."""


class OrderRecordPricingSort(Closed, frozen=True, gc=False):
    """By prices."""

    total: OrderRecordTotalSort | UnsetType = UNSET
    """By the total."""


class OrderRecordSort(Closed, frozen=True, gc=False):
    """What the results are ordered by: exactly one member, however deep, and the id after it."""

    consumer: OrderRecordConsumerSort | UnsetType = UNSET
    """By who bought."""
    facility_country: Direction | UnsetType = UNSET
    """By the country that the facility is in now."""
    facility_name: Direction | UnsetType = UNSET
    """By the name that the facility has now."""
    line_items: OrderRecordLineItemsSort | UnsetType = UNSET
    """By what was sold."""
    order_record_date: Direction | UnsetType = UNSET
    """By the time of the sale."""
    origin: OrderRecordOriginSort | UnsetType = UNSET
    """By what the sale was made at."""
    payments: OrderRecordPaymentsSort | UnsetType = UNSET
    """By how it was paid."""
    pricing: OrderRecordPricingSort | UnsetType = UNSET
    """By prices."""
    tenant_order_record_id: Direction | UnsetType = UNSET
    """By the caller's own number of the sale."""


class OrderRecordSearchPayload(SearchPayload, frozen=True, gc=False, kw_only=True):
    """A search for order records."""

    query: OrderRecordSearchQuery
    """Which order records to find."""
    sort: Annotated[tuple[OrderRecordSort, ...], Meta(min_length=1, max_length=1)] | UnsetType = UNSET
    """In which order; by `orderRecordDate`, the newest first, where absent."""


class OrderRecordPaginatedResult(Wire, frozen=True, gc=False):
    """One page of order records that were found."""

    order_records: tuple[OrderRecord, ...]
    """The order records of this page."""
    page_info: PageInfo
    """Where this page lies."""
    total: Annotated[int, Meta(ge=0)] | UnsetType = UNSET
    """How many were found on all pages; only where it was asked for, and counted in time."""
