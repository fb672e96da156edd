"""A hub for the scripts, with somebody who signs in."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.clients.node import Ran, run, sdk
from tests.server import COMMAND, ENVIRONMENT, Server

__all__ = ["hub", "sdk"]

EMAIL, PASSWORD = "ada@example.com", "correct horse battery"


class ClientHub:
    """A running hub, and scripts that talk to it as one user."""

    def __init__(self, server: Server) -> None:
        self.server = server

    @cached_property
    def headers(self) -> dict[str, str]:
        """What lets the user in without the SDK."""
        path = "/v1/accounts:signInWithPassword?key=any"
        answered = httpx.post(self.server.url + path, json={"email": EMAIL, "password": PASSWORD})
        return {"Authorization": f"Bearer {answered.json()['idToken']}"}

    def get(self, path: str) -> Any:
        """What the hub answers without the SDK in between."""
        answered = httpx.get(self.server.url + path, headers=self.headers)
        assert answered.status_code == 200, answered.text
        return answered.json()

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """What the hub answers to this, without the SDK in between."""
        answered = httpx.post(self.server.url + path, headers=self.headers, json=body)
        assert answered.status_code == 201, answered.text
        return answered.json()

    def run(self, script: str, *arguments: str, password: str = PASSWORD, **environment: str) -> Ran:
        """Runs a script as the user."""
        return run(script, *arguments, HUB_URL=self.server.url, HUB_EMAIL=EMAIL, HUB_PASSWORD=password, **environment)


def new_user(database: str, role: str) -> None:
    """Creates the user on the command line, as an operator does."""
    subprocess.run(
        [*COMMAND, "user", "create", "--database", database, "--email", EMAIL, "--role", role, "--password-stdin"],
        env=ENVIRONMENT,
        input=f"{PASSWORD}\n",
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )


@pytest.fixture(scope="module")
def hub(sdk: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClientHub]:
    """A hub on SQLite whose one user is an administrator."""
    folder: Path = tmp_path_factory.mktemp("hub")
    database = f"sqlite:///{folder}/opendoms.db"
    new_user(database, "ADMIN")
    # Webhooks come back to the scripts, on this machine.
    environment = {"OPENDOMS_WEBHOOK_ALLOW_PRIVATE_NETWORKS": "true"}
    with Server(database, folder / "server.log", environment=environment) as server:
        yield ClientHub(server)
