"""What becomes of the reasons of a promise when its order loses its person."""

from __future__ import annotations

import pytest

from opendoms.app import retention_of
from opendoms.kernel.refusal import Unknown
from opendoms.retention.subjects import SUBJECTS
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
