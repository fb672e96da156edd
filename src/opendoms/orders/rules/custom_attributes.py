"""Limits of custom attributes: the size of each object, and which keys it may have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from opendoms.kernel.decision import Document
from opendoms.kernel.document import encode
from opendoms.kernel.refusal import Fault

CHARACTERS_MAX: Final = 15_360


def faults(path: str, attributes: Document | None) -> Iterator[Fault]:
    """What is wrong with one object of custom attributes, found at `path`."""
    if not attributes:
        return
    data = encode(attributes)
    # A character takes at least one byte, so that most objects need no second look.
    if len(data) > CHARACTERS_MAX and (length := len(data.decode())) > CHARACTERS_MAX:
        yield Fault(f"{path}: expected at most {CHARACTERS_MAX} characters of JSON, got {length}")
    for key in attributes:
        if key.startswith("$") or "." in key:
            yield Fault(f"{path}: a key must not start with $ and must not contain a dot", f"Rename {key[:64]}.")


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
