"""Where the objects of custom attributes of an order lie, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from opendoms.kernel.custom_attributes import faults
from opendoms.kernel.decision import Document
from opendoms.kernel.refusal import Fault

__all__ = ["consumer_faults", "faults", "line_faults", "service_faults"]


def consumer_faults(path: str, consumer: Document) -> Iterator[Fault]:
    """Those of a consumer with its addresses and phone numbers."""
    yield from faults(f"{path}.customAttributes", consumer.get("customAttributes"))
    for i, address in enumerate(consumer.get("addresses", ())):
        yield from faults(f"{path}.addresses[{i}].customAttributes", address.get("customAttributes"))
        for j, phone in enumerate(address.get("phoneNumbers", ())):
            phone_path = f"{path}.addresses[{i}].phoneNumbers[{j}].customAttributes"
            yield from faults(phone_path, phone.get("customAttributes"))


def line_faults(path: str, line: Document) -> Iterator[Fault]:
    """Those of a line item and its article."""
    yield from faults(f"{path}.customAttributes", line.get("customAttributes"))
    yield from faults(f"{path}.article.customAttributes", line["article"].get("customAttributes"))


def service_faults(path: str, entry: Document) -> Iterator[Fault]:
    """Those of a custom service entry and the ones nested in it."""
    definition: dict[str, Any] = entry["customServiceDefinition"]
    yield from faults(f"{path}.customServiceDefinition.customAttributes", definition.get("customAttributes"))
    for i, nested in enumerate(entry["customServiceItems"]):
        yield from service_faults(f"{path}.customServiceItems[{i}]", nested)
