"""What somebody gets who installs the wheel."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.package.installed import Installed, built_wheel, installed, variables
from tests.tree import ROOT, paths

SECONDS_MAX = 30
ORDER: dict[str, Any] = {
    "orderDate": "2026-11-22T09:30:00Z",
    "tenantOrderId": "first-order",
    "consumer": {
        "addresses": [
            {"street": "Main Street", "houseNumber": "1", "postalCode": "50667", "city": "Köln", "country": "DE"}
        ]
    },
    "orderLineItems": [{"quantity": 2, "article": {"tenantArticleId": "4711", "title": "Cologne Water"}}],
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return installed(wheel, tmp_path_factory.mktemp("environment"))


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/hub.db"


@pytest.fixture
def server(environment: Installed, database: str, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """The installed command, serving from an empty folder."""
    command = environment.command("serve", "--port", "0", "--database", database)
    with subprocess.Popen(
        command, cwd=tmp_path, env=variables(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def ready_address(process: subprocess.Popen[str]) -> str:
    """Reads what the server prints until it says where it is; fails with all of it where it ends before that."""
    assert process.stdout
    said = ""
    for line in process.stdout:
        said += line
        match = re.search(r"http://127\.0\.0\.1:\d+", line)
        if match:
            return match[0]
    raise AssertionError(said)


def test_the_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    """SQL and static files are in the wheel as well as the code, and nothing beside the package is."""
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert held == {path.removeprefix("src/") for path in paths() if path.startswith("src/opendoms/")}
    assert {Path(name).suffix for name in held} >= {".py", ".sql"}


def test_the_wheel_carries_licence_and_command(wheel: Path) -> None:
    """The wheel's own papers name the licence, the readme and the command."""
    with zipfile.ZipFile(wheel) as archive:
        papers = {Path(name).name: archive.read(name).decode() for name in archive.namelist() if ".dist-info/" in name}
    assert papers["LICENSE"] == (ROOT / "LICENSE").read_text()
    assert "License-Expression: Apache-2.0" in papers["METADATA"]
    assert (ROOT / "README.md").read_text().strip() in papers["METADATA"]
    assert "opendoms = opendoms.cli:main" in papers["entry_points.txt"]


def test_the_environment_runs_the_wheel_and_not_this_tree(environment: Installed, tmp_path: Path) -> None:
    """What the other tests of this file run comes from the wheel."""
    shown = environment.python("import opendoms; print(opendoms.__file__)", folder=tmp_path)
    assert shown.stdout.strip() == str(environment.site_packages / "opendoms" / "__init__.py")


def test_an_order_goes_through_the_installed_server(
    environment: Installed, server: subprocess.Popen[str], database: str, tmp_path: Path
) -> None:
    """The installed hub serves, makes a token, takes an order in, reads it back, and ends with 0 on SIGTERM."""
    address = ready_address(server)
    subject = ("--subject", "me", "--role", "ADMIN")
    made = environment.run("token", "create", "--database", database, *subject, folder=tmp_path)
    token = made.stdout.strip()
    assert (made.returncode, made.stdout, made.stderr) == (0, f"{token}\n", "")

    with httpx.Client(base_url=address, timeout=SECONDS_MAX) as anonymous:
        assert anonymous.get("/api/health").status_code == 200
        assert anonymous.get("/docs").status_code == 200
        assert anonymous.post("/api/orders", json=ORDER).status_code == 401
    with httpx.Client(base_url=address, timeout=SECONDS_MAX, headers={"Authorization": f"Bearer {token}"}) as client:
        created = client.post("/api/orders", json=ORDER)
        assert created.status_code == 201, created.text
        order = created.json()
        read = client.get(f"/api/orders/{order['id']}")
        listed = client.get("/api/orders").json()
    assert (order["version"], order["tenantOrderId"]) == (1, "first-order")
    assert (read.status_code, read.json()) == (200, order)
    assert (listed["total"], [entry["id"] for entry in listed["orders"]]) == (1, [order["id"]])

    server.send_signal(signal.SIGTERM)
    rest, _ = server.communicate(timeout=SECONDS_MAX)
    assert server.returncode == 0, rest
    assert token not in rest


def test_the_description_comes_out_of_the_installed_command(environment: Installed, tmp_path: Path) -> None:
    """`opendoms openapi` prints the API description as JSON and touches no file."""
    printed = environment.run("openapi", folder=tmp_path)
    assert "/api/orders/{orderId}" in json.loads(printed.stdout)["paths"]
    assert list(tmp_path.iterdir()) == []
