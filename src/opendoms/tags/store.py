"""Where tags are kept; a tag's id is the caller's own."""

from __future__ import annotations

from typing import Final

from opendoms.db.entity import Entity
from opendoms.db.sqlfile import Queries
from opendoms.kernel.changeset import Table

TAGS: Final = Table("tags")
TAG: Final = Entity("TAG", TAGS)
QUERIES: Final = Queries("opendoms.tags")
