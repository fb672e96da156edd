"""What operators do with tokens and keys: make a token, rotate the signing keys, retire old ones."""

from __future__ import annotations

from collections.abc import Sequence

from opendoms.db.engine import Engine
from opendoms.identity.claims import SUBJECT_LENGTH_MAX, TENANT_EXPECTED, is_tenant
from opendoms.identity.durations import DURATION_MAX_S
from opendoms.identity.key_holder import CLOCK_TENANT, KeyHolder, add_key, drop_old_keys
from opendoms.identity.permissions import ROLE_EXPECTED, Permission, role_of, roles_of
from opendoms.identity.tokens import Grant, issue
from opendoms.kernel.clock import Clock
from opendoms.kernel.ids import new_id
from opendoms.kernel.refusal import Fault, Invalid


async def issue_token(  # noqa: PLR0913 - what a token says, each by its name
    db: Engine,
    clock: Clock,
    *,
    subject: str,
    tenant: str,
    roles: Sequence[str] = (),
    permissions: Sequence[str] = (),
    expires_s: int,
) -> str:
    """A token for a person or a machine that does not sign in. Makes the signing key where there is none.

    Raises Invalid with every fault: the subject, the tenant, a name that is no role or permission, the lifetime.
    """
    faults = _token_faults(subject, tenant, roles, permissions, expires_s)
    if faults:
        raise Invalid(*faults)
    key = await KeyHolder(db, clock).current()
    grant = Grant(subject, tenant, roles_of(roles), tuple(dict.fromkeys(permissions)))
    return issue(key, grant, token_id=new_id(), now_ms=clock.now(CLOCK_TENANT), expires_s=expires_s)


async def rotate_keys(db: Engine, clock: Clock) -> str:
    """Makes a new signing key and returns its id. Tokens of the older ones hold until those are retired."""
    return await add_key(db, clock)


async def retire_keys(db: Engine) -> int:
    """Ends every token that an older key signed, by taking those keys away; returns how many keys went."""
    return await drop_old_keys(db)


def _token_faults(
    subject: str, tenant: str, roles: Sequence[str], permissions: Sequence[str], expires_s: int
) -> list[Fault]:
    faults = []
    if not 0 < len(subject) <= SUBJECT_LENGTH_MAX or not subject.isprintable():
        faults.append(Fault(f"subject: expected 1 to {SUBJECT_LENGTH_MAX} printable characters"))
    if not is_tenant(tenant):
        faults.append(Fault(f"tenant: {TENANT_EXPECTED}"))
    known = set(Permission)
    if any(role_of(name) is None for name in roles):
        faults.append(Fault(f"role: {ROLE_EXPECTED}"))
    faults.extend(Fault(f"permission: {name[:64]!r} is unknown") for name in permissions if name not in known)
    if not 1 <= expires_s <= DURATION_MAX_S:
        faults.append(Fault(f"expires: expected 1 to {DURATION_MAX_S} seconds"))
    return faults
