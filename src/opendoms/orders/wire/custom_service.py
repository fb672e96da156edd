"""Services that are done to ordered articles, and bundles."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from opendoms.web.wire_types import LIST_MAX, Closed, CustomAttributes, Wire


class ArticleItem(Closed, frozen=True, gc=False):
    """An ordered article that a service is done to."""

    tenant_article_ref: str
    """The caller's own number of the article; the order has a line with it."""
    quantity: Annotated[float, Meta(ge=1)]
    """How much of it the service takes."""


class CustomServiceAdditionalInformation(Wire, frozen=True, gc=False):
    """Something that whoever does the service must know."""

    additional_information_ref: str
    """The id of the question in the service's definition."""
    tenant_additional_information_id: str | UnsetType = UNSET
    """The caller's own id of the question."""
    value: str | int | float | bool | UnsetType = UNSET
    """The answer."""


class CustomServiceDefinition(Wire, frozen=True, gc=False):
    """Which service is done, or that the articles are a bundle."""

    custom_service_ref: str | UnsetType = UNSET
    """The service, by its id."""
    tenant_custom_service_id: str | UnsetType = UNSET
    """The service, by the caller's own id."""
    is_bundled: bool | UnsetType = UNSET
    """Whether the articles belong together and are never sent apart."""
    additional_information: (
        Annotated[tuple[CustomServiceAdditionalInformation, ...], Meta(max_length=LIST_MAX)] | UnsetType
    ) = UNSET
    """What whoever does the service must know."""
    custom_attributes: CustomAttributes | UnsetType = UNSET
    """Data of the caller's own."""


ArticleItems = Annotated[tuple[ArticleItem, ...], Meta(max_length=LIST_MAX)]


class CustomServiceItemForCreation(Closed, frozen=True, gc=False):
    """A service within a service."""

    custom_service_definition: CustomServiceDefinition
    """Which service is done."""
    article_items: ArticleItems
    """The articles that it takes; may be empty."""
    custom_service_items: Annotated[tuple[CustomServiceItemForCreation, ...], Meta(max_length=LIST_MAX)]
    """The services within this one; may be empty."""


class CustomServiceReferenceForCreation(CustomServiceItemForCreation, frozen=True, gc=False):
    """A service that is ordered with the articles."""


# Recursive from the second level on, as in the contract's own description.
class CustomServiceSubItem(
    CustomServiceItemForCreation, frozen=True, gc=False, forbid_unknown_fields=False, kw_only=True
):
    """A service further down within a service of a stored order."""

    id: str
    """The id of the entry, made by the server."""
    custom_service_items: tuple[CustomServiceSubItem, ...]
    """The services within this one."""


class CustomServiceItem(CustomServiceItemForCreation, frozen=True, gc=False, forbid_unknown_fields=False, kw_only=True):
    """A service within a service of a stored order."""

    id: str
    """The id of the entry, made by the server."""
    custom_service_items: tuple[CustomServiceSubItem, ...]
    """The services within this one."""


class CustomServiceReference(
    CustomServiceReferenceForCreation, frozen=True, gc=False, forbid_unknown_fields=False, kw_only=True
):
    """A service of a stored order."""

    id: str
    """The id of the entry, made by the server."""
    custom_service_items: tuple[CustomServiceItem, ...]
    """The services within this one."""
