"""The tabs of what can be learnt from the clinic's own courses: the local benchmark, and how good forecasts were."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal

from trdtrack.chart.outcome_belief import Belief, Bell
from trdtrack.chart.outcome_intervals import Intervals, Share
from trdtrack.ui import theme
from trdtrack.ui.outcomes import meanings, tables
from trdtrack.ui.outcomes.tables import Figures
from trdtrack.ui.outcomes.tabs import Tab
from trdtrack.words import _

if TYPE_CHECKING:
    from trdtrack.domain.caseload_outcomes import CaseloadOutcomes, Rate


class Local(Tab):
    """The local benchmark: prior, own data and posterior, and the way to keep it."""

    title = _("Own benchmark")
    asked = Signal()
    """It is to be saved as a benchmark of the clinic's own."""

    def __init__(self) -> None:
        super().__init__()
        self.picture = Belief()
        theme.figure(self.picture)
        self.table = Figures(_("Local benchmark"), tables.LOCAL_HEADINGS)
        self.save = theme.button(_("Save as a benchmark of our own…"), icon_name="plus")
        self.save.clicked.connect(self.asked.emit)
        self.left.addWidget(self.picture, 1)
        self.left.addWidget(self.table, 1)
        self.left.addWidget(self.save, alignment=Qt.AlignmentFlag.AlignLeft)

    def show_outcomes(self, found: CaseloadOutcomes) -> None:
        local = found.local
        bells = [Bell(_("Published"), local.prior, local.prior_sd, "muted", dashed=True)]
        known = (local.data, local.se, local.posterior, local.posterior_sd)
        data, se, mean, sd = known
        if data is not None and se and mean is not None and sd:
            bells += [Bell(_("Our own courses"), data, se, "ink"), Bell(_("Together"), mean, sd, "accent", filled=True)]
        self.picture.show_bells(bells)
        self.table.show_rows(tables.local_rows(local))
        self.save.setEnabled(mean is not None)
        self.mean(meanings.local_words(local))


class Trust(Tab):
    """Whether the program's own forecast deserves trust here."""

    title = _("Forecast")

    def __init__(self) -> None:
        super().__init__()
        self.picture = Intervals(name=_("How often the forecast's bands held"))
        theme.figure(self.picture)
        self.table = Figures(_("How the forecast did"), tables.REPLAY_HEADINGS, wide=150)
        self.table.setMinimumHeight(theme.px(3 * theme.ROW_PX))
        self.left.addWidget(self.picture)
        self.left.addWidget(self.table, 1)

    def show_outcomes(self, found: CaseloadOutcomes) -> None:
        shares: list[Share] = []
        for replay in found.calibration.replays:
            since = _("week {week}").format(week=replay.week) if replay.week else _("baseline")
            shares += _held(_("50% band, {since}").format(since=since), replay.held50, 0.5)
            shares += _held(_("80% band, {since}").format(since=since), replay.held80, 0.8)
        self.picture.show_shares(shares)
        self.table.show_rows(tables.replay_rows(found))
        self.mean(meanings.calibration_words(found))


def _held(name: str, rate: Rate, target: float) -> list[Share]:
    if rate.share is None or rate.low is None or rate.high is None:
        return []
    return [Share(name, rate.share, rate.low, rate.high, target)]
