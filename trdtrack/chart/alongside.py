"""What happened alongside the scores, lane by lane, in days and in words: no Qt, no pixels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from trdtrack.domain.medication import drug_words
from trdtrack.domain.message import Message, message
from trdtrack.domain.records import Attendance, Role
from trdtrack.domain.risk import answered
from trdtrack.words import say

if TYPE_CHECKING:
    from trdtrack.chart.view import View
    from trdtrack.domain.records import Assessment, Laterality, Treatment
    from trdtrack.domain.summary import Summary

STUB_DAYS = 28
"""How long a treatment is drawn of which nobody knows when it ended, nor for how many weeks it was taken."""
LONGEST = 200
"""Letters of an event or a drug that the chart keeps; the record has them all."""
_LETTERS = 26


@dataclass(frozen=True)
class Item9Mark:
    """Item 9 on one day: the answer as text, `?` where there is none; `raised` from 1 up.

    `unsettled`: it belongs to an open risk record, or nobody has looked at it yet.
    """

    x: float
    text: str
    raised: bool
    unsettled: bool = False


@dataclass(frozen=True)
class SessionMark:
    """An appointment, kept or not."""

    x: float
    attended: bool


@dataclass(frozen=True)
class Flag:
    """A follow-up after the end: where it was done, or else is planned."""

    x: float
    done: bool


@dataclass(frozen=True)
class Phase:
    """A run of sessions in one phase of the therapy, up to where the next begins."""

    x0: float
    x1: float
    name: str


@dataclass(frozen=True)
class Bar:
    """A treatment from `x0` (None: nobody knows) to `x1`; `ongoing`: still taken; `torn`: nobody knows its end."""

    x0: float | None
    x1: float
    role: Role
    name: str
    dates: str
    ongoing: bool = False
    torn: bool = False


@dataclass(frozen=True)
class Happening:
    """An event by its letter."""

    x: float
    letter: str
    when: date
    what: str
    kind: str


@dataclass(frozen=True)
class Alongside:
    """Everything the lanes show; empty ones take no room."""

    item9: tuple[Item9Mark, ...] = ()
    sessions: tuple[SessionMark, ...] = ()
    flags: tuple[Flag, ...] = ()
    phases: tuple[Phase, ...] = ()
    treatments: tuple[Bar, ...] = ()
    events: tuple[Happening, ...] = ()


NOTHING = Alongside()


def alongside(summary: Summary, view: View, *, start: float, end: float) -> Alongside:
    """Collect the lanes of a course drawn from `start` to `end`; without risk and events in the patient view."""
    return Alongside(
        item9=() if view.patient else _item9(summary),
        sessions=tuple(
            SessionMark(float(s.date.toordinal()), s.attendance is Attendance.ATTENDED) for s in summary.sessions
        ),
        flags=tuple(
            Flag(float((f.done or f.due).toordinal()), f.done is not None)
            for f in summary.dossier.follow_ups
            if f.course == summary.course.id and start <= (f.done or f.due).toordinal() <= end
        ),
        phases=_phases(summary),
        treatments=tuple(
            bar
            for treatment in summary.dossier.treatments
            if (bar := _bar(treatment, summary.today)) and bar.x1 >= start and (bar.x0 is None or bar.x0 <= end)
        ),
        # Their words were written for the record, not for whoever looks at the screen.
        events=() if view.patient else _events(summary, start, end),
    )


def _item9(summary: Summary) -> tuple[Item9Mark, ...]:
    """Return one mark a day: of several answers the highest, and any answer before none."""
    days: dict[int, tuple[int, bool]] = {}
    for point in summary.points:
        answer = point.item9 if isinstance(point.item9, int) else -1
        open_here = answer > 0 and unsettled(summary, point.assessment, answer)
        known, known_open = days.get(point.date.toordinal(), (-1, False))
        days[point.date.toordinal()] = (max(answer, known), open_here or known_open)
    return tuple(
        Item9Mark(float(x), "?" if n < 0 else str(n), raised=n > 0, unsettled=is_open)
        for x, (n, is_open) in sorted(days.items())
    )


def unsettled(summary: Summary, assessment: Assessment, answer: int) -> bool:
    """Tell whether a raised answer belongs to an open risk record, or to none and nobody has looked at it since."""
    dossier, when = summary.dossier, assessment.date
    held = [
        r for r in dossier.risks if r.assessment == assessment.id or r.opened <= when <= (r.closed or summary.today)
    ]
    if held:
        return any(r.closed is None for r in held)
    return not dossier.died and not answered(assessment, answer, dossier.reviews)


def _phases(summary: Summary) -> tuple[Phase, ...]:
    named = (session for session in summary.sessions if session.phase.strip())
    runs = [[*run] for _, run in groupby(named, key=lambda session: _folded(session.phase))]
    ends = [*(later[0].date for later in runs[1:]), *(run[-1].date for run in runs[-1:])]
    return tuple(
        Phase(float(run[0].date.toordinal()), float(end.toordinal()), short(run[0].phase))
        for run, end in zip(runs, ends, strict=True)
    )


def _folded(phase: str) -> str:
    return " ".join(phase.split()).casefold()


def _bar(treatment: Treatment, today: date) -> Bar | None:
    """Place a treatment, or None where nothing is known of when it was taken."""
    start, end = treatment.start, treatment.end
    torn = end is None and not treatment.still_taken
    if treatment.still_taken:
        end = max(today, start) if start else today
    elif end is None and start:
        # Nobody knows the end; the weeks at an adequate dose are the least it lasted.
        least = start + timedelta(days=7 * treatment.weeks if treatment.weeks else STUB_DAYS)
        end = max(start, min(least, today))
    if end is None:
        return None
    return Bar(
        x0=float(start.toordinal()) if start else None,
        x1=float(end.toordinal()),
        role=treatment.role,
        name=short(say(_ect(treatment.laterality)) if treatment.role is Role.ECT else drug_words(treatment)),
        dates=say(_dates(treatment)),
        ongoing=treatment.still_taken,
        torn=torn,
    )


def _ect(laterality: Laterality) -> Message:
    if not laterality:
        return message("ECT")
    return message("ECT, {laterality}", laterality=laterality.words)


def _dates(treatment: Treatment) -> Message:
    first = treatment.start
    if treatment.still_taken:
        return message("since {day}, still taken", day=first) if first else message("still taken, start unknown")
    if treatment.end is None:
        return message("from {day}, end unknown", day=first) if first else message("dates unknown")
    if first is None:
        return message("until {day}, start unknown", day=treatment.end)
    return message("{first} to {last}", first=first, last=treatment.end)


def _events(summary: Summary, start: float, end: float) -> tuple[Happening, ...]:
    """Letter the events of the days drawn, in order; a letter stays the event's own while the chart is zoomed."""
    shown = [e for e in summary.dossier.events if start <= e.date.toordinal() <= end]
    return tuple(
        Happening(float(e.date.toordinal()), letters(n), e.date, short(e.text), say(e.what.words))
        for n, e in enumerate(shown)
    )


def short(text: str, longest: int = LONGEST) -> str:
    """Return a text on one line, cut where nobody would read on."""
    line = " ".join(text[: 2 * longest].split())
    return line if len(line) <= longest else line[: longest - 1] + "\u2026"


def letters(number: int) -> str:
    """Return A to Z, then AA, AB, for 0, 1, 2 and so on."""
    more, last = divmod(number, _LETTERS)
    return (letters(more - 1) if more else "") + chr(ord("A") + last)
