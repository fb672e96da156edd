"""Our own tokens: every way in which one can fail to hold is refused, with its reason."""

from __future__ import annotations

from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from opendoms.identity.claims import LEEWAY_MS, NAMES_MAX
from opendoms.identity.keys import KeyRing, SigningKey
from opendoms.identity.permissions import permissions_of
from opendoms.identity.principal import Principal
from opendoms.identity.signature import unverified
from opendoms.identity.tokens import REFRESH_AUDIENCE, Accepted, Grant, issue, verify
from opendoms.kernel.refusal import Unauthenticated
from tests.identity.stand_ins import NOW, NOW_S, forged, own_claims, signed, signing_key, summaries, with_claims

KEY = signing_key()
RING = KeyRing((KEY,))


def judge(token: str, *, now_ms: int = NOW, ring: KeyRing = RING) -> Accepted:
    """What the API makes of a token."""
    parsed = unverified(token)
    return verify(parsed, ring.find(parsed.key_id), now_ms)


def refusal_of(token: str, **where: Any) -> str:
    """The one summary with which a token is refused."""
    with pytest.raises(Unauthenticated) as caught:
        judge(token, **where)
    (summary,) = summaries(caught.value)
    return summary


def token_of(key: SigningKey = KEY, /, **changes: Any) -> str:
    """A token of these claims, honestly signed."""
    return signed(own_claims(**changes), key.private, kid=key.id)


def test_an_issued_token_says_who_acts() -> None:
    """A token that was issued is accepted, with its subject, tenant, name, roles and permissions, until it expires."""
    grant = Grant("erna", "acme", ("SUPERVISOR",), ("CONFIG_WRITE",), "Erna Example")
    accepted = judge(issue(KEY, grant, token_id="t-1", now_ms=NOW, expires_s=60))
    assert accepted.grant.principal() == Principal(
        "acme", "erna", permissions_of(["SUPERVISOR"]) | {"CONFIG_WRITE"}, "Erna Example"
    )
    assert accepted.expires == NOW + 60_000 + LEEWAY_MS


def test_a_token_without_roles_opens_nothing() -> None:
    """A token that names neither roles nor permissions is accepted and allows nothing."""
    assert judge(token_of(roles=None)).grant.principal().permissions == frozenset()


def test_a_token_holds_until_the_leeway_after_its_expiry() -> None:
    """The last millisecond of the leeway is accepted, the next one is expired."""
    end = (NOW_S + 3_600) * 1000 + LEEWAY_MS
    assert judge(token_of(), now_ms=end - 1).grant.subject == "erna"
    assert refusal_of(token_of(), now_ms=end) == "Bearer token: has expired"


@pytest.mark.parametrize("claim", ["nbf", "iat"])
def test_a_token_holds_from_the_leeway_before_its_start(claim: str) -> None:
    """A start up to the leeway ahead is accepted, one a second later is not valid yet."""
    leeway_s = LEEWAY_MS // 1000
    assert judge(token_of(**{claim: NOW_S + leeway_s})).grant.subject == "erna"
    assert refusal_of(token_of(**{claim: NOW_S + leeway_s + 1})) == (
        f"Bearer token: is not valid yet: {claim} lies in the future"
    )


def test_a_token_needs_an_expiry() -> None:
    """A token that would hold for ever is refused."""
    assert refusal_of(token_of(exp=None)) == "Bearer token: has no expiry: exp is missing"


@pytest.mark.parametrize("value", ["soon", True, -1, 1e300, [NOW_S]])
def test_an_expiry_is_a_time(value: Any) -> None:
    """An expiry that is no number of seconds within the calendar is refused."""
    assert refusal_of(token_of(exp=value)) == "Bearer token: has no usable time: expected exp in seconds since 1970"


@pytest.mark.parametrize("audience", ["another", "", None, ["another"], "opendoms-refresh", {"opendoms": 1}])
def test_another_audience_is_refused(audience: Any) -> None:
    """A token that is not meant for this API is refused."""
    assert refusal_of(token_of(aud=audience)) == (
        "Bearer token: is meant for another audience: aud does not name this API"
    )


