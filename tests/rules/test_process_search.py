"""What processes are found by, listed by and sorted by."""

from __future__ import annotations

from typing import Any

import pytest

from opendoms.kernel.decision import Document
from opendoms.kernel.refusal import Invalid
from opendoms.processes.rules.listing import search_body
from opendoms.processes.rules.process import process_of
from opendoms.processes.search import PROCESS_LIST, PROCESS_SEARCH, Narrow, check_answerable, narrowed, searched
from opendoms.retention.rules.dates import DEFAULT_POLICY
from opendoms.search.evaluate import matches
from opendoms.search.order import order_of
from tests.rules.orders import LATER, LATER_TEXT, NOW, NOW_TEXT, stored

SHIPPED: Document = stored(
    tenantOrderId="shop-1",
    consumer={
        "consumerId": "c-1",
        "addresses": [
            {"street": "Main", "city": "Cologne", "postalCode": "50667", "country": "DE", "lastName": "Meier"},
            {
                "street": "Rue",
                "city": "Paris",
                "postalCode": "75001",
                "country": "FR",
                "addressType": "INVOICE_ADDRESS",
            },
        ],
    },
    stickers=[{"key": "vip", "nameLocalized": {"en_US": "VIP"}, "priority": 1}],
) | {
    "tags": [{"id": "Channel", "value": "B2B"}],
    "deliveryPreferences": {
        "targetTime": LATER_TEXT,
        "shipping": {
            "serviceLevel": "SAMEDAY",
            "desiredDeliveryTime": NOW_TEXT,
            "preselectedFacilities": [{"facilityRef": "f1"}],
        },
    },
}
PROCESS = searched(process_of(SHIPPED, None, DEFAULT_POLICY.eras, NOW), SHIPPED)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, True),
        ({"processId": {"eq": SHIPPED["processId"]}}, True),
        ({"processId": {"eq": SHIPPED["id"]}}, False),
        ({"orderRef": {"in": [SHIPPED["id"]]}}, True),
        ({"created": {"gte": NOW_TEXT, "lt": LATER_TEXT}}, True),
        ({"status": {"eq": "CREATED"}, "domsStatus": {"notEq": "CANCELED"}}, True),
        ({"operativeStatus": {"in": ["NOT_AVAILABLE"]}, "returnStatus": {"eq": "NOT_AVAILABLE"}}, True),
        ({"inventoryStatus": {"eq": "CREATED"}}, False),
        ({"carrierManagementStatuses": {"eq": "NOT_AVAILABLE"}}, True),
        ({"domainStatuses": {"order": {"contains": {"eq": "CREATED"}}}}, True),
        ({"domainStatuses": {"order": {"contains": {"in": ["PENDING", "STUCK"]}}}}, False),
        ({"domainStatuses": {"picking": {"contains": {"eq": "CREATED"}}}}, False),
        ({"tags": {"contains": {"id": {"eq": "Channel"}, "value": {"eq": "B2B"}}}}, True),
        ({"tags": {"exists": False}}, False),
        ({"facilityRefs": {"contains": {"eq": "f1"}}, "flatRefs": {"contains": {"eq": SHIPPED["id"]}}}, True),
        ({"facilityRefsWithActiveOperations": {"eq": "f1"}}, False),
        ({"pickJobRefs": {"contains": {"eq": "x"}}}, False),
        ({"searchTerm": {"like": "(?i)MEIER"}}, True),
        ({"searchTerm": {"like": "^A-2$"}}, True),
        ({"searchTerm": {"like": "Nobody"}}, False),
        ({"referenced": {"order": {"tenantOrderId": {"like": "^shop"}, "consumerId": {"eq": "c-1"}}}}, True),
        ({"referenced": {"order": {"orderedAmount": {"eq": 7}}}}, True),
        ({"referenced": {"order": {"orderedAmount": {"notIn": [7]}}}}, False),
        ({"referenced": {"order": {"status": {"contains": {"eq": "OPEN"}}}}}, True),
        ({"referenced": {"order": {"orderDate": {"before": "P0D"}}}}, True),
        ({"referenced": {"order": {"desiredDeliveryTime": {"eq": NOW_TEXT}}}}, True),
        ({"referenced": {"order": {"provisioningTime": {"gte": NOW_TEXT}}}}, False),
        ({"referenced": {"consumerAddress": {"country": {"eq": "FR"}}}}, True),
        ({"referenced": {"consumerAddress": {"deliveryCountry": {"eq": "FR"}}}}, False),
        ({"referenced": {"consumerAddress": {"deliveryCountry": {"eq": "DE"}}}}, True),
        ({"referenced": {"serviceLevel": {"contains": {"eq": "SAMEDAY"}}, "serviceType": {"eq": "SHIPPING"}}}, True),
        ({"referenced": {"serviceType": {"eq": "COLLECT"}}}, False),
        ({"referenced": {"sticker": {"name": {"eq": "VIP"}}}}, True),
        ({"referenced": {"targetTime": {"eq": LATER_TEXT}}}, True),
        ({"referenced": {"tenantArticleId": {"in": ["A-2"]}}}, True),
        ({"referenced": {"brand": {"name": {"like": ""}}}}, False),
        ({"referenced": {"carrier": {"name": {"like": ""}}}}, False),
        ({"referenced": {"pickJob": {"shortId": {"like": ""}}}}, False),
        ({"referenced": {"parcel": {"status": {"contains": {"eq": "OPEN"}}}}}, False),
        ({"or": [{"status": {"eq": "ERROR"}}, {"and": [{"status": {"eq": "CREATED"}}]}]}, True),
    ],
)
def test_a_process_is_found_by_what_it_is(query: Document, found: bool) -> None:  # noqa: FBT001 - what the table says
    """By itself and by its order; what this hub has not is not found."""
    assert matches(PROCESS_SEARCH.fields, query, PROCESS, now=LATER) is found


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"status": ["CREATED", "ERROR"]}, True),
        ({"operativeStatus": ["CREATED"]}, False),
        ({"tenantOrderId": "shop-1", "consumerId": "c-1"}, True),
        ({"tenantOrderId": "shop-1", "consumerId": "c-2"}, False),
        ({"tenantOrderId": "shop"}, False),
        ({"startTargetTime": LATER_TEXT, "endTargetTime": LATER_TEXT}, True),
        ({"startTargetTime": "2999-01-01T00:00:00Z"}, False),
        ({"startDate": NOW_TEXT, "endDate": NOW_TEXT}, True),
        ({"endDate": "2000-01-01T00:00:00Z"}, False),
        ({"facilityRefs": ["f0", "f1"]}, True),
        ({"facilityRefs": ["f0"]}, False),
        ({"countries": ["FR"]}, True),
        ({"countries": ["US"]}, False),
        ({"serviceLevels": ["SAMEDAY"], "serviceTypes": ["SHIPPING", "COLLECT"]}, True),
        ({"orderDomainStatus": ["CREATED"]}, True),
        ({"orderDomainStatus": ["CREATED"], "pickingDomainStatus": ["CREATED"]}, False),
        ({"stickers": ["vip"]}, True),
        ({"stickers": ["VIP"]}, False),
        ({"searchTerm": "Cologne|Meier"}, True),
        ({"locked": False, "orderStatus": "OPEN"}, True),
        ({"locked": True}, False),
        ({"locked": True, "orderStatus": "LOCKED"}, False),
        ({"brandRefs": ["b"]}, False),
        ({"trackingStatus": ["TRANSIT"]}, False),
        ({"facilityRefsWithActiveOperations": ["f1"]}, False),
    ],
)
def test_the_parameters_of_the_list_are_a_search(parameters: Document, found: bool) -> None:  # noqa: FBT001 - as above
    """All that are given must hold; of a list, one value."""
    body = search_body({"size": 25, **parameters})
    assert matches(PROCESS_LIST.fields, body["query"], PROCESS, now=LATER) is found
    assert (body["size"], body["options"]) == (25, {"withTotal": True})


