"""What a database says about its own schema, in a form that can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from tests.databases import run_sql

Catalog = dict[str, Any]


class TableShape(NamedTuple):
    """Columns as (name, type, required) in their order, the primary key, and the unique indexes beside it."""

    columns: list[tuple[str, str, bool]]
    key: list[str]
    unique: dict[str, list[str]]


_POSTGRES: Final = {
    "columns": """
        select table_name, ordinal_position, column_name, data_type, is_nullable, column_default, is_identity,
            identity_generation, collation_name
        from information_schema.columns where table_schema = 'public' order by 1, 2""",
    "constraints": """
        select conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        from pg_constraint where connamespace = 'public'::regnamespace order by 1, 2""",
    "indexes": "select indexname, indexdef from pg_indexes where schemaname = 'public' order by 1",
    "functions": """
        select proname, pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace order by 1""",
    "triggers": """
        select tgname, pg_get_triggerdef(pg_trigger.oid) from pg_trigger
        join pg_class on pg_class.oid = tgrelid
        where not tgisinternal and relnamespace = 'public'::regnamespace order by 1""",
    "compression": """
        select attrelid::regclass::text, attname, attcompression, attstorage from pg_attribute
        join pg_class on pg_class.oid = attrelid
        where relnamespace = 'public'::regnamespace and relkind = 'r' and attnum > 0 order by 1, 2""",
}


async def catalog(url: str) -> Catalog:
    """Everything that makes up the schema of a database."""
    if not url.startswith("sqlite"):
        return {what: await run_sql(url, query) for what, query in _POSTGRES.items()}
    found: Catalog = {}
    objects = await run_sql(
        url, "select type, name, sql from sqlite_master where name not like 'sqlite_%' order by name"
    )
    for kind, name, sql in objects:
        found[f"{kind} {name}"] = definition(sql) if kind == "table" else " ".join(bare(sql).split())
        if kind == "table":
            found[f"columns {name}"] = await run_sql(url, f"pragma table_xinfo({name})")
    return found


def bare(sql: str) -> str:
    """SQL without comments."""
    return re.sub(r"--[^\n]*", "", sql)


def definition(sql: str) -> tuple[str, list[str], str]:
    """A `create table`: its head, its parts sorted (a later column is written behind the constraints), its tail."""
    text = " ".join(bare(sql).split())
    head, _, rest = text.partition("(")
    body, tail = rest[: rest.rindex(")")], rest[rest.rindex(")") :]
    return head.strip(), sorted(parts(body)), tail


def parts(body: str) -> Iterator[str]:
    """The pieces between commas that stand in no brackets."""
    depth, begun = 0, ""
    for character in body:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth == 0:
            yield begun.strip()
            begun = ""
        else:
            begun += character
    yield begun.strip()


async def shape(url: str, table: str) -> TableShape:
    """A table of documents as the database has it."""
    return await (_sqlite_shape if url.startswith("sqlite") else _postgres_shape)(url, table)


async def _sqlite_shape(url: str, table: str) -> TableShape:
    columns = await run_sql(url, f"pragma table_xinfo({table})")
    key = sorted((row[5], row[1]) for row in columns if row[5])
    unique = {}
    for _, name, is_unique, origin, _ in await run_sql(url, f"pragma index_list({table})"):
        if is_unique and origin == "c":
            unique[name] = [row[2] for row in await run_sql(url, f"pragma index_info({name})")]
    return TableShape([(row[1], row[2], bool(row[3])) for row in columns], [name for _, name in key], unique)


async def _postgres_shape(url: str, table: str) -> TableShape:
    columns = await run_sql(
        url,
        "select column_name, data_type, is_nullable = 'NO' from information_schema.columns"  # noqa: S608 - our tables
        f" where table_schema = 'public' and table_name = '{table}' order by ordinal_position",
    )
    indexes = await run_sql(
        url,
        "select indexrelid::regclass::text, indisprimary, array(select attname::text"  # noqa: S608 - our tables
        " from unnest(indkey) with ordinality as key (number, place)"
        " join pg_attribute on attrelid = indrelid and attnum = number order by place)"
        f" from pg_index where indisunique and indrelid = '{table}'::regclass",
    )
    (key,) = [names for _, primary, names in indexes if primary]
    return TableShape(columns, key, {name: names for name, primary, names in indexes if not primary})
