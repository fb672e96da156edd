"""Subscriptions as we show more of them: versions, pauses, secrets."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from opendoms.events.wire.subscription import CallbackHeader, Subscription, SubscriptionContext, SubscriptionTarget
from opendoms.web.wire_types import Closed, Int64, Timestamp, Wire


class ManagedSubscription(Subscription, frozen=True, gc=False, kw_only=True):
    """A subscription with what the hub knows about it."""

    version: Int64
    """Counts its changes, from 1; whoever changes it sends the version that they have seen."""
    last_modified: Timestamp
    """When it was last changed."""
    paused: bool
    """Whether nothing is sent until it is resumed."""
    supported: bool
    """Whether the hub ever sends the event."""
    secret_hint: str
    """The end of the secret that messages are signed with."""
    previous_secret_until: Timestamp | UnsetType = UNSET
    """Until when messages are signed with the secret before as well."""


class SubscriptionWithSecret(ManagedSubscription, frozen=True, gc=False, kw_only=True):
    """A new subscription with its secret, which is told this once."""

    secret: str
    """What messages are signed with, in the form that receivers enter: whsec_ and base64."""


class SubscriptionForUpdate(Closed, frozen=True, gc=False, kw_only=True):
    """A subscription as it is to be; the event stays. One of `target` and `callbackUrl` has to be there."""

    version: Int64
    """The version that the caller has seen."""
    name: str
    """What the caller calls the subscription, at most 256 characters."""
    target: SubscriptionTarget | UnsetType = UNSET
    """Where messages go."""
    contexts: tuple[SubscriptionContext, ...] | UnsetType = UNSET
    """What an event must have to do with, all of them; at most 16."""
    callback_url: str | UnsetType = UNSET
    """The older spelling of `target.callbackUrl`."""
    headers: Annotated[tuple[CallbackHeader, ...], Meta(min_length=1)] | UnsetType = UNSET
    """The older spelling of `target.headers`."""


class NewSecret(Wire, frozen=True, gc=False):
    """The secret after a rotation, which is told this once."""

    secret: str
    """What messages are signed with from now on."""
    previous_secret_until: Timestamp
    """Until when they carry the signature of the secret before as well."""
