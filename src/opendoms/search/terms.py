"""What a document is found by: one hash per value that a filter may ask for. Pure.

A term is a place in documents and what stands there: `consumer.addresses[].city` and `Yellowstone`. Members of list
elements go by their path alone, so that terms do not tell one element from another. Beside its values a document has
terms that say that something is there: a list with elements, a number or a moment (which ranges begin with), and one
that every document of the tenant has.

Every hash includes the tenant and the index, so that no tenant's term is another's. 64 bits make a false find about as
likely as one in 10^12 for a million orders, and what is answered has been compared with the document anyway.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Final, NamedTuple

from opendoms.kernel.changeset import Entry
from opendoms.kernel.clock import instant_from
from opendoms.kernel.decision import Document
from opendoms.search.fields import Attributes, Each, Field, Fields, Kind, Nested, Path, Value, all_at, at
from opendoms.search.values import kind_of, value_of

# Goes up whenever the same fields make other terms: what is stored must then be made anew.
_CODING: Final = 1
_HASH_BYTES: Final = 8
_TENANTS_KEPT: Final = 256

# What a content begins with, by the kind of the value. `_THERE` has no value: it says that there is one.
_TEXT, _NUMBER, _BOOLEAN, _MOMENT, _THERE = "t", "n", "b", "m", "?"
_TAGS: Final[dict[Kind, str]] = {"text": _TEXT, "number": _NUMBER, "boolean": _BOOLEAN, "moment": _MOMENT}
# Kinds that ranges are asked of: a term says that there is such a value.
RANGED: Final[tuple[Kind, ...]] = ("number", "moment")
# An integer below this is written as one, whichever way a document spells it.
_DIGITS_PLAIN: Final = 18


class Term(NamedTuple):
    """A place in documents, and what stands there: a tag for the kind and the value, or that there is any value."""

    place: str
    content: str

    def words(self) -> str:
        """The term as an operator reads it."""
        if self == EVERYTHING:
            return "everything"
        place = self.place
        content = self.content
        if place.endswith(ATTRIBUTES):
            name, _, content = content.partition("\0")
            place = f"{place.removesuffix(ATTRIBUTES)}.{name}"
        tag, value = content[:1], content[1:]
        if tag == _THERE:
            return f"{place} has a value"
        if tag == _TEXT:
            return f'{place} = "{value}"'
        if tag == _BOOLEAN:
            return f"{place} = {'true' if value == '1' else 'false'}"
        return f"{place} = {value}"


# Stands at the end of the place of an object of the caller's own; its members are part of the content.
ATTRIBUTES: Final = "{}"
# Stands where a path leads into every element of a list.
_ELEMENT: Final = "[]"
EVERYTHING: Final = Term("", "*")


def term_of(place: str, kind: Kind, wanted: Any) -> Term | None:
    """The term of a value that is looked for, or None where no document can have it. A moment is an instant in ms."""
    content = f"{_MOMENT}{wanted}" if kind == "moment" else _content(kind, wanted)
    return None if content is None else Term(place, content)


def text_term(place: str, wanted: str) -> Term:
    """The term of a text that is looked for."""
    return Term(place, _TEXT + wanted)


def attribute_term(place: str, name: str, wanted: Any) -> Term | None:
    """The term of a member of an object of the caller's own."""
    kind = kind_of(wanted)
    content = _content(kind, wanted) if kind is not None else None
    return None if content is None else Term(place, f"{name}\0{content}")


def there(place: str) -> Term:
    """The term that says that a list at this place has elements, or that a number or moment stands there."""
    return Term(place, _THERE)


def attribute_there(place: str, name: str, kind: Kind) -> Term:
    """The term that says that a member is a number, or a text that may be a moment."""
    return Term(place, f"{name}\0{_THERE}{_TAGS[kind]}")


def place_of(before: str, path: Path, *, many: bool = False) -> str:
    """The place that a path leads to, from the place of the object it starts at."""
    place = ".".join((before, *path)) if before else ".".join(path)
    return f"{place}*" if many else place


