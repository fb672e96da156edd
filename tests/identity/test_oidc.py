"""Tokens of an outside issuer, against a real one on this machine."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from opendoms.identity import oidc
from opendoms.identity.authenticator import Authenticator
from opendoms.identity.oidc import (
    ANSWER_BYTES_MAX,
    FETCH_INTERVAL_MIN_MS,
    KEYS_AGE_MAX_MS,
    KEYS_AGE_MS,
    RETRY_INTERVAL_MIN_MS,
)
from opendoms.identity.permissions import permissions_of
from opendoms.identity.principal import Principal
from opendoms.kernel.refusal import Unauthenticated, Unavailable
from opendoms.settings import Settings
from tests.identity.issuer_server import DISCOVERY, KEYS, IssuerServer, public_jwk, rsa_key
from tests.identity.stand_ins import NOW_S, CountingEngine, StillClock, bearer, forged, signed, summaries

KEY = rsa_key()
OTHER_KEY = rsa_key()


class Outside:
    """An issuer, and a hub that believes it."""

    def __init__(self, server: IssuerServer, db: CountingEngine, clock: StillClock, stack: AsyncExitStack) -> None:
        self.server = server
        self.clock = clock
        self._db = db
        self._stack = stack
        self.authenticator = self.hub()

    def hub(self, **settings: Any) -> Authenticator:
        """A hub with these settings changed."""
        given = {"oidc_issuer": self.server.url, "oidc_audience": "shop-api", "oidc_tenants": "acme"} | settings
        built = Authenticator(self._db, self.clock, Settings(**given))
        self._stack.push_async_callback(built.close)
        return built

    def claims(self, **changes: Any) -> dict[str, Any]:
        """The claims of a good token; a change to None takes the claim away."""
        claims = {
            "iss": self.server.url,
            "aud": "shop-api",
            "sub": "otto",
            "tenant": "acme",
            "roles": ["SUPERVISOR"],
            "exp": self.clock.at // 1000 + 3_600,
        }
        return {name: value for name, value in (claims | changes).items() if value is not None}

    def token(self, private: RSAPrivateKey = KEY, kid: str | None = "a", /, **changes: Any) -> bytes:
        """A header with a token of the issuer."""
        return bearer(signed(self.claims(**changes), private, kid=kid, algorithm="RS256"))


@pytest.fixture
def db(embedded_db: CountingEngine) -> CountingEngine:
    """One engine is enough: outside tokens have nothing to do with the database."""
    return embedded_db


@pytest.fixture
async def outside(db: CountingEngine, clock: StillClock) -> AsyncIterator[Outside]:
    """An issuer with one key, and a hub that believes it."""
    server = IssuerServer()
    server.keys = [public_jwk(KEY, "a")]
    await server.start()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(server.stop)
        yield Outside(server, db, clock, stack)


async def summary_of(authenticator: Authenticator, authorization: bytes) -> str:
    """The one summary with which a token is refused."""
    with pytest.raises(Unauthenticated) as caught:
        await authenticator.authenticate(authorization)
    (summary,) = summaries(caught.value)
    return summary


async def test_an_outside_token_makes_its_holder_the_caller(outside: Outside) -> None:
    """The caller has the claims' subject, tenant and name, and what its roles and single permissions allow."""
    header = outside.token(permissions=["CONFIG_WRITE", "nonsense"], roles=["supervisor", "owner"], name="Otto")
    assert await outside.authenticator.authenticate(header) == Principal(
        "acme", "otto", permissions_of(["SUPERVISOR"]) | {"CONFIG_WRITE"}, "Otto"
    )
    assert outside.server.asked == [DISCOVERY, KEYS]


async def test_keys_are_fetched_once(outside: Outside) -> None:
    """Many tokens that arrive at once, and later ones, cost one fetch of the two documents."""
    headers = [outside.token(sub=f"person-{number}") for number in range(20)]
    callers = await asyncio.gather(*(outside.authenticator.authenticate(header) for header in headers))
    assert [caller.subject for caller in callers] == [f"person-{number}" for number in range(20)]
    await outside.authenticator.authenticate(outside.token(sub="later"))
    assert outside.server.asked == [DISCOVERY, KEYS]


