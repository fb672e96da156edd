"""Our lints. Each takes one Python source and yields what it finds as `path:line: what is wrong`."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import Final

from tests.tree import Source

FILE_LINES_MAX: Final = 400
FUNCTION_LINES_MAX: Final = 70

Lint = Callable[[Source], Iterator[str]]

DB: Final = "src/opendoms/db/"
# A search may ask in more ways than a file could hold; these derive its statements, for one engine each.
SEARCH_SQL: Final = ("src/opendoms/search/sqlite_sql.py", "src/opendoms/search/postgres_sql.py")
CLOCK: Final = "src/opendoms/kernel/clock.py"
# Who may measure how long something took. No date comes out of these clocks, so nothing of an order depends on them.
STOPWATCH: Final = (DB, "src/opendoms/web/", "src/opendoms/app.py", "src/opendoms/cli.py")
# The table of moves, and the maker of sample requests, which may ask for a status as any client may.
STATUS_SETTERS: Final = ("src/opendoms/orders/lifecycle.py", "src/opendoms/orders/seed.py")
PURE: Final = frozenset({"rules", "lifecycle", "pricing", "model"})
JUNK_DRAWERS: Final = frozenset({"utils", "util", "common", "manager", "service", "services", "helpers", "misc"})

_WRITES: Final = frozenset({"commit", "rollback", "execute", "executemany", "executescript", "copy_records_to_table"})
_DRIVERS: Final = frozenset({"sqlite3", "asyncpg"})
_DATES: Final = frozenset(
    {
        "time.time",
        "time.time_ns",
        "time.localtime",
        "time.gmtime",
        "datetime.datetime.now",
        "datetime.datetime.utcnow",
        "datetime.datetime.today",
        "datetime.date.today",
    }
)
_STOPWATCHES: Final = frozenset({"time.monotonic", "time.monotonic_ns", "time.perf_counter", "time.perf_counter_ns"})
_SQL: Final = re.compile(
    r"\A\s*(select\s.+\sfrom\s|insert\s+(or\s\w+\s+)?into\s|update\s+\w+\s+set\s|delete\s+from\s|with\s+\w+\s+as\s*\("
    r"|(create|alter|drop)\s+(table|index|unique|trigger|view)\s|pragma\s)",
    re.IGNORECASE | re.DOTALL,
)
_NOQA: Final = re.compile(
    r"#\s*noqa(?P<codes>:\s*[A-Z]+[0-9]+(,\s*[A-Z]+[0-9]+)*)?(?P<reason>\s+-\s+\w+)?", re.IGNORECASE
)
_IGNORE: Final = re.compile(r"#\s*type:\s*ignore(?P<codes>\[[a-z, -]+\])?(?P<reason>\s+(#|-)\s*\w+)?")


def found(source: Source, node: ast.AST | int, what: str) -> str:
    """One finding, in the form that editors jump to."""
    line = node if isinstance(node, int) else getattr(node, "lineno", 1)
    return f"{source.path}:{line}: {what}"


def only_the_store_writes(source: Source) -> Iterator[str]:
    """Nobody commits or executes outside db/, and nobody else holds a database driver."""
    if not source.in_package or source.path.startswith(DB):
        return
    for node in source.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _WRITES:
            yield found(source, node, f"calls {node.func.attr}(); hand a Changeset to Engine.apply instead")
        for name in imported(node):
            if name.partition(".")[0] in _DRIVERS:
                yield found(source, node, f"imports {name}; only db/ knows the drivers")


def only_the_clock_tells_time(source: Source) -> Iterator[str]:
    """No date but from kernel/clock.py; stopwatches only where work is timed."""
    if not source.in_package or source.path == CLOCK:
        return
    names = aliases(source.tree)
    for node in source.nodes:
        if not isinstance(node, ast.Attribute | ast.Name):
            continue
        name = qualified(node, names)
        if name in _DATES:
            yield found(source, node, f"reads {name}; take the instant from a Clock or as an argument")
        elif name in _STOPWATCHES and not source.path.startswith(STOPWATCH):
            yield found(source, node, f"reads {name}; durations are measured in web/ and db/ only")
        elif name == "time.sleep" and not source.path.startswith(DB):
            yield found(source, node, "sleeps; await what is waited for (only a lock file gives nothing to wait on)")


def only_the_lifecycle_sets_a_status(source: Source) -> Iterator[str]:
    """In orders/, only lifecycle.py gives a document its status."""
    if not source.path.startswith("src/opendoms/orders/") or source.path in STATUS_SETTERS:
        return
    for node in source.nodes:
        if sets_status(node):
            yield found(source, node, "sets a status; ask lifecycle.moved for the order after the move")


def sets_status(node: ast.AST) -> bool:
    """Whether the node assigns to, merges, or updates a member called status."""
    return assigns_status(node) or merges_status(node) or updates_status(node)


def assigns_status(node: ast.AST) -> bool:
    """`order["status"] = …` and `order.status = …`, also inside a tuple."""
    match node:
        case ast.Assign(targets=targets):
            return any(names_status(target) for target in targets)
        case ast.AugAssign(target=target) | ast.AnnAssign(target=ast.Subscript() as target):
            return names_status(target)
    return False


def merges_status(node: ast.AST) -> bool:
    """`{**order, "status": …}` and `order | {"status": …}`."""
    match node:
        case ast.Dict(keys=keys) if None in keys:
            return any(map(is_status, keys))
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            return any(isinstance(side, ast.Dict) and any(map(is_status, side.keys)) for side in (left, right))
    return False


def updates_status(node: ast.AST) -> bool:
    """`order.update(status=…)` and its like: setdefault, `dict(order, status=…)`, `replace(order, status=…)`."""
    match node:
        case ast.Call(func=ast.Attribute(attr="update" | "setdefault"), args=args, keywords=keywords):
            given = [key for arg in args for key in (arg.keys if isinstance(arg, ast.Dict) else [arg])]
            return any(map(is_status, given)) or any(keyword.arg == "status" for keyword in keywords)
        case ast.Call(func=ast.Name(id="dict") | ast.Attribute(attr="replace"), keywords=keywords):
            return any(keyword.arg == "status" for keyword in keywords)
    return False


def names_status(target: ast.expr) -> bool:
    """Whether an assignment's target is `…["status"]` or `….status`."""
    match target:
        case ast.Subscript(slice=key):
            return is_status(key)
        case ast.Attribute(attr="status"):
            return True
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return any(names_status(part) for part in parts)
    return False


