"""Permissions and the roles that bundle them."""

from __future__ import annotations

import pytest

from opendoms.identity.permissions import ROLE_PERMISSIONS, Permission, Role, permissions_of, role_of, roles_of


def test_an_administrator_may_do_everything() -> None:
    """The role ADMIN holds every permission there is."""
    assert permissions_of(["ADMIN"]) == frozenset(Permission)


def test_roles_grow_from_fulfiller_to_admin() -> None:
    """A supervisor may all that a fulfiller may and more, an administrator more than that."""
    fulfiller, supervisor, admin = (permissions_of([role]) for role in ("FULFILLER", "SUPERVISOR", "ADMIN"))
    assert fulfiller < supervisor < admin


def test_a_fulfiller_changes_no_order() -> None:
    """A fulfiller holds one permission that writes, for their own profile."""
    held = ROLE_PERMISSIONS[Role.FULFILLER]
    assert {name for name in held if not name.endswith("_READ")} == {Permission.CURRENT_USER_MODIFY}


def test_a_supervisor_does_not_administrate() -> None:
    """A supervisor edits and cancels orders, and neither forces a cancel nor changes configuration, users or data."""
    held = ROLE_PERMISSIONS[Role.SUPERVISOR]
    assert {Permission.ORDER_WRITE, Permission.ORDER_CANCEL, Permission.ORDER_LINEITEM_WRITE} <= held
    assert not held & {
        Permission.ORDER_FORCE_CANCEL,
        Permission.CONFIG_WRITE,
        Permission.PROMISES_CONFIG_WRITE,
        Permission.USER_WRITE,
        Permission.USER_MODIFY,
        Permission.ROLE_WRITE,
        Permission.SUBSCRIPTION_WRITE,
        Permission.FACILITY_CREATE,
        Permission.ADMIN_MODULES_WRITE,
        Permission.ADMIN_DATA_RESET,
    }


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("ADMIN", Role.ADMIN),
        ("admin", Role.ADMIN),
        ("Administrator", Role.ADMIN),
        ("ADMINISTRATOR", Role.ADMIN),
        (" Supervisor ", Role.SUPERVISOR),
        ("fulfiller", Role.FULFILLER),
        ("root", None),
        ("", None),
    ],
)
def test_a_role_is_known_in_any_case(name: str, role: Role | None) -> None:
    """A role's name counts in capitals or not, and Administrator is another name of ADMIN."""
    assert role_of(name) is role


def test_unknown_names_give_nothing() -> None:
    """Neither a role nor a permission that is not known here opens anything."""
    assert permissions_of(["OWNER"], ["ORDER_DELETE", "order_read"]) == frozenset()


def test_single_permissions_add_to_roles() -> None:
    """Single permissions come on top of those of the roles."""
    held = permissions_of(["FULFILLER"], ["ORDER_WRITE"])
    assert held == permissions_of(["FULFILLER"]) | {"ORDER_WRITE"}


def test_roles_are_named_once() -> None:
    """The same role under two names is one role, and a name that is none is refused."""
    assert roles_of(["Administrator", "admin", "FULFILLER"]) == (Role.ADMIN, Role.FULFILLER)
    with pytest.raises(ValueError, match="ADMIN, SUPERVISOR, FULFILLER"):
        roles_of(["ADMIN", "root"])
