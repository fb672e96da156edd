"""Tokens that an operator makes."""

from __future__ import annotations

from typing import Any

import pytest

from opendoms.db.engine import Engine
from opendoms.identity.durations import DURATION_MAX_S
from opendoms.identity.issuing import issue_token
from opendoms.identity.key_holder import read_ring
from opendoms.identity.permissions import permissions_of
from opendoms.identity.principal import Principal
from opendoms.identity.signature import unverified
from opendoms.identity.tokens import verify
from opendoms.kernel.refusal import Invalid
from tests.identity.stand_ins import NOW, StillClock, summaries


async def issued(db: Engine, clock: StillClock, **changes: Any) -> str:
    """A token with these parts changed."""
    parts: dict[str, Any] = {
        "subject": "shop",
        "tenant": "acme",
        "roles": ["Administrator"],
        "permissions": [],
        "expires_s": 60,
    }
    return await issue_token(db, clock, **(parts | changes))


async def test_the_first_token_makes_the_key(engine: Engine, clock: StillClock) -> None:
    """On a new database the first token makes the signing key, which later ones use."""
    tokens = [unverified(await issued(engine, clock)) for _ in range(2)]
    (key,) = (await read_ring(engine)).keys
    assert [token.key_id for token in tokens] == [key.id, key.id]
    assert tokens[0].text != tokens[1].text
    for token in tokens:
        assert verify(token, key.public, NOW).grant.principal() == Principal("acme", "shop", permissions_of(["ADMIN"]))


async def test_single_permissions_travel_by_name(engine: Engine, clock: StillClock) -> None:
    """A token may hold single permissions and no role."""
    token = unverified(await issued(engine, clock, roles=[], permissions=["ORDER_READ", "ORDER_READ"]))
    (key,) = (await read_ring(engine)).keys
    grant = verify(token, key.public, NOW).grant
    assert grant.permissions == ("ORDER_READ",)
    assert grant.principal().permissions == {"ORDER_READ"}


async def test_everything_that_is_wrong_is_said_at_once(engine: Engine, clock: StillClock) -> None:
    """A token that is wrong in every part is refused with a fault for each, and no key is made for it."""
    with pytest.raises(Invalid) as caught:
        await issued(engine, clock, subject="", tenant="", roles=["root"], permissions=["X"], expires_s=0)
    assert summaries(caught.value) == [
        "subject: expected 1 to 255 printable characters",
        "tenant: expected 1 to 64 letters, digits, dots, dashes or underscores, and not opendoms",
        "role: expected one of ADMIN, SUPERVISOR, FULFILLER",
        "permission: 'X' is unknown",
        f"expires: expected 1 to {DURATION_MAX_S} seconds",
    ]
    assert (await read_ring(engine)).keys == ()


async def test_no_token_is_for_our_own_tenant(engine: Engine, clock: StillClock) -> None:
    """The tenant under which the signing keys lie cannot be acted for."""
    with pytest.raises(Invalid, match="not opendoms"):
        await issued(engine, clock, tenant="opendoms")
    assert (await read_ring(engine)).keys == ()
