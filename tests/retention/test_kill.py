"""A process that is killed while it forgets leaves all of an entity or nothing, and the next one does the rest."""

from __future__ import annotations

import asyncio
import subprocess
import time

import pytest

from opendoms.app import Hub
from opendoms.web.api import Api
from tests.api.caller import Caller
from tests.api.record_samples import put, sale, switched_on
from tests.databases import run_sql
from tests.retention.persons import MARK
from tests.server import COMMAND, ENVIRONMENT

# Enough that the process is killed before the last one.
SALES = 500
PER_CALL = 25
ANSWER_S = 30.0

# Of each record: whether it is anonymised, how many of its rows hold the person, and how often it was told.
STATES = (
    "select count(*) from (select r.anonymized as done,"
    " (r.document like '%CANARY%') as shown,"
    " (select count(*) from events as e where e.entity_id = r.id and e.document like '%CANARY%') as told,"
    " (select count(*) from events as e where e.entity_id = r.id and e.type = 'ORDER_RECORD_ANONYMIZED') as ended"
    " from order_records as r) as each where {}"
)
WHOLE = "(done and not shown and told = 0 and ended = 1) or (not done and shown and told = 1 and ended = 0)"


async def count(url: str, where: str) -> int:
    """How many records are so."""
    ((found,),) = await run_sql(url, STATES.format(where))
    number: int = found
    return number


@pytest.mark.slow
async def test_a_kill_leaves_whole_entities(hub: Hub, api: Api, admin: Caller, database_url: str) -> None:
    """After SIGKILL each record is forgotten everywhere or nowhere; run again, each is forgotten once."""
    facility_id = await switched_on(admin)
    for start in range(0, SALES, PER_CALL):
        sales = [sale(number, facilityRef=facility_id, consumer={"email": MARK}) for number in range(start, start + 25)]
        await put(admin, *sales)
    # The deletion is far away, whatever the machine's clock shows.
    later = 'update order_records set document = replace(document, \'"deletionDate":"2\', \'"deletionDate":"9\')'
    await run_sql(database_url, later)
    command = [*COMMAND, "retention", "--database", database_url]
    process = subprocess.Popen(  # noqa: ASYNC220 - only started here
        command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + ANSWER_S
    while await count(database_url, "done") == 0:
        assert process.poll() is None
        assert time.monotonic() < deadline
    process.kill()
    await asyncio.to_thread(process.wait)
    done = await count(database_url, "done")
    assert 0 < done < SALES
    assert await count(database_url, WHOLE) == SALES
    assert (await asyncio.to_thread(subprocess.run, command, env=ENVIRONMENT, capture_output=True)).returncode == 0
    assert await count(database_url, f"done and ({WHOLE})") == SALES
