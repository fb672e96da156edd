"""Signatures of the Standard Webhooks scheme: HMAC-SHA256 over id, timestamp and body."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from typing import Final

PREFIX: Final = "whsec_"
SECRET_BYTES: Final = 32
VERSION: Final = "v1"
# Of a secret so much is shown when it was told once.
SHOWN_CHARACTERS: Final = 4


def new_secret() -> str:
    """A fresh secret, as receivers enter it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def key_of(secret: str) -> bytes:
    """The key of a secret. Raises ValueError for a text that is none."""
    if not secret.startswith(PREFIX):
        raise ValueError(f"a secret begins with {PREFIX}")
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise ValueError(f"a secret is base64 behind {PREFIX}") from None


def signature(keys: Iterable[bytes], message_id: str, timestamp_s: int, body: bytes) -> str:
    """The header `webhook-signature`: one signature per key, the newest first."""
    signed = b"%b.%d.%b" % (message_id.encode(), timestamp_s, body)
    return " ".join(f"{VERSION},{base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()}" for key in keys)


def hint_of(secret: str) -> str:
    """What of a secret may be shown: enough to tell two apart."""
    return f"{PREFIX}…{secret[-SHOWN_CHARACTERS:]}"
