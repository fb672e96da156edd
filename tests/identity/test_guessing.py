"""Guessing passwords is slowed down, and tells nobody who has an account."""

from __future__ import annotations

import asyncio
import json

import pytest

from opendoms.identity.attempts import CLIENT_LIMIT, EMAIL_LIMIT
from opendoms.kernel.refusal import Invalid, TooMany, Unavailable
from tests.identity.sign_in_client import (
    EMAIL,
    JSON,
    PASSWORD,
    SIGN_IN,
    WRONG,
    Client,
    refusal,
    wrong_times,
)
from tests.identity.stand_ins import CountingEngine


@pytest.fixture
def db(embedded_db: CountingEngine) -> CountingEngine:
    """One engine is enough: attempts are counted in memory."""
    return embedded_db


async def test_a_wrong_password_and_an_unknown_user_look_alike(client: Client) -> None:
    """Both are refused with the same status and words, so that nobody learns who has an account."""
    await client.user()
    answers = [
        await client.post(SIGN_IN, json.dumps({"email": email, "password": "wrong"}).encode(), JSON, "key=k")
        for email in (EMAIL, "nobody@example.com")
    ]
    assert [refusal(answer) for answer in answers] == [(400, [WRONG])] * 2
    assert answers[0].body == answers[1].body


async def test_guessing_one_email_is_slowed_down(client: Client) -> None:
    """After the free tries an e-mail has to wait, even with the right password; and trying does not prolong it."""
    await client.user()
    await wrong_times(client, EMAIL_LIMIT.free)
    for _ in range(3):
        answer = await client.post(SIGN_IN, json.dumps({"email": EMAIL, "password": PASSWORD}).encode(), JSON, "key=k")
        assert refusal(answer) == (
            429,
            ["TOO_MANY_ATTEMPTS_TRY_LATER: too many failed sign-ins, wait 1 s"],
        )
        assert answer.headers == ((b"retry-after", b"1"),)
    client.clock.at += 1_000
    await wrong_times(client, 1)
    with pytest.raises(TooMany) as caught:
        await client.sign_in.with_password(EMAIL, PASSWORD, "")
    assert caught.value.retry_after_s == 2
    client.clock.at += 2_000
    assert (await client.signed_in())["localId"] == "user-1"


async def test_an_unknown_email_is_slowed_down_alike(client: Client) -> None:
    """An e-mail that nobody has waits like any other."""
    await wrong_times(client, EMAIL_LIMIT.free, email="nobody@example.com")
    with pytest.raises(TooMany) as caught:
        await client.sign_in.with_password("Nobody@example.com", "wrong", "")
    assert caught.value.retry_after_s == 1


async def test_signing_in_clears_the_email(client: Client) -> None:
    """A right password forgets the failures of its e-mail."""
    await client.user()
    for _ in range(3):
        await wrong_times(client, EMAIL_LIMIT.free - 1)
        await client.signed_in()
    await wrong_times(client, EMAIL_LIMIT.free)


async def test_one_client_cannot_try_many_emails(client: Client) -> None:
    """A client that fails with ever other e-mails has to wait, while another client signs in."""
    await client.user()
    for number in range(CLIENT_LIMIT.free):
        await wrong_times(client, 1, email=f"person-{number}@example.com", address="198.51.100.7")
    with pytest.raises(TooMany) as caught:
        await client.sign_in.with_password(EMAIL, PASSWORD, "198.51.100.7")
    assert caught.value.retry_after_s == 1
    assert (await client.signed_in())["localId"] == "user-1"


async def test_right_passwords_do_not_slow_a_client_down(client: Client) -> None:
    """A client may sign in as often as it likes."""
    await client.user()
    for _ in range(CLIENT_LIMIT.free + 1):
        assert (await client.sign_in.with_password(EMAIL, PASSWORD, "192.0.2.1")).user.id == "user-1"


async def test_tries_at_the_same_time_count_each_other(client: Client) -> None:
    """Of many guesses at once no more are judged than are free."""
    await client.user()
    outcomes = await asyncio.gather(
        *(client.sign_in.with_password(EMAIL, f"guess-{number}", "") for number in range(20)), return_exceptions=True
    )
    kinds = [type(outcome) for outcome in outcomes]
    assert (kinds.count(Invalid), kinds.count(TooMany)) == (EMAIL_LIMIT.free, 20 - EMAIL_LIMIT.free)


async def test_what_could_not_be_judged_does_not_count(client: Client) -> None:
    """While the database is away tries are unavailable and free."""
    await client.user()
    client.db.away = True
    for _ in range(CLIENT_LIMIT.free + 1):
        with pytest.raises(Unavailable):
            await client.sign_in.with_password(EMAIL, PASSWORD, "192.0.2.1")
    client.db.away = False
    assert (await client.signed_in())["localId"] == "user-1"
