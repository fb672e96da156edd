"""The composition root: settings → engine → routes → ASGI application. The only file that knows everything."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import NamedTuple

import msgspec
from starlette.applications import Starlette

from opendoms import __version__
from opendoms.cancelation import http as cancelation_http
from opendoms.cancelation.actions import CancelationActions
from opendoms.carriers import http as carriers_http
from opendoms.carriers.actions import CarrierActions, ConnectionActions
from opendoms.carriers.connected import ConnectedCarriers
from opendoms.configuration import http as configuration_http
from opendoms.configuration.actions import ConfigurationActions, OrderSourceActions
from opendoms.db.entity import Writer
from opendoms.events import http as events_http
from opendoms.events.actions import BacklogActions, DeliveryActions, ReplayActions, SubscriptionActions
from opendoms.events.relay import Relay
from opendoms.facilities import http as facilities_http
from opendoms.facilities.actions import FacilityActions
from opendoms.facilities.naming import FacilityNames
from opendoms.facilities.selection import FacilitySelection
from opendoms.facility_belongings import FacilityBelongings
from opendoms.health import http as health_http
from opendoms.history import http as history_http
from opendoms.history.actions import OrderHistory
from opendoms.history.feed import Feed
from opendoms.history.following import Following
from opendoms.history.pulse import Pulse
from opendoms.hub import Hub, hub_for, tables
from opendoms.identity import http as identity_http
from opendoms.identity.authenticator import Authenticator
from opendoms.inventory import http as inventory_http
from opendoms.inventory.assembly import Inventory, counters_of, inventory_of
from opendoms.order_references import OrderReferences
from opendoms.orders import http as orders_http
from opendoms.orders import moves_http, search_http
from opendoms.orders.actions import OrderActions
from opendoms.orders.contended import ContendedWriter
from opendoms.orders.moves import OrderMoves
from opendoms.orders.rules.acting import PROMISE_EXPIRY
from opendoms.orders.searches import OrderSearches
from opendoms.processes import http as processes_http
from opendoms.processes.actions import ProcessActions
from opendoms.processes.dates import ProcessDates
from opendoms.processes.ending import ProcessesOfOrders
from opendoms.processes.log import ProcessLog
from opendoms.processes.rules.said_dates import PROCESS_DATES
from opendoms.promises import http as promises_http
from opendoms.promises.actions import Parts, PromiseActions
from opendoms.promises.ending import ExplanationsOfOrders, GoodsOfOrders
from opendoms.promises.goods import ORDER_RESERVATION, OrderGoods
from opendoms.promises.networks import Networks
from opendoms.promises.planning import Planning
from opendoms.promises.scheduled import ScheduledReservations
from opendoms.records import http as records_http
from opendoms.records import search_http as record_search_http
from opendoms.records.actions import OrderRecordActions
from opendoms.records.searches import OrderRecordSearches
from opendoms.retention.actions import RetentionActions
from opendoms.retention.policy import open_orders_after_ms
from opendoms.retention.task import RETENTION, RetentionTask
from opendoms.search.searcher import Bounds
from opendoms.stock_references import StockFacilities, StockOrders
from opendoms.tags import http as tags_http
from opendoms.tags.actions import TagActions
from opendoms.timers import http as timers_http
from opendoms.timers.actions import ClockActions
from opendoms.timers.refreshing import ClockRefresher
from opendoms.timers.runner import Handler, TimerRunner
from opendoms.timers.sandbox_clock import SandboxClock
from opendoms.web.access_log import AccessLog
from opendoms.web.api import Api, Limits
from opendoms.web.docs import PAGE_PREFIXES, docs_routes
from opendoms.web.openapi import describe
from opendoms.web.routing import Route

__all__ = [
    "Actions",
    "Hub",
    "actions_of",
    "api_routes",
    "application",
    "clock_routes",
    "description",
    "hub_for",
    "retention_of",
    "runners_of",
    "tables",
    "timer_handlers",
]

TITLE = "opendoms"


class Actions(NamedTuple):
    """The actions of every slice, each built once."""

    configurations: ConfigurationActions
    cancelation: CancelationActions
    tags: TagActions
    facilities: FacilityActions
    carriers: CarrierActions
    connections: ConnectionActions
    orders: OrderActions
    moves: OrderMoves
    records: OrderRecordActions
    inventory: Inventory
    searches: OrderSearches
    processes: ProcessActions
    record_searches: OrderRecordSearches
    promises: PromiseActions
    scheduled: ScheduledReservations


def actions_of(hub: Hub) -> Actions:
    """The slices' actions, put together. Nothing is opened or read to build them."""
    writer = Writer(hub.db, hub.clock, hub.new_id)
    configurations = ConfigurationActions(hub.db, writer)
    cancelation = CancelationActions(hub.db, writer, hub.new_id)
    tags = TagActions(hub.db, writer, hub.clock)
    connected = ConnectedCarriers(hub.db, writer)
    counters = counters_of(hub.db, writer, hub.new_id)
    belongings = FacilityBelongings(connected, counters.of_facility)
    facilities = FacilityActions(hub.db, writer, hub.clock, hub.new_id, belongings)
    carriers = CarrierActions(hub.db, writer, hub.new_id)
    connections = ConnectionActions(hub.db, writer, hub.new_id, carriers, connected, facilities)
    references = OrderReferences(facilities, tags, configurations, cancelation)
    stock_facilities = StockFacilities(facilities, FacilitySelection(hub.db))
    orders_named = StockOrders(hub.db)
    inventory = inventory_of(hub.db, writer, hub.clock, hub.new_id, counters, stock_facilities, orders_named)
    planning = Planning(Networks(hub.db, connected), inventory.supplies, inventory.levels)
    goods = OrderGoods(planning, inventory.supplies, inventory.reserving)
    contended = ContendedWriter(writer)
    orders = OrderActions(hub.db, contended, hub.new_id, configurations, references, goods)
    moves = OrderMoves(orders, writer, hub.clock, configurations, references, goods)
    parts = Parts(orders, contended, configurations, planning, goods, inventory.listings)
    records = OrderRecordActions(hub.db, writer, hub.new_id, configurations, facilities)
    bounds = Bounds(hub.settings.search_seconds_max, hub.settings.total_seconds_max)
    searches = OrderSearches(hub.db, hub.clock, bounds)
    processes = ProcessActions(hub.db, writer, hub.clock, tags)
    record_searches = OrderRecordSearches(hub.db, hub.clock, bounds, FacilityNames(hub.db))
    return Actions(
        configurations,
        cancelation,
        tags,
        facilities,
        carriers,
        connections,
        orders,
        moves,
        records,
        inventory,
        searches,
        processes,
        record_searches,
        PromiseActions(hub.db, hub.new_id, parts),
        ScheduledReservations(orders, contended, goods),
    )


