"""Timestamps: any offset and any number of digits come in, one form goes out."""

from __future__ import annotations

import copy
import datetime
from typing import Annotated

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendoms.kernel.clock import INSTANT_MAX, INSTANT_MIN, instant_of, text_of
from opendoms.kernel.refusal import Fault
from opendoms.orders.wire import OrderForCreation, OrderForUpdate, StrippedOrders
from opendoms.web.canonical import canonical_of
from opendoms.web.wire_types import Timestamp, Wire
from tests.api_description.documents import CREATION, UPDATE, Json


class Leaf(Wire, frozen=True, gc=False):
    """A struct with timestamps in every kind of place."""

    at: Timestamp | msgspec.UnsetType | None = msgspec.UNSET
    several: tuple[Timestamp, ...] | msgspec.UnsetType = msgspec.UNSET
    below: tuple[Leaf, ...] | msgspec.UnsetType = msgspec.UNSET
    only: Leaf | msgspec.UnsetType | None = msgspec.UNSET
    text: str | msgspec.UnsetType = msgspec.UNSET


class Cat(Wire, frozen=True, gc=False, tag_field="kind", tag="CAT"):
    """One shape of a union."""

    born: Timestamp


class Dog(Wire, frozen=True, gc=False, tag_field="kind", tag="DOG"):
    """Another shape, where a member of the same name is a text."""

    born: str


class Stable(Wire, frozen=True, gc=False):
    """Holds a union of shapes."""

    animals: tuple[Cat | Dog, ...]


class Untold(Wire, frozen=True, gc=False):
    """A timestamp where the walk does not look."""

    by_name: dict[str, Timestamp]


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("2024-05-01T12:00:00.123Z", "2024-05-01T12:00:00.123Z"),
        ("2024-05-01T12:00:00Z", "2024-05-01T12:00:00.000Z"),
        ("2024-05-01t12:00:00.5z", "2024-05-01T12:00:00.500Z"),
        ("2024-05-01T12:00:00.1239Z", "2024-05-01T12:00:00.123Z"),
        ("2024-05-01T12:00:00.9999999999999Z", "2024-05-01T12:00:00.999Z"),
        ("2024-05-01T12:00:00+00:00", "2024-05-01T12:00:00.000Z"),
        ("2024-05-01T12:00:00-00:00", "2024-05-01T12:00:00.000Z"),
        ("2024-05-01T12:00:00.75+02:00", "2024-05-01T10:00:00.750Z"),
        ("2024-02-28T23:30:00-01:00", "2024-02-29T00:30:00.000Z"),
        ("2024-05-01T00:00:00+23:59", "2024-04-30T00:01:00.000Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"),
        ("9999-12-31T23:59:59.999+00:01", "9999-12-31T23:58:59.999Z"),
    ],
)
def test_a_timestamp_is_shown_in_utc_with_milliseconds(given_text: str, expected: str) -> None:
    """Offsets are worked in, finer parts are cut off and never rounded, and the form is always the same."""
    document = {"at": given_text}
    msgspec.convert(document, Leaf)
    assert canonical_of(Leaf)(document) == []
    assert document == {"at": expected}


@pytest.mark.parametrize("text", ["2024-05-01 12:00:00Z", "2024-05-01T12:00:00+0200"])
def test_what_the_decoder_takes_but_rfc_3339_does_not_is_a_fault(text: str) -> None:
    """A blank for the T, or an offset without its colon, is refused by name and left as it was."""
    document = {"only": {"several": [text]}}
    msgspec.convert(document, Leaf)
    (fault,) = canonical_of(Leaf)(document)
    assert fault.summary.startswith("only.several[0]: expected a date and time with T and an offset")
    assert document == {"only": {"several": [text]}}


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-00:01"])
def test_an_instant_outside_the_calendar_is_a_fault(text: str) -> None:
    """Turned to UTC, some instants leave the years that can be shown; that is refused, not a crash."""
    document = {"below": [{}, {"at": text}]}
    assert canonical_of(Leaf)(document) == [Fault("below[1].at: lies outside the years 0001 to 9999 in UTC")]
    assert document == {"below": [{}, {"at": text}]}


def test_every_place_is_found_and_no_other() -> None:
    """Lists, optional members, null and structs within themselves are walked; other members are left alone."""
    text, canonical = "2024-05-01T12:00:00+01:00", "2024-05-01T11:00:00.000Z"
    leaf = {"at": text, "several": [text, text], "text": text, "unknown": text}
    expected_leaf = {"at": canonical, "several": [canonical, canonical], "text": text, "unknown": text}
    document = {**leaf, "below": [{**leaf, "only": copy.deepcopy(leaf)}, {"at": None}], "only": None}
    assert canonical_of(Leaf)(document) == []
    assert document == {
        **expected_leaf,
        "below": [{**expected_leaf, "only": expected_leaf}, {"at": None}],
        "only": None,
    }


