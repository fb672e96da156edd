"""The endpoints of carriers and of their connections to facilities: decode, call, encode."""

from __future__ import annotations

from typing import Final

from msgspec import UNSET

from opendoms.carriers.actions import CarrierActions, ConnectionActions
from opendoms.carriers.listing import of_facility, stripped
from opendoms.carriers.wire import (
    Carrier,
    CarrierForCreation,
    CarrierListQuery,
    CarrierPatchActions,
    CarrierPriorityCalculationRequest,
    CarrierPriorityResult,
    FacilityCarrierConnection,
    FacilityCarrierConnectionForCreation,
    FacilityCarrierConnectionForModification,
    StrippedCarriers,
)
from opendoms.identity.permissions import Permission
from opendoms.web.routing import Answer, Call, Reply, Route

TAG: Final = "Carriers (Operations)"
CONNECTIONS_TAG: Final = "Facilities (Core)"
PATH: Final = "/api/carriers"
CONNECTIONS_PATH: Final = "/api/facilities/{facilityId}/carriers"

_CARRIER_ID: Final = {"carrierId": "The id that the hub gave the carrier."}
_FACILITY_ID: Final = {
    "facilityId": "The id that the hub gave the facility, or `urn:fft:facility:tenantFacilityId:` and the caller's own."
}
_PAIR: Final = {**_FACILITY_ID, "carrierRef": "The id that the hub gave the carrier."}
_UNKNOWN_CARRIER: Final = "No carrier has this id."
_UNKNOWN_FACILITY: Final = "No facility has this id."


def routes(carriers: CarrierActions, connections: ConnectionActions) -> list[Route]:
    """Keeping carriers, and connecting them to facilities."""
    return [*_carriers(carriers), *_connections(connections), *_connection(connections)]


def _carriers(carriers: CarrierActions) -> list[Route]:
    async def list_carriers(call: Call) -> Answer:
        query: CarrierListQuery = call.query
        after = None if query.start_after_id is UNSET else query.start_after_id
        size = int(query.size)
        return Answer(200, stripped(await carriers.page(call.principal.tenant, after=after, size=size), size))

    async def add_carrier(call: Call) -> Answer:
        carrier_id, body = await carriers.create(call.document, call.origin())
        return Answer(201, body, ((b"location", f"{call.base_url}{PATH}/{carrier_id}".encode()),))

    async def get_carrier(call: Call) -> Answer:
        return Answer(200, await carriers.read(call.principal.tenant, call.path["carrierId"]))

    async def change_carrier(call: Call) -> Answer:
        return Answer(200, await carriers.change(call.path["carrierId"], call.document, call.origin()))

    path = f"{PATH}/{{carrierId}}"
    return [
        Route(
            "GET",
            PATH,
            list_carriers,
            operation_id="getCarriers",
            summary="List carriers",
            description="Newest first.",
            tag=TAG,
            permissions=(Permission.CARRIER_READ,),
            query=CarrierListQuery,
            replies={200: Reply("A page of carriers, empty where there are none.", StrippedCarriers)},
        ),
        Route(
            "POST",
            PATH,
            add_carrier,
            operation_id="addCarrier",
            summary="Create a carrier",
            description="It is INACTIVE unless the body says otherwise. A carrier cannot be deleted.",
            tag=TAG,
            permissions=(Permission.CARRIER_WRITE,),
            body=CarrierForCreation,
            replies={201: Reply("The carrier as it is stored.", Carrier, location=True)},
            refusals={409: "Another carrier has this key."},
        ),
        Route(
            "GET",
            path,
            get_carrier,
            operation_id="getCarrier",
            summary="Read a carrier",
            tag=TAG,
            permissions=(Permission.CARRIER_READ,),
            path_parameters=_CARRIER_ID,
            replies={200: Reply("The carrier as it is stored.", Carrier)},
            refusals={404: _UNKNOWN_CARRIER},
        ),
        Route(
            "PATCH",
            path,
            change_carrier,
            operation_id="patchCarrier",
            summary="Change a carrier",
            description="Members that are not sent stay. A change that asks for what is already so changes nothing.",
            tag=TAG,
            permissions=(Permission.CARRIER_WRITE,),
            body=CarrierPatchActions,
            path_parameters=_CARRIER_ID,
            replies={200: Reply("The carrier after the change.", Carrier)},
            refusals={404: _UNKNOWN_CARRIER, 409: "The version is not the stored one."},
        ),
    ]


