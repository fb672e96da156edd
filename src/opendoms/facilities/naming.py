"""What facilities are called, for slices that have their ids only."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import msgspec

from opendoms.db.engine import Engine, Parameters
from opendoms.facilities.store import QUERIES

# Facilities whose names are read at once, and in all: some hundred bytes each.
BATCH: Final = 1_000
NAMED_MAX: Final = 20_000

_NUL: Final = "\0"


class _Address(msgspec.Struct, frozen=True, gc=False):
    country: str = ""


class _Located(msgspec.Struct, frozen=True, gc=False):
    address: _Address = _Address()


_located: Final = msgspec.json.Decoder(_Located)


class FacilityNames:
    """Looks up names and countries of the facilities of a tenant, as they are now."""

    def __init__(self, db: Engine) -> None:
        self._db = db

    async def ids(self, tenant: str, names: Collection[str], most: int) -> dict[str, list[str]] | None:
        """The ids of the facilities with one of these names, by name; None where there are more than `most`."""
        storable = [name for name in names if _is_storable(name)]
        if not storable:
            return {}
        parameters: Parameters = {"tenant": tenant, "names": storable, "size": most + 1}
        rows = await self._db.rows(QUERIES.facilities_of_names, parameters)
        if len(rows) > most:
            return None
        found: dict[str, list[str]] = {}
        for name, facility_id in rows:
            found.setdefault(name, []).append(facility_id)
        return found

    async def names(self, tenant: str) -> dict[str, str] | None:
        """The names of all facilities by id; None where there are more than NAMED_MAX."""
        found: dict[str, str] = {}
        name, facility_id = "", ""
        while len(found) <= NAMED_MAX:
            position: Parameters = {"tenant": tenant, "name": name, "id": facility_id, "size": BATCH}
            rows = await self._db.rows(QUERIES.facility_names, position)
            found.update((each, called) for called, each in rows)
            if len(rows) < BATCH:
                return found if len(found) <= NAMED_MAX else None
            name, facility_id = rows[-1]
        return None

    async def countries(self, tenant: str) -> dict[str, str] | None:
        """The countries of all facilities that have one, by id; None where there are more than NAMED_MAX."""
        found: dict[str, str] = {}
        seen, after = 0, ""
        while seen <= NAMED_MAX:
            rows = await self._db.rows(QUERIES.facilities_by_id, {"tenant": tenant, "after": after, "size": BATCH})
            located = ((row[0], _located.decode(row[1]).address.country) for row in rows)
            found.update((facility_id, country) for facility_id, country in located if country)
            seen += len(rows)
            if len(rows) < BATCH:
                return found if seen <= NAMED_MAX else None
            after = rows[-1][0]
        return None


def _is_storable(name: str) -> bool:
    """Whether a facility can have this name: one with NUL or half a surrogate pair is in no database."""
    if _NUL in name:
        return False
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
