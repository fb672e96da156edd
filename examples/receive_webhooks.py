"""Receives webhooks of opendoms: checks who sent them, and handles every event once. Python's standard library only.

    WEBHOOK_SECRET=whsec_... python examples/receive_webhooks.py --port 8000

`verified` and `Seen` are the parts to take into a service of your own; `examples/receive_webhooks.mjs` is the same for
Node.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import json
import os
import sqlite3
import sys
import time
from collections.abc import Iterable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

# A message that is older, or further ahead, is not believed: somebody may have kept it.
TOLERANCE_S = 300
BODY_BYTES_MAX = 8 * 1024 * 1024
# Ids are kept for longer than an event is tried.
KEPT_S = 8 * 86_400


class NotVerifiedError(Exception):
    """The message is not from opendoms, or not as it was sent."""


def verified(secrets: Iterable[str], headers: Mapping[str, str], body: bytes, now_s: float) -> dict[str, Any]:
    """The message: its `event`, `eventId` and `payload`. Raises NotVerifiedError.

    Two secrets are given while one is being rotated. `body` are the very bytes that came: decode them afterwards.
    """
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not timestamp.isdecimal() or abs(now_s - int(timestamp)) > TOLERANCE_S:
        raise NotVerifiedError("the timestamp is missing, too old, or ahead of time")
    signed = f"{message_id}.{timestamp}.".encode() + body
    given = [
        each.removeprefix("v1,") for each in headers.get("webhook-signature", "").split() if each.startswith("v1,")
    ]
    for secret in secrets:
        key = base64.b64decode(secret.removeprefix("whsec_"))
        expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
        if any(hmac.compare_digest(expected, each) for each in given):
            message: dict[str, Any] = json.loads(body)
            return message
    raise NotVerifiedError("no signature holds")


class Seen:
    """Remembers which events were handled, also over a restart where `path` is a file."""

    def __init__(self, path: str = ":memory:") -> None:
        self._file = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._file.execute("create table if not exists seen (event_id text primary key, at integer not null)")

    def is_new(self, event_id: str, now_s: float) -> bool:
        """Whether an event was not seen before; from now on it was.

        A service that writes its effects into a database does this in the same transaction.
        """
        self._file.execute("delete from seen where at < ?", (int(now_s) - KEPT_S,))
        taken = self._file.execute("insert or ignore into seen values (?, ?)", (event_id, int(now_s)))
        return taken.rowcount == 1


def serve(secrets: list[str], port: int, seen: Seen) -> None:
    """Prints each event once. Answers 204 for what is verified, new or not, so that it is not sent again."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            """One message."""
            length = int(self.headers.get("content-length", "0"))
            if length > BODY_BYTES_MAX:
                self.close_connection = True
                self._answer(413)
                return
            body = self.rfile.read(length)
            now_s = time.time()
            try:
                message = verified(secrets, dict(self._lowered()), body, now_s)
            except NotVerifiedError:
                self._answer(401)
                return
            if seen.is_new(message["eventId"], now_s):
                sequence = self.headers.get("opendoms-sequence")
                print(f"{message['event']} {sequence} {message['eventId']}", flush=True)
            self._answer(204)

        def _lowered(self) -> Iterable[tuple[str, str]]:
            return ((name.lower(), value) for name, value in self.headers.items())

        def _answer(self, status: int) -> None:
            self.send_response(status)
            if status != 204:  # noqa: PLR2004 - 204 has no body
                self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing: what came is printed above."""

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        print(f"listening on {server.server_port}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--seen", default=":memory:", help="the file that remembers what was handled")
    given = parser.parse_args()
    known = os.environ.get("WEBHOOK_SECRET", "").split()
    if not known:
        sys.exit("WEBHOOK_SECRET is missing: the secret of the subscription, or two of them while one is rotated")
    serve(known, given.port, Seen(given.seen))
