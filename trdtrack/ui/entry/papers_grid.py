"""The papers' grid: a row a patient, typed one after the other or pasted as a block; and the grid as a form's input."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QWidget

from trdtrack.domain import phq9
from trdtrack.domain.message import message, plural
from trdtrack.ui import theme
from trdtrack.ui.entry.layout import scrolled
from trdtrack.ui.entry.papers_read import Typed, block
from trdtrack.ui.entry.papers_row import COLUMNS, NAME_PX, PaperRow, columns
from trdtrack.ui.entry.slots import Slot
from trdtrack.ui.page import card, column, hairline
from trdtrack.ui.patient.facts import course_name
from trdtrack.words import _, phq9_wording, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from trdtrack.domain.records import Assessment
    from trdtrack.ui.entry.papers_read import Reader, Reading

MOST_ROWS = 200
"""For more there is the import of a file."""


class Grid(QWidget):
    """Rows, and always an empty one below the last. Every row is read again with each key: they bear on each other."""

    changed = Signal()

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self._reader = reader
        self._day: date | None = None
        self._filling = False
        self._left_out = 0
        self.rows: list[PaperRow] = []
        outer = column(self, margin=0, spacing=0)
        sheet = card()
        stack = column(sheet, margin=theme.PAD, spacing=theme.GAP)
        wording = phq9_wording()
        # Where the line is too long it breaks between two answers, never within one.
        answers = (f"{value}  {text}".replace(" ", "\u00a0") for value, text in enumerate(wording.answers))
        stack.addWidget(theme.label("     ".join(answers), px=theme.SMALL_PX, tone="muted", wrap=True))
        stack.addWidget(hairline())
        holder = QWidget()
        beneath = column(holder, margin=0, spacing=0)
        self._layout = QGridLayout()
        self._layout.setContentsMargins(0, 0, theme.GAP, 0)
        self._layout.setHorizontalSpacing(12)
        self._layout.setVerticalSpacing(4)
        headings = columns()
        if (name := COLUMNS[2]) in headings:
            self._layout.setColumnMinimumWidth(headings.index(name), theme.px(NAME_PX))
        self._layout.setColumnStretch(len(headings) - 1, 1)
        for place, name in enumerate(headings):
            self._layout.addWidget(theme.label(name, px=theme.SMALL_PX, tone="muted"), 0, place)
        beneath.addLayout(self._layout)
        beneath.addStretch(1)
        stack.addWidget(scrolled(holder), 1)
        stack.addWidget(hairline())
        stack.addLayout(self._foot())
        outer.addWidget(sheet, 1)
        self._add_row()

    def _foot(self) -> theme.Row:
        self.count = theme.label(strong=True)
        self.paste = theme.button(_("Paste rows from a spreadsheet"), icon_name="file-up")
        self.paste.setToolTip(_("Code and nine answers, in nine cells or in one (Ctrl+V in any row)"))
        self.paste.clicked.connect(lambda: self._take(QGuiApplication.clipboard().text(), self._first_blank()))
        foot = theme.row()
        foot.addWidget(self.count, 1)
        foot.addWidget(self.paste)
        return foot

    # What the form asks and says

    def typed(self) -> list[Typed]:
        """Return the rows as typed, without the empty ones behind the last."""
        found = [row.typed() for row in self.rows]
        while found and found[-1].blank:
            del found[-1]
        return found

    def put(self, rows: Sequence[Typed], start: int = 0) -> None:
        """Type rows from a place on, as far as there is room; how many are left out is said."""
        self._filling = True
        for place, typed in enumerate(rows[: MOST_ROWS - start], start=start):
            while place >= len(self.rows):
                self._add_row()
            self.rows[place].put(typed)
        self._filling = False
        self._left_out = max(0, start + len(rows) - MOST_ROWS)
        self._read()

    def replace(self, rows: Sequence[Typed]) -> None:
        """Type these rows, and nothing else."""
        self.put([*rows, *(Typed() for _row in self.rows[len(rows) :])])

    def read_on(self, day: date | None) -> None:
        """Read the rows as answered on a day."""
        self._day = day
        self._read()

    def assessments(self) -> list[Assessment]:
        """Return what can be saved, in the order of the rows."""
        return [reading.assessment for reading in self._readings if reading.assessment]

    def wrong(self) -> list[PaperRow]:
        """Return the rows that cannot be saved as they stand."""
        return [row for row in self.rows if row.wrong]

    def stops(self) -> list[QWidget]:
        """Return where the Tab key stops, in order."""
        return [*(cell for row in self.rows for cell in row.cells.values()), self.paste]

    # Rows

    def _add_row(self) -> None:
        row = PaperRow(len(self.rows) + 1, self._layout, self._reader.complete)
        row.changed.connect(self._read)
        place = len(self.rows)
        row.going.connect(lambda by, name: self._go(place + by, name))
        row.pasted.connect(lambda text: self._take(text, place))
        before = self.rows[-1].difficulty if self.rows else None
        for cell in row.cells.values():
            if before:
                QWidget.setTabOrder(before, cell)
            before = cell
        self.rows.append(row)

    def _go(self, place: int, name: str) -> None:
        if not 0 <= place < len(self.rows):
            return
        row = self.rows[place]
        cell = row.cells[name or ("answers" if row.code.text().strip() else "code")]
        cell.setFocus(Qt.FocusReason.TabFocusReason)

    def _first_blank(self) -> int:
        return next((place for place, row in enumerate(self.rows) if row.typed().blank), len(self.rows))

    def _take(self, text: str, place: int) -> None:
        """Fill rows from a place on with a block pasted."""
        rows = block(text)
        if not rows:
            self.count.setText(_("There are no rows on the clipboard to paste."))
            return
        self.put(rows, place)
        self._go(min(place + len(rows), len(self.rows) - 1), "")

    # Reading

    def _read(self) -> None:
        if self._filling:
            return
        if len(self.rows) < MOST_ROWS and not self.rows[-1].typed().blank:
            self._add_row()
        self._readings = self._reader.read([row.typed() for row in self.rows], self._day)
        for row, reading in zip(self.rows, self._readings, strict=True):
            row.show_reading(reading, self._words(reading))
        ready, wrong = len(self.assessments()), len(self.wrong())
        parts = [plural("{n} paper to save", "{n} papers to save", ready)] if ready else []
        parts += [plural("{n} row has a problem", "{n} rows have a problem", wrong)] if wrong else []
        if self._left_out:
            n, most = self._left_out, MOST_ROWS
            parts.append(plural("{n} row left out: {most} fit", "{n} rows left out: {most} fit", n, most=most))
        self.count.setText("  ·  ".join(say(part) for part in parts))
        self.changed.emit()

    def _words(self, reading: Reading) -> str:
        made = reading.assessment
        if made is None or made.answers is None:
            return say(reading.words) if reading.words else ""
        score = made.score(prorate=reading.prorate)
        if score.total is None:
            said = say(message("{n} of 9 answered: no total", n=score.answered))
        else:
            said = f"{score.total}   {say(phq9.band(score.total).name)}"
        if score.total is not None and not score.complete:
            said = say(message("{total}, prorated: {n} of 9 answered", total=said, n=score.answered))
        if nine := made.answers[-1]:
            said += "   " + _("■ item 9: {answer}").format(answer=nine)
        if reading.course:
            said += f"   {course_name(self._reader.dossier(made.patient), reading.course)}"
        return said


class GridSlot(Slot[Grid]):
    """The grid as one input of a form, so that a draft keeps what is typed in it."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        super().__init__("papers", grid)
        self.part.layout().setStretch(1, 1)  # pyright: ignore[reportOptionalMemberAccess, reportAttributeAccessIssue]

    def raw(self) -> list[list[str]]:
        return [list(typed) for typed in self._grid.typed()]

    def put(self, raw: Any) -> None:
        if isinstance(raw, list):
            self._grid.replace([Typed(*row) for row in raw if _is_row(row)])

    def on_edit(self, call: Callable[[], None]) -> None:
        self._grid.changed.connect(call)

    def stops(self) -> list[QWidget]:
        return self._grid.stops()

    def _write(self, value: Sequence[Typed]) -> None:
        self._grid.replace(value)


def _is_row(row: Any) -> bool:
    return isinstance(row, list) and len(row) == len(Typed()) and all(isinstance(text, str) for text in row)
