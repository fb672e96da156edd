"""What can be asked of the history of one order: its versions, and the order as it was."""

from __future__ import annotations

import asyncio
from typing import Final, NamedTuple

from opendoms.db.engine import Engine, Row
from opendoms.history.rules.versions import Version, version_told
from opendoms.history.store import QUERIES
from opendoms.identity.permissions import Permission
from opendoms.identity.principal import Principal
from opendoms.kernel.clock import text_of
from opendoms.kernel.decision import Document
from opendoms.kernel.document import decode, encode
from opendoms.kernel.personal import is_remainder
from opendoms.kernel.refusal import Fault, Forbidden, Invalid, Unknown

ORDER_KIND: Final = "ORDER"
# Documents are read until a page holds so many bytes: first a few versions, then as many as those let expect.
PAGE_BYTES_MAX: Final = 8 * 1024 * 1024
FIRST_BATCH: Final = 4
# The past of an order holds what was taken out of it since, and who did what: reading the order is not enough.
PAST: Final = (Permission.PROCESS_LOG_READ, Permission.AUDIT_READ)


class Reach(NamedTuple):
    """The first and the last version that are kept of an order."""

    first: int
    last: int


class OrderHistory:
    """Reads the events of orders as versions."""

    def __init__(self, db: Engine) -> None:
        self._db = db

    async def page(self, principal: Principal, order_id: str, *, before: int | None, size: int) -> bytes:
        """At most `size` versions below `before`, the newest first, each with its difference to the one before it.

        Fewer where they are large. Raises Forbidden or Unknown.
        """
        _check_past(principal)
        reach = await self._reach(principal.tenant, order_id)
        highest = reach.last if before is None else min(before - 1, reach.last)
        versions = await self.versions(principal.tenant, order_id, highest, size + 1)
        return await asyncio.to_thread(_page, order_id, versions, reach, size)

    async def order(self, principal: Principal, order_id: str, *, version: int | None, as_of: int | None) -> bytes:
        """The order as it was in a version or at an instant (ms), or as it is. Raises Forbidden, Unknown or Invalid."""
        if version is not None and as_of is not None:
            raise Invalid(Fault("version: cannot stand together with asOf"))
        if version is not None or as_of is not None:
            _check_past(principal)
        reach = await self._reach(principal.tenant, order_id)
        key = _key(principal.tenant, order_id)
        if as_of is not None:
            row = await self._db.row(QUERIES.version_at, {**key, "at": as_of})
            if row is None:
                raise _before(order_id, reach, f"at {text_of(as_of)}")
        else:
            row = await self._db.row(QUERIES.version, {**key, "seq": version or reach.last})
            if row is None:
                raise _no_version(order_id, reach, version or 0)
        document: bytes = row[1]
        told = decode(document)
        if is_remainder(told) and told["version"] == row[0]:
            raise Unknown(Fault(f"Order {order_id[:64]} is not kept any more; its history tells when it changed."))
        if told.get("version") != row[0]:
            raise Unknown(Fault(f"Order {order_id[:64]} was removed with version {row[0]}."))
        return document

    async def versions(self, tenant: str, order_id: str, highest: int, size: int) -> list[Version]:
        """At most `size` versions from `highest` down, fewer where they are large, but two if there are two."""
        found: list[Version] = []
        read_bytes, batch = 0, FIRST_BATCH
        while len(found) < size and (read_bytes < PAGE_BYTES_MAX or len(found) == 1):
            asked = min(batch, size - len(found))
            rows = await self._db.rows(QUERIES.versions, {**_key(tenant, order_id), "highest": highest, "size": asked})
            read_bytes += sum(len(row[6]) for row in rows)
            found += await asyncio.to_thread(_decoded, rows)
            if len(rows) < asked:
                break
            highest = found[-1].number - 1
            batch = max((PAGE_BYTES_MAX - read_bytes) // max(read_bytes // len(found), 1), 1)
        return found

    async def _reach(self, tenant: str, order_id: str) -> Reach:
        key = _key(tenant, order_id)
        first = await self._db.row(QUERIES.first_version, key)
        last = await self._db.row(QUERIES.last_version, key)
        if first is None or last is None:
            raise Unknown(Fault(f"Unknown order {order_id[:64]}.", "Nothing is stored under this id."))
        return Reach(first[0], last[0])


def _key(tenant: str, order_id: str) -> dict[str, str]:
    return {"tenant": tenant, "entity_kind": ORDER_KIND, "entity_id": order_id}


def _decoded(rows: list[Row]) -> list[Version]:
    return [
        Version(number, event, event_id, at, actor, cause, decode(document))
        for number, event, event_id, at, actor, cause, document in rows
    ]


def _page(order_id: str, versions: list[Version], reach: Reach, size: int) -> bytes:
    entries: list[Document] = []
    for place, version in enumerate(versions[:size]):
        previous = versions[place + 1].document if place + 1 < len(versions) else None
        if previous is None and version.number > reach.first:
            break  # the one before it did not fit into the page, so this one leads the next page
        entries.append(version_told(version, previous))
    body: Document = {"orderId": order_id, "versions": entries, "total": reach.last - reach.first + 1}
    if entries and entries[-1]["version"] > reach.first:
        body["nextCursor"] = str(entries[-1]["version"])
    return encode(body)


def _check_past(principal: Principal) -> None:
    if not any(map(principal.may, PAST)):
        raise Forbidden(Fault(f"Permission missing: {' or '.join(PAST)} is required for the past of an order."))


def _before(order_id: str, reach: Reach, when: str) -> Unknown:
    if reach.first > 1:
        return Unknown(Fault(f"Order {order_id[:64]} {when} is not kept any more; version {reach.first} is the first."))
    return Unknown(Fault(f"Order {order_id[:64]} was not there {when}."))


def _no_version(order_id: str, reach: Reach, version: int) -> Unknown:
    if version < reach.first:
        return _before(order_id, reach, f"in version {version}")
    return Unknown(Fault(f"Order {order_id[:64]} has no version {version}; {reach.last} is the last one."))
