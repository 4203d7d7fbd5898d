"""An open caseload's pages: the rail, what each page asks for, and the forms over them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from trdtrack.domain.edit import withdrawn
from trdtrack.exports import EXPORTS
from trdtrack.ui.caseload.page import CaseloadPage
from trdtrack.ui.desk import Desk
from trdtrack.ui.entry.log import Entry, LogForm
from trdtrack.ui.entry.person import PersonForm
from trdtrack.ui.errands import export_course, import_scores
from trdtrack.ui.evidence.page import EvidencePage
from trdtrack.ui.page import Page
from trdtrack.ui.rail import Act, Place, Rail
from trdtrack.ui.settings.page import SettingsPage
from trdtrack.words import _, say

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from trdtrack.caseload import Caseload
    from trdtrack.domain.edit import Edit
    from trdtrack.domain.records import Assessment, Session
    from trdtrack.ui.dialogs import Dialogs
    from trdtrack.ui.patient.page import PatientPage
    from trdtrack.ui.work import Work

PLACES = (
    Place(CaseloadPage, "users-round", "Ctrl+1"),
    Place(EvidencePage, "book-open", "Ctrl+2"),
    Place(SettingsPage, "settings", "Ctrl+3"),
)


class Workspace(QWidget):
    """Wires the pages to the desk; draws nothing itself."""

    lock_asked = Signal()

    def __init__(
        self,
        caseload: Caseload,
        *,
        work: Work,
        dialogs: Dialogs,
        say: Callable[[str], None],
        clock: Callable[[], datetime],
    ) -> None:
        super().__init__()
        self.dialogs = dialogs
        self.desk = Desk(caseload, work=work, show=say, dialogs=dialogs, clock=clock)
        self.stack = QStackedWidget()
        self.form: LogForm | PersonForm | None = None
        self._before_form: QWidget | None = None
        self.pages: dict[type[Page], Page] = {}
        self.caseload_page: CaseloadPage = self._page(CaseloadPage)  # pyright: ignore[reportAttributeAccessIssue]
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        self.rail = Rail(
            PLACES,
            (
                Act(_("Undo"), "undo-2", "Ctrl+Z", self.undo),
                Act(_("Redo"), "redo-2", "Ctrl+Shift+Z", self.redo),
                Act(_("Lock"), "lock", "Ctrl+L", self.lock_asked.emit),
            ),
        )
        self.rail.chosen.connect(self.go)
        across.addWidget(self.rail)
        across.addWidget(self.stack, 1)
        self._wire()

    def _page(self, kind: type[Page]) -> Page:
        """Return a page of the rail, made when first wanted."""
        if kind not in self.pages:
            self.pages[kind] = kind(self.desk)
            self.stack.addWidget(self.pages[kind])
        return self.pages[kind]

    @cached_property
    def patient_page(self) -> PatientPage:
        """The page of one patient, made when first wanted: the list is not to wait for the chart's libraries."""
        from trdtrack.ui.patient.page import PatientPage

        patient = PatientPage(self.desk)
        self.stack.addWidget(patient)
        patient.back.connect(lambda: self.go(CaseloadPage))
        patient.log.connect(self.log_session)
        patient.edit_person.connect(self.edit_person)
        patient.correct.connect(self.correct)
        patient.withdraw.connect(self.withdraw)
        patient.export.connect(self.export)
        patient.explain.connect(self.explain)
        return patient

    def _wire(self) -> None:
        listing = self.caseload_page
        listing.opened.connect(self.open_patient)
        listing.new_patient.connect(self.new_patient)
        listing.import_scores.connect(self.import_scores)
        for place in PLACES:
            QShortcut(QKeySequence(place.key), self, lambda page=place.page: self.go(page))
        for keys, act in (
            ("Ctrl+N", self.new_patient),
            ("Ctrl+F", self.search),
            ("Ctrl+Z", self.undo),
            ("Ctrl+Shift+Z", self.redo),
            ("Ctrl+Y", self.redo),
            ("Alt+Left", lambda: self.go(CaseloadPage)),
        ):
            QShortcut(QKeySequence(keys), self, act)

    def begin(self) -> None:
        """Show the first page."""
        self.go(CaseloadPage)

    # Going about

    def go(self, page: type[Page]) -> None:
        """Show a page of the rail."""
        if not self.may_leave():
            self.rail.mark()
            return
        self.close_form()
        self.rail.mark(page)
        self.stack.setCurrentWidget(self._page(page))
        self.pages[page].take_focus()

    def search(self) -> None:
        """Go to the list with the cursor in its search."""
        self.go(CaseloadPage)
        self.caseload_page.search.setFocus()
        self.caseload_page.search.selectAll()

    def open_patient(self, patient: str) -> None:
        """Show a patient."""
        if not self.may_leave():
            return
        self.close_form()
        self.rail.mark(CaseloadPage)
        self.patient_page.choose(patient)
        self.stack.setCurrentWidget(self.patient_page)
        self.patient_page.take_focus()

    def explain(self) -> None:
        """Show where the lines of the patient's chart come from."""
        summary = self.patient_page.summary
        self.go(EvidencePage)
        evidence = self.pages.get(EvidencePage)
        if isinstance(evidence, EvidencePage) and summary and summary.benchmark:
            evidence.show_benchmark(summary.benchmark)

    def may_leave(self) -> bool:
        """Whether nothing typed would be lost, or the person lets it go."""
        if self.form is None or not self.form.changed:
            return True
        return self.dialogs.confirm(_("What was typed has not been saved."), _("Leave without saving"))

    # Undo

    def undo(self) -> None:
        """Take the last edit back."""
        self._reverse(self.desk.undo)

    def redo(self) -> None:
        """Do the last undone edit again."""
        self._reverse(self.desk.redo)

    def _reverse(self, act: Callable[[], None]) -> None:
        # What the form lies over would change unseen, or the very record that is in the form.
        if self.form is not None:
            self.desk.show(_("Save or leave the form first; then what was saved can be undone."))
        else:
            act()

    # Forms

    def _open_form(self, form: LogForm | PersonForm, saved: Callable[[Edit], None]) -> None:
        if not self.may_leave():
            form.deleteLater()
            return
        self.close_form()
        self._before_form = self.stack.currentWidget()
        self.form = form

        def accept(edit: Edit) -> None:
            if self.desk.edit(edit, refused=form.refuse):
                self.close_form()
                saved(edit)
                self.desk.show(_("Saved: {title}. Ctrl+Z takes it back.").format(title=say(edit.title)))

        form.accepted.connect(accept)
        form.left.connect(self._leave_form)
        self.stack.addWidget(form)
        self.stack.setCurrentWidget(form)
        form.start()

    def _leave_form(self) -> None:
        if self.may_leave():
            self.close_form()

    def close_form(self) -> None:
        """Leave the form without asking."""
        if self.form is None:
            return
        form, self.form = self.form, None
        self.stack.setCurrentWidget(self._before_form or self.caseload_page)
        self.stack.removeWidget(form)
        form.deleteLater()
        page = self.stack.currentWidget()
        if isinstance(page, Page):
            page.take_focus()

    def new_patient(self) -> None:
        """Open the form for a new patient, then show the patient."""
        form = PersonForm(None, None, benchmarks=self.desk.caseload.benchmarks(), today=self.desk.today)
        self._open_form(form, lambda edit: self.open_patient(edit.steps[0].record.id))

    def edit_person(self) -> None:
        """Open the form of the patient shown."""
        if self.patient_page.patient_id:
            patient = self.desk.caseload.patient(self.patient_page.patient_id)
            benchmarks = self.desk.caseload.benchmarks()
            form = PersonForm(patient, self.patient_page.course, benchmarks=benchmarks, today=self.desk.today)
            self._open_form(form, lambda _edit: None)

    def log_session(self) -> None:
        """Open the log form for the patient shown."""
        page = self.patient_page
        if page.summary:
            self._log(Entry(page.summary.patient.code, page.summary.course, page.next_number()))

    def correct(self, record: Session | Assessment) -> None:
        """Open the log form on a session and score already written down."""
        page = self.patient_page
        if page.summary:
            session, assessment = page.pair_of(record)
            self._log(Entry(page.summary.patient.code, page.summary.course, 0, session, assessment))

    def _log(self, entry: Entry) -> None:
        form = LogForm(entry, rules=self.desk.caseload.rules(), at=self.desk.clock())
        self._open_form(form, lambda _edit: None)

    def withdraw(self, record: Session | Assessment) -> None:
        """Take a record out of force, with a reason."""
        reason = self.dialogs.ask(_("Why is it withdrawn? It stays in the history."))
        if reason is None:
            return
        if not reason.strip():
            self.desk.show(_("Nothing was withdrawn: it needs a reason."))
        elif self.desk.edit(withdrawn(record, reason)):
            self.desk.show(_("Withdrawn. Ctrl+Z brings it back."))

    # Errands

    def import_scores(self) -> None:
        """Take in a CSV of scores, the whole workspace greyed meanwhile."""

        def over() -> None:
            self.setEnabled(True)
            self.caseload_page.take_focus()

        if import_scores(self.desk, over=over):
            # Pages and keys would wait for the file while the import holds it: better greyed than frozen.
            self.setEnabled(False)

    def export(self, name: str) -> None:
        """Write the course shown as one of the export formats."""
        if self.patient_page.summary:
            export_course(self.desk, self.patient_page.summary, EXPORTS[name])
