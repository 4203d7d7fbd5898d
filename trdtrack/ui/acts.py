"""What can be written down about the patient shown: each act opens its form with what that form has to know."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QGuiApplication

from trdtrack.domain.doubles import doubles_of
from trdtrack.domain.handover import key_of, read_handed
from trdtrack.domain.records import Assessment, Event, FollowUp, Letter, RiskRecord, RiskReview, Session, Treatment
from trdtrack.domain.risk import risk_state
from trdtrack.paths import DEMO_CODE, is_demo
from trdtrack.ui.entry.course import CourseForm, EndForm
from trdtrack.ui.entry.event import EventForm, FollowUpForm
from trdtrack.ui.entry.letter import LetterForm
from trdtrack.ui.entry.log import LogForm
from trdtrack.ui.entry.logged import Entry
from trdtrack.ui.entry.papers_blank import BlankForm, write_blank
from trdtrack.ui.entry.person import PersonForm
from trdtrack.ui.entry.risk import RiskForm
from trdtrack.ui.entry.treatment import TreatmentForm
from trdtrack.words import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from trdtrack.domain.dossier import Dossier
    from trdtrack.domain.edit import Edit
    from trdtrack.domain.records import Course
    from trdtrack.ui.desk import Desk
    from trdtrack.ui.forms import Forms
    from trdtrack.ui.patient.page import PatientPage


class Acts:
    """Stands between the pages, which ask, and the forms, which never see the caseload."""

    def __init__(self, desk: Desk, forms: Forms, page: Callable[[], PatientPage], show: Callable[[str], None]) -> None:
        """`page` gives the patient page, made when first wanted; `show` turns to a patient by id."""
        self._desk, self._forms, self._page, self._show = desk, forms, page, show
        self._by_name: dict[str, Callable[[], None]] = {
            "patient": self.edit_person,
            "course": self.edit_course,
            "new course": self.new_course,
            "end": self.end_course,
            "event": partial(self.add, "event"),
            "treatment": partial(self.add, "treatment"),
            "risk": self.look_at_risk,
            "letter": self.write_letter,
            "blank": self.print_blank,
            "copy sentence": self.copy_sentence,
            "copy picture": self.copy_picture,
        }

    def ask(self, name: str) -> bool:
        """Do what the head's menus call by this name; False if that is nobody's here."""
        act = self._by_name.get(name)
        if act:
            act()
        return act is not None

    @property
    def _dossier(self) -> Dossier | None:
        return self._page().dossier

    @property
    def _course(self) -> Course | None:
        return self._page().course

    # The patient and the course

    def new_patient(self) -> None:
        """Open the form for a new patient, then show the patient."""
        self._forms.open(self._person(None), saved=lambda edit: self._show(edit.steps[0].record.id))

    def edit_person(self) -> None:
        """Open the form of the patient shown."""
        if self._dossier:
            self._forms.open(self._person(self._dossier.patient))

    def _person(self, patient: Any) -> PersonForm:
        caseload = self._desk.caseload
        return PersonForm(
            patient,
            clinic=caseload.clinic(),
            benchmarks=caseload.benchmarks(),
            at=self._desk.clock(),
            doubles=lambda typed: doubles_of(typed, caseload.patients()),
            code=f"{DEMO_CODE}-" if is_demo(caseload.path) else "",
        )

    def edit_course(self) -> None:
        """Open the form of the course shown."""
        if self._course:
            self._open_course(self._course)
        elif self._dossier:
            self.new_course()

    def new_course(self) -> None:
        """Open the form for the patient's next course."""
        self._open_course(None)

    def _open_course(self, course: Course | None) -> None:
        caseload, d = self._desk.caseload, self._dossier
        if d is None:
            return
        form = CourseForm(
            course,
            patient=d.patient,
            episode=d.episode,
            clinic=caseload.clinic(),
            benchmarks=caseload.benchmarks(),
            at=self._desk.clock(),
            scores=d.assessments if course else (),
        )
        self._forms.open(form)

    def end_course(self) -> None:
        """Open the form that ends the course shown."""
        caseload = self._desk.caseload
        if self._course and self._dossier:
            clinic, rules, at = caseload.clinic(), caseload.rules(), self._desk.clock()
            self._forms.open(EndForm(self._course, dossier=self._dossier, clinic=clinic, rules=rules, at=at))

    # Sessions and scores

    def log_session(self) -> None:
        """Open the log form for the patient shown; answers the patient gave on this screen are filled in."""
        page = self._page()
        if page.summary is None:
            return
        course = page.summary.course
        draft = self._desk.caseload.draft(key_of(course.id))
        handed = read_handed(draft.text) if draft else None

        def confirmed(edit: Edit) -> None:
            if draft and any(isinstance(step.after, Assessment) for step in edit.steps):
                self._desk.drop_draft(draft.form)

        self._log(Entry(page.summary.patient.code, course, page.next_number(), handed=handed), saved=confirmed)

    def _log(self, entry: Entry, *, saved: Callable[[Edit], None] | None = None) -> None:
        caseload, d = self._desk.caseload, self._dossier
        if d is not None:
            rules, clinic = caseload.rules(), caseload.clinic()
            form = LogForm(entry, dossier=d, rules=rules, clinic=clinic, at=self._desk.clock())
            self._forms.open(form, saved=saved)

    def print_blank(self) -> None:
        """Open the form that makes a blank PHQ-9 to print for the patient shown."""
        if self._dossier:
            patient = self._dossier.patient
            form = BlankForm([patient], said=patient.code, at=self._desk.clock())
            self._forms.open(form, act=partial(write_blank, self._desk))

    # What goes by the clipboard

    def copy_sentence(self) -> None:
        """Put the sentence on the clipboard."""
        QGuiApplication.clipboard().setText(self._page().sentence.text())
        self._desk.show(_("The sentence is on the clipboard."))

    def copy_picture(self) -> None:
        """Put a picture of the chart on the clipboard."""
        self._page().picture.copy()
        self._desk.show(_("A picture of the chart is on the clipboard."))

    # What else is written down

    def add(self, kind: str) -> None:
        """Open the form for a new record of a kind."""
        d, at = self._dossier, self._desk.clock()
        if d is None:
            return
        patient = d.patient.id
        if kind == "treatment":
            self._forms.open(TreatmentForm(None, patient_id=patient, at=at))
        elif kind == "event":
            self._forms.open(EventForm(None, patient_id=patient, at=at))
        elif kind == "follow_up" and self._course:
            self._forms.open(FollowUpForm(None, course=self._course, at=at))
        elif kind == "risk":
            self._risk(None, None)
        elif kind == "letter":
            self.write_letter()

    def write_letter(self, letter: Letter | None = None) -> None:
        """Open the form of a letter about the course shown; a new one goes on to be made into a file or printed."""
        page = self._page()
        if page.summary is None:
            return
        form = LetterForm(letter, summary=page.summary, clinic=self._desk.caseload.clinic(), at=self._desk.clock())

        def written(edit: Edit) -> None:
            step = edit.steps[0]
            if step.before is None:
                page.send_letter.emit(step.after)

        self._forms.open(form, saved=written)

    def look_at_risk(self) -> None:
        """Open the form for a look at the patient's risk: in the open record, else in a new one."""
        d = self._dossier
        if d is not None:
            state = risk_state(d, today=self._desk.today)
            self._risk(state.looked_at if state.again_due and not state.due else next(iter(state.open), None), None)

    def _risk(self, record: RiskRecord | None, review: RiskReview | None) -> None:
        d = self._dossier
        if d is None:
            return
        state = risk_state(d, today=self._desk.today)
        form = RiskForm(
            record,
            review,
            patient_id=d.patient.id,
            asking=state.asking if review is None else review.item9,
            why=state.why if review is None else None,
            clinic=self._desk.caseload.clinic(),
            at=self._desk.clock(),
        )
        self._forms.open(form)

    def correct(self, record: Any) -> None:
        """Open the form that corrects a record already written down."""
        d, at = self._dossier, self._desk.clock()
        if d is None:
            return
        page = self._page()
        if isinstance(record, Session | Assessment) and page.summary:
            session, assessment = page.pair_of(record)
            self._log(Entry(page.summary.patient.code, page.summary.course, 0, session, assessment))
        elif isinstance(record, Treatment):
            self._forms.open(TreatmentForm(record, patient_id=record.patient, at=at))
        elif isinstance(record, Event):
            self._forms.open(EventForm(record, patient_id=record.patient, at=at))
        elif isinstance(record, Letter):
            page.choose_course(record.course)
            self.write_letter(record)
        elif isinstance(record, FollowUp) and self._course:
            self._forms.open(FollowUpForm(record, course=self._course, at=at))
        elif isinstance(record, RiskRecord):
            self._risk(record, None)
        elif isinstance(record, RiskReview):
            self._risk(next((r for r in d.risks if r.id == record.risk), None), record)
