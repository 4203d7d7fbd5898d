"""The tabs of the outcomes page: a picture, its table, and what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trdtrack.chart.outcome_course import MeanCourse
from trdtrack.chart.outcome_intervals import Against, Intervals, Share
from trdtrack.chart.outcome_scatter import OutcomeScatter
from trdtrack.ui import theme
from trdtrack.ui.entry.layout import scrolled
from trdtrack.ui.help.link import more_about
from trdtrack.ui.outcomes import meanings, tables
from trdtrack.ui.outcomes.tables import Figures
from trdtrack.ui.reading import Passage, Reading
from trdtrack.words import _

if TYPE_CHECKING:
    from trdtrack.domain.caseload_outcomes import CaseloadOutcomes, Fall

BESIDE_PX = 264
"""The words beside a picture: a comfortable line for reading."""
UNDER_PX = 92
"""The words under a table that needs the whole width; they scroll."""


class Tab(QWidget):
    """What fills a tab at the left, and beside it what it means. Subclasses put widgets into `left`."""

    title = ""

    def __init__(self, *, wide: bool = False) -> None:
        """`wide`: what it means stands under it."""
        super().__init__()
        across = QVBoxLayout(self) if wide else theme.columns(self)
        across.setContentsMargins(0, theme.GAP + 4, 0, 0)
        across.setSpacing(theme.PAD)
        self._holder = QWidget()
        self.left = QVBoxLayout(self._holder)
        self.left.setContentsMargins(0, 0, 0, 0)
        self.left.setSpacing(theme.GAP)
        self.words = Reading(name=_("What this means"))
        self.words.setFixedHeight(theme.px(theme.roomy(UNDER_PX))) if wide else theme.aside(self.words, BESIDE_PX)
        area = scrolled(self._holder)
        area.setAccessibleName(self.title)
        across.addWidget(area, 1)
        beside = QVBoxLayout()
        beside.setSpacing(0)
        beside.addWidget(self.words, 1)
        more = more_about("outcomes", name=_("What this means"))
        beside.addWidget(more, alignment=Qt.AlignmentFlag.AlignLeft)
        across.addLayout(beside)

    def mean(self, *texts: str) -> None:
        """Say what it means."""
        first, *rest = texts
        self.words.show_passages([Passage(_("What this means"), first), *(Passage("", text) for text in rest)])

    def show_outcomes(self, found: CaseloadOutcomes) -> None:
        """Show these."""
        raise NotImplementedError


class Overview(Tab):
    """The scatter of the courses, and how to read it."""

    title = _("Overview")

    def __init__(self) -> None:
        super().__init__()
        self.scatter = OutcomeScatter()
        theme.figure(self.scatter)
        self.left.addWidget(self.scatter, 1)

    def show_outcomes(self, found: CaseloadOutcomes) -> None:
        self.scatter.show_cases(found.cases)
        self.mean(meanings.OVERVIEW, *self.scatter.scatter.notes)


class FallTab(Tab):
    """The observed fall beside the expected ones."""

    title = _("Fall")

    def __init__(self) -> None:
        super().__init__()
        self.picture = Intervals(name=_("Observed fall beside the expected ones"))
        theme.figure(self.picture)
        self.table = Figures(_("Observed and expected fall"), tables.FALL_HEADINGS)
        self.left.addWidget(self.picture)
        self.left.addWidget(self.table, 1)

    def show_outcomes(self, found: CaseloadOutcomes) -> None:
        fall = found.fall
        self.picture.show_shares(_observed(fall), _expected(fall))
        self.table.show_rows(tables.fall_rows(found))
        left_out = _("{n} left out here: no expected course is drawn for them.").format(n=fall.no_benchmark)
        self.mean(meanings.fall_words(fall), *([left_out] if fall.no_benchmark else []))


def _observed(fall: Fall) -> list[Share]:
    if fall.observed is None:
        return []
    low = fall.observed if fall.low is None else fall.low
    high = fall.observed if fall.high is None else fall.high
    return [Share(_("Observed"), fall.observed, low, high)]


def _expected(fall: Fall) -> list[Against]:
    if fall.usual_care is None or fall.psychotherapy is None:
        return []
    return [Against(fall.usual_care, _("usual care")), Against(fall.psychotherapy, _("with psychotherapy"))]


class Results(Tab):
    """What was reached, over all and over the paired, with and without the TRD criterion."""

    title = _("Results")

    def __init__(self) -> None:
        super().__init__(wide=True)
        self.table = Figures(_("What was reached by the end"), tables.RESULT_HEADINGS, wide=196)
        self.table.setFont(theme.font(theme.SMALL_PX))
        self.left.addWidget(self.table, 1)

    def show_outcomes(self, found: CaseloadOutcomes) -> None:
        self.table.show_rows(tables.result_rows(found))
        self.mean(meanings.RESULTS)


class CourseTab(Tab):
    """The mean course by week or by session, and its table."""

    title = _("Course")

    def __init__(self) -> None:
        super().__init__()
        self._found: CaseloadOutcomes | None = None
        self.by_session = theme.Check(_("By session"))
        self.by_session.toggled.connect(self._draw)
        self.picture = MeanCourse()
        theme.figure(self.picture)
        self.table = Figures(_("Mean course"), tables.COURSE_HEADINGS)
        self.table.setMinimumHeight(theme.px(3 * theme.ROW_PX))
        self.left.addWidget(self.by_session)
        self.left.addWidget(self.picture, 3)
        self.left.addWidget(self.table, 2)

    def show_outcomes(self, found: CaseloadOutcomes) -> None:
        self._found = found
        self._draw()
        self.mean(meanings.COURSE)

    def _draw(self) -> None:
        if self._found:
            on = self.by_session.isChecked()
            course = self._found.over_sessions if on else self._found.over_weeks
            self.picture.show_course(course, by_session=on)
            self.table.name_first(_("Session") if on else _("Week"))
            self.table.show_rows(tables.course_rows(course))


class Modalities(Tab):
    """Each modality with its n and interval, in alphabetical order."""

    title = _("Modality")

    def __init__(self) -> None:
        super().__init__(wide=True)
        self.table = Figures(_("By modality"), tables.MODALITY_HEADINGS)
        self.left.addWidget(self.table, 1)

    def show_outcomes(self, found: CaseloadOutcomes) -> None:
        self.table.show_rows(tables.modality_rows(found))
        self.mean(meanings.MODALITY)


class Ends(Tab):
    """Why courses ended, and what came after."""

    title = _("Endings")

    def __init__(self) -> None:
        super().__init__()
        self.reasons = Figures(_("Reasons for ending"), (_("Reason for ending"), _("Courses (95%)")))
        self.after = Figures(_("After the end"), (_("After the end"), _("Courses (95%)")))
        self.left.addWidget(self.reasons, 1)
        self.left.addWidget(self.after, 1)

    def show_outcomes(self, found: CaseloadOutcomes) -> None:
        self.reasons.show_rows(tables.ending_rows(found))
        self.after.show_rows(tables.follow_up_rows(found))
        self.mean(meanings.AFTER)
