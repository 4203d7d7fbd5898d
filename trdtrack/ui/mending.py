"""Putting right what went wrong: move, merge, withdraw, restore, and erasing a patient on a lawful request."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from trdtrack.domain.backups import Kind
from trdtrack.domain.edit import altered
from trdtrack.domain.merging import merged
from trdtrack.domain.message import message
from trdtrack.domain.mistakes import moved, restored, withdrawn
from trdtrack.domain.records import Course
from trdtrack.domain.refusals import Refusal
from trdtrack.ui.entry.fields import parse_date
from trdtrack.ui.entry.mistakes import EraseForm, MergeForm, MoveForm
from trdtrack.words import _, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from trdtrack.domain.edit import Edit
    from trdtrack.domain.records import Assessment, Patient, Session
    from trdtrack.ui.desk import Desk
    from trdtrack.ui.entry.mistakes import EraseAsked, MergeAsked, MoveAsked
    from trdtrack.ui.forms import Forms
    from trdtrack.ui.patient.page import PatientPage
    from trdtrack.ui.work import Tick


class Mending:
    """Each is one edit and one undo, but the erasure: that cannot be taken back."""

    def __init__(self, desk: Desk, forms: Forms, page: Callable[[], PatientPage], show: Callable[[str], None]) -> None:
        self._desk, self._forms, self._page, self._show = desk, forms, page, show

    def ask(self, name: str) -> bool:
        """Do what the head's menus call by this name; False if that is nobody's here."""
        page = self._page()
        if page.dossier is None:
            return False
        if name == "withdraw":
            self.withdraw(page.dossier.patient)
        elif name == "withdraw course" and page.course:
            self.withdraw(page.course)
        elif name == "merge":
            self.merge(page.dossier.patient)
        elif name == "erase":
            self.erase(page.dossier.patient)
        else:
            return False
        return True

    def withdraw(self, record: Any) -> None:
        """Take a record out of force, with a reason."""
        reason = self._desk.dialogs.ask(_("Why is it withdrawn? It stays in the history."))
        if reason is None:
            return
        if not reason.strip():
            self._desk.show(_("Nothing was withdrawn: it needs a reason."))
        else:
            said = _("Withdrawn. Ctrl+Z brings it back.")
            self._desk.edit(withdrawn(record, reason), done=lambda: self._desk.show(said))

    def redate(self, record: Assessment) -> None:
        """Ask on which day a score was answered, and put it there."""
        question = _("On which day was it answered? Now: {day}").format(day=record.date.isoformat())
        typed = self._desk.dialogs.ask(question)
        if typed:
            title = message("Re-date PHQ-9")

            def make() -> Edit:
                when = parse_date(typed, "date")
                return altered(title, record, replace(record, date=when) if when else record)

            self._do(make, self._desk.refuse, _("Re-dated. Ctrl+Z takes it back."))

    def as_baseline(self, record: Assessment) -> None:
        """Measure the course shown from a score of the therapist's choice, with a reason."""
        course = self._page().course
        if course is None:
            return
        reason = self._desk.dialogs.ask(_("Why is this course measured from this score? It is printed with it."))
        if reason is None:
            return

        def make() -> Edit:
            return altered(
                message("Choose the baseline"), course, replace(course, baseline=record.id, baseline_reason=reason)
            )

        self._do(make, self._desk.refuse, _("The course is measured from this score now. Ctrl+Z takes it back."))

    def restore(self, record: Any) -> None:
        """Bring a withdrawn record back into force."""
        stored: list[Any] = list(self._desk.caseload.records(record.kind))
        current = next((r for r in stored if r.id == record.id), None)
        self._do(lambda: restored(current or record), self._desk.refuse, _("Restored. Ctrl+Z takes it back."))

    def move(self, record: Session | Assessment) -> None:
        """Ask to which course a session or a score belongs, and put it there."""
        page, caseload = self._page(), self._desk.caseload
        dossier = page.dossier
        if dossier is None:
            return
        patients = {p.id: p for p in caseload.patients()}
        # The patient's own courses first: a wrong course is likelier than a wrong patient.
        own = [(dossier.patient, course) for course in reversed(dossier.courses)]
        others = sorted(
            (
                (patients[r.patient], r)
                for r in caseload.records("course")
                if isinstance(r, Course) and not r.withdrawn and r.patient in patients and r not in dossier.courses
            ),
            key=lambda pair: pair[0].code,
        )
        form = MoveForm(record, dossier=dossier, choices=[*own, *others], at=self._desk.clock())

        def act(asked: MoveAsked, over: Callable[[], None]) -> None:
            self._do(
                lambda: moved(record, to=asked.course, dossier=dossier, with_scores=asked.with_scores, why=asked.why),
                form.refuse,
                _("Moved. Ctrl+Z takes it back."),
                over,
            )

        self._forms.open(form, act=act)

    def merge(self, patient: Patient) -> None:
        """Ask which record of the same person stays, and give it all of this one's."""
        caseload = self._desk.caseload
        form = MergeForm(patient, choices=caseload.patients(), at=self._desk.clock())

        def act(asked: MergeAsked, over: Callable[[], None]) -> None:
            def make() -> Edit:
                return merged(caseload.dossier(patient.id), caseload.dossier(asked.patient.id), why=asked.why)

            self._do(make, form.refuse, _("Merged. Ctrl+Z takes it back."), over)

        self._forms.open(form, act=act, saved=lambda asked: self._show(asked.patient.id))

    def erase(self, patient: Patient) -> None:
        """Show what would go, and once confirmed erase it for good."""
        caseload = self._desk.caseload
        what = [(say(words), n) for words, n in caseload.shows(patient.id)]
        copies = caseload.copies_with(patient.id)
        form = EraseForm(patient, what=what, copies=copies, at=self._desk.clock())

        def act(asked: EraseAsked, over: Callable[[], None]) -> None:
            at = self._desk.clock()

            def job(_tick: Tick) -> None:
                before = caseload.backups.make_before(Kind.BEFORE_ERASE, at=at)
                caseload.erase(patient.id, at=at)
                # The backup made a moment ago was for the case that erasing fails; kept, it would undo it.
                made = [before.path] if before else []
                caseload.backups.renew(caseload.copies_with(patient.id) if asked.replace_copies else made, at=at)

            # Every page of the file is written anew: that takes its time in a large caseload.
            said = _("Erased. A line stays in the history that it was done.")
            over()
            self._desk.beside(_("Erasing…"), job, done=lambda _none: self._desk.show(said), failed=self._desk.refuse)

        self._forms.open(form, act=act)

    def _do(
        self,
        make: Callable[[], Edit],
        refused: Callable[[Any], None],
        said: str,
        over: Callable[[], None] | None = None,
    ) -> None:
        """Make an edit, write it and say so; a refusal in making it is shown like one in writing it."""

        def done() -> None:
            if over:
                over()
            self._desk.show(said)

        try:
            edit = make()
        except Refusal as refusal:
            refused(refusal)
            return
        self._desk.edit(edit, done=done, refused=refused)
