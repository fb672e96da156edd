"""The sign-in and refresh calls, as the existing SDKs make them."""

from __future__ import annotations

import json
import logging
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from argon2 import PasswordHasher

from opendoms.identity.http import sign_in_routes
from opendoms.identity.issuing import issue_token, retire_keys, rotate_keys
from opendoms.identity.key_holder import AGE_MAX_MS
from opendoms.identity.passwords import Passwords
from opendoms.identity.permissions import Role, permissions_of
from opendoms.identity.principal import Principal
from opendoms.identity.signin import ACCESS_TOKEN_S, REFRESH_TOKEN_S
from opendoms.identity.users import change_password, revoke, store_user, user_by_id
from opendoms.kernel.refusal import Invalid, Unauthenticated
from opendoms.web.routing import Public
from tests.identity.sign_in_client import (
    EMAIL,
    FORM,
    JSON,
    PASSWORD,
    REFRESH,
    SIGN_IN,
    Client,
    decoded,
    refresh_form,
    refresh_json,
    refresh_query,
    refusal,
    wrong_times,
)
from tests.identity.stand_ins import (
    NOW,
    own_claims,
    signed,
    signing_key,
    with_claims,
)


def test_both_routes_are_public_on_purpose(client: Client) -> None:
    """Both routes take calls without a token, in all three spellings, and say why."""
    for route in sign_in_routes(client.sign_in):
        assert isinstance(route.permissions, Public)
        assert route.permissions.reason
        assert route.form


async def test_signing_in_answers_what_the_sdks_read(client: Client) -> None:
    """A sign-in answers the user and both tokens in Google's shape, with the lifetime as text."""
    await client.user()
    body = await client.signed_in()
    tokens = {name: body.pop(name) for name in ("idToken", "refreshToken")}
    assert body == {
        "kind": "identitytoolkit#VerifyPasswordResponse",
        "localId": "user-1",
        "email": EMAIL,
        "displayName": "Erna Example",
        "registered": True,
        "expiresIn": "3600",
    }
    assert await client.caller(tokens["idToken"]) == Principal(
        "acme", "user-1", permissions_of(["SUPERVISOR"]), "Erna Example"
    )


async def test_the_email_counts_in_any_spelling(client: Client) -> None:
    """An e-mail in capitals with spaces around signs the same user in."""
    await client.user()
    assert (await client.signed_in(email=" ERNA@Example.com "))["localId"] == "user-1"


@pytest.mark.parametrize("extra", [{"returnSecureToken": "true"}, {"returnSecureToken": False}, {"tenantId": None}])
async def test_further_parameters_change_nothing(client: Client, extra: dict[str, Any]) -> None:
    """Whatever else Google's clients send, the tokens are answered."""
    await client.user()
    assert set(await client.signed_in(**extra)) >= {"idToken", "refreshToken"}


async def test_signing_in_with_a_form(client: Client) -> None:
    """A form does as well as JSON."""
    await client.user(name=None)
    form = urlencode({"email": EMAIL, "password": PASSWORD}).encode()
    body = decoded(await client.post(SIGN_IN, form, FORM, "key=any"))
    assert (body["localId"], body["displayName"]) == ("user-1", "")


async def test_the_tokens_expire(client: Client) -> None:
    """The access token holds for an hour and the leeway, the refresh token for thirty days."""
    await client.user()
    body = await client.signed_in()
    client.clock.at += ACCESS_TOKEN_S * 1000 + 29_999
    assert (await client.caller(body["idToken"])).subject == "user-1"
    client.clock.at += 1
    with pytest.raises(Unauthenticated, match="has expired"):
        await client.caller(body["idToken"])
    client.clock.at = NOW + REFRESH_TOKEN_S * 1000 + 30_000
    assert refusal(await client.post(REFRESH, *refresh_json(body["refreshToken"]))) == (
        400,
        ["INVALID_REFRESH_TOKEN: it has expired"],
    )


@pytest.mark.parametrize("spelling", [refresh_json, refresh_form, refresh_query])
async def test_refreshing_in_every_spelling(client: Client, spelling: Any) -> None:
    """A refresh by JSON, form or query answers new tokens, which both work."""
    await client.user()
    first = await client.signed_in()
    body = decoded(await client.post(REFRESH, *spelling(first["refreshToken"])))
    tokens = {name: body.pop(name) for name in ("access_token", "id_token", "refresh_token")}
    assert body == {"expires_in": "3600", "token_type": "Bearer", "user_id": "user-1", "project_id": "acme"}
    assert tokens["access_token"] == tokens["id_token"] != first["idToken"]
    assert (await client.caller(tokens["id_token"])).subject == "user-1"
    assert (await client.refreshed(tokens["refresh_token"]))["user_id"] == "user-1"


