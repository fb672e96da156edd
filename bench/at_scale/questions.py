"""What is asked: the searches that shops, service desks and reports make, each with values that are stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from opendoms.kernel.clock import instant_from, text_of
from opendoms.kernel.decision import Document

_DAY_MS: Final = 86_400_000
NEWEST: Final = [{"orderDate": "DESC"}]

Body = dict[str, Any]


class Question(NamedTuple):
    """One kind of search. `body` makes its request from a stored order; `goal_ms` is what p95 should stay under."""

    name: str
    body: Callable[[Document], Body]
    goal_ms: float | None = None
    repeats: int = 200


def _query(query: Document, **more: Any) -> Body:
    return {"query": query, **more}


def _email(order: Document) -> Document:
    email = order["consumer"]["addresses"][0]["email"]
    return {"consumer": {"addresses": {"contains": {"email": {"eq": email}}}}}


def _place(order: Document) -> Document:
    address = order["consumer"]["addresses"][0]
    on_one = {"city": {"eq": address["city"]}, "lastName": {"eq": address["lastName"]}}
    return {"consumer": {"addresses": {"contains": on_one}}}


def _article(order: Document) -> Document:
    article = order["orderLineItems"][0]["article"]["tenantArticleId"]
    return {"orderLineItems": {"contains": {"article": {"tenantArticleId": {"eq": article}}}}}


def _customer_in_a_week(order: Document) -> Document:
    at = instant_from(order["orderDate"])
    week = {"gte": text_of(at - 4 * _DAY_MS), "lt": text_of(at + 3 * _DAY_MS)}
    return {"tags": {"contains": {"value": {"eq": order["tags"][1]["value"]}}}, "orderDate": week}


def _season_in_a_week(order: Document) -> Document:
    at = instant_from(order["orderDate"])
    week = {"gte": text_of(at - 4 * _DAY_MS), "lt": text_of(at + 3 * _DAY_MS)}
    return {"tags": {"contains": {"value": {"eq": order["tags"][0]["value"]}}}, "orderDate": week}


def _basket(order: Document) -> Document:
    return {"customAttributes": {"basket": {"eq": order["customAttributes"]["basket"]}}}


def _campaign(order: Document) -> Document:
    return {"customAttributes": {"campaign": {"eq": order["customAttributes"]["campaign"]}}}


OPEN: Final = {"status": {"eq": "OPEN"}}

QUESTIONS: Final = (
    Question("tenantOrderId eq", lambda order: _query({"tenantOrderId": {"eq": order["tenantOrderId"]}}), 10),
    Question("consumer address email eq", lambda order: _query(_email(order)), 10),
    Question("address city and lastName on one element", lambda order: _query(_place(order)), 20),
    Question("line tenantArticleId eq", lambda order: _query(_article(order)), 20),
    Question("rare tag value eq, one week of orderDate", lambda order: _query(_customer_in_a_week(order)), 10),
    Question("common tag value eq, one week of orderDate", lambda order: _query(_season_in_a_week(order)), 20),
    Question("status eq, newest first, first page", lambda _: _query(OPEN, sort=NEWEST), 20),
    Question("custom attribute eq, rare", lambda order: _query(_basket(order)), 10),
    Question("custom attribute eq, 1 of 1,000", lambda order: _query(_campaign(order)), 20),
    Question("or: email, custom attribute", lambda order: _query({"or": [_email(order), _basket(order)]}), 10),
    Question("or: email, city and lastName", lambda order: _query({"or": [_email(order), _place(order)]}), 20),
    Question("notEq: status", lambda _: _query({"status": {"notEq": "OPEN"}}), 20),
    Question("notEq that most match: campaign", lambda order: _query(_not_in(order)), 20),
    Question("everything, newest first", lambda _: _query({}), 20),
    Question("status eq, sorted by status", lambda _: _query(OPEN, sort=[{"status": "ASC"}]), 20),
)


def _not_in(order: Document) -> Document:
    return {"customAttributes": {"campaign": {"notEq": order["customAttributes"]["campaign"]}}}


# A filter that 2 of 7 orders match: about 286,000 of 1,000,000, with its total.
COUNTED: Final = Question(
    "withTotal: a filter that 286,000 match",
    lambda _: _query({"customAttributes": {"channel": {"eq": "app"}}}, options={"withTotal": True}),
    None,
    20,
)
