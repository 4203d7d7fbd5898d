"""An open caseload's pages: the rail, what each page asks for, and where it is done."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from trdtrack.ui.backing_up import TroubleLine
from trdtrack.ui.caseload.page import CaseloadPage
from trdtrack.ui.caseload.several import PAPERS
from trdtrack.ui.commands import commands
from trdtrack.ui.desk import Desk
from trdtrack.ui.errands import save_chart
from trdtrack.ui.evidence.page import EvidencePage
from trdtrack.ui.find import Find
from trdtrack.ui.forms import Forms
from trdtrack.ui.going import Going
from trdtrack.ui.history.page import HistoryPage
from trdtrack.ui.importing.errand import import_scores
from trdtrack.ui.key_sheet import KeySheet
from trdtrack.ui.of_patient import OfPatient
from trdtrack.ui.outcomes.page import OutcomesPage
from trdtrack.ui.page import Page
from trdtrack.ui.rail import Act, Place, Rail
from trdtrack.ui.restore.asking import ask_restore
from trdtrack.ui.room import Pages, Room
from trdtrack.ui.settings.page import SettingsPage
from trdtrack.ui.shortcuts import bind
from trdtrack.words import _

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from trdtrack.caseload import Caseload
    from trdtrack.domain.drafts import Draft
    from trdtrack.domain.gist import Gist
    from trdtrack.domain.records import Record
    from trdtrack.ui.acts import Acts
    from trdtrack.ui.caseload.several import Action
    from trdtrack.ui.dialogs import Dialogs
    from trdtrack.ui.entry.form import Form
    from trdtrack.ui.mending import Mending
    from trdtrack.ui.patient.page import PatientPage
    from trdtrack.ui.work import Work

PLACES = (
    Place(CaseloadPage, "users-round", "caseload"),
    Place(EvidencePage, "book-open", "evidence"),
    Place(OutcomesPage, "chart-no-axes-combined", "outcomes"),
    Place(SettingsPage, "settings", "settings"),
    Place(HistoryPage, "history", "history", below=True),
)


class Workspace(QWidget):
    """Wires the pages to the desk; draws nothing itself."""

    lock_asked = Signal()
    demo_asked = Signal()
    help_asked = Signal()
    about_asked = Signal()
    tour_asked = Signal()
    steps_asked = Signal()
    handover_asked = Signal(object)
    """A course whose patient is to answer the PHQ-9 on this screen."""
    anew_asked = Signal()
    """The pages are to be built anew: text has another size."""
    restore_asked = Signal(object)
    """A backup that is to take the caseload's place."""
    places = PLACES

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
        self.desk.holding.connect(self._hold)
        self.stack = Pages()
        self.pages: dict[type[Page], Page] = {}
        self.caseload_page: CaseloadPage = self._page(CaseloadPage)  # pyright: ignore[reportAttributeAccessIssue]
        self.forms = Forms(self.desk, self.stack, self.caseload_page)
        self.of_patient = OfPatient(self)
        self.going = Going(self)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        self.rail = Rail(
            PLACES,
            (
                Act(_("Undo"), "undo-2", "undo", self.undo),
                Act(_("Redo"), "redo-2", "redo", self.redo),
                Act(_("Help"), "circle-help", "help", self.help_asked.emit),
                Act(_("Lock"), "lock", "lock", self.lock_asked.emit),
            ),
            search=Act(_("Search"), "search", "find", self.find_anything),
        )
        self.rail.chosen.connect(self.go)
        across.addWidget(self.rail)
        self.room = Room(self.stack)
        across.addWidget(self.room, 1)
        self.finder = Find(self, look=caseload.find, commands=lambda: commands(self), open_found=self.going.to_found)
        self.finder.closed.connect(self.take_focus)
        self.key_sheet = KeySheet(self)
        self.key_sheet.closed.connect(self.take_focus)
        self._wire()

    def _page(self, kind: type[Page]) -> Page:
        """Return a page of the rail, made when first wanted."""
        if kind not in self.pages:
            self.pages[kind] = made = kind(self.desk)
            self.stack.addWidget(made)
            if isinstance(made, HistoryPage):
                made.opened.connect(self.open_patient)
                made.lines.restore.connect(self.restore)
            elif isinstance(made, SettingsPage):
                made.backups.restore_asked.connect(self.restore_backup)
                made.appearance.resized.connect(self.anew_asked.emit)
            elif isinstance(made, OutcomesPage):
                made.opened.connect(self.open_patient)
                made.caseload_asked.connect(lambda: self.go(CaseloadPage))
        return self.pages[kind]

    @property
    def patient_page(self) -> PatientPage:
        """The page of one patient."""
        return self.of_patient.page

    @property
    def acts(self) -> Acts:
        """What is written down about the patient shown."""
        return self.of_patient.acts

    @property
    def mending(self) -> Mending:
        """What puts mistakes right."""
        return self.of_patient.mending

    def _wire(self) -> None:
        listing = self.caseload_page
        listing.opened.connect(self.open_patient)
        listing.new_patient.connect(self.new_patient)
        listing.import_scores.connect(self.import_scores)
        listing.demo_asked.connect(self.demo_asked.emit)
        listing.act_asked.connect(self.act_on_several)
        listing.task_opened.connect(self.going.to_task)
        listing.to_do.discarded.connect(self.going.discard)
        listing.to_do.foot.addWidget(TroubleLine(self.desk.backing))
        for place in PLACES:
            bind(place.key, self, partial(self.go, place.page))
        for name, act in (
            ("new patient", self.new_patient),
            ("papers", self.enter_papers),
            ("search", self.search),
            ("find", self.find_anything),
            ("help", self.help_asked.emit),
            ("keys", self.key_sheet.start),
            ("undo", self.undo),
            ("redo", self.redo),
            ("hand over", self.hand_over),
            ("back", lambda: self.go(CaseloadPage)),
        ):
            bind(name, self, act)

    # Going about

    def go(self, page: type[Page]) -> None:
        """Show a page of the rail."""
        if not self.may_leave():
            self.rail.mark()
            return
        self._show(self._page(page), page)

    def open_patient(self, patient: str, course: str = "") -> None:
        """Show a patient; by the course at hand, or one that is meant."""
        if self.may_leave():
            self.patient_page.choose(patient)
            if course:
                self.patient_page.choose_course(course)
            self._show(self.patient_page, CaseloadPage)

    def _show(self, page: Page, marked: type[Page]) -> None:
        self.close_form()
        self.rail.mark(marked)
        self.stack.setCurrentWidget(page)
        page.take_focus()

    def search(self) -> None:
        """Go to the list with the cursor in its search."""
        self.go(CaseloadPage)
        self.caseload_page.show_list()
        self.caseload_page.search.setFocus()
        self.caseload_page.search.selectAll()

    def find_anything(self) -> None:
        """Open the search over the page, or close it."""
        if self.finder.isVisible():
            self.finder.leave()
        else:
            self.finder.start()

    @property
    def showing_patient(self) -> bool:
        """Whether a patient's page is what one sees."""
        return self.of_patient.shown

    def _hold(self, held: bool) -> None:  # noqa: FBT001 - a signal's argument
        self.setEnabled(not held)
        if not held:
            self.take_focus()

    def take_focus(self) -> None:
        """Put the keyboard's focus where work goes on: in the form, else on the page."""
        page = self.stack.currentWidget()
        if self.form is not None:
            self.form.start()
        elif isinstance(page, Page):
            page.take_focus()

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

    @property
    def form(self) -> Form | None:
        """The form that is open, if any."""
        return self.forms.form

    def may_leave(self) -> bool:
        """Whether nothing typed would be lost, or the person lets it go."""
        return self.forms.may_leave()

    def close_form(self) -> None:
        """Leave the form without asking."""
        self.forms.close()

    def new_patient(self) -> None:
        """Open the form for a new patient."""
        self.acts.new_patient()

    def edit_person(self) -> None:
        """Open the form of the patient shown."""
        self.acts.edit_person()

    def restore(self, record: Record) -> None:
        """Bring a withdrawn record back into force."""
        self.mending.restore(record)

    def log_session(self) -> None:
        """Open the log form for the patient shown."""
        self.acts.log_session()

    def hand_over(self) -> None:
        """Let the patient shown answer on this screen; a form that lies over the page is kept as a draft."""
        page = self.of_patient.page if self.showing_patient or self.of_patient.under_form else None
        if page and page.course:
            self.handover_asked.emit(page.course)
        else:
            self.desk.show(_("Open the patient first: the screen is handed over from the patient's page."))

    def act_on_several(self, action: Action, chosen: list[Gist]) -> None:
        """Open the form of what is to be done with the patients chosen in the list: one edit, one undo."""
        act = partial(action.act, self.desk) if action.act else None
        self.forms.open(action.form(chosen, self.desk.caseload, self.desk.clock()), act=act)

    def enter_papers(self) -> None:
        """Open the form for several papers, with a row for each patient chosen in the list one sees."""
        listing = self.caseload_page
        self.act_on_several(PAPERS, listing.chosen_gists() if listing.isVisible() else [])

    def put_away(self) -> tuple[list[Draft], list[Draft]]:
        """Keep what is typed as drafts, for the caseload is being closed. Returns those kept and those not."""
        settings_page = self.pages.get(SettingsPage)
        typed = [self.forms.typed()]
        if isinstance(settings_page, SettingsPage):
            typed.append(settings_page.clinic.typed())
        kept: list[Draft] = []
        unkept: list[Draft] = []
        for draft in typed:
            if draft:
                done = self.desk.keep_draft(draft.form, patient=draft.patient, text=draft.text)
                (kept if done else unkept).append(draft)
        return kept, unkept

    # Errands

    def restore_backup(self) -> None:
        """Ask which backup is to be brought back."""
        ask_restore(self.desk, self.forms, replace=self.restore_asked.emit)

    def import_scores(self) -> None:
        """Take in a file of scores."""
        import_scores(self.desk, self.forms)

    def save_chart(self, ending: str, make: Callable[[], bytes]) -> None:
        """Write the chart as it is seen to a file."""
        if self.patient_page.summary:
            save_chart(self.desk, self.patient_page.summary, ending, make)

    def export(self, chosen: str) -> None:
        """Open the form for an export of the patient shown."""
        self.of_patient.export(chosen)
