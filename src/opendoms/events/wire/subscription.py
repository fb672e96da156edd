"""Subscriptions as the contract has them, and the events that can be subscribed to."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from opendoms.web.wire_types import LIST_SIZE_DEFAULT, Closed, FilledText, PageSize, Timestamp, Wire


class CallbackHeader(Wire, frozen=True, gc=False):
    """A header that goes out with every message."""

    key: str
    """The name of the header, such as Authorization."""
    value: str
    """What it says; printable ASCII."""


class SubscriptionTargetWebhook(Closed, frozen=True, gc=False, tag_field="type", tag="WEBHOOK"):
    """Messages go to a URL."""

    callback_url: str
    """The http or https URL that messages are posted to."""
    headers: Annotated[tuple[CallbackHeader, ...], Meta(min_length=1)] | UnsetType = UNSET
    """Headers that go out with every message, at most 32."""


class SubscriptionTargetMicrosoftAzureServiceBus(
    Closed, frozen=True, gc=False, tag_field="type", tag="MICROSOFT_AZURE_SERVICE_BUS"
):
    """Messages would go to Azure Service Bus; this hub refuses it."""

    tenant_id: FilledText
    """The directory that the application is registered in."""
    client_id: FilledText
    """The application."""
    client_secret: FilledText
    """What the application signs in with."""
    namespace: FilledText
    """The namespace of the bus."""
    queue_or_topic_name: FilledText
    """The queue or topic."""


class SubscriptionTargetGoogleCloudPubSub(Closed, frozen=True, gc=False, tag_field="type", tag="GOOGLE_CLOUD_PUB_SUB"):
    """Messages would go to Google Cloud Pub/Sub; this hub refuses it."""

    project_id: FilledText
    """The project of the topic."""
    topic_id: FilledText
    """The topic."""


SubscriptionTarget = (
    SubscriptionTargetWebhook | SubscriptionTargetMicrosoftAzureServiceBus | SubscriptionTargetGoogleCloudPubSub
)


class SubscriptionContext(Wire, frozen=True, gc=False):
    """Lets only events through that have to do with certain facilities."""

    type: Literal["FACILITY", "FACILITY_GROUP"]
    """What `values` name. This hub keeps no facility groups and refuses FACILITY_GROUP."""
    values: Annotated[tuple[str, ...], Meta(min_length=1)]
    """The ids of the facilities, of which an event has to name one; at most 500."""


class SubscriptionForCreation(Closed, frozen=True, gc=False):
    """Who wants to be told of which event. One of `target` and `callbackUrl` has to be there."""

    name: str
    """What the caller calls the subscription, at most 256 characters."""
    event: str
    """The name of the event. One that this hub never sends is taken and stays silent."""
    target: SubscriptionTarget | UnsetType = UNSET
    """Where messages go."""
    contexts: tuple[SubscriptionContext, ...] | UnsetType = UNSET
    """What an event must have to do with, all of them; at most 16."""
    callback_url: str | UnsetType = UNSET
    """The older spelling of `target.callbackUrl`."""
    headers: Annotated[tuple[CallbackHeader, ...], Meta(min_length=1)] | UnsetType = UNSET
    """The older spelling of `target.headers`."""


class Subscription(Wire, frozen=True, gc=False, kw_only=True):
    """A subscription as it is stored, its target in both spellings."""

    id: str
    """The id of the subscription, made by the server."""
    created: Timestamp
    """When it was stored."""
    name: str
    """What the caller calls it."""
    event: str
    """The name of the event."""
    target: SubscriptionTarget | UnsetType = UNSET
    """Where messages go."""
    contexts: tuple[SubscriptionContext, ...] | UnsetType = UNSET
    """What an event must have to do with."""
    callback_url: str | UnsetType = UNSET
    """The same as `target.callbackUrl`."""
    headers: Annotated[tuple[CallbackHeader, ...], Meta(min_length=1)] | UnsetType = UNSET
    """The same as `target.headers`."""


class Subscriptions(Wire, frozen=True, gc=False):
    """One page of subscriptions, newest first."""

    subscriptions: tuple[Subscription, ...] | UnsetType = UNSET
    """The subscriptions of this page."""
    total: Annotated[int, Meta(ge=0)] | UnsetType = UNSET
    """How many subscriptions there are on all pages together."""
    next_cursor: str | UnsetType = UNSET
    """What to send as `startAfterId` for the next page; absent on the last one."""


class SubscriptionListQuery(Wire, frozen=True, gc=False):
    """The parameters of the list of subscriptions."""

    start_after_id: str | UnsetType = UNSET
    """The list goes on behind this id; the id of the last subscription of the page before."""
    size: PageSize = LIST_SIZE_DEFAULT
    """How many subscriptions a page holds at most."""


class SupportedEvent(Wire, frozen=True, gc=False):
    """An event that this hub sends."""

    event: str | UnsetType = UNSET
    """Its name, to be given to a subscription."""
    description: str | UnsetType = UNSET
    """What has happened."""


class SupportedEvents(Wire, frozen=True, gc=False):
    """What can be subscribed to."""

    supported_events: tuple[SupportedEvent, ...] | UnsetType = UNSET
    """Every event that this hub sends."""
