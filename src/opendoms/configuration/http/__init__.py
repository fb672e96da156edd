"""The configuration endpoints: decode, call, encode."""

from __future__ import annotations

from opendoms.configuration.actions import ConfigurationActions, OrderSourceActions
from opendoms.configuration.http import documents, order_sources
from opendoms.web.routing import Route


def routes(configurations: ConfigurationActions, sources: OrderSourceActions) -> list[Route]:
    """Reading and writing what orders are configured by."""
    return [*documents.routes(configurations), *order_sources.routes(sources)]