def test_one_audience_among_several_counts() -> None:
    """A token that is meant for several audiences is accepted where one of them is ours."""
    assert judge(token_of(aud=["another", "opendoms"])).grant.subject == "erna"


@pytest.mark.parametrize("issuer", ["https://issuer.example", "OPENDOMS", None, ["opendoms"]])
def test_another_issuer_is_refused(issuer: Any) -> None:
    """A token that our key signed for another issuer's name is refused."""
    assert refusal_of(token_of(iss=issuer)) == "Bearer token: comes from an issuer that is not accepted here"


@pytest.mark.parametrize("tenant", [None, "", "opendoms", "../acme", "a b", "a" * 65, 7, ["acme"], "acme\0"])
def test_a_token_names_its_tenant(tenant: Any) -> None:
    """A token without a tenant, with something that can be none, or with our own is refused."""
    assert refusal_of(token_of(tenant=tenant)) == "Bearer token: names no tenant"


@pytest.mark.parametrize("subject", [None, "", "a" * 256, "a\0b", "a\nb", 7])
def test_a_token_names_its_subject(subject: Any) -> None:
    """A token without a subject that history can show is refused."""
    expected = "Bearer token: has no usable subject: expected sub with 1 to 255 printable characters"
    assert refusal_of(token_of(sub=subject)) == expected


def test_half_a_character_is_no_json() -> None:
    """A payload with half of a surrogate pair in it is refused: the database could not store it."""
    assert refusal_of(token_of(sub="a\ud800")) == "Bearer token: is not a JSON Web Token"


@pytest.mark.parametrize("name", ["", "a\nb", "a" * 201, 7])
def test_a_name_that_cannot_be_shown_is_left_out(name: Any) -> None:
    """A token with a useless display name is accepted without it."""
    assert judge(token_of(name=name)).grant.name is None


def test_names_are_bounded() -> None:
    """No more than the named number of permissions is looked at."""
    token = token_of(roles=None, permissions="x " * NAMES_MAX + "ORDER_READ")
    assert judge(token).grant.principal().permissions == frozenset()


def test_a_key_that_is_not_known_is_refused() -> None:
    """A token whose key is not among ours is refused."""
    stranger = signing_key("key-2")
    assert refusal_of(token_of(stranger)) == "Bearer token: was signed with a key that is not known here (any more)"


def test_a_token_names_its_key() -> None:
    """A token that names no key is refused, although one of ours signed it."""
    token = signed(own_claims(), KEY.private, kid=None)
    assert refusal_of(token) == "Bearer token: was signed with a key that is not known here (any more)"


def test_a_retired_key_ends_its_tokens() -> None:
    """A token is refused from when its key is taken off the ring, while those of the other key hold."""
    old, new = signing_key("old"), signing_key("new", NOW + 1)
    token = token_of(old)
    assert judge(token, ring=KeyRing((new, old))).grant.subject == "erna"
    assert judge(token_of(new), ring=KeyRing((new,))).grant.subject == "erna"
    assert refusal_of(token, ring=KeyRing((new,))) == (
        "Bearer token: was signed with a key that is not known here (any more)"
    )


def test_another_keys_signature_does_not_hold() -> None:
    """A token that names our key and was signed by another is refused."""
    token = signed(own_claims(), signing_key().private, kid=KEY.id)
    assert refusal_of(token) == "Bearer token: its signature does not hold"


def test_a_changed_claim_breaks_the_signature() -> None:
    """A token whose payload was changed after signing is refused."""
    assert refusal_of(with_claims(token_of(), roles=["ADMIN"])) == "Bearer token: its signature does not hold"


def test_a_token_without_a_signature_is_refused() -> None:
    """A token of the algorithm none is refused, with and without a signature part."""
    for algorithm in ("none", "None", "NONE"):
        token = forged({"alg": algorithm, "kid": KEY.id, "typ": "JWT"}, own_claims(), None)
        assert refusal_of(token) == "Bearer token: names another algorithm than its key has"
    unsigned = token_of().rpartition(".")[0] + "."
    assert refusal_of(unsigned) == "Bearer token: its signature does not hold"


