"""All patients of the list as they stand on a day, kept so that one edit costs as much as its own patients."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from trdtrack.ui.caseload.listed import Listed
from trdtrack.ui.caseload.order import Order
from trdtrack.ui.caseload.to_do import asked

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from trdtrack.domain.gist import Gist
    from trdtrack.ui.caseload.to_do import Task, What


_NOTHING: tuple[bool, tuple[Task, ...]] = (False, ())


class Roster:
    """Rows by patient, in an order; beside them who has an appointment today and who has something to be done."""

    def __init__(self) -> None:
        self.today: date | None = None
        self.unconfirmed: dict[str, int] = {}
        """By patient the answer of 1-3 to item 9 that waits to be confirmed."""
        self.order = Order()
        self.rows: dict[str, Listed] = {}
        self.ordered: list[Listed] = []
        self._booked: set[str] = set()
        self._asked: dict[str, tuple[Task, ...]] = {}
        self.asked_for: Counter[What] = Counter()
        """How much of each kind there is to do."""
        self.stirred = False
        """Whether what was read last changed anything of the day or of what is to be done."""

    def read(self, gists: Iterable[Gist], today: date) -> None:
        """Take all patients anew."""
        self.today, self.stirred = today, True
        self._booked.clear()
        self._asked.clear()
        self.asked_for.clear()
        self.rows = {gist.patient: self._listed(gist, today) for gist in gists}
        for row in self.rows.values():
            self._note(row)
        self.sort(self.order)

    def turn_day(self, today: date) -> None:
        """Read the rows on another day."""
        self.read([row.gist for row in self.rows.values()], today)

    def read_again(self, patients: Iterable[str], gists: Iterable[Gist]) -> list[tuple[Listed | None, Listed | None]]:
        """Take some patients anew. Returns each one's row as it was and as it is: None where there is none."""
        assert self.today is not None  # noqa: S101 - everything was read before
        found = {gist.patient: self._listed(gist, self.today) for gist in gists}
        changes: list[tuple[Listed | None, Listed | None]] = []
        self.stirred = False
        for patient in patients:
            before, after = self.rows.pop(patient, None), found.get(patient)
            was = self._of_day(patient)
            self._booked.discard(patient)
            self.asked_for.subtract(task.what for task in self._asked.pop(patient, ()))
            if before and (place := self.order.find(self.ordered, before)) is not None:
                del self.ordered[place]
            if after:
                self.rows[patient] = after
                self._note(after)
                self.ordered.insert(self.order.place_in(self.ordered, after), after)
            changes.append((before, after))
            now = self._of_day(patient)
            same = before and after and _named(before) == _named(after) and was == now
            self.stirred = self.stirred or not (same or was == now == _NOTHING)
        return changes

    def _listed(self, gist: Gist, today: date) -> Listed:
        return Listed.of(gist, today, unconfirmed=self.unconfirmed.get(gist.patient, 0))

    def _of_day(self, patient: str) -> tuple[bool, tuple[Task, ...]]:
        return patient in self._booked, self._asked.get(patient, ())

    def _note(self, row: Listed) -> None:
        if row.next and row.next[0] == self.today:
            self._booked.add(row.gist.patient)
        if found := asked(row):
            self._asked[row.gist.patient] = found
            self.asked_for.update(task.what for task in found)

    def sort(self, order: Order) -> None:
        """Put all rows in an order."""
        self.order = order
        self.ordered = order.of(self.rows.values())

    def booked(self, therapist: str = "") -> list[Listed]:
        """Return who has an appointment today; of one therapist, if one is named."""
        return [self.rows[patient] for patient in self._booked if self._of(patient, therapist)]

    def tasks(self, therapist: str = "") -> list[Task]:
        """Return what is asked for; of one therapist's patients, if one is named."""
        return [task for patient, found in self._asked.items() if self._of(patient, therapist) for task in found]

    def _of(self, patient: str, therapist: str) -> bool:
        return not therapist or self.rows[patient].gist.therapist == therapist

    def therapists(self) -> list[str]:
        """Return the names that stand on the courses."""
        return sorted({row.gist.therapist for row in self.rows.values()} - {""})


def _named(row: Listed) -> tuple[object, ...]:
    """What the day's lines say of a patient besides what is to be done."""
    gist = row.gist
    return gist.code, gist.name, gist.therapist, row.next, gist.last_note
