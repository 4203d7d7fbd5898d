"""What a row of the caseload needs of a patient and that does not depend on today."""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from trdtrack.domain.message import Message, message
from trdtrack.domain.signals import Signal

if TYPE_CHECKING:
    from collections.abc import Iterable

_SIGNALS = {signal.value: signal for signal in Signal}


def packed(what: Message | None) -> str:
    """Return a message as text; empty for none."""
    return json.dumps(_plain(what), ensure_ascii=False) if what else ""


def _plain(value: Any) -> Any:
    match value:
        case Message(text, fields, many, n):
            return {"text": text, "fields": {name: _plain(one) for name, one in fields.items()}, "many": many, "n": n}
        case date():
            return {"day": value.toordinal()}
        case _:
            return value


@lru_cache(maxsize=1024)
def unpacked(text: str) -> Message:
    """Return the message that a text holds: there are few, and each is read once."""
    return _whole(json.loads(text))


def _whole(value: Any) -> Any:
    match value:
        case {"text": text, "fields": fields, "many": many, "n": n}:
            return Message(text, {name: _whole(one) for name, one in fields.items()}, many, n)
        case {"day": number}:
            return date.fromordinal(number)
        case _:
            return value


def pack_days(rows: Iterable[tuple[object, ...]]) -> str:
    """Return rows of days, numbers and words without spaces as one short text: "739574,19 739581,16"."""
    return " ".join(",".join(str(v.toordinal() if isinstance(v, date) else v) for v in row) for row in rows)


def _rows(text: str) -> list[list[str]]:
    return [part.split(",") for part in text.split()]


def _day(number: int | None) -> date | None:
    return date.fromordinal(number) if number else None


NO_COURSE = packed(message("no course yet"))


class Gist(NamedTuple):
    """A patient in the current course. Totals in points.

    A flat row of numbers and texts, days as `date.toordinal` numbers: ten thousand are made at every start, and most
    are only put in their place in the list. What a row that is seen says of itself are the properties. What depends on
    the day is in `domain/place.py`. A course's end counts as come: until then only a computer's clock set back could
    have it otherwise.
    """

    patient: str
    code: str
    name: str
    sort: str
    """The code, as codes are sorted."""
    closed_day: int | None = None
    died: bool = False
    course: str = ""
    """Empty where there is none; then all that follows is empty too, but risk, notes, appointments and follow-ups."""
    modality: str = ""
    therapist: str = ""
    week_zero_day: int | None = None
    end_day: int | None = None
    planned: int | None = None
    attended: int = 0
    baseline: int | None = None
    lines_start_day: int | None = None
    benchmark_name: str = ""
    """The one drawn; empty where none is."""
    benchmark_version: str = ""
    packed_totals: str = ""
    latest: int | None = None
    latest_day: int | None = None
    latest_prorated: bool = False
    change: int | None = None
    change_prorated: bool = False
    """Whether baseline or latest is prorated."""
    signal: str = Signal.TOO_EARLY.value
    """The signal before its day is looked at: how old the latest is, and whether the course has ended."""
    packed_why: str = NO_COURSE
    signal_prorated: bool = False
    """Whether a total that `signal` looked back to is prorated."""
    risk_open: int = 0
    """How many risk records are open."""
    risk_due: int | None = None
    """The answer to item 9 that must be answered."""
    risk_again_day: int | None = None
    item9: int | None = None
    """As last answered; None where it is missing or unknown."""
    next_day: int | None = None
    """The next appointment, while its day has not passed."""
    next_time: str = ""
    packed_later: str = ""
    packed_unfinished: str = ""
    packed_reviews: str = ""
    packed_follow_ups: str = ""
    asked_from: int | None = None
    """Before this day no review and no follow-up is due."""
    last_note: str = ""
    """The first sentence of the last note, cut where it is long."""

    @property
    def closed(self) -> date | None:
        """Since when the patient is no longer in care; None while in care."""
        return _day(self.closed_day)

    @property
    def week_zero(self) -> date | None:
        """Where weeks are counted from."""
        return _day(self.week_zero_day)

    @property
    def end(self) -> date | None:
        """The day the course ended."""
        return _day(self.end_day)

    @property
    def lines_start(self) -> date | None:
        """Where the expected lines begin."""
        return _day(self.lines_start_day)

    @property
    def benchmark(self) -> tuple[str, str]:
        """Name and version of the benchmark drawn; both empty where none is."""
        return self.benchmark_name, self.benchmark_version

    @property
    def totals(self) -> tuple[tuple[date, int], ...]:
        """The last totals that count up to the end, oldest first; the baseline first where it is older."""
        return tuple((date.fromordinal(int(day)), int(total)) for day, total in _rows(self.packed_totals))

    @property
    def latest_date(self) -> date | None:
        """The day of the last total."""
        return _day(self.latest_day)

    @property
    def base(self) -> Signal:
        """The signal before its day is looked at."""
        return _SIGNALS[self.signal]

    @property
    def why(self) -> Message:
        """Why that signal holds."""
        return unpacked(self.packed_why)

    @property
    def risk_again(self) -> date | None:
        """When to look at the open risk again."""
        return _day(self.risk_again_day)

    @property
    def later(self) -> tuple[tuple[int, int, str], ...]:
        """Appointments that come next only once a day is past: that day, theirs, and the time."""
        return tuple((int(after), int(day), time) for after, day, time in _rows(self.packed_later))

    @property
    def unfinished(self) -> tuple[date, ...]:
        """Days of the sessions not finished."""
        return tuple(date.fromordinal(int(day)) for (day,) in _rows(self.packed_unfinished))

    @property
    def reviews(self) -> tuple[tuple[date, date], ...]:
        """Course reviews not held, and the day on which each gives way to the next."""
        found = _rows(self.packed_reviews)
        return tuple((date.fromordinal(int(day)), date.fromordinal(int(until))) for day, until in found)

    @property
    def follow_ups(self) -> tuple[date, ...]:
        """Follow-ups not done."""
        return tuple(date.fromordinal(int(day)) for (day,) in _rows(self.packed_follow_ups))
