"""Plants believable orders through the same actions that serve the API."""

from __future__ import annotations

import asyncio
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from opendoms.app import Hub, actions_of
from opendoms.kernel.changeset import Origin
from opendoms.orders.seed import orders

# Enough at once to fill the groups in which both engines commit.
AT_ONCE: Final = 64


async def plant(hub: Hub, *, tenant: str, count: int, seed: int) -> int:
    """Creates `count` orders and says how many there are; a progress bar goes to standard error."""
    actions = actions_of(hub).orders
    origin = Origin(tenant, "seed", "opendoms seed")
    supply = orders(count, seed, hub.clock.now(tenant))
    columns = TextColumn("orders"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("orders", total=count)

        async def worker() -> None:
            for order in supply:
                await actions.create(order, origin)
                bar.advance(task)

        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(worker())
    return count
