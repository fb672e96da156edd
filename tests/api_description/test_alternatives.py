"""Members that stand for each other: at least one, or exactly one, must be there."""

from __future__ import annotations

import copy
from typing import ClassVar

import msgspec
import pytest

from opendoms.kernel.refusal import Fault
from opendoms.orders.wire import OrderForCreation, OrderForUpdate
from opendoms.web.alternatives import alternatives_of, check_alternatives
from opendoms.web.wire_types import Wire
from tests.api_description.documents import CREATION, UPDATE, Json


class Choice(Wire, frozen=True, gc=False):
    """A struct with both rules, which may hold itself."""

    AT_LEAST_ONE: ClassVar[tuple[str, ...]] = ("first_name", "last_name")
    EXACTLY_ONE: ClassVar[tuple[str, ...]] = ("by_id", "by_key")

    first_name: str | msgspec.UnsetType = msgspec.UNSET
    last_name: str | msgspec.UnsetType = msgspec.UNSET
    by_id: str | msgspec.UnsetType | None = msgspec.UNSET
    by_key: str | msgspec.UnsetType = msgspec.UNSET
    inner: Choice | msgspec.UnsetType | None = msgspec.UNSET


class Plain(Wire, frozen=True, gc=False):
    """A struct without rules."""

    name: str


class Mixed(Wire, frozen=True, gc=False):
    """A rule within a mapping, where it would not be checked."""

    by_name: dict[str, Choice]


def found(document: Json, type_: type = OrderForCreation) -> tuple[Fault, ...]:
    """The faults of a body that is sound otherwise."""
    return check_alternatives(type_)(msgspec.convert(document, type_))


def order_with(**members: Json) -> Json:
    """A full order with some members replaced."""
    return {**copy.deepcopy(CREATION), **members}


def test_a_sound_order_has_no_fault() -> None:
    """The full bodies keep all rules."""
    assert found(CREATION) == ()
    assert found(UPDATE, OrderForUpdate) == ()


@pytest.mark.parametrize(
    ("source", "faults"),
    [
        ({"sourceRef": "a"}, ()),
        ({"tenantSourceId": "a"}, ()),
        ({}, (Fault("source: sourceRef or tenantSourceId is required"),)),
        (
            {"sourceRef": "a", "tenantSourceId": "b"},
            (Fault("source: only one of sourceRef and tenantSourceId is allowed"),),
        ),
    ],
)
def test_a_source_is_named_by_exactly_one_id(source: Json, faults: tuple[Fault, ...]) -> None:
    """Neither id and both ids are refused."""
    assert found(order_with(source=source)) == faults


def test_facilities_are_named_by_at_least_one_id_wherever_they_stand() -> None:
    """The place of collection, those that supply it and those preselected are each found, with their path."""
    deliveries = [{"deliveryTarget": "SHIP_TO_STORE", "deliveryTrigger": "DEFAULT"}]
    suppliers = [{"tenantFacilityId": "x", "deliveryEvents": deliveries}, {"deliveryEvents": deliveries}]
    preferences = {
        "collect": [{"supplyingFacilitiesConfigurations": suppliers}],
        "shipping": {"preselectedFacilities": [{"facilityRef": "a", "tenantFacilityId": "b"}, {}, {}]},
    }
    assert found(order_with(deliveryPreferences=preferences)) == (
        Fault("deliveryPreferences.collect[0]: facilityRef or tenantFacilityId is required"),
        Fault(
            "deliveryPreferences.collect[0].supplyingFacilitiesConfigurations[1]: "
            "facilityRef or tenantFacilityId is required"
        ),
        Fault("deliveryPreferences.shipping.preselectedFacilities[1]: facilityRef or tenantFacilityId is required"),
        Fault("deliveryPreferences.shipping.preselectedFacilities[2]: facilityRef or tenantFacilityId is required"),
    )


def test_a_struct_within_itself_is_walked_to_the_end() -> None:
    """Both rules hold at every depth, the body itself is named as such, and null counts as given."""
    document = {"firstName": "a", "byId": None, "inner": {"lastName": "b", "byKey": "k", "inner": {"inner": None}}}
    assert found(document, Choice) == (
        Fault("inner.inner: firstName or lastName is required"),
        Fault("inner.inner: byId or byKey is required"),
    )
    assert found({}, Choice) == (
        Fault("the body: firstName or lastName is required"),
        Fault("the body: byId or byKey is required"),
    )


def test_a_type_without_rules_has_no_faults() -> None:
    """Nothing is walked where nothing is declared."""
    assert found({"name": ""}, Plain) == ()
    assert alternatives_of(Plain, "AT_LEAST_ONE") == ()


def test_a_rule_that_would_not_be_checked_cannot_be_declared() -> None:
    """A rule in a place that is not walked is found when the type is prepared."""
    with pytest.raises(TypeError, match="not walked"):
        check_alternatives(Mixed)