@pytest.mark.parametrize("form", ["raw", "pem", "base64"])
def test_the_public_key_is_no_shared_secret(form: str) -> None:
    """A token signed by HMAC with our public key as the secret is refused: the key sets the algorithm."""
    public = KEY.private.public_key()
    secret = {
        "raw": public.public_bytes_raw(),
        "pem": public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo),
        "base64": str(KEY.public._jwk_data["x"]).encode(),  # noqa: SLF001 - the text that an attacker reads in a JWKS
    }[form]
    token = forged({"alg": "HS256", "kid": KEY.id, "typ": "JWT"}, own_claims(), secret)
    assert refusal_of(token) == "Bearer token: names another algorithm than its key has"


def test_the_header_cannot_bring_its_own_key() -> None:
    """A token that carries the key that signed it is judged by ours, and refused."""
    stranger = signing_key()
    header = {"kid": KEY.id, "jwk": stranger.public._jwk_data}  # noqa: SLF001 - the key as a header would carry it
    token = jwt.encode(own_claims(), stranger.private, algorithm="EdDSA", headers=header)
    assert refusal_of(token) == "Bearer token: its signature does not hold"


def test_an_extension_that_must_be_understood_is_refused() -> None:
    """A token that declares something critical that is not known here is refused."""
    token = jwt.encode(own_claims(), KEY.private, algorithm="EdDSA", headers={"kid": KEY.id, "crit": ["x"], "x": 1})
    assert refusal_of(token) == "Bearer token: is not a JSON Web Token"


@pytest.mark.parametrize("text", ["", "a", "a.b", "a.b.c", "e30.e30.", "e30.W10.e30", "....", "e30.e30.e30.e30"])
def test_what_is_no_token_is_refused(text: str) -> None:
    """A text that is no token of three parts with objects in them is refused."""
    with pytest.raises(Unauthenticated) as caught:
        judge(text)
    assert summaries(caught.value)[0] in (
        "Bearer token: is not a JSON Web Token",
        "Bearer token: was signed with a key that is not known here (any more)",
    )


def test_a_deep_payload_is_refused() -> None:
    """A payload that is nested until a parser gives up is refused like any other that is no token."""
    payload = ("[" * 2_500 + "]" * 2_500).encode()
    token = jwt.PyJWS().encode(payload, KEY.private, "EdDSA", {"kid": KEY.id})
    assert refusal_of(token) == "Bearer token: is not a JSON Web Token"


def test_a_token_is_bounded_in_length() -> None:
    """A token of more than 8192 bytes is refused before anything of it is read."""
    assert refusal_of(token_of(more="x" * 8_192)) == "Bearer token: is longer than 8192 bytes"


def test_a_refresh_token_does_not_open_the_api() -> None:
    """A refresh token holds for the refresh call only, and an access token does not hold there."""
    grant = Grant("erna", "acme", session=3)
    refresh = issue(KEY, grant, token_id="t-1", now_ms=NOW, expires_s=60, audience=REFRESH_AUDIENCE)
    assert refusal_of(refresh) == "Bearer token: is meant for another audience: aud does not name this API"
    parsed = unverified(refresh)
    assert verify(parsed, KEY.public, NOW, REFRESH_AUDIENCE).grant.session == 3
    with pytest.raises(Unauthenticated):
        verify(unverified(token_of()), KEY.public, NOW, REFRESH_AUDIENCE)


@pytest.mark.parametrize(
    "token",
    [
        token_of(exp=NOW_S - 3_600),
        token_of(aud="another"),
        token_of(tenant="../acme"),
        with_claims(token_of(), sub="x"),
    ],
)
def test_a_refusal_quotes_nothing(token: str) -> None:
    """No part of a token that was sent stands in the refusal, neither in its text nor in what a log would show."""
    with pytest.raises(Unauthenticated) as caught:
        judge(token)
    shown = repr(caught.value) + repr(caught.value.faults)
    assert not [part for part in (*token.split("."), "../acme", "another.example") if part in shown]
    assert caught.value.__cause__ is None
