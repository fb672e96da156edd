"""What can be done with stocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from opendoms.db.entity import Writer
from opendoms.inventory.actions.level_changes import LevelChanges, StockChange
from opendoms.inventory.actions.listings import ListingActions
from opendoms.inventory.actions.stock_reading import StockReading
from opendoms.inventory.facilities import Facilities
from opendoms.inventory.rules import stocks as rules
from opendoms.inventory.rules.listings import outcome
from opendoms.inventory.rules.stocks import Facility
from opendoms.inventory.store import STOCK
from opendoms.kernel.changeset import Changeset, Origin, merged
from opendoms.kernel.decision import Decision, Document
from opendoms.kernel.ids import NewId
from opendoms.kernel.refusal import Fault, Invalid, Unknown

# Stocks that one request removes.
REMOVED_MAX: Final = 5_000


class Entry(NamedTuple):
    """One stock that is to be written, and where the body says so (a path with a dot behind it)."""

    path: str
    body: Document

    @property
    def creates(self) -> bool:
        """Whether it is a new one: as it says, or else where it has no id."""
        return bool(self.body.get("operationType", "UPDATE" if "id" in self.body else "CREATE") == "CREATE")


class StockActions:
    """Makes, changes, moves and removes stocks; their levels follow in the same transaction."""

    def __init__(  # noqa: PLR0913, PLR0917 - what it is put together from
        self,
        writer: Writer,
        new_id: NewId,
        facilities: Facilities,
        listings: ListingActions,
        reading: StockReading,
        levels: LevelChanges,
    ) -> None:
        self._writer = writer
        self._new_id = new_id
        self._facilities = facilities
        self._listings = listings
        self._reading = reading
        self._levels = levels

    async def create(self, body: Document, origin: Origin) -> Document:
        """The new stock, as it is answered. Raises Invalid."""
        (result,) = await self.write([Entry("", body)], origin)
        stock: Document = result["stock"]
        return stock

    async def change(self, stock_id: str, body: Document, origin: Origin) -> Document:
        """The stock after the change, as it is answered. Raises Unknown, Invalid, VersionConflict or Conflict."""
        faults = list(rules.faults(body, creates=False))
        if faults:
            raise Invalid(*faults)
        await self._reading.stored(origin.tenant, stock_id)
        (result,) = await self.write([Entry("", {**body, "id": stock_id})], origin)
        stock: Document = result["stock"]
        return stock

    async def write(self, entries: Sequence[Entry], origin: Origin) -> list[Document]:
        """Writes stocks, all or none: what became of each. Raises Invalid, VersionConflict or Conflict."""
        facilities = await self._checked(entries, origin.tenant)

        async def compose(now: int, may_open: bool) -> tuple[Changeset, list[Decision]]:  # noqa: FBT001 - as asked
            stored = await self._stored(entries, origin.tenant)
            listings = await self._listed(entries, facilities, origin.tenant)
            decisions, changes = [], []
            for entry in entries:
                if entry.creates:
                    facility = facilities[entry.path]
                    listing = listings.get((facility.id, entry.body["tenantArticleId"]))
                    decision = rules.create(entry.body, facility, listing, now=now, new_id=self._new_id)
                    changes.append(StockChange(None, decision.document))
                else:
                    before = stored[entry.body["id"]]
                    decision = rules.change(before, entry.body, now=now)
                    changes.append(StockChange(before, decision.document))
                decisions.append(decision)
            levels = await self._levels.of(origin.tenant, changes, now, may_open=may_open)
            parts = [self._writer.changeset(STOCK, origin, decision, now)[1] for decision in decisions]
            return merged(levels, *parts), decisions

        decisions = await self._levels.write(origin, compose)
        shown = await self._reading.shown(origin.tenant, [decision.document for decision in decisions])
        return [{"stock": stock, "status": outcome(decision)} for stock, decision in zip(shown, decisions, strict=True)]

    async def _checked(self, entries: Sequence[Entry], tenant: str) -> dict[str, Facility]:
        """The facilities of new stocks, by the paths of their entries. Raises Invalid with every fault."""
        faults = [fault for entry in entries for fault in rules.faults(entry.body, entry.path, creates=entry.creates)]
        ids = [entry.body["id"] for entry in entries if not entry.creates]
        faults += [
            Fault(f"stocks: {each[:64]} is there twice") for each in sorted({x for x in ids if ids.count(x) > 1})
        ]
        if faults:
            raise Invalid(*faults)
        asked = {entry.path: _selector(entry.body) for entry in entries if entry.creates}
        named = await self._facilities.named(
            tenant,
            [value for name, _, value in asked.values() if name == "facilityRef"],
            [value for name, _, value in asked.values() if name == "tenantFacilityId"],
        )
        found = {}
        for path, (name, at, value) in asked.items():
            known = named.by_ref if name == "facilityRef" else named.by_tenant_facility_id
            if value in known:
                found[path] = known[value]
            else:
                faults.append(Fault(f"{path}{at}: there is no such facility"))
        if faults:
            raise Invalid(*faults)
        return found

    async def _stored(self, entries: Sequence[Entry], tenant: str) -> dict[str, Document]:
        """The stocks that are changed, by id. Raises Invalid where one does not exist."""
        ids = {entry.body["id"]: entry.path for entry in entries if not entry.creates}
        stored = await self._reading.of_ids(tenant, list(ids)) if ids else {}
        faults = [Fault(f"{path}id: there is no stock {each[:64]}") for each, path in ids.items() if each not in stored]
        if faults:
            raise Invalid(*faults)
        return stored

    async def _listed(
        self, entries: Sequence[Entry], facilities: dict[str, Facility], tenant: str
    ) -> dict[tuple[str, str], Document]:
        """The listings of new stocks, by facility and article."""
        articles: dict[str, set[str]] = {}
        for entry in entries:
            if entry.creates:
                articles.setdefault(facilities[entry.path].id, set()).add(entry.body["tenantArticleId"])
        found: dict[tuple[str, str], Document] = {}
        for facility_id, wanted in articles.items():
            listings = await self._listings.of_articles(tenant, facility_id, list(wanted))
            found |= {(facility_id, article): listing for article, listing in listings.items()}
        return found

    async def delete(self, stock_id: str, origin: Origin) -> None:
        """Removes a stock. Raises Unknown, or Conflict where pieces of it are needed for reservations."""
        await self._reading.stored(origin.tenant, stock_id)
        await self.remove([{"name": "DELETE_BY_IDS", "ids": [stock_id]}], origin)

    async def remove(self, actions: Sequence[Document], origin: Origin) -> list[str]:
        """Removes the stocks that some actions name, all or none: their ids. Raises Invalid or Conflict."""

        async def compose(now: int, may_open: bool) -> tuple[Changeset, list[str]]:  # noqa: FBT001 - as asked
            named: dict[str, Document] = {}
            for place, action in enumerate(actions):
                for stock in await self._named(action, place, origin.tenant):
                    named[stock["id"]] = stock
            if len(named) > REMOVED_MAX:
                raise Invalid(Fault(f"More than {REMOVED_MAX} stocks are named.", "Remove fewer at once."))
            changes = [StockChange(stock, None) for stock in named.values()]
            levels = await self._levels.of(origin.tenant, changes, now, may_open=may_open)
            return merged(levels, *self._removals(named.values(), origin, now)), list(named)

        return await self._levels.write(origin, compose)

    def _removals(self, stored: Iterable[Document], origin: Origin, now: int) -> list[Changeset]:
        return [self._writer.removal(STOCK, origin, stock, rules.end(), now) for stock in stored]

    async def _named(self, action: Document, place: int, tenant: str) -> Iterable[Document]:
        match action["name"]:
            case "DELETE_BY_IDS":
                return (await self._reading.of_ids(tenant, action["ids"])).values()
            case "DELETE_BY_LOCATIONS":
                return await self._reading.of_locations(tenant, action["locationRefs"])
            case _:
                reference = action["facilityRef"]
                facility = (await self._facilities.named(tenant, [reference])).by_ref.get(reference)
                if facility is None:
                    raise Invalid(Fault(f"actions[{place}].facilityRef: there is no such facility"))
                keys = [(article, facility.id) for article in action["tenantArticleIds"]]
                found = await self._reading.of_levels(tenant, keys)
                return [stock for stocks in found.values() for stock in stocks]

    async def move(self, action: Document, origin: Origin) -> Document:
        """Moves pieces of a stock to another place: the stocks afterwards. Raises Invalid or Conflict."""
        pieces, place = int(action["amount"]), action["toLocationRef"]
        removes = action.get("options", {}).get("deleteFromStockIfZero", False)

        async def compose(now: int, may_open: bool) -> tuple[Changeset, tuple[Document | None, Document]]:  # noqa: FBT001 - as asked
            try:
                source = await self._reading.stored(origin.tenant, action["fromStockId"])
            except Unknown:
                raise Invalid(Fault("action.fromStockId: there is no such stock")) from None
            if pieces > source["value"]:
                raise Invalid(Fault(f"action.amount: expected at most {source['value']}, which the stock has"))
            if place == source.get("locationRef"):
                raise Invalid(Fault("action.toLocationRef: the pieces lie there already"))
            key = (source["tenantArticleId"], source["facilityRef"])
            beside = (await self._reading.of_levels(origin.tenant, [key]))[key]
            target = next((stock for stock in beside if rules.is_alike(source, stock, place)), None)
            if target is not None and target["value"] + pieces > rules.VALUE_MAX:
                target = None
            arrived = (
                rules.split(source, place, pieces, now=now, new_id=self._new_id)
                if target is None
                else rules.with_value(target, target["value"] + pieces, now=now)
            )
            parts = [self._writer.changeset(STOCK, origin, arrived, now)[1]]
            left: Document | None = None
            if removes and pieces == source["value"]:
                parts += self._removals([source], origin, now)
            else:
                decision = rules.with_value(source, source["value"] - pieces, now=now)
                left = decision.document
                parts.append(self._writer.changeset(STOCK, origin, decision, now)[1])
            changes = [StockChange(source, left), StockChange(target, arrived.document)]
            levels = await self._levels.of(origin.tenant, changes, now, may_open=may_open)
            return merged(levels, *parts), (left, arrived.document)

        left, arrived = await self._levels.write(origin, compose)
        shown = await self._reading.shown(origin.tenant, [stock for stock in (arrived, left) if stock is not None])
        result: Document = {"toStock": shown[0]}
        if left is not None:
            result["fromStock"] = shown[1]
        return result

    async def act(self, body: Document, origin: Origin) -> Document:
        """What came of an action on stocks. Raises Invalid, VersionConflict or Conflict."""
        actions = [body["action"]] if "action" in body else body["actions"]
        if not actions:
            raise Invalid(Fault("actions: expected at least one"))
        name = actions[0]["name"]
        match name:
            case "MOVE_TO_LOCATION":
                result = await self.move(actions[0], origin)
            case "UPDATE_VERSIONLESS":
                result = await self._versionless(actions[0]["stocks"], origin)
            case _:
                result = {"ids": await self.remove(actions, origin)}
        return {"name": name, "result": result}

    async def _versionless(self, stocks: Sequence[Document], origin: Origin) -> Document:
        if not stocks:
            raise Invalid(Fault("action.stocks: expected at least one"))
        results = await self.write(
            [Entry(f"action.stocks[{place}].", stock) for place, stock in enumerate(stocks)], origin
        )
        # The contract has room for one result; the others stand beside it (decision D43).
        return {"operationResults": results[0], "results": results}


def _selector(body: Document) -> tuple[str, str, str]:
    """By what a new stock names its facility, where it says so, and the name."""
    if "facility" in body:
        ((name, value),) = (
            (name, value) for name, value in body["facility"].items() if name in ("facilityRef", "tenantFacilityId")
        )
        return name, f"facility.{name}", value
    name = "facilityRef" if "facilityRef" in body else "tenantFacilityId"
    return name, name, body[name]
