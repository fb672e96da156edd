"""The facility endpoints: decode, call, encode."""

from __future__ import annotations

from typing import Final, TypeVar

from msgspec import UNSET, UnsetType

from opendoms.facilities.actions import Asked, FacilityActions
from opendoms.facilities.listing import stripped
from opendoms.facilities.wire import (
    Facility,
    FacilityDeletionQuery,
    FacilityForCreation,
    FacilityForModification,
    FacilityForReplacement,
    FacilityListQuery,
    FacilityPaginatedResult,
    FacilitySearchPayload,
    StrippedFacilities,
)
from opendoms.identity.permissions import Permission
from opendoms.kernel.facility_urn import tenant_facility_id_of
from opendoms.web.routing import Answer, Call, Reply, Route

TAG: Final = "Facilities (Core)"
PATH: Final = "/api/facilities"

_STATUSES: Final = ("ONLINE", "SUSPENDED", "OFFLINE")
_TYPES: Final = ("MANAGED_FACILITY", "SUPPLIER")
_ID: Final = {
    "facilityId": "The id that the hub gave the facility, or `urn:fft:facility:tenantFacilityId:` and the caller's own."
}
_UNKNOWN: Final = "No facility has this id."
_TAKEN: Final = "another facility holds this tenantFacilityId."

T = TypeVar("T")


def routes(facilities: FacilityActions) -> list[Route]:
    """Keeping facilities."""
    return [*_collection(facilities), *_single(facilities)]


def _collection(facilities: FacilityActions) -> list[Route]:
    async def list_facilities(call: Call) -> Answer:
        query: FacilityListQuery = call.query
        own = _given(query.tenant_facility_id)
        asked = Asked(
            size=query.size,
            start_after_id=_given(query.start_after_id),
            tenant_facility_id=own if own is None else tenant_facility_id_of(own) or own,
            statuses=_given(query.status) or _STATUSES,
            types=_given(query.type) or _TYPES,
            order_by=_given(query.order_by),
        )
        return Answer(200, stripped(await facilities.list(call.principal.tenant, asked), query.size))

    async def add_facility(call: Call) -> Answer:
        facility_id, body = await facilities.create(call.document, call.origin())
        return Answer(201, body, ((b"location", f"{call.base_url}{PATH}/{facility_id}".encode()),))

    async def search_facilities(call: Call) -> Answer:
        return Answer(200, await facilities.search(call.principal.tenant, call.document))

    return [
        Route(
            "GET",
            PATH,
            list_facilities,
            operation_id="getAllFacilities",
            summary="List facilities",
            description="Newest first, unless `orderBy` says otherwise. Filters combine; total counts all that match.",
            tag=TAG,
            permissions=(Permission.FACILITY_READ,),
            query=FacilityListQuery,
            replies={200: Reply("A page of facilities, empty where nothing matches.", StrippedFacilities)},
        ),
        Route(
            "POST",
            PATH,
            add_facility,
            operation_id="addFacility",
            summary="Create a facility",
            description="Members that the hub does not know are kept and answered.",
            tag=TAG,
            permissions=(Permission.FACILITY_CREATE,),
            body=FacilityForCreation,
            replies={201: Reply("The facility as it is stored.", Facility, location=True)},
            refusals={409: _TAKEN[0].upper() + _TAKEN[1:]},
        ),
        Route(
            "POST",
            f"{PATH}/search",
            search_facilities,
            operation_id="searchFacility",
            summary="Search facilities",
            description="A member that is not known here is refused, since a misspelt filter would find everything.",
            tag=TAG,
            permissions=(Permission.FACILITY_READ,),
            body=FacilitySearchPayload,
            replies={200: Reply("A page of what was found.", FacilityPaginatedResult)},
        ),
    ]


def _single(facilities: FacilityActions) -> list[Route]:
    async def get_facility(call: Call) -> Answer:
        return Answer(200, await facilities.read(call.principal.tenant, call.path["facilityId"]))

    async def change_facility(call: Call) -> Answer:
        return Answer(200, await facilities.change(call.path["facilityId"], call.document, call.origin()))

    async def replace_facility(call: Call) -> Answer:
        return Answer(200, await facilities.replace(call.path["facilityId"], call.document, call.origin()))

    async def delete_facility(call: Call) -> Answer:
        query: FacilityDeletionQuery = call.query
        await facilities.delete(call.path["facilityId"], call.origin(), force=query.force_deletion)
        return Answer(200)

    path = f"{PATH}/{{facilityId}}"
    conflict = {404: _UNKNOWN, 409: f"The version is not the stored one, or {_TAKEN}"}
    return [
        Route(
            "GET",
            path,
            get_facility,
            operation_id="getFacility",
            summary="Read a facility",
            tag=TAG,
            permissions=(Permission.FACILITY_READ,),
            path_parameters=_ID,
            replies={200: Reply("The facility as it is stored.", Facility)},
            refusals={404: _UNKNOWN},
        ),
        Route(
            "PATCH",
            path,
            change_facility,
            operation_id="patchFacility",
            summary="Change a facility",
            description=(
                "Members that are not sent stay; null takes a member away, or sets it back to its default. A change "
                "that asks for what is already so answers the facility as it is."
            ),
            tag=TAG,
            permissions=(Permission.FACILITY_WRITE,),
            body=FacilityForModification,
            path_parameters=_ID,
            replies={200: Reply("The facility after the change.", Facility)},
            refusals=conflict,
        ),
        Route(
            "PUT",
            path,
            replace_facility,
            operation_id="replaceFacility",
            summary="Replace a facility",
            description="Members that are not sent go, save those that this body has no words for, such as costs.",
            tag=TAG,
            permissions=(Permission.FACILITY_WRITE,),
            body=FacilityForReplacement,
            path_parameters=_ID,
            replies={200: Reply("The facility as it is stored.", Facility)},
            refusals=conflict,
        ),
        Route(
            "DELETE",
            path,
            delete_facility,
            operation_id="deleteFacility",
            summary="Delete a facility",
            description=(
                "Orders that refer to it keep their references. Where it has listings, stock, safety stock or "
                "connections to carriers, it is refused unless `forceDeletion` says that all of it goes with it: stock "
                "first, step by step, then the facility. Where pieces are held for orders, it is refused in any case."
            ),
            tag=TAG,
            permissions=(Permission.FACILITY_DELETE,),
            query=FacilityDeletionQuery,
            path_parameters=_ID,
            replies={200: Reply("The facility is gone.")},
            refusals={
                404: _UNKNOWN,
                409: "Something belongs to it and `forceDeletion` is not given, or pieces are held for orders.",
            },
        ),
    ]


def _given(value: T | UnsetType) -> T | None:
    return None if value is UNSET else value
