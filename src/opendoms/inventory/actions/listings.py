"""What can be done with listings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from opendoms.db.engine import Engine, Parameters
from opendoms.db.entity import Writer
from opendoms.inventory.actions.searching import Searched, Way, search
from opendoms.inventory.facilities import Facilities
from opendoms.inventory.rules import listings as rules
from opendoms.inventory.rules.stocks import Facility
from opendoms.inventory.search import LISTING_SEARCH
from opendoms.inventory.store import LISTING, QUERIES
from opendoms.kernel.changeset import Changeset, Origin, Stale, Taken, merged
from opendoms.kernel.clock import Clock
from opendoms.kernel.decision import Decision, Document
from opendoms.kernel.document import decode, encode
from opendoms.kernel.ids import NewId
from opendoms.kernel.refusal import Fault, Invalid, Unknown

# Listings that a bulk request writes: entries times facilities, as the contract has it.
BULK_MAX: Final = 25
# Listings that are removed, or looked through for a code, at once; and how often that is gone on with.
AT_ONCE: Final = 500
BATCHES_MAX: Final = 200

# Sorts after every id.
AFTER_ALL_IDS: Final = "\U0010ffff"

_SEARCHED: Final = Searched(
    LISTING_SEARCH,
    LISTING.kind,
    QUERIES.listings_by_id,
    (
        Way(("id",), QUERIES.listings_searched_by_id),
        Way(("tenantArticleId",), QUERIES.listings_searched_by_article),
        Way(("facilityRef",), QUERIES.listings_searched_by_facility),
    ),
)


class Asked(NamedTuple):
    """Which listings of a facility a list shall show."""

    size: int
    before: str
    articles: Sequence[str] | None
    code: str | None


class Page(NamedTuple):
    """A page of listings, how many match in all, and whether more of them follow."""

    listings: list[Document]
    total: int
    more: bool


class _Wanted(NamedTuple):
    """One listing that is to be written."""

    facility_id: str
    described: Document
    version: int | None


class ListingActions:
    """Writes, reads, lists and searches what facilities offer."""

    def __init__(self, db: Engine, writer: Writer, clock: Clock, new_id: NewId, facilities: Facilities) -> None:
        self._db = db
        self._writer = writer
        self._clock = clock
        self._new_id = new_id
        self._facilities = facilities

    async def facility(self, tenant: str, reference: str) -> Facility:
        """The facility that a path names. Raises Unknown."""
        named = await self._facilities.named(tenant, [reference])
        facility = named.by_ref.get(reference)
        if facility is None:
            raise Unknown(Fault(f"Unknown facility {reference[:300]}.", "Nothing is stored under this id."))
        return facility

    async def read(self, tenant: str, reference: str, article: str) -> Document:
        """The listing of an article in a facility. Raises Unknown."""
        facility = await self.facility(tenant, reference)
        row = await self._db.row(
            QUERIES.listing_document, {"tenant": tenant, "facility": facility.id, "article": article}
        )
        if row is None:
            raise Unknown(Fault(f"Unknown listing {article[:300]}.", "The facility does not list this article."))
        return decode(row[0])

    async def of_articles(self, tenant: str, facility_id: str, articles: Sequence[str]) -> dict[str, Document]:
        """The listings of some articles in a facility, by article."""
        asked: Parameters = {"tenant": tenant, "facility": facility_id, "articles": list(articles)}
        found = [decode(row[0]) for row in await self._db.rows(QUERIES.listings_of_articles, asked)]
        return {listing["tenantArticleId"]: listing for listing in found}

    async def page(self, tenant: str, reference: str, asked: Asked) -> Page:
        """The listings of a facility, newest first. Raises Unknown."""
        facility = await self.facility(tenant, reference)
        if asked.articles is None and asked.code is None:
            where: Parameters = {"tenant": tenant, "facility": facility.id}
            rows = await self._db.rows(QUERIES.list_listings, {**where, "before": asked.before, "size": asked.size + 1})
            total = await self._db.rows(QUERIES.count_listings, where)
            return Page([decode(row[0]) for row in rows[: asked.size]], total[0][0], len(rows) > asked.size)
        if asked.articles is not None:
            found = list((await self.of_articles(tenant, facility.id, asked.articles)).values())
        else:
            found = await self._all(tenant, facility.id)
        matching = [each for each in found if asked.code is None or asked.code in each.get("scannableCodes", ())]
        page = sorted((each for each in matching if each["id"] < asked.before), key=_newest, reverse=True)
        return Page(page[: asked.size], len(matching), len(page) > asked.size)

    async def _all(self, tenant: str, facility_id: str) -> list[Document]:
        found: list[Document] = []
        before = AFTER_ALL_IDS
        for _ in range(BATCHES_MAX):
            rows = await self._db.rows(
                QUERIES.list_listings, {"tenant": tenant, "facility": facility_id, "before": before, "size": AT_ONCE}
            )
            found += [decode(row[0]) for row in rows]
            if len(rows) < AT_ONCE:
                return found
            before = found[-1]["id"]
        most = AT_ONCE * BATCHES_MAX
        raise Invalid(
            Fault(f"scannableCode: the facility has more than {most} listings", "Name tenantArticleIds as well.")
        )

    async def search(self, tenant: str, body: Document) -> bytes:
        """The answer to a search. Raises Invalid."""
        page = await search(self._db, _SEARCHED, tenant, body, now=self._clock.now(tenant))
        return page.envelope("listings")

    async def put(self, reference: str, listings: Sequence[Document], origin: Origin) -> list[Decision]:
        """Writes listings of one facility, all or none. Raises Unknown, Invalid or VersionConflict."""
        facility = await self.facility(origin.tenant, reference)
        faults = [
            fault for place, listing in enumerate(listings) for fault in rules.faults(listing, f"listings[{place}].")
        ]
        wanted = [_Wanted(facility.id, listing, listing.get("version")) for listing in listings]
        return await self._write(wanted, faults, origin)

    async def put_everywhere(self, listings: Sequence[Document], origin: Origin) -> list[Decision]:
        """Writes listings of several facilities, all or none.

        Raises Unknown where none of the facilities exists, Invalid or VersionConflict.
        """
        selectors = [
            (f"listings[{place}].{at}", listing, selector)
            for place, listing in enumerate(listings)
            for at, selector in _selectors(listing)
        ]
        if len(selectors) > BULK_MAX:
            raise Invalid(Fault(f"listings: expected at most {BULK_MAX} with their facilities, got {len(selectors)}"))
        faults = [
            fault for place, listing in enumerate(listings) for fault in rules.faults(listing, f"listings[{place}].")
        ]
        named = await self._facilities.named(
            origin.tenant,
            [
                selector["facility"]["facilityRef"]
                for _, _, selector in selectors
                if "facilityRef" in selector["facility"]
            ],
            [
                selector["facility"]["tenantFacilityId"]
                for _, _, selector in selectors
                if "tenantFacilityId" in selector["facility"]
            ],
        )
        wanted = []
        for path, listing, selector in selectors:
            by = selector["facility"]
            name = "facilityRef" if "facilityRef" in by else "tenantFacilityId"
            known = named.by_ref if name == "facilityRef" else named.by_tenant_facility_id
            if by[name] not in known:
                faults.append(Fault(f"{path}facility.{name}: there is no such facility"))
                continue
            version = selector.get("version")
            wanted.append(_Wanted(known[by[name]].id, listing, None if version is None else int(version)))
        if not wanted:
            raise Unknown(*faults)
        return await self._write(wanted, faults, origin)

    async def _write(self, wanted: Sequence[_Wanted], faults: list[Fault], origin: Origin) -> list[Decision]:
        seen: set[tuple[str, str]] = set()
        for each in wanted:
            key = (each.facility_id, each.described["tenantArticleId"])
            if key in seen:
                faults.append(Fault(f"listings: {key[1]} is there twice for one facility"))
            seen.add(key)
        if faults:
            raise Invalid(*faults)

        async def compose(now: int) -> tuple[Changeset, list[Decision]]:
            stored = {
                facility_id: await self.of_articles(
                    origin.tenant, facility_id, [article for each, article in seen if each == facility_id]
                )
                for facility_id in {each.facility_id for each in wanted}
            }
            decisions = [
                rules.write(
                    stored[each.facility_id].get(each.described["tenantArticleId"]),
                    each.described,
                    each.facility_id,
                    each.version,
                    now=now,
                    new_id=self._new_id,
                )
                for each in wanted
            ]
            parts = [self._writer.changeset(LISTING, origin, decision, now)[1] for decision in decisions]
            return merged(Changeset(), *parts), decisions

        return await self._writer.compose(origin, compose, again=(Stale, Taken))

    async def change(self, reference: str, article: str, body: Document, origin: Origin) -> bytes:
        """The stored bytes after the change. Raises Unknown, VersionConflict or Invalid."""

        async def decide(now: int) -> Decision:
            return rules.change(await self.read(origin.tenant, reference, article), body, now=now)

        return (await self._writer.write(LISTING, origin, decide)).body

    async def delete(self, reference: str, article: str, origin: Origin) -> None:
        """Removes a listing; its history stays, and so does the stock. Raises Unknown."""

        async def decide(now: int) -> Decision:  # noqa: ARG001 - the end of a listing asks for no time
            return Decision(await self.read(origin.tenant, reference, article), rules.end())

        await self._writer.remove(LISTING, origin, decide)

    async def delete_all(self, reference: str, origin: Origin) -> None:
        """Removes all listings of a facility, AT_ONCE at a time. Raises Unknown where there is no such facility."""
        facility = await self.facility(origin.tenant, reference)
        asked: Parameters = {
            "tenant": origin.tenant,
            "facility": facility.id,
            "before": AFTER_ALL_IDS,
            "size": AT_ONCE,
        }

        async def compose(now: int) -> tuple[Changeset, int]:
            stored = [decode(row[0]) for row in await self._db.rows(QUERIES.list_listings, asked)]
            parts = [self._writer.removal(LISTING, origin, listing, rules.end(), now) for listing in stored]
            return merged(Changeset(), *parts), len(stored)

        for _ in range(BATCHES_MAX):
            if await self._writer.compose(origin, compose) < AT_ONCE:
                return
        raise Invalid(Fault(f"More than {AT_ONCE * BATCHES_MAX} listings were there.", "Send the request again."))


def _newest(listing: Document) -> str:
    listing_id: str = listing["id"]
    return listing_id


def _selectors(listing: Document) -> list[tuple[str, Document]]:
    """The facilities that a bulk entry names, each with its path within the entry and the version that it replaces."""
    if listing["targetingStrategy"] == "SINGLE_FACILITY":
        return [("", listing)]
    return [(f"selector[{place}].", selector) for place, selector in enumerate(listing["selector"])]


def results(decisions: Sequence[Decision], member: str) -> list[Document]:
    """What became of each listing; `member` is what the contract calls it."""
    return [{"status": rules.outcome(decision), member: decision.document} for decision in decisions]


def bulk_results(decisions: Sequence[Decision]) -> bytes:
    """The answer to a bulk request, with what was done in numbers."""
    done = [rules.outcome(decision) for decision in decisions]
    counts = {name.lower(): done.count(name) for name in ("CREATED", "UPDATED", "UNCHANGED")}
    return encode({"summary": counts, "listings": results(decisions, "result")})
