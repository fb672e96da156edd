"""The receivers that we show, in Python and in Node, take what the relay sends and nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import httpx
import pytest

from opendoms.events.rules.catalogue import told_by
from opendoms.events.rules.place import Happened, Place
from opendoms.events.signing import key_of, new_secret
from opendoms.events.subscriber import Subscriber
from opendoms.kernel.clock import SystemClock
from tests.tree import ROOT

SECRET: Final = new_secret()
OTHER: Final = new_secret()
MINUTE_MS: Final = 60_000
COMMANDS: Final = {
    "python": [sys.executable, "examples/receive_webhooks.py", "--port", "0"],
    "node": ["node", "examples/receive_webhooks.mjs"],
}


@contextmanager
def running(language: str, secrets: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The example as somebody starts it: its URL and the process."""
    if shutil.which(COMMANDS[language][0]) is None:
        pytest.skip(f"{language} is not here")
    environment = {"PATH": os.environ["PATH"], "WEBHOOK_SECRET": secrets, "PORT": "0"}
    pipe = subprocess.PIPE
    process = subprocess.Popen(COMMANDS[language], cwd=ROOT, env=environment, stdout=pipe, text=True)
    try:
        assert process.stdout is not None
        port = process.stdout.readline().removeprefix("listening on ").strip()
        yield f"http://127.0.0.1:{port}/", process
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def message(
    event_id: str, secret: str, *, late_ms: int = 0, previous: str | None = None
) -> tuple[dict[str, str], bytes]:
    """What the relay sends about an order."""
    now = SystemClock().now("")
    key = key_of(previous) if previous is not None else None
    subscriber = Subscriber(
        "s1", "ORDER_CREATED", told_by("ORDER_CREATED"), "http://x/", (), (), key_of(secret), key, now + MINUTE_MS
    )
    document = '{"id":"o1","title":"Grüße"}'.encode()
    event = Happened(Place(0, 1), "ORDER", "o1", 3, event_id, "ORDER_CREATED", now, document, None)
    headers, body = subscriber.message("ORDER_CREATED", event, now=now - late_ms)
    return {name.decode(): value.decode() for name, value in headers}, body


@pytest.mark.slow
@pytest.mark.parametrize("language", COMMANDS)
def test_the_example_verifies_and_handles_each_event_once(language: str) -> None:
    """Copies are answered and not handled; what is changed, old, or signed by somebody else is refused."""
    with running(language, SECRET) as (url, process), httpx.Client() as http:
        headers, body = message("e1", SECRET)
        statuses = [http.post(url, headers=headers, content=body).status_code for _ in range(2)]
        assert statuses == [204, 204]
        forged, _ = message("e2", OTHER)
        old, _ = message("e3", SECRET, late_ms=6 * MINUTE_MS)
        ahead, _ = message("e3", SECRET, late_ms=-6 * MINUTE_MS)
        for wrong, content in (
            (headers, body.replace(b"o1", b"o2")),
            ({**headers, "webhook-id": "e4"}, body),
            ({**headers, "webhook-timestamp": "1"}, body),
            ({**headers, "webhook-signature": "v1,AAAA v2,x"}, body),
            (forged, body),
            (old, body),
            (ahead, body),
            ({}, body),
        ):
            assert http.post(url, headers=wrong, content=content).status_code == 401
        rotated, content = message("e5", OTHER, previous=SECRET)
        assert http.post(url, headers=rotated, content=content).status_code == 204
        process.kill()
        assert process.stdout is not None
        assert process.stdout.read().splitlines() == ["ORDER_CREATED 3 e1", "ORDER_CREATED 3 e5"]


@pytest.mark.slow
@pytest.mark.parametrize("language", COMMANDS)
def test_the_example_takes_two_secrets(language: str) -> None:
    """While one is rotated it believes either."""
    with running(language, f"{OTHER} {SECRET}") as (url, _), httpx.Client() as http:
        for number, secret in enumerate((SECRET, OTHER)):
            headers, body = message(f"e{number}", secret)
            assert http.post(url, headers=headers, content=body).status_code == 204
