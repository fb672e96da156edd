"""The description in a browser, without any outside host."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette

from opendoms.web.docs import PAGE_PREFIXES, docs_routes

DESCRIPTION = '{"openapi":"3.1.0","info":{"title":"ü"}}'.encode()


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """A client of the pages alone."""
    transport = httpx.ASGITransport(Starlette(routes=docs_routes(lambda: DESCRIPTION)))
    async with httpx.AsyncClient(transport=transport, base_url="http://hub") as connected:
        yield connected


async def test_the_description_is_served_as_it_is(client: httpx.AsyncClient) -> None:
    """The bytes are those handed in; whoever has them already is told so."""
    answer = await client.get("/openapi.json")
    assert answer.status_code == 200
    assert answer.content == DESCRIPTION
    assert answer.headers["content-type"] == "application/json"
    again = await client.get("/openapi.json", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""


@pytest.mark.parametrize("path", ["/docs", "/docs/"])
async def test_the_page_asks_no_other_host_and_runs_no_inline_script(client: httpx.AsyncClient, path: str) -> None:
    """All that it loads is there and comes from here; the policy forbids the rest."""
    answer = await client.get(path, follow_redirects=False)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["connect-src"] == "'self'"
    assert re.findall(r"<script(?![^>]*\bsrc=)", answer.text) == []
    assert re.findall(r"\son[a-z]+=", answer.text) == []
    loaded = re.findall(r'(?:src|href)="([^"]+)"', answer.text)
    assert len(loaded) == 6
    for reference in loaded:
        assert reference.startswith(PAGE_PREFIXES)
        assert (await client.get(reference)).status_code == 200


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
        ("swagger-ui.css", "text/css; charset=utf-8"),
        ("favicon-32x32.png", "image/png"),
        ("docs.js", "text/javascript; charset=utf-8"),
        ("docs.css", "text/css; charset=utf-8"),
    ],
)
async def test_the_files_say_what_they_are(client: httpx.AsyncClient, name: str, media_type: str) -> None:
    """A browser is told the type and not to guess."""
    answer = await client.get(f"/docs/{name}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media_type
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_the_viewer_can_show_this_version_of_the_standard(client: httpx.AsyncClient) -> None:
    """Swagger UI reads OpenAPI 3.1 from its version 5 on."""
    (version,) = re.findall(r'PACKAGE_VERSION:"(\d+)\.', (await client.get("/docs/swagger-ui-bundle.js")).text)[:1]
    assert int(version) >= 5


async def test_nothing_else_of_the_package_is_served(client: httpx.AsyncClient) -> None:
    """The package's editor, source maps and pages stay where they are."""
    for name in ("swagger-editor-bundle.js", "swagger-ui.js", "../core.py", "%2e%2e/core.py", "index.html"):
        assert (await client.get(f"/docs/{name}")).status_code == 404


async def test_our_script_names_no_host(client: httpx.AsyncClient) -> None:
    """Even the validator badge, which asks an outside host by default, is off."""
    script = (await client.get("/docs/docs.js")).text
    assert "http" not in script
    assert "validatorUrl: null" in script
