"""What becomes of listings, stock and reservations with their facility: decision 0032."""

from __future__ import annotations

import pytest

from opendoms.app import Hub, actions_of
from opendoms.facility_belongings import FacilityBelongings
from opendoms.inventory.actions import of_facility
from opendoms.inventory.actions.of_facility import Counts, FacilityInventory
from opendoms.kernel.changeset import Origin
from opendoms.kernel.refusal import Conflict
from tests.api.caller import Caller
from tests.api.inventories import TENANT, available, held, stocked
from tests.api.promising import act, is_sound, promised, stocked_shop, wanted
from tests.api.test_facilities import events

HOUR = 3_600_000
BELONGINGS = "The facility still has 2 listings and 3 stocks and 1 safety stock."


async def filled(admin: Caller) -> tuple[str, str]:
    """Two shops with the same two articles; the first has a third stock and a safety stock of its own."""
    first = await stocked_shop(admin, 1, {"a": 5, "b": 2})
    second = await stocked_shop(admin, 2, {"a": 5, "b": 2})
    await stocked(admin, first, "a", 3)
    safety = [{"tenantArticleId": "a", "facilityRef": first, "value": 1}, {"tenantArticleId": "a", "value": 2}]
    assert (await admin.put("/api/safetystocks", {"operations": safety})).status_code == 207
    return first, second


async def deleted(admin: Caller, facility: str, query: str = "?forceDeletion=true") -> tuple[int, list[str]]:
    """The status of a deletion, and what it says."""
    answer = await admin.unjudged("DELETE", f"/api/facilities/{facility}{query}")
    return answer.status_code, [fault["summary"] for fault in answer.json()] if answer.content else []


async def test_a_facility_with_stock_is_deleted_by_force_only(admin: Caller, hub: Hub) -> None:
    """Without, nothing changes. With it, all that is its own goes and tells so; what others have stays."""
    first, second = await filled(admin)
    before = await events(hub)
    assert await deleted(admin, first, "") == (409, [BELONGINGS])
    assert (await events(hub), await available(hub, first, "a")) == (before, 7)
    assert await deleted(admin, first) == (200, [])
    told = [kind for _, _, kind in (await events(hub))[len(before) :]]
    assert told == [*["LISTING_DELETED"] * 2, *["STOCK_DELETED"] * 3, "SAFETY_STOCK_DELETED", "FACILITY_DELETED"]
    assert await available(hub, first, "a") == 0
    assert await available(hub, second, "a") == 3
    for path, member in (("/api/stocks", "stocks"), ("/api/safetystocks", "safetyStocks")):
        left = (await admin.get(path)).json()[member]
        assert {each.get("facilityRef", second) for each in left} == {second}
    found = (await admin.post("/api/listings/search", {"query": {}})).json()["listings"]
    assert [each["facilityId"] for each in found] == [second] * 2
    await is_sound(hub)


async def test_a_facility_that_holds_pieces_for_an_order_is_never_deleted(admin: Caller, hub: Hub) -> None:
    """By force neither, and nothing of it is gone; once the order is cancelled it is deleted."""
    facility = await stocked_shop(admin, 1, {"a": 5})
    order = (await promised(admin, wanted(1, ("a", 2))))["orderRef"]
    before = await events(hub)
    for query in ("", "?forceDeletion=true"):
        assert await deleted(admin, facility, query) == (
            409,
            ["The facility still has 1 reservation: pieces that are held for orders."],
        )
    assert (await events(hub), await available(hub, facility, "a")) == (before, 3)
    await act(admin, order, "CANCEL", 1)
    assert await deleted(admin, facility) == (200, [])
    await is_sound(hub)


async def test_what_has_expired_keeps_no_facility(admin: Caller, hub: Hub) -> None:
    """Reservations whose time has passed are cleared away on the way, several articles of them."""
    facility = await stocked_shop(admin, 1, dict.fromkeys("abcdef", 1))
    for article in "abcdef":
        await held(hub, facility, article, 1, until=hub.clock.now(TENANT) - HOUR)
    before = len(await events(hub))
    assert await deleted(admin, facility) == (200, [])
    told = [kind for _, _, kind in (await events(hub))[before:]]
    assert {kind: told.count(kind) for kind in told} == {
        "LISTING_DELETED": 6,
        "RESERVATION_DELETED": 6,
        "STOCK_DELETED": 6,
        "FACILITY_DELETED": 1,
    }
    await is_sound(hub)


async def test_much_stock_goes_step_by_step(admin: Caller, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is more than goes at once, the steps go on until nothing is left; they are bounded."""
    monkeypatch.setattr(of_facility, "AT_ONCE", 2)
    facility = await stocked_shop(admin, 1, dict.fromkeys("abcde", 1))
    monkeypatch.setattr(of_facility, "STEPS_MAX", 2)
    assert await deleted(admin, facility) == (409, ["The facility had more than 4 of a kind."])
    monkeypatch.setattr(of_facility, "STEPS_MAX", 3)
    assert await deleted(admin, facility) == (200, [])
    assert (await admin.get("/api/stocks")).json()["total"] == 0
    await is_sound(hub)


async def test_pieces_that_are_reserved_meanwhile_keep_the_facility(
    admin: Caller, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where an order comes in after it was looked for them, the stock that it needs stays, and so does the facility."""
    facility = await stocked_shop(admin, 1, {"a": 2})
    await promised(admin, wanted(1, ("a", 2)))

    async def none_yet(*_: object) -> Counts:
        return Counts(1, 1, 0, 0)

    monkeypatch.setattr(FacilityInventory, "count", none_yet)
    (summary,) = (await deleted(admin, facility))[1]
    assert summary == (
        f"tenantArticleId a: 2 of 2 pieces in facility {facility} are reserved; this would leave too few"
    )
    monkeypatch.undo()
    assert (await admin.get(f"/api/facilities/{facility}")).status_code == 200
    assert (await admin.get("/api/stocks")).json()["total"] == 1
    await is_sound(hub)


async def test_stock_that_comes_meanwhile_keeps_the_facility(
    admin: Caller, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where stock is there again when the facility is to go, it stays, and the caller is told to ask again."""
    facility = await stocked_shop(admin, 1, {"a": 2})

    async def nothing(*_: object) -> None:
        """Ends nothing, as if all of it had come later."""

    monkeypatch.setattr(FacilityBelongings, "end", nothing)
    before = await events(hub)
    with pytest.raises(Conflict, match="The facility has got 1 listing and 1 stock while it was deleted"):
        await actions_of(hub).facilities.delete(facility, Origin(TENANT, "tester", "test"), force=True)
    assert await events(hub) == before
