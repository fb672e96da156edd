"""Users: made, found, changed; what is wrong with one is said all at once, and never quoted."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from opendoms.db.engine import Engine
from opendoms.db.sqlfile import Query
from opendoms.identity.passwords import Passwords
from opendoms.identity.permissions import Role
from opendoms.identity.user import is_email, normalised_email
from opendoms.identity.users import change_password, create_user, revoke, user_by_email, user_by_id
from opendoms.kernel.ids import new_id
from opendoms.kernel.refusal import Conflict, Invalid, Refusal, Unknown
from tests.identity.sign_in_client import CHEAP
from tests.identity.stand_ins import NOW, StillClock, summaries

EMAIL = "erna@example.com"
PASSWORD = "correct horse battery"
COUNT_USERS = Query("count_users", "select count(*) from users", "select count(*) from users", ())


@pytest.fixture(autouse=True)
def cheap_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hash takes a tenth of a second, and none of these tests is about that, save where it is undone."""
    monkeypatch.setattr("opendoms.identity.passwords.PasswordHasher", lambda: CHEAP)


async def created(db: Engine, clock: StillClock, **changes: Any) -> str:
    """A user with these parts changed; returns the id."""
    parts = {"tenant": "acme", "email": EMAIL, "password": PASSWORD, "roles": ["ADMIN"], "name": "Erna"} | changes
    return await create_user(db, clock, new_id, **parts)


async def users(db: Engine) -> int:
    """How many are stored."""
    ((count,),) = await db.rows(COUNT_USERS, {})
    return int(count)


async def test_a_user_is_stored_with_a_hash(engine: Engine, clock: StillClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user is found by id and by e-mail; the password is stored as argon2id with the library's parameters."""
    monkeypatch.undo()
    user_id = await created(engine, clock, roles=["administrator", "FULFILLER"])
    user = await user_by_id(engine, "acme", user_id)
    assert user is not None
    assert user == await user_by_email(engine, EMAIL)
    assert (user.email, user.tenant, user.name, user.version, user.session) == (EMAIL, "acme", "Erna", 1, 1)
    assert user.roles == (Role.ADMIN, Role.FULFILLER)
    assert (user.created, user.last_modified) == (NOW, NOW)
    assert user.password_hash.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    passwords = Passwords()
    assert await passwords.verify(user.password_hash, PASSWORD)
    passwords.close()


async def test_a_user_of_another_tenant_is_not_found(engine: Engine, clock: StillClock) -> None:
    """By id a user exists for the own tenant only."""
    user_id = await created(engine, clock)
    assert await user_by_id(engine, "globex", user_id) is None


async def test_an_email_is_taken_once(engine: Engine, clock: StillClock) -> None:
    """A second user with the same e-mail, in any spelling and tenant, is refused, and the first one stays."""
    user_id = await created(engine, clock)
    with pytest.raises(Conflict) as caught:
        await created(engine, clock, email=" ERNA@Example.com ", tenant="globex", roles=["FULFILLER"])
    assert summaries(caught.value) == ["email: is taken by another user"]
    assert await users(engine) == 1
    kept = await user_by_email(engine, EMAIL)
    assert kept is not None
    assert (kept.id, kept.tenant) == (user_id, "acme")


async def test_everything_that_is_wrong_is_said_at_once(engine: Engine, clock: StillClock) -> None:
    """A user who is wrong in every part is refused with a fault for each, and nothing is stored."""
    with pytest.raises(Invalid) as caught:
        await created(engine, clock, tenant="opendoms", email="erna", password="short", roles=["root"], name="")
    assert summaries(caught.value) == [
        "tenant: expected 1 to 64 letters, digits, dots, dashes or underscores, and not opendoms",
        "email: expected an address with at most 254 characters",
        "password: expected at least 12 characters",
        "role: expected one of ADMIN, SUPERVISOR, FULFILLER",
        "name: expected 1 to 200 printable characters",
    ]
    assert await users(engine) == 0


async def test_a_user_has_a_role(engine: Engine, clock: StillClock) -> None:
    """A user without a role is refused, and nothing is stored."""
    with pytest.raises(Invalid, match="role: expected one of ADMIN, SUPERVISOR, FULFILLER"):
        await created(engine, clock, roles=[])
    assert await users(engine) == 0


@pytest.mark.parametrize("changes", [{}, {"email": "erna@@example.com"}, {"password": "tooshort-pw"}])
async def test_no_refusal_quotes_what_was_typed(engine: Engine, clock: StillClock, changes: dict[str, str]) -> None:
    """Neither an e-mail nor a password stands in a refusal, or in the error behind it."""
    await created(engine, clock)
    with pytest.raises(Refusal) as caught:
        await created(engine, clock, **changes)
    shown = repr(caught.value) + repr(caught.value.faults) + repr(caught.value.__cause__)
    assert "erna" not in shown.lower()
    assert not [text for text in (PASSWORD, "tooshort-pw") if text in shown]


async def test_a_user_prints_without_secrets(engine: Engine, clock: StillClock) -> None:
    """What a log would show of a user holds neither the e-mail nor the hash."""
    user_id = await created(engine, clock)
    user = await user_by_id(engine, "acme", user_id)
    assert repr(user) == f"User(tenant='acme', id='{user_id}', version=1)"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("Erna@Example.COM", EMAIL), ("  erna@example.com\n", EMAIL), ("e\u0301rna@example.com", "\u00e9rna@example.com")],
)
def test_an_email_has_one_spelling(typed: str, kept: str) -> None:
    """Capitals, spaces around and the form of accents do not make another e-mail."""
    assert normalised_email(typed) == kept


