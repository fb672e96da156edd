"""The caller behind a header: verified once, remembered for a while, never for longer than the token holds."""

from __future__ import annotations

import asyncio

import pytest
from jwt.algorithms import OKPAlgorithm

from opendoms.db.engine import Engine
from opendoms.identity.authenticator import Authenticator
from opendoms.identity.claims import LEEWAY_MS
from opendoms.identity.issuing import issue_token, retire_keys, rotate_keys
from opendoms.identity.key_holder import AGE_MAX_MS
from opendoms.identity.permissions import permissions_of
from opendoms.identity.principal import Principal
from opendoms.kernel.refusal import Unauthenticated, Unavailable
from opendoms.settings import Settings
from tests.identity.stand_ins import CountingEngine, StillClock, bearer, own_claims, signed, signing_key, summaries

REMEMBER_S = 60


class Counted:
    """How many signatures were checked."""

    checks = 0


@pytest.fixture
def signatures(monkeypatch: pytest.MonkeyPatch) -> Counted:
    """Counts the checks where they are made: in the library's algorithm."""
    counted = Counted()
    check = OKPAlgorithm.verify

    def counting(this: OKPAlgorithm, msg: bytes, key: object, sig: bytes) -> bool:
        counted.checks += 1
        return check(this, msg, key, sig)  # type: ignore[arg-type]  # handed through as it came

    monkeypatch.setattr(OKPAlgorithm, "verify", counting)
    return counted


@pytest.fixture
def db(embedded_db: CountingEngine) -> CountingEngine:
    """One engine is enough: what is remembered has nothing to do with the database."""
    return embedded_db


@pytest.fixture
async def authenticator(db: CountingEngine, clock: StillClock) -> Authenticator:
    """One with the default settings, its keys read."""
    built = Authenticator(db, clock, Settings(token_cache_seconds=REMEMBER_S))
    await built.open()
    return built


async def token_of(
    db: Engine, clock: StillClock, *, subject: str = "erna", tenant: str = "acme", expires_s: int = 3_600
) -> bytes:
    """A header with a token as the command line makes it."""
    token = await issue_token(db, clock, subject=subject, tenant=tenant, roles=["FULFILLER"], expires_s=expires_s)
    return bearer(token)


async def summary_of(authenticator: Authenticator, authorization: bytes | None) -> str:
    """The one summary with which a header is refused; it is not remembered either."""
    with pytest.raises(Unauthenticated) as caught:
        await authenticator.authenticate(authorization)
    (summary,) = summaries(caught.value)
    return summary


async def test_a_token_makes_its_holder_the_caller(
    authenticator: Authenticator, db: CountingEngine, clock: StillClock
) -> None:
    """The caller is the token's subject, for the token's tenant, with its roles' permissions."""
    principal = await authenticator.authenticate(await token_of(db, clock))
    assert principal == Principal("acme", "erna", permissions_of(["FULFILLER"]), None)


async def test_a_signature_is_checked_once(
    authenticator: Authenticator, db: CountingEngine, clock: StillClock, signatures: Counted
) -> None:
    """A thousand requests with one token cost one signature check and no read of the database."""
    header = await token_of(db, clock)
    first = await authenticator.authenticate(header)
    reads = db.reads
    for _ in range(1_000):
        assert authenticator.principal_of(bytes(bytearray(header)), clock.at) is first
    assert signatures.checks == 1
    assert db.reads == reads


async def test_requests_at_the_same_time_check_once(db: CountingEngine, clock: StillClock, signatures: Counted) -> None:
    """Requests that wait for the keys together check the signature of their common token once."""
    header = await token_of(db, clock)
    cold = Authenticator(db, clock, Settings())
    callers = await asyncio.gather(*(cold.authenticate(header) for _ in range(50)))
    assert {caller.subject for caller in callers} == {"erna"}
    assert signatures.checks == 1


async def test_tokens_are_told_apart(authenticator: Authenticator, db: CountingEngine, clock: StillClock) -> None:
    """Two remembered tokens stay two callers of two tenants."""
    one, two = await token_of(db, clock), await token_of(db, clock, subject="otto", tenant="globex")
    await authenticator.authenticate(one)
    await authenticator.authenticate(two)
    known = [authenticator.principal_of(header, clock.at) for header in (one, two)]
    assert [(caller.subject, caller.tenant) for caller in known if caller] == [("erna", "acme"), ("otto", "globex")]


async def test_a_verified_token_is_remembered_for_a_while(
    authenticator: Authenticator, db: CountingEngine, clock: StillClock, signatures: Counted
) -> None:
    """After the time of the settings the token is checked again."""
    header = await token_of(db, clock)
    await authenticator.authenticate(header)
    end = clock.at + REMEMBER_S * 1000
    assert authenticator.principal_of(header, end - 1) is not None
    assert authenticator.principal_of(header, end) is None
    assert authenticator.principal_of(header, end - 1) is None
    clock.at = end
    await authenticator.authenticate(header)
    assert signatures.checks == 2


async def test_a_token_is_not_remembered_past_its_expiry(
    authenticator: Authenticator, db: CountingEngine, clock: StillClock
) -> None:
    """A token that expires before the remembering ends is forgotten when it expires, and then refused."""
    header = await token_of(db, clock, expires_s=5)
    await authenticator.authenticate(header)
    end = clock.at + 5_000 + LEEWAY_MS
    assert authenticator.principal_of(header, end - 1) is not None
    assert authenticator.principal_of(header, end) is None
    clock.at = end
    assert await summary_of(authenticator, header) == "Bearer token: has expired"


