"""An outside OpenID Connect issuer: what the operator says of it, and what its tokens mean here. Pure."""

from __future__ import annotations

import ipaddress
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import jwt

from opendoms.identity import claims as judged
from opendoms.identity.bearer import refused
from opendoms.identity.permissions import permissions_of
from opendoms.identity.principal import Principal
from opendoms.identity.signature import Claims, Unverified, verified
from opendoms.settings import Settings, SettingsInvalid

# Stands for every tenant in the list of those that an issuer may name.
ANY_TENANT: Final = "*"


class OutsideIssuer(NamedTuple):
    """Who is believed, and which claims mean what.

    `tenant` is that of tokens without the tenant claim, None where they are refused. `tenants` are those that a token
    may be for.
    """

    url: str
    audience: str
    tenant_claim: str
    roles_claim: str
    permissions_claim: str
    tenant: str | None
    tenants: frozenset[str]


class AcceptedOutside(NamedTuple):
    """An outside token that holds, until `expires` (instant in ms, leeway included)."""

    principal: Principal
    expires: int


def outside_issuer_of(settings: Settings) -> OutsideIssuer | None:
    """The issuer of the settings, None where none is set. Raises SettingsInvalid where it cannot be used safely."""
    if not settings.oidc_issuer:
        return None
    if not is_safe_url(settings.oidc_issuer):
        raise SettingsInvalid("OPENDOMS_OIDC_ISSUER: expected an https address (http only for this machine)")
    if not settings.oidc_audience:
        raise SettingsInvalid("OPENDOMS_OIDC_AUDIENCE: expected the audience of the issuer's tokens")
    if settings.oidc_tenant and not judged.is_tenant(settings.oidc_tenant):
        raise SettingsInvalid("OPENDOMS_OIDC_TENANT: expected the name of a tenant")
    named = frozenset(name.strip() for name in settings.oidc_tenants.split(",") if name.strip())
    if not all(name == ANY_TENANT or judged.is_tenant(name) for name in named):
        raise SettingsInvalid("OPENDOMS_OIDC_TENANTS: expected names of tenants with commas between, or *")
    fallback = settings.oidc_tenant or settings.tenant
    return OutsideIssuer(
        url=settings.oidc_issuer,
        audience=settings.oidc_audience,
        tenant_claim=settings.oidc_tenant_claim,
        roles_claim=settings.oidc_roles_claim,
        permissions_claim=settings.oidc_permissions_claim,
        tenant=settings.oidc_tenant or None,
        tenants=named | {settings.oidc_tenant} if named and settings.oidc_tenant else named or frozenset({fallback}),
    )


def is_safe_url(url: str) -> bool:
    """Whether keys may be fetched from there: https, or http where the host is this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port  # raises where it is no number
    except ValueError:
        return False
    if not host or parts.username is not None or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))


def is_loopback(host: str) -> bool:
    """Whether this host is this machine, by its name alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def verify(token: Unverified, key: jwt.PyJWK | None, issuer: OutsideIssuer, now_ms: int) -> AcceptedOutside:
    """The caller that an outside token makes. `key` is the one that it names, None where the issuer has no such key.

    Raises Unauthenticated with the reason. Roles and permissions that are not known here give nothing.
    """
    if key is None:
        raise refused("was signed with a key that its issuer does not publish", "Get a new token.")
    claims = verified(token, key)
    judged.check_issuer(claims, issuer.url)
    judged.check_audience(claims, issuer.audience)
    expires = judged.expiry_of(claims, now_ms)
    roles = judged.names_of(judged.claim_at(claims, issuer.roles_claim))
    permissions = judged.names_of(judged.claim_at(claims, issuer.permissions_claim))
    principal = Principal(
        tenant=_tenant_of(claims, issuer),
        subject=judged.subject_of(claims),
        permissions=permissions_of(roles, permissions),
        name=judged.name_of(claims),
    )
    return AcceptedOutside(principal, expires)


def _tenant_of(claims: Claims, issuer: OutsideIssuer) -> str:
    tenant = judged.claim_at(claims, issuer.tenant_claim)
    if tenant is None:
        tenant = issuer.tenant
    if tenant is None:
        raise refused("names no tenant", "The operator sets which claim carries it, or one tenant for all tokens.")
    if not judged.is_tenant(tenant) or not ({tenant, ANY_TENANT} & issuer.tenants):
        raise refused("is for a tenant that its issuer may not name here")
    return str(tenant)
