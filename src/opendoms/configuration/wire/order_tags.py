"""What the tags of an order bring about."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from opendoms.web.wire_types import LIST_MAX, Closed, Int64, Sticker, Timestamp, Wire

DocumentCategory = Literal[
    "EXTERNAL", "DELIVERYNOTE", "RETURNNOTE", "SENDLABEL", "RETURNLABEL", "TRANSFERLABEL", "CUSTOMS"
]
# The contract gives this text a bound that only lists have. It bounds nothing and is published for equality's sake.
_BoundedInName = Annotated[str, Meta(extra_json_schema={"published": {"minItems": 1}})]


class OfferedDocument(Wire, frozen=True, gc=False):
    """A kind of document that is offered with an order."""

    document_category: DocumentCategory
    """Which kind of document."""


OfferedDocuments = Annotated[tuple[OfferedDocument, ...], Meta(max_length=LIST_MAX)]


class OfferedDocumentPerTag(Wire, frozen=True, gc=False):
    """Documents that are offered with orders that have a tag."""

    tag_ref: str
    """The id of the tag."""
    matching_values: Annotated[tuple[_BoundedInName, ...], Meta(max_length=LIST_MAX)]
    """The values of the tag, of which the order has one."""
    offered_documents: OfferedDocuments
    """What is offered then, together with what other matching tags offer."""


class OfferedStickersByTag(Closed, frozen=True, gc=False):
    """Stickers that orders with a tag get when they are created."""

    tag_ref: str
    """The id of the tag."""
    matching_values: Annotated[tuple[str, ...], Meta(min_length=1, max_length=LIST_MAX)]
    """The values of the tag, of which the order has one."""
    stickers: Annotated[tuple[Sticker, ...], Meta(min_length=1, max_length=LIST_MAX)]
    """The stickers. One whose key the order has already is not added; an order gets up to 100 altogether."""


class StickerConfiguration(Closed, frozen=True, gc=False):
    """Which stickers orders get by themselves."""

    offered_stickers_by_tag: Annotated[tuple[OfferedStickersByTag, ...], Meta(max_length=LIST_MAX)] | UnsetType = UNSET
    """Stickers per tag, added in this order."""


class OrderTagConfiguration(Wire, frozen=True, gc=False):
    """Which documents are offered with orders, and which stickers orders get, by their tags."""

    version: Int64
    """The version of the configuration; 0 as long as it was never written."""
    offered_documents_by_default: OfferedDocuments
    """What is offered with an order for whose tags nothing else is."""
    offered_documents_per_tag: Annotated[tuple[OfferedDocumentPerTag, ...], Meta(max_length=LIST_MAX)]
    """What is offered per tag."""
    sticker_configuration: StickerConfiguration | UnsetType = UNSET
    """Which stickers orders get; none where it is left out."""
    created: Timestamp | UnsetType = UNSET
    """When the configuration was first written."""
    last_modified: Timestamp | UnsetType = UNSET
    """When the configuration was last changed."""
