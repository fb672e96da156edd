"""What becomes of each member of an order once the persons are to go out of it (decisions D17, D69).

A test holds these maps against the wire types: a member that is added there and not here fails it.
"""

from __future__ import annotations

from typing import Final

from opendoms.kernel.personal import Each, Fate, Members
from opendoms.pricing.persons import PRICING

_ADDRESS: Final[Members] = {
    "street": Fate.WORD,
    "city": Fate.WORD,
    "postalCode": Fate.WORD,
    "country": Fate.COUNTRY,
    "houseNumber": Fate.WORD,
    "province": Fate.WORD,
    "additionalAddressInfo": Fate.WORD,
    "phoneNumbers": Fate.GOES,
    "addressType": Fate.STAYS,
    "salutation": Fate.WORD,
    "personalTitle": Fate.WORD,
    "firstName": Fate.WORD,
    "lastName": Fate.WORD,
    "companyName": Fate.WORD,
    "email": Fate.GOES,
    "coordinates": Fate.GOES,
    "customAttributes": Fate.GOES,
}
_CONSUMER: Final[Members] = {
    "addresses": Each(_ADDRESS),
    "consumerId": Fate.GOES,
    "facilityRef": Fate.STAYS,
    "tenantFacilityId": Fate.STAYS,
    "email": Fate.GOES,
    "customAttributes": Fate.GOES,
}

_FACILITY: Final[Members] = {"facilityRef": Fate.STAYS, "tenantFacilityId": Fate.STAYS}
_DELIVERY: Final[Members] = {
    "collect": Each(
        {
            **_FACILITY,
            "paid": Fate.STAYS,
            "provisioningTime": Fate.STAYS,
            "supplyingFacilities": Fate.STAYS,
            "supplyingFacilitiesConfigurations": Each(
                {**_FACILITY, "deliveryEvents": Each({"deliveryTarget": Fate.STAYS, "deliveryTrigger": Fate.STAYS})}
            ),
        }
    ),
    "shipping": {
        "serviceLevel": Fate.STAYS,
        "carrierProductCategory": Fate.STAYS,
        "desiredDeliveryTime": Fate.STAYS,
        "preferredCarriers": Fate.STAYS,
        "preferredCarriersWithProduct": Each(
            {"carrierKey": Fate.STAYS, "carrierProduct": Fate.STAYS, "carrierServices": Fate.STAYS}
        ),
        "preselectedFacilities": Each(_FACILITY),
    },
    "targetTime": Fate.STAYS,
    "estimatedDeliveryDate": Fate.STAYS,
    "reservationPreferences": {"mode": Fate.STAYS, "reservationTime": Fate.STAYS},
    "sourcingOptionRefs": Fate.STAYS,
    "supplyingFacilities": Fate.STAYS,
}

_TAG: Final[Members] = {"id": Fate.STAYS, "value": Fate.STAYS}
_ATTRIBUTE: Final[Members] = {
    "key": Fate.STAYS,
    "value": Fate.STAYS,
    "category": Fate.STAYS,
    "type": Fate.STAYS,
    "priority": Fate.STAYS,
    "keyLocalized": Fate.STAYS,
    "valueLocalized": Fate.STAYS,
    "context": {"type": Fate.STAYS, "value": Fate.STAYS},
}
_MEASUREMENT: Final[Members] = {
    "overPickSoftTolerancePercentage": Fate.STAYS,
    "overPickHardTolerancePercentage": Fate.STAYS,
    "shortPickSoftTolerancePercentage": Fate.STAYS,
    "shortPickHardTolerancePercentage": Fate.STAYS,
}
_UNITS: Final[Members] = {
    "scannableCodes": Fate.STAYS,
    "measurementUnitKey": Fate.STAYS,
    "secondaryMeasurementUnitKey": Fate.STAYS,
    "measurementValidation": _MEASUREMENT,
}
_ARTICLE: Final[Members] = {
    "tenantArticleId": Fate.STAYS,
    "title": Fate.STAYS,
    "titleLocalized": Fate.STAYS,
    "imageUrl": Fate.STAYS,
    "weight": Fate.STAYS,
    "attributes": Each(_ATTRIBUTE),
    "customAttributes": Fate.GOES,
}
_SUBSTITUTE: Final[Members] = {
    **_UNITS,
    "tenantArticleId": Fate.STAYS,
    "title": Fate.STAYS,
    "priority": Fate.STAYS,
    "imageUrl": Fate.STAYS,
    "attributes": Each(_ATTRIBUTE),
}
_LINE: Final[Members] = {
    **_UNITS,
    "id": Fate.STAYS,
    "article": _ARTICLE,
    "quantity": Fate.STAYS,
    "secondaryQuantity": Fate.STAYS,
    "allowedSubstitutes": Each(_SUBSTITUTE),
    "shopPrice": Fate.STAYS,
    "tags": Each(_TAG),
    "customAttributes": Fate.GOES,
}

