"""The contract's request schemas as JSON Schema, and the named places where the hub refuses more than they do."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any, Final

import jsonschema_rs

Json = Any

BODIES: Final = ("OrderForCreation", "OrderForUpdate", "OrderModificationConfiguration", "OrderRecordForCreation")

_INT64: Final = {"minimum": -(2**63), "maximum": 2**63 - 1}
_KEY: Final = {"maxLength": 256, "pattern": r"^[^\u0000]*$"}
_OBJECT: Final = {"type": "object"}
_TEXTS: Final = {"additionalProperties": {"type": "string"}}
# What the contract says of these members on creation; on an update it does not name them.
_LINE_DETAILS: Final = {
    "properties": {
        name: {"$ref": f"#/components/schemas/OrderLineItemForCreation/properties/{name}"}
        for name in (
            "allowedSubstitutes",
            "customAttributes",
            "measurementUnitKey",
            "measurementValidation",
            "scannableCodes",
            "secondaryMeasurementUnitKey",
            "secondaryQuantity",
            "shopPrice",
            "tags",
        )
    }
}
_MAILBOX: Final = {"maxLength": 254, "pattern": r"^[^\"<>\[\] ]+$"}

# Where the hub refuses what the contract's schema lets through, and why. Nothing stands here for the other direction:
# what the hub accepts, the contract accepts.
NARROWER: Final[dict[str, tuple[str, Json]]] = {
    "OrderForCreation.orderLineItems": ("an order has at least one line (D8)", {"minItems": 1}),
    "OrderForCreation.tenantOrderId": ("indexed, so bounded and storable", _KEY),
    "OrderForCreationConsumer.consumerId": ("indexed, so bounded and storable", _KEY),
    "OrderForCreationConsumer.email": ("no quoted names, no address literals, RFC 5321 length", _MAILBOX),
    "ConsumerAddress.email": ("no quoted names, no address literals, RFC 5321 length", _MAILBOX),
    "Sticker.nameLocalized": (
        "its text asks for one entry and at most 14 characters each",
        {"minProperties": 1, "additionalProperties": {"maxLength": 14}},
    ),
    "OrderPricingDiscount.percentage": ("its text says 0 to 100", {"minimum": 0, "maximum": 100}),
    "MonetaryValue.decimalPlaces": ("a power of ten that sums can be scaled by", {"minimum": 0, "maximum": 18}),
    "MonetaryValue.value": ("declared as int64", _INT64),
    "OrderForUpdate.version": ("declared as int64", _INT64),
    "OrderModificationConfiguration.version": ("declared as int64", _INT64),
    "OrderLineItemForCreation.quantity": ("declared as int64", _INT64),
    "OrderLineItemForCreation.secondaryQuantity": ("declared as int64", _INT64),
    "OrderLineItemForUpdate.quantity": (
        "pieces are counted, as on creation",
        {**_INT64, "minimum": 1, "multipleOf": 1},
    ),
    "OrderLineItemForUpdate": ("an object, and still a line that could be created", {**_OBJECT, **_LINE_DETAILS}),
    "OrderRecordForCreation.lineItems": ("a sale has at least one line (D36)", {"minItems": 1}),
    "OrderRecordForCreation.tenantOrderRecordId": ("indexed, so bounded and storable", _KEY),
    "OrderRecordForCreation.facilityRef": ("looked up, so bounded and storable", {**_KEY, "maxLength": 512}),
    "OrderRecordMonetaryValue.value": ("bounded as in orders", _INT64),
    "OrderRecordMonetaryValue.decimalPlaces": ("as in orders", {"minimum": 0, "maximum": 18}),
    "OrderRecordDiscount.percentage": ("its text says 0 to 100", {"minimum": 0, "maximum": 100}),
    "OrderRecordDiscount.nameLocalized": ("a text per locale", _TEXTS),
    "OrderRecordArticleAttributeItem.keyLocalized": ("a text per locale", _TEXTS),
    "OrderRecordArticleAttributeItem.valueLocalized": ("a text per locale", _TEXTS),
    "OrderRecordArticleAttributeItem.priority": ("bounded like every integer", _INT64),
    "OrderRecordLineItemWarranty.warrantyPeriod": (
        "bounded, and with the digits of ISO 8601",
        {"maxLength": 100, "pattern": "^[-PYMWDTHS0-9]*$"},
    ),
    # The contract names members but not the type, so that a text or a number would do as well.
    **dict.fromkeys(
        (
            "DeliveryEvent",
            "MeasurementValidation",
            "OrderForUpdate",
            "OrderStatusReason",
            "Sticker",
            "SupplyingFacilityConfiguration",
            "TagReference",
        ),
        ("it has members, so it is an object", _OBJECT),
    ),
}


class RequestSchemas:
    """Judges request bodies by the contract: as it stands, and with the hub's named differences. Built once."""

    def __init__(self, contract: Path, bodies: tuple[str, ...] = BODIES) -> None:
        document = json.loads(contract.read_text())
        as_it_stands = _nullable(document["components"])
        narrower = copy.deepcopy(as_it_stands)
        for place, (_reason, rule) in NARROWER.items():
            name, _, member = place.partition(".")
            schemas = narrower["schemas"]
            holder = schemas[name]["properties"] if member else schemas
            key = member or name
            holder[key] = {"allOf": [holder[key], rule]}

        self.as_it_stands = {name: _validator(name, as_it_stands) for name in bodies}
        self.narrower = {name: _validator(name, narrower) for name in bodies}


def _validator(name: str, components: Json) -> jsonschema_rs.Draft4Validator:
    # Draft 4 is what OpenAPI 3.0 means; there 1.0 is no integer.
    schema = {"$ref": f"#/components/schemas/{name}", "components": components}
    return jsonschema_rs.Draft4Validator(schema, validate_formats=True)


def _nullable(node: Json) -> Json:
    if isinstance(node, list):
        return [_nullable(part) for part in node]
    if not isinstance(node, dict):
        return node
    schema = {key: _nullable(part) for key, part in node.items()}
    return {"anyOf": [schema, {"type": "null"}]} if schema.pop("nullable", None) else schema