def _connections(connections: ConnectionActions) -> list[Route]:
    async def list_connections(call: Call) -> Answer:
        return Answer(200, of_facility(await connections.list(call.principal.tenant, call.path["facilityId"])))

    async def prioritize(call: Call) -> Answer:
        facility = call.path["facilityId"]
        return Answer(200, await connections.prioritize(call.principal.tenant, facility, call.document))

    return [
        Route(
            "GET",
            CONNECTIONS_PATH,
            list_connections,
            operation_id="listFacilityCarriers",
            summary="List the carriers of a facility",
            description="All of them, in the order in which they were connected. ACTIVE are those it sends with.",
            tag=CONNECTIONS_TAG,
            permissions=(Permission.FACILITY_READ,),
            path_parameters=_FACILITY_ID,
            replies={200: Reply("The carriers, empty where none comes.", StrippedCarriers)},
            refusals={404: _UNKNOWN_FACILITY},
        ),
        Route(
            "POST",
            f"{CONNECTIONS_PATH}/prioritization",
            prioritize,
            operation_id="calculateBestCarrier",
            summary="Rank the carriers of a facility",
            description=(
                "Recommended are those that the facility sends with and whose threshold holds the value of the parcel; "
                "those with a threshold first, a narrower one before a wider one, then who was connected first."
            ),
            tag=CONNECTIONS_TAG,
            permissions=(Permission.CARRIER_WRITE,),
            body=CarrierPriorityCalculationRequest,
            path_parameters=_FACILITY_ID,
            replies={200: Reply("The carriers of the facility, ranked.", CarrierPriorityResult)},
            refusals={404: _UNKNOWN_FACILITY},
        ),
    ]


def _connection(connections: ConnectionActions) -> list[Route]:
    async def get_connection(call: Call) -> Answer:
        pair = call.path["facilityId"], call.path["carrierRef"]
        return Answer(200, await connections.read(call.principal.tenant, *pair))

    async def connect(call: Call) -> Answer:
        carrier_id = call.path["carrierRef"]
        facility_id, body = await connections.connect(call.path["facilityId"], carrier_id, call.document, call.origin())
        location = f"{call.base_url}/api/facilities/{facility_id}/carriers/{carrier_id}"
        return Answer(201, body, ((b"location", location.encode()),))

    async def update(call: Call) -> Answer:
        pair = call.path["facilityId"], call.path["carrierRef"]
        return Answer(200, await connections.update(*pair, call.document, call.origin()))

    path = f"{CONNECTIONS_PATH}/{{carrierRef}}"
    return [
        Route(
            "GET",
            path,
            get_connection,
            operation_id="getFacilityCarrier",
            summary="Read the connection of a carrier to a facility",
            tag=CONNECTIONS_TAG,
            permissions=(Permission.FACILITY_READ,),
            path_parameters=_PAIR,
            replies={200: Reply("The connection as it is stored.", FacilityCarrierConnection)},
            refusals={404: "No facility has this id, or the carrier is not connected to it."},
        ),
        Route(
            "POST",
            path,
            connect,
            operation_id="createCarrierToFacility",
            summary="Connect a carrier to a facility",
            description="It is INACTIVE unless the body says otherwise, and ends with the facility.",
            tag=CONNECTIONS_TAG,
            permissions=(Permission.FACILITY_WRITE,),
            body=FacilityCarrierConnectionForCreation,
            path_parameters=_PAIR,
            replies={201: Reply("The connection as it is stored.", FacilityCarrierConnection, location=True)},
            refusals={404: "No facility or no carrier has this id.", 409: "They are connected already."},
        ),
        Route(
            "PUT",
            path,
            update,
            operation_id="connectCarrierToFacility",
            summary="Change the connection of a carrier to a facility",
            description=(
                "Members that are not sent stay; null takes cut-offs away. A change that asks for what is already so "
                "changes nothing."
            ),
            tag=CONNECTIONS_TAG,
            permissions=(Permission.FACILITY_WRITE,),
            body=FacilityCarrierConnectionForModification,
            path_parameters=_PAIR,
            replies={200: Reply("The connection after the change.", FacilityCarrierConnection)},
            refusals={
                404: "No facility has this id, or the carrier is not connected to it.",
                409: "The version is not the stored one.",
            },
        ),
    ]
