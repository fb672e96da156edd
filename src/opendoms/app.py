"""The composition root: settings → engine → routes → ASGI application. The only file that knows everything."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

import msgspec
from starlette.applications import Starlette

from opendoms import __version__
from opendoms.cancelation.store import CANCELATION_REASONS
from opendoms.configuration import http as configuration_http
from opendoms.configuration.actions import ConfigurationActions
from opendoms.configuration.store import CONFIGURATIONS
from opendoms.db.connect import engine_for
from opendoms.db.engine import Engine
from opendoms.db.entity import Writer
from opendoms.facilities.store import FACILITIES
from opendoms.health import http as health_http
from opendoms.identity import http as identity_http
from opendoms.identity.authenticator import Authenticator
from opendoms.identity.store import SIGNING_KEYS, USERS
from opendoms.kernel.changeset import Table
from opendoms.kernel.clock import Clock, SystemClock
from opendoms.kernel.ids import NewId, new_id
from opendoms.orders import http as orders_http
from opendoms.orders.actions import OrderActions
from opendoms.orders.store import ORDERS
from opendoms.settings import Settings
from opendoms.tags.store import TAGS
from opendoms.timers.store import SANDBOX_CLOCKS
from opendoms.web.access_log import AccessLog
from opendoms.web.api import Api, Limits
from opendoms.web.docs import PAGE_PREFIXES, docs_routes
from opendoms.web.openapi import describe
from opendoms.web.routing import Route

TITLE = "opendoms"


class Hub(NamedTuple):
    """What every slice is built from."""

    db: Engine
    clock: Clock
    new_id: NewId
    settings: Settings


def tables() -> list[Table]:
    """Every table of documents; tests hold them against the schema."""
    return [ORDERS, CONFIGURATIONS, SIGNING_KEYS, USERS, FACILITIES, TAGS, CANCELATION_REASONS, SANDBOX_CLOCKS]


def api_routes(hub: Hub) -> list[Route]:
    """Every operation of the hub. Nothing is opened or read to build them."""
    writer = Writer(hub.db, hub.clock, hub.new_id)
    configurations = ConfigurationActions(hub.db, writer)
    orders = OrderActions(hub.db, writer, hub.new_id, configurations)
    return [
        *orders_http.routes(orders),
        *configuration_http.routes(configurations),
        *health_http.routes(hub.db),
        *identity_http.routes(hub.db, hub.clock, hub.new_id),
    ]


def description(routes: list[Route]) -> bytes:
    """The API description as JSON."""
    return msgspec.json.format(msgspec.json.encode(describe(routes, TITLE, __version__)), indent=1)


def hub_for(settings: Settings, clock: Clock | None = None) -> Hub:
    """The hub of these settings, not yet connected."""
    db = engine_for(settings.database, connections=settings.connections)
    return Hub(db, clock or SystemClock(), new_id, settings)


def application(hub: Hub) -> Api:
    """The ASGI application. It connects when it starts and disconnects when it has drained."""
    routes = api_routes(hub)
    authenticator = Authenticator(hub.db, hub.clock, hub.settings)
    access_log = AccessLog(enabled=hub.settings.log_requests)

    @asynccontextmanager
    async def lifespan(_pages: Starlette) -> AsyncIterator[None]:
        await hub.db.open()
        await authenticator.open()
        yield
        await authenticator.close()
        await hub.db.close()
        access_log.flush()

    proxies = frozenset(part.strip() for part in hub.settings.trusted_proxies.split(",") if part.strip())
    return Api(
        routes,
        authenticator=authenticator,
        clock=hub.clock,
        new_id=hub.new_id,
        access_log=access_log,
        limits=Limits(hub.settings.body_bytes_max, proxies),
        pages=Starlette(routes=docs_routes(description(routes)), lifespan=lifespan),
        page_prefixes=PAGE_PREFIXES,
    )
