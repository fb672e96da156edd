"""Which documents an index is asked for: terms, and what joins them. Pure values, in a form that every engine can say.

Negations stand at the leaves only (`NoneOf`, one beside others at most), an `And` holds no `And` and an `Or` no `Or`,
and neither `EVERY` nor `NOTHING` stands inside another expression.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from opendoms.search.terms import Term

# Structs and not named tuples: those are equal to any other tuple of the same values, whatever they are called.


class AnyOf(msgspec.Struct, frozen=True):
    """Documents with at least one of the terms; there is one at least."""

    terms: tuple[Term, ...]


class NoneOf(msgspec.Struct, frozen=True):
    """Documents with none of the terms; there is one at least."""

    terms: tuple[Term, ...]


class And(msgspec.Struct, frozen=True):
    """Documents that each of the parts finds; two at least."""

    parts: tuple[Expression, ...]


class Or(msgspec.Struct, frozen=True):
    """Documents that one of the parts finds; two at least."""

    parts: tuple[Expression, ...]


class Whole(msgspec.Struct, frozen=True):
    """Every document, or none."""

    every: bool


Expression = AnyOf | NoneOf | And | Or | Whole

EVERY: Final = Whole(every=True)
NOTHING: Final = Whole(every=False)


def any_of(terms: Iterable[Term]) -> Expression:
    """Documents with one of the terms; of none, nothing."""
    distinct = tuple(dict.fromkeys(terms))
    return AnyOf(distinct) if distinct else NOTHING


def none_of(terms: Iterable[Term]) -> Expression:
    """Documents with none of the terms; of none, everything."""
    distinct = tuple(dict.fromkeys(terms))
    return NoneOf(distinct) if distinct else EVERY


def all_hold(parts: Iterable[Expression]) -> Expression:
    """What every part finds; of no parts, everything."""
    flat: list[Expression] = []
    without: list[Term] = []
    for part in parts:
        match part:
            case And(inner):
                flat += [each for each in inner if not isinstance(each, NoneOf)]
                without += [term for each in inner if isinstance(each, NoneOf) for term in each.terms]
            case NoneOf(terms):
                without += terms
            case Whole(every):
                if not every:
                    return NOTHING
            case _:
                flat.append(part)
    if without:
        flat.append(none_of(without))
    flat = list(dict.fromkeys(flat))
    return EVERY if not flat else flat[0] if len(flat) == 1 else And(tuple(flat))


def one_holds(parts: Iterable[Expression]) -> Expression:
    """What one of the parts finds; of no parts, nothing."""
    flat: list[Expression] = []
    terms: list[Term] = []
    for part in parts:
        match part:
            case Or(inner):
                flat += [each for each in inner if not isinstance(each, AnyOf)]
                terms += [term for each in inner if isinstance(each, AnyOf) for term in each.terms]
            case AnyOf(some):
                terms += some
            case Whole(every):
                if every:
                    return EVERY
            case _:
                flat.append(part)
    if terms:
        flat.insert(0, any_of(terms))
    flat = list(dict.fromkeys(flat))
    return NOTHING if not flat else flat[0] if len(flat) == 1 else Or(tuple(flat))


def excludes(expression: Expression, term: Term, choices: frozenset[Term]) -> bool:
    """Whether nothing that the expression finds can have this term: of `choices` a document has one at most.

    The planner of an engine does not know that two choices exclude each other, and would look through everything.
    """
    match expression:
        case AnyOf(terms):
            return term not in terms and choices.issuperset(terms)
        case NoneOf(terms):
            return term in terms
        case And(parts):
            return any(excludes(part, term, choices) for part in parts)
        case Or(parts):
            return all(excludes(part, term, choices) for part in parts)
        case Whole(every):
            return not every


def words(expression: Expression) -> str:
    """The expression as an operator reads it."""
    match expression:
        case AnyOf(terms):
            return _joined([term.words() for term in terms], " or ")
        case NoneOf(terms):
            return f"not {_bracketed([term.words() for term in terms])}"
        case And(parts):
            return _joined([words(part) for part in parts], " and ")
        case Or(parts):
            return _joined([words(part) for part in parts], " or ")
        case Whole(every):
            return "everything" if every else "nothing"


def _joined(texts: list[str], between: str) -> str:
    return texts[0] if len(texts) == 1 else f"({between.join(texts)})"


def _bracketed(texts: list[str]) -> str:
    return f"({' or '.join(texts)})"