@pytest.mark.parametrize(
    "text", ["", "erna", "@example.com", "erna@", "a@b@c", "er na@x.y", "a\0@b.c", "a" * 250 + "@b.de"]
)
def test_what_is_no_email_is_told(text: str) -> None:
    """A text without one @ between two parts, with spaces or control characters, or too long is no e-mail."""
    assert not is_email(text)


async def test_a_new_password_replaces_the_old_one(engine: Engine, clock: StillClock) -> None:
    """After a change the new password is right, the old one is not, and the sessions have ended."""
    user_id = await created(engine, clock)
    clock.at += 5
    await change_password(engine, clock, email="ERNA@example.com", password="another good password")
    user = await user_by_id(engine, "acme", user_id)
    assert user is not None
    assert (user.version, user.session, user.created, user.last_modified) == (2, 2, NOW, NOW + 5)
    passwords = Passwords()
    assert await passwords.verify(user.password_hash, "another good password")
    assert not await passwords.verify(user.password_hash, PASSWORD)
    passwords.close()


async def test_a_bad_new_password_changes_nothing(engine: Engine, clock: StillClock) -> None:
    """A new password that is too short is refused, and the user stays as it was."""
    user_id = await created(engine, clock)
    before = await user_by_id(engine, "acme", user_id)
    with pytest.raises(Invalid, match="at least 12 characters"):
        await change_password(engine, clock, email=EMAIL, password="short")
    assert await user_by_id(engine, "acme", user_id) == before


async def test_revoking_counts_the_session_up(engine: Engine, clock: StillClock) -> None:
    """Ending the sessions leaves the password and counts the session number up by one."""
    user_id = await created(engine, clock)
    before = await user_by_id(engine, "acme", user_id)
    await revoke(engine, clock, email=EMAIL)
    after = await user_by_id(engine, "acme", user_id)
    assert before is not None
    assert after is not None
    assert (after.version, after.session, after.password_hash) == (2, 2, before.password_hash)


async def test_revocations_at_the_same_time_all_count(engine: Engine, clock: StillClock) -> None:
    """Revocations that meet are each applied: none overwrites another."""
    user_id = await created(engine, clock)
    await asyncio.gather(*(revoke(engine, clock, email=EMAIL) for _ in range(3)))
    after = await user_by_id(engine, "acme", user_id)
    assert after is not None
    assert (after.version, after.session) == (4, 4)


async def test_nobody_cannot_be_changed(engine: Engine, clock: StillClock) -> None:
    """A user that is not there is unknown, and none is made."""
    with pytest.raises(Unknown):
        await revoke(engine, clock, email=EMAIL)
    with pytest.raises(Unknown):
        await change_password(engine, clock, email=EMAIL, password=PASSWORD)
    assert await users(engine) == 0
