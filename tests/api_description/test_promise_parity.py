"""The description of the promise route, which is not served yet, against the contract."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from opendoms.promises.http import Promised, routes
from opendoms.web.openapi import describe
from opendoms.web.routing import Call

OPERATION = "POST /api/promises/deliverypromise"
ROWS = 445


class Unreachable:
    """Nothing calls it: a description asks no handler."""

    async def promise(self, call: Call) -> Promised:
        """Is not called."""
        raise AssertionError(call.operation)

    async def explanation(self, tenant: str, order_id: str) -> bytes:
        """Is not called."""
        raise AssertionError(tenant, order_id)


def test_every_row_of_the_contract_holds(contract: Path) -> None:
    """Path, type, required, enum and bounds of each member are those of the contract."""
    path = contract.with_name("parity.py")
    if not path.is_file():
        pytest.skip("parity.py is not beside the contract")
    spec = importlib.util.spec_from_file_location("parity", path)
    assert spec is not None
    assert spec.loader is not None
    parity: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(parity)
    theirs = parity.table(json.loads(contract.read_text()), {OPERATION})[OPERATION]
    ours = parity.table(describe(routes(Unreachable()), "opendoms", "1"), {OPERATION})[OPERATION]
    assert len(theirs) == ROWS
    faults = [f"{part} {member}: missing" for part, member in theirs if (part, member) not in ours]
    for (part, member), row in theirs.items():
        if (part, member) in ours:
            faults += [f"{part} {member}: {note}" for note in parity.differs(row, ours[part, member], part)]
    assert faults == []
