"""The order of the patient list: by who needs the therapist most, or by a column, either way round."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cmp_to_key
from typing import TYPE_CHECKING, Any

from trdtrack.ui.caseload.columns import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from trdtrack.domain.place import Place
    from trdtrack.ui.caseload.listed import Listed


@dataclass(frozen=True)
class Order:
    """By a column, or by place where it is None."""

    column: int | None = None
    turned: bool = False

    def by(self, column: int) -> Order:
        """Return the order that asking for a column leads to: of the column in force, the other way round."""
        return Order(column, turned=not self.turned) if column == self.column else Order(column)

    @property
    def _sort(self) -> Callable[[Listed], Any] | None:
        return None if self.column is None else COLUMNS[self.column].sort

    def of(self, rows: Iterable[Listed]) -> list[Listed]:
        """Return rows in order: equal ones by place, and those with nothing in the column last either way round."""
        placed, sort = sorted(rows, key=_place), self._sort
        if sort is None:
            return placed
        keyed: list[tuple[Any, Listed]] = [(sort(row), row) for row in placed]
        known = [pair for pair in keyed if pair[0] is not None]
        known.sort(key=_first, reverse=self.turned)
        return [*(row for _key, row in known), *(row for key, row in keyed if key is None)]

    def place_in(self, ordered: Sequence[Listed], row: Listed) -> int:
        """Return where a row goes into rows that are in this order already."""
        if self.column is None:
            return bisect_right(ordered, row.place, key=_place)
        between = cmp_to_key(self._compare)
        return bisect_right(ordered, between(row), key=between)

    def find(self, ordered: Sequence[Listed], row: Listed) -> int | None:
        """Return where a row stands in rows that are in this order; None if it is not among them."""
        place = self.place_in(ordered, row) - 1
        if place >= 0 and ordered[place] is row:
            return place
        return next((number for number, other in enumerate(ordered) if other is row), None)

    def _compare(self, one: Listed, other: Listed) -> int:
        sort = self._sort
        first, second = (sort(one), sort(other)) if sort else (None, None)
        if first != second:
            if first is None or second is None:
                return 1 if first is None else -1
            return -1 if (first < second) != self.turned else 1
        return -1 if _place(one) < _place(other) else int(_place(one) > _place(other))


def _place(row: Listed) -> Place:
    return row.place


def _first(pair: tuple[Any, Listed]) -> Any:
    return pair[0]