async def test_an_outside_token_is_remembered_too(outside: Outside) -> None:
    """A verified outside token is known without a check, until the remembering ends."""
    header = outside.token()
    caller = await outside.authenticator.authenticate(header)
    assert outside.authenticator.principal_of(header, outside.clock.at) is caller
    assert outside.authenticator.principal_of(header, outside.clock.at + 60_000) is None


async def test_the_loop_runs_on_while_keys_are_fetched(outside: Outside) -> None:
    """While the issuer does not answer, other work of the process goes on."""
    outside.server.gate.clear()
    waiting = asyncio.create_task(outside.authenticator.authenticate(outside.token()))
    await outside.server.arrived(1)
    assert not waiting.done()
    outside.server.gate.set()
    assert (await waiting).subject == "otto"


async def test_a_caller_who_hangs_up_does_not_end_the_fetch(outside: Outside) -> None:
    """A request that is cancelled while it waits for keys leaves the fetch to the others."""
    outside.server.gate.clear()
    gone = asyncio.create_task(outside.authenticator.authenticate(outside.token(sub="gone")))
    stays = asyncio.create_task(outside.authenticator.authenticate(outside.token()))
    await outside.server.arrived(1)
    gone.cancel()
    outside.server.gate.set()
    assert (await stays).subject == "otto"
    assert outside.server.asked == [DISCOVERY, KEYS]
    with pytest.raises(asyncio.CancelledError):
        await gone


async def test_a_new_key_is_fetched_when_a_token_names_it(outside: Outside) -> None:
    """After the issuer rotated, the first token of the new key makes us fetch, no more often than every half minute."""
    await outside.authenticator.authenticate(outside.token())
    outside.server.keys = [public_jwk(KEY, "a"), public_jwk(OTHER_KEY, "b")]
    header = outside.token(OTHER_KEY, "b")
    expected = "Bearer token: was signed with a key that its issuer does not publish"
    outside.clock.at += FETCH_INTERVAL_MIN_MS - 1
    assert await summary_of(outside.authenticator, header) == expected
    assert len(outside.server.asked) == 2
    outside.clock.at += 1
    assert (await outside.authenticator.authenticate(header)).subject == "otto"
    assert len(outside.server.asked) == 4


async def test_junk_key_ids_do_not_reach_the_issuer(outside: Outside) -> None:
    """However many unknown keys are named, the issuer is asked once in half a minute."""
    await outside.authenticator.authenticate(outside.token())
    outside.clock.at += FETCH_INTERVAL_MIN_MS
    headers = [outside.token(OTHER_KEY, f"junk-{number}") for number in range(20)]
    refused = await asyncio.gather(
        *(outside.authenticator.authenticate(header) for header in headers), return_exceptions=True
    )
    assert [type(outcome) for outcome in refused] == [Unauthenticated] * 20
    assert len(outside.server.asked) == 4


async def test_old_keys_serve_while_new_ones_are_fetched(outside: Outside) -> None:
    """When the keys are an hour old they are fetched again in the background; no request waits for that."""
    await outside.authenticator.authenticate(outside.token())
    outside.server.gate.clear()
    outside.clock.at += KEYS_AGE_MS
    assert (await outside.authenticator.authenticate(outside.token())).subject == "otto"
    await outside.server.arrived(3)
    outside.server.gate.set()
    await outside.server.arrived(4)
    assert outside.server.asked == [DISCOVERY, KEYS] * 2


async def test_old_keys_serve_for_a_day_where_the_issuer_is_away(outside: Outside) -> None:
    """An issuer that fails keeps nobody out for a day; after that its keys are not believed any more."""
    await outside.authenticator.authenticate(outside.token())
    outside.server.answers[DISCOVERY] = (503, "", b"")
    outside.clock.at += KEYS_AGE_MAX_MS - 1
    assert (await outside.authenticator.authenticate(outside.token())).subject == "otto"
    outside.clock.at += 1
    with pytest.raises(Unavailable):
        await outside.authenticator.authenticate(outside.token())


async def test_a_withdrawn_key_is_refused_after_the_next_fetch(outside: Outside) -> None:
    """A key that its issuer does not publish any more is not believed once the keys were fetched again."""
    await outside.authenticator.authenticate(outside.token())
    outside.server.keys = [public_jwk(OTHER_KEY, "b")]
    outside.clock.at += FETCH_INTERVAL_MIN_MS
    assert (await outside.authenticator.authenticate(outside.token(OTHER_KEY, "b"))).subject == "otto"
    assert await summary_of(outside.authenticator, outside.token(sub="other")) == (
        "Bearer token: was signed with a key that its issuer does not publish"
    )


