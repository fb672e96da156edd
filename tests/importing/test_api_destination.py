"""Imports through the API of a hub: the same results, and patience with a server that is busy."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from opendoms.app import application
from opendoms.identity.issuing import issue_token
from opendoms.importing import destinations
from opendoms.importing.destinations import ApiDestination, Result
from opendoms.importing.journal import Journal, Tally
from opendoms.importing.lines import Line
from opendoms.importing.run import import_file
from opendoms.importing.stopped import Stopped
from tests.importing.conftest import Shop, sale

Respond = Callable[[httpx.Request], httpx.Response]
LINES = [Line(number, 0, json.dumps(sale(number)).encode() + b"\n") for number in (1, 2)]
CREATED: dict[str, Any] = {"summary": {}, "details": [{"status": "CREATED", "orderRecord": {}}] * 2}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pause between repeats."""
    monkeypatch.setattr(destinations, "PAUSE_S_MIN", 0.0)


def hub_that(respond: Respond) -> ApiDestination:
    """A hub that answers like this."""
    return ApiDestination(httpx.AsyncClient(transport=httpx.MockTransport(respond), base_url="http://hub.test"))


def one_after_another(*answers: httpx.Response | Exception) -> tuple[Respond, list[httpx.Request]]:
    """Answers in this order, and the requests that came."""
    waiting: Iterator[httpx.Response | Exception] = iter(answers)
    seen: list[httpx.Request] = []

    def respond(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        answer = next(waiting)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return respond, seen


async def test_a_file_goes_through_the_api_of_a_hub(shop: Shop) -> None:
    """As the work of the token's subject; lines that are no sale at all are told without asking the hub."""
    app = application(shop.hub)
    token = await issue_token(
        shop.hub.db,
        shop.hub.clock,
        subject="till",
        tenant="default",
        roles=[],
        permissions=["ORDER_RECORD_WRITE"],
        expires_s=60,
    )
    source = shop.file(*(sale(number) for number in range(40)), "{", sale(40, facilityRef="nowhere"), sale(3))
    await shop.hub.db.close()  # the application opens it itself, and closes it when it ends
    async with (
        app.pages.router.lifespan_context(app.pages),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://hub.test",
            headers={"authorization": f"Bearer {token}"},
        ) as client,
    ):
        tally = await import_file(source, ApiDestination(client), Journal(source, None, "hub"))
        assert tally == Tally(created=40, unchanged=1, failed=2)
        assert [(told["line"], told["message"].partition(":")[0]) for told in shop.verdicts()] == [
            (41, "the body is not JSON"),
            (42, "facilityRef"),
        ]
        assert await shop.stored() == [(f"sale-{number:04}", 1, "till") for number in range(40)]
    await shop.hub.db.open()


async def test_a_busy_hub_is_asked_again() -> None:
    """After a lost connection, and after answers that ask for patience; the very same request."""
    busy = httpx.Response(503, json=[{"summary": "later"}], headers={"retry-after": "0"})
    lost, limited = httpx.ReadError("lost"), httpx.Response(429, headers={"retry-after": "soon"})
    respond, seen = one_after_another(busy, lost, limited, httpx.Response(200, json=CREATED))
    results = await hub_that(respond).put(LINES)
    assert results == [Result("CREATED"), Result("CREATED")]
    assert len({request.content for request in seen}) == 1
    assert json.loads(seen[0].content) == {"operations": [sale(1), sale(2)]}


async def test_a_hub_that_stays_away_stops_the_import() -> None:
    """After a bounded number of repeats; the line says what was the matter and holds no token."""
    respond, seen = one_after_another(*[httpx.ConnectError("no")] * 20)
    with pytest.raises(Stopped, match=r"^http://hub\.test: cannot be reached \(ConnectError\)$"):
        await hub_that(respond).put(LINES)
    assert len(seen) == destinations.REPEATS_MAX + 1


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (httpx.Response(403, json=[{"summary": "Order records are switched off."}]), "answered 403: Order records are"),
        (httpx.Response(401, text="<html>"), "answered 401: Unauthorized"),
        (httpx.Response(200, text="<html>"), "the answer is none of an order hub"),
        (httpx.Response(200, json={"details": CREATED["details"][:1]}), "1 results for 2 lines"),
    ],
)
async def test_an_answer_that_will_not_change_stops_the_import_at_once(answer: httpx.Response, told: str) -> None:
    """Nothing is repeated."""
    respond, seen = one_after_another(answer)
    with pytest.raises(Stopped, match=told):
        await hub_that(respond).put(LINES)
    assert len(seen) == 1
