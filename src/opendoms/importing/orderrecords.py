"""Importing order records: into a database, or through the API of a hub."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx

from opendoms.app import Hub, actions_of
from opendoms.importing.destinations import ANSWER_S_MAX, ApiDestination, DatabaseDestination
from opendoms.importing.journal import Journal, Tally
from opendoms.importing.judges import Judges
from opendoms.importing.processes import processes_for
from opendoms.importing.run import import_file
from opendoms.kernel.changeset import Origin

_ACTOR: Final = "import"
_CAUSE: Final = "opendoms import orderrecords"


async def into_database(hub: Hub, source: Path, verdicts: Path | None, processes: int | None = None) -> Tally:
    """Takes the lines of a file in for the tenant of the settings; the hub's database is open.

    Judges them in so many processes beside this one, or as many as the file and the machine make worth it.
    """
    settings = hub.settings
    journal = Journal(source, verdicts, f"{_named(settings.database)} {settings.tenant}")
    count = processes_for(journal.state.size) if processes is None else processes
    async with Judges(count).started() as judges:
        origin = Origin(settings.tenant, _ACTOR, _CAUSE)
        return await import_file(source, DatabaseDestination(actions_of(hub).records, origin, judges), journal)


async def through_api(url: str, token: str, source: Path, verdicts: Path | None) -> Tally:
    """Sends the lines of a file to the hub at a URL such as https://hub.example, for the tenant of the token.

    Raises ValueError for a URL that leads nowhere, and what an import raises.
    """
    headers = {"authorization": f"Bearer {token}"}
    try:
        client = httpx.AsyncClient(base_url=url, headers=headers, timeout=ANSWER_S_MAX)
    except httpx.InvalidURL as error:
        raise ValueError("--url: expected an address such as https://hub.example.") from error
    async with client:
        return await import_file(source, ApiDestination(client), Journal(source, verdicts, _named(url)))


def _named(url: str) -> str:
    """A URL without the user and the password."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