async def test_a_session_in_use_goes_on(client: Client) -> None:
    """A client that refreshes every few weeks is never signed out."""
    await client.user()
    token = (await client.signed_in())["refreshToken"]
    for _ in range(4):
        client.clock.at += 20 * 86_400_000
        token = (await client.refreshed(token))["refresh_token"]
    assert client.clock.at - NOW > 2 * REFRESH_TOKEN_S * 1000


async def test_roles_are_read_again_at_each_refresh(client: Client) -> None:
    """A role that was taken away is gone with the next refresh."""
    user = await client.user()
    first = await client.signed_in()
    await store_user(client.db, msgspec.structs.replace(user, roles=(Role.FULFILLER,), version=2))
    body = await client.refreshed(first["refreshToken"])
    assert (await client.caller(body["id_token"])).permissions == permissions_of(["FULFILLER"])


async def test_revoking_ends_the_session(client: Client) -> None:
    """After a revocation the refresh token is refused; a new sign-in works."""
    await client.user()
    token = (await client.signed_in())["refreshToken"]
    await revoke(client.db, client.clock, email=EMAIL)
    assert refusal(await client.post(REFRESH, *refresh_json(token))) == (
        400,
        ["TOKEN_EXPIRED: the session was ended; sign in again"],
    )
    token = (await client.signed_in())["refreshToken"]
    assert (await client.refreshed(token))["user_id"] == "user-1"


async def test_a_new_password_ends_the_session(client: Client) -> None:
    """After a change of the password the refresh token and the old password are refused."""
    await client.user()
    token = (await client.signed_in())["refreshToken"]
    await change_password(client.db, client.clock, email=EMAIL, password="another good password")
    status, _ = refusal(await client.post(REFRESH, *refresh_json(token)))
    assert status == 400
    await wrong_times(client, 1)
    with pytest.raises(Invalid, match="INVALID_LOGIN_CREDENTIALS"):
        await client.sign_in.with_password(EMAIL, PASSWORD, "")


async def test_a_rotation_keeps_sessions_and_a_retirement_ends_them(client: Client) -> None:
    """A refresh token outlives a rotation of the keys, and is refused when its key is retired."""
    await client.user()
    token = (await client.signed_in())["refreshToken"]
    await rotate_keys(client.db, client.clock)
    client.clock.at += AGE_MAX_MS
    assert (await client.refreshed(token))["user_id"] == "user-1"
    await retire_keys(client.db)
    client.clock.at += AGE_MAX_MS
    assert refusal(await client.post(REFRESH, *refresh_json(token))) == (
        400,
        ["INVALID_REFRESH_TOKEN: it was signed with a key that is not known here (any more)"],
    )


async def test_only_refresh_tokens_refresh(client: Client) -> None:
    """An access token, a token of the command line, a changed and a forged one are refused."""
    await client.user()
    first = await client.signed_in()
    made = await issue_token(client.db, client.clock, subject="user-1", tenant="acme", roles=["ADMIN"], expires_s=60)
    stranger = signing_key()
    forged = signed(own_claims(aud="opendoms-refresh", sub="user-1", session=1), stranger.private, kid="key-1")
    changed = with_claims(first["refreshToken"], sub="user-2")
    for token in (first["idToken"], made, changed, forged, "junk", "a" * 9_000):
        status, (summary,) = refusal(await client.post(REFRESH, *refresh_json(token)))
        assert status == 400
        assert summary.startswith("INVALID_REFRESH_TOKEN: it ")
        assert token not in summary


async def test_a_user_who_is_gone_cannot_refresh(client: Client) -> None:
    """A refresh token of a user that another database knew is refused."""
    key = await client.sign_in._keys.current()  # noqa: SLF001 - a token as this hub would sign it
    claims = own_claims(aud="opendoms-refresh", sub="user-9", session=1)
    token = signed(claims, key.private, kid=key.id)
    assert refusal(await client.post(REFRESH, *refresh_json(token))) == (
        400,
        ["TOKEN_EXPIRED: the session was ended; sign in again"],
    )


