"""The endpoints of listings: decode, call, encode."""

from __future__ import annotations

from typing import Final, TypeVar

from msgspec import UNSET, UnsetType

from opendoms.identity.permissions import Permission
from opendoms.inventory.actions.listings import AFTER_ALL_IDS, Asked, ListingActions, bulk_results, results
from opendoms.inventory.rules.listings import shown
from opendoms.inventory.wire.listing import (
    Listing,
    ListingBulkOperationResult,
    ListingListQuery,
    ListingReadQuery,
    ListingsForReplacement,
    StrippedListings,
)
from opendoms.inventory.wire.listing_change import (
    ListingBulkUpsertPayload,
    ListingBulkUpsertResponse,
    ListingPatchActions,
)
from opendoms.inventory.wire.listing_search import ListingPaginatedResult, ListingSearchPayload
from opendoms.kernel.document import decode, encode
from opendoms.web.routing import Answer, Call, Reply, Route

TAG: Final = "Listings (Core)"
OF_FACILITY: Final = "/api/facilities/{facilityId}/listings"
_ID: Final = {
    "facilityId": "The id that the hub gave the facility, or `urn:fft:facility:tenantFacilityId:` and the caller's own."
}
_ONE: Final = {**_ID, "tenantArticleId": "The caller's own number of the article."}
_NO_FACILITY: Final = "No facility has this id."
_NO_LISTING: Final = "No facility has this id, or it does not list the article."
_STALE: Final = "The version is not the stored one."
_SHORT: Final = ("id", "version", "created", "lastModified", "facilityId", "tenantArticleId", "status")

T = TypeVar("T")


def routes(listings: ListingActions) -> list[Route]:
    """Keeping what facilities offer."""
    return [*_of_facility(listings), *_single(listings), *_everywhere(listings)]


def _of_facility(listings: ListingActions) -> list[Route]:
    async def list_listings(call: Call) -> Answer:
        query: ListingListQuery = call.query
        asked = Asked(
            size=query.size,
            before=_given(query.start_after_id) or AFTER_ALL_IDS,
            articles=_given(query.tenant_article_ids),
            code=_given(query.scannable_code),
        )
        page = await listings.page(call.principal.tenant, call.path["facilityId"], asked)
        rows = [{name: listing[name] for name in _SHORT} for listing in page.listings]
        cursor = {"nextCursor": page.listings[-1]["id"]} if page.more else {}
        return Answer(200, encode({"listings": rows, "total": page.total, **cursor}))

    async def put_listings(call: Call) -> Answer:
        done = await listings.put(call.path["facilityId"], call.document["listings"], call.origin())
        return Answer(200, encode(results(done, "listing")))

    async def delete_listings(call: Call) -> Answer:
        await listings.delete_all(call.path["facilityId"], call.origin())
        return Answer(200)

    return [
        Route(
            "GET",
            OF_FACILITY,
            list_listings,
            operation_id="getFacilityListing",
            summary="List what a facility offers",
            description="In short, newest first.",
            tag=TAG,
            permissions=(Permission.LISTING_READ,),
            query=ListingListQuery,
            path_parameters=_ID,
            replies={200: Reply("A page of listings, empty where nothing matches.", StrippedListings)},
            refusals={404: _NO_FACILITY},
        ),
        Route(
            "PUT",
            OF_FACILITY,
            put_listings,
            operation_id="putFacilityListing",
            summary="Write what a facility offers",
            description=(
                "Each listing is made, or described anew where the facility lists the article already; those that are "
                "not sent stay. All of them are written, or none."
            ),
            tag=TAG,
            permissions=(Permission.LISTING_WRITE,),
            body=ListingsForReplacement,
            path_parameters=_ID,
            replies={200: Reply("What became of each, in the order asked.", list[ListingBulkOperationResult])},
            refusals={404: _NO_FACILITY, 409: _STALE},
        ),
        Route(
            "DELETE",
            OF_FACILITY,
            delete_listings,
            operation_id="deleteListingsOfFacility",
            summary="Remove all listings of a facility",
            description="Its stock stays.",
            tag=TAG,
            permissions=(Permission.LISTING_DELETE,),
            path_parameters=_ID,
            replies={200: Reply("The facility lists nothing any more.")},
            refusals={404: _NO_FACILITY},
        ),
    ]


