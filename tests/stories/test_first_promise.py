"""The journey of docs/tutorials/first-promise.md, on the retailer that `opendoms seed` makes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.server import Server, command, token
from tests.tree import text_of

TUTORIAL = "docs/tutorials/first-promise.md"
ARTICLES = ("A-20500", "A-20501")


@pytest.fixture
def database(tmp_path: Path) -> str:
    """A fresh SQLite database in a folder of its own."""
    return f"sqlite:///{tmp_path}/data/opendoms.db"


def bodies() -> list[str]:
    """What the page sends, in order."""
    return re.findall(r"-d '(\{.*?\})'", text_of(TUTORIAL), re.DOTALL)


def shelf(http: httpx.Client) -> dict[str, tuple[int, int]]:
    """What can be had of each article, and what is reserved."""
    answer = http.get("/api/stocks/summaries", params={"tenantArticleIds": ARTICLES}).json()
    return {
        each["article"]["tenantArticleId"]: (each["details"]["availableForPicking"], each["details"]["reserved"])
        for each in answer["stockSummaries"]
    }


def test_the_tutorial_is_as_it_says(database: str, tmp_path: Path) -> None:
    """Seeded once, twice to no effect; promised, explained, extended, confirmed and cancelled; stock goes along."""
    planted = command("seed", "--database", database, "--scenario", "retail", "--orders", "250").stdout
    world = "2 tags\n6 carriers\n32 facilities\n72 connections\n33756 listings\n30715 stocks\n"
    assert planted == f"{world}250 orders\n"
    again = command("seed", "--database", database, "--scenario", "retail").stdout
    assert again == re.sub(r"\d+", "0", world)
    promise_body, *actions = bodies()
    headers = {"Authorization": f"Bearer {token(database)}", "Content-Type": "application/json"}
    with (
        Server(database, tmp_path / "server.log") as server,
        httpx.Client(base_url=server.url, headers=headers) as http,
    ):
        assert http.get("/api/orders?size=1").json()["total"] == 250
        shop = http.get("/api/facilities/urn:fft:facility:tenantFacilityId:S-001").json()
        assert shop["name"] == "Lindwerk Berlin"
        carriers = http.get(f"/api/facilities/{shop['id']}/carriers").json()["carriers"]
        assert sorted(each["key"] for each in carriers if each["status"] == "ACTIVE") == [
            "CUSTOM_COURIER",
            "DHL_V2",
            "GLS",
        ]
        before = shelf(http)
        promise = http.post("/api/promises/deliverypromise", content=promise_body).json()
        (shipment,) = promise["shipToCustomer"]
        assert [item["quantity"] for item in shipment["lineItems"]] == [2, 1]
        costs = [
            cost for carrier in shipment["carriers"] for each in carrier["products"] for cost in each["deliveryCosts"]
        ]
        assert costs
        assert changed(before, shelf(http)) == {"A-20500": (-2, 2), "A-20501": (-1, 1)}
        explained = http.get(f"/opendoms/v1/promises/{promise['orderRef']}/explanation").json()
        assert len(explained["facilities"]) == 32
        assert explained["facilities"][0]["facilityRef"] == shipment["facility"]["facilityRef"]
        statuses = []
        for action in actions:
            order: Any = http.post(f"/api/orders/{promise['orderRef']}/actions", content=action).json()
            statuses.append((order["version"], order["status"]))
            if order["status"] == "OPEN":
                assert changed(before, shelf(http)) == {"A-20500": (-2, 2), "A-20501": (-1, 1)}
        assert statuses == [(2, "PROMISED"), (3, "OPEN"), (4, "CANCELLED")]
        assert shelf(http) == before
    assert command("doctor", "--database", database).returncode == 0


def changed(before: dict[str, tuple[int, int]], now: dict[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    """By how much each number has changed."""
    return {article: (now[article][0] - had[0], now[article][1] - had[1]) for article, had in before.items()}
