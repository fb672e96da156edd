"""Whether order records are taken in."""

from __future__ import annotations

from typing import Final

from opendoms.configuration.kind import Kind

ORDER_RECORDS: Final = Kind("orderrecords", {"isOrderRecordsEnabled": False})
