"""References of orders: what is looked up, what is refused by path, what is resolved."""

from __future__ import annotations

from typing import Any

import pytest

from opendoms.kernel.decision import Document
from opendoms.kernel.refusal import Invalid
from opendoms.orders.rules import creation, editing, references
from opendoms.orders.rules.references import Asked, Known
from tests.rules.orders import LATER, NOW, ids, line, order, principal, stored

KNOWN = Known(
    facilities={"f-1": "shop-1", "f-2": None},
    tags={"Channel": frozenset({"B2B", "B2C"})},
    source_ids=frozenset({"s-1"}),
    tenant_source_ids=frozenset({"till"}),
    order_tag_configuration={
        "stickerConfiguration": {
            "offeredStickersByTag": [
                {
                    "tagRef": "Channel",
                    "matchingValues": ["B2B"],
                    "stickers": [{"key": "b2b", "nameLocalized": {"en_US": "Business"}, "priority": 1}],
                }
            ]
        }
    },
)

# Where an order names a facility by an object, and the path of that place.
PLACES: dict[str, Any] = {
    "consumer": lambda named: {"consumer": named},
    "deliveryPreferences.collect[0]": lambda named: {"deliveryPreferences": {"collect": [named]}},
    "deliveryPreferences.collect[0].supplyingFacilitiesConfigurations[0]": lambda named: {
        "deliveryPreferences": {
            "collect": [{"facilityRef": "f-1", "supplyingFacilitiesConfigurations": [{"deliveryEvents": [], **named}]}]
        }
    },
    "deliveryPreferences.shipping.preselectedFacilities[0]": lambda named: {
        "deliveryPreferences": {"shipping": {"preselectedFacilities": [named]}}
    },
}


def create(**more: Any) -> Document:
    return creation.create(order(**more), KNOWN, now=NOW, new_id=ids()).document


def summaries(**more: Any) -> list[str]:
    with pytest.raises(Invalid) as refused:
        create(**more)
    return [fault.summary for fault in refused.value.faults]


def at(document: Document, path: str) -> Document:
    """The object at a path such as a.b[0]."""
    found: Any = document
    for step in path.replace("[0]", ".0").split("."):
        found = found[int(step) if step.isdigit() else step]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("path", PLACES)
def test_an_unknown_facility_is_refused_with_its_path(path: str) -> None:
    """Decision D23: by either of its names."""
    assert summaries(**PLACES[path]({"facilityRef": "f-9"})) == [f"{path}.facilityRef: no facility has this id"]
    assert summaries(**PLACES[path]({"tenantFacilityId": "shop-9"})) == [
        f"{path}.tenantFacilityId: no facility has this id"
    ]


@pytest.mark.parametrize("path", PLACES)
def test_the_member_that_is_wrong_is_the_one_that_is_named(path: str) -> None:
    """Also where it holds a URN, and where the other member beside it is right."""
    urn = {"facilityRef": "urn:fft:facility:tenantFacilityId:shop-9"}
    assert summaries(**PLACES[path](urn)) == [f"{path}.facilityRef: no facility has this id"]
    assert summaries(**PLACES[path]({"facilityRef": "f-1", "tenantFacilityId": "shop-9"})) == [
        f"{path}.tenantFacilityId: no facility has this id"
    ]
    assert summaries(**PLACES[path]({"facilityRef": "f-9", "tenantFacilityId": "shop-9"})) == [
        f"{path}.facilityRef: no facility has this id",
        f"{path}.tenantFacilityId: no facility has this id",
    ]


@pytest.mark.parametrize("path", PLACES)
@pytest.mark.parametrize(
    "named", [{"tenantFacilityId": "shop-1"}, {"facilityRef": "urn:fft:facility:tenantFacilityId:shop-1"}]
)
def test_the_tenant_s_id_of_a_facility_is_resolved(path: str, named: Document) -> None:
    """The facility's own id is answered beside it, in place of a URN."""
    assert at(create(**PLACES[path](named)), path)["facilityRef"] == "f-1"


@pytest.mark.parametrize("path", PLACES)
def test_two_names_of_a_facility_must_agree(path: str) -> None:
    """Naming two facilities in one place is refused; naming one twice is not."""
    assert summaries(**PLACES[path]({"facilityRef": "f-2", "tenantFacilityId": "shop-1"})) == [
        f"{path}: facilityRef and tenantFacilityId name different facilities"
    ]
    both = {"facilityRef": "f-1", "tenantFacilityId": "shop-1"}
    assert at(create(**PLACES[path](both)), path).items() >= both.items()


