"""The outcomes page: what the therapy here achieves, against the evidence, and what can be learnt from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QHBoxLayout, QLayout, QMenu, QVBoxLayout, QWidget

from trdtrack.domain.edit import Touched
from trdtrack.exports import SERVICE, Wishes
from trdtrack.ui import theme
from trdtrack.ui.outcomes.empty import Nothing
from trdtrack.ui.outcomes.filter_row import FilterRow
from trdtrack.ui.outcomes.numbers import Numbers, counts_words
from trdtrack.ui.page import GROUND, Page, column
from trdtrack.ui.rows import Table
from trdtrack.ui.tabs import Tabs
from trdtrack.words import _, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trdtrack.domain.caseload_outcomes import CaseloadOutcomes, OutcomeCase
    from trdtrack.exports.writing import Wrote
    from trdtrack.ui.desk import Desk
    from trdtrack.ui.outcomes.learnt import Local
    from trdtrack.ui.outcomes.tabs import Overview, Tab
    from trdtrack.ui.work import Tick

AGAIN_MS = 300
"""Until the work under way is asked again whether it is done."""
_QUIET = {"letter", "export", "risk", "risk_review", "event", "clinic", "benchmark"}
"""Kinds of record no outcome rests on."""


class OutcomesPage(Page):
    """Three numbers, then tabs: the scatter, the evidence, results, course, modalities, endings, what is learnt."""

    title = _("Outcomes")
    opened = Signal(str, str)
    """The ids of a patient and of the course that is meant, to be shown."""
    caseload_asked = Signal()
    """The list of patients is wanted."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.found: CaseloadOutcomes | None = None
        self.parts: list[Tab] = []
        self._waiting = False
        page = column(self, spacing=12, ground=GROUND)
        page.addLayout(self._head())
        self.filters = FilterRow()
        self.filters.changed.connect(self._work_out)
        page.addWidget(self.filters)
        self.state = theme.label(strong=True, wrap=True)
        self.again = theme.button(_("Work out the outcomes"))
        self.again.clicked.connect(self._work_out)
        self.again.hide()
        line = QHBoxLayout()
        line.addWidget(self.state, 1)
        line.addWidget(self.again)
        page.addLayout(line)
        self.said = theme.label(px=theme.SMALL_PX, tone="muted", wrap=True)
        self.said.hide()
        page.addWidget(self.said)
        self.numbers = Numbers()
        page.addWidget(self.numbers)
        self.tabs = Tabs()
        page.addWidget(self.tabs, 1)
        self.nothing = Nothing()
        self.nothing.all_asked.connect(self.filters.choose_all)
        self.nothing.caseload_asked.connect(self.caseload_asked.emit)
        page.addWidget(self.nothing, 1)
        self._show_parts(there=False)

    def _head(self) -> QLayout:
        head = theme.row()
        head.setSpacing(theme.GAP)
        head.addWidget(theme.label(self.title, px=theme.TITLE_PX, strong=True), 1)
        self.report = theme.button(_("Service report"), icon_name="file-down")
        self.report.setToolTip(_("For others: about nobody in particular, with definitions; small numbers hidden"))
        menu = QMenu(self.report)
        for key, export in SERVICE.items():
            menu.addAction(f"{say(export.name)}\u2026").triggered.connect(lambda _on=False, key=key: self.write(key))
        self.report.setMenu(menu)
        self.report.setEnabled(False)
        head.addWidget(self.report)
        return head

    def _show_parts(self, *, there: bool) -> None:
        self.numbers.setVisible(there)
        self.tabs.setVisible(there)
        self.nothing.setVisible(not there)

    # Working out

    def concerns(self, touched: Touched) -> bool:
        return touched.everything or bool(set(touched.kinds) - _QUIET)

    def take_focus(self) -> None:
        self.filters.period.setFocus()

    def redraw(self, _touched: Touched | None) -> None:
        self._work_out()

    def _work_out(self) -> None:
        """Work out what is chosen beside the window; once more if another choice comes meanwhile."""
        choice = self.filters.choice()
        if self.desk.work.busy:
            if not self._waiting:
                self._waiting = True
                QTimer.singleShot(AGAIN_MS, self, self._after_waiting)
            return
        caseload, today = self.desk.caseload, self.desk.today
        if self.found is None:
            self.state.setText(_("Working out the outcomes…"))
        self.again.hide()

        def job(tick: Tick) -> CaseloadOutcomes:
            from trdtrack.outcomes import outcomes

            return outcomes(caseload, choice, today=today, tick=tick)

        self.desk.work.run(_("Working out the outcomes…"), job, done=self._show, failed=self._failed)

    def _after_waiting(self) -> None:
        self._waiting = False
        self._work_out()

    def _failed(self, error: BaseException) -> None:
        """Say why there is nothing new; what is shown stays."""
        self.desk.refuse(error)
        if self.found:
            self.state.setText(_("These are the outcomes worked out before: the latest were not finished."))
        else:
            self.state.setText(_("The outcomes were not worked out."))
        self.again.show()

    def _show(self, found: CaseloadOutcomes) -> None:
        self.found = found
        self.filters.offer(found.choices, today=found.today)
        self.state.setText(counts_words(found) if found.all.n else "")
        self.nothing.show_next(found.choice)
        self.said.setText(" ".join(map(say, found.said)))
        self.said.setVisible(bool(found.said))
        self.report.setEnabled(found.all.n > 0)
        self._show_parts(there=found.all.n > 0)
        if found.all.n:
            self._build()
            self.numbers.show_outcomes(found)
            for part in self.parts:
                part.show_outcomes(found)
            self.courses.show_records(found.cases, keep=lambda case: case.course)
        if self.filters.choice() != found.choice:
            # What was chosen occurs no more, or another choice came meanwhile.
            self._work_out()

    def _build(self) -> None:
        """Make the tabs when first wanted: the chart's libraries come with them, and no list is to wait for those."""
        if self.parts:
            return
        from trdtrack.ui.outcomes.learnt import Local, Trust
        from trdtrack.ui.outcomes.tables import case_columns
        from trdtrack.ui.outcomes.tabs import CourseTab, Ends, FallTab, Modalities, Overview, Results

        self.parts = [kind() for kind in (Overview, Results, FallTab, CourseTab, Modalities, Ends, Local, Trust)]
        for part in self.parts:
            self.tabs.addTab(part, part.title)
        self.overview.scatter.opened.connect(self._open)
        self.local.asked.connect(self.keep_local)
        self.courses: Table[OutcomeCase] = Table(case_columns(), name=_("Closed courses"), opened=self._open_case)
        holder = QWidget()
        stack = QVBoxLayout(holder)
        stack.setContentsMargins(0, theme.GAP + 4, 0, 0)
        stack.addWidget(self.courses)
        self.tabs.addTab(holder, _("Courses"))

    @property
    def overview(self) -> Overview:
        """The tab with the scatter, once there are outcomes."""
        return cast("Overview", self.parts[0])

    @property
    def local(self) -> Local:
        """The tab with the local benchmark, once there are outcomes."""
        return cast("Local", self.parts[-2])

    # Asked for

    def _open_case(self, case: OutcomeCase) -> None:
        self.opened.emit(case.patient, case.course)

    def _open(self, cases: Sequence[OutcomeCase]) -> None:
        """Show the patient of a spot; of several, let one be chosen."""
        if len({case.patient for case in cases}) == 1:
            self._open_case(cases[0])
            return
        self.menu = QMenu(self)
        for case in {case.patient: case for case in cases}.values():
            self.menu.addAction(case.code).triggered.connect(lambda _on=False, case=case: self._open_case(case))
        scatter = self.overview.scatter
        spot = scatter.chosen
        self.menu.popup(scatter.mapToGlobal(scatter.place(spot).toPoint()) if spot else QCursor.pos())

    def keep_local(self) -> None:
        """Save the local benchmark beside the published ones, if the person agrees; it is not in force by itself."""
        if self.found is None:
            return
        local, today = self.found.local, self.desk.today
        question = _(
            "Save the fall of your own courses as a benchmark of its own? It stands beside the published ones on the "
            "Evidence page. No course is drawn with it until somebody chooses it there."
        )
        if not self.desk.dialogs.confirm(question, _("Save the benchmark")):
            return
        from trdtrack.outcomes import local_benchmark_edit

        try:
            edit = local_benchmark_edit(self.desk.caseload, local, today=today)
        except Exception as error:  # noqa: BLE001 - said in words, as every refusal
            self.desk.refuse(error)
            return
        said = _("Saved. It is on the Evidence page; a course takes it by Edit on the patient's page.")
        self.desk.edit(edit, done=lambda: self.desk.show(said))

    def write(self, key: str) -> None:
        """Ask where, and write the service report of what is chosen."""
        export, source = SERVICE[key], self.desk.source()
        wishes = Wishes(outcomes=self.filters.choice())
        name = say(export.name)
        suggested = f"service-report-{source.today}{export.suffix}"
        path = self.desk.dialogs.save_file(name, suggested, f"{name} (*{export.suffix})")
        if path is None:
            return
        work = self.desk.work

        def job(tick: Tick) -> Wrote:
            from trdtrack.exports.writing import write_export

            return write_export(export, source, wishes, path, draw=work.here, tick=tick)

        self.desk.write_beside(path, job)
