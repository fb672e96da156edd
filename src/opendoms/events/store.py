"""Where subscriptions, their secrets, the progress of endpoints, deliveries and replays are kept."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from opendoms.db.entity import Entity
from opendoms.db.sqlfile import Queries
from opendoms.events.rules.delivery import OPEN, due_of
from opendoms.events.rules.lanes import Row
from opendoms.events.rules.place import Place
from opendoms.kernel.changeset import Column, Put, Table
from opendoms.kernel.decision import Document
from opendoms.kernel.document import encode

SUBSCRIPTIONS: Final = Table(
    "subscriptions",
    (
        Column("endpoint_id", "text"),
        Column("paused", "boolean"),
        Column("since_xid", "bigint"),
        Column("since_position", "bigint"),
    ),
)
SECRETS: Final = Table("subscription_secrets")
ENDPOINTS: Final = Table("webhook_endpoints")
DELIVERIES: Final = Table(
    "webhook_deliveries",
    (
        Column("subscription_id", "text"),
        Column("entity_id", "text"),
        Column("position", "bigint"),
        Column("number", "bigint"),
        Column("state", "text"),
        Column("lane", "text"),
        Column("due", "bigint"),
    ),
)
REPLAYS: Final = Table("webhook_replays", (Column("running", "boolean"),))
TABLES: Final = (SUBSCRIPTIONS, SECRETS, ENDPOINTS, DELIVERIES, REPLAYS)

# Its promoted values are given by whoever writes: where a subscription began is not part of its document.
SUBSCRIPTION: Final = Entity("SUBSCRIPTION", SUBSCRIPTIONS)

QUERIES: Final = Queries("opendoms.events")
# What the relay reads, now and then or per delivery; no request does.
RELAY: Final = Queries("opendoms.events", "relay.sql")

_ENDPOINT_ID_CHARACTERS: Final = 32


def endpoint_id_of(url: str) -> str:
    """The id under which the progress of a callback URL is kept."""
    return hashlib.sha256(url.encode()).hexdigest()[:_ENDPOINT_ID_CHARACTERS]


def subscription_put(tenant: str, document: Document, since: Place) -> Put:
    """A subscription as it is to be stored; version 1 is new."""
    version = document["version"]
    values = (endpoint_id_of(document["callbackUrl"]), document["paused"], since.xid, since.position)
    return Put(SUBSCRIPTIONS, tenant, document["id"], version - 1 or None, version, encode(document), values)


def put_of(table: Table, tenant: str, document: Document, *values: Any) -> Put:
    """A document of a table in its next version; version 1 is new."""
    version = document["version"]
    return Put(table, tenant, document["id"], version - 1 or None, version, encode(document), values)


def delivery_put(tenant: str, row: Row) -> Put:
    """A delivery as it is to be stored; version 1 is new."""
    delivery = row.delivery
    is_open = delivery["state"] in OPEN
    return put_of(
        DELIVERIES,
        tenant,
        delivery,
        delivery["subscriptionId"],
        delivery["entityId"],
        row.position,
        row.number,
        delivery["state"],
        delivery["entityId"] if is_open else None,
        due_of(delivery) if is_open else None,
    )
