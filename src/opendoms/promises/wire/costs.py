"""What a sourcing option costs. The hub keeps no costs yet, so that none of this is answered."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from opendoms.web.wire_types import Currency, Wire


class PromiseMoney(Wire, frozen=True, gc=False, kw_only=True):
    """An amount of money."""

    value: float
    """The amount in the currency's smallest unit."""
    currency: Currency
    """The currency as an ISO 4217 code."""
    decimal_places: float | UnsetType = UNSET
    """How many digits of `value` stand behind the decimal point."""


class PackageCost(Wire, frozen=True, gc=False):
    """What one package costs."""

    package_name: str
    """What it is called."""
    cost_amount: PromiseMoney
    """The amount."""


class ShippingCosts(Wire, frozen=True, gc=False):
    """What sending costs."""

    total_transport_cost_amount: PromiseMoney
    """Transport in all."""
    package_costs: tuple[PackageCost, ...] | UnsetType = UNSET
    """The packages."""


class FacilityDiscountAmount(Wire, frozen=True, gc=False):
    """An amount in one currency."""

    value: int
    """The amount in the currency's smallest unit."""
    currency: Currency
    """The currency as an ISO 4217 code."""
    decimal_places: int
    """How many digits of `value` stand behind the decimal point."""


class FacilityDiscountRelative(Wire, frozen=True, gc=False, tag_field="type", tag="RELATIVE"):
    """A share of the price."""

    value: float
    """The share in percent."""


class FacilityDiscountAbsolute(Wire, frozen=True, gc=False, tag_field="type", tag="ABSOLUTE"):
    """An amount off the price."""

    values: tuple[FacilityDiscountAmount, ...]
    """The amount per currency."""


class SourcingOptionSalesPrice(Wire, frozen=True, gc=False):
    """What an article is sold for."""

    tenant_article_id: str
    """The caller's own number of the article."""
    amount: float
    """How many."""
    source_facility_ref: str
    """Where it comes from."""
    sales_price_per_unit_without_discount_amount: PromiseMoney
    """The price of one."""
    sales_price_per_unit_with_discount_amount: PromiseMoney | UnsetType = UNSET
    """The price of one after discounts."""
    source_tenant_facility_id: str | UnsetType = UNSET
    """The caller's own id of the facility."""
    discount: tuple[FacilityDiscountRelative | FacilityDiscountAbsolute, ...] | UnsetType = UNSET
    """The discounts."""


class SourcingOptionCosts(Wire, frozen=True, gc=False):
    """Costs and prices of the option."""

    sales_prices: tuple[SourcingOptionSalesPrice, ...]
    """What the articles are sold for."""
    total_costs: PromiseMoney | UnsetType = UNSET
    """Everything."""
    total_sales_price_amount: PromiseMoney | UnsetType = UNSET
    """All articles."""
    total_shipping_costs: ShippingCosts | UnsetType = UNSET
    """Sending them."""
