"""Runs the application under uvicorn: one process in this one, several under its supervisor."""

from __future__ import annotations

import os
import signal
import socket
import sys

import uvicorn
from uvicorn.supervisors import Multiprocess

from opendoms.app import application
from opendoms.garbage import tune_garbage_collection
from opendoms.hub import Hub, hub_for
from opendoms.settings import Settings, settings_from
from opendoms.web.api import Api
from opendoms.web.log import configure_log
from opendoms.web.protocol import Protocol

BACKLOG = 2048
# How long a worker process may take to come up before the banner is left out; it is watched on regardless.
WORKER_START_SECONDS_MAX = 30


class _Server(uvicorn.Server):
    """Says that it is ready when it really listens."""

    def __init__(self, config: uvicorn.Config, settings: Settings) -> None:
        super().__init__(config)
        self._settings = settings

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and not self.should_exit:
            tune_garbage_collection()
            port = self.servers[0].sockets[0].getsockname()[1]
            _say(banner(self._settings, port))


def worker() -> Api:
    """The application of one worker process, its settings handed down in the environment."""
    configure_log()
    app = application(hub_for(settings_from()))
    tune_garbage_collection()
    return app


class _Workers(Multiprocess):
    """Several processes on one socket; says that they are ready when all of them are."""

    def __init__(self, config: uvicorn.Config, settings: Settings) -> None:
        super().__init__(config, sockets=[config.bind_socket()])
        self._settings = settings

    def init_processes(self) -> None:
        super().init_processes()
        if all(process.wait_until_ready(WORKER_START_SECONDS_MAX, self.should_exit) for process in self.processes):
            _say(banner(self._settings, self.sockets[0].getsockname()[1]))


def run(hub: Hub) -> None:
    """Serves until SIGTERM or SIGINT; requests that were accepted are answered first."""
    configure_log()
    _end_quietly_on_signals()
    settings = hub.settings
    if settings.workers == 1:
        server = _Server(_config(settings, application(hub)), settings)
        server.run()
        if not server.started:
            sys.exit(1)
        return
    for name in Settings.__struct_fields__:
        os.environ[f"OPENDOMS_{name.upper()}"] = _plain(getattr(settings, name))
    config = _config(settings, "opendoms.serving:worker", factory=True, workers=settings.workers)
    _Workers(config, settings).run()


def _end_quietly_on_signals() -> None:
    """A stop that was asked for is no failure.

    uvicorn drains on these signals and raises them again afterwards, for whoever listened before it: that is us, so
    that the process ends with exit code 0.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _config(settings: Settings, app: object, **more: object) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]  # uvicorn's type does not know that ASGI applications are plain callables
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=Protocol,
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=settings.drain_seconds_max,
        **more,  # type: ignore[arg-type]  # factory and workers
    )


def banner(settings: Settings, port: int) -> str:
    """What a newcomer needs to see: where it is, where the documentation is, how to send a first order."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    url = f"http://{host}:{port}"
    database = settings.database if settings.database.startswith("sqlite") else "$OPENDOMS_DATABASE"
    return f"""
opendoms is ready at {url}
documentation:       {url}/docs

A token, and a first order with it:

  TOKEN=$(.venv/bin/opendoms token create --database {database} --subject me --role ADMIN)
  curl -s {url}/api/orders -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{{
    "orderDate": "2026-11-22T09:30:00Z",
    "tenantOrderId": "first-order",
    "consumer": {{"addresses": [
      {{"street": "Main Street", "houseNumber": "1", "postalCode": "50667", "city": "Cologne", "country": "DE"}}
    ]}},
    "orderLineItems": [{{"quantity": 2, "article": {{"tenantArticleId": "4711", "title": "Cologne Water"}}}}]
  }}'
"""


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - the banner is for the person at the terminal
