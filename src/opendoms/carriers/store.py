"""Where carriers and their connections to facilities are kept."""

from __future__ import annotations

from typing import Final

from opendoms.db.entity import Entity
from opendoms.db.sqlfile import Queries
from opendoms.kernel.changeset import Column, ColumnValue, Table
from opendoms.kernel.decision import Document

CARRIERS: Final = Table(
    "carriers",
    columns=(Column("carrier_key", "text"),),
    unique=(("carriers_key", ("tenant", "carrier_key")),),
)
CONNECTIONS: Final = Table(
    "facility_carrier_connections",
    columns=(Column("facility_ref", "text"), Column("carrier_ref", "text"), Column("carrier_key", "text")),
    unique=(("facility_carrier_connections_pair", ("tenant", "facility_ref", "carrier_ref")),),
)

QUERIES: Final = Queries("opendoms.carriers")


def _of_carrier(document: Document) -> tuple[ColumnValue, ...]:
    return (document["key"],)


def _of_connection(document: Document) -> tuple[ColumnValue, ...]:
    return document["facilityRef"], document["carrierRef"], document["key"]


CARRIER: Final = Entity("CARRIER", CARRIERS, _of_carrier)
CONNECTION: Final = Entity("FACILITY_CARRIER_CONNECTION", CONNECTIONS, _of_connection)
