"""The column beside the chart: the latest score, and the two answers to "is it real?" and "is it enough?"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from trdtrack.chart.marks import TONES
from trdtrack.domain import outcome, phq9
from trdtrack.domain.forecast import fan, in_ten
from trdtrack.domain.outcome import Reliable
from trdtrack.domain.phq9 import Completeness, Item9
from trdtrack.domain.signals import RULES
from trdtrack.ui import theme
from trdtrack.ui.caseload.page import standing_words
from trdtrack.ui.page import card, column, hairline
from trdtrack.words import _, day, say, signed

if TYPE_CHECKING:
    from trdtrack.domain.summary import Summary
    from trdtrack.domain.trajectory import Point

WIDTH_PX = 280


class Now(QScrollArea):
    """What stands now, in words and numbers, each with the rule behind it as a tool tip."""

    explain = Signal()
    """The person asks what the lines mean."""
    forecast_asked = Signal(bool)
    """The forecast is to be shown, or not."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(WIDTH_PX)
        self._summary: Summary | None = None
        self.setAccessibleName(_("Where it stands now"))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        holder = QWidget()
        self.setWidget(holder)
        outer = QVBoxLayout(holder)
        outer.setContentsMargins(0, 0, 0, 0)
        sheet = card()
        outer.addWidget(sheet)
        outer.addStretch(1)
        stack = column(sheet, margin=theme.PAD, spacing=theme.GAP)
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
        stack.addWidget(self.total)
        stack.addWidget(self.band)
        stack.addLayout(signal)
        for widget in (self.rule, self.item9, self._rule):
            stack.addWidget(widget)
        stack.addWidget(self._table())
        self._build_forecast(stack)
        meaning = theme.button(_("What the lines mean"), flat=True)
        meaning.clicked.connect(self.explain.emit)
        stack.addWidget(meaning, alignment=Qt.AlignmentFlag.AlignLeft)

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

    def draw(self, s: Summary | None) -> None:
        """Show where a course stands."""
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
        self.item9.set_tone("risk" if isinstance(nine, int) and nine else "muted")
        self._answers(_questions(s) if s else [])
        self._tell_chances()

    def _toggle_rule(self) -> None:
        self.rule.setVisible(not self.rule.isVisible())

    def _show_forecast(self, on: bool) -> None:  # noqa: FBT001 - Qt's signature
        self._tell_chances()
        self.forecast_asked.emit(on)

    def _tell_chances(self) -> None:
        on = self.forecast.isChecked() and self._summary is not None
        self.chances.setText(_chances(self._summary) if on and self._summary else "")
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


def _chances(s: Summary) -> str:
    """Return the forecast's chances in words of ten, or why there is none."""
    found = fan(s)
    if found.why_not or not found.steps:
        return _("No forecast: {why}.").format(why=say(found.why_not) if found.why_not else "")
    end = found.steps[-1]
    words = _(
        "Of people like this one by our model: reliable improvement {better}, response {response}, "
        "remission {remission}."
    )
    text = words.format(
        better=say(in_ten(end.reliable_improvement)),
        response=say(in_ten(end.response)),
        remission=say(in_ten(end.remission)),
    )
    return text + (" " + _("Rests on a prorated score.") if found.prorated else "")


def _yes(answer: bool | None) -> str:  # noqa: FBT001
    return "–" if answer is None else _("yes") if answer else _("not yet")


def _questions(s: Summary) -> list[tuple[str, str, str, str]]:
    """Return question, answer, tone and rule for each line."""
    if s.change is None or s.reliable is None or not s.weeks:
        return []
    points = s.rules.reliable_change
    reliable = {Reliable.IMPROVEMENT: _("improved"), Reliable.DETERIORATION: _("worse"), Reliable.NONE: _("no")}
    tone = "review" if s.reliable is Reliable.DETERIORATION else "ink"
    rule = _("A fall or rise of {n} points or more (NHS Talking Therapies convention)").format(n=points)
    general, lasting = outcome.MEANINGFUL_GENERAL, outcome.MEANINGFUL_LONG_LASTING
    return [
        (_("Since baseline"), signed(s.change), "ink", _("Latest minus baseline: a fall is better")),
        (_("Reliable change"), reliable[s.reliable], tone, rule),
        (
            _("{n}% better").format(n=general),
            _yes(s.meaningful_general),
            "ink",
            _("Meaningful in general (Kounali 2022)"),
        ),
        (
            _("{n}% better").format(n=lasting),
            _yes(s.meaningful_long_lasting),
            "ink",
            _("Felt as better in long-lasting, drug-resistant depression; found on the BDI-II (Button 2015)"),
        ),
        (_("Response"), _yes(s.response), "ink", _("A fall of 50% or more")),
        (_("Below caseness"), _yes(s.recovery), "ink", _("From 10 or more to below 10: the PHQ-9 part of recovery")),
        (_("Remission"), _yes(s.remission), "ink", _("A total below 5")),
    ]
