"""The description against the contract: every parameter and every member of every body, by the contract's own tool."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

OPERATIONS = {
    # operation: how many rows the contract has for it, so that an empty comparison cannot pass
    "POST /api/orders": 604,
    "GET /api/orders": 29,
    "GET /api/orders/{orderId}": 370,
    "PATCH /api/orders/{orderId}": 464,
    "POST /api/orders/{orderId}/actions": 428,
    "POST /api/orders/{orderId}/orderlineitems/{orderLineItemId}/actions": 373,
    "POST /api/orders/actions": 16,
    "POST /api/orders/search": 585,
    "POST /api/promises/deliverypromise": 445,
    "GET /api/configurations/ordermodification": 8,
    "PUT /api/configurations/ordermodification": 20,
    "GET /api/configurations/ordercancelation": 8,
    "PUT /api/configurations/ordercancelation": 20,
    "GET /api/configurations/orderrecords": 9,
    "PUT /api/configurations/orderrecords": 20,
    "GET /api/configurations/promises": 10,
    "PUT /api/configurations/promises": 16,
    "GET /api/configurations/ordersources": 17,
    "POST /api/configurations/ordersources": 13,
    "PUT /api/configurations/ordersources/{ordersourceId}": 14,
    "DELETE /api/configurations/ordersources/{ordersourceId}": 16,
    "GET /api/configurations/tags/order": 32,
    "PUT /api/configurations/tags/order": 60,
    "GET /api/cancelationreasons": 18,
    "POST /api/cancelationreasons": 16,
    "GET /api/cancelationreasons/{cancelationReasonId}": 12,
    "PUT /api/cancelationreasons/{cancelationReasonId}": 16,
    "DELETE /api/cancelationreasons/{cancelationReasonId}": 4,
    "GET /api/tags": 16,
    "POST /api/tags": 15,
    "GET /api/tags/{tagRef}": 11,
    "PATCH /api/tags/{tagRef}": 17,
    "POST /api/tags/search": 48,
    "GET /api/facilities": 74,
    "POST /api/facilities": 270,
    "GET /api/facilities/{facilityId}": 142,
    "PATCH /api/facilities/{facilityId}": 398,
    "PUT /api/facilities/{facilityId}": 271,
    "DELETE /api/facilities/{facilityId}": 5,
    "POST /api/facilities/search": 339,
    "GET /api/carriers": 18,
    "POST /api/carriers": 56,
    "GET /api/carriers/{carrierId}": 33,
    "PATCH /api/carriers/{carrierId}": 62,
    "GET /api/facilities/{facilityId}/carriers": 16,
    "GET /api/facilities/{facilityId}/carriers/{carrierRef}": 56,
    "POST /api/facilities/{facilityId}/carriers/{carrierRef}": 101,
    "PUT /api/facilities/{facilityId}/carriers/{carrierRef}": 102,
    "POST /api/facilities/{facilityId}/carriers/prioritization": 86,
    "GET /api/processes": 171,
    "GET /api/processes/{processId}": 119,
    "PATCH /api/processes/{processId}": 132,
    "POST /api/processes/{processId}/actions": 131,
    "POST /api/processes/search": 576,
    "GET /api/processes/{processId}/historylogs": 96,
    "GET /api/orderrecords": 150,
    "PUT /api/orderrecords": 246,
    "POST /api/orderrecords/search": 280,
    "GET /api/orderrecords/{orderRecordId}": 143,
    "DELETE /api/facilities/{facilityId}/listings": 4,
    "GET /api/facilities/{facilityId}/listings": 19,
    "PUT /api/facilities/{facilityId}/listings": 199,
    "DELETE /api/facilities/{facilityId}/listings/{tenantArticleId}": 4,
    "GET /api/facilities/{facilityId}/listings/{tenantArticleId}": 103,
    "PATCH /api/facilities/{facilityId}/listings/{tenantArticleId}": 169,
    "PUT /api/listings": 191,
    "POST /api/listings/search": 227,
    "GET /api/reservations": 37,
    "GET /api/reservations/{reservationId}": 27,
    "POST /api/reservations/actions": 67,
    "POST /api/reservations/search": 87,
    "GET /api/stocks": 56,
    "POST /api/stocks": 61,
    "PUT /api/stocks": 68,
    "DELETE /api/stocks/{stockId}": 3,
    "GET /api/stocks/{stockId}": 40,
    "PUT /api/stocks/{stockId}": 52,
    "POST /api/stocks/actions": 170,
    "POST /api/stocks/search": 155,
    "GET /api/stocks/summaries": 47,
    "GET /api/safetystocks": 18,
    "PUT /api/safetystocks": 16,
    "DELETE /api/safetystocks/{safetyStockId}": 4,
    "GET /api/subscriptions": 37,
    "POST /api/subscriptions": 60,
    "DELETE /api/subscriptions/{subscriptionId}": 34,
    "GET /api/supportedevents": 8,
    "GET /api/status": 2,
    "GET /api/health": 9,
}


@pytest.fixture(scope="module")
def parity(contract: Path) -> ModuleType:
    """The tool that compares two descriptions row by row; it lies beside the contract."""
    path = contract.with_name("parity.py")
    if not path.is_file():
        pytest.skip("parity.py is not beside the contract")
    spec = importlib.util.spec_from_file_location("parity", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_row_of_the_contract_holds(
    operation: str, parity: ModuleType, contract: Path, description: dict[str, Any]
) -> None:
    """Path, type, required, enum and bounds of each parameter and member are those of the contract."""
    method, path = operation.split(" ")
    name = f"{method} {parity.normal(path)}"
    theirs = parity.table(json.loads(contract.read_text()), {name})[name]
    ours = parity.table(description, {name})[name]
    assert len(theirs) == OPERATIONS[operation]
    faults = [f"{part} {member}: missing" for part, member in theirs if (part, member) not in ours]
    for (part, member), row in theirs.items():
        if (part, member) in ours:
            faults += [f"{part} {member}: {note}" for note in parity.differs(row, ours[part, member], part)]
    assert faults == []
