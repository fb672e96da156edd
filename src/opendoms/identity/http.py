"""The two calls with which existing SDKs get their tokens, as Google Identity Platform answers them."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from opendoms.db.engine import Engine
from opendoms.identity.signin import ACCESS_TOKEN_S, SignIn
from opendoms.kernel.clock import Clock
from opendoms.kernel.decision import Document
from opendoms.kernel.ids import NewId
from opendoms.kernel.refusal import Fault, Invalid
from opendoms.web.routing import Answer, Call, Public, Reply, Route

_TAG: Final = "Identity"
_EXPIRES_IN: Final = str(ACCESS_TOKEN_S)
# A token must not lie in anyone's cache.
_NO_STORE: Final = ((b"cache-control", b"no-store"),)
_KEY: Final = "The query parameter `key` must be there and not empty; its value does not matter."


class SignInParameters(msgspec.Struct, rename="camel"):
    """Who signs in. `returnSecureToken` may be sent and changes nothing: the tokens are always answered."""

    email: str
    """The e-mail address of the user."""
    password: str
    """The password of the user."""
    return_secure_token: bool = True
    """May be sent, and changes nothing."""


class SignedIn(msgspec.Struct, rename="camel"):
    """The answer to signing in. `expiresIn` are seconds, as text."""

    kind: str
    """The kind of this answer, as Google Identity Platform names it."""
    local_id: str
    """The id of the user."""
    email: str
    """The e-mail address of the user."""
    display_name: str
    """The name of the user, empty where there is none."""
    id_token: str
    """The bearer token."""
    registered: bool
    """Always true: the user exists."""
    refresh_token: str
    """What a new bearer token is had for."""
    expires_in: str
    """After how many seconds the bearer token lapses."""


class RefreshParameters(msgspec.Struct):
    """What is exchanged for a new token."""

    grant_type: str
    """Always refresh_token."""
    refresh_token: str
    """The refresh token of the sign-in or of the last refresh."""


class Refreshed(msgspec.Struct):
    """The answer to refreshing. `access_token` and `id_token` are the same; `expires_in` are seconds, as text."""

    access_token: str
    """The bearer token."""
    expires_in: str
    """After how many seconds the bearer token lapses."""
    token_type: str
    """Always Bearer."""
    refresh_token: str
    """What the next bearer token is had for."""
    id_token: str
    """The bearer token once more, under its other name."""
    user_id: str
    """The id of the user."""
    project_id: str
    """The tenant of the user."""


def routes(db: Engine, clock: Clock, new_id: NewId) -> list[Route]:
    """Both routes. They take JSON, a form, or query parameters, since the clients use all three."""
    return sign_in_routes(SignIn(db, clock, new_id))


def sign_in_routes(sign_in: SignIn) -> list[Route]:
    """Both routes, over a sign-in of the caller's."""

    async def sign_in_with_password(call: Call) -> Answer:
        sent = _Parameters(call.document)
        sent.require_key()
        email = sent.text("email", "MISSING_EMAIL")
        password = sent.text("password", "MISSING_PASSWORD")
        sent.check()
        session = await sign_in.with_password(email, password, call.client)
        return _answer(
            SignedIn(
                kind="identitytoolkit#VerifyPasswordResponse",
                local_id=session.user.id,
                email=session.user.email,
                display_name=session.user.name or "",
                id_token=session.access_token,
                registered=True,
                refresh_token=session.refresh_token,
                expires_in=_EXPIRES_IN,
            )
        )

    async def refresh(call: Call) -> Answer:
        sent = _Parameters(call.document)
        sent.require_key()
        if sent.text("grant_type", "MISSING_GRANT_TYPE") not in ("", "refresh_token"):
            sent.faults.append(Fault("INVALID_GRANT_TYPE: expected grant_type to be refresh_token"))
        token = sent.text("refresh_token", "MISSING_REFRESH_TOKEN")
        sent.check()
        session = await sign_in.with_refresh_token(token)
        return _answer(
            Refreshed(
                access_token=session.access_token,
                expires_in=_EXPIRES_IN,
                token_type="Bearer",  # noqa: S106 - the kind of token, not one
                refresh_token=session.refresh_token,
                id_token=session.access_token,
                user_id=session.user.id,
                project_id=session.user.tenant,
            )
        )

    return [
        Route(
            method="POST",
            path="/v1/accounts:signInWithPassword",
            handler=sign_in_with_password,
            operation_id="signInWithPassword",
            summary="Sign in with e-mail and password",
            tag=_TAG,
            description=f"Answers a bearer token for an hour, and a refresh token. {_KEY}",
            permissions=Public("whoever signs in has no token yet"),
            replies={200: Reply("The e-mail and the password belong to a user.", SignedIn)},
            refusals={
                400: "Something is missing, or the e-mail and the password do not belong together.",
                429: "Too many failed attempts; `Retry-After` says how long to wait.",
            },
            form=True,
            parameters=SignInParameters,
        ),
        Route(
            method="POST",
            path="/v1/token",
            handler=refresh,
            operation_id="refreshToken",
            summary="Exchange a refresh token for a new bearer token",
            tag=_TAG,
            description=f"Answers a new refresh token as well, which holds for thirty days. {_KEY}",
            permissions=Public("the refresh token in the request stands for the caller"),
            replies={200: Reply("The refresh token holds.", Refreshed)},
            refusals={400: "Something is missing, or the refresh token does not hold (any more)."},
            form=True,
            parameters=RefreshParameters,
        ),
    ]


class _Parameters:
    """The parameters of one call, and what is wrong with them."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.faults: list[Fault] = []

    def require_key(self) -> None:
        """Asks for the API key that Google wants; any will do here."""
        if not self._value("key"):
            self.faults.append(Fault("MISSING_API_KEY: expected the query parameter key, with any value"))

    def text(self, name: str, fault: str) -> str:
        """The parameter; an empty text, and a fault, where it is missing or no text."""
        value = self._value(name)
        if not isinstance(value, str) or not value:
            self.faults.append(Fault(f"{fault}: expected {name}, a text that is not empty"))
            return ""
        return value

    def check(self) -> None:
        """Raises Invalid with everything that was found wrong."""
        if self.faults:
            raise Invalid(*self.faults)

    def _value(self, name: str) -> Any:
        return self._document.get(name)


def _answer(body: msgspec.Struct) -> Answer:
    return Answer(200, msgspec.json.encode(body), _NO_STORE)
