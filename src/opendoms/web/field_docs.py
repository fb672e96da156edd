"""Finds the texts that stand under the members of wire structs, which Python itself does not keep."""

from __future__ import annotations

import ast
import functools
import inspect
import sys

import msgspec


def docs_of(struct: type) -> dict[str, str]:
    """The text of each member, inherited ones too, by its Python name. Raises OSError where there is no source."""
    docs: dict[str, str] = {}
    for ancestor in reversed(struct.__mro__):
        if not issubclass(ancestor, msgspec.Struct) or ancestor is msgspec.Struct:
            continue
        docs |= _module_docs(ancestor.__module__).get(ancestor.__qualname__, {})
    return docs


@functools.cache
def _module_docs(module: str) -> dict[str, dict[str, str]]:
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {node.name: _class_docs(node) for node in tree.body if isinstance(node, ast.ClassDef)}


def _class_docs(node: ast.ClassDef) -> dict[str, str]:
    docs = {}
    for member, following in zip(node.body, node.body[1:], strict=False):
        match member, following:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                docs[name] = " ".join(text.split())
            case _:
                pass
    return docs
