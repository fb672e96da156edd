"""One read for many callers, which nobody gets that began before they asked."""

from __future__ import annotations

import asyncio

import pytest

from opendoms.db.shared_look import SharedLook


class Slow:
    """A read that ends when it is told to; it says which number it was."""

    def __init__(self) -> None:
        self.begun = 0
        self.ends: list[asyncio.Future[None]] = []

    async def read(self, key: str) -> str:
        """The key and the number of the read."""
        self.begun += 1
        number = self.begun
        end = asyncio.get_running_loop().create_future()
        self.ends.append(end)
        await end
        return f"{key} {number}"


async def settled() -> None:
    """Lets everything run that can."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_who_asks_during_a_read_gets_the_next_one_all_together() -> None:
    """Two reads for a hundred callers: the first for the one who began it, the second for those who came after."""
    slow = Slow()
    look = SharedLook(slow.read)
    first = asyncio.create_task(look.look("a"))
    await settled()
    others = [asyncio.create_task(look.look("a")) for _ in range(99)]
    await settled()
    assert slow.begun == 1
    slow.ends[0].set_result(None)
    await settled()
    assert (first.result(), slow.begun) == ("a 1", 2)
    latest = asyncio.create_task(look.look("a"))
    await settled()
    slow.ends[1].set_result(None)
    assert set(await asyncio.gather(*others)) == {"a 2"}
    await settled()
    slow.ends[2].set_result(None)
    assert await latest == "a 3"


async def test_keys_do_not_wait_for_each_other() -> None:
    """Another key is read at once."""
    slow = Slow()
    look = SharedLook(slow.read)
    looks = [asyncio.create_task(look.look(key)) for key in ("a", "b")]
    await settled()
    assert slow.begun == 2
    for end in slow.ends:
        end.set_result(None)
    assert await asyncio.gather(*looks) == ["a 1", "b 2"]


async def test_a_read_that_fails_fails_for_those_who_shared_it_alone() -> None:
    """The next one is read anew; whoever gives up does not take the others along."""
    slow = Slow()
    look = SharedLook(slow.read)
    first = asyncio.create_task(look.look("a"))
    await settled()
    sharing = [asyncio.create_task(look.look("a")) for _ in range(3)]
    await settled()
    slow.ends[0].set_exception(OSError("gone"))
    await settled()
    with pytest.raises(OSError, match="gone"):
        await first
    sharing[0].cancel()
    await settled()
    slow.ends[1].set_result(None)
    assert await asyncio.gather(*sharing[1:]) == ["a 2", "a 2"]
