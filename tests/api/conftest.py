"""A hub in this process, on a fresh database of each engine, and callers whose every answer is held to the contract."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from opendoms.app import Hub, application, hub_for
from opendoms.identity.issuing import issue_token
from opendoms.settings import Settings
from opendoms.web.api import Api
from tests.api.caller import Caller, Check

CallerFor = Callable[..., Awaitable[Caller]]


@pytest.fixture(scope="session")
def judge(contract: Path) -> ModuleType:
    """The contract's own judge of answers, which lies beside it."""
    sys.path.insert(0, str(contract.parent))
    try:
        import contract as judge_module  # type: ignore[import-not-found]  # noqa: PLC0415 - lies beside the contract
    finally:
        sys.path.pop(0)
    assert isinstance(judge_module, ModuleType)
    return judge_module


# The contract asks for exactly one of these, but both are open, so a managed facility is always a supplier as well and
# none could ever be answered. Where it lists facilities it says anyOf, and so it is read everywhere.
OVERLAPPING = [{"$ref": f"#/components/schemas/{name}"} for name in ("ManagedFacility", "Supplier")]
# The payloads of history logs are all open and hardly require anything, so whatever fits one of them fits others too.
PAYLOADS = {"$ref": "#/components/schemas/OrderModificationPayloadBase"}


def answerable(node: Any) -> Any:
    """The contract with the choices that no answer can make read as anyOf."""
    if isinstance(node, list):
        return [answerable(part) for part in node]
    if not isinstance(node, dict):
        return node
    return {
        "anyOf" if name == "oneOf" and (part == OVERLAPPING or PAYLOADS in part) else name: answerable(part)
        for name, part in node.items()
    }


@pytest.fixture(scope="session")
def check(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Check:
    """Judges one answer; where the contract is absent, every answer passes (the parity tests say that it is)."""
    try:
        contract: Path = request.getfixturevalue("contract")
    except pytest.skip.Exception:
        return lambda *_: []
    module: ModuleType = request.getfixturevalue("judge")
    readable = tmp_path_factory.mktemp("contract") / contract.name
    readable.write_text(json.dumps(answerable(json.loads(contract.read_text()))))
    judged: Check = module.Contract(readable).check
    return judged


@pytest.fixture
def settings(database_url: str) -> Settings:
    """Defaults on the test's own database, without request lines."""
    return Settings(database=database_url, log_requests=False)


@pytest.fixture
def hub(settings: Settings) -> Hub:
    """What the application is built from; open while `api` is in use."""
    return hub_for(settings)


@pytest.fixture
async def api(hub: Hub) -> AsyncIterator[Api]:
    """The running application."""
    app = application(hub)
    async with app.pages.router.lifespan_context(app.pages):
        yield app


@pytest.fixture
async def http(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    """A client without a token."""
    transport = httpx.ASGITransport(api)
    async with httpx.AsyncClient(transport=transport, base_url="http://hub.test") as client:
        yield client


@pytest.fixture
def caller_for(hub: Hub, http: httpx.AsyncClient, check: Check) -> CallerFor:
    """Makes callers: `await caller_for("ORDER_READ", tenant="other")`; without permissions, an administrator."""

    async def make(*permissions: str, tenant: str = "default", subject: str = "tester") -> Caller:
        token = await issue_token(
            hub.db,
            hub.clock,
            subject=subject,
            tenant=tenant,
            roles=[] if permissions else ["ADMIN"],
            permissions=list(permissions),
            expires_s=3600,
        )
        return Caller(http, token, check)

    return make


@pytest.fixture
async def admin(caller_for: CallerFor) -> Caller:
    """An administrator of the default tenant."""
    return await caller_for()
