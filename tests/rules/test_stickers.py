"""Stickers that orders get by their tags."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from opendoms.configuration.stickers import STICKERS_MAX, stickers_for

Document = dict[str, Any]

B2B = {"id": "Channel", "value": "B2B"}
FAST = {"id": "Speed", "value": "Fast"}


def sticker(key: str, **texts: str) -> Document:
    """A sticker as a configuration holds it."""
    return {"key": key, "nameLocalized": texts or {"en_US": key.upper()}, "priority": 1}


def offer(tag: str, values: list[str], *stickers: Document) -> Document:
    """Stickers for the values of a tag."""
    return {"tagRef": tag, "matchingValues": values, "stickers": list(stickers)}


def configuration(*offers: Document) -> Document:
    """An order tag configuration with these offers."""
    return {
        "offeredDocumentsByDefault": [],
        "offeredDocumentsPerTag": [],
        "stickerConfiguration": {"offeredStickersByTag": list(offers)},
    }


def keys(stickers: list[Document]) -> list[str]:
    """Their keys in order."""
    return [sticker["key"] for sticker in stickers]


def test_a_matching_value_brings_the_stickers_in_the_order_of_the_configuration() -> None:
    """Whatever the order of the tags; tags and values that do not match bring nothing."""
    told = configuration(
        offer("Speed", ["Slow", "Fast"], sticker("fast"), sticker("now")),
        offer("Channel", ["B2C"], sticker("consumer")),
        offer("Channel", ["B2B", "Fast"], sticker("business")),
    )
    assert keys(stickers_for([B2B, FAST], told)) == ["fast", "now", "business"]
    assert keys(stickers_for([FAST, B2B], told)) == ["fast", "now", "business"]
    assert keys(stickers_for([{"id": "Channel", "value": "b2b"}, {"id": "channel", "value": "B2B"}], told)) == []
    assert stickers_for([], told) == []


def test_a_configuration_without_stickers_brings_none() -> None:
    """Neither before its first write, nor without the sticker part, nor with an empty one."""
    unwritten = {"id": "ordertags", "version": 0, "offeredDocumentsByDefault": [], "offeredDocumentsPerTag": []}
    assert stickers_for([B2B], unwritten) == []
    assert stickers_for([B2B], {**unwritten, "stickerConfiguration": {}}) == []
    assert stickers_for([B2B], configuration()) == []


def test_the_name_follows_from_the_localized_one() -> None:
    """en_US before the first entry; a name that came along is replaced."""
    both = sticker("both", de_DE="Geschäft", en_US="Business")
    german = {**sticker("german", de_DE="Eilig"), "name": "old"}
    told = configuration(offer("Channel", ["B2B"], both, german))
    assert [each["name"] for each in stickers_for([B2B], told)] == ["Business", "Eilig"]
    assert "name" not in both


def test_no_key_comes_twice() -> None:
    """The order's own sticker goes before the configuration's, and the configuration's first before its others."""
    told = configuration(
        offer("Channel", ["B2B"], sticker("mine", en_US="Theirs"), sticker("a", en_US="First")),
        offer("Speed", ["Fast"], sticker("a", en_US="Second"), sticker("b")),
    )
    stickers = stickers_for([B2B, FAST], told, [sticker("mine", en_US="Mine")])
    assert [(each["key"], each["name"]) for each in stickers] == [("mine", "Mine"), ("a", "First"), ("b", "B")]


def test_an_order_has_at_most_a_hundred() -> None:
    """Its own stay, and the first of the configuration fill up the rest."""
    told = configuration(offer("Channel", ["B2B"], *(sticker(f"added-{i}") for i in range(STICKERS_MAX))))
    own = [sticker(f"own-{i}") for i in range(98)]
    assert keys(stickers_for([B2B], told, own)) == [*keys(own), "added-0", "added-1"]
    assert len(stickers_for([B2B], told)) == 100
    full = [sticker(f"own-{i}") for i in range(100)]
    assert keys(stickers_for([B2B], told, full)) == keys(full)


_TAGS = st.lists(st.builds(lambda i, v: {"id": i, "value": v}, st.sampled_from("AB"), st.sampled_from("xy")))
_OFFERS = st.lists(
    st.builds(
        lambda tag, values, names: offer(tag, values, *(sticker(name) for name in names)),
        st.sampled_from("AB"),
        st.lists(st.sampled_from("xyz"), min_size=1),
        st.lists(st.sampled_from("123456"), min_size=1),
    )
)


@given(_TAGS, _OFFERS, st.lists(st.sampled_from("123"), unique=True))
def test_exactly_what_matches_is_there(tags: list[Document], offers: list[Document], own: list[str]) -> None:
    """Own keys first, then each further key of a matching offer once; asking again says the same."""
    found = stickers_for(tags, configuration(*offers), [sticker(key) for key in own])
    wanted = [
        each["key"]
        for one in offers
        if any(tag["id"] == one["tagRef"] and tag["value"] in one["matchingValues"] for tag in tags)
        for each in one["stickers"]
    ]
    assert keys(found) == list(dict.fromkeys([*own, *wanted]))
    assert found == stickers_for(tags[::-1], configuration(*offers), [sticker(key) for key in own])
