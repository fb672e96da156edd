"""A hub that takes order records in, and files with sales."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from opendoms.app import Hub, actions_of, hub_for
from opendoms.configuration.order_records import ORDER_RECORDS
from opendoms.db.sqlfile import Query
from opendoms.importing.journal import VERDICTS_SUFFIX
from opendoms.kernel.changeset import Origin
from opendoms.settings import Settings

FACILITY = {
    "name": "Store",
    "tenantFacilityId": "store-1",
    "address": {"companyName": "S", "street": "Main", "postalCode": "50667", "city": "Köln", "country": "DE"},
}
ORIGIN = Origin("default", "tester", "test")


class Shop(NamedTuple):
    """An open hub, and where its files lie."""

    hub: Hub
    folder: Path

    def file(self, *lines: dict[str, Any] | str) -> Path:
        """A file with these lines."""
        path = self.folder / "sales.ndjson"
        texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        path.write_text("".join(f"{text}\n" for text in texts), "utf-8")
        return path

    def verdicts(self) -> list[dict[str, Any]]:
        """What failed."""
        path = self.folder / f"sales.ndjson{VERDICTS_SUFFIX}"
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []

    async def stored(self) -> list[tuple[str, int, str]]:
        """The callers' own ids of all records with the number of their events and who wrote them, in order."""
        sql = (
            "select tenant_order_record_id, count(*), min(actor) from order_records"
            " join events on entity_kind = 'ORDER_RECORD' and entity_id = id"
            " group by tenant_order_record_id order by tenant_order_record_id"
        )
        return [(row[0], row[1], row[2]) for row in await self.hub.db.rows(Query("stored", sql, sql, ()), {})]


async def opened(database_url: str) -> Hub:
    """An open hub that takes order records in, with a facility to sell at."""
    hub = hub_for(Settings(database=database_url, log_requests=False))
    await hub.db.open()
    actions = actions_of(hub)
    await actions.configurations.put(ORDER_RECORDS, {"version": 0, "isOrderRecordsEnabled": True}, ORIGIN)
    await actions.facilities.create(FACILITY, ORIGIN)
    return hub


@pytest.fixture
async def shop(database_url: str, tmp_path: Path) -> AsyncIterator[Shop]:
    """A hub, and an empty folder."""
    hub = await opened(database_url)
    folder = tmp_path / "files"
    folder.mkdir()
    yield Shop(hub, folder)
    await hub.db.close()


def sale(number: int, **more: Any) -> dict[str, Any]:
    """A small sale with its own number."""
    line = {"quantity": 1, "article": {"tenantArticleId": f"A-{number}", "attributes": []}}
    return {
        "tenantOrderRecordId": f"sale-{number:04}",
        "orderRecordDate": "2026-11-20T08:00:00Z",
        "facilityRef": "urn:fft:facility:tenantFacilityId:store-1",
        "lineItems": [line],
        **more,
    }
