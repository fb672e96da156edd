"""Where listings, stocks, reservations and safety stocks are kept."""

from __future__ import annotations

from typing import Final

from opendoms.db.entity import Entity
from opendoms.db.sqlfile import Queries
from opendoms.inventory.rules.counting import counted
from opendoms.kernel.changeset import Column, ColumnValue, Table
from opendoms.kernel.clock import instant_from
from opendoms.kernel.decision import Document

LISTINGS: Final = Table(
    "listings",
    columns=(
        Column("facility_ref", "text"),
        Column("tenant_article_id", "text"),
        Column("status", "text"),
        Column("behaviour", "text"),
        Column("preorder_from", "bigint"),
        Column("restock_days", "bigint"),
    ),
    unique=(("listings_article", ("tenant", "facility_ref", "tenant_article_id")),),
)
STOCKS: Final = Table(
    "stocks",
    columns=(
        Column("facility_ref", "text"),
        Column("tenant_article_id", "text"),
        Column("location_ref", "text"),
        Column("counted", "bigint"),
        Column("available_until", "bigint"),
    ),
)
RESERVATIONS: Final = Table(
    "reservations",
    columns=(
        Column("facility_ref", "text"),
        Column("tenant_article_id", "text"),
        Column("order_ref", "text"),
        Column("quantity", "bigint"),
        Column("valid_until", "bigint"),
    ),
)
SAFETY_STOCKS: Final = Table(
    "safety_stocks",
    columns=(Column("tenant_article_id", "text"), Column("facility_ref", "text")),
    unique=(("safety_stocks_article", ("tenant", "tenant_article_id", "facility_ref")),),
)
# The id is the article's; see the migration for what it is good for. It has no history and nobody reads it outside.
STOCKED_ARTICLES: Final = Table("stocked_articles")

TABLES: Final = (LISTINGS, STOCKS, RESERVATIONS, SAFETY_STOCKS, STOCKED_ARTICLES)

QUERIES: Final = Queries("opendoms.inventory")

# More days than this are as good as never; their number still fits into a column.
RESTOCK_DAYS_MAX: Final = 36_500


def _instant(document: Document, member: str) -> int | None:
    text = document.get(member)
    return None if text is None else instant_from(text)


def _of_listing(document: Document) -> tuple[ColumnValue, ...]:
    """With what a promise asks of every listing: whether it sells, and what holds when there is none left."""
    known = document.get("outOfStockConfig") or {}
    timeframe = known.get("preorder", {}).get("availabilityTimeframe") or document.get("availabilityTimeframe") or {}
    days = known.get("restock", {}).get("restockableInDays")
    return (
        document["facilityId"],
        document["tenantArticleId"],
        document["status"],
        document.get("outOfStockBehaviour", "NONE"),
        _instant(timeframe, "start"),
        None if days is None else min(int(days), RESTOCK_DAYS_MAX),
    )


def _of_stock(document: Document) -> tuple[ColumnValue, ...]:
    return (
        document["facilityRef"],
        document["tenantArticleId"],
        document.get("locationRef"),
        counted(document),
        _instant(document, "availableUntil"),
    )


def _of_reservation(document: Document) -> tuple[ColumnValue, ...]:
    orders: list[str] = document["relatedRefs"].get("orderRefs", [])
    return (
        document["facilityRef"],
        document["tenantArticleId"],
        orders[0] if orders else None,
        document["quantity"],
        _instant(document, "validUntil"),
    )


def _of_safety_stock(document: Document) -> tuple[ColumnValue, ...]:
    return document["tenantArticleId"], document.get("facilityRef", "")


LISTING: Final = Entity("LISTING", LISTINGS, _of_listing)
STOCK: Final = Entity("STOCK", STOCKS, _of_stock)
RESERVATION: Final = Entity("RESERVATION", RESERVATIONS, _of_reservation)
SAFETY_STOCK: Final = Entity("SAFETY_STOCK", SAFETY_STOCKS, _of_safety_stock)
