"""The evidence page: what the lines mean, where each number comes from, and what is our own assumption."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from trdtrack.evidence import default_benchmark
from trdtrack.ui import theme
from trdtrack.ui.page import GROUND, Page, card, column
from trdtrack.ui.rows import Column, Table
from trdtrack.words import _

if TYPE_CHECKING:
    from trdtrack.domain.benchmark import Benchmark, Expected
    from trdtrack.domain.edit import Touched
    from trdtrack.ui.desk import Desk

EXAMPLE = 19
WEEKS = (4.0, 8.0, 12.0, 16.0, 26.0)
READING_PX = 560
"""A comfortable line for reading; wider lines are harder."""


class EvidencePage(Page):
    """The benchmark in force: caveats first, then the worked figures, sources and assumptions."""

    title = _("Evidence")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        b = default_benchmark()
        page = column(self, ground=GROUND)
        page.addWidget(theme.label(_("What the lines mean, and where they come from"), px=theme.TITLE_PX, strong=True))
        page.addWidget(
            theme.label(
                _("{name}, version {version} of {date}. {population}").format(
                    name=b.name, version=b.version, date=b.date, population=b.population
                ),
                tone="muted",
                wrap=True,
            )
        )
        across = QHBoxLayout()
        across.setSpacing(theme.WIDE)
        across.addWidget(_text_column([(_("Read this with every chart"), b.caveats)], numbered=True), 2)
        across.addLayout(self._figures(b), 3)
        body = QWidget()
        body.setLayout(across)
        across.setContentsMargins(0, 0, 0, 0)
        scroll = QScrollArea()
        scroll.setAccessibleName(self.title)
        scroll.setWidgetResizable(True)
        scroll.setWidget(body)
        page.addWidget(scroll, 1)
        self._scroll = scroll

    def _figures(self, b: Benchmark) -> QVBoxLayout:
        stack = QVBoxLayout()
        stack.setSpacing(theme.PAD)
        heading = _("From a baseline of {n}, in PHQ-9 points").format(n=EXAMPLE)
        stack.addWidget(theme.label(heading, px=theme.HEADLINE_PX, strong=True))
        columns: list[Column[Expected]] = [
            Column(_("Week"), lambda r: f"{r.week:g}", number=True),
            Column(_("Usual care"), lambda r: f"{r.usual_care:.2f}", number=True),
            Column(_("Psychotherapy"), lambda r: f"{r.psychotherapy:.2f}", number=True, strong=True),
            Column(_("50% range"), lambda r: f"{r.low50:.1f}–{r.high50:.1f}", number=True),
            Column(_("80% range"), lambda r: f"{r.low80:.1f}–{r.high80:.1f}", number=True, stretch=True),
        ]
        table: Table[Expected] = Table(columns, name=heading)
        table.show_records(b.table(EXAMPLE, WEEKS), keep=lambda r: r.week)
        table.clearSelection()
        table.setFixedHeight(theme.ROW_PX * (len(WEEKS) + 1) + 8)
        table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        stack.addWidget(table)
        sources = [f"{s.cite}: {s.gives}." + (f" doi {s.doi}" if s.doi else "") for s in b.sources]
        stack.addWidget(_text_column([(_("Sources"), sources), (_("Our own assumptions"), b.assumptions)]))
        stack.addStretch(1)
        return stack

    def take_focus(self) -> None:
        self._scroll.setFocus()

    def redraw(self, _touched: Touched | None) -> None:
        """Nothing here depends on the caseload."""


def _text_column(parts: list[tuple[str, tuple[str, ...] | list[str]]], *, numbered: bool = False) -> QWidget:
    sheet = card()
    stack = column(sheet, margin=theme.PAD, spacing=theme.GAP)
    for heading, texts in parts:
        stack.addWidget(theme.label(heading, px=theme.HEADLINE_PX, strong=True))
        for number, text in enumerate(texts, start=1):
            said = theme.label(f"{number}   {text}" if numbered else text, wrap=True)
            said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            stack.addWidget(said)
    stack.addStretch(1)
    return sheet