def is_status(key: ast.expr | None) -> bool:
    """Whether it is the text "status"."""
    return isinstance(key, ast.Constant) and key.value == "status"


def no_sql_in_python(source: Source) -> Iterator[str]:
    """SQL lives in .sql files; db/ derives the writes of document tables, search/ what an index is asked."""
    if not source.in_package or source.path.startswith(DB) or source.path in SEARCH_SQL:
        return
    docstrings = {id(node) for node in docstring_nodes(source.tree)}
    for node in source.nodes:
        if id(node) not in docstrings and _SQL.match(written(node)):
            yield found(source, node, "holds SQL; put it into the slice's queries.sql")


def written(node: ast.AST) -> str:
    """The text of a string, with `…` for what an f-string fills in; an empty text for anything else."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(written(part) if isinstance(part, ast.Constant) else "…" for part in parts)
    return ""


def rules_do_not_await(source: Source) -> Iterator[str]:
    """Rules, lifecycles, prices and models hold nothing asynchronous."""
    parts = {part.removesuffix(".py") for part in PurePath(source.path).parts}
    if not source.in_package or not parts & PURE:
        return
    for node in source.nodes:
        if isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith):
            yield found(source, node, "is asynchronous; load before the rule, write after it")


def files_are_small(source: Source) -> Iterator[str]:
    """A file has fewer than 400 lines."""
    lines = source.text.count("\n")
    if lines >= FILE_LINES_MAX:
        yield found(source, lines, f"has {lines} lines; is there a second noun inside?")


def functions_are_small(source: Source) -> Iterator[str]:
    """A function has fewer than 70 lines, without the functions inside it and without a table that it returns."""
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = lines_of(node) - sum(map(lines_of, filter(is_apart, node.body)))
            if lines >= FUNCTION_LINES_MAX:
                yield found(source, node, f"{node.name} has {lines} lines; split it by what it does")


def is_apart(node: ast.stmt) -> bool:
    """A function inside a function, which is measured by itself, or `return [ … ]`: data, with no way through it."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Return(value=ast.List() | ast.Tuple() | ast.Dict()):
            return True
    return False


def lines_of(node: ast.stmt) -> int:
    """How many lines a statement takes."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def names_say_what_is_inside(source: Source) -> Iterator[str]:
    """No file or folder is a junk drawer."""
    for part in PurePath(source.path).with_suffix("").parts:
        if part in JUNK_DRAWERS:
            yield found(source, 1, f"is called {part}; name it by its one noun")


def tests_tell_their_behaviour(source: Source) -> Iterator[str]:
    """Every test opens with a sentence of behaviour."""
    if not source.is_test:
        return
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            sentence = (ast.get_docstring(node) or "").partition("\n\n")[0]
            if not sentence.endswith("."):
                yield found(source, node, f"{node.name} does not open with a sentence of behaviour")


def silencing_says_why(source: Source) -> Iterator[str]:
    """Every noqa and every type: ignore names its codes and its reason."""
    if not (_NOQA.search(source.text) or _IGNORE.search(source.text)):
        return  # taking a file apart costs a hundred times as much
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        if token.type != tokenize.COMMENT:
            continue
        for pattern, form in ((_NOQA, "# noqa: CODE - reason"), (_IGNORE, "# type: ignore[code]  # reason")):
            match = pattern.search(token.string)
            if match and not (match["codes"] and match["reason"]):
                yield found(source, token.start[0], f"silences a check without a reason; write `{form}`")


def imported(node: ast.AST) -> list[str]:
    """The modules that an import statement names."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module]
    return []


def aliases(tree: ast.Module) -> dict[str, str]:
    """What the names that a module imports stand for: local name → full name."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def qualified(node: ast.expr, names: dict[str, str]) -> str:
    """The full name that an expression such as `datetime.now` stands for, or an empty text."""
    if isinstance(node, ast.Name):
        return names.get(node.id, "")
    if isinstance(node, ast.Attribute):
        base = qualified(node.value, names)
        return f"{base}.{node.attr}" if base else ""
    return ""


def docstring_nodes(tree: ast.Module) -> Iterator[ast.Constant]:
    """Every constant that is a docstring, of attributes too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


LINTS: Final[tuple[Lint, ...]] = (
    only_the_store_writes,
    only_the_clock_tells_time,
    only_the_lifecycle_sets_a_status,
    no_sql_in_python,
    rules_do_not_await,
    files_are_small,
    functions_are_small,
    names_say_what_is_inside,
    tests_tell_their_behaviour,
    silencing_says_why,
)
