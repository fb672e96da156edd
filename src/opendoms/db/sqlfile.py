"""Loads named queries from the `.sql` files that lie beside the slices.

A block starts with `-- name: some_name`; a block for one engine only says `-- name: some_name [sqlite]` or
`[postgres]`. Parameters are written `:name` on both engines. PostgreSQL gets them renumbered to `$1, $2 …`.
"""

from __future__ import annotations

import re
from importlib import resources
from typing import Literal, NamedTuple

EngineName = Literal["sqlite", "postgres"]
ENGINE_NAMES: tuple[EngineName, ...] = ("sqlite", "postgres")

_HEAD = re.compile(r"^-- name: (?P<name>[a-z_][a-z0-9_]*)(?: \[(?P<engine>sqlite|postgres)\])?\s*$", re.MULTILINE)
# Not `::type`, which is a cast on PostgreSQL.
_PARAMETER = re.compile(r"(?<![:\w]):([a-z_][a-z0-9_]*)")


class Query(NamedTuple):
    """One named read on both engines. `order` says which parameter stands at `$1`, `$2` … on PostgreSQL."""

    name: str
    sqlite: str
    postgres: str
    order: tuple[str, ...]


class Queries:
    """The queries of one `.sql` file, each an attribute by its name."""

    def __init__(self, package: str, file: str = "queries.sql") -> None:
        text = resources.files(package).joinpath(file).read_text("utf-8")
        self._queries = parse(text)

    def __getattr__(self, name: str) -> Query:
        try:
            return self._queries[name]
        except KeyError:
            raise AttributeError(f"no query is named {name}") from None

    def all(self) -> dict[str, Query]:
        """Every query by name; the plan tests walk them."""
        return dict(self._queries)


def parse(text: str) -> dict[str, Query]:
    """The named blocks of a file. Raises ValueError where a query lacks one of the engines or is named twice."""
    bodies: dict[str, dict[str, str]] = {}
    heads = list(_HEAD.finditer(text))
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        body = text[head.end() : following.start() if following else len(text)].strip().rstrip(";")
        per_engine = bodies.setdefault(head["name"], {})
        for engine in (head["engine"],) if head["engine"] else ENGINE_NAMES:
            if engine in per_engine:
                raise ValueError(f"query {head['name']} is there twice for {engine}")
            per_engine[engine] = body
    return {name: _query(name, per_engine) for name, per_engine in bodies.items()}


def _query(name: str, bodies: dict[str, str]) -> Query:
    missing = [engine for engine in ENGINE_NAMES if engine not in bodies]
    if missing:
        raise ValueError(f"query {name} is missing for {', '.join(missing)}")
    text, order = numbered(bodies["postgres"])
    return Query(name, bodies["sqlite"], text, order)


def numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    """`:name` becomes `$n`, the same number for the same name. Comments go first, since they may hold colons."""
    bare = re.sub(r"--[^\n]*", "", sql)
    order: list[str] = []

    def number(match: re.Match[str]) -> str:
        if match[1] not in order:
            order.append(match[1])
        return f"${order.index(match[1]) + 1}"

    return _PARAMETER.sub(number, bare).strip(), tuple(order)
