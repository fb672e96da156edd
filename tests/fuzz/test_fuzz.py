"""Random requests, made from our own description: no fault of ours, and no answer outside of the description.

What the hub accepts is held against the contract's request schemas too, where the contract is at hand.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api_description.contract_schemas import RequestSchemas
from tests.server import Server, token

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
# Per operation and mode; OPENDOMS_FUZZ_EXAMPLES asks for a longer run.
EXAMPLES = int(os.environ.get("OPENDOMS_FUZZ_EXAMPLES", "4"))
# Bodies so large that making one takes a second.
LARGE = dict.fromkeys((("POST", "/api/orders"), ("PUT", "/api/orderrecords")), max(1, EXAMPLES // 10))
BODIES = {
    ("POST", "/api/orders"): "OrderForCreation",
    ("PATCH", "/api/orders/{orderId}"): "OrderForUpdate",
    ("PUT", "/api/configurations/ordermodification"): "OrderModificationConfiguration",
    ("POST", "/api/orders/{orderId}/actions"): "OrderActionsParameter",
    ("POST", "/api/orders/{orderId}/orderlineitems/{orderLineItemId}/actions"): "OrderLineItemActionsParameter",
    ("POST", "/api/orders/actions"): "BulkOrderActionsParameter",
    ("POST", "/api/orders/search"): "OrderSearchPayload",
    ("POST", "/api/facilities/search"): "FacilitySearchPayload",
    ("POST", "/api/tags"): "TagForCreation",
}
OPERATIONS = [
    *BODIES,
    ("GET", "/api/orders"),
    ("GET", "/api/orders/{orderId}"),
    ("GET", "/api/configurations/ordermodification"),
    ("PUT", "/api/orderrecords"),
    ("GET", "/api/status"),
    ("GET", "/api/health"),
]
ORDER = {
    "orderDate": "2026-11-20T08:00:00Z",
    "consumer": {},
    "orderLineItems": [{"quantity": 1, "article": {"tenantArticleId": "A", "title": "Article"}}],
}


class Target(NamedTuple):
    """The server under fire."""

    url: str
    headers: dict[str, str]
    schema: Any


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """A server on a fresh SQLite file, and its description as it serves it."""
    folder = tmp_path_factory.mktemp("fuzz")
    database = f"sqlite:///{folder}/opendoms.db"
    with Server(database, folder / "server.log") as server:
        headers = {"Authorization": f"Bearer {token(database)}"}
        # Or else every order record is refused before anybody looks at it.
        switch = f"{server.url}/api/configurations/orderrecords"
        httpx.put(switch, json={"version": 0, "isOrderRecordsEnabled": True}, headers=headers).raise_for_status()
        schema = schemathesis.openapi.from_url(f"{server.url}/openapi.json")
        yield Target(server.url, headers, schema)
        assert "Traceback" not in (folder / "server.log").read_text()


@pytest.fixture(scope="module")
def accepted_by_contract(request: pytest.FixtureRequest) -> dict[str, Any] | None:
    """A validator per body type, of the contract as it stands; None where the contract is absent."""
    try:
        contract: Path = request.getfixturevalue("contract")
    except pytest.skip.Exception:
        return None
    return RequestSchemas(contract, tuple(BODIES.values())).as_it_stands


@pytest.fixture
def ids(target: Target) -> dict[str, str]:
    """The path parameters of a fresh order and its line."""
    order = httpx.post(f"{target.url}/api/orders", json=ORDER, headers=target.headers).json()
    return {"orderId": order["id"], "orderLineItemId": order["orderLineItems"][0]["id"]}


@pytest.mark.slow
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["fitting", "broken"])
@pytest.mark.parametrize("operation", OPERATIONS, ids=" ".join)
def test_whatever_is_sent_is_answered_as_described(
    target: Target,
    ids: dict[str, str],
    accepted_by_contract: dict[str, Any] | None,
    operation: tuple[str, str],
    mode: GenerationMode,
) -> None:
    """Fitting and broken requests alike; an accepted body is one that the contract accepts."""
    method, path = operation
    described = target.schema[path][method]
    if mode is GenerationMode.NEGATIVE and not (described.body or described.query or described.path_parameters):
        pytest.skip("this operation takes nothing that could be broken")

    statuses: Counter[int] = Counter()

    @hypothesis.settings(
        max_examples=LARGE.get(operation, EXAMPLES),
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        deadline=None,
    )
    @hypothesis.given(case=described.as_strategy(generation_mode=mode))
    def fire(case: Any) -> None:
        if case.path_parameters and mode is GenerationMode.POSITIVE:
            case.path_parameters |= ids
            if isinstance(case.body, dict):
                stored = httpx.get(f"{target.url}/api/orders/{ids['orderId']}", headers=target.headers)
                case.body["version"] = stored.json()["version"]
        answer = case.call(base_url=target.url, headers=target.headers)
        case.validate_response(answer, checks=CHECKS)
        statuses[answer.status_code] += 1
        if accepted_by_contract is not None and operation in BODIES and answer.status_code < 300:
            assert accepted_by_contract[BODIES[operation]].is_valid(case.body)

    fire()
    # Or else the bodies never came past the first check.
    assert (mode is GenerationMode.NEGATIVE) or sum(statuses[status] for status in (200, 201, 404, 409)) > 0, statuses
    print(operation, mode, dict(statuses))  # noqa: T201 - shown with -s
