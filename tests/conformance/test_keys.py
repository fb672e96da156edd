"""Business keys: one live holder at a time, and who is told what when there is a second."""

from __future__ import annotations

import pytest

from opendoms.db.engine import Engine
from opendoms.kernel.changeset import Changeset, Drop, Put, Stale, Table, Taken
from tests.conformance.changesets import TENANT, Counts, counts, creation, order, stored_order
from tests.conformance.searchable import ORDERS

LIVE_KEY = "orders_live_tenant_order_id"
USERS = Table("users", (*ORDERS.columns[:0], ORDERS.columns[1]._replace(name="email")), (("users_email", ("email",)),))


@pytest.mark.parametrize("status", ["OPEN", "LOCKED", "PROMISED"])
async def test_a_live_order_s_key_is_taken(engine: Engine, status: str) -> None:
    """A second live order with the key is refused with the name of the index, and nothing of it is written."""
    await engine.apply(Changeset((order("o1", key="k", status=status),)))
    with pytest.raises(Taken) as caught:
        await engine.apply(creation("o2", key="k"))
    assert (caught.value.table, caught.value.key) == ("orders", LIVE_KEY)
    assert await counts(engine) == Counts(orders=1)


@pytest.mark.parametrize("status", ["CANCELLED", "OBSOLETE"])
async def test_a_finished_order_s_key_is_free_again(engine: Engine, status: str) -> None:
    """Once the holder is finished, another order may have the key; the finished one keeps it too."""
    await engine.apply(Changeset((order("o1", key="k"),)))
    await engine.apply(Changeset((order("o1", 2, key="k", status=status),)))
    await engine.apply(Changeset((order("o2", key="k"),)))
    with pytest.raises(Taken):
        await engine.apply(Changeset((order("o3", key="k"),)))
    assert await counts(engine) == Counts(orders=2)


async def test_an_update_cannot_take_another_s_key(engine: Engine) -> None:
    """An order that changes its key to a taken one stays as it is."""
    await engine.apply(Changeset((order("o1", key="k1"), order("o2", key="k2"))))
    before = await stored_order(engine, "o2")
    with pytest.raises(Taken) as caught:
        await engine.apply(Changeset((order("o2", 2, key="k1"),)))
    assert caught.value.key == LIVE_KEY
    assert await stored_order(engine, "o2") == before


async def test_an_order_keeps_its_own_key_over_an_update(engine: Engine) -> None:
    """An order does not collide with itself."""
    await engine.apply(Changeset((order("o1", key="k"),)))
    await engine.apply(Changeset((order("o1", 2, key="k"),)))
    row = await stored_order(engine, "o1")
    assert row is not None
    assert (row[0], row[3]) == (2, "k")


async def test_orders_without_a_key_do_not_collide(engine: Engine) -> None:
    """Any number of orders may have no key."""
    await engine.apply(Changeset((order("o1"), order("o2"), order("o3"))))
    assert await counts(engine) == Counts(orders=3)


async def test_keys_are_taken_per_tenant_and_by_bytes(engine: Engine) -> None:
    """The same key in another tenant, or one that differs in case, is another key."""
    puts = (order("o1", key="k"), order("o2", key="K"), order("o3", key="k "), order("o4", key="k", tenant="other"))
    await engine.apply(Changeset(puts))
    assert await counts(engine) == Counts(orders=4)


async def test_an_e_mail_is_unique_over_all_tenants(engine: Engine) -> None:
    """The sign-in call carries no tenant, so a second user with the e-mail is refused wherever he is."""
    await engine.apply(Changeset((Put(USERS, TENANT, "u1", None, 1, b"{}", ("a@example.com",)),)))
    with pytest.raises(Taken) as caught:
        await engine.apply(Changeset((Put(USERS, "other", "u2", None, 1, b"{}", ("a@example.com",)),)))
    assert (caught.value.table, caught.value.key) == ("users", "users_email")


async def test_the_id_is_told_before_the_key(engine: Engine) -> None:
    """A creation whose id exists and whose key is taken is stale: whoever retries reads by id first."""
    await engine.apply(Changeset((order("o1", key="k"),)))
    with pytest.raises(Stale):
        await engine.apply(Changeset((order("o1", key="k"),)))


async def test_the_version_is_told_before_the_key(engine: Engine) -> None:
    """An update from a wrong version to a taken key is stale: the caller did not see what he changes."""
    await engine.apply(Changeset((order("o1", key="k1"), order("o2", key="k2"))))
    with pytest.raises(Stale):
        await engine.apply(Changeset((order("o2", 3, expected=2, key="k1"),)))


async def test_a_changeset_may_give_up_a_key_and_take_it(engine: Engine) -> None:
    """What a changeset drops or finishes frees its key for what the same changeset creates."""
    await engine.apply(Changeset((order("o1", key="k1"), order("o2", key="k2"))))
    await engine.apply(
        Changeset(
            (order("o3", key="k1"), order("o4", key="k2"), order("o1", 2, key="k1", status="CANCELLED")),
            (Drop(ORDERS, TENANT, "o2", 1),),
        )
    )
    assert await counts(engine) == Counts(orders=3)
    row = await stored_order(engine, "o4")
    assert row is not None
    assert row[3] == "k2"


async def test_a_changeset_cannot_take_one_key_twice(engine: Engine) -> None:
    """Two new orders with one key in one changeset are refused, both."""
    with pytest.raises(Taken):
        await engine.apply(Changeset((order("o1", key="k"), order("o2", key="k"))))
    assert await counts(engine) == Counts()
