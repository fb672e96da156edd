"""What can be asked of an order that is stored, and the answers to asking for many at once."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from opendoms.orders.wire.consumer import AddressType, ConsumerAddress
from opendoms.web.wire_types import INT64_MAX, LIST_MAX, CustomAttributes, TenantKey, Timestamp, Wire

BULK_MAX = 15

ActionVersion = Annotated[int, Meta(ge=0, le=INT64_MAX)]


class OrderUnlockActionParameter(Wire, frozen=True, gc=False, tag_field="name", tag="UNLOCK"):
    """Opens a locked order."""

    version: ActionVersion
    """The version that the order has; it must still be the stored one."""
    target_time: Timestamp | UnsetType = UNSET
    """When the order is to be handed over from now on."""


class OrderCancelActionParameter(Wire, frozen=True, gc=False, tag_field="name", tag="CANCEL"):
    """Cancels an order of which nothing has been picked."""

    version: ActionVersion
    """The version that the order has; it must still be the stored one."""
    cancelation_reason_id: str | UnsetType = UNSET
    """Why: the id of a cancelation reason."""


class OrderForceCancelActionParameter(Wire, frozen=True, gc=False, tag_field="name", tag="FORCE_CANCEL"):
    """Cancels an order whatever has been done for it; the configuration must allow it."""

    version: ActionVersion
    """The version that the order has; it must still be the stored one."""
    cancelation_reason_id: str | UnsetType = UNSET
    """Why: the id of a cancelation reason."""


class PromiseConfirmActionParameter(Wire, frozen=True, gc=False, tag_field="name", tag="CONFIRM_PROMISE"):
    """Turns a promise into an order."""

    version: ActionVersion
    """The version that the order has; it must still be the stored one."""
    tenant_order_id: TenantKey | UnsetType = UNSET
    """The caller's own id of the order, where the promise was made without one."""


class PromiseExtendActionParameter(Wire, frozen=True, gc=False, tag_field="name", tag="EXTEND_PROMISE"):
    """Keeps a promise for longer."""

    version: ActionVersion
    """The version that the order has; it must still be the stored one."""


class OrderConsumerAddressChangeActionParameter(
    Wire, frozen=True, gc=False, tag_field="name", tag="CHANGE_CONSUMER_ADDRESS"
):
    """Replaces the address of one type. Editing the consumer does the same and more."""

    version: ActionVersion
    """The version that the order has; it must still be the stored one."""
    consumer_address: ConsumerAddress
    """The address as it is to be."""
    address_type: AddressType
    """Which address is replaced; one without a type counts as the postal address."""


class OrderConsumerAddressesReplaceActionParameter(
    Wire, frozen=True, gc=False, tag_field="name", tag="REPLACE_CONSUMER_ADDRESSES"
):
    """Replaces all addresses. Editing the consumer does the same and more."""

    version: ActionVersion
    """The version that the order has; it must still be the stored one."""
    consumer_addresses: Annotated[tuple[ConsumerAddress, ...], Meta(max_length=LIST_MAX)]
    """The addresses as they are to be."""


OrderActionsParameter = (
    OrderUnlockActionParameter
    | OrderCancelActionParameter
    | OrderForceCancelActionParameter
    | PromiseConfirmActionParameter
    | PromiseExtendActionParameter
    | OrderConsumerAddressChangeActionParameter
    | OrderConsumerAddressesReplaceActionParameter
)


class OrderLineItemCustomAttributesUpdateParameter(
    Wire, frozen=True, gc=False, tag_field="name", tag="UPDATE_CUSTOM_ATTRIBUTES"
):
    """Replaces the custom attributes of one line."""

    version: ActionVersion
    """The version that the order has; it must still be the stored one."""
    custom_attributes: CustomAttributes
    """The attributes as they are to be."""


class BulkForceCancelOrderParameter(Wire, frozen=True, gc=False):
    """One order of many."""

    order_id: str
    """The id of the order."""
    version: ActionVersion
    """The version that the order has; it must still be the stored one."""
    cancelation_reason_id: str | UnsetType = UNSET
    """Why: the id of a cancelation reason."""


class BulkForceCancelOrdersActionParameter(Wire, frozen=True, gc=False, tag_field="name", tag="BULK_FORCE_CANCEL"):
    """Cancels several orders, each by itself."""

    orders: Annotated[tuple[BulkForceCancelOrderParameter, ...], Meta(min_length=1, max_length=BULK_MAX)]
    """Which orders."""


class BulkOrderActionResult(Wire, frozen=True, gc=False):
    """What became of one order of many."""

    order_id: str
    """The id of the order."""
    status: Literal["UPDATED", "UNCHANGED", "CREATED", "FAILED"]
    """Whether the order was cancelled, was so already, or why not: see the summary."""
    summary: str | UnsetType = UNSET
    """Why it failed."""


class PossibleAction(Wire, frozen=True, gc=False):
    """One thing that can be asked of an order, and whether it would be done now."""

    name: str
    """The name of the action, or PATCH."""
    possible: bool
    """Whether the order's state and the configuration allow it."""
    permitted: bool
    """Whether the caller's permissions allow it."""
    permission: str
    """The permission that it takes."""
    version: int
    """The version that the request has to carry."""
    reason: str | UnsetType = UNSET
    """Why it is not possible."""


class PossibleActions(Wire, frozen=True, gc=False):
    """What may be done with an order now, and what not and why."""

    order_id: str
    """The id of the order."""
    status: str
    """The state that counts now: a promise whose time has passed is OBSOLETE."""
    version: int
    """The version of the order."""
    actions: tuple[PossibleAction, ...]
    """Every action, possible or not."""
