"""Walks the description that msgspec gives of a wire type, for those who work something out once per type."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from msgspec import inspect

WireType = Any  # a struct type, or a list of one


def info_of(type_: WireType | inspect.Type) -> inspect.Type:
    """What msgspec says of a type; the same again where that is what is handed in."""
    return type_ if isinstance(type_, inspect.Type) else inspect.type_info(type_)


@functools.cache
def fields_of(struct: type) -> tuple[msgspec.structs.FieldInfo, ...]:
    """The members of a struct type; worked out once, since that takes a while."""
    return msgspec.structs.fields(struct)


def bare(info: inspect.Type) -> inspect.Type:
    """The type without the notes that Annotated puts around it."""
    while isinstance(info, inspect.Metadata):
        info = info.type
    return info


def choices(info: inspect.Type) -> tuple[inspect.Type, ...]:
    """What a value may be, null left out: one type, or the members of a union."""
    info = bare(info)
    types = info.types if isinstance(info, inspect.UnionType) else (info,)
    return tuple(bare(each) for each in types if not isinstance(bare(each), inspect.NoneType))


def item_of(info: inspect.Type) -> inspect.Type | None:
    """What a list holds, or None where the type is no list."""
    if isinstance(info, inspect.VarTupleType | inspect.ListType):
        return info.item_type
    return None


def structs_of(type_: WireType) -> set[type]:
    """Every struct in or under a type."""
    return {info.cls for info in _under(inspect.type_info(type_)) if isinstance(info, inspect.StructType)}


def reaches(info: inspect.Type, wanted: Callable[[inspect.Type], bool]) -> bool:
    """Whether a wanted type lies anywhere in or under this one."""
    return any(wanted(each) for each in _under(info))


def _under(info: inspect.Type) -> Iterator[inspect.Type]:
    seen: set[type] = set()
    waiting = [info]
    while waiting:
        for each in choices(waiting.pop()):
            item = item_of(each)
            if item is not None:
                waiting.append(item)
            elif isinstance(each, inspect.DictType):
                waiting.append(each.value_type)
            elif isinstance(each, inspect.StructType):
                if each.cls in seen:
                    continue
                seen.add(each.cls)
                waiting.extend(field.type for field in each.fields)
            yield each
