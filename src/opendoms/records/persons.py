"""What becomes of each member of an order record once the persons are to go out of it (decisions D17, D69).

A test holds this map against the wire types: a member that is added there and not here fails it.
"""

from __future__ import annotations

from typing import Final

from opendoms.kernel.personal import Each, Fate, Members
from opendoms.pricing.persons import MONEY, PRICING

_ADDRESS: Final[Members] = {
    "firstName": Fate.WORD,
    "lastName": Fate.WORD,
    "companyName": Fate.WORD,
    "street": Fate.WORD,
    "houseNumber": Fate.WORD,
    "additionalAddressInfo": Fate.WORD,
    "postalCode": Fate.WORD,
    "city": Fate.WORD,
    "province": Fate.WORD,
    "country": Fate.COUNTRY,
}
_CONSUMER: Final[Members] = {"consumerId": Fate.GOES, "email": Fate.GOES, "addresses": Each(_ADDRESS)}

_ATTRIBUTE: Final[Members] = {
    "key": Fate.STAYS,
    "value": Fate.STAYS,
    "category": Fate.STAYS,
    "type": Fate.STAYS,
    "priority": Fate.STAYS,
    "keyLocalized": Fate.STAYS,
    "valueLocalized": Fate.STAYS,
}
_LINE: Final[Members] = {
    "id": Fate.STAYS,
    "article": {"tenantArticleId": Fate.STAYS, "attributes": Each(_ATTRIBUTE), "title": Fate.STAYS},
    "quantity": Fate.STAYS,
    "measurementUnitKey": Fate.STAYS,
    "warranty": {"warrantyStartDate": Fate.STAYS, "warrantyPeriod": Fate.STAYS},
    "returnPolicy": {"isReturnable": Fate.STAYS, "returnWindowEndDate": Fate.STAYS},
    "customAttributes": Fate.GOES,
}
# What the payment provider and the receipt call it leads to whoever paid.
_PAYMENT: Final[Members] = {
    "value": MONEY,
    "status": Fate.STAYS,
    "paymentMethod": Fate.STAYS,
    "transactionId": Fate.GOES,
    "receiptNumber": Fate.GOES,
    "taxValue": MONEY,
}

ORDER_RECORD_MEMBERS: Final[Members] = {
    "id": Fate.STAYS,
    "version": Fate.STAYS,
    "created": Fate.STAYS,
    "lastModified": Fate.STAYS,
    "tenantOrderRecordId": Fate.STAYS,
    "orderRecordDate": Fate.STAYS,
    "facilityRef": Fate.STAYS,
    "lineItems": Each(_LINE),
    "consumer": _CONSUMER,
    "origin": {"type": Fate.STAYS, "terminalId": Fate.STAYS, "cashierId": Fate.ACTOR},
    "payments": Each(_PAYMENT),
    "pricing": PRICING,
    "customAttributes": Fate.GOES,
    "anonymized": Fate.STAYS,
    "gdprCleanupDate": Fate.STAYS,
    "deletionDate": Fate.STAYS,
}
