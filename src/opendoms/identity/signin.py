"""Signing in with e-mail and password, and getting a new token for a refresh token: the actions."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import msgspec

from opendoms.db.engine import Engine
from opendoms.identity.attempts import CLIENT_LIMIT, EMAIL_LIMIT, AttemptTable, client_key
from opendoms.identity.key_holder import CLOCK_TENANT, KeyHolder
from opendoms.identity.passwords import Passwords
from opendoms.identity.signature import unverified
from opendoms.identity.tokens import REFRESH_AUDIENCE, Accepted, Grant, issue, verify
from opendoms.identity.user import User, is_email, normalised_email
from opendoms.identity.users import store_user, user_by_email, user_by_id
from opendoms.kernel.changeset import Stale
from opendoms.kernel.clock import Clock
from opendoms.kernel.ids import NewId
from opendoms.kernel.refusal import Fault, Invalid, TooMany, Unauthenticated

ACCESS_TOKEN_S: Final = 3_600
# Counts from the last refresh. The clients keep refreshing and some never sign in again, so a session that is in use
# must not end by itself; one that is stolen ends with `revoke` or a new password.
REFRESH_TOKEN_S: Final = 30 * 86_400

_WRONG: Final = "INVALID_LOGIN_CREDENTIALS: the e-mail or the password is wrong"
_ENDED: Final = "TOKEN_EXPIRED: the session was ended; sign in again"


class Session(NamedTuple):
    """What a client gets to go on with."""

    user: User
    access_token: str
    refresh_token: str


class SignIn:
    """Signs users in. One per process, as it counts failures."""

    def __init__(self, db: Engine, clock: Clock, new_id: NewId, passwords: Passwords | None = None) -> None:
        self._db = db
        self._clock = clock
        self._new_id = new_id
        self._keys = KeyHolder(db, clock, new_id)
        self._passwords = passwords or Passwords()
        self._emails = AttemptTable(EMAIL_LIMIT)
        self._clients = AttemptTable(CLIENT_LIMIT)

    def close(self) -> None:
        """Lets the hashing threads go."""
        self._passwords.close()

    async def with_password(self, email: str, password: str, client: str) -> Session:
        """A session for the user with this e-mail and password. `client` is the caller's address.

        Raises Invalid where they do not belong together (the answer does not tell whether the user exists), TooMany
        where this e-mail or client has to wait.
        """
        address = normalised_email(email)
        if not is_email(address):
            raise Invalid(Fault("INVALID_EMAIL: email is not an e-mail address"))
        origin = client_key(client)
        self._count(address, origin)
        try:
            user = await user_by_email(self._db, address)
            right = await self._passwords.verify(user.password_hash if user is not None else None, password)
        except BaseException:  # also a caller who hung up: nothing was judged
            self._emails.forgive(address)
            self._clients.forgive(origin)
            raise
        if user is None or not right:
            raise Invalid(Fault(_WRONG))
        self._emails.clear(address)
        self._clients.forgive(origin)
        return await self._session(await self._with_present_hash(user, password))

    async def with_refresh_token(self, token: str) -> Session:
        """A new session for a refresh token, with the roles that the user has now. Raises Invalid otherwise."""
        grant = (await self._accepted(token)).grant
        user = await user_by_id(self._db, grant.tenant, grant.subject)
        if user is None or grant.session != user.session:
            raise Invalid(Fault(_ENDED))
        return await self._session(user)

    def _count(self, email: str, origin: str) -> None:
        now = self._clock.now(CLOCK_TENANT)
        wait = max(self._emails.wait_ms(email, now), self._clients.wait_ms(origin, now))
        if wait > 0:
            seconds = math.ceil(wait / 1000)
            fault = Fault(f"TOO_MANY_ATTEMPTS_TRY_LATER: too many failed sign-ins, wait {seconds} s")
            raise TooMany(seconds, fault)
        self._emails.count(email, now)
        self._clients.count(origin, now)

    async def _accepted(self, token: str) -> Accepted:
        try:
            parsed = unverified(token)
            key = await self._keys.find(parsed.key_id)
            return verify(parsed, key, self._clock.now(CLOCK_TENANT), REFRESH_AUDIENCE)
        except Unauthenticated as refused:
            # Not 401: that would tell clients to refresh and try again, which is what they are doing.
            reason = refused.faults[0].summary.removeprefix("Bearer token: ")
            raise Invalid(Fault(f"INVALID_REFRESH_TOKEN: it {reason}", "Sign in again.")) from None

    async def _session(self, user: User) -> Session:
        key = await self._keys.current()
        now = self._clock.now(CLOCK_TENANT)
        access = Grant(user.id, user.tenant, user.roles, name=user.name)
        refresh = Grant(user.id, user.tenant, session=user.session)
        return Session(
            user,
            issue(key, access, token_id=self._new_id(), now_ms=now, expires_s=ACCESS_TOKEN_S),
            issue(
                key,
                refresh,
                token_id=self._new_id(),
                now_ms=now,
                expires_s=REFRESH_TOKEN_S,
                audience=REFRESH_AUDIENCE,
            ),
        )

    async def _with_present_hash(self, user: User, password: str) -> User:
        """The user with a hash of the present parameters, made while the password is at hand."""
        if not self._passwords.is_outdated(user.password_hash):
            return user
        rehashed = msgspec.structs.replace(
            user,
            password_hash=await self._passwords.hash(password),
            version=user.version + 1,
            last_modified=self._clock.now(user.tenant),
        )
        try:
            await store_user(self._db, rehashed)
        except Stale:  # somebody else changed the user; the next sign-in tries again
            return user
        return rehashed
