"""What a caller can be allowed to do, and the roles that bundle it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final


class Permission(StrEnum):
    """The permissions that have to do with orders, by the names that the contract gives them."""

    ORDER_READ = "ORDER_READ"
    ORDER_WRITE = "ORDER_WRITE"
    ORDER_CANCEL = "ORDER_CANCEL"
    ORDER_FORCE_CANCEL = "ORDER_FORCE_CANCEL"
    ORDER_UNLOCK = "ORDER_UNLOCK"
    ORDER_CONSUMER_WRITE = "ORDER_CONSUMER_WRITE"
    ORDER_CUSTOM_ATTRIBUTES_WRITE = "ORDER_CUSTOM_ATTRIBUTES_WRITE"
    ORDER_LINEITEM_WRITE = "ORDER_LINEITEM_WRITE"
    ORDER_TOTAL_READ = "ORDER_TOTAL_READ"
    LINE_ITEM_PRICING_READ = "LINE_ITEM_PRICING_READ"
    LINE_ITEM_QUANTITY_INCREASE = "LINE_ITEM_QUANTITY_INCREASE"
    LINE_ITEM_QUANTITY_DECREASE = "LINE_ITEM_QUANTITY_DECREASE"
    LINE_ITEM_ADD = "LINE_ITEM_ADD"
    LINE_ITEM_DELETE = "LINE_ITEM_DELETE"
    SIMULATION_ORDER_READ = "SIMULATION_ORDER_READ"
    SIMULATION_ORDER_WRITE = "SIMULATION_ORDER_WRITE"
    ORDER_RECORD_READ = "ORDER_RECORD_READ"
    ORDER_RECORD_WRITE = "ORDER_RECORD_WRITE"
    PROMISES_CONFIG_READ = "PROMISES_CONFIG_READ"
    PROMISES_CONFIG_WRITE = "PROMISES_CONFIG_WRITE"
    CONFIG_READ = "CONFIG_READ"
    CONFIG_WRITE = "CONFIG_WRITE"
    EXPIRIES_READ = "EXPIRIES_READ"
    EXPIRIES_WRITE = "EXPIRIES_WRITE"
    PROCESS_READ = "PROCESS_READ"
    PROCESS_WRITE = "PROCESS_WRITE"
    PROCESS_REROUTE = "PROCESS_REROUTE"
    PROCESS_LOG_READ = "PROCESS_LOG_READ"
    AUDIT_READ = "AUDIT_READ"
    RESERVATION_READ = "RESERVATION_READ"
    RESERVATION_WRITE = "RESERVATION_WRITE"
    STOCK_READ = "STOCK_READ"
    STOCK_WRITE = "STOCK_WRITE"
    STOCK_AVAILABILITIES_READ = "STOCK_AVAILABILITIES_READ"
    LISTING_READ = "LISTING_READ"
    LISTING_WRITE = "LISTING_WRITE"
    LISTING_DELETE = "LISTING_DELETE"
    FACILITY_READ = "FACILITY_READ"
    FACILITY_WRITE = "FACILITY_WRITE"
    FACILITY_CREATE = "FACILITY_CREATE"
    FACILITY_DELETE = "FACILITY_DELETE"
    CARRIER_READ = "CARRIER_READ"
    CARRIER_WRITE = "CARRIER_WRITE"
    CUSTOM_SERVICE_READ = "CUSTOM_SERVICE_READ"
    CUSTOM_SERVICE_WRITE = "CUSTOM_SERVICE_WRITE"
    TAG_READ = "TAG_READ"
    TAG_WRITE = "TAG_WRITE"
    SUBSCRIPTION_READ = "SUBSCRIPTION_READ"
    SUBSCRIPTION_WRITE = "SUBSCRIPTION_WRITE"
    EVENT_READ = "EVENT_READ"
    SAFETY_STOCK_READ = "SAFETY_STOCK_READ"
    SAFETY_STOCK_WRITE = "SAFETY_STOCK_WRITE"
    USER_READ = "USER_READ"
    USERS_READ = "USERS_READ"
    USER_WRITE = "USER_WRITE"
    USER_MODIFY = "USER_MODIFY"
    CURRENT_USER_READ = "CURRENT_USER_READ"
    CURRENT_USER_MODIFY = "CURRENT_USER_MODIFY"
    ROLE_READ = "ROLE_READ"
    ROLE_WRITE = "ROLE_WRITE"
    PERMISSION_READ = "PERMISSION_READ"
    ADMIN_MODULES_READ = "ADMIN_MODULES_READ"
    ADMIN_MODULES_WRITE = "ADMIN_MODULES_WRITE"
    ADMIN_DATA_RESET = "ADMIN_DATA_RESET"


class Role(StrEnum):
    """The predefined roles."""

    ADMIN = "ADMIN"
    SUPERVISOR = "SUPERVISOR"
    FULFILLER = "FULFILLER"


_P = Permission

# Who works on orders in a store or warehouse: sees what the work needs, changes nothing but their own profile.
_FULFILLER: Final = frozenset(
    {
        _P.ORDER_READ,
        _P.ORDER_TOTAL_READ,
        _P.LINE_ITEM_PRICING_READ,
        _P.PROCESS_READ,
        _P.EXPIRIES_READ,
        _P.RESERVATION_READ,
        _P.STOCK_READ,
        _P.STOCK_AVAILABILITIES_READ,
        _P.LISTING_READ,
        _P.FACILITY_READ,
        _P.CARRIER_READ,
        _P.CUSTOM_SERVICE_READ,
        _P.TAG_READ,
        _P.CURRENT_USER_READ,
        _P.CURRENT_USER_MODIFY,
    }
)

# Who answers for daily business: everything about orders, records, stock and processes. Not: configuration, master
# data of facilities, users, subscriptions, and cancelling by force, which overrides what operations have begun.
_SUPERVISOR: Final = _FULFILLER | {
    _P.ORDER_WRITE,
    _P.ORDER_CANCEL,
    _P.ORDER_UNLOCK,
    _P.ORDER_CONSUMER_WRITE,
    _P.ORDER_CUSTOM_ATTRIBUTES_WRITE,
    _P.ORDER_LINEITEM_WRITE,
    _P.LINE_ITEM_QUANTITY_INCREASE,
    _P.LINE_ITEM_QUANTITY_DECREASE,
    _P.LINE_ITEM_ADD,
    _P.LINE_ITEM_DELETE,
    _P.SIMULATION_ORDER_READ,
    _P.SIMULATION_ORDER_WRITE,
    _P.ORDER_RECORD_READ,
    _P.ORDER_RECORD_WRITE,
    _P.PROMISES_CONFIG_READ,
    _P.CONFIG_READ,
    _P.EXPIRIES_WRITE,
    _P.PROCESS_WRITE,
    _P.PROCESS_REROUTE,
    _P.PROCESS_LOG_READ,
    _P.AUDIT_READ,
    _P.RESERVATION_WRITE,
    _P.STOCK_WRITE,
    _P.LISTING_WRITE,
    _P.SAFETY_STOCK_READ,
    _P.SAFETY_STOCK_WRITE,
    _P.TAG_WRITE,
    _P.SUBSCRIPTION_READ,
    _P.EVENT_READ,
    _P.USER_READ,
    _P.USERS_READ,
    _P.ROLE_READ,
    _P.PERMISSION_READ,
    _P.ADMIN_MODULES_READ,
}

ROLE_PERMISSIONS: Final[dict[Role, frozenset[Permission]]] = {
    Role.ADMIN: frozenset(Permission),
    Role.SUPERVISOR: _SUPERVISOR,
    Role.FULFILLER: _FULFILLER,
}

# Every spelling that names a role, in capitals. The hosted original calls the first one Administrator.
_ROLES_BY_NAME: Final = {**{role.value: role for role in Role}, "ADMINISTRATOR": Role.ADMIN}
_PERMISSIONS_BY_NAME: Final = {permission.value: permission for permission in Permission}

ROLE_EXPECTED: Final = f"expected one of {', '.join(Role)}"


def role_of(name: str) -> Role | None:
    """The role of this name, in capitals or not; None where there is none."""
    return _ROLES_BY_NAME.get(name.strip().upper())


def roles_of(names: Iterable[str]) -> tuple[Role, ...]:
    """The roles of these names, each once. Raises ValueError for a name that is no role."""
    roles = dict.fromkeys(role_of(name) for name in names)
    if None in roles:
        raise ValueError(ROLE_EXPECTED)
    return tuple(role for role in roles if role is not None)


def permissions_of(roles: Iterable[str], permissions: Iterable[str] = ()) -> frozenset[str]:
    """What these roles and single permissions allow together. A name that is not known gives nothing."""
    held: set[str] = {_PERMISSIONS_BY_NAME[name] for name in permissions if name in _PERMISSIONS_BY_NAME}
    for name in roles:
        role = role_of(name)
        if role is not None:
            held |= ROLE_PERMISSIONS[role]
    return frozenset(held)
