"""Signatures, by the vector that the Standard Webhooks scheme publishes; and the envelope."""

from __future__ import annotations

import pytest

from opendoms.events.rules.envelope import body_of
from opendoms.events.rules.place import START, Happened
from opendoms.events.signing import hint_of, key_of, new_secret, signature

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE = ("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
EXPECTED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_published_vector_holds() -> None:
    """Secret, message and signature are those of the scheme's own tests."""
    assert signature([key_of(SECRET)], *MESSAGE) == EXPECTED


def test_two_keys_make_two_signatures() -> None:
    """The newest first, with a space between."""
    other = new_secret()
    both = signature([key_of(other), key_of(SECRET)], *MESSAGE)
    assert both == f"{signature([key_of(other)], *MESSAGE)} {EXPECTED}"


@pytest.mark.parametrize("change", [("msg_x", *MESSAGE[1:]), (MESSAGE[0], 1, MESSAGE[2]), (*MESSAGE[:2], b"{}")])
def test_whatever_is_changed_changes_the_signature(change: tuple[str, int, bytes]) -> None:
    """Id, timestamp and body are all signed."""
    assert signature([key_of(SECRET)], *change) != EXPECTED


def test_a_new_secret_has_32_bytes_and_is_shown_by_its_end() -> None:
    """No two are alike, and the hint tells nothing that could be used."""
    first, second = new_secret(), new_secret()
    assert first != second
    assert len(key_of(first)) == 32
    assert hint_of(first) == f"whsec_…{first[-4:]}"


@pytest.mark.parametrize("text", ["", "secret", "whsec_!", "whsec_abc"])
def test_a_text_that_is_no_secret_is_refused(text: str) -> None:
    """It begins with whsec_ and goes on in base64."""
    with pytest.raises(ValueError, match="a secret"):
        key_of(text)


@pytest.mark.parametrize(
    ("document", "detail", "payload"),
    [
        (b'{"id":"x", "n":1.10}', None, b'{"id":"x", "n":1.10}'),
        (b'{"id":"x"}', b'{"changes":{"a":1}}', b'{"id":"x","changes":{"a":1}}'),
        (b'{"id":"x"}', b'{"reason":"other"}', b'{"id":"x"}'),
        (b"{}", b'{"changes":{}}', b"{}"),
    ],
)
def test_the_envelope_holds_the_very_bytes(document: bytes, detail: bytes | None, payload: bytes) -> None:
    """Nothing of the stored document is written anew; changes stand behind it."""
    event = Happened(START, "ORDER", "x", 1, "e1", "ORDER_MODIFIED", 0, document, detail)
    assert body_of("ORDER_MODIFIED", event) == (b'{"event":"ORDER_MODIFIED","eventId":"e1","payload":' + payload + b"}")
