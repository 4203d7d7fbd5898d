"""People for the tests of exports: the demo's and synthetic ones, and one with everything that is awkward."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from trdtrack.domain.dossier import Dossier
from trdtrack.domain.records import (
    KINDS,
    Assessment,
    Attendance,
    Course,
    DrugClass,
    EndReason,
    Episode,
    Event,
    FollowUp,
    Known,
    Letter,
    Outcome,
    Patient,
    Record,
    RiskRecord,
    RiskReview,
    Role,
    Rules,
    Session,
    Treatment,
    TrialOutcome,
)
from trdtrack.domain.summary import Held, summarise
from trdtrack.evidence import default_benchmark

AT = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
TODAY = AT.date()
ZERO = date(2024, 3, 4)
OF_PATIENT = [kind for kind in KINDS.values() if not hasattr(kind, "patient") or kind is Patient]


def held(patient: Patient, records: list[Record], *, rules: Rules | None = None) -> Held:
    dossier = Dossier.of(patient, records)
    return Held(
        dossier,
        tuple(
            summarise(dossier, course, benchmark=default_benchmark(), rules=rules or Rules(), today=TODAY)
            for course in dossier.courses
        ),
    )


def empty(code: str = "EMPTY-1") -> Held:
    return held(Patient(code=code), [])


def cancelled(people: Iterable[Held], *, after: int = 2) -> Iterator[Held]:
    """People read one at a time, until somebody thinks better of it."""
    for number, person in enumerate(people):
        if number == after:
            raise KeyboardInterrupt
        yield person


def awkward(code: str = "=1+1") -> Held:
    """Two courses, the second's baseline written in the first; every kind of record; one of several withdrawn."""
    patient = Patient(code=code, name="Zoë O'Quill 山田", date_of_birth=date(1931, 2, 3), notes="@notes of hers")
    mine = {"patient": patient.id}
    end = ZERO + timedelta(days=70)
    first = Course(
        **mine,
        start=ZERO,
        therapist="Dr Wren",
        goals='-walk, "dance"\nand sing',
        end=end,
        end_reason=EndReason.COMPLETED,
    )
    second = Course(**mine, start=end + timedelta(days=10), therapist="Dr Wren")
    gone = Course(**mine, start=ZERO - timedelta(days=900), withdrawn="typed twice")
    sessions = [
        Session(**mine, course=first.id, date=ZERO + timedelta(days=7 * n), note=f"+note {n}", entered=AT, minutes=50)
        for n in range(4)
    ]
    missed = Session(
        **mine, course=first.id, date=ZERO + timedelta(days=28), attendance=Attendance.DID_NOT_ATTEND, entered=AT
    )
    lost = Session(**mine, course=first.id, date=ZERO + timedelta(days=35), entered=AT, withdrawn="=other patient")

    def score(days: int, *answers: int | None, course: Course = first, **more) -> Assessment:
        given = {"answers": answers} if answers else {}
        fields = {**mine, "course": course.id, "date": ZERO + timedelta(days=days), "entered": AT, **given, **more}
        return Assessment(**fields)

    scores = [
        score(-3, 3, 3, 3, 2, 2, 2, 2, 2, 1, difficulty=3),
        score(0, 3, 2, 1, 0, 3, 2, 1, 0, 1, session=sessions[0].id, difficulty=2),
        score(7, 1, 1, 1, None, 2, 2, 2, 1, None, session=sessions[1].id),
        score(14, 1, 1, None, None, 2, 2, 2, 1, None, session=sessions[2].id, difficulty=0),
        score(21, total=12),
        score(65, 1, 1, 1, 1, 1, 1, 1, 0, 0, difficulty=1),
        score(120, 0, 0, 0, 0, 0, 0, 0, 0, 0, course=second),
        score(127, 2, 2, 2, 2, 2, 2, 2, 2, 2, course=second, withdrawn="wrong person"),
    ]
    risk = RiskRecord(**mine, opened=ZERO, assessment=scores[1].id, entered=AT)
    closed = RiskRecord(**mine, opened=ZERO - timedelta(days=3), closed=ZERO, closing_note="=quiet since", entered=AT)
    more: list[Record] = [
        Outcome(**mine, course=first.id, baseline=13, baseline_date=ZERO, total=7, total_date=scores[5].date),
        FollowUp(**mine, course=first.id, due=end + timedelta(days=30), note="rang her sister"),
        Episode(**mine, start=ZERO - timedelta(days=400), psychotic=Known.NO, entered=AT),
        Treatment(
            **mine,
            drug="sertraline",
            drug_class=DrugClass.SSRI,
            dose="150 mg",
            start=ZERO - timedelta(days=300),
            end=ZERO - timedelta(days=200),
            adequate=Known.YES,
            adherence=Known.YES,
            weeks=12,
            outcome=TrialOutcome.NO_RESPONSE,
            note="bought at the corner chemist",
        ),
        Treatment(**mine, drug="lithium", role=Role.AUGMENTATION, still_taken=True),
        Treatment(**mine, drug="mirtazapine"),
        Treatment(**mine, role=Role.ECT, end=ZERO),
        Event(**mine, date=ZERO, text="Moved to Snowdrop Lane", entered=AT),
        Letter(**mine, course=first.id, date=end, address="1 Rook Lane", text="=Dear Dr Robin", entered=AT, sent=AT),
        RiskReview(
            **mine, risk=risk.id, date=ZERO, item9=1, asked="-asked", found="=found", told="Mr Finch", entered=AT
        ),
    ]
    return held(patient, [first, second, gone, *sessions, missed, lost, *scores, risk, closed, *more])