def api_routes(hub: Hub, hurry: Callable[[], None] = lambda: None) -> list[Route]:
    """Every operation of the hub. `hurry` has the relay look at once what was asked for."""
    actions = actions_of(hub)
    following = Following(Feed(hub.db), hub.pulse or Pulse(hub.db))
    history = OrderHistory(hub.db)
    return [
        *orders_http.routes(actions.orders),
        *moves_http.routes(actions.moves),
        *search_http.routes(actions.searches),
        *configuration_http.routes(actions.configurations, OrderSourceActions(actions.configurations, hub.new_id)),
        *cancelation_http.routes(actions.cancelation),
        *tags_http.routes(actions.tags),
        *facilities_http.routes(actions.facilities),
        *carriers_http.routes(actions.carriers, actions.connections),
        *history_http.routes(following, history),
        *processes_http.routes(actions.processes, ProcessLog(actions.processes, history)),
        *records_http.routes(actions.records),
        *record_search_http.routes(actions.record_searches),
        *inventory_http.routes(actions.inventory),
        *_event_routes(hub, hurry),
        *promises_http.routes(actions.promises),
        *health_http.routes(hub.db),
        *identity_http.routes(hub.db, hub.clock, hub.new_id),
    ]


def _event_routes(hub: Hub, hurry: Callable[[], None]) -> list[Route]:
    subscriptions = SubscriptionActions(
        hub.db,
        Writer(hub.db, hub.clock, hub.new_id),
        hub.clock,
        hub.new_id,
        allow_private=hub.settings.webhook_allow_private_networks,
    )
    deliveries = DeliveryActions(hub.db, hub.clock, hurry)
    replays = ReplayActions(hub.db, hub.clock, subscriptions, hurry)
    return events_http.routes(subscriptions, deliveries, replays, BacklogActions(hub.db, hub.clock))


