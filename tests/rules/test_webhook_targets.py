"""Callback URLs and headers: what is taken, what is refused, by path and without repeating secrets."""

from __future__ import annotations

from typing import Any

import pytest

from opendoms.events.rules.subscription import checked, redacted
from opendoms.events.rules.target import Target, UrlInvalid, header_faults, target_of, url_faults
from opendoms.kernel.refusal import Invalid

URL = "https://shop.example.com/hook"
WANTED: dict[str, Any] = {"name": "shop", "event": "ORDER_CREATED", "callbackUrl": URL}


@pytest.mark.parametrize(
    ("url", "target"),
    [
        (URL, Target(True, "shop.example.com", 443, "/hook")),
        ("http://shop.example.com", Target(False, "shop.example.com", 80, "/")),
        ("HTTPS://Shop.Example.com:8443/a/b?c=d&e", Target(True, "shop.example.com", 8443, "/a/b?c=d&e")),
        ("http://127.0.0.1:8080/", Target(False, "127.0.0.1", 8080, "/")),
        ("http://[::1]:80/x", Target(False, "::1", 80, "/x")),
    ],
)
def test_a_url_is_taken_apart(url: str, target: Target) -> None:
    """Scheme, host, port and what is asked for, the query included."""
    assert target_of(url) == target


@pytest.mark.parametrize(
    "url",
    [
        "", "shop.example.com", "ftp://a/", "file:///etc/passwd", "http://", "http:///x", "https://a:0/", "http://a:65536/",
        "http://a:x/", "http://user@a/", "http://user:secret@a/", "http://a/#x", "http://a b/", "http://a\n/", "http://a\\b/",
        "http://ä.example/", "http://a\r\nHost: b/", "http://[::1", "http://[fe80::1%25eth0]/", "http://[x]/", "http://a..b/",
        "gopher://a/", "http://" + "a" * 64 + "/", "http://a/" + "b" * 2_048,
    ],
)  # fmt: skip
def test_a_url_that_cannot_be_used_is_refused(url: str) -> None:
    """One fault, which does not repeat the URL: it may hold a secret."""
    with pytest.raises(UrlInvalid) as refused:
        target_of(url)
    assert "secret" not in str(refused.value)
    assert len(list(url_faults("callbackUrl", url, allow_private=True))) == 1


@pytest.mark.parametrize(
    "host", ["localhost", "127.1", "0x7f000001", "[::1]", "10.0.0.1", "169.254.169.254", "a.internal"]
)
def test_a_private_address_is_refused_unless_allowed(host: str) -> None:
    """The fault names the setting that would allow it."""
    (fault,) = url_faults("target.callbackUrl", f"http://{host}/", allow_private=False)
    assert fault.summary.startswith("target.callbackUrl: expected an address on the internet")
    assert "OPENDOMS_WEBHOOK_ALLOW_PRIVATE_NETWORKS" in (fault.description or "")
    assert list(url_faults("target.callbackUrl", f"http://{host}/", allow_private=True)) == []


@pytest.mark.parametrize(
    ("key", "value", "path"),
    [
        ("Authorization", "Bearer abc", None),
        ("X-Shop", "", None),
        ("x-tab", "a\tb", None),
        ("Content-Type", "application/json; charset=utf-8", None),
        ("Content-Type", "text/xml", "value"),
        ("", "x", "key"),
        ("a b", "x", "key"),
        ("a:b", "x", "key"),
        ("a\r\nb", "x", "key"),
        ("ä", "x", "key"),
        ("a" * 129, "x", "key"),
        ("Host", "x", "key"),
        ("content-length", "1", "key"),
        ("Transfer-Encoding", "chunked", "key"),
        ("Connection", "close", "key"),
        ("Webhook-Signature", "v1,x", "key"),
        ("opendoms-sequence", "1", "key"),
        ("Proxy-Authorization", "x", "key"),
        ("a", "secret\r\nb: c", "value"),
        ("a", "secret\0", "value"),
        ("a", "grün", "value"),
        ("a", "x" * 4_097, "value"),
    ],
)
def test_headers_are_looked_at_one_by_one(key: str, value: str, path: str | None) -> None:
    """Names are tokens and not ours, values printable; a fault does not repeat a value."""
    faults = list(header_faults("headers", [{"key": "a", "value": "b"}, {"key": key, "value": value}]))
    assert [fault.summary.partition(":")[0] for fault in faults] == ([f"headers[1].{path}"] if path else [])
    assert "secret" not in str(faults)


@pytest.mark.parametrize(
    ("change", "paths"),
    [
        ({"callbackUrl": None}, ["target"]),
        ({"event": "order created"}, ["event"]),
        ({"event": "X" * 101}, ["event"]),
        ({"name": "x" * 257, "event": "", "callbackUrl": "x"}, ["name", "event", "callbackUrl"]),
        ({"headers": [{"key": "a", "value": "b"}] * 33}, ["headers"]),
        ({"target": {"type": "WEBHOOK", "callbackUrl": URL + "2"}}, ["callbackUrl"]),
        ({"target": {"type": "WEBHOOK", "callbackUrl": "", "headers": [{"key": "", "value": ""}]}, "callbackUrl": None},
         ["target.callbackUrl", "target.headers[0].key"]),
        ({"target": {"type": "GOOGLE_CLOUD_PUB_SUB", "projectId": "p", "topicId": "t"}}, ["target.type"]),
        ({"target": {"type": "MICROSOFT_AZURE_SERVICE_BUS"}, "callbackUrl": None}, ["target.type"]),
        ({"contexts": [{"type": "FACILITY_GROUP", "values": ["g"]}]}, ["contexts[0].type"]),
        ({"contexts": [{"type": "FACILITY", "values": ["f"]}] * 2}, ["contexts[1].type"]),
        ({"contexts": [{"type": "FACILITY", "values": ["f"] * 501}]}, ["contexts[0].values"]),
        ({"contexts": [{"type": "FACILITY", "values": ["f"]}] * 17}, ["contexts"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_path(change: dict[str, Any], paths: list[str]) -> None:
    """Every fault at once."""
    wanted = {name: value for name, value in (WANTED | change).items() if value is not None}
    with pytest.raises(Invalid) as refused:
        checked(wanted, allow_private=False)
    assert [fault.summary.partition(":")[0] for fault in refused.value.faults] == paths


def test_both_spellings_of_a_target_are_answered() -> None:
    """Whoever subscribed in the older form sees a target, and whoever named a target sees the older members."""
    headers = [{"key": "Authorization", "value": "Bearer abc"}]
    target = {"type": "WEBHOOK", "callbackUrl": URL, "headers": headers}
    whole = {**WANTED, "headers": headers, "target": target}
    assert checked({**WANTED, "headers": headers}, allow_private=False) == whole
    assert checked({"name": "shop", "event": "ORDER_CREATED", "target": target}, allow_private=False) == whole
    assert checked(whole, allow_private=False) == whole


def test_history_keeps_no_secret_of_a_subscription() -> None:
    """Header values and the query of the URL are left out, in both spellings."""
    headers = [{"key": "Authorization", "value": "Bearer secret"}]
    url = f"{URL}?token=secret"
    stored = checked({**WANTED, "callbackUrl": url, "headers": headers}, allow_private=False)
    assert "secret" in str(stored)
    shown = redacted(stored)
    assert "secret" not in str(shown)
    assert shown["target"] == {
        "type": "WEBHOOK",
        "callbackUrl": URL,
        "headers": [{"key": "Authorization", "value": "***"}],
    }
