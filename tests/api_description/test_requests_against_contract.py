"""Request bodies: the hub and the contract agree, up to the differences that are named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opendoms.configuration.wire import OrderModificationConfiguration
from opendoms.kernel.refusal import Invalid
from opendoms.orders.wire import OrderForCreation, OrderForUpdate
from opendoms.records.wire import OrderRecordForCreation
from opendoms.web.body import BodyDecoder
from tests.api_description.contract_schemas import NARROWER, RequestSchemas
from tests.api_description.documents import CONFIGURATION, CREATION, RECORD, UPDATE, changed

# An example takes some milliseconds.
EXAMPLES = 4 * settings().max_examples
BODIES: dict[str, tuple[type, Any]] = {
    "OrderForCreation": (OrderForCreation, CREATION),
    "OrderForUpdate": (OrderForUpdate, UPDATE),
    "OrderModificationConfiguration": (OrderModificationConfiguration, CONFIGURATION),
}
# Bodies whose parts are mostly those of orders again: one search for both directions says as much.
MORE_BODIES: dict[str, tuple[type, Any]] = {"OrderRecordForCreation": (OrderRecordForCreation, RECORD)}
DECODERS = {name: BodyDecoder(type_) for name, (type_, _) in (BODIES | MORE_BODIES).items()}


def faults(name: str, document: Any) -> list[str]:
    """What the hub finds wrong with the document as a body of this name."""
    try:
        DECODERS[name].decode(msgspec.json.encode(document))
    except Invalid as refused:
        return [fault.summary for fault in refused.faults]
    return []


@pytest.fixture(scope="module")
def schemas(contract: Path) -> RequestSchemas:
    """The contract's request schemas."""
    return RequestSchemas(contract)


@pytest.mark.parametrize("name", BODIES | MORE_BODIES)
def test_a_body_with_every_member_is_accepted_by_both(name: str, schemas: RequestSchemas) -> None:
    """The bodies that the other tests start from use every member, and are sound."""
    document = (BODIES | MORE_BODIES)[name][1]
    assert schemas.as_it_stands[name].is_valid(document)
    assert faults(name, document) == []


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.slow
@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_what_the_hub_accepts_the_contract_accepts(name: str, schemas: RequestSchemas, data: st.DataObject) -> None:
    """No change to a sound body is let through that the contract's own schema refuses."""
    document = data.draw(changed(BODIES[name][1]))
    if not faults(name, document):
        assert list(schemas.as_it_stands[name].iter_errors(document)) == []


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.slow
@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_the_hub_refuses_only_what_it_says(name: str, schemas: RequestSchemas, data: st.DataObject) -> None:
    """A change that the contract with the named differences lets through is let through."""
    document = data.draw(changed(BODIES[name][1]))
    if schemas.narrower[name].is_valid(document):
        assert faults(name, document) == []


@pytest.mark.parametrize("name", MORE_BODIES)
@pytest.mark.slow
@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_hub_and_contract_agree_on_further_bodies(name: str, schemas: RequestSchemas, data: st.DataObject) -> None:
    """What the hub accepts the contract accepts, and what the contract with the named differences accepts, the hub."""
    document = data.draw(changed(MORE_BODIES[name][1]))
    if not faults(name, document):
        assert list(schemas.as_it_stands[name].iter_errors(document)) == []
    else:
        assert not schemas.narrower[name].is_valid(document)


@pytest.mark.parametrize("place", NARROWER)
def test_every_named_difference_names_a_place_and_a_reason(place: str, schemas: RequestSchemas) -> None:
    """The list of differences is kept honest: each says why, in words."""
    reason, rule = NARROWER[place]
    assert len(reason.split()) > 2
    assert rule


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("0000-05-01T12:00:00Z", id="the year 0, which Python cannot hold"),
        pytest.param("1998-12-31T23:59:60Z", id="a leap second"),
        pytest.param("0001-01-01T00:00:00+00:01", id="before the year 1 in UTC"),
        pytest.param("9999-12-31T23:59:59-00:01", id="after the year 9999 in UTC"),
    ],
)
def test_timestamps_that_only_the_contract_accepts(text: str, schemas: RequestSchemas) -> None:
    """Four kinds of instants are sound RFC 3339 but cannot be shown, and are refused by name."""
    document = {**CREATION, "orderDate": text}
    assert schemas.as_it_stands["OrderForCreation"].is_valid(document)
    with pytest.raises(Invalid) as refused:
        DECODERS["OrderForCreation"].decode(msgspec.json.encode(document))
    assert [fault.summary.partition(":")[0] for fault in refused.value.faults] == ["orderDate"]
