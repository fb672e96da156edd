"""Our own tokens: JSON Web Tokens signed with Ed25519. Making one and judging one are pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import jwt

from opendoms.identity import claims as judged
from opendoms.identity.bearer import refused
from opendoms.identity.keys import ALGORITHM, SigningKey
from opendoms.identity.permissions import permissions_of
from opendoms.identity.principal import Principal
from opendoms.identity.signature import Unverified, verified

ISSUER: Final = "opendoms"
AUDIENCE: Final = "opendoms"
# A refresh token opens nothing but the refresh call, so it names another audience.
REFRESH_AUDIENCE: Final = "opendoms-refresh"


class Grant(NamedTuple):
    """What a token says about its holder.

    Roles travel by name and are resolved when the token is read, so that a role's new permission reaches tokens that
    are out already. `session` is the user's session number; only refresh tokens carry one.
    """

    subject: str
    tenant: str
    roles: Sequence[str] = ()
    permissions: Sequence[str] = ()
    name: str | None = None
    session: int | None = None

    def principal(self) -> Principal:
        """The caller that this makes."""
        return Principal(self.tenant, self.subject, permissions_of(self.roles, self.permissions), self.name)


class Accepted(NamedTuple):
    """A token that holds, until `expires` (instant in ms, leeway included)."""

    grant: Grant
    expires: int


def issue(  # noqa: PLR0913 - pure: ids and time come in
    key: SigningKey, grant: Grant, *, token_id: str, now_ms: int, expires_s: int, audience: str = AUDIENCE
) -> str:
    """A token that is valid from now on, for so many seconds."""
    now_s = now_ms // 1000
    claims: dict[str, Any] = {
        "iss": ISSUER,
        "aud": audience,
        "sub": grant.subject,
        "tenant": grant.tenant,
        "iat": now_s,
        "nbf": now_s,
        "exp": now_s + expires_s,
        "jti": token_id,
    }
    optional = {
        "roles": list(grant.roles),
        "permissions": list(grant.permissions),
        "name": grant.name,
        "session": grant.session,
    }
    claims |= {name: value for name, value in optional.items() if value not in (None, [])}
    return jwt.encode(claims, key.private, algorithm=ALGORITHM, headers={"kid": key.id})


def verify(token: Unverified, key: jwt.PyJWK | None, now_ms: int, audience: str = AUDIENCE) -> Accepted:
    """What the token grants. `key` is the one that it names, None where we do not have it.

    Raises Unauthenticated with the reason. Signature first: nothing is said about the claims of a forged token.
    """
    if key is None:
        raise refused("was signed with a key that is not known here (any more)", "Get a new token.")
    claims = verified(token, key)
    judged.check_issuer(claims, ISSUER)
    judged.check_audience(claims, audience)
    expires = judged.expiry_of(claims, now_ms)
    tenant = claims.get("tenant")
    if not judged.is_tenant(tenant):
        raise refused("names no tenant")
    session = claims.get("session")
    grant = Grant(
        subject=judged.subject_of(claims),
        tenant=str(tenant),
        roles=judged.names_of(claims.get("roles")),
        permissions=judged.names_of(claims.get("permissions")),
        name=judged.name_of(claims),
        session=session if isinstance(session, int) else None,
    )
    return Accepted(grant, expires)
