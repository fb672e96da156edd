"""The endpoints of reservations: decode, call, encode."""

from __future__ import annotations

from typing import Final

from msgspec import UNSET

from opendoms.identity.permissions import Permission
from opendoms.inventory.actions.reservations import ReservationActions
from opendoms.inventory.wire.reservation import (
    Reservation,
    ReservationAction,
    ReservationActionResult,
    ReservationListQuery,
    ReservationPaginatedResult,
    ReservationSearchPayload,
    ReservationsPaginatedResult,
)
from opendoms.kernel.document import encode
from opendoms.web.routing import Answer, Call, Reply, Route

TAG: Final = "Reservations (Inventory)"
PATH: Final = "/api/reservations"


def routes(reservations: ReservationActions) -> list[Route]:
    """Seeing what is held for orders, and taking it away by hand."""

    async def list_reservations(call: Call) -> Answer:
        query: ReservationListQuery = call.query
        after = None if query.after is UNSET else query.after
        return Answer(200, await reservations.page(call.principal.tenant, size=int(query.size), after=after))

    async def get_reservation(call: Call) -> Answer:
        return Answer(200, await reservations.read(call.principal.tenant, call.path["reservationId"]))

    async def search_reservations(call: Call) -> Answer:
        return Answer(200, await reservations.search(call.principal.tenant, call.document))

    async def act(call: Call) -> Answer:
        return Answer(200, encode(await reservations.remove(call.document, call.origin())))

    return [
        Route(
            "GET",
            PATH,
            list_reservations,
            operation_id="getPaginatedReservations",
            summary="List reservations",
            description="Newest first. One that has expired is shown until it is cleared away; it holds nothing.",
            tag=TAG,
            permissions=(Permission.RESERVATION_READ,),
            query=ReservationListQuery,
            replies={200: Reply("A page of reservations.", ReservationsPaginatedResult)},
        ),
        Route(
            "GET",
            f"{PATH}/{{reservationId}}",
            get_reservation,
            operation_id="getReservation",
            summary="Read a reservation",
            tag=TAG,
            permissions=(Permission.RESERVATION_READ,),
            path_parameters={"reservationId": "The id of the reservation."},
            replies={200: Reply("The reservation as it is stored.", Reservation)},
            refusals={404: "No reservation has this id."},
        ),
        Route(
            "POST",
            f"{PATH}/search",
            search_reservations,
            operation_id="searchReservation",
            summary="Search reservations",
            description="A member that is not known here is refused, since a misspelt filter would find everything.",
            tag=TAG,
            permissions=(Permission.RESERVATION_READ,),
            body=ReservationSearchPayload,
            replies={200: Reply("A page of what was found.", ReservationPaginatedResult)},
        ),
        Route(
            "POST",
            f"{PATH}/actions",
            act,
            operation_id="performReservationActions",
            summary="Take reservations away",
            description=(
                "Those that all members of the selector name. KEEP_STOCKS makes their pieces available again, "
                "REDUCE_STOCKS takes the pieces out of stock as well: first from the stock that the reservation sits "
                "on. A stock that is emptied goes, unless it has the trait KEEP_ON_ZERO. All of it is done, or nothing."
            ),
            tag=TAG,
            permissions=(Permission.RESERVATION_WRITE,),
            body=ReservationAction,
            replies={200: Reply("What became of each; empty where none matches.", list[ReservationActionResult])},
        ),
    ]
