"""Options that several commands have."""

from __future__ import annotations

import difflib

import click

from opendoms.identity.permissions import Permission, Role

database_option = click.option(
    "--database",
    metavar="URL",
    help="sqlite:///path or postgresql://user:password@host/name.",
    envvar="OPENDOMS_DATABASE",
    show_envvar=True,
)
tenant_option = click.option("--tenant", help="The tenant to act for.", envvar="OPENDOMS_TENANT", show_envvar=True)
role_option = click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice([*Role], case_sensitive=False),
    help="A bundle of permissions; may be repeated.",
)


def known(_context: click.Context, _option: click.Parameter, permissions: tuple[str, ...]) -> tuple[str, ...]:
    """Permissions by name; a Choice would print all of them in its refusal."""
    for name in permissions:
        if name not in set(Permission):
            near = difflib.get_close_matches(name, Permission, 1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise click.BadParameter(f"{name} is no permission.{hint}")
    return permissions