def test_bare_lists_of_facility_ids_are_checked_too() -> None:
    """The deprecated members, with the place in the list."""
    preferences = {
        "supplyingFacilities": ["f-1", "f-9"],
        "collect": [{"facilityRef": "f-1", "supplyingFacilities": ["x"]}],
    }
    assert summaries(deliveryPreferences=preferences) == [
        "deliveryPreferences.supplyingFacilities[1]: no facility has this id",
        "deliveryPreferences.collect[0].supplyingFacilities[0]: no facility has this id",
    ]


def test_tags_and_their_values_must_be_known() -> None:
    """On the order and on its lines."""
    assert summaries(
        tags=[{"id": "Channel", "value": "B2B"}, {"id": "Channel", "value": "B2X"}, {"id": "Colour", "value": "red"}],
        orderLineItems=[line("A-1"), line("A-2", tags=[{"id": "Colour", "value": "red"}])],
    ) == [
        "tags[1].value: is no allowed value of this tag",
        "tags[2].id: no tag has this id",
        "orderLineItems[1].tags[0].id: no tag has this id",
    ]


@pytest.mark.parametrize(
    ("source", "refused"),
    [
        ({"sourceRef": "s-1"}, []),
        ({"tenantSourceId": "till"}, []),
        ({"sourceRef": "s-2"}, ["source.sourceRef: no order source has this id"]),
        ({"tenantSourceId": "web"}, ["source.tenantSourceId: no order source has this id"]),
    ],
)
def test_sources_must_be_known(source: Document, refused: list[str]) -> None:
    """By either of their names."""
    if refused:
        assert summaries(source=source) == refused
    else:
        assert create(source=source)["source"] == source


def test_tags_bring_stickers() -> None:
    """The configuration's, behind the order's own."""
    own = {"key": "gift", "nameLocalized": {"en_US": "Gift"}, "priority": 3}
    document = create(tags=[{"id": "Channel", "value": "B2B"}], stickers=[own])
    assert [(sticker["key"], sticker["name"]) for sticker in document["stickers"]] == [
        ("gift", "Gift"),
        ("b2b", "Business"),
    ]
    assert "stickers" not in create(tags=[{"id": "Channel", "value": "B2C"}])


def test_only_what_is_referred_to_is_looked_up() -> None:
    """The usual order refers to nothing, so that nothing is read for it."""
    assert not references.asked(order()).anything()
    assert references.asked(
        order(
            consumer={"tenantFacilityId": "shop-1"},
            deliveryPreferences={"supplyingFacilities": ["f-1"], "collect": [{"facilityRef": "f-2"}]},
            tags=[{"id": "Channel", "value": "B2B"}],
            source={"sourceRef": "s-1"},
            orderLineItems=[line(tags=[{"id": "Line", "value": "x"}])],
        )
    ) == Asked(
        facility_ids=frozenset({"f-1", "f-2"}),
        tenant_facility_ids=frozenset({"shop-1"}),
        tag_ids=frozenset({"Channel", "Line"}),
        source=True,
        order_tags=True,
    )


def test_a_change_is_checked_for_what_it_refers_to() -> None:
    """Its consumer and the tags of its lines; what the order referred to before is left alone."""
    before = {**stored(), "deliveryPreferences": {"collect": [{"facilityRef": "gone"}]}}
    editor = editing.Editor(principal(), line_item_modification_allowed=True, known=KNOWN)

    def edit(**change: Any) -> Document:
        return editing.edit(before, {"version": 1, **change}, editor, now=LATER, new_id=ids()).document

    assert edit(consumer={"tenantFacilityId": "shop-1"})["consumer"] == {
        "tenantFacilityId": "shop-1",
        "facilityRef": "f-1",
    }
    with pytest.raises(Invalid, match=r"consumer\.facilityRef: no facility has this id"):
        edit(consumer={"facilityRef": "f-9"})
    with pytest.raises(Invalid, match=r"orderLineItems\[0\].tags\[0\].id: no tag has this id"):
        edit(orderLineItems=[{"id": "id-3", "tags": [{"id": "Colour", "value": "red"}]}])
