"""A caller of the API with a token, who holds every answer to the contract."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx

Check = Callable[[str, str, int, Any], list[str]]


class Caller:
    """Sends requests with one token. Every answer must be JSON that the contract allows."""

    def __init__(self, http: httpx.AsyncClient, token: str | None, check: Check) -> None:
        self._http = http
        self.authorization = f"Bearer {token}"
        self._headers = {"authorization": self.authorization} if token else {}
        self._check = check

    async def call(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """One request whose answer is judged; see `unjudged`."""
        answer = await self.unjudged(method, path, body, **headers)
        # 405 is the protocol's own answer, which the contract does not list.
        if answer.headers["content-type"] == "application/json" and answer.content and answer.status_code != 405:
            faults = self._check(method, path, answer.status_code, answer.json())
            assert faults == [], faults
        return answer

    async def unjudged(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """One request; `body` is sent as JSON unless it is bytes already. A header `x_y` is sent as `x-y`."""
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        sent = {"content-type": "application/json"} if content is not None else {}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        answer = await self._http.request(method, path, content=content, headers=self._headers | sent)
        assert answer.headers["x-request-id"]
        return answer

    async def get(self, path: str) -> httpx.Response:
        """Reads."""
        return await self.call("GET", path)

    async def post(self, path: str, body: Any) -> httpx.Response:
        """Creates."""
        return await self.call("POST", path, body)

    async def put(self, path: str, body: Any) -> httpx.Response:
        """Writes whole."""
        return await self.call("PUT", path, body)

    async def patch(self, path: str, body: Any) -> httpx.Response:
        """Edits."""
        return await self.call("PATCH", path, body)

    async def refused(self, status: int, method: str, path: str, body: Any = None) -> list[str]:
        """The summaries of a request that must be refused with this status."""
        answer = await self.call(method, path, body)
        assert answer.status_code == status, answer.text
        return [fault["summary"] for fault in answer.json()]
