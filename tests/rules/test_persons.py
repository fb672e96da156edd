"""What stays of orders and order records without their persons: every member is declared, and nothing else stays."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendoms.kernel.personal import ANONYMIZED, Each, Fate, Members, paths_of, without_persons
from opendoms.orders.persons import ORDER_DETAIL_MEMBERS, ORDER_MEMBERS
from opendoms.orders.wire.order import Order
from opendoms.orders.wire.update import OrderUpdateDetail
from opendoms.records.persons import ORDER_RECORD_MEMBERS
from opendoms.records.wire.record import OrderRecord

SUBJECTS: dict[str, tuple[type[msgspec.Struct], Members]] = {
    "order": (Order, ORDER_MEMBERS),
    "edit of an order": (OrderUpdateDetail, ORDER_DETAIL_MEMBERS),
    "order record": (OrderRecord, ORDER_RECORD_MEMBERS),
}
# Only what an edit has changed is told beside the events of an order.
NOT_TOLD = {"created", "user", "comment"}


def structs(annotation: Any) -> Iterator[type[msgspec.Struct]]:
    """The structs that an annotation names, in lists and alternatives as well."""
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        yield annotation
    elif isinstance(annotation, types.UnionType) or typing.get_origin(annotation) is not None:
        arguments = typing.get_args(annotation)
        for inner in arguments[:1] if typing.get_origin(annotation) is Annotated else arguments:
            yield from structs(inner)


def undeclared(struct: type[msgspec.Struct], members: Members, path: str, seen: set[Any]) -> Iterator[str]:
    """Where a map and the types beneath a struct do not agree."""
    if (struct, id(members)) in seen:
        return
    seen.add((struct, id(members)))
    hints = typing.get_type_hints(struct, include_extras=True)
    fields = {field.encode_name: hints[field.name] for field in msgspec.structs.fields(struct)}
    for name in fields.keys() - members.keys():
        yield f"{path}{name} is not declared"
    for name in fields.keys() & members.keys():
        fate = members[name]
        inner = list(structs(fields[name]))
        if isinstance(fate, Fate):
            if inner and fate is not Fate.GOES:
                yield f"{path}{name} is an object: say what becomes of its members"
            continue
        within = fate.members if isinstance(fate, Each) else fate
        if not inner:
            yield f"{path}{name} is no object"
        for one in inner:
            yield from undeclared(one, within, f"{path}{name}.", seen)


@pytest.mark.parametrize("name", SUBJECTS)
def test_every_member_of_the_types_is_declared(name: str) -> None:
    """A member of a wire type that the map does not name, or an object that stays unexamined, is a fault."""
    struct, members = SUBJECTS[name]
    faults = [fault for fault in undeclared(struct, members, "", set()) if name != "edit of an order" or told_of(fault)]
    assert faults == []


def told_of(fault: str) -> bool:
    """Whether a fault is about what an edit tells."""
    return fault.partition(" ")[0] not in NOT_TOLD


def test_the_comparison_finds_what_is_missing() -> None:
    """The test above would see a member that is forgotten, at any depth."""
    without_consumer: Members = {name: fate for name, fate in ORDER_MEMBERS.items() if name != "consumer"}
    assert list(undeclared(Order, without_consumer, "", set())) == ["consumer is not declared"]
    unexamined: Members = {**ORDER_MEMBERS, "consumer": Fate.STAYS}
    assert "consumer is an object: say what becomes of its members" in undeclared(Order, unexamined, "", set())
    shallow: Members = {
        **ORDER_RECORD_MEMBERS,
        "consumer": {"consumerId": Fate.GOES, "email": Fate.GOES, "addresses": Each({})},
    }
    assert "consumer.addresses.lastName is not declared" in undeclared(OrderRecord, shallow, "", set())


def test_no_map_names_what_the_types_do_not_have() -> None:
    """A member that is gone from the types is gone from the maps."""

    def names(struct: type[msgspec.Struct], members: Members, seen: set[Any]) -> Iterator[str]:
        if (struct, id(members)) in seen:
            return
        seen.add((struct, id(members)))
        hints = typing.get_type_hints(struct, include_extras=True)
        fields = {field.encode_name: hints[field.name] for field in msgspec.structs.fields(struct)}
        yield from (f"{struct.__name__}.{name}" for name in members.keys() - fields.keys())
        for name in members.keys() & fields.keys():
            fate = members[name]
            if not isinstance(fate, Fate):
                for inner in structs(fields[name]):
                    yield from names(inner, fate.members if isinstance(fate, Each) else fate, seen)

    # The lines of an edit and the services of a stored order have ids, the older forms of both do not.
    assert set(names(Order, ORDER_MEMBERS, set())) == set()
    assert set(names(OrderRecord, ORDER_RECORD_MEMBERS, set())) == set()


def test_addresses_keep_their_country_and_nothing_of_the_person() -> None:
    """Texts become one word, ids and ways to reach somebody go, and so does what the API does not name (D17, D28)."""
    consumer = {
        "consumerId": "c-1",
        "email": "ada@example.com",
        "facilityRef": "f-1",
        "loyaltyCard": "4711",
        "customAttributes": {"born": "1815"},
        "addresses": [
            {
                "firstName": "Ada",
                "street": "Main",
                "city": "Cologne",
                "postalCode": "50667",
                "country": "DE",
                "addressType": "POSTAL_ADDRESS",
                "phoneNumbers": [{"type": "PHONE", "value": "1"}],
                "coordinates": {"lat": 1.0, "lon": 2.0},
                "shoeSize": 43,
            },
            "no address",
        ],
    }
    assert without_persons({"consumer": consumer}, ORDER_MEMBERS)["consumer"] == {
        "facilityRef": "f-1",
        "addresses": [
            {
                "firstName": ANONYMIZED,
                "street": ANONYMIZED,
                "city": ANONYMIZED,
                "postalCode": ANONYMIZED,
                "country": "DE",
                "addressType": "POSTAL_ADDRESS",
            }
        ],
    }


def test_a_country_that_is_no_code_is_text() -> None:
    """Tills write anything: only a code of two or three letters stays."""
    addresses = [{"country": country} for country in ("DE", "deu", "Ada lives here", 7, None)]
    after = without_persons({"consumer": {"addresses": addresses}}, ORDER_RECORD_MEMBERS)
    shown = [address["country"] for address in after["consumer"]["addresses"]]
    assert shown == ["DE", "deu", ANONYMIZED, ANONYMIZED, None]


def test_staff_stay_where_the_tenant_keeps_the_names_of_those_who_acted() -> None:
    """Who edited and who sat at the till follows the configuration; the comment goes in any case."""
    order = {"updateDetails": [{"created": "x", "changes": {}, "user": "Grace", "comment": "rang up"}]}
    record = {"origin": {"type": "POS", "cashierId": "Grace"}}
    assert without_persons(order, ORDER_MEMBERS)["updateDetails"][0]["user"] == ANONYMIZED
    kept = without_persons(order, ORDER_MEMBERS, actors=False)["updateDetails"]
    assert kept == [{"created": "x", "changes": {}, "user": "Grace"}]
    assert without_persons(record, ORDER_RECORD_MEMBERS)["origin"]["cashierId"] == ANONYMIZED
    assert without_persons(record, ORDER_RECORD_MEMBERS, actors=False)["origin"]["cashierId"] == "Grace"


def test_services_within_services_lose_their_answers_at_any_depth() -> None:
    """What is to be engraved goes, however deep the service stands."""
    information = [{"additionalInformationRef": "q", "value": "For Ada"}]
    inner = {
        "id": "3",
        "customServiceDefinition": {"additionalInformation": information},
        "articleItems": [],
        "customServiceItems": [],
    }
    order = {"customServices": [{**inner, "id": "1", "customServiceItems": [{**inner, "customServiceItems": [inner]}]}]}
    after = without_persons(order, ORDER_MEMBERS)
    assert "Ada" not in str(after)
    assert str(after).count("additionalInformationRef") == 3


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["consumer", "addresses", "street", "x"]), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from([*ORDER_MEMBERS, "unknown"]), JSON))
def test_whatever_a_document_holds_it_can_be_done_and_done_again(document: dict[str, Any]) -> None:
    """No document fails, no undeclared member stays, and what was anonymised once is not changed by a second time."""
    once = without_persons(document, ORDER_MEMBERS)
    assert once.keys() <= {path.partition(".")[0].removesuffix("[]") for path, _ in paths_of(ORDER_MEMBERS)}
    assert not once.keys() & {"customAttributes", "stickers", "unknown"}
    assert without_persons(once, ORDER_MEMBERS) == once
