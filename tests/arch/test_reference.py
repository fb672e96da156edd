"""The reference pages and the API description that follow from the code are what the code says now."""

from __future__ import annotations

import pytest

from docs.reference.generate import FOLDER, PAGES
from opendoms.app import api_routes, description, hub_for
from opendoms.settings import Settings
from tests.tree import ROOT, text_of


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_current(name: str) -> None:
    """The committed page is what `make reference` writes."""
    assert (FOLDER / name).read_text("utf-8") == PAGES[name]()


def test_the_api_description_is_current() -> None:
    """The committed description is what `make api` writes."""
    routes = api_routes(hub_for(Settings(database="sqlite:///never-opened.db")))
    assert (ROOT / "openapi" / "opendoms.json").read_bytes() == description(routes) + b"\n"


def test_every_page_is_listed() -> None:
    """The overview of the reference links to every page in its folder."""
    overview = text_of("docs/reference/README.md")
    pages = {path.name for path in FOLDER.glob("*.md")} - {"README.md"}
    assert {name for name in pages if f"]({name})" not in overview} == set()


def test_every_setting_says_what_it_is() -> None:
    """No setting is left without a docstring, which the page would drop."""
    page = PAGES["settings.md"]()
    assert {name for name in Settings.__struct_fields__ if f"`OPENDOMS_{name.upper()}`" not in page} == set()
