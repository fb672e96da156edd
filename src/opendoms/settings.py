"""Everything an operator can set, in one frozen value; each field has an environment variable."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Annotated

import msgspec
from msgspec import Meta


class SettingsInvalid(Exception):  # noqa: N818 - told to the operator as one line
    """A setting cannot be used as it is; the message names it and says what is expected."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of one process. The environment twin of a field is `OPENDOMS_` and its name in capitals."""

    database: str = "sqlite:///data/opendoms.db"
    """Where orders are kept: sqlite:///relative/path, sqlite:////absolute/path or postgresql://user:password@host/name."""

    host: str = "127.0.0.1"
    """The address to listen on. The default is reachable from this machine only."""

    port: Annotated[int, Meta(ge=0, le=65_535)] = 8080
    """The port to listen on, 0 for any free one."""

    workers: Annotated[int, Meta(ge=1, le=256)] = 1
    """Server processes. More than one needs PostgreSQL."""

    body_bytes_max: Annotated[int, Meta(ge=1)] = 4 * 1024 * 1024
    """The largest request body that is read, in bytes."""

    drain_seconds_max: Annotated[int, Meta(ge=0)] = 60
    """How long requests that were accepted may still take after SIGTERM."""

    trusted_proxies: str = ""
    """Comma-separated addresses whose X-Forwarded-Proto and X-Forwarded-Host are believed."""

    connections: Annotated[int, Meta(ge=1, le=1_000)] = 10
    """PostgreSQL connections per process."""

    log_requests: bool = True
    """One JSON line per request on standard output."""

    oidc_issuer: str = ""
    """The issuer of an outside OpenID Connect provider whose tokens are accepted; empty for none."""

    oidc_audience: str = ""
    """The audience that those tokens must name; needed with an issuer."""

    oidc_tenant_claim: str = "tenant"
    """The claim that carries the tenant; a dot steps into an object."""

    oidc_roles_claim: str = "roles"
    """The claim that carries the roles."""

    oidc_permissions_claim: str = "permissions"
    """The claim that carries single permissions."""

    oidc_tenant: str = ""
    """The tenant of every outside token where no claim carries it; empty: the claim is needed."""

    oidc_tenants: str = ""
    """Comma-separated tenants that outside tokens may be for, * for any; empty: `oidc_tenant`, or else `tenant`."""

    token_cache_seconds: Annotated[int, Meta(ge=0, le=300)] = 60
    """How long a verified token is believed without looking again, in seconds."""

    search_seconds_max: Annotated[float, Meta(gt=0, le=30)] = 10
    """How long one search may take; one that takes longer is refused and told to ask for less."""

    total_seconds_max: Annotated[float, Meta(gt=0, le=30)] = 2
    """How long counting the results of a search may take; then the total is left out, and a header says so."""

    retention_open_orders_after: str = ""
    """The age, such as 52w, after which an order that is not over counts as over for retention; empty: never."""

    sandbox: bool = False
    """Gives every tenant a clock that the API can move; for tests and demonstrations, never for real orders."""

    webhook_allow_private_networks: bool = False
    """Lets callback URLs lead to this machine and to private networks; for tests, and where receivers live there."""

    webhook_deliveries_per_second_max: Annotated[int, Meta(ge=1, le=100_000)] = 1_000
    """How many webhooks one process sends per second at most, so that requests come first."""

    webhook_retention_days: Annotated[int, Meta(ge=1, le=3_650)] = 7
    """How long deliveries that have ended are listed. Dead letters are for 90 days."""

    tenant: str = "default"
    """The tenant that commands act for unless they name another."""


def settings_from(environment: Mapping[str, str] = os.environ, **options: object) -> Settings:
    """The settings of the environment, overridden by the options that are not None. Raises SettingsInvalid."""
    given: dict[str, object] = {}
    for name in Settings.__struct_fields__:
        value = environment.get(f"OPENDOMS_{name.upper()}")
        if value is not None:
            given[name] = value
    given.update({name: value for name, value in options.items() if value is not None})
    try:
        return msgspec.convert(given, Settings, strict=False)
    except msgspec.ValidationError as error:
        name = str(error).rpartition("`$.")[2].rstrip("`") or "settings"
        expected = str(error).partition(" - at ")[0].replace("`", "")
        raise SettingsInvalid(f"{name} (OPENDOMS_{name.upper()}): {expected[:1].lower()}{expected[1:]}") from None