UNUSABLE = {
    "down": {DISCOVERY: (503, "", b"")},
    "keys missing": {KEYS: (404, "", b"")},
    "no JSON": {DISCOVERY: (200, "", b"<html>")},
    "keys no JSON": {KEYS: (200, "", b"<html>")},
    "no usable key": {KEYS: (200, "", b'{"keys":[]}')},
    "redirected": {DISCOVERY: (302, "location: /keys\r\n", b"")},
    "keys redirected": {KEYS: (302, "location: /elsewhere\r\n", b"")},
    "compressed": {KEYS: (200, "content-encoding: gzip\r\n", b"\x1f\x8b")},
    "too large": {KEYS: (200, "", json.dumps({"keys": [public_jwk(KEY, "a")]}).encode() + b" " * ANSWER_BYTES_MAX)},
}


@pytest.mark.parametrize("answers", UNUSABLE.values(), ids=UNUSABLE)
async def test_an_issuer_that_cannot_be_used_is_not_the_tokens_fault(
    outside: Outside, answers: dict[str, tuple[int, str, bytes]]
) -> None:
    """Where no keys can be had the answer is that we are unavailable, and the issuer is left alone for a while."""
    outside.server.answers = answers
    with pytest.raises(Unavailable):
        await outside.authenticator.authenticate(outside.token())
    asked = list(outside.server.asked)
    assert asked in ([DISCOVERY], [DISCOVERY, KEYS])
    outside.clock.at += RETRY_INTERVAL_MIN_MS - 1
    with pytest.raises(Unavailable):
        await outside.authenticator.authenticate(outside.token())
    assert outside.server.asked == asked
    outside.server.answers = {}
    outside.clock.at += 1
    assert (await outside.authenticator.authenticate(outside.token())).subject == "otto"


@pytest.mark.parametrize("name", ["https://issuer.example", "", None])
async def test_a_document_of_another_issuer_is_not_believed(outside: Outside, name: str | None) -> None:
    """A discovery document that names another issuer than the operator did leads to no keys."""
    document = {"issuer": name, "jwks_uri": outside.server.url + KEYS}
    outside.server.answers[DISCOVERY] = (200, "", json.dumps(document).encode())
    with pytest.raises(Unavailable):
        await outside.authenticator.authenticate(outside.token())
    assert outside.server.asked == [DISCOVERY]


