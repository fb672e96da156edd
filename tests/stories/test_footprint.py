"""What a full store costs: memory of the process while 10,000 large orders are posted and listed."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import httpx
import pytest

from tests.server import Server, token

ORDERS, LINES, CLIENTS = 10_000, 50, 8
RESIDENT_BYTES_MAX = 250 * 1_000_000


def resident_bytes(pid: int) -> int:
    """The largest resident size that the process ever had."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("the kernel does not tell")


@pytest.mark.slow
@pytest.mark.bench
async def test_ten_thousand_large_orders_fit_into_memory(tmp_path: Path) -> None:
    """Posted by eight clients and listed page by page, with the process under 250 MB all the time."""
    database = f"sqlite:///{tmp_path}/opendoms.db"
    attributes = [
        {"key": f"key {number}", "value": f"value {number}", "category": "descriptive"} for number in range(2)
    ]
    article = {"title": "Cologne Water", "imageUrl": "https://example.com/a.png", "attributes": attributes}
    lines = [{"quantity": 1, "article": {"tenantArticleId": f"A-{number}", **article}} for number in range(LINES)]
    body = json.dumps({"orderDate": "2026-11-20T08:00:00Z", "consumer": {"consumerId": "c"}, "orderLineItems": lines})
    with Server(database, tmp_path / "server.log") as server:
        headers = {"Authorization": f"Bearer {token(database)}", "Content-Type": "application/json"}
        async with httpx.AsyncClient(base_url=server.url, headers=headers, timeout=60) as http:
            numbers = iter(range(ORDERS))

            async def post() -> None:
                for _ in numbers:
                    assert (await http.post("/api/orders", content=body)).status_code == 201

            await asyncio.gather(*(post() for _ in range(CLIENTS)))
            listed, cursor = 0, ""
            while True:
                page = (await http.get(f"/api/orders?size=500{cursor}")).json()
                listed += len(page["orders"])
                if "nextCursor" not in page:
                    break
                cursor = f"&startAfterId={page['nextCursor']}"
        assert listed == ORDERS
        assert server.process is not None
        used = resident_bytes(server.process.pid)
        print(f"resident at most {used / 1e6:.0f} MB")  # noqa: T201 - the figure is what this is run for
        assert used < RESIDENT_BYTES_MAX
