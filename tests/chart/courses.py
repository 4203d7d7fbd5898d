"""Courses for charts and reports: weeks count from Tuesday 6 January 2026."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from trdtrack.domain.dossier import Dossier
from trdtrack.domain.records import (
    Assessment,
    Course,
    EndReason,
    Event,
    EventKind,
    FollowUp,
    Laterality,
    Modality,
    Patient,
    RiskRecord,
    Role,
    Rules,
    Session,
    Treatment,
)
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


def beside(summary: Summary, *records, today: date | None = None) -> Summary:
    """The same course with more in the record: each takes the course's patient, and the place of one with its id."""
    known = summary.dossier
    kept = {r.id: r for r in (summary.course, *known.sessions, *known.assessments, *known.treatments, *known.events)}
    for record in records:
        own = {"patient": summary.patient.id}
        if isinstance(record, Session | Assessment | FollowUp):
            own["course"] = summary.course.id
        kept[record.id] = replace(record, **own)
    return summarise(
        Dossier.of(summary.patient, kept.values()),
        summary.course,
        benchmark=default_benchmark(),
        rules=summary.rules,
        today=today or summary.today,
    )


def treatment(drug: str, dose: str = "", *, since: float | None = None, until: float | None = None, **fields):
    days = {"start": since if since is None else week(since), "end": until if until is None else week(until)}
    return Treatment(patient="-", drug=drug, dose=dose, **days, **fields)


def event(when: float, text: str, what: EventKind = EventKind.LIFE) -> Event:
    return Event(patient="-", date=week(when), text=text, what=what, entered=AT)


def phased(summary: Summary, *phases: str) -> list[Session]:
    """The course's sessions, each in a phase, the last phase for the rest."""
    names = [*phases, *[phases[-1]] * len(summary.sessions)]
    return [replace(s, phase=name) for s, name in zip(summary.sessions, names, strict=False)]


def withdrawn(when: float, total: int, why: str) -> Assessment:
    return Assessment(patient="-", course="-", date=week(when), answers=answers(total), entered=AT, withdrawn=why)


MEDICINES = (
    treatment("venlafaxine", "225 mg", since=-40, until=3),
    treatment("sertraline", "150 mg", since=3, still_taken=True),
    treatment("lithium", "600 mg", since=8, still_taken=True, role=Role.AUGMENTATION),
    treatment("", since=5, until=8, role=Role.ECT, laterality=Laterality.BILATERAL),
    treatment("zopiclone", "7.5 mg", until=1, role=Role.OTHER),
)
HAPPENED = (
    event(2, "Lost her job at the bakery"),
    event(9, "Mother moved in"),
    event(9.3, "Lithium begun", EventKind.MEDICATION),
    event(15, "New flat"),
)


def full(**fields) -> Summary:
    """A course with something in every lane."""
    summary = usual(**fields)
    phases = ["activation"] * 4 + ["Activation "] * 2 + ["cognitive work"] * 5 + ["relapse prevention"]
    return beside(
        summary,
        *phased(summary, *phases),
        *MEDICINES,
        *HAPPENED,
        RiskRecord(patient="-", opened=week(-1), closed=week(4), closing_note="settled", entered=AT),
        RiskRecord(patient="-", opened=week(12), entered=AT),
        withdrawn(5, 24, "typed for another patient"),
        withdrawn(13, 22, "asked twice"),
    )


def ended(**fields) -> Summary:
    """A course that ended in week 16, with follow-ups done and planned, and a rise after the end."""
    scores = [(n, 20 - n * 3 // 4) for n in range(0, 17, 2)]
    summary = course(*scores, end=week(16), end_reason=EndReason.COMPLETED, today=week(31), **fields)
    after = [
        Assessment(patient="-", course="-", date=week(when), answers=answers(total), entered=AT)
        for when, total in ((20, 9), (29, 15))
    ]
    due = [(20, 20.5), (29, 29), (42, None), (68, None)]
    follow_ups = [
        FollowUp(patient="-", course="-", due=week(when), done=None if done is None else week(done))
        for when, done in due
    ]
    return beside(summary, *after, *follow_ups, *MEDICINES, event(18, "Back at work, half days"))


def crowded(**fields) -> Summary:
    """Two years with more in every lane than it can show."""
    chance = [7, 3, 9, 1, 5, 8, 2]
    summary = course(*((n * 2, answers(21 - n // 5 + chance[n % 7] % 4, n % 4)) for n in range(52)), **fields)
    drugs = ["citalopram", "mirtazapine", "venlafaxine", "bupropion", "quetiapine", "agomelatine", "lithium"]
    given = [
        treatment(drug, f"{n * 25 + 50} mg", since=n * 7, until=n * 7 + 40, role=list(Role)[n % 2])
        for n, drug in enumerate(drugs)
    ]
    always = [treatment(f"vitamin D, drops, number {n}", "1000 IU", since=10 + n, still_taken=True) for n in range(4)]
    events = [event(n * 5 + n % 3, f"Something of note, number {n}, told at some length") for n in range(20)]
    phases = [f"phase {n // 6}: work on what matters" for n in range(52)]
    return beside(
        summary,
        *phased(summary, *phases),
        *given,
        *always,
        *events,
        event(30, "😀 مرحبا بالعالم \u202e שלום"),
        treatment("דולוקסטין 💊", "60 mg", since=80, still_taken=True),
        RiskRecord(patient="-", opened=week(90), entered=AT),
    )
