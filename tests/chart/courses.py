"""Courses for charts and reports: weeks count from Tuesday 6 January 2026."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from trdtrack.domain.dossier import Dossier
from trdtrack.domain.records import Assessment, Course, Modality, Patient, Rules, Session
from trdtrack.domain.summary import Summary, summarise
from trdtrack.evidence import default_benchmark

START = date(2026, 1, 6)
AT = datetime(2026, 1, 6, 12, tzinfo=UTC)


def week(number: float) -> date:
    return START + timedelta(days=round(7 * number))


def answers(total: int, item9: int = 0, blank: tuple[int, ...] = ()) -> tuple[int | None, ...]:
    """Nine answers that sum to `total` before some are blanked (numbers from 0)."""
    item9 = max(item9, total - 24)
    given: list[int | None] = [0] * 8 + [item9]
    for i in range(total - item9):
        given[i % 8] += 1
    for i in blank:
        given[i] = None
    return tuple(given)


def course(*scores: tuple, missed: tuple[float, ...] = (), **fields) -> Summary:
    """A course of scores (week, total or answers[, "only"]), with a session at each but the missed weeks'."""
    patient = Patient(
        code=fields.pop("code", "A-003"),
        name=fields.pop("name", ""),
        date_of_birth=fields.pop("born", date(1984, 3, 2)),
    )
    today = fields.pop("today", None)
    rules = fields.pop("rules", Rules())
    benchmark = fields.pop("benchmark", None) or default_benchmark()
    care = Course(
        patient=patient.id,
        **{
            "modality": Modality.CBT,
            "medication": "sertraline 150 mg",
            "start": START,
            "planned_sessions": 12,
            **fields,
        },
    )
    assessments = []
    for minute, (when, what, *only) in enumerate(scores):
        entered = AT + timedelta(minutes=minute)
        filled = {"total": what} if only else {"answers": what if isinstance(what, tuple) else answers(what)}
        assessments.append(Assessment(patient=patient.id, course=care.id, date=week(when), entered=entered, **filled))
    attended = [
        Session(patient=patient.id, course=care.id, date=week(when), entered=AT)
        for when in sorted({s[0] for s in scores if s[0] >= 0})
    ]
    attended += [
        Session(patient=patient.id, course=care.id, date=week(when), entered=AT, attendance="did not attend")
        for when in missed
    ]
    return summarise(
        Dossier.of(patient, [care, *attended, *assessments]),
        care,
        benchmark=benchmark,
        rules=rules,
        today=today or max((week(s[0]) for s in scores), default=START),
    )


def usual(**fields) -> Summary:
    """Thirteen scores with everything a chart has to show: gaps, blanks, totals only, two on one day, item 9."""
    return course(
        (-1, answers(19, 1)),
        (1, answers(18, 1)),
        (2, answers(19, 2)),
        (3, 17),
        (4, answers(16, 0, (1,))),
        (5, 15),
        (6, 16),
        (6, 17, "only"),
        (11, 12, "only"),
        (12, answers(13, 1)),
        (13, 12),
        (14, 11),
        (16, answers(12, 0, (8,))),
        missed=(7, 8),
        **fields,
    )


def long(count: int = 200) -> Summary:
    """Four years of weekly scores, up and down."""
    return course(*((n * 1.04, 8 + (n * 7) % 12) for n in range(count)), planned_sessions=None)


def sudden(**fields) -> Summary:
    """A course with one possible sudden gain, from 19 in week 3 to 12 in week 4."""
    return course((0, 20), (1, 19), (2, 20), (3, 19), (4, 12), (5, 11), (6, 12), **fields)