def timer_handlers(hub: Hub) -> dict[str, Handler]:
    """What runs when a timer of a kind is due. A kind that is not here stays for a process that knows it."""
    actions = actions_of(hub)
    return {PROMISE_EXPIRY: actions.moves.expire, ORDER_RESERVATION: actions.scheduled.reserve}


def retention_of(hub: Hub) -> RetentionActions:
    """What takes persons out of what is due. Whoever keeps copies of documents elsewhere brings them here."""
    open_after_ms = open_orders_after_ms(hub.settings.retention_open_orders_after)
    writer = Writer(hub.db, hub.clock, hub.new_id)
    goods = GoodsOfOrders(writer, counters_of(hub.db, writer, hub.new_id).reserving)
    copies = (ProcessesOfOrders(hub.db, writer), ExplanationsOfOrders(hub.db), goods)
    return RetentionActions(hub.db, writer, open_after_ms, copies=copies)


def runners_of(hub: Hub, task: RetentionTask) -> list[TimerRunner]:
    """Who runs timers: the first one hears of new ones.

    Retention has a runner of its own, so that nothing that is due to the minute waits for it; but not in a sandbox,
    where the clock is moved from one timer to the next, whatever they are for.
    """
    forgetting: dict[str, Handler] = {
        RETENTION: task.handle,
        PROCESS_DATES: ProcessDates(hub.db, retention_of(hub)).handle,
    }
    if isinstance(hub.clock, SandboxClock):
        return [TimerRunner(hub.db, hub.clock, {**timer_handlers(hub), **forgetting})]
    retention = TimerRunner(hub.db, hub.clock, forgetting, batch_max=1, hears=False)
    return [TimerRunner(hub.db, hub.clock, timer_handlers(hub)), retention]


def clock_routes(hub: Hub, runner: TimerRunner, task: RetentionTask) -> list[Route]:
    """The operations of a sandbox; none where the clock is the machine's."""
    if not isinstance(hub.clock, SandboxClock):
        return []
    writer = Writer(hub.db, hub.clock, hub.new_id)
    return timers_http.routes(ClockActions(hub.db, writer, hub.clock, runner, hub.new_id, task.look))


def description(routes: list[Route]) -> bytes:
    """The API description as JSON."""
    return msgspec.json.format(msgspec.json.encode(describe(routes, TITLE, __version__)), indent=1)


def application(hub: Hub) -> Api:
    """The ASGI application. It connects when it starts and disconnects when it has drained."""
    task = RetentionTask(hub.db, retention_of(hub))
    runners = runners_of(hub, task)
    refresher = ClockRefresher(hub.db, hub.clock) if isinstance(hub.clock, SandboxClock) else None
    pulse = Pulse(hub.db)
    relay = Relay(hub.db, hub.clock, hub.new_id, hub.settings)
    routes = [*api_routes(hub._replace(pulse=pulse), relay.look), *clock_routes(hub, runners[0], task)]
    authenticator = Authenticator(hub.db, hub.clock, hub.settings)
    access_log = AccessLog(enabled=hub.settings.log_requests)

    @asynccontextmanager
    async def lifespan(_pages: Starlette) -> AsyncIterator[None]:
        await hub.db.open()
        await authenticator.open()
        if refresher is not None:
            await refresher.start()
        for runner in runners:
            runner.start()
        task.start(runners[-1].wake)
        pulse.start()
        relay.start()
        yield
        await relay.stop()
        await pulse.stop()
        await task.stop()
        for runner in runners:
            await runner.stop()
        if refresher is not None:
            await refresher.stop()
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
        pages=Starlette(routes=docs_routes(lambda: description(routes)), lifespan=lifespan),
        page_prefixes=PAGE_PREFIXES,
        on_ending=pulse.end,
    )