# What whoever does the service must know, such as what to engrave.
_ADDITIONAL_INFORMATION: Final[Members] = {
    "additionalInformationRef": Fate.STAYS,
    "tenantAdditionalInformationId": Fate.STAYS,
    "value": Fate.GOES,
}
_SERVICE: Final[dict[str, Fate | Each | Members]] = {
    "id": Fate.STAYS,
    "customServiceDefinition": {
        "customServiceRef": Fate.STAYS,
        "tenantCustomServiceId": Fate.STAYS,
        "isBundled": Fate.STAYS,
        "additionalInformation": Each(_ADDITIONAL_INFORMATION),
        "customAttributes": Fate.GOES,
    },
    "articleItems": Each({"tenantArticleRef": Fate.STAYS, "quantity": Fate.STAYS}),
}
_SERVICE["customServiceItems"] = Each(_SERVICE)  # services within services, to any depth

_CANCELATION_REASON: Final[Members] = {
    "id": Fate.STAYS,
    "version": Fate.STAYS,
    "action": Fate.STAYS,
    "reason": Fate.STAYS,
    "reasonLocalized": Fate.STAYS,
    "created": Fate.STAYS,
    "lastModified": Fate.STAYS,
}

_CHANGES: Final[Members] = {
    "consumer": _CONSUMER,
    "customAttributes": Fate.GOES,
    "orderLineItems": Each(_LINE),
    "preferredHandlingTime": Fate.STAYS,
}
_UPDATE_DETAIL: Final[Members] = {
    "created": Fate.STAYS,
    "changes": _CHANGES,
    "user": Fate.ACTOR,
    "comment": Fate.GOES,
}

ORDER_MEMBERS: Final[Members] = {
    "id": Fate.STAYS,
    "version": Fate.STAYS,
    "created": Fate.STAYS,
    "lastModified": Fate.STAYS,
    "orderDate": Fate.STAYS,
    "tenantOrderId": Fate.STAYS,
    "status": Fate.STAYS,
    "statusReasons": Each({"status": Fate.STAYS, "reason": Fate.WORD}),
    "processId": Fate.STAYS,
    "source": {"sourceRef": Fate.STAYS, "tenantSourceId": Fate.STAYS},
    "consumer": _CONSUMER,
    "deliveryPreferences": _DELIVERY,
    "orderLineItems": Each(_LINE),
    "paymentInfo": {"methodLocalized": Fate.STAYS, "currency": Fate.STAYS, "method": Fate.STAYS},
    "pricing": PRICING,
    "promisesOptions": {"validUntil": Fate.STAYS},
    "customServices": Each(_SERVICE),
    # Labels that staff read; a caller may have written a name on one.
    "stickers": Fate.GOES,
    "tags": Each(_TAG),
    "customAttributes": Fate.GOES,
    "workflowInformation": {"isAvailable": Fate.STAYS, "instanceRef": Fate.STAYS, "nodeRef": Fate.STAYS},
    "updateDetails": Each(_UPDATE_DETAIL),
    "cancelationReason": _CANCELATION_REASON,
    "anonymized": Fate.STAYS,
    "schemaVersion": Fate.STAYS,
}

# What the events of an order tell beside it.
ORDER_DETAIL_MEMBERS: Final[Members] = {"changes": _CHANGES}
