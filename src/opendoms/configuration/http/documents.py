"""Configurations that are read and written whole: a GET and a PUT each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from opendoms.configuration.actions import ConfigurationActions
from opendoms.configuration.gdpr import GDPR
from opendoms.configuration.kind import Kind
from opendoms.configuration.order_cancelation import ORDER_CANCELATION
from opendoms.configuration.order_modification import ORDER_MODIFICATION
from opendoms.configuration.order_records import ORDER_RECORDS
from opendoms.configuration.order_tags import ORDER_TAGS, shown
from opendoms.configuration.promises import PROMISES
from opendoms.configuration.wire import (
    GdprConfiguration,
    OrderCancelationConfiguration,
    OrderModificationConfiguration,
    OrderRecordsConfiguration,
    OrderRecordsConfigurationInput,
    OrderTagConfiguration,
    PromisesConfiguration,
)
from opendoms.identity.permissions import Permission
from opendoms.kernel.decision import Document
from opendoms.kernel.document import encode
from opendoms.web.routing import Answer, Call, Reply, Route

TAG: Final = "Orders Configuration (DOMS)"
TAG_RECORDS: Final = "Order Records (DOMS)"
# The contract lists it for some of them.
_NEVER_404: Final = {404: "Not answered by this server: before the first write there are the defaults."}


def _whole(document: Document) -> Document:
    return document


class _Served(NamedTuple):
    """A kind as it is served: its path, its type, what it is about, and who may read and write it.

    `operations` are the ids of the GET and the PUT. `created` is the status of the first write. `shown` is what of the
    stored document is answered, `body` the type of what is written where that is another one.
    """

    kind: Kind
    path: str
    type: Any
    about: str
    operations: tuple[str, str]
    readers: tuple[Permission, ...] = (Permission.CONFIG_READ,)
    writers: tuple[Permission, ...] = (Permission.CONFIG_WRITE,)
    created: int = 200
    shown: Callable[[Document], Document] = _whole
    read_refusals: Mapping[int, str] = {}
    body: Any = None
    tag: str = TAG


_SERVED: Final = (
    _Served(
        ORDER_MODIFICATION,
        "/api/configurations/ordermodification",
        OrderModificationConfiguration,
        "what may be edited on orders",
        ("getOrderModificationConfiguration", "putOrderModificationConfiguration"),
        created=201,
    ),
    _Served(
        ORDER_CANCELATION,
        "/api/configurations/ordercancelation",
        OrderCancelationConfiguration,
        "whether orders may be cancelled by force",
        ("getOrderCancelationConfiguration", "putOrderCancelationConfiguration"),
        created=201,
    ),
    _Served(
        PROMISES,
        "/api/configurations/promises",
        PromisesConfiguration,
        "for how long promises hold",
        ("getPromisesConfiguration", "putPromisesConfiguration"),
        readers=(Permission.PROMISES_CONFIG_READ, Permission.CONFIG_READ),
        writers=(Permission.PROMISES_CONFIG_WRITE, Permission.CONFIG_WRITE),
        read_refusals=_NEVER_404,
    ),
    _Served(
        ORDER_TAGS,
        "/api/configurations/tags/order",
        OrderTagConfiguration,
        "what tags of orders bring about",
        ("getOrderTagConfiguration", "putOrderTagConfigurations"),
        shown=shown,
        read_refusals=_NEVER_404,
    ),
    _Served(
        ORDER_RECORDS,
        "/api/configurations/orderrecords",
        OrderRecordsConfiguration,
        "whether order records are taken in",
        ("getOrderRecordsConfiguration", "updateOrderRecordsConfiguration"),
        created=201,
        body=OrderRecordsConfigurationInput,
        tag=TAG_RECORDS,
    ),
    _Served(
        GDPR,
        "/api/configurations/gdpr",
        GdprConfiguration,
        "for how long data of persons is kept",
        ("getGdprConfiguration", "putGdprConfiguration"),
    ),
)


def routes(configurations: ConfigurationActions) -> list[Route]:
    """The two routes of every such configuration."""
    return [route for served in _SERVED for route in _routes(configurations, served)]


def _routes(configurations: ConfigurationActions, served: _Served) -> tuple[Route, Route]:
    async def read(call: Call) -> Answer:
        document = await configurations.document(call.principal.tenant, served.kind)
        return Answer(200, encode(served.shown(document)))

    async def write(call: Call) -> Answer:
        created, document = await configurations.put(served.kind, call.document, call.origin())
        return Answer(served.created if created else 200, encode(served.shown(document)))

    replies = {served.created: Reply("The configuration was written for the first time.", served.type)}
    replies[200] = Reply("The configuration was changed, or was like this already.", served.type)
    return (
        Route(
            "GET",
            served.path,
            read,
            operation_id=served.operations[0],
            summary=f"Read {served.about}",
            description="Before the first write the defaults are answered, with version 0.",
            tag=served.tag,
            permissions=served.readers,
            replies={200: Reply("The configuration in force.", served.type)},
            refusals=served.read_refusals,
        ),
        Route(
            "PUT",
            served.path,
            write,
            operation_id=served.operations[1],
            summary=f"Set {served.about}",
            description="The first write is taken with any version; later ones must carry the stored version.",
            tag=served.tag,
            permissions=served.writers,
            body=served.body or served.type,
            replies=replies,
            refusals={409: "The version is not the stored one."},
        ),
    )
