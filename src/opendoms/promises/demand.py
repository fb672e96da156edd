"""What an order wants of each article, and which pieces must stay together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from opendoms.promises.model import Order, Service


class Demand(NamedTuple):
    """The order, counted by article.

    `wanted` holds every article in the order of its lines. `bundles` share no article with each other; `loose` is what
    is wanted beside them. `services` names, per article, what a facility must be able to do to serve it.
    """

    wanted: Mapping[str, int]
    loose: Mapping[str, int]
    bundles: tuple[Mapping[str, int], ...]
    services: Mapping[str, frozenset[str]]


def demand_of(order: Order) -> Demand:
    """Counts an order. Articles of services that no line orders are passed over; creation refuses them."""
    wanted: dict[str, int] = {}
    for line in order.lines:
        wanted[line.article] = wanted.get(line.article, 0) + line.quantity
    bundles = _bundles(order.services, wanted)
    loose = dict(wanted)
    for bundle in bundles:
        for article, quantity in bundle.items():
            loose[article] -= quantity
    services: dict[str, frozenset[str]] = {}
    for service in order.services:
        if service.reference is not None:
            for article, _ in service.amounts:
                services[article] = services.get(article, frozenset()) | {service.reference}
    return Demand(wanted, loose, bundles, services)


def _bundles(services: tuple[Service, ...], wanted: Mapping[str, int]) -> tuple[Mapping[str, int], ...]:
    """Bundles that have an article in common become one: which of them gets which piece is then no question."""
    apart: list[dict[str, int]] = []
    for service in services:
        amounts = {article: quantity for article, quantity in _counted(service).items() if article in wanted}
        if not service.bundled or not amounts:
            continue
        met = [bundle for bundle in apart if bundle.keys() & amounts.keys()]
        for bundle in met:
            apart.remove(bundle)
            for article, quantity in bundle.items():
                amounts[article] = amounts.get(article, 0) + quantity
        apart.append({article: min(quantity, wanted[article]) for article, quantity in amounts.items()})
    return tuple(apart)


def _counted(service: Service) -> dict[str, int]:
    amounts: dict[str, int] = {}
    for article, quantity in service.amounts:
        amounts[article] = amounts.get(article, 0) + quantity
    return amounts
