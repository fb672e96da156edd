"""From pieces of articles back to the lines that ordered them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from opendoms.promises.model import Line
from opendoms.promises.plan import Item


class LineBook:
    """Hands out the pieces of each article to its lines, in their order, each piece once."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._order = {line.id: place for place, line in enumerate(lines)}
        self._open: dict[str, list[tuple[Line, int]]] = {}
        for line in reversed(lines):
            self._open.setdefault(line.article, []).append((line, line.quantity))

    def items(self, given: Mapping[str, int], supply: Mapping[str, int]) -> tuple[Item, ...]:
        """What a place that has `supply` gives, by line. Raises IndexError for more than is still open."""
        items = [item for article, pieces in given.items() for item in self.take(article, pieces, supply)]
        return tuple(sorted(items, key=lambda item: self._order[item.line]))

    def take(self, article: str, pieces: int, supply: Mapping[str, int]) -> list[Item]:
        """The next open pieces of an article, as items of its lines."""
        items = []
        while pieces > 0:
            line, still_open = self._open[article].pop()
            taken = min(still_open, pieces)
            items.append(Item(line.id, article, line.title, taken, supply.get(article, 0)))
            pieces -= taken
            if taken < still_open:
                self._open[article].append((line, still_open - taken))
        return items
