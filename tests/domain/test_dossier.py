"""Everything about a patient, sorted into its kinds: in order of its day, what is withdrawn apart."""

from datetime import UTC, date, datetime

from trdtrack.domain.dossier import Dossier
from trdtrack.domain.records import (
    Assessment,
    Course,
    EndReason,
    Episode,
    Event,
    FollowUp,
    Outcome,
    Patient,
    RiskRecord,
    RiskReview,
    Session,
    Treatment,
)

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
PATIENT = Patient(id="p", code="TRD-1")


def test_every_kind_has_its_place_and_its_order():
    late, early = date(2026, 3, 2), date(2026, 2, 2)
    course = Course(id="c", patient="p", start=early)
    two = {
        "sessions": [Session(patient="p", course="c", date=day, entered=AT) for day in (late, early)],
        "assessments": [Assessment(patient="p", course="c", date=day, total=9, entered=AT) for day in (late, early)],
        "events": [Event(patient="p", date=day, text="moved", entered=AT) for day in (late, early)],
        "follow_ups": [FollowUp(patient="p", course="c", due=day) for day in (late, early)],
        "episodes": [Episode(patient="p", start=day, entered=AT) for day in (late, early)],
        "treatments": [Treatment(patient="p", drug="sertraline", start=day) for day in (late, early)],
        "risks": [RiskRecord(patient="p", opened=day, entered=AT) for day in (late, early)],
        "reviews": [
            RiskReview(patient="p", risk="r", date=day, asked="plan", found="none", entered=AT) for day in (late, early)
        ],
    }
    outcome = Outcome(patient="p", course="c", total=8)
    dossier = Dossier.of(PATIENT, [course, outcome, *(record for records in two.values() for record in records)])
    for name, (second, first) in two.items():
        assert getattr(dossier, name) == (first, second), name
    assert (dossier.courses, dossier.outcomes, dossier.outcome_of(course)) == ((course,), (outcome,), outcome)
    assert dossier.episode == two["episodes"][0]
    assert dossier.withdrawn == ()


def test_what_is_withdrawn_stands_apart():
    gone = Session(patient="p", course="c", date=date(2026, 2, 2), entered=AT, withdrawn="entered twice")
    dossier = Dossier.of(PATIENT, [Course(id="c", patient="p", withdrawn="never began"), gone])
    assert (dossier.courses, dossier.sessions, dossier.current_course) == ((), (), None)
    assert gone in dossier.withdrawn


def test_courses_stand_by_week_0_be_it_set_or_the_first_attended_session():
    set_by_hand = Course(id="a", patient="p", start=date(2026, 3, 1), end=date(2026, 9, 1))
    by_session = Course(id="b", patient="p", end=date(2026, 2, 20))
    waiting = Course(id="c", patient="p")
    first = Session(patient="p", course="b", date=date(2026, 1, 5), entered=AT)
    missed = Session(patient="p", course="b", date=date(2026, 1, 1), attendance="late cancel", entered=AT)
    dossier = Dossier.of(PATIENT, [waiting, set_by_hand, by_session, first, missed])
    assert [c.id for c in dossier.courses] == ["b", "a", "c"]
    assert dossier.week_zero(by_session) == date(2026, 1, 5)
    assert dossier.current_course == waiting
    assert Dossier.of(PATIENT, [set_by_hand, by_session, first]).current_course == set_by_hand


def test_a_treatment_or_episode_without_a_start_is_the_oldest():
    known, unknown = Treatment(patient="p", drug="b", start=date(2020, 1, 1)), Treatment(patient="p", drug="a")
    assert Dossier.of(PATIENT, [known, unknown]).treatments == (unknown, known)


def test_whoever_died_is_known_from_any_course():
    course = Course(patient="p", start=date(2026, 1, 1), end=date(2026, 2, 1), end_reason=EndReason.DIED)
    assert Dossier.of(PATIENT, [course]).died
    assert not Dossier.of(PATIENT, [Course(patient="p")]).died