def _single(listings: ListingActions) -> list[Route]:
    async def get_listing(call: Call) -> Answer:
        query: ListingReadQuery = call.query
        facility, article = call.path["facilityId"], call.path["tenantArticleId"]
        listing = await listings.read(call.principal.tenant, facility, article)
        return Answer(200, encode(shown(listing, _given(query.locale))))

    async def change_listing(call: Call) -> Answer:
        facility, article = call.path["facilityId"], call.path["tenantArticleId"]
        body = await listings.change(facility, article, call.document, call.origin())
        return Answer(200, encode([shown(decode(body), None)]))

    async def delete_listing(call: Call) -> Answer:
        await listings.delete(call.path["facilityId"], call.path["tenantArticleId"], call.origin())
        return Answer(200)

    path = f"{OF_FACILITY}/{{tenantArticleId}}"
    return [
        Route(
            "GET",
            path,
            get_listing,
            operation_id="getListing",
            summary="Read a listing",
            tag=TAG,
            permissions=(Permission.LISTING_READ,),
            query=ListingReadQuery,
            path_parameters=_ONE,
            replies={200: Reply("The listing as it is stored.", Listing)},
            refusals={404: _NO_LISTING},
        ),
        Route(
            "PATCH",
            path,
            change_listing,
            operation_id="patchFacilityListing",
            summary="Change a listing",
            description="Members that are not sent stay. A change that asks for what is already so moves no version.",
            tag=TAG,
            permissions=(Permission.LISTING_WRITE,),
            body=ListingPatchActions,
            path_parameters=_ONE,
            replies={200: Reply("The listing after the change, as the only one of a list.", list[Listing])},
            refusals={404: _NO_LISTING, 409: _STALE},
        ),
        Route(
            "DELETE",
            path,
            delete_listing,
            operation_id="deleteFacilityListing",
            summary="Remove a listing",
            description="The stock of the article stays.",
            tag=TAG,
            permissions=(Permission.LISTING_DELETE,),
            path_parameters=_ONE,
            replies={200: Reply("The listing is gone.")},
            refusals={404: _NO_LISTING},
        ),
    ]


def _everywhere(listings: ListingActions) -> list[Route]:
    async def put_everywhere(call: Call) -> Answer:
        return Answer(200, bulk_results(await listings.put_everywhere(call.document["listings"], call.origin())))

    async def search_listings(call: Call) -> Answer:
        return Answer(200, await listings.search(call.principal.tenant, call.document))

    return [
        Route(
            "PUT",
            "/api/listings",
            put_everywhere,
            operation_id="bulkUpsertListings",
            summary="Write listings of several facilities",
            description="Entries times facilities are 25 at most. All of them are written, or none.",
            tag=TAG,
            permissions=(Permission.LISTING_WRITE,),
            body=ListingBulkUpsertPayload,
            replies={200: Reply("What became of each, and in numbers.", ListingBulkUpsertResponse)},
            refusals={404: "None of the facilities exists.", 409: _STALE},
        ),
        Route(
            "POST",
            "/api/listings/search",
            search_listings,
            operation_id="searchListing",
            summary="Search listings",
            description="A member that is not known here is refused, since a misspelt filter would find everything.",
            tag=TAG,
            permissions=(Permission.LISTING_READ,),
            body=ListingSearchPayload,
            replies={200: Reply("A page of what was found.", ListingPaginatedResult)},
        ),
    ]


def _given(value: T | UnsetType) -> T | None:
    return None if value is UNSET else value
