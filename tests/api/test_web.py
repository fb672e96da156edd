"""What every route shares: request ids, limits, media types, nesting, paths, methods, and the shape of errors."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from opendoms.app import Hub, application, hub_for
from opendoms.db.engine import RefusedBySchema
from opendoms.identity.signin import Session, SignIn
from opendoms.kernel.refusal import Fault, Invalid
from opendoms.settings import Settings
from opendoms.web.api import Api
from tests.api.caller import Caller
from tests.api.test_orders import ORDER


def nested(levels: int) -> bytes:
    """An order whose custom attributes bring the body to this many levels of nesting."""
    inner = b'{"a":' * (levels - 1) + b"1" + b"}" * (levels - 1)
    return json.dumps(ORDER).encode()[:-1] + b',"customAttributes":' + inner + b"}"


async def test_a_request_id_is_made_or_taken_over(admin: Caller) -> None:
    """A harmless one of the caller comes back; a harmful one is replaced."""
    made = [(await admin.get("/api/status")).headers["x-request-id"] for _ in range(2)]
    assert made[0] != made[1]
    taken = await admin.call("GET", "/api/status", x_request_id="trace-42:a/b")
    assert taken.headers["x-request-id"] == "trace-42:a/b"
    for harmful in ("", "a" * 129, "a b", "a\tb"):
        replaced = await admin.call("GET", "/api/status", x_request_id=harmful)
        assert replaced.headers["x-request-id"] not in ("", harmful)


async def test_errors_carry_the_request_id_too(http: httpx.AsyncClient) -> None:
    """Whatever is refused can be found in the log."""
    answer = await http.get("/api/orders", headers={"x-request-id": "mine"})
    assert (answer.status_code, answer.headers["x-request-id"]) == (401, "mine")


@pytest.mark.parametrize("path", ["/api/orders/", "/api/status/", "/api/configurations/ordermodification/"])
async def test_a_trailing_slash_is_tolerated(admin: Caller, path: str) -> None:
    """Vendor samples write it."""
    assert (await admin.get(path)).status_code == 200


@pytest.mark.parametrize("path", ["/", "/api", "/api/nothing", "/api/orders//", "/api//orders", "/api/orders/a/b/c"])
async def test_an_unknown_path_is_404_in_the_shape_of_errors(admin: Caller, path: str) -> None:
    """Also for a caller with every permission; doubled slashes are no path of ours."""
    assert await admin.refused(404, "GET", path) == ["Unknown path."]


async def test_a_method_that_is_not_there_is_405_and_says_which_are(admin: Caller) -> None:
    """With the Allow header that HTTP asks for."""
    answer = await admin.call("DELETE", "/api/orders")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")
    assert answer.json() == [{"summary": "DELETE is not possible here, only GET, POST."}]


async def test_head_answers_the_headers_of_get(admin: Caller) -> None:
    """The length is told, the body is not sent."""
    read = await admin.get("/api/status")
    head = await admin.call("HEAD", "/api/status", accept="*/*")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(read.content))


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/json; charset=utf-8", "APPLICATION/JSON", "application/x+json"]
)
async def test_json_may_be_declared_in_any_of_its_spellings(admin: Caller, content_type: str) -> None:
    """Clients differ."""
    answer = await admin.call("POST", "/api/orders", ORDER, content_type=content_type)
    assert answer.status_code == 201


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "json"])
async def test_another_media_type_is_415(admin: Caller, content_type: str) -> None:
    """Whatever the body holds, and nothing is stored."""
    answer = await admin.call("POST", "/api/orders", ORDER, content_type=content_type)
    assert answer.status_code == 415
    assert (await admin.get("/api/orders")).json()["total"] == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"nonsense",
        b'{"a":1}}',
        b"\xff\xfe",
        b'"\\ud800"',
        b"[" * 19_000,
        b'{"orderDate":"\xc3"}',
        b"null",
        b"[]",
        b"1",
    ],
)
async def test_a_body_that_is_no_order_at_all_is_400(admin: Caller, body: bytes) -> None:
    """Each with at least one sentence, and nothing is stored."""
    summaries = await admin.refused(400, "POST", "/api/orders", body)
    assert all(summaries)
    assert (await admin.get("/api/orders")).json()["total"] == 0


async def test_nesting_is_bounded(admin: Caller) -> None:
    """64 levels are taken, 65 are not; brackets inside of texts do not count."""
    assert (await admin.call("POST", "/api/orders", nested(64))).status_code == 201
    deeper = json.loads(nested(65)) | {"tenantOrderId": "deeper"}
    assert await admin.refused(400, "POST", "/api/orders", deeper) == ["The body nests deeper than 64 levels."]
    texts = {**ORDER, "tenantOrderId": "texts", "customAttributes": {"text": '[{\\"' * 1_000}}
    assert (await admin.post("/api/orders", texts)).status_code == 201


@pytest.fixture
def settings(database_url: str) -> Settings:
    """Small bodies only, and a proxy that is believed."""
    return Settings(database=database_url, log_requests=False, body_bytes_max=20_000, trusted_proxies="127.0.0.1")


async def test_a_body_over_the_limit_is_413(admin: Caller, http: httpx.AsyncClient) -> None:
    """Whether it declares its length or comes in chunks; at the limit it is taken."""
    fits = json.dumps(ORDER).encode().ljust(20_000)
    assert (await admin.call("POST", "/api/orders", fits)).status_code == 201
    await admin.refused(413, "POST", "/api/orders", fits + b" ")

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b" " * 9_000

    headers = {"authorization": admin.authorization, "content-type": "application/json"}
    answer = await http.post("/api/orders", content=chunks(), headers=headers)
    assert answer.status_code == 413
    assert (await admin.get("/api/orders")).json()["total"] == 1


@pytest.mark.parametrize(
    ("headers", "base"),
    [
        ({}, "http://hub.test"),
        ({"x_forwarded_proto": "https", "x_forwarded_host": "shop.example"}, "https://shop.example"),
        ({"x_forwarded_proto": "gopher", "x_forwarded_host": "a/b?c"}, "http://hub.test"),
    ],
)
async def test_locations_are_as_the_caller_sees_the_hub(admin: Caller, headers: dict[str, str], base: str) -> None:
    """Behind a trusted proxy its forwarded scheme and host count, where they make sense."""
    created = await admin.call("POST", "/api/orders", ORDER, **headers)
    assert created.headers["location"] == f"{base}/api/orders/{created.json()['id']}"


async def test_forwarded_headers_of_strangers_are_not_believed(database_url: str, admin: Caller, hub: Hub) -> None:
    """Without the proxy's address among the trusted ones nothing is taken over."""
    stranger = application(Hub(hub.db, hub.clock, hub.new_id, Settings(database=database_url, log_requests=False)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(stranger), base_url="http://hub.test") as http:
        headers = {"authorization": admin.authorization, "x-forwarded-host": "evil.example"}
        created = await http.post("/api/orders", json=ORDER, headers=headers)
    assert created.headers["location"].startswith("http://hub.test/")


async def test_a_fault_of_ours_is_500_and_tells_nothing_internal(
    http: httpx.AsyncClient,
    admin: Caller,
    hub: Hub,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Only the request id, under which the log tells what and where, but no words that may be the caller's."""

    async def broken(*_: Any) -> None:
        raise ExceptionGroup("secret detail", [RuntimeError("secret detail"), RefusedBySchema("orders_live")])

    monkeypatch.setattr(type(hub.db), "row", broken)
    answer = await http.get("/api/orders/x", headers={"authorization": admin.authorization, "x-request-id": "r-1"})
    assert answer.status_code == 500
    assert answer.json()[0]["summary"] == "Something went wrong on the server (request r-1)."
    logged = capfd.readouterr().out
    assert "secret" not in answer.text + logged
    assert all(word in logged for word in ("r-1", "RuntimeError", "broken", "orders_live"))


async def test_health_tells_when_the_database_is_gone(admin: Caller, hub: Hub) -> None:
    """UP with 200 while it answers, DOWN with 503 when it does not; status keeps answering."""
    up = {"status": "UP", "dependencies": [{"name": "database", "status": "UP"}]}
    assert (await admin.get("/api/health")).json() == up
    await hub.db.close()
    down = await admin.unjudged("GET", "/api/health")
    assert down.status_code == 503
    assert down.json() == {"status": "DOWN", "dependencies": [{"name": "database", "status": "DOWN"}]}
    assert (await admin.get("/api/status")).json() == {"status": "UP"}


async def test_without_the_database_requests_are_told_to_come_back(admin: Caller, hub: Hub) -> None:
    """503 with Retry-After; nothing hangs."""
    await admin.get("/api/orders")
    await hub.db.close()
    answer = await admin.unjudged("GET", "/api/orders")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answer.json()[0]["summary"]


def test_the_application_is_built_without_touching_the_database(tmp_path: Any) -> None:
    """Building is pure: a file that is not there stays away."""
    app = application(hub_for(Settings(database=f"sqlite:///{tmp_path}/none/at.db")))
    assert isinstance(app, Api)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("connection", "forwarded", "client"),
    [
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "9.9.9.9, 8.8.8.8", "8.8.8.8"),
        ("127.0.0.1", "9.9.9.9, 127.0.0.1", "9.9.9.9"),
        ("7.7.7.7", "9.9.9.9", "7.7.7.7"),
    ],
)
async def test_the_caller_s_address_is_the_one_the_trusted_proxy_saw(
    api: Api, monkeypatch: pytest.MonkeyPatch, connection: str, forwarded: str, client: str
) -> None:
    """Guessing passwords is slowed down per address, so nobody may invent theirs and nobody may share the proxy's."""
    seen: list[str] = []

    async def look(_sign_in: SignIn, _email: str, _password: str, client: str) -> Session:
        seen.append(client)
        raise Invalid(Fault("no"))

    monkeypatch.setattr(SignIn, "with_password", look)
    transport = httpx.ASGITransport(api, client=(connection, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://hub.test") as http:
        credentials = {"email": "a@example.com", "password": "p"}
        headers = {"x-forwarded-for": forwarded}
        await http.post("/v1/accounts:signInWithPassword?key=k", json=credentials, headers=headers)
    assert seen == [client]
