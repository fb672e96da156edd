"""The description tells the truth: bodies that a generator makes from it alone are accepted."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opendoms.kernel.refusal import Invalid
from opendoms.web.body import BodyDecoder
from opendoms.web.routing import Route

# Making a whole order takes half a second.
EXAMPLES = min(40, settings().max_examples // 10)


def without_points(value: Any) -> Any:
    """The same JSON with whole numbers written as such: JSON Schema takes 1.0 for an integer, the hub does not."""
    match value:
        case float() if value.is_integer():
            return int(value)
        case dict():
            return {name: without_points(inner) for name, inner in value.items()}
        case list():
            return [without_points(inner) for inner in value]
        case _:
            return value


def faults(body_type: type, body: Any) -> set[str]:
    """What the hub finds wrong with a body, without the places."""
    try:
        BodyDecoder(body_type).decode(msgspec.json.encode(body))
    except Invalid as refused:
        return {fault.summary.partition(": ")[2] for fault in refused.faults}
    return set()


@pytest.fixture(
    scope="module",
    params=["POST /api/orders", "PATCH /api/orders/{orderId}", "PUT /api/configurations/ordermodification"],
)
def generated(
    request: pytest.FixtureRequest, description: dict[str, Any], routes: list[Route]
) -> tuple[type, st.SearchStrategy[Any]]:
    """The type of an operation's body, and what a generator makes from the description of it."""
    (route,) = [route for route in routes if f"{route.method} {route.path}" == request.param]
    schema = schemathesis.openapi.from_dict(description)
    operation = schema[route.path][route.method]
    return route.body, operation.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE)


@pytest.mark.slow
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_the_description_allows_is_accepted(
    generated: tuple[type, st.SearchStrategy[Any]], data: st.DataObject
) -> None:
    """A body made from the description is accepted, unless its timestamps leave the calendar when turned to UTC."""
    body_type, strategy = generated
    body = without_points(data.draw(strategy).body)
    assert faults(body_type, body) <= {"lies outside the years 0001 to 9999 in UTC"}
