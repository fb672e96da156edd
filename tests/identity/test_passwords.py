"""Passwords: the rule for new ones, hashing and verifying off the loop, with a bound."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Literal

import pytest
from argon2 import PasswordHasher, extract_parameters

from opendoms.identity.passwords import HASHES_AT_ONCE, HASHES_MAX, Passwords, password_fault
from opendoms.kernel.refusal import TooMany

PASSWORD = "correct horse battery"
# As cheap as argon2 goes, so that tests need no patience.
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    """Cheap hashing."""
    built = Passwords(CHEAP)
    yield built
    built.close()


class SlowHasher(PasswordHasher):
    """Hashes only when the test lets it, and counts how many do at once."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.gate = threading.Event()
        self.lock = threading.Lock()
        self.now = 0
        self.most = 0

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        """Waits at the gate, then hashes."""
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        self.gate.wait(30)
        with self.lock:
            self.now -= 1
        return super().hash(password, salt=salt)


@pytest.mark.parametrize(
    ("password", "summary"),
    [
        ("", "password: expected at least 12 characters"),
        ("a" * 11, "password: expected at least 12 characters"),
        ("a" * 1_025, "password: expected at most 1024 bytes of UTF-8"),
        ("ä" * 513, "password: expected at most 1024 bytes of UTF-8"),
        ("a" * 12 + "\ud800", "password: expected at most 1024 bytes of UTF-8"),
    ],
)
def test_a_new_password_is_not_too_short_or_long(password: str, summary: str) -> None:
    """A new password has at least 12 characters and at most 1024 bytes."""
    fault = password_fault(password)
    assert fault is not None
    assert fault.summary == summary


@pytest.mark.parametrize("password", ["a" * 12, "a" * 1_024, "ä" * 512, "            ", "пароль-пароль"])
def test_any_characters_make_a_password(password: str) -> None:
    """Nothing but the length is asked of a password."""
    assert password_fault(password) is None


async def test_the_right_password_is_told_from_wrong_ones(passwords: Passwords) -> None:
    """A hash matches the password it was made of, and no other."""
    stored = await passwords.hash(PASSWORD)
    assert await passwords.verify(stored, PASSWORD)
    assert not await passwords.verify(stored, PASSWORD + "!")
    assert not await passwords.verify(stored, "")


async def test_the_same_password_has_many_hashes(passwords: Passwords) -> None:
    """Two hashes of one password differ, as each has its own salt."""
    assert await passwords.hash(PASSWORD) != await passwords.hash(PASSWORD)


async def test_nobodys_password_is_never_right(passwords: Passwords) -> None:
    """Where there is no user, no password is right."""
    assert not await passwords.verify(None, PASSWORD)


async def test_an_unknown_user_costs_what_a_wrong_password_costs(passwords: Passwords) -> None:
    """Both run argon2 once, with the same parameters, so that time does not tell who exists."""
    asked: list[str] = []

    class Watched(PasswordHasher):
        """Notes which hashes are computed against."""

        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - the library's name
            """Notes it, and checks."""
            asked.append(str(hash))
            return super().verify(hash, password)

    watched = Passwords(Watched(time_cost=1, memory_cost=8, parallelism=1))
    stored = await passwords.hash(PASSWORD)
    assert not await watched.verify(stored, "wrong")
    assert not await watched.verify(None, "wrong")
    watched.close()
    wrong, nobodys = asked
    assert wrong == stored
    assert extract_parameters(nobodys) == extract_parameters(wrong)


async def test_a_password_that_is_too_long_is_wrong_at_once(passwords: Passwords) -> None:
    """A password that nobody can have is wrong without any hashing."""
    assert not await passwords.verify("no hash at all", "a" * 1_025)


async def test_a_broken_hash_matches_nothing(passwords: Passwords) -> None:
    """A stored text that is no hash lets nobody in."""
    assert not await passwords.verify("no hash at all", PASSWORD)


async def test_hashes_with_other_parameters_are_outdated(passwords: Passwords) -> None:
    """A hash is outdated where its parameters are not the present ones."""
    present = Passwords(PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))
    assert present.is_outdated(await passwords.hash(PASSWORD))
    assert not present.is_outdated(await present.hash(PASSWORD))
    present.close()


async def test_hashing_is_bounded_and_leaves_the_loop_free() -> None:
    """No more than the named number hash at once or wait, a further caller is told when to come back."""
    slow = SlowHasher()
    passwords = Passwords(slow)
    waiting = [asyncio.create_task(passwords.hash(PASSWORD)) for _ in range(HASHES_MAX)]
    await asyncio.sleep(0)  # each task gets as far as its thread; the loop runs on although all of them wait
    with pytest.raises(TooMany) as caught:
        await passwords.hash(PASSWORD)
    assert caught.value.retry_after_s == 2
    slow.gate.set()
    hashes = await asyncio.gather(*waiting)
    assert len(set(hashes)) == HASHES_MAX
    assert slow.most == HASHES_AT_ONCE
    assert await passwords.verify(hashes[0], PASSWORD)
    passwords.close()
