"""A client of the sign-in calls, in the spellings of the existing SDKs."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from argon2 import PasswordHasher

from opendoms.identity.authenticator import Authenticator
from opendoms.identity.http import sign_in_routes
from opendoms.identity.passwords import Passwords
from opendoms.identity.permissions import Role
from opendoms.identity.principal import Principal
from opendoms.identity.signin import SignIn
from opendoms.identity.user import User
from opendoms.identity.users import store_user
from opendoms.kernel.ids import new_id
from opendoms.kernel.refusal import Invalid, Refusal
from opendoms.settings import Settings
from opendoms.web.errors import answer_of
from opendoms.web.form import merged_form
from opendoms.web.routing import NOBODY, Answer, Call, Match, RouteTree
from tests.identity.stand_ins import (
    NOW,
    CountingEngine,
    StillClock,
    bearer,
    summaries,
)

SIGN_IN = "/v1/accounts:signInWithPassword"
REFRESH = "/v1/token"
EMAIL = "erna@example.com"
PASSWORD = "correct horse battery"
WRONG = "INVALID_LOGIN_CREDENTIALS: the e-mail or the password is wrong"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
JSON = b"application/json; charset=utf-8"
FORM = b"application/x-www-form-urlencoded"


class Client:
    """Calls both routes as the web layer does."""

    def __init__(self, db: CountingEngine, clock: StillClock, passwords: Passwords) -> None:
        self.db = db
        self.clock = clock
        self.passwords = passwords
        self.sign_in = SignIn(db, clock, new_id, passwords)
        self._tree = RouteTree(sign_in_routes(self.sign_in))

    async def post(
        self,
        path: str,
        body: bytes = b"",
        content_type: bytes | None = None,
        query: str = "",
        address: str = "192.0.2.1",
    ) -> Answer:
        """One request; what is refused is answered as the web layer would."""
        found = self._tree.find("POST", path)
        assert found is not None
        assert isinstance(found, Match)
        try:
            document = merged_form(body, content_type, query.encode())
            return await found.route.handler(
                Call(
                    principal=NOBODY,
                    path={},
                    query=None,
                    body=None,
                    document=document,
                    request_id="r-1",
                    base_url="http://127.0.0.1",
                    operation=f"POST {path}",
                    client=address,
                )
            )
        except Refusal as refused:
            return answer_of(refused)

    async def signed_in(self, **changes: Any) -> dict[str, Any]:
        """The answer to a sign-in as the TypeScript SDK makes it."""
        body = {"returnSecureToken": True, "email": EMAIL, "password": PASSWORD} | changes
        return decoded(await self.post(SIGN_IN, json.dumps(body).encode(), JSON, "key=any"))

    async def refreshed(self, token: str) -> dict[str, Any]:
        """The answer to a refresh as the TypeScript SDK makes it."""
        return decoded(await self.post(REFRESH, *refresh_json(token)))

    async def user(self, **changes: Any) -> User:
        """A stored user with a cheap hash."""
        user = User(
            id="user-1",
            tenant="acme",
            version=1,
            email=EMAIL,
            roles=(Role.SUPERVISOR,),
            password_hash=await self.passwords.hash(PASSWORD),
            session=1,
            created=NOW,
            last_modified=NOW,
            name="Erna Example",
        )
        user = msgspec.structs.replace(user, **changes)
        await store_user(self.db, user)
        return user

    async def caller(self, token: str) -> Principal:
        """Whom a token makes the caller."""
        return await Authenticator(self.db, self.clock, Settings()).authenticate(bearer(token))


def decoded(answer: Answer) -> dict[str, Any]:
    """The body of a success, which no cache may keep."""
    assert answer.status == 200, answer.body
    assert answer.headers == ((b"cache-control", b"no-store"),)
    body: dict[str, Any] = json.loads(answer.body)
    return body


def refusal(answer: Answer) -> tuple[int, list[str]]:
    """Status and summaries of a refusal."""
    return answer.status, [fault["summary"] for fault in json.loads(answer.body)]


def refresh_json(token: str) -> tuple[bytes, bytes, str]:
    """Body, type and query of the TypeScript SDK's refresh."""
    return json.dumps({"grant_type": "refresh_token", "refresh_token": token}).encode(), JSON, "key=any"


def refresh_form(token: str) -> tuple[bytes, bytes, str]:
    """Body, type and query of the Java SDK's refresh."""
    return urlencode({"grant_type": "refresh_token", "refresh_token": token}).encode(), FORM, "key=any"


def refresh_query(token: str) -> tuple[bytes, None, str]:
    """Body, type and query of the vendor's collection's refresh."""
    return b"", None, urlencode({"key": "any", "grant_type": "refresh_token", "refresh_token": token})


async def wrong_times(client: Client, times: int, **where: str) -> None:
    """So many wrong passwords, each refused as that."""
    for _ in range(times):
        with pytest.raises(Invalid) as caught:
            await client.sign_in.with_password(where.get("email", EMAIL), "wrong", where.get("address", "192.0.2.1"))
        assert summaries(caught.value) == [WRONG]
