"""Users: stored as documents, made and changed here. Their sign-in is in `signin`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from opendoms.db.engine import Engine
from opendoms.identity.passwords import Passwords, password_fault
from opendoms.identity.permissions import roles_of
from opendoms.identity.store import QUERIES, USERS
from opendoms.identity.user import User, normalised_email, user_faults
from opendoms.kernel.changeset import Changeset, Put, Stale, Taken
from opendoms.kernel.clock import Clock
from opendoms.kernel.ids import NewId
from opendoms.kernel.refusal import Conflict, Fault, Invalid, Unavailable, Unknown

# Reads and writes again where another writer was faster.
TRIES_MAX: Final = 5


async def create_user(  # noqa: PLR0913 - every part of a user, each by its name
    db: Engine,
    clock: Clock,
    new_id: NewId,
    *,
    tenant: str,
    email: str,
    password: str,
    roles: Sequence[str],
    name: str | None = None,
) -> str:
    """Makes a user and returns the id. Raises Invalid with every fault, Conflict where the e-mail is taken."""
    address = normalised_email(email)
    faults = user_faults(tenant, address, password, roles, name)
    if faults:
        raise Invalid(*faults)
    now = clock.now(tenant)
    user = User(
        id=new_id(),
        tenant=tenant,
        version=1,
        email=address,
        roles=roles_of(roles),
        password_hash=await _hashed(password),
        session=1,
        created=now,
        last_modified=now,
        name=name,
    )
    await store_user(db, user)
    return user.id


async def change_password(db: Engine, clock: Clock, *, email: str, password: str) -> None:
    """Sets a new password and ends every session. Raises Invalid for a bad password, Unknown for no such user."""
    fault = password_fault(password)
    if fault is not None:
        raise Invalid(fault)
    hashed = await _hashed(password)
    await _change(
        db,
        clock,
        email,
        lambda user: msgspec.structs.replace(user, password_hash=hashed, session=user.session + 1),
    )


async def revoke(db: Engine, clock: Clock, *, email: str) -> None:
    """Ends every session: no refresh token that is out works again. Raises Unknown where there is no such user.

    An access token that is out goes on until it expires, which is within the hour.
    """
    await _change(db, clock, email, lambda user: msgspec.structs.replace(user, session=user.session + 1))


async def user_by_email(db: Engine, email: str) -> User | None:
    """The user with this address, in its one spelling."""
    row = await db.row(QUERIES.user_by_email, {"email": email})
    return msgspec.json.decode(row[0], type=User) if row is not None else None


async def user_by_id(db: Engine, tenant: str, user_id: str) -> User | None:
    """The user with this id."""
    row = await db.row(QUERIES.user_by_id, {"tenant": tenant, "id": user_id})
    return msgspec.json.decode(row[0], type=User) if row is not None else None


async def store_user(db: Engine, user: User) -> None:
    """Writes a user over the version before, or as new where the version is 1.

    Raises Conflict where the e-mail is another user's, Stale where the stored version is another one.
    """
    put = Put(
        USERS, user.tenant, user.id, user.version - 1 or None, user.version, msgspec.json.encode(user), (user.email,)
    )
    try:
        await db.apply(Changeset(puts=(put,)))
    except Taken:
        raise Conflict(Fault("email: is taken by another user")) from None


async def _change(db: Engine, clock: Clock, email: str, change: Callable[[User], User]) -> None:
    for _ in range(TRIES_MAX):
        user = await user_by_email(db, normalised_email(email))
        if user is None:
            raise Unknown(Fault("email: no user has this address"))
        changed = msgspec.structs.replace(change(user), version=user.version + 1, last_modified=clock.now(user.tenant))
        try:
            await store_user(db, changed)
        except Stale:
            continue
        return
    raise Unavailable(Fault("The user is being changed by others; try again."))


async def _hashed(password: str) -> str:
    passwords = Passwords()
    try:
        return await passwords.hash(password)
    finally:
        passwords.close()
