"""What becomes of prices once the persons are to go out of what they belong to.

Amounts and the shop's own names of discounts, fees and taxes stay. A code or an id of a discount may have been given to
one person, and where it comes from is free text: they go.
"""

from __future__ import annotations

from typing import Final

from opendoms.kernel.personal import Each, Fate, Members

MONEY: Final[Members] = {"value": Fate.STAYS, "currency": Fate.STAYS, "decimalPlaces": Fate.STAYS}

_DISCOUNT: Final[Members] = {
    "type": Fate.STAYS,
    "value": MONEY,
    "percentage": Fate.STAYS,
    "name": Fate.STAYS,
    "nameLocalized": Fate.STAYS,
    "code": Fate.GOES,
    "context": Fate.GOES,
    "tenantDiscountId": Fate.GOES,
}
_FEE: Final[Members] = {"name": Fate.STAYS, "value": MONEY}
_TAX: Final[Members] = {
    "value": MONEY,
    "type": Fate.STAYS,
    "ratePercent": Fate.STAYS,
    "scope": Fate.STAYS,
    "taxableValue": MONEY,
}
_TOTALS: Final[Members] = {
    "subTotal": MONEY,
    "totalDiscounts": {"value": MONEY, "breakdown": {"lineItemDiscounts": MONEY, "orderDiscounts": MONEY}},
    "totalLineItemSurcharges": MONEY,
    "totalTaxes": MONEY,
    "totalFees": MONEY,
    "total": MONEY,
}
PRICING: Final[Members] = {
    "discounts": Each(_DISCOUNT),
    "fees": Each(_FEE),
    "taxes": Each(_TAX),
    "total": {"priceBreakdown": _TOTALS},
}
