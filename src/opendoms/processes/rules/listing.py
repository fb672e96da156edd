"""What the parameters of the older list ask for, in the words of a search."""

from __future__ import annotations

from typing import Any, Final

from opendoms.kernel.decision import Document
from opendoms.kernel.refusal import Fault, Invalid

# Parameter → where the search has it. Lists hold where one of their values does.
_ONE_OF: Final[dict[str, tuple[str, ...]]] = {
    "status": ("status",),
    "operativeStatus": ("operativeStatus",),
    "facilityRefs": ("facilities",),
    "countries": ("countries",),
    "serviceLevels": ("serviceLevels",),
    "serviceTypes": ("serviceTypes",),
    "orderDomainStatus": ("domains", "order"),
    "stickers": ("stickerKeys",),
    # Of these this hub has nothing, so that nothing matches.
    "trackingStatus": ("nowhere",),
    "facilityRefsWithActiveOperations": ("nowhere",),
    "brandRefs": ("nowhere",),
    "routingDomainStatus": ("domains", "other"),
    "pickingDomainStatus": ("domains", "other"),
    "packingDomainStatus": ("domains", "other"),
    "shippingDomainStatus": ("domains", "other"),
    "handoverDomainStatus": ("domains", "other"),
    "returnDomainStatus": ("domains", "other"),
}
# Parameter → where the search has it, and what it does there.
_SINGLE: Final[dict[str, tuple[tuple[str, ...], str]]] = {
    "tenantOrderId": (("referenced", "order", "tenantOrderId"), "eq"),
    "consumerId": (("referenced", "order", "consumerId"), "eq"),
    "startTargetTime": (("targetTime",), "gte"),
    "endTargetTime": (("targetTime",), "lte"),
    "startDate": (("created",), "gte"),
    "endDate": (("created",), "lte"),
    "searchTerm": (("searchTerm",), "like"),
    "orderStatus": (("orderStatus",), "eq"),
}
_DIRECTIONS: Final = {"ASCENDING": "ASC", "DESCENDING": "DESC"}


def search_body(parameters: Document) -> Document:
    """The body of a search that finds what the parameters ask for, given by their names on the wire.

    Raises Invalid for what this hub cannot answer.
    """
    if "facilityCountries" in parameters:
        raise Invalid(
            Fault("facilityCountries: is not possible here", "Search facilities first, and ask by facilityRefs.")
        )
    query: Document = {}
    for name, value in parameters.items():
        if name in _ONE_OF:
            _put(query, _ONE_OF[name], "in", value)
        elif name in _SINGLE:
            _put(query, *_SINGLE[name], value)
    if "locked" in parameters:
        _put(query, ("orderStatus",), "eq" if parameters["locked"] else "notEq", "LOCKED")
    body: Document = {"query": query, "size": parameters["size"], "options": {"withTotal": True}}
    if "startAfterId" in parameters:
        body["startAfterId"] = parameters["startAfterId"]
    if "sortBy" in parameters or "sortByDirection" in parameters:
        direction = _DIRECTIONS[parameters.get("sortByDirection", "ASCENDING")]
        body["sort"] = [{parameters.get("sortBy", "ID"): direction}]
    return body


def _put(query: Document, path: tuple[str, ...], operator: str, value: Any) -> None:
    """Adds a condition. Two that want different things of one place must both hold."""
    branch: Document = {}
    inner = branch
    for name in path:
        inner[name] = {}
        inner = inner[name]
    inner[operator] = value
    if path[0] in query:
        query.setdefault("and", []).append(branch)
    else:
        query.update(branch)