def element_of(place: str) -> str:
    """The place of the elements of the list that lies at a place."""
    return place + _ELEMENT


# What a step of the walk adds: the number of a slot, and the value's spelling.
_Found = list[tuple[int, str]]
_Step = Callable[[Any, _Found], None]


class Terms:
    """Makes the entries of one index, and the hashes of terms that are looked for.

    `moment` is the path of the moment (a timestamp in canonical form) that leads the order of the index; every document
    has it. `definition` changes whenever the same document would get another entry.
    """

    def __init__(self, index: str, fields: Fields, moment: Path) -> None:
        self.index = index
        self.moment = moment
        self._slots: dict[str, int] = {}
        self._walk = _Walk(self._slot, moment).members(fields, "")
        spelled = "\n".join((str(_CODING), index, ".".join(moment), *sorted(self._slots)))
        self.definition = blake2b(spelled.encode(), digest_size=16).hexdigest()
        self._begun = lru_cache(maxsize=_TENANTS_KEPT)(self._begun_for)
        self._everything = lru_cache(maxsize=_TENANTS_KEPT)(lambda tenant: self.hashed(tenant, EVERYTHING))

    def entry(self, tenant: str, document: Document) -> Entry:
        """How a document stands in the index."""
        found: _Found = []
        self._walk(document, found)
        begun = self._begun(tenant)
        hashes = []
        for slot, value in found:
            # Going on with a copy costs two thirds of hashing it all; this runs for every order that is written.
            hashing = begun[slot].copy()
            hashing.update(value.encode())
            hashes.append(hashing.digest())
        terms = {self._everything(tenant), *struct.unpack(f">{len(found)}q", b"".join(hashes))}
        return Entry(instant_from(at(document, self.moment)), tuple(sorted(terms)))

    def hashed(self, tenant: str, term: Term) -> int:
        """The hash of a term."""
        # Half a surrogate pair stands in no document, but it may be looked for.
        spelled = f"{self.index}\0{tenant}\0{term.place}\0{term.content}".encode("utf-8", "surrogatepass")
        return int.from_bytes(blake2b(spelled, digest_size=_HASH_BYTES).digest(), "big", signed=True)

    def _slot(self, place: str, tag: str) -> int:
        """The number of what terms begin with: a place, and the tag of a kind unless the content has a name first."""
        return self._slots.setdefault(f"{place}\0{tag}", len(self._slots))

    def _begun_for(self, tenant: str) -> list[blake2b]:
        """The hashing of each slot's terms, as far as all of them begin alike."""
        return [blake2b(f"{self.index}\0{tenant}\0{slot}".encode(), digest_size=_HASH_BYTES) for slot in self._slots]


