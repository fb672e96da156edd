"""A subscription as the relay holds it: whom it is for, what it wants, and what its messages are signed with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from opendoms.db.engine import Engine
from opendoms.events.rules.catalogue import Told, event_id_of, is_told, told_by
from opendoms.events.rules.contexts import wanted
from opendoms.events.rules.envelope import body_of
from opendoms.events.rules.place import Happened
from opendoms.events.sending import USER_AGENT, Header
from opendoms.events.signing import key_of, signature
from opendoms.events.store import RELAY
from opendoms.kernel.clock import instant_from
from opendoms.kernel.decision import Document
from opendoms.kernel.document import decode

_OURS: Final = ((b"Content-Type", b"application/json"), (b"User-Agent", USER_AGENT), (b"Accept", b"*/*"))


class Subscriber(NamedTuple):
    """One subscription; `told` is None where this hub never sends the event.

    `previous` is the key before a rotation, which signs as well until `previous_until` (ms).
    """

    id: str
    event: str
    told: Told | None
    url: str
    headers: tuple[Header, ...]
    contexts: Sequence[Document]
    key: bytes
    previous: bytes | None
    previous_until: int

    def wants(self, event: Happened) -> bool:
        """Whether an event is to be sent."""
        return self.told is not None and is_told(self.told, event) and wanted(self.contexts, event)

    def message(self, name: str, event: Happened, *, now: int) -> tuple[list[Header], bytes]:
        """Headers and body of a message that is sent now (ms). Its id is the event's, at every attempt."""
        body = body_of(name, event)
        event_id = event_id_of(name, event)
        keys = [self.key]
        if self.previous is not None and now < self.previous_until:
            keys.append(self.previous)
        timestamp_s = now // 1000
        signed = [
            (b"webhook-id", event_id.encode()),
            (b"webhook-timestamp", b"%d" % timestamp_s),
            (b"webhook-signature", signature(keys, event_id, timestamp_s, body).encode()),
            (b"opendoms-sequence", b"%d" % event.seq),
        ]
        return [*self.headers, *signed], body


async def subscribers(db: Engine, tenant: str, ids: Sequence[str]) -> list[Subscriber]:
    """Those of the subscriptions that there are."""
    rows = await db.rows(RELAY.subscriptions_whole, {"tenant": tenant, "ids": list(ids)})
    return [_subscriber(decode(row[1]), decode(row[2])) for row in rows]


def _subscriber(subscription: Document, secret: Document) -> Subscriber:
    headers = tuple((header["key"].encode(), header["value"].encode()) for header in subscription.get("headers", ()))
    names = {name.lower() for name, _ in headers}
    previous = secret.get("previous")
    return Subscriber(
        id=subscription["id"],
        event=subscription["event"],
        told=told_by(subscription["event"]),
        url=subscription["callbackUrl"],
        headers=(*(header for header in _OURS if header[0].lower() not in names), *headers),
        contexts=subscription.get("contexts", ()),
        key=key_of(secret["secret"]),
        previous=key_of(previous) if previous is not None else None,
        previous_until=instant_from(secret["previousUntil"]) if previous is not None else 0,
    )