def test_a_union_is_walked_by_its_tag() -> None:
    """Where shapes differ by a tag, only the timestamps of the shape at hand are touched."""
    text = "2024-05-01T12:00:00Z"
    document = {"animals": [{"kind": "CAT", "born": text}, {"kind": "DOG", "born": text}]}
    msgspec.convert(document, Stable)
    assert canonical_of(Stable)(document) == []
    assert document == {"animals": [{"kind": "CAT", "born": "2024-05-01T12:00:00.000Z"}, {"kind": "DOG", "born": text}]}


def test_a_type_whose_timestamps_would_be_missed_cannot_be_used() -> None:
    """A timestamp in a place that is not walked is found when the type is prepared, not when it is stored wrongly."""
    with pytest.raises(TypeError, match="are not found"):
        canonical_of(Untold)


def test_a_type_without_timestamps_costs_nothing() -> None:
    """Nothing is walked, whatever the document holds."""
    document = {"name": "2024-05-01T12:00:00Z"}
    assert canonical_of(Annotated[dict[str, str], msgspec.Meta(min_length=1)])(document) == []
    assert document == {"name": "2024-05-01T12:00:00Z"}


def test_the_timestamps_of_an_order_are_all_canonical() -> None:
    """Exactly the eight timestamps of a full order, and the one of an edit, are rewritten."""
    created, updated = copy.deepcopy(CREATION), copy.deepcopy(UPDATE)
    assert canonical_of(OrderForCreation)(created) == []
    assert canonical_of(OrderForUpdate)(updated) == []
    preferences = created["deliveryPreferences"]
    assert created["orderDate"] == "2024-05-01T10:00:00.123Z"
    assert created["promisesOptions"]["validUntil"] == "2024-05-01T13:00:00.000Z"
    assert preferences["collect"][0]["provisioningTime"] == "2024-05-02T12:00:00.000Z"
    assert preferences["shipping"]["desiredDeliveryTime"] == "2024-05-03T12:00:00.000Z"
    assert preferences["reservationPreferences"]["reservationTime"] == "2024-05-02T08:00:00.000Z"
    assert preferences["estimatedDeliveryDate"] == "2024-05-04T05:00:00.000Z"
    assert preferences["targetTime"] == "2024-05-03T12:00:00.000Z"
    assert updated["preferredHandlingTime"] == "2024-05-03T12:00:00.000Z"
    for document, original in ((created, CREATION), (updated, UPDATE)):
        for name in set(original) - {"orderDate", "promisesOptions", "deliveryPreferences", "preferredHandlingTime"}:
            assert document[name] == original[name]


def test_a_list_answered_by_the_hub_is_canonical_already() -> None:
    """What is canonical stays the same object: the common case is not rewritten."""
    text = "2024-05-01T12:00:00.000Z"
    document: Json = {"orders": [{"orderDate": text}], "total": 1}
    assert canonical_of(StrippedOrders)(document) == []
    assert document["orders"][0]["orderDate"] is text


@given(
    st.datetimes(
        timezones=st.timezones()
        | st.integers(-1439, 1439).map(lambda m: datetime.timezone(datetime.timedelta(minutes=m)))
    ),
    st.sampled_from((".", ".1", ".123456789", "")),
    st.sampled_from("Tt"),
)
def test_the_instant_never_changes(moment: datetime.datetime, fraction: str, between: str) -> None:
    """Whatever the decoder accepts keeps its instant, to the millisecond, or is named as outside the calendar."""
    offset = moment.isoformat(timespec="seconds")[19:]
    if len(offset) != len("+00:00"):
        return  # offsets of historic zones have seconds, which RFC 3339 has not
    digits = fraction.strip(".")
    text = moment.strftime(f"%Y-%m-%d{between}%H:%M:%S").rjust(19, "0") + (f".{digits}" if digits else "") + offset
    document = {"at": text}
    msgspec.convert(document, Leaf)
    faults = canonical_of(Leaf)(document)
    instant = instant_of(moment.replace(microsecond=0)) + int((digits + "000")[:3])
    if INSTANT_MIN <= instant <= INSTANT_MAX:
        assert faults == []
        assert document == {"at": text_of(instant)}
    else:
        assert len(faults) == 1
        assert document == {"at": text}
