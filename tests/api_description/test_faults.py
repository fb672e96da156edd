"""Every fault of a refused body, each with its path and what was expected, and nothing that people wrote."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path

import jsonschema_rs
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opendoms.configuration.wire import OrderModificationConfiguration
from opendoms.kernel.refusal import Fault
from opendoms.orders.wire import OrderForCreation, OrderForUpdate
from opendoms.web.faults import FAULTS_MAX, faults_of
from tests.api_description.contract_schemas import RequestSchemas
from tests.api_description.documents import CREATION, LINE, UPDATE, VALUES, Json, changed

LEAST: Json = {
    "orderDate": "2024-05-01T12:00:00Z",
    "consumer": {},
    "orderLineItems": [{"article": {"tenantArticleId": "1", "title": "t"}, "quantity": 1}],
}
INTEGERS = ("quantity", "priority", "version", "secondaryQuantity")


def summaries(body: bytes | Json, type_: type = OrderForCreation) -> list[str]:
    """The summaries of a refused body."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return [fault.summary for fault in faults_of(data, type_)]


def line_with(**members: Json) -> Json:
    """The least order, whose one line has these members replaced."""
    return {**LEAST, "orderLineItems": [{**LEAST["orderLineItems"][0], **members}]}


def test_every_fault_is_listed_in_one_answer() -> None:
    """Faults of every kind, at every depth, come together and in the order of the type."""
    body = {
        "orderDate": "2024-05-01T12:00:00",
        "tenantOrderId": "x" * 257,
        "status": "OPNE",
        "consumer": {"email": "nobody", "addresses": [{"street": "", "city": 5, "postalCode": "1", "country": "de"}]},
        "orderLineItems": [
            {"article": {"tenantArticleId": "1", "title": "t"}, "quantity": 0},
            {"article": {"tenantArticleId": "1"}, "quantity": "1"},
            7,
        ],
        "source": {},
        "tags": [],
        "deliveryPreferences": {"collect": [{}]},
        "foo": 1,
    }
    assert faults_of(json.dumps(body).encode(), OrderForCreation) == (
        Fault("orderDate: has no offset from UTC, expected a date and time such as 2024-05-01T12:00:00.000Z"),
        Fault("orderLineItems[0].quantity: expected an integer of at least 1, got 0"),
        Fault("orderLineItems[1].article.title: is required", "Expected a string."),
        Fault("orderLineItems[1].quantity: expected an integer of at least 1, got a string"),
        Fault("orderLineItems[2]: expected an object, got 7"),
        Fault("consumer.addresses[0].street: expected a string of one line, not empty, got an empty one"),
        Fault("consumer.addresses[0].city: expected a string of one line, not empty, got 5"),
        Fault("consumer.addresses[0].country: expected a country code of two capital letters, such as DE"),
        Fault("consumer.email: expected an e-mail address, of at most 254 characters"),
        Fault(
            "tenantOrderId: expected a string without the NUL character, of at most 256 characters, got 257 characters"
        ),
        Fault('status: expected one of CANCELLED, LOCKED, OBSOLETE, OPEN, PROMISED, got "OPNE"', "Did you mean OPEN?"),
        Fault("source: sourceRef or tenantSourceId is required"),
        Fault("deliveryPreferences.collect[0]: facilityRef or tenantFacilityId is required"),
        Fault("tags: expected a list of 1 to 500 entries, got 0 entries"),
        Fault("foo: is not a member here"),
    )


@pytest.mark.parametrize(
    ("body", "summary"),
    [
        (b"", "the body is empty, expected JSON"),
        (b" \n", "the body is empty, expected JSON"),
        (b'{"a": 1', "the body is not JSON: input data was truncated"),
        (b'{"a": 1,}', "the body is not JSON: trailing comma in object (byte 8)"),
        (b'{"a": NaN}', "the body is not JSON: invalid character (byte 6)"),
        (b'{"a": 1}}', "the body is not JSON: trailing characters (byte 9)"),
        (b"\xef\xbb\xbf{}", "the body is not JSON: invalid character (byte 0)"),
        (b'{"a": "\xff"}', "the body is not JSON: it is not UTF-8"),
        (b'{"a": "\\ud800 and on"}', "the body is not JSON: unexpected end of escaped utf-16 surrogate pair (byte 13)"),
        (b"[" * 100_000, "the body nests too deeply"),
        (b'{"a":' * 100_000, "the body nests too deeply"),
        (b'{"a": 1' + b"0" * 5000 + b"}", "the body holds an integer of too many digits"),
        (b"[]", "the body: expected an object, got a list"),
        (b"null", "the body: expected an object, got null"),
        (b"true", "the body: expected an object, got true"),
        (b"1.5", "the body: expected an object, got 1.5"),
        (b'"text"', "the body: expected an object, got a string"),
    ],
)
def test_a_body_that_is_no_json_object_has_one_clear_fault(body: bytes, summary: str) -> None:
    """What is wrong with the whole is said once, with the place where the parser stopped."""
    assert summaries(body) == [summary]


