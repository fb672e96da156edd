"""What becomes of reasons and goods when an order loses its person, and when it goes."""

from __future__ import annotations

import pytest

from opendoms.app import retention_of
from opendoms.kernel.clock import text_of
from opendoms.kernel.refusal import Unknown
from opendoms.retention.subjects import SUBJECTS
from opendoms.settings import Settings
from tests.promises.shops import DAY, HOUR, NOW, TENANT, Shops, until


async def test_the_reasons_go_with_the_person(shops: Shops) -> None:
    """They tell how far away the customer was, so they are there until the order is anonymised, and not after."""
    await shops.open("f1", {"a": 5})
    order_id = (await shops.promise(("a", 2), promisesOptions=until(NOW + HOUR)))["orderRef"]
    shops.clock.instant = NOW + 2 * HOUR
    await shops.run_timers()
    assert (await shops.order(order_id))["status"] == "OBSOLETE"
    assert b"f1" in await shops.actions.promises.explanation(TENANT, order_id)
    shops.clock.instant = NOW + 31 * DAY
    retention = retention_of(shops.hub)
    tally = await retention.batch(SUBJECTS["ORDER"], TENANT, await retention.policy(TENANT))
    assert (tally.anonymized, tally.deleted) == (1, 0)
    with pytest.raises(Unknown):
        await shops.actions.promises.explanation(TENANT, order_id)


async def test_no_goods_are_held_for_an_order_that_was_deleted(shops: Shops) -> None:
    """Where open orders end at some age: the goods stay held while there is an order, and are free when it is gone."""
    await shops.open("f1", {"a": 5})
    placed = (await shops.place(("a", 2)))["id"]
    later = {"reservationPreferences": {"mode": "SCHEDULED", "reservationTime": text_of(NOW + 900 * DAY)}}
    await shops.place(("a", 1), deliveryPreferences=later)
    settings = Settings(log_requests=False, retention_open_orders_after="30d")
    retention = retention_of(shops.hub._replace(settings=settings))
    for day, expected, held in ((31, (2, 0), 2), (400, (0, 2), 0)):
        shops.clock.instant = NOW + day * DAY
        tally = await retention.batch(SUBJECTS["ORDER"], TENANT, await retention.policy(TENANT))
        assert (tally.anonymized, tally.deleted, tally.failed) == (*expected, 0)
        assert sum((await shops.held(placed)).values()) == held
        assert await shops.available("a") == 5 - held
    assert [kind for _, kind, _ in await shops.history("RESERVATION")] == ["RESERVATION_CREATED", "RESERVATION_DELETED"]
    shops.clock.instant = NOW + 901 * DAY
    assert await shops.run_timers() == []
    await shops.is_sound()
