"""What an operator may say of an outside issuer."""

from __future__ import annotations

from typing import Any

import pytest

from opendoms.identity.issuer import is_safe_url, outside_issuer_of, verify
from opendoms.identity.signature import unverified
from opendoms.kernel.refusal import Unauthenticated
from opendoms.settings import Settings, SettingsInvalid
from tests.identity.stand_ins import NOW, own_claims, signed, signing_key


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://issuer.example/realms/shop", True),
        ("https://issuer.example:8443/", True),
        ("http://localhost:8080/realm", True),
        ("http://127.0.0.1", True),
        ("http://[::1]:8080", True),
        ("http://issuer.example", False),
        ("http://10.0.0.1", False),
        ("http://localhost.issuer.example", False),
        ("https://user:secret@issuer.example", False),
        ("https://issuer.example/#x", False),
        ("https://issuer.example:port", False),
        ("https://", False),
        ("ftp://issuer.example", False),
        ("file:///etc/passwd", False),
        ("issuer.example", False),
        ("http://[::1", False),
    ],
)
def test_keys_come_over_https_or_from_this_machine(url: str, safe: bool) -> None:  # noqa: FBT001 - the expectation
    """Keys may be fetched over https, and over http from this machine only."""
    assert is_safe_url(url) is safe


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"oidc_issuer": "http://issuer.example"}, "OPENDOMS_OIDC_ISSUER: expected an https address"),
        ({"oidc_audience": ""}, "OPENDOMS_OIDC_AUDIENCE: expected the audience of the issuer's tokens"),
        ({"oidc_tenant": "a b"}, "OPENDOMS_OIDC_TENANT: expected the name of a tenant"),
        ({"oidc_tenants": "acme, opendoms"}, "OPENDOMS_OIDC_TENANTS: expected names of tenants"),
    ],
)
def test_an_unsafe_setting_stops_the_start(changes: dict[str, str], message: str) -> None:
    """Settings with which an outside issuer could not be believed safely are refused by their name."""
    given: dict[str, Any] = {"oidc_issuer": "https://issuer.example", "oidc_audience": "shop-api"} | changes
    with pytest.raises(SettingsInvalid, match=message):
        outside_issuer_of(Settings(**given))


def test_without_an_issuer_nothing_is_believed() -> None:
    """No issuer is set by default."""
    assert outside_issuer_of(Settings()) is None


def test_the_issuer_of_a_token_is_compared_whole() -> None:
    """A token of the right key for another issuer's name, even one that only lacks a slash, is refused."""
    issuer = outside_issuer_of(Settings(oidc_issuer="https://issuer.example/", oidc_audience="shop-api"))
    assert issuer is not None
    key = signing_key()
    for name, accepted in (("https://issuer.example/", True), ("https://issuer.example", False), (None, False)):
        claims = own_claims(iss=name, aud="shop-api", tenant="default")
        token = unverified(signed(claims, key.private, kid=key.id))
        if accepted:
            assert verify(token, key.public, issuer, NOW).principal.subject == "erna"
        else:
            with pytest.raises(Unauthenticated, match="comes from an issuer that is not accepted here"):
                verify(token, key.public, issuer, NOW)
