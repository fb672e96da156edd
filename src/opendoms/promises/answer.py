"""A plan as the API answers it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from opendoms.kernel.clock import text_of
from opendoms.kernel.decision import Document
from opendoms.kernel.ids import NewId
from opendoms.promises.model import Facility
from opendoms.promises.plan import CarrierOption, Collection, Item, Plan, ProductOption, Shipment, Waiting
from opendoms.promises.sourcing import Listings, sourcing_option


class Promise(NamedTuple):
    """The order that a plan was stored as, and the instant at which its promise lapses."""

    order_id: str
    version: int
    valid_until: int


def answer_of(plan: Plan, promise: Promise, new_id: NewId, listings: Listings | None = None) -> Document:
    """The body of the answer. With `listings` it shows their custom attributes, as far as the plan draws on them."""
    answer: Document = {
        "orderRef": promise.order_id,
        "orderVersion": promise.version,
        "promisesOptions": {"validUntil": text_of(promise.valid_until)},
    }
    to_customer = [shipment for shipment in plan.shipments if shipment.target == "SHIP_TO_CUSTOMER"]
    to_store = [shipment for shipment in plan.shipments if shipment.target == "SHIP_TO_STORE"]
    if to_customer or not plan.collecting:
        answer["shipToCustomer"] = [_shipment(shipment, promise.valid_until) for shipment in to_customer]
    if to_store:
        answer["shipToStore"] = [_shipment(shipment, promise.valid_until) for shipment in to_store]
    if plan.collection is not None:
        answer["collect"] = _collect(plan.collection, to_store)
    if plan.waiting:
        answer["backOrdered"] = {"lineItems": [_waiting(waiting) for waiting in plan.waiting]}
    answer["sourcingOption"] = sourcing_option(plan, promise.valid_until, new_id, listings)
    return answer


def _shipment(shipment: Shipment, valid_until: int) -> Document:
    return {
        "facility": _facility(shipment.facility),
        "lineItems": [_item(item) for item in shipment.items],
        "carriers": [_carrier(option, shipment, valid_until) for option in shipment.carriers],
    }


def _collect(collection: Collection, to_store: Iterable[Shipment]) -> Document:
    """The consumer collects what others send to the store as well: one entry per line, with all its pieces."""
    by_line = {item.line: item for item in collection.items}
    for item in (item for shipment in to_store for item in shipment.items):
        known = by_line.get(item.line, item._replace(quantity=0, available=0))
        by_line[item.line] = known._replace(quantity=known.quantity + item.quantity)
    return {
        "facility": _facility(collection.facility),
        "lineItems": [_item(item) for item in by_line.values()],
        "targetTime": text_of(collection.target_time),
    }


def _facility(facility: Facility) -> Document:
    known = {} if facility.tenant_id is None else {"tenantFacilityId": facility.tenant_id}
    return {"facilityName": facility.name, "facilityRef": facility.id, **known}


def _item(item: Item) -> Document:
    return {
        "tenantArticleId": item.article,
        "title": item.title,
        "quantity": item.quantity,
        "available": item.available,
    }


def _waiting(waiting: Waiting) -> Document:
    answer = {**_item(waiting.item), "outOfStockBehaviour": waiting.behaviour}
    if waiting.available_from is not None:
        answer["availabilityTimeframe"] = {"start": text_of(waiting.available_from)}
    return answer


def _carrier(option: CarrierOption, shipment: Shipment, valid_until: int) -> Document:
    carrier: Document = {
        "carrierRef": option.connection.carrier,
        "carrierKey": option.connection.carrier_key,
        "carrierName": option.connection.carrier_name,
        "products": [_product(product, shipment.today) for product in option.products],
    }
    if option.holds_until is not None:
        carrier["deliveryPromiseValidUntil"] = text_of(min(option.holds_until, valid_until))
    return carrier


def _product(option: ProductOption, today: int) -> Document:
    product: Document = {
        "carrierProductCategory": option.product.category,
        "deliveryCosts": [{"cost": Decimal(cost.amount), "currency": cost.currency} for cost in option.product.costs],
    }
    if option.product.transit is not None:
        transit = option.product.transit
        product["transitTime"] = {"minTransitDays": transit.days_min, "maxTransitDays": transit.days_max}
    if option.arrival is not None:
        product["estimatedDeliveryTime"] = {
            "minDeliveryDays": max(0, option.arrival.first_day - today),
            "maxDeliveryDays": max(0, option.arrival.last_day - today),
        }
    return product