@pytest.mark.parametrize(
    ("by", "rank"),
    [
        ("NAME", "Meier"),
        ("ADDRESS", "Cologne 50667 Main"),
        ("STATUS", "CREATED"),
        ("OPERATIVESTATUS", "NOT_AVAILABLE"),
        ("SERVICETYPE", "SHIPPING"),
        ("ORDEREDAMOUNT", 7),
        ("ORDERID", "shop-1"),
    ],
)
def test_the_list_is_sorted_by_what_is_asked_for(by: str, rank: Any) -> None:
    """Each name leads to the value that it says; ascending unless something else is said."""
    body = search_body({"size": 1, "sortBy": by})
    order = order_of(PROCESS_LIST.sorts, body["sort"])
    assert not order.descending
    assert order.position({**PROCESS, "$names": ["Meier"]})[0][1] == rank
    downwards = search_body({"size": 1, "sortBy": by, "sortByDirection": "DESCENDING"})
    assert order_of(PROCESS_LIST.sorts, downwards["sort"]).descending


def test_an_id_or_a_key_narrows_what_is_looked_at() -> None:
    """An `eq` at the top says where to look; one inside of an `or` does not."""
    assert narrowed({"processId": {"eq": "p"}, "status": {"eq": "CREATED"}}) == Narrow("process_id", "p")
    assert narrowed({"orderRef": {"eq": "o"}}) == Narrow("order_id", "o")
    assert narrowed({"referenced": {"order": {"tenantOrderId": {"eq": "t"}}}}) == Narrow("tenant_order_id", "t")
    assert narrowed({"referenced": {"order": {"consumerId": {"eq": "c"}}}}) == Narrow("consumer_id", "c")
    assert narrowed({"processId": {"notEq": "p"}}) == Narrow("all")
    assert narrowed({"or": [{"processId": {"eq": "p"}}, {}]}) == Narrow("all")
    assert narrowed({}) == Narrow("all")


def test_what_cannot_be_answered_is_refused_by_path() -> None:
    """A facility's name and country: that nothing matches would not be true."""
    facility = {"referenced": {"facility": {"name": {"eq": "Shop"}}}}
    with pytest.raises(Invalid) as refused:
        check_answerable({**facility, "or": [{}, {"and": [facility]}]}, [{"referenced": {"facility": {"name": "ASC"}}}])
    assert [fault.summary for fault in refused.value.faults] == [
        "query.referenced.facility: is not possible here",
        "query.or[1].and[0].referenced.facility: is not possible here",
        "sort[0].referenced.facility: is not possible here",
    ]
    with pytest.raises(Invalid, match="facilityCountries: is not possible here"):
        search_body({"size": 1, "facilityCountries": ["DE"]})
    check_answerable({"referenced": {"order": {}}, "and": []}, None)
