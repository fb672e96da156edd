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
    "GET /api/configurations/ordermodification": 8,
    "PUT /api/configurations/ordermodification": 20,
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
