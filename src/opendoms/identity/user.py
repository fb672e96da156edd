"""One user, as a value: who signs in with e-mail and password. Pure; nothing here reaches a log or a message."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

import msgspec

from opendoms.identity.claims import NAME_LENGTH_MAX, TENANT_EXPECTED, is_tenant
from opendoms.identity.passwords import password_fault
from opendoms.identity.permissions import ROLE_EXPECTED, Role, role_of
from opendoms.kernel.refusal import Fault

EMAIL_LENGTH_MAX: Final = 254

_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")


class User(msgspec.Struct, frozen=True, rename="camel"):
    """One user as stored. `session` counts up whenever the refresh tokens that are out must end; times are in ms."""

    id: str
    tenant: str
    version: int
    email: str
    roles: tuple[Role, ...]
    password_hash: str
    session: int
    created: int
    last_modified: int
    name: str | None = None

    def __repr__(self) -> str:
        # Whatever prints a user must not print the address or the hash.
        return f"User(tenant={self.tenant!r}, id={self.id!r}, version={self.version})"


def normalised_email(email: str) -> str:
    """The one spelling under which an address is stored and found."""
    return unicodedata.normalize("NFC", email.strip()).lower()


def is_email(email: str) -> bool:
    """Whether this can be an address, as far as that can be told without sending to it."""
    return len(email) <= EMAIL_LENGTH_MAX and email.isprintable() and _EMAIL.fullmatch(email) is not None


def user_faults(tenant: str, email: str, password: str, roles: Sequence[str], name: str | None) -> list[Fault]:
    """Everything that is wrong with a new user; `email` in its one spelling."""
    faults = []
    if not is_tenant(tenant):
        faults.append(Fault(f"tenant: {TENANT_EXPECTED}"))
    if not is_email(email):
        faults.append(Fault(f"email: expected an address with at most {EMAIL_LENGTH_MAX} characters"))
    fault = password_fault(password)
    if fault is not None:
        faults.append(fault)
    if not roles or any(role_of(role) is None for role in roles):
        faults.append(Fault(f"role: {ROLE_EXPECTED}"))
    if name is not None and not (0 < len(name) <= NAME_LENGTH_MAX and name.isprintable()):
        faults.append(Fault(f"name: expected 1 to {NAME_LENGTH_MAX} printable characters"))
    return faults
