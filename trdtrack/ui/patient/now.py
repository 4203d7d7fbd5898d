"""The column beside the chart: the latest score, and the two answers to "is it real?" and "is it enough?"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from trdtrack.chart.marks import TONES
from trdtrack.domain import phq9
from trdtrack.domain.phq9 import Completeness, Item9
from trdtrack.domain.risk import risk_state, risk_words
from trdtrack.domain.signals import RULES
from trdtrack.ui import theme
from trdtrack.ui.caseload.listed import standing_words
from trdtrack.ui.help.link import more_about
from trdtrack.ui.page import capital, hairline
from trdtrack.ui.patient.answers import chances, questions
from trdtrack.ui.patient.care import CareFacts, since_end
from trdtrack.ui.patient.side import Side
from trdtrack.words import _, day, say

if TYPE_CHECKING:
    from datetime import date

    from trdtrack.domain.dossier import Dossier
    from trdtrack.domain.summary import Summary
    from trdtrack.domain.trajectory import Point


class Now(Side):
    """What stands now, in words and numbers, each with the rule behind it as a tool tip."""

    explain = Signal()
    """The person asks what the lines mean."""
    answer_risk = Signal()
    """What item 9 asks for is to be written down."""
    forecast_asked = Signal(bool)
    """The forecast is to be shown, or not."""

    def __init__(self) -> None:
        super().__init__(_("Where it stands now"))
        self._summary: Summary | None = None
        stack = self.stack
        self.total = theme.label(px=30, strong=True)
        self.band = theme.label(tone="muted", wrap=True)
        self.signal = theme.Text()
        self.signal.setFont(theme.font(theme.BODY_PX, theme.QFont.Weight.DemiBold))
        self.signal.setWordWrap(True)
        self.why = theme.button(_("Why?"), flat=True)
        self.why.setAccessibleName(_("The rule behind the signal"))
        self.why.clicked.connect(self._toggle_rule)
        self.rule = theme.label(px=theme.SMALL_PX, tone="muted", wrap=True)
        self.rule.hide()
        self.item9 = theme.Text()
        self.item9.setWordWrap(True)
        self._rule = hairline()
        signal = QHBoxLayout()
        signal.addWidget(self.signal, 1)
        signal.addWidget(self.why)
        stack.addWidget(self._build_risk())
        stack.addWidget(self.total)
        stack.addWidget(self.band)
        stack.addLayout(signal)
        self.since = theme.label(tone="review", wrap=True)
        self.care = CareFacts()
        for widget in (self.rule, self.item9, self.since, self.care, self._rule):
            stack.addWidget(widget)
        self.answers = self._table()
        stack.addWidget(self.answers)
        self._build_forecast(stack)
        meaning = theme.button(_("What the lines mean"), flat=True)
        meaning.clicked.connect(self.explain.emit)
        more = more_about("chart#the-lines", name=_("What the lines mean"))
        for link in (meaning, more):
            stack.addWidget(link, alignment=Qt.AlignmentFlag.AlignLeft)

    def _build_risk(self) -> QWidget:
        self.risk = QWidget()
        stack = QVBoxLayout(self.risk)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(6)
        self.risk_words = theme.label(tone="risk", strong=True, wrap=True)
        self.risk_button = theme.button("")
        self.risk_button.clicked.connect(self.answer_risk.emit)
        stack.addWidget(self.risk_words)
        stack.addWidget(self.risk_button, alignment=Qt.AlignmentFlag.AlignLeft)
        stack.addWidget(hairline())
        return self.risk

    def _table(self) -> QWidget:
        self._grid = QGridLayout()
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(0, 1)
        answers = QWidget()
        answers.setLayout(self._grid)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._cells: list[tuple[theme.Text, theme.Text]] = []
        return answers

    def _build_forecast(self, stack: QVBoxLayout) -> None:
        self.forecast = theme.Check(_("Forecast to week 26"))
        self.forecast.setToolTip(_("Where this course is heading by our model, from its scores so far"))
        self.forecast.toggled.connect(self._show_forecast)
        self.chances = theme.label(px=theme.SMALL_PX, tone="forecast", wrap=True)
        self.chances.hide()
        stack.addWidget(self.forecast)
        stack.addWidget(self.chances)

    def draw(self, dossier: Dossier, s: Summary | None, *, today: date) -> None:
        """Show where a course stands, and above it what item 9 asks for."""
        self._draw_risk(dossier, today)
        self.since.setText(since_end(s))
        self.since.setVisible(bool(self.since.text()))
        self.care.draw(dossier, s, today=today)
        self.forecast.setVisible(s is not None)
        latest = s.latest if s else None
        if s is None or latest is None:
            self.total.setText("–")
            self.band.setText(_("No PHQ-9 yet"))
        else:
            self.total.setText(str(latest.total))
            self.band.setText(
                _("{band}, {day}").format(band=say(phq9.band(latest.total).name), day=day(latest.date))
                + _proviso(s, latest)
            )
        self._summary = s
        self.signal.setText(standing_words(s))
        self.why.setVisible(s is not None)
        self.rule.hide()
        if s:
            self.signal.set_tone(TONES[s.standing.signal])
            self.rule.setText(say(RULES[s.standing.signal]))
        nine = latest.item9 if latest else None
        self.item9.setText(_item9_words(nine))
        self.item9.setVisible(not self.risk.isVisibleTo(self))
        self.item9.set_tone("risk" if isinstance(nine, int) and nine else "muted")
        self._answers(questions(s) if s else [])
        self._tell_chances()

    def _draw_risk(self, dossier: Dossier, today: date) -> None:
        state = risk_state(dossier, today=today)
        self.risk.setVisible(bool(state.open or state.due))
        self.risk_words.setText(f"■ {capital(say(risk_words(state)))}")
        self.risk_button.setVisible(not state.silent and bool(state.due or state.again_due))
        self.risk_button.setText(_("Answer it") if state.due else _("Look again"))

    def _toggle_rule(self) -> None:
        self.rule.setVisible(not self.rule.isVisible())

    def _show_forecast(self, on: bool) -> None:  # noqa: FBT001 - Qt's signature
        self._tell_chances()
        self.forecast_asked.emit(on)

    def _tell_chances(self) -> None:
        on = self.forecast.isChecked() and self._summary is not None
        self.chances.setText(chances(self._summary) if on and self._summary else "")
        self.chances.setVisible(on)

    def _answers(self, answers: list[tuple[str, str, str, str]]) -> None:
        self._rule.setVisible(bool(answers))
        while len(self._cells) < len(answers):
            pair = (theme.Text(tone="muted"), theme.Text())
            pair[1].setFont(theme.font(weight=theme.QFont.Weight.Medium))
            for place, cell in enumerate(pair):
                self._grid.addWidget(cell, len(self._cells), place)
            self._cells.append(pair)
        for number, pair in enumerate(self._cells):
            there = number < len(answers)
            for cell in pair:
                cell.setVisible(there)
            if there:
                question, answer, tone, rule = answers[number]
                pair[0].setText(question)
                pair[1].setText(answer)
                pair[1].set_tone(tone)
                for cell in pair:
                    cell.setToolTip(rule)


def _proviso(s: Summary, latest: Point) -> str:
    if latest.score.completeness is Completeness.PRORATED:
        return "\n" + _("prorated: {n} of 9 answered").format(n=latest.score.answered)
    return "\n" + _("compared with a prorated score") if s.prorated else ""


def _item9_words(nine: int | Item9 | None) -> str:
    if nine is None:
        return ""
    if isinstance(nine, int):
        return f"■ {_('Item 9: {n}').format(n=nine)}" if nine else _("Item 9 answered 0")
    return _("Item 9 not answered") if nine is Item9.NOT_ANSWERED else _("Item 9 unknown (total only)")