@pytest.mark.parametrize(
    ("body", "query", "faults"),
    [
        ({"email": EMAIL, "password": "x"}, "", ["MISSING_API_KEY: expected the query parameter key, with any value"]),
        (
            {"email": EMAIL, "password": "x"},
            "key=",
            ["MISSING_API_KEY: expected the query parameter key, with any value"],
        ),
        ({"password": "x"}, "key=k", ["MISSING_EMAIL: expected email, a text that is not empty"]),
        ({"email": 7, "password": "x"}, "key=k", ["MISSING_EMAIL: expected email, a text that is not empty"]),
        ({"email": EMAIL, "password": ""}, "key=k", ["MISSING_PASSWORD: expected password, a text that is not empty"]),
        ({"email": "erna", "password": "x"}, "key=k", ["INVALID_EMAIL: email is not an e-mail address"]),
        ({"email": "a\0@b.c", "password": "x"}, "key=k", ["INVALID_EMAIL: email is not an e-mail address"]),
        (
            {},
            "",
            [
                "MISSING_API_KEY: expected the query parameter key, with any value",
                "MISSING_EMAIL: expected email, a text that is not empty",
                "MISSING_PASSWORD: expected password, a text that is not empty",
            ],
        ),
    ],
)
async def test_a_sign_in_that_lacks_something_is_refused(
    client: Client, body: dict[str, Any], query: str, faults: list[str]
) -> None:
    """Everything that a sign-in lacks is said at once, and the database is not asked."""
    answer = await client.post(SIGN_IN, json.dumps(body).encode(), JSON, query)
    assert refusal(answer) == (400, faults)
    assert client.db.reads == 0


@pytest.mark.parametrize(
    ("query", "faults"),
    [
        ("key=k&grant_type=refresh_token", ["MISSING_REFRESH_TOKEN: expected refresh_token, a text that is not empty"]),
        ("key=k&refresh_token=x", ["MISSING_GRANT_TYPE: expected grant_type, a text that is not empty"]),
        (
            "key=k&grant_type=password&refresh_token=x",
            ["INVALID_GRANT_TYPE: expected grant_type to be refresh_token"],
        ),
        (
            "",
            [
                "MISSING_API_KEY: expected the query parameter key, with any value",
                "MISSING_GRANT_TYPE: expected grant_type, a text that is not empty",
                "MISSING_REFRESH_TOKEN: expected refresh_token, a text that is not empty",
            ],
        ),
    ],
)
async def test_a_refresh_that_lacks_something_is_refused(client: Client, query: str, faults: list[str]) -> None:
    """Everything that a refresh lacks is said at once."""
    assert refusal(await client.post(REFRESH, query=query)) == (400, faults)


async def test_an_outdated_hash_is_renewed(client: Client) -> None:
    """A sign-in with a hash of other parameters stores a new one, and the session goes on."""
    outdated = Passwords(PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))
    before = await client.user(password_hash=await outdated.hash(PASSWORD))
    client.clock.at += 7
    token = (await client.signed_in())["refreshToken"]
    after = await user_by_id(client.db, "acme", "user-1")
    assert after is not None
    assert (after.version, after.session, after.last_modified) == (2, 1, NOW + 7)
    assert after.password_hash.startswith("$argon2id$v=19$m=8,t=1,p=1$")
    assert after.password_hash != before.password_hash
    assert (await client.refreshed(token))["user_id"] == "user-1"
    await client.signed_in()
    assert await user_by_id(client.db, "acme", "user-1") == after
    outdated.close()


async def test_a_failed_sign_in_writes_nothing(client: Client) -> None:
    """A wrong password leaves the user as it was, even one whose hash is outdated."""
    outdated = Passwords(PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))
    before = await client.user(password_hash=await outdated.hash(PASSWORD))
    await wrong_times(client, 1)
    assert await user_by_id(client.db, "acme", "user-1") == before
    outdated.close()


async def test_nothing_secret_is_logged(
    client: Client, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither a password nor an e-mail nor a token is printed or logged, whether a sign-in succeeds or fails."""
    caplog.set_level(logging.DEBUG)
    await client.user()
    body = await client.signed_in()
    await client.refreshed(body["refreshToken"])
    await wrong_times(client, 1)
    printed = capfd.readouterr()
    shown = caplog.text + printed.out + printed.err
    assert not [secret for secret in (PASSWORD, EMAIL, body["idToken"], body["refreshToken"]) if secret in shown]
