"""Short ways to make a course for a test: days count from a Monday, totals are recorded without items."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from trdtrack.domain.benchmark import Benchmark
from trdtrack.domain.dossier import Dossier
from trdtrack.domain.records import Assessment, Course, Patient, Record, Rules, Session
from trdtrack.domain.summary import Summary, summarise
from trdtrack.evidence import default_benchmark

START = date(2024, 1, 1)
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
PATIENT = Patient(id="p", code="TRD-1")
COURSE = Course(id="c", patient="p", start=START)


def day(number: int) -> date:
    return START + timedelta(days=number)


def score(number: int, total: int, **fields) -> Assessment:
    """A total-only assessment `number` days after week 0."""
    fields = {"patient": "p", "course": "c", "entered": AT, **fields}
    return Assessment(date=day(number), total=total, **fields)


def asked(number: int, *answers: int | None, **fields) -> Assessment:
    """An assessment with nine answers `number` days after week 0."""
    fields = {"patient": "p", "course": "c", "entered": AT, **fields}
    return Assessment(date=day(number), answers=answers, **fields)


def weekly(*totals: int, first: int = 0) -> list[Assessment]:
    """One total a week from week `first` on."""
    return [score(7 * (first + week), total) for week, total in enumerate(totals)]


def summary(
    assessments: list[Assessment],
    *,
    today: int | None = None,
    course: Course = COURSE,
    patient: Patient = PATIENT,
    sessions: tuple[Session, ...] = (),
    more: tuple[Record, ...] = (),
    benchmark: Benchmark | None = None,
    rules: Rules | None = None,
) -> Summary:
    """Sum up, by default on the day of the last score."""
    return summarise(
        Dossier.of(patient, [course, *sessions, *assessments, *more]),
        course,
        benchmark=benchmark or default_benchmark(),
        rules=rules or Rules(),
        today=max((a.date for a in assessments), default=START) if today is None else day(today),
    )
