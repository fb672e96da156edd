"""What configurations look like on the wire, one module per noun."""

from __future__ import annotations

from opendoms.configuration.wire.gdpr import GdprConfiguration
from opendoms.configuration.wire.order_cancelation import OrderCancelationConfiguration
from opendoms.configuration.wire.order_modification import OrderModificationConfiguration
from opendoms.configuration.wire.order_records import OrderRecordsConfiguration, OrderRecordsConfigurationInput
from opendoms.configuration.wire.order_sources import (
    OrderSourceConfiguration,
    OrderSourceEntry,
    OrderSourceEntryForCreation,
    OrderSourceEntryForUpdate,
    OrderSourceListQuery,
)
from opendoms.configuration.wire.order_tags import OrderTagConfiguration
from opendoms.configuration.wire.promises import PromisesConfiguration

__all__ = [
    "GdprConfiguration",
    "OrderCancelationConfiguration",
    "OrderModificationConfiguration",
    "OrderRecordsConfiguration",
    "OrderRecordsConfigurationInput",
    "OrderSourceConfiguration",
    "OrderSourceEntry",
    "OrderSourceEntryForCreation",
    "OrderSourceEntryForUpdate",
    "OrderSourceListQuery",
    "OrderTagConfiguration",
    "PromisesConfiguration",
]