async def test_an_issuer_that_does_not_answer_is_given_up(outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fetch ends after its time limit, and then we are unavailable."""
    monkeypatch.setattr(oidc, "FETCH_TIMEOUT_S", 0.05)
    outside.server.gate.clear()
    with pytest.raises(Unavailable):
        await outside.authenticator.authenticate(outside.token())


async def test_nobody_listening_is_unavailable(outside: Outside) -> None:
    """An issuer that cannot be reached makes us unavailable."""
    await outside.server.stop()
    with pytest.raises(Unavailable):
        await outside.authenticator.authenticate(outside.token())


async def test_closing_ends_a_fetch_that_hangs(outside: Outside) -> None:
    """A hub that stops does not wait for an issuer."""
    outside.server.gate.clear()
    waiting = asyncio.create_task(outside.authenticator.authenticate(outside.token()))
    await outside.server.arrived(1)
    await outside.authenticator.close()
    with pytest.raises(asyncio.CancelledError):
        await waiting


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"aud": "another"}, "is meant for another audience: aud does not name this API"),
        ({"aud": None}, "is meant for another audience: aud does not name this API"),
        ({"exp": NOW_S - 3_600}, "has expired"),
        ({"exp": None}, "has no expiry: exp is missing"),
        ({"nbf": NOW_S + 3_600}, "is not valid yet: nbf lies in the future"),
        ({"iat": NOW_S + 3_600}, "is not valid yet: iat lies in the future"),
        ({"iss": "https://issuer.example"}, "comes from an issuer that is not accepted here"),
        ({"iss": None}, "comes from an issuer that is not accepted here"),
        ({"sub": None}, "has no usable subject: expected sub with 1 to 255 printable characters"),
        ({"tenant": "globex"}, "is for a tenant that its issuer may not name here"),
        ({"tenant": "opendoms"}, "is for a tenant that its issuer may not name here"),
        ({"tenant": ["acme"]}, "is for a tenant that its issuer may not name here"),
        ({"tenant": None}, "names no tenant"),
    ],
)
async def test_an_outside_token_that_does_not_hold_is_refused(
    outside: Outside, changes: dict[str, Any], reason: str
) -> None:
    """Every way in which an outside token fails is refused with its reason, and not remembered."""
    header = outside.token(**changes)
    assert await summary_of(outside.authenticator, header) == f"Bearer token: {reason}"
    assert outside.authenticator.principal_of(header, outside.clock.at) is None


async def test_an_outside_token_cannot_pose_as_ours(outside: Outside) -> None:
    """A token that the outside issuer signed in our name is refused: its key is none of ours."""
    header = outside.token(iss="opendoms", aud="opendoms")
    assert await summary_of(outside.authenticator, header) == (
        "Bearer token: was signed with a key that is not known here (any more)"
    )


async def test_a_signature_of_another_key_does_not_hold(outside: Outside) -> None:
    """A token that names the issuer's key and was signed by another is refused."""
    header = outside.token(OTHER_KEY, "a")
    assert await summary_of(outside.authenticator, header) == "Bearer token: its signature does not hold"


async def test_the_issuers_public_key_is_no_shared_secret(outside: Outside) -> None:
    """A token signed by HMAC with the issuer's public key, and one that is not signed, are refused."""
    pem = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    for algorithm, secret in (("HS256", pem), ("none", None)):
        header = bearer(forged({"alg": algorithm, "kid": "a"}, outside.claims(), secret))
        assert await summary_of(outside.authenticator, header) == (
            "Bearer token: names another algorithm than its key has"
        )


async def test_claims_are_found_where_the_operator_says(outside: Outside) -> None:
    """A claim is named by a path into objects, or by a name that holds dots itself; a text holds several names."""
    hub = outside.hub(
        oidc_tenant_claim="https://shop.example/tenant",
        oidc_roles_claim="realm_access.roles",
        oidc_permissions_claim="scope",
    )
    header = outside.token(
        tenant=None,
        roles=None,
        scope="openid ORDER_WRITE",
        realm_access={"roles": ["fulfiller"]},
        **{"https://shop.example/tenant": "acme"},
    )
    caller = await hub.authenticate(header)
    assert caller.permissions == permissions_of(["FULFILLER"]) | {"ORDER_WRITE"}


async def test_one_tenant_for_all_tokens_can_be_set(outside: Outside) -> None:
    """Where the operator sets the tenant, tokens without the claim are for it; one that names another is refused."""
    hub = outside.hub(oidc_tenant="globex", oidc_tenants="")
    assert (await hub.authenticate(outside.token(tenant=None))).tenant == "globex"
    assert await summary_of(hub, outside.token(tenant="acme")) == (
        "Bearer token: is for a tenant that its issuer may not name here"
    )


async def test_only_the_hubs_own_tenant_is_the_default(outside: Outside) -> None:
    """Where the operator names no tenants, an outside token may be for the hub's own one only."""
    hub = outside.hub(oidc_tenants="", tenant="main")
    assert (await hub.authenticate(outside.token(tenant="main"))).tenant == "main"
    assert await summary_of(hub, outside.token()) == "Bearer token: is for a tenant that its issuer may not name here"


async def test_any_tenant_can_be_allowed(outside: Outside) -> None:
    """Where the operator allows every tenant, a token may name any but our own, and must name one."""
    hub = outside.hub(oidc_tenants="*")
    assert (await hub.authenticate(outside.token(tenant="globex"))).tenant == "globex"
    for tenant in ("opendoms", "a b"):
        assert await summary_of(hub, outside.token(tenant=tenant)) == (
            "Bearer token: is for a tenant that its issuer may not name here"
        )
    assert await summary_of(hub, outside.token(tenant=None)) == "Bearer token: names no tenant"


@pytest.mark.parametrize("address", ["http://issuer.example/keys", "file:///keys", ""])
async def test_an_issuer_cannot_send_us_astray(outside: Outside, address: str) -> None:
    """An address of keys that is not https, nor on this machine, is not asked."""
    document = f'{{"issuer":"{outside.server.url}","jwks_uri":"{address}"}}'
    outside.server.answers[DISCOVERY] = (200, "", document.encode())
    with pytest.raises(Unavailable):
        await outside.authenticator.authenticate(outside.token())
    assert outside.server.asked == [DISCOVERY]