@pytest.mark.parametrize(
    ("value", "got"),
    [
        (0, "0"),
        (-5, "-5"),
        (2**63, "9223372036854775808"),
        (10**300, "one of more than 64 bits"),
        (1.0, "1.0"),
        (0.5, "0.5"),
        (None, "null"),
        (True, "true"),
        ([], "a list"),
        ({}, "an empty object"),
        ({"a": 1}, "an object"),
        ("1", "a string"),
    ],
)
def test_what_was_found_is_told_where_it_is_no_text(value: Json, got: str) -> None:
    """Numbers and kinds of values are repeated; an integer is written without a point."""
    assert summaries(line_with(quantity=value)) == [
        f"orderLineItems[0].quantity: expected an integer of at least 1, got {got}"
    ]


def test_a_count_in_an_edit_may_have_a_point_but_no_fraction() -> None:
    """2.0 pieces are 2; 2.5 are refused."""
    update = {"version": 1, "orderLineItems": [{"quantity": 2.5}, {"quantity": 2.0}]}
    assert summaries(update, OrderForUpdate) == [
        "orderLineItems[0].quantity: expected an integer of at least 1, got 2.5"
    ]


def test_numbers_that_are_too_large_are_named_wherever_they_are() -> None:
    """A number beyond a double is refused in named and in free members, each once, beside other faults."""
    body = json.dumps({**line_with(shopPrice=123_456, quantity=0), "customAttributes": {"a": [{"b c": 123_456}]}})
    assert summaries(body.replace("123456", "1e400").encode()) == [
        "orderLineItems[0].quantity: expected an integer of at least 1, got 0",
        "orderLineItems[0].shopPrice: the number is too large",
        'customAttributes.a[0]["b c"]: the number is too large',
    ]


def test_a_misspelt_member_is_named_with_the_one_that_was_meant() -> None:
    """Closed objects name what they do not know; a near miss gets a hint, an odd name is quoted and cut."""
    body = {**LEAST, "orderLineItem": 1, "two words": 1, "n\u0000l": 1, "x" * 100: 1, "": 1}
    assert faults_of(json.dumps(body).encode(), OrderForCreation) == (
        Fault("orderLineItem: is not a member here", "Did you mean orderLineItems?"),
        Fault('["two words"]: is not a member here'),
        Fault('["n\\u0000l"]: is not a member here'),
        Fault(f'["{"x" * 64}…"]: is not a member here'),
        Fault('[""]: is not a member here'),
    )


def test_faults_stop_at_a_named_number_and_say_so() -> None:
    """A body that is wrong throughout is answered with the first faults and the word that there are more."""
    wrong = summaries({**LEAST, "orderLineItems": [5] * 200})
    assert len(wrong) == FAULTS_MAX + 1
    assert wrong[0] == "orderLineItems[0]: expected an object, got 5"
    assert wrong[FAULTS_MAX - 1] == f"orderLineItems[{FAULTS_MAX - 1}]: expected an object, got 5"
    assert wrong[FAULTS_MAX] == "the body has more than 100 faults; these are the first"
    assert len(summaries({**LEAST, "orderLineItems": [5] * 100})) == FAULTS_MAX


def test_the_work_is_bounded_however_much_is_wrong() -> None:
    """Two million wrong entries cost no more faults than a hundred; the walk stops there."""
    body = b'{"orderDate":"2024-05-01T12:00:00Z","consumer":{},"orderLineItems":[' + b"5," * 2_000_000 + b"5]}"
    wrong = summaries(body)
    assert len(wrong) == FAULTS_MAX + 1
    assert wrong[0] == "orderLineItems: expected a list of 1 to 500 entries, got 2000001 entries"


