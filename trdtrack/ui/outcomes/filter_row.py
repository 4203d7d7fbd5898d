"""The row of controls over the outcomes: which closed courses they are about."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from trdtrack.domain.caseload_outcomes import Choice, Choices
from trdtrack.domain.months import months_later
from trdtrack.domain.resistance import Met
from trdtrack.domain.service_report import CRITERION_WORDS
from trdtrack.ui import theme
from trdtrack.ui.entry.choices import MODALITIES, PRESENTATIONS
from trdtrack.ui.page import capital
from trdtrack.words import _, manner, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

RECENT_MONTHS = (12, 24)
Period = tuple[date | None, date | None]


class FilterRow(QWidget):
    """Holds the choice; `changed` whenever it is another."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.period = Pick(_("Period: courses that ended"))
        self.modality = Pick(_("Modality"))
        self.therapist = Pick(_("Therapist"))
        self.presentation = Pick(_("Presentation"))
        self.criterion = Pick(_("TRD criterion"))
        across = theme.row(self)
        for box in (self.period, self.modality, self.therapist, self.presentation, self.criterion):
            across.addWidget(box, 1)
            box.activated.connect(lambda _index: self.changed.emit())
        self.offer(Choices(), today=date.min)

    def choice(self) -> Choice:
        """Return what is asked for."""
        since, until = self.period.value() or (None, None)
        return Choice(
            since=since,
            until=until,
            modality=self.modality.value(),
            therapist=self.therapist.value(),
            presentation=self.presentation.value(),
            criterion=self.criterion.value(),
        )

    def choose_all(self) -> None:
        """Ask for every closed course."""
        for box in (self.period, self.modality, self.therapist, self.presentation, self.criterion):
            box.setCurrentIndex(0)
        self.changed.emit()

    def offer(self, choices: Choices, *, today: date) -> None:
        """Offer what occurs among the closed courses; what is chosen stays chosen as long as it does."""
        self.period.offer(_("Any time"), _periods(choices, today))
        therapies = [(say(MODALITIES[m]) if m else _("Not recorded"), m) for m in choices.modalities]
        self.modality.offer(_("Any modality"), therapies)
        names = [(name or _("Not recorded"), name) for name in choices.therapists]
        self.therapist.offer(_("Any therapist"), names)
        kinds = [(say(PRESENTATIONS[p]), p) for p in choices.presentations]
        self.presentation.offer(_("Any presentation"), kinds)
        criteria = [(capital(say(CRITERION_WORDS[met])), met) for met in Met if met in choices.criteria]
        self.criterion.offer(_("TRD or not"), criteria)


def _periods(choices: Choices, today: date) -> Iterator[tuple[str, Period]]:
    if choices.first_end is None or choices.last_end is None:
        return
    for months in RECENT_MONTHS:
        yield _("Last {n} months").format(n=months), (months_later(today, -months), None)
    for year in range(choices.last_end.year, choices.first_end.year - 1, -1):
        yield str(year), (date(year, 1, 1), date(year, 12, 31))


class Pick(theme.Choice):
    """A drop-down box that holds Python values: Qt's own would turn days and enumerations into something else."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._values: list[Any] = [None]
        self.setAccessibleName(name)
        self.setToolTip(name)
        if manner().longer:
            theme.as_wide(self, 96)
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        else:
            self.setMinimumWidth(theme.px(140 if theme.stacked() else 96))
            self.setSizeAdjustPolicy(theme.Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def value(self) -> Any:
        """Return what is chosen; None for everything."""
        return self._values[max(self.currentIndex(), 0)]

    def offer(self, everything: str, offered: Iterable[tuple[str, Any]]) -> None:
        """Offer values under their names, and everything before them; the one chosen stays chosen if it is there."""
        before, found = self.value(), [(everything, None), *offered]
        self._values = [value for _text, value in found]
        self.clear()
        self.addItems([text for text, _value in found])
        self.setCurrentIndex(self._values.index(before) if before in self._values else 0)
        self.setEnabled(len(found) > 1)
