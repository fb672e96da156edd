"""The API description in a browser: /docs, and the description itself at /openapi.json.

Swagger UI comes from a package that is installed with ours, so that no other host is asked for anything. The pages run
no script but ours and theirs: the content security policy forbids inline scripts.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

PAGE_PREFIXES: Final = ("/docs", "/openapi.json")

_OURS: Final = Path(__file__).parent / "static"
# A named list rather than a mounted folder: the package also carries an editor and source maps.
_SWAGGER_UI: Final = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon-32x32.png": "image/png",
}
_STATIC: Final = {"docs.js": "text/javascript", "docs.css": "text/css"}

# Swagger UI sets styles from its scripts, and draws its icons from data URLs.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PAGE_HEADERS: Final = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
_FILE_HEADERS: Final = {"x-content-type-options": "nosniff", "cache-control": "public, max-age=3600"}

_PAGE: Final = """\
<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>opendoms API</title>
    <link rel="icon" href="/docs/favicon-32x32.png">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
    <link rel="stylesheet" href="/docs/docs.css">
  </head>
  <body>
    <noscript>
      This page needs JavaScript. The description itself is at <a href="/openapi.json">/openapi.json</a>.
    </noscript>
    <div id="description"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/docs.js"></script>
  </body>
</html>
"""


def docs_routes(describe: Callable[[], bytes]) -> list[BaseRoute]:
    """The routes of the page, its files and the description, which is JSON in UTF-8.

    `describe` is called once, when somebody asks: it takes longer than all else of a start.
    """

    @functools.cache
    def described() -> tuple[bytes, str]:
        description = describe()
        return description, f'"{hashlib.sha256(description).hexdigest()[:32]}"'

    async def page(_request: Request) -> Response:
        return Response(_PAGE, media_type="text/html", headers=_PAGE_HEADERS)

    async def openapi(request: Request) -> Response:
        description, etag = described()
        headers = {"etag": etag, "cache-control": "no-cache", "x-content-type-options": "nosniff"}
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=headers)
        return Response(description, media_type="application/json", headers=headers)

    swagger_ui = _swagger_ui()
    files = [_file(f"/docs/{name}", swagger_ui / name, media_type) for name, media_type in _SWAGGER_UI.items()]
    files += [_file(f"/docs/{name}", _OURS / name, media_type) for name, media_type in _STATIC.items()]
    return [Route("/docs", page), Route("/docs/", page), Route("/openapi.json", openapi), *files]


def _file(path: str, source: Path, media_type: str) -> Route:
    async def file(_request: Request) -> Response:
        return FileResponse(source, media_type=media_type, headers=_FILE_HEADERS)

    return Route(path, file)


def _swagger_ui() -> Path:
    # Found without importing it: the package's Python code wires web frameworks, which is not needed.
    spec = find_spec("swagger_ui")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("the package swagger-ui-py is not installed")
    return Path(spec.submodule_search_locations[0]) / "static"