async def test_nothing_is_remembered_where_that_is_switched_off(db: CountingEngine, clock: StillClock) -> None:
    """With a remembering time of 0 every request is checked."""
    strict = Authenticator(db, clock, Settings(token_cache_seconds=0))
    header = await token_of(db, clock)
    await strict.authenticate(header)
    assert strict.principal_of(header, clock.at) is None


async def test_a_clock_that_is_set_back_makes_it_check_again(
    authenticator: Authenticator, db: CountingEngine, clock: StillClock
) -> None:
    """A token that was verified at a time that has not come yet is checked again."""
    header = await token_of(db, clock)
    await authenticator.authenticate(header)
    assert authenticator.principal_of(header, clock.at - 1) is None


async def test_what_is_remembered_is_bounded(db: CountingEngine, clock: StillClock) -> None:
    """Where the memory is full, the token that was verified first is forgotten."""
    small = Authenticator(db, clock, Settings(), remembered_max=2)
    headers = [await token_of(db, clock, subject=name) for name in ("a", "b", "c")]
    for header in headers:
        await small.authenticate(header)
    assert [small.principal_of(header, clock.at) is not None for header in headers] == [False, True, True]


async def test_a_refused_token_is_not_remembered(
    authenticator: Authenticator, clock: StillClock, signatures: Counted
) -> None:
    """A forged token is checked, and refused, each time."""
    key = await authenticator._keys.current()  # noqa: SLF001 - the forger has seen an honest token's key id
    header = bearer(signed(own_claims(), signing_key().private, kid=key.id))
    for _ in range(2):
        assert await summary_of(authenticator, header) == "Bearer token: its signature does not hold"
    assert authenticator.principal_of(header, clock.at) is None
    assert signatures.checks == 2


@pytest.mark.parametrize("authorization", [None, b""])
async def test_a_missing_header_is_said(authenticator: Authenticator, authorization: bytes | None) -> None:
    """Without a header the refusal says that it is missing."""
    assert authenticator.principal_of(authorization, 0) is None
    assert await summary_of(authenticator, authorization) == (
        "Authorization: expected a bearer token, the header is missing"
    )


@pytest.mark.parametrize("authorization", [b"Basic YTpi", b"Token x", b"Bearertoken", b"\xff\xfe", b"eyJ.eyJ.x"])
async def test_another_scheme_is_said(authenticator: Authenticator, authorization: bytes) -> None:
    """A header of another scheme is refused as that."""
    assert await summary_of(authenticator, authorization) == "Authorization: expected the scheme Bearer"


@pytest.mark.parametrize(
    "authorization", [b"Bearer", b"Bearer ", b"Bearer a b", b"Bearer \xff", b"Bearer x", b"Bearer a.b.c"]
)
async def test_a_bearer_that_is_no_token_is_said(authenticator: Authenticator, authorization: bytes) -> None:
    """A header of the right scheme without a token in it is refused as that."""
    assert await summary_of(authenticator, authorization) == "Bearer token: is not a JSON Web Token"


async def test_a_huge_header_is_refused(authenticator: Authenticator) -> None:
    """A token of more than 8192 bytes is not looked into."""
    assert await summary_of(authenticator, b"Bearer " + b"a" * 8_193) == "Bearer token: is longer than 8192 bytes"


async def test_the_scheme_counts_in_any_case(
    authenticator: Authenticator, db: CountingEngine, clock: StillClock
) -> None:
    """The scheme may be written in small letters, with more than one space."""
    header = await token_of(db, clock)
    caller = await authenticator.authenticate(header.replace(b"Bearer ", b"bearer  "))
    assert caller.subject == "erna"


async def test_an_issuer_that_is_not_set_is_refused(authenticator: Authenticator) -> None:
    """A token of an outside issuer is refused where none is set, whatever key it names."""
    key = signing_key()
    header = bearer(signed(own_claims(iss="https://issuer.example"), key.private, kid=key.id))
    assert await summary_of(authenticator, header) == ("Bearer token: comes from an issuer that is not accepted here")


async def test_retiring_a_key_ends_its_tokens(
    authenticator: Authenticator, db: CountingEngine, clock: StillClock
) -> None:
    """A token goes on after a rotation, and is refused within two minutes of its key's retirement."""
    header = await token_of(db, clock)
    await authenticator.authenticate(header)
    await rotate_keys(db, clock)
    clock.at += AGE_MAX_MS
    assert (await authenticator.authenticate(header)).subject == "erna"
    await retire_keys(db)
    clock.at += max(AGE_MAX_MS, REMEMBER_S * 1000)
    assert authenticator.principal_of(header, clock.at) is None
    assert await summary_of(authenticator, header) == (
        "Bearer token: was signed with a key that is not known here (any more)"
    )


async def test_without_keys_the_token_is_not_blamed(db: CountingEngine, clock: StillClock) -> None:
    """Where the keys cannot be read the answer is that we are unavailable, not that the token is bad."""
    header = await token_of(db, clock)
    cold = Authenticator(db, clock, Settings())
    db.away = True
    with pytest.raises(Unavailable):
        await cold.authenticate(header)
