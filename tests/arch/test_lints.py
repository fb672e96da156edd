"""The lints hold over the tree, and each of them catches what it is for."""

from __future__ import annotations

from typing import Final

import pytest

from tests.arch import lints
from tests.arch.lints import LINTS, Lint
from tests.tree import Source, python_sources

ORDERS: Final = "src/opendoms/orders/actions.py"
TEST: Final = "tests/orders/test_orders.py"
LONG_FILE: Final = "x = 1\n" * lints.FILE_LINES_MAX
LONG_TABLE: Final = (
    'def routes():\n    """Ours."""\n    return [\n' + "        1,\n" * lints.FUNCTION_LINES_MAX + "    ]\n"
)
LONG_FUNCTION: Final = "def move() -> None:\n" + "    x = 1\n" * (lints.FUNCTION_LINES_MAX - 1)
# In two parts, so that the lint does not find the samples in this file.
NOQA: Final = "# no" + "qa"
IGNORE: Final = "# type: " + "ignore"

# What each lint must find: the lint, where the text stands, the text.
VIOLATIONS: Final[tuple[tuple[Lint, str, str], ...]] = (
    (lints.only_the_store_writes, ORDERS, "connection.commit()"),
    (lints.only_the_store_writes, ORDERS, "async def f(c): await c.execute('x')"),
    (lints.only_the_store_writes, ORDERS, "cursor.executemany(text, rows)"),
    (lints.only_the_store_writes, ORDERS, "import sqlite3"),
    (lints.only_the_store_writes, "src/opendoms/web/api.py", "from asyncpg.pool import Pool"),
    (lints.only_the_clock_tells_time, ORDERS, "import time\nnow = time.time()"),
    (lints.only_the_clock_tells_time, ORDERS, "from time import time_ns as t\nnow = t()"),
    (lints.only_the_clock_tells_time, ORDERS, "import datetime as dt\nnow = dt.datetime.now(dt.UTC)"),
    (lints.only_the_clock_tells_time, ORDERS, "from datetime import datetime\nnow = datetime.utcnow()"),
    (lints.only_the_clock_tells_time, ORDERS, "from datetime import date\ntoday = date.today"),
    (lints.only_the_clock_tells_time, ORDERS, "import time\nstart = time.monotonic()"),
    (lints.only_the_clock_tells_time, "src/opendoms/web/api.py", "import time\ntime.sleep(1)"),
    (lints.only_the_lifecycle_sets_a_status, ORDERS, 'order["status"] = "OPEN"'),
    (lints.only_the_lifecycle_sets_a_status, ORDERS, 'order["status"], x = "OPEN", 1'),
    (lints.only_the_lifecycle_sets_a_status, ORDERS, "order.status = Status.OPEN"),
    (lints.only_the_lifecycle_sets_a_status, ORDERS, 'order = {**order, "status": "OPEN"}'),
    (lints.only_the_lifecycle_sets_a_status, ORDERS, 'order = order | {"status": "OPEN"}'),
    (lints.only_the_lifecycle_sets_a_status, ORDERS, 'order |= {"x": 1} | {"status": "OPEN"}'),
    (lints.only_the_lifecycle_sets_a_status, ORDERS, 'order.update({"status": "OPEN"})'),
    (lints.only_the_lifecycle_sets_a_status, ORDERS, 'order.update(status="OPEN")'),
    (lints.only_the_lifecycle_sets_a_status, ORDERS, 'order.setdefault("status", "OPEN")'),
    (lints.only_the_lifecycle_sets_a_status, ORDERS, 'order = dict(order, status="OPEN")'),
    (lints.only_the_lifecycle_sets_a_status, ORDERS, 'order = msgspec.structs.replace(order, status="OPEN")'),
    (lints.no_sql_in_python, ORDERS, 'QUERY = "select id from orders where tenant = :tenant"'),
    (lints.no_sql_in_python, ORDERS, 'QUERY = f"SELECT {columns}\\nFROM orders"'),
    (lints.no_sql_in_python, ORDERS, 'QUERY = "insert or ignore into orders values (1)"'),
    (lints.no_sql_in_python, ORDERS, 'QUERY = """\nupdate orders set version = 2"""'),
    (lints.no_sql_in_python, ORDERS, 'QUERY = "delete from orders"'),
    (lints.no_sql_in_python, ORDERS, 'QUERY = "with page as (select 1) select * from page"'),
    (lints.no_sql_in_python, ORDERS, 'QUERY = "create table x (y)"'),
    (lints.no_sql_in_python, "src/opendoms/search/reading.py", 'QUERY = "select id from orders"'),
    (lints.rules_do_not_await, "src/opendoms/orders/rules/editing.py", "async def edit(): pass"),
    (lints.rules_do_not_await, "src/opendoms/orders/pricing.py", "def f(x):\n    await x"),
    (lints.files_are_small, ORDERS, LONG_FILE),
    (lints.files_are_small, TEST, LONG_FILE),
    (lints.functions_are_small, ORDERS, LONG_FUNCTION),
    (lints.functions_are_small, ORDERS, LONG_TABLE.replace("return", "x =")),
    (
        lints.functions_are_small,
        ORDERS,
        "def outer() -> None:\n    " + LONG_FUNCTION.replace("\n", "\n    ") + "x = 1\n",
    ),
    (lints.names_say_what_is_inside, "src/opendoms/orders/utils.py", ""),
    (lints.names_say_what_is_inside, "src/opendoms/common/money.py", ""),
    (lints.tests_tell_their_behaviour, TEST, "def test_create(): pass"),
    (lints.tests_tell_their_behaviour, TEST, 'async def test_create():\n    """Creation"""'),
    (lints.tests_tell_their_behaviour, TEST, 'class TestOrders:\n    def test_create(self): """Creation"""'),
    (lints.silencing_says_why, ORDERS, f"x = 1  {NOQA}"),
    (lints.silencing_says_why, ORDERS, f"x = 1  {NOQA}: E501"),
    (lints.silencing_says_why, ORDERS, f"x = 1  {NOQA} - it is long"),
    (lints.silencing_says_why, TEST, f"x = 1  {IGNORE}"),
    (lints.silencing_says_why, TEST, f"x = 1  {IGNORE}[arg-type]"),
)