class _Walk:
    """Turns fields into one walk over a document that visits each member once."""

    def __init__(self, slot: Callable[[str, str], int], moment: Path) -> None:
        self._slot = slot
        self._moment = moment

    def members(self, fields: Fields, before: str) -> _Step:
        """The walk over an object. Fields that lie under the same member share the way to it."""
        heads: dict[str, list[_Step]] = {}
        whole: list[_Step] = []
        for field in fields.values():
            if isinstance(field, Value) and field.many:
                whole.append(self._many(field, before))
            elif isinstance(field, Value) and not before and field.path == self._moment:
                continue  # the order of the index has it
            else:
                step = self._field(field, place_of(before, field.path))
                for name in reversed(field.path[1:]):
                    step = _under(((name, (step,)),))
                heads.setdefault(field.path[0], []).append(step)
        walk = _under(tuple((name, tuple(steps)) for name, steps in heads.items()))
        return walk if not whole else _both(walk, tuple(whole))

    def _field(self, field: Field, place: str) -> _Step:
        match field:
            case Value(kind):
                return self._value(kind, place)
            case Nested(fields):
                return self.members(fields, place)
            case Each(of):
                return self._each(of, place)
            case Attributes():
                return self._attributes(place + ATTRIBUTES)

    def _value(self, kind: Kind, place: str) -> _Step:
        slot = self._slot(place, _TAGS[kind])
        if kind == "text":

            def text(found: Any, terms: _Found) -> None:
                if isinstance(found, str):
                    terms.append((slot, found))

            return text
        some = self._slot(place, _THERE) if kind in RANGED else None

        def value(found: Any, terms: _Found) -> None:
            content = _content(kind, found)
            if content is not None:
                terms.append((slot, content[1:]))
                if some is not None:
                    terms.append((some, ""))

        return value

    def _many(self, field: Value, before: str) -> _Step:
        step = self._value(field.kind, place_of(before, field.path, many=True))

        def values(found: Any, terms: _Found) -> None:
            for each in all_at(found, field.path):
                step(each, terms)

        return values

    def _each(self, of: Fields | Value, place: str) -> _Step:
        some = self._slot(place, _THERE)
        if isinstance(of, Value):
            step = self._value(of.kind, place_of(element_of(place), of.path))
            for name in reversed(of.path):
                step = _under(((name, (step,)),))
        else:
            step = self.members(of, element_of(place))

        def elements(found: Any, terms: _Found) -> None:
            if isinstance(found, list) and found:
                terms.append((some, ""))
                for each in found:
                    step(each, terms)

        return elements

    def _attributes(self, place: str) -> _Step:
        slot = self._slot(place, "")

        def attributes(found: Any, terms: _Found) -> None:
            if isinstance(found, dict):
                for name, value in found.items():
                    if isinstance(value, str):  # as most are
                        terms.append((slot, f"{name}\0{_TEXT}{value}"))
                        if value[:1].isdigit():  # no moment begins with anything else
                            terms.append((slot, f"{name}\0{_THERE}{_MOMENT}"))
                        continue
                    kind = kind_of(value)
                    if kind is not None:
                        terms.append((slot, f"{name}\0{_content(kind, value)}"))
                        if kind == "number":
                            terms.append((slot, f"{name}\0{_THERE}{_NUMBER}"))

        return attributes


def _under(heads: tuple[tuple[str, tuple[_Step, ...]], ...]) -> _Step:
    def walk(found: Any, terms: _Found) -> None:
        if isinstance(found, dict):
            for name, steps in heads:
                inner = found.get(name)
                if inner is not None:
                    for step in steps:
                        step(inner, terms)

    return walk


def _both(walk: _Step, whole: tuple[_Step, ...]) -> _Step:
    def walk_both(found: Any, terms: _Found) -> None:
        walk(found, terms)
        for step in whole:
            step(found, terms)

    return walk_both


def _content(kind: Kind, found: Any) -> str | None:
    """The tag and the one spelling of a value, equal for what compares as equal; None where it is of another kind."""
    value = value_of(kind, found)
    match value:
        case None:
            return None
        case bool():
            return f"{_BOOLEAN}{int(value)}"
        case str():
            return _TEXT + value
        case _:
            return f"{_MOMENT}{value}" if kind == "moment" else _NUMBER + _digits(value)


def _digits(value: int | Decimal) -> str:
    """A number in the one spelling that 2, 2.0 and 0.2E+1 share."""
    if isinstance(value, int) and -(10**_DIGITS_PLAIN) < value < 10**_DIGITS_PLAIN:
        return str(value)
    sign, digits, exponent = Decimal(value).as_tuple()
    assert isinstance(exponent, int)  # noqa: S101 - narrows the type: JSON has neither infinities nor NaN
    text = "".join(map(str, digits)).lstrip("0")
    bare = text.rstrip("0")
    exponent += len(text) - len(bare)
    if not bare:
        return "0"
    if exponent >= 0 and len(bare) + exponent <= _DIGITS_PLAIN:
        return f"{'-' if sign else ''}{bare}{'0' * exponent}"
    return f"{'-' if sign else ''}{bare}E{exponent}"
