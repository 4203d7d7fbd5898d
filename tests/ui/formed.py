"""A patient with a course, and every form about them, ready to be typed into without the window around it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox

from trdtrack.caseload import Caseload
from trdtrack.domain.dossier import Dossier
from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.domain.records import (
    Assessment,
    Clinic,
    Course,
    Episode,
    Event,
    FollowUp,
    Letter,
    Patient,
    RiskRecord,
    RiskReview,
    Rules,
    Session,
    Treatment,
)
from trdtrack.domain.summary import summarise
from trdtrack.evidence import default_benchmark
from trdtrack.ui.entry.course import CourseForm, EndForm
from trdtrack.ui.entry.event import EventForm, FollowUpForm
from trdtrack.ui.entry.letter import LetterForm
from trdtrack.ui.entry.log import Entry, LogForm
from trdtrack.ui.entry.mistakes import EraseForm, MergeForm, MoveForm
from trdtrack.ui.entry.person import PersonForm
from trdtrack.ui.entry.risk import RiskForm
from trdtrack.ui.entry.treatment import TreatmentForm
from ui.hands import AT, TODAY, settle

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from trdtrack.domain.edit import Edit
    from trdtrack.domain.records import Record
    from trdtrack.ui.entry.form import Form

PATIENT = Patient(id="p1", code="A-014", name="Lena Berg", date_of_birth=date(1984, 1, 14), notes="nights")
OTHER = Patient(id="p2", code="B-002", name="Berg, Lena", date_of_birth=date(1984, 1, 14))
COURSE = Course(
    id="c1",
    patient="p1",
    modality="CBT",
    presentation=("chronic",),
    start=date(2026, 9, 1),
    planned_sessions=12,
    extra_sessions=6,
    review_months=(3, 6),
)
ELSEWHERE = Course(id="c2", patient="p2", modality="MBCT")
SESSION = Session(
    id="s1",
    patient="p1",
    course="c1",
    date=date(2026, 11, 13),
    minutes=45,
    phase="Core beliefs",
    next_date=TODAY,
    next_time="14:30",
    entered=AT,
)
SCORE = Assessment(
    id="a1", patient="p1", course="c1", session="s1", date=SESSION.date, answers=(2, 3, 3, 2, 1, 3, 2, 0, 0), entered=AT
)
EPISODE = Episode(id="e1", patient="p1", start=date(2024, 5, 1), severity="moderate", entered=AT)
TREATMENT = Treatment(id="t1", patient="p1", drug="sertraline", dose="150 mg", start=date(2025, 1, 1), weeks=8)
EVENT = Event(id="v1", patient="p1", date=date(2026, 10, 1), text="moved house", entered=AT)
RISK = RiskRecord(id="r1", patient="p1", opened=date(2026, 11, 1), entered=AT)
LOOK = RiskReview(id="w1", patient="p1", risk="r1", date=date(2026, 11, 1), asked="plans", found="none", entered=AT)
FOLLOW_UP = FollowUp(id="f1", patient="p1", course="c1", due=date(2026, 12, 1))
LETTER = Letter(id="l1", patient="p1", course="c1", date=TODAY, address="Dr Green", text="Dear Dr Green,", entered=AT)
ABOUT = (COURSE, SESSION, SCORE, EPISODE, TREATMENT, EVENT, RISK, LOOK)
CLINIC = Clinic(emergency="Crisis line 116 123")
BENCHMARKS = (default_benchmark(), replace(default_benchmark(), version="99"))


def dossier(*records: Record) -> Dossier:
    """The patient with these records, else with all of them."""
    return Dossier.of(PATIENT, records or ABOUT)


def person(patient: Patient | None, doubles: Sequence[Patient] = ()) -> PersonForm:
    return PersonForm(patient, clinic=CLINIC, benchmarks=BENCHMARKS, at=AT, doubles=lambda _typed: list(doubles))


def course(known: Course | None, episode: Episode | None = EPISODE, scores: Sequence[Assessment] = ()) -> CourseForm:
    return CourseForm(
        known, patient=PATIENT, episode=episode, clinic=CLINIC, benchmarks=BENCHMARKS, at=AT, scores=scores
    )


def log(about: Dossier | None = None, clinic: Clinic = CLINIC, **entry: Any) -> LogForm:
    known = entry.pop("course", COURSE)
    return LogForm(Entry("A-014", known, 9, **entry), dossier=about or dossier(), rules=Rules(), clinic=clinic, at=AT)


def risk(record: RiskRecord | None, review: RiskReview | None = None, asking: int | None = None) -> RiskForm:
    why = message("Item 9 answered {answer}: new.", answer=asking) if asking else None
    return RiskForm(record, review, patient_id="p1", asking=asking, why=why, clinic=CLINIC, at=AT)


def letter(known: Letter | None, patient: Patient = PATIENT, clinic: Clinic = CLINIC) -> LetterForm:
    about = Dossier.of(patient, ABOUT)
    summary = summarise(about, COURSE, benchmark=BENCHMARKS[0], rules=Rules(), today=TODAY)
    return LetterForm(known, summary=summary, clinic=clinic, at=AT)


FORMS: dict[str, Callable[[], Form]] = {
    "log": log,
    "correct": lambda: log(session=SESSION, assessment=SCORE),
    "new patient": lambda: person(None),
    "patient": lambda: person(PATIENT),
    "new course": lambda: course(None, None),
    "course": lambda: course(COURSE, scores=[SCORE]),
    "end": lambda: EndForm(COURSE, dossier=dossier(), clinic=CLINIC, at=AT),
    "new treatment": lambda: TreatmentForm(None, patient_id="p1", at=AT),
    "treatment": lambda: TreatmentForm(TREATMENT, patient_id="p1", at=AT),
    "event": lambda: EventForm(EVENT, patient_id="p1", at=AT),
    "new event": lambda: EventForm(None, patient_id="p1", at=AT),
    "follow-up": lambda: FollowUpForm(FOLLOW_UP, course=COURSE, at=AT),
    "new risk": lambda: risk(None, asking=2),
    "risk": lambda: risk(RISK),
    "review": lambda: risk(RISK, LOOK),
    "new letter": lambda: letter(replace(LETTER, to="referrer", sent=AT)),
    "letter": lambda: letter(LETTER),
    "move": lambda: MoveForm(SESSION, dossier=dossier(), choices=[(PATIENT, COURSE), (OTHER, ELSEWHERE)], at=AT),
    "merge": lambda: MergeForm(PATIENT, choices=[PATIENT, OTHER], at=AT),
    "erase": lambda: EraseForm(PATIENT, what=[("sessions", 3)], copies=[Path("old.trdtrack")], at=AT),
}


def shown(form: Form, qtbot: Any, size: tuple[int, int] = (850, 650)) -> Form:
    """Show a form as the window would, in the room the smallest window leaves."""
    qtbot.addWidget(form)
    form.resize(*size)
    form.show()
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)
    form.start()
    settle()
    return form


def put(form: Form, **values: Any) -> None:
    """Put raw values into slots, by key."""
    for key, value in values.items():
        assert key in form.slots, key
        form.slots[key].put(value)
        assert form.slots[key].raw() == value, key


def choose(form: Form, key: str, words: str) -> None:
    """Choose by the words shown."""
    box = form.slots[key].widget
    assert isinstance(box, QComboBox)
    place = box.findText(words)
    assert place >= 0, f"{words} is not offered"
    box.setCurrentIndex(place)


def saved(form: Form) -> Any:
    """Press Save; return what the form yields. A refusal fails."""
    made: list[Any] = []
    form.accepted.connect(made.append)
    QTest.mouseClick(form.save_button, Qt.MouseButton.LeftButton)
    assert made, told(form)
    return made[-1]


def refused(form: Form) -> dict[str, str]:
    """Press Save; return what is told, by slot ("" is the line above the buttons). Being accepted fails."""
    made: list[Any] = []
    form.accepted.connect(made.append)
    QTest.mouseClick(form.save_button, Qt.MouseButton.LeftButton)
    assert not made
    return told(form)


def told(form: Form) -> dict[str, str]:
    notes = {key: slot.part._note for key, slot in form.slots.items()}
    beside = {key: n.text() for key, n in notes.items() if n.isVisibleTo(form) and n._tone == "risk"}
    return beside | ({"": form.problem.text()} if form.problem.text() else {})


def stored(edit: Edit, folder: Path, *before: Record) -> Dossier:
    """Write an edit into a real encrypted file that holds these records; return the patient's dossier, read anew."""
    path = folder / "forms.trdtrack"
    caseload = Caseload.create(path, "seven dry tulips", who="test")
    for record in before:
        caseload.edit(added(message("Add"), record), at=AT)
    caseload.edit(edit, at=AT)
    caseload.close()
    caseload = Caseload.open(path, "seven dry tulips", who="test")
    (patient,) = {s.record.patient for s in edit.steps}
    found = caseload.dossier(patient)
    caseload.close()
    return found