# What looks like it and is right: the lint, where the text stands, the text.
RIGHT: Final[tuple[tuple[Lint, str, str], ...]] = (
    (lints.no_sql_in_python, "src/opendoms/search/sqlite_sql.py", 'QUERY = f"select rowid from {index} where 1"'),
    (lints.only_the_store_writes, "src/opendoms/db/sqlite.py", "import sqlite3\nconnection.commit()"),
    (lints.only_the_store_writes, ORDERS, "async def f(engine): await engine.apply(changeset)"),
    (lints.only_the_store_writes, TEST, "connection.execute('x')"),
    (lints.only_the_clock_tells_time, "src/opendoms/kernel/clock.py", "import time\nnow = time.time_ns()"),
    (lints.only_the_clock_tells_time, "src/opendoms/db/sqlite.py", "import time\nstart = time.monotonic()"),
    (lints.only_the_clock_tells_time, ORDERS, "now = clock.now(tenant)"),
    (lints.only_the_lifecycle_sets_a_status, "src/opendoms/orders/lifecycle.py", 'order["status"] = "OPEN"'),
    (lints.only_the_lifecycle_sets_a_status, ORDERS, 'if order["status"] == "OPEN": pass'),
    (lints.only_the_lifecycle_sets_a_status, ORDERS, 'body = {"status": 1}\norder.pop("status", None)'),
    (lints.no_sql_in_python, "src/opendoms/db/write.py", 'QUERY = "select id from orders"'),
    (lints.no_sql_in_python, ORDERS, '"""Select an order from those that are open."""'),
    (lints.no_sql_in_python, ORDERS, 'TEXT = "update the order and send it again"'),
    (lints.rules_do_not_await, ORDERS, "async def create(): pass"),
    (lints.files_are_small, ORDERS, LONG_FILE[: -len("x = 1\n")]),
    (lints.functions_are_small, ORDERS, LONG_FUNCTION[: -len("    x = 1\n")]),
    (lints.functions_are_small, ORDERS, LONG_TABLE),
    (lints.names_say_what_is_inside, ORDERS, ""),
    (lints.tests_tell_their_behaviour, TEST, 'def test_create():\n    """An order is kept.\n\n    More."""'),
    (lints.tests_tell_their_behaviour, "tests/orders/samples.py", "def test_data(): pass"),
    (lints.silencing_says_why, ORDERS, f"x = 1  {NOQA}: E501, A002 - the text is one piece"),
    (lints.silencing_says_why, TEST, f"x = 1  {IGNORE}[arg-type]  # the refusal is what is tested"),
)


@pytest.mark.parametrize("lint", LINTS, ids=lambda lint: lint.__name__)
def test_the_tree_holds_the_house_rules(lint: Lint) -> None:
    """Nothing in the tree breaks the lint."""
    assert [finding for source in python_sources() for finding in lint(source)] == []


@pytest.mark.parametrize(("lint", "path", "text"), VIOLATIONS)
def test_a_violation_is_found_once(lint: Lint, path: str, text: str) -> None:
    """The lint names the file and the line of a violation."""
    findings = list(lint(Source(path, text)))
    assert len(findings) == 1, findings
    assert findings[0].startswith(f"{path}:")


@pytest.mark.parametrize(("lint", "path", "text"), RIGHT)
def test_what_is_right_passes(lint: Lint, path: str, text: str) -> None:
    """The lint is silent about what only looks like a violation."""
    assert list(lint(Source(path, text))) == []


def test_every_lint_has_samples_of_both_kinds() -> None:
    """No lint is kept that was never seen to catch something and to let something pass."""
    assert {lint for lint, _, _ in VIOLATIONS} == set(LINTS)
    assert {lint for lint, _, _ in RIGHT} == set(LINTS)


def test_the_lints_read_the_whole_package() -> None:
    """The list of sources is the tree itself: an empty list would let everything pass."""
    read = {source.path for source in python_sources()}
    assert {"src/opendoms/kernel/clock.py", "tests/arch/lints.py"} <= read