def test_the_last_fault_of_a_large_body_is_found() -> None:
    """Sound parts are passed over whole, so that a fault in the last line is named."""
    body = {**LEAST, "orderLineItems": [copy.deepcopy(LINE) for _ in range(500)]}
    del body["orderLineItems"][499]["article"]["title"]
    assert summaries(body) == ["orderLineItems[499].article.title: is required"]


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("tenantOrderId", "secret-\u0000"),
        ("orderDate", "secret"),
        ("customAttributes", "secret"),
        ("consumer", {"email": "secret @example.com"}),
        (
            "consumer",
            {"addresses": [{"street": "secret\n", "city": "secret\n", "postalCode": "1", "country": "secret"}]},
        ),
        ("consumer", "secret"),
        ("tags", ["secret"]),
        ("paymentInfo", {"methodLocalized": {"de_DE": ["secret"]}}),
        ("stickers", [{"key": "k", "priority": "secret", "nameLocalized": {"de_DE": "secret" * 3}}]),
    ],
)
def test_nothing_that_people_wrote_is_repeated(member: str, value: Json) -> None:
    """Texts of the body appear nowhere, since faults end up in logs and tickets."""
    faults = faults_of(json.dumps({**LEAST, member: value}).encode(), OrderForCreation)
    assert faults
    assert "secret" not in repr(faults)


def test_a_list_of_choices_is_short() -> None:
    """Where one of many values is expected, three are named and the nearest is offered."""
    wrong = {"pricing": {"fees": [{"value": {"value": 1, "currency": "EURO"}}]}}
    (fault,) = faults_of(json.dumps({**LEAST, **wrong}).encode(), OrderForCreation)
    assert fault.summary == (
        'pricing.fees[0].value.currency: expected one of 179 values such as AED, AFN, ALL, got "EURO"'
    )
    assert fault.description == "Did you mean EUR?"


# A path, then what is wrong; or a sentence about the whole.
TOLD = re.compile(r"(the body|[A-Za-z_\[].*): .+|the body [a-z].+", re.DOTALL)


def refused(body: bytes, type_: type) -> bool:
    """Whether the typed decode refuses a body."""
    try:
        msgspec.json.decode(body, type=type_)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return True
    return False


ANY_JSON = st.recursive(
    st.sampled_from(VALUES) | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(list(CREATION)) | st.text(), inner, max_size=4)
    ),
    max_leaves=12,
)


@pytest.mark.slow
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(
        st.binary(max_size=64),
        ANY_JSON.map(lambda value: json.dumps(value).encode()),
        changed(CREATION).map(lambda value: json.dumps(value).encode()),
        changed(LEAST).map(lambda value: json.dumps(value).replace("1", "1e999").encode()),
    ),
    st.sampled_from((OrderForCreation, OrderForUpdate, OrderModificationConfiguration)),
)
def test_whatever_is_refused_has_a_fault_that_says_where(body: bytes, type_: type) -> None:
    """A refused body, however broken, has at least one fault; each says where, or that it is about the whole."""
    if refused(body, type_):
        faults = faults_of(body, type_)
        assert faults
        assert len(set(faults)) == len(faults) <= FAULTS_MAX + 1
        for fault in faults:
            assert TOLD.fullmatch(fault.summary), fault.summary


@pytest.fixture(scope="module")
def schemas(contract: Path) -> RequestSchemas:
    """The contract's request schemas."""
    return RequestSchemas(contract)


def places_of(error: jsonschema_rs.ValidationError) -> list[str]:
    """Where the contract sees a fault, as we write it; none for faults within alternatives."""
    kinds = jsonschema_rs.ValidationErrorKind
    steps: list[str | int] = list(error.instance_path)
    match error.kind:
        case kinds.Required(property=name):
            names = [name]
        case kinds.AdditionalProperties(unexpected=unexpected):
            names = [name for name in unexpected if name.isidentifier()]
        case kinds.AnyOf() | kinds.OneOfNotValid() | kinds.OneOfMultipleValid():
            return []
        case _:
            names = [""]
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).lstrip(".")
    return [f"{path}.{name}".strip(".") for name in names]


@pytest.mark.parametrize(
    ("name", "type_", "document"),
    [("OrderForCreation", OrderForCreation, CREATION), ("OrderForUpdate", OrderForUpdate, UPDATE)],
)
@pytest.mark.slow
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_every_place_that_the_contract_refuses_is_named(
    name: str, type_: type, document: Json, schemas: RequestSchemas, data: st.DataObject
) -> None:
    """No fault that a validator finds with the contract's schema is missing from the list, while it is not full."""
    body = data.draw(changed(document))
    encoded = json.dumps(body).encode()
    if not refused(encoded, type_):
        return
    named = {summary.partition(": ")[0] for summary in summaries(encoded, type_)}
    if len(named) > FAULTS_MAX:
        return
    wanted = {place for error in schemas.as_it_stands[name].iter_errors(body) for place in places_of(error)}
    assert {place for place in wanted if '"' not in place and " " not in place} - {""} <= named
