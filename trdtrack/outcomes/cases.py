"""Every closed course as its outcome on the record has it: one plain record a course, by the rules of the domain."""

from __future__ import annotations

import json
from collections import namedtuple
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from trdtrack.domain import outcome as rule
from trdtrack.domain import phq9
from trdtrack.domain.caseload_outcomes import Choices, OutcomeCase
from trdtrack.domain.caseload_outcomes_rows import COLUMNS
from trdtrack.domain.people import natural
from trdtrack.domain.records import Course, EndReason, Known, Modality, Outcome, Presentation
from trdtrack.domain.resistance import Met
from trdtrack.domain.summary import ADULT_YEARS, age_on
from trdtrack.listing import drawn_with
from trdtrack.outcomes.frames import day, plain, week_zeros
from trdtrack.outcomes.resisting import Resisting

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from trdtrack.domain.benchmark import Benchmark
    from trdtrack.domain.caseload_outcomes import Choice
    from trdtrack.domain.records import Rules
    from trdtrack.outcomes.frames import Frames


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A closed course with what it may be chosen by, and where its lines begin; days are `date.toordinal` numbers."""

    therapist: str
    modality: Modality
    presentation: tuple[Presentation, ...]
    criterion: Met
    end: date
    baseline: int | None
    baseline_day: int = 0
    lines_start: int = 0
    """0 without a baseline, as the day before."""
    case: OutcomeCase | None = None
    """None without a baseline of 10 or more."""
    drawn: Benchmark | None = None
    """The benchmark the course is drawn with; None without a case."""

    def chosen(self, choice: Choice) -> bool:
        """Whether it is among those chosen."""
        return (
            (choice.since is None or self.end >= choice.since)
            and (choice.until is None or self.end <= choice.until)
            and choice.modality in {None, self.modality}
            and choice.therapist in {None, self.therapist}
            and (choice.presentation is None or choice.presentation in self.presentation)
            and choice.criterion in {None, self.criterion}
        )


def choices(closed: Sequence[Closed]) -> Choices:
    """Return what can be chosen among closed courses."""
    ends = [c.end for c in closed]
    return Choices(
        modalities=tuple(sorted({c.modality for c in closed}, key=str.casefold)),
        therapists=tuple(sorted({c.therapist for c in closed}, key=lambda name: (name.casefold(), name))),
        presentations=tuple(sorted({p for c in closed for p in c.presentation})),
        criteria=tuple(met for met in Met if met in {c.criterion for c in closed}),
        first_end=min(ends, default=None),
        last_end=max(ends, default=None),
    )


@dataclass(frozen=True, kw_only=True)
class Reckoning:
    """What a course's outcome is reckoned by."""

    rules: Rules
    known: Sequence[Benchmark]
    """Every benchmark a course can be drawn with."""
    published: Benchmark
    """The one that s(t) is taken from."""
    today: date


def closed_courses(frames: Frames, by: Reckoning, *, fixed: dict[str, Outcome]) -> list[Closed]:
    """Return the courses that have ended by today, by code and end.

    `fixed`: by course the outcome of those that have none on the record, as their scores are now.
    """
    judged = Resisting.of(
        frames.courses["patient"], episodes=frames.episodes, treatments=frames.treatments, rules=by.rules
    )
    starts = week_zeros(frames)

    @cache
    def drawn(name: str, version: str) -> Benchmark:
        return drawn_with(Course(patient="", benchmark=name, benchmark_version=version), by.known)

    found: list[tuple[str, Closed]] = []
    for row in _rows(frames):
        end = day(row.end)
        if end is None or end > by.today:
            continue
        on = _on_record(row) if row.outcome else fixed.get(row.course)
        if on is None:  # reopened or withdrawn while the tables were read
            continue
        facts: dict[str, Any] = {
            "therapist": row.therapist,
            "modality": _MODALITIES[row.modality],
            "presentation": _presentations(row.presentation),
            "criterion": judged.met[row.patient],
            "end": end,
            "baseline": on.baseline,
        }
        more: dict[str, Any] = {}
        if on.baseline is not None and on.baseline_date and on.baseline >= phq9.CASENESS_FROM:
            start = day(row.start) or starts.get(row.course) or on.baseline_date
            lines_start = max(start, on.baseline_date).toordinal()
            more = {
                "baseline_day": on.baseline_date.toordinal(),
                "lines_start": lines_start,
                "drawn": drawn(row.benchmark, row.benchmark_version),
                "case": OutcomeCase(
                    **facts,
                    **_at_end(on, lines_start, by.published),
                    patient=row.patient,
                    code=row.code,
                    course=row.course,
                    reason=EndReason(row.end_reason),
                    has_benchmark=row.bipolar != Known.YES
                    and row.patient not in judged.psychotic
                    and not _is_child(row.date_of_birth, start),
                ),
            }
        found.append((natural(row.code), Closed(**facts, **more)))
    found.sort(key=lambda pair: (pair[0], pair[1].end))
    return [seen for _, seen in found]


def _at_end(on: Outcome, lines_start: int, published: Benchmark) -> dict[str, Any]:
    """Return what a course's outcome says by the rules of `domain/outcome.py`."""
    first, last, week = on.baseline or 0, on.total, None
    if on.total_date:
        week = max(on.total_date.toordinal() - lines_start, 0) / 7
    return {
        "last": last,
        "week": week,
        "progress": None if week is None else published.progress(week),
        "reliable": None if last is None else rule.reliable_change(first, last, on.reliable_change),
        "reliable_points": on.reliable_change,
        "below_caseness": None if last is None else rule.recovery(first, last),
        "response": None if last is None else rule.fell_by(rule.RESPONSE, first, last),
        "remission": None if last is None else rule.remission(last),
        "prorated": on.prorated,
    }


def _is_child(born: str | None, start: date) -> bool:
    """Whether the patient was under 18 at week 0, or at the baseline where there is no week 0."""
    age = age_on(day(born), start)
    return age is not None and age < ADULT_YEARS


def without_outcome(frames: Frames) -> dict[str, str]:
    """Return the closed courses that have no outcome on the record, each with its patient."""
    return {row.course: row.patient for row in _rows(frames) if not row.outcome}


_MODALITIES = {modality.value: modality for modality in Modality}
_Row = namedtuple("_Row", COLUMNS["courses"])  # noqa: PYI024  # pyright: ignore[reportUntypedNamedTuple] - named once, beside the query's result


def _rows(frames: Frames) -> Iterator[Any]:
    """Yield each course once, should it have two outcomes: the first."""
    columns = [plain(frames.courses[name]) for name in COLUMNS["courses"]]
    seen: set[str] = set()
    for row in map(_Row._make, zip(*columns, strict=True)):
        if row.course not in seen:
            seen.add(row.course)
            yield row


@cache
def _presentations(text: str) -> tuple[Presentation, ...]:
    return tuple(Presentation(p) for p in json.loads(text))


def _on_record(row: Any) -> Outcome:
    return Outcome(
        patient=row.patient,
        course=row.course,
        id=row.outcome,
        baseline=_whole(row.baseline),
        baseline_date=day(row.baseline_date),
        total=_whole(row.total),
        total_date=day(row.total_date),
        prorated=bool(row.prorated),
        reliable_change=int(row.reliable_change),
    )


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)
