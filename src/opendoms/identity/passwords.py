"""Passwords: the rule for new ones, and argon2 in threads that are bounded in number."""

from __future__ import annotations

import asyncio
import base64
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from opendoms.kernel.refusal import Fault, TooMany

PASSWORD_LENGTH_MIN: Final = 12  # characters
PASSWORD_BYTES_MAX: Final = 1_024

# One hash takes 64 MiB and about a tenth of a second of one core.
HASHES_AT_ONCE: Final = 2
# Hashes under way and waiting; beyond that a caller is told to come back.
HASHES_MAX: Final = 64
_RETRY_AFTER_S: Final = 2

_T = TypeVar("_T")


def password_fault(password: str) -> Fault | None:
    """What is wrong with a new password, if anything."""
    if len(password) < PASSWORD_LENGTH_MIN:
        return Fault(f"password: expected at least {PASSWORD_LENGTH_MIN} characters")
    if _bytes_of(password) is None:
        return Fault(f"password: expected at most {PASSWORD_BYTES_MAX} bytes of UTF-8")
    return None


class Passwords:
    """Hashes and verifies with argon2id and the library's parameters, off the event loop."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._threads = ThreadPoolExecutor(HASHES_AT_ONCE, thread_name_prefix="argon2")
        self._under_way = 0
        self._nobodys = _nobodys_hash(self._hasher)

    async def hash(self, password: str) -> str:
        """The hash of a password that keeps the rule, as argon2 writes it, with its parameters and a new salt."""
        data = password.encode("utf-8")
        return await self._run(lambda: self._hasher.hash(data))

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether the password is the one of this hash.

        None (there is no such user) takes as long as a wrong password, so that the time does not tell who exists.
        """
        data = _bytes_of(password)
        if data is None:
            return False
        matches = await self._run(lambda: self._matches(stored or self._nobodys, data))
        return matches and stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Whether the hash was made with other parameters than new ones are."""
        return self._hasher.check_needs_rehash(stored)

    def close(self) -> None:
        """Lets the threads go; nothing may be asked afterwards."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _matches(self, stored: str, data: bytes) -> bool:
        try:
            return self._hasher.verify(stored, data)
        except (Argon2Error, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], _T]) -> _T:
        if self._under_way >= HASHES_MAX:
            raise TooMany(_RETRY_AFTER_S, Fault("Too many sign-ins at once; try again shortly."))
        self._under_way += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._under_way -= 1


def _bytes_of(password: str) -> bytes | None:
    """The password as it is hashed; None where it is too long, or holds lone surrogates."""
    try:
        data = password.encode("utf-8")
    except UnicodeEncodeError:
        return None
    return data if len(data) <= PASSWORD_BYTES_MAX else None


def _nobodys_hash(hasher: PasswordHasher) -> str:
    """A hash with the hasher's parameters that no password is known for, made without hashing anything."""
    salt, digest = (
        base64.b64encode(secrets.token_bytes(size)).rstrip(b"=").decode("ascii")
        for size in (hasher.salt_len, hasher.hash_len)
    )
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2{hasher.type.name.lower()}$v=19${cost}${salt}${digest}"
