"""What a file would bring in: one sentence, the first rows with what is wrong in each, and the list of all problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trdtrack.domain.message import Message, message, plural
from trdtrack.domain.refusals import Problem
from trdtrack.ui import theme
from trdtrack.ui.page import card, column
from trdtrack.ui.rows import Column, Table
from trdtrack.ui.tabs import Tabs
from trdtrack.words import _, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from trdtrack.exchange.score_file import Found, PreviewRow

_LISTED = 500
"""So many problems are listed: of more the copied or saved text has the rest. Nobody scrolls through them."""
_NOTICES = 6
"""So many notices are read out above the rows; of more the number has to do."""


class Preview(QWidget):
    """Shows what was found; offers the problems to be copied or saved."""

    save_asked = Signal(str)
    """All problems as text."""

    def __init__(self) -> None:
        super().__init__()
        self._name = ""
        self._problems: tuple[Problem, ...] = ()
        self.sentence = theme.label(px=theme.HEADLINE_PX, strong=True, wrap=True)
        self.notices = theme.label(tone="review", wrap=True)
        self.rows = _FirstRows()
        self.problems: Table[Problem] = Table(_PROBLEMS, name=_("Problems in the file"), wrap=True)
        self.tabs = Tabs()
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.addTab(self.rows, _("First rows"))
        self.tabs.addTab(self._listed(), _("Problems"))
        sheet = card()
        stack = column(sheet, margin=theme.PAD, spacing=theme.GAP)
        stack.addWidget(self.sentence)
        stack.addWidget(self.notices)
        stack.addWidget(self.tabs, 1)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(sheet)
        self.tell("")

    def _listed(self) -> QWidget:
        holder = QWidget()
        stack = column(holder, margin=0, spacing=theme.GAP)
        stack.addWidget(self.problems, 1)
        self.copy_button = theme.button(_("Copy problems"), icon_name="copy")
        self.copy_button.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text))
        self.save_button = theme.button(_("Save problems…"), icon_name="file-down")
        self.save_button.clicked.connect(lambda: self.save_asked.emit(self.text))
        across = QHBoxLayout()
        across.addStretch(1)
        for button in self.buttons:
            across.addWidget(button)
        stack.addLayout(across)
        return holder

    @property
    def buttons(self) -> tuple[QWidget, ...]:
        """What can be done with the list of problems."""
        return self.copy_button, self.save_button

    def stops(self) -> list[QWidget]:
        """Return where the Tab key stops, in order."""
        return [self.tabs, self.rows, self.problems, *self.buttons]

    @property
    def text(self) -> str:
        """All problems, a line each, as the file's editor counts them."""
        lines = (
            message("{file}, line {line}, {what}", file=self._name, line=p.line, what=placed(p)) for p in self._problems
        )
        return "".join(f"{say(line)}\n" for line in lines)

    def wait(self) -> None:
        """Say that it is being looked for; what was found before stays until then."""
        self.sentence.setText(_("Checking the file…"))
        self.sentence.set_tone("muted")

    def tell(self, sentence: str, *, tone: str = "ink") -> None:
        """Say something instead of what was found: why there is nothing, or what has to be chosen first."""
        self.sentence.setText(sentence)
        self.sentence.set_tone(tone)
        self._show((), ())
        self._note(())

    def show_found(self, found: Found, name: str) -> None:
        """Show what was found in a file of this name."""
        self._name = name
        self.sentence.setText(say(counted(found)))
        self.sentence.set_tone("risk" if found.problems else "ink")
        near = plural(
            "{n} code is nearly one in the caseload: choose under “Nearly the same code” whose it is.",
            "{n} codes are nearly ones in the caseload: choose under “Nearly the same code” whose they are.",
            len(found.near),
        )
        self._note((*((near,) if found.near else ()), *found.notices))
        self._show(found.preview, found.problems)

    def _note(self, notices: Sequence[Message]) -> None:
        said = [say(notice) for notice in notices[:_NOTICES]]
        if len(notices) > _NOTICES:
            more = len(notices) - _NOTICES
            said.append(say(plural("And {n} more like these.", "And {n} more like these.", more)))
        self.notices.setText("\n".join(said))
        self.notices.setVisible(bool(said))

    def _show(self, rows: Sequence[PreviewRow], problems: tuple[Problem, ...]) -> None:
        self._problems = problems
        self.rows.show_rows(rows)
        self.problems.show_records(problems[:_LISTED], keep=lambda p: (p.line, p.column))
        n = len(problems)
        self.tabs.setTabText(1, _("Problems ({n})").format(n=n) if n else _("Problems"))
        self.tabs.setTabEnabled(1, bool(n))
        if not n:
            self.tabs.setCurrentIndex(0)


def counted(found: Found) -> Message:
    """Return in one sentence what a file would bring in, and what stands in the way."""
    scores = plural("{n} score", "{n} scores", found.scores)
    of = plural("{n} patient", "{n} patients", found.of)
    what = message("{scores} of {of}, {new} of them new", scores=scores, of=of, new=found.patients)
    if not found.scores:
        what = message("Nothing to import")
    if found.skipped:
        more = plural("{n} row left out", "{n} rows left out", found.skipped)
        what = message("{what}; {more}", what=what, more=more)
    if found.problems:
        more = plural("{n} problem", "{n} problems", len(found.problems))
        what = message("{what}; {more}", what=what, more=more)
    return message("{what}.", what=what)


def placed(problem: Problem) -> Message:
    """Return what is wrong, behind the name of its column."""
    if not problem.column:
        return problem.what
    return message("{column}: {what}", column=problem.column, what=problem.what)


def _number(points: int | None) -> str:
    return "" if points is None else str(points)


def _answers(row: PreviewRow) -> str:
    """Return the nine answers one after the other, a dash where one was left blank."""
    return " ".join("–" if answer is None else str(answer) for answer in row.answers or ())


_ROWS: tuple[Column[PreviewRow], ...] = (
    Column(_("Line"), lambda row: str(row.line), number=True),
    Column(_("Patient"), lambda row: row.code),
    Column(_("Date"), lambda row: row.day.isoformat() if row.day else ""),
    Column(_("Total"), lambda row: _number(row.total), number=True),
    Column(_("Answers"), _answers),
    Column(_("Problem"), lambda row: row.problem, stretch=True, tone=lambda _row: "risk"),
)
_PROBLEMS: tuple[Column[Problem], ...] = (
    Column(_("Line"), lambda p: str(p.line), number=True),
    Column(_("Column"), lambda p: p.column),
    Column(_("Problem"), lambda p: say(p.what), stretch=True, tone=lambda _p: "risk"),
)
_ANSWERS = 4
_ROOM_FOR_ANSWERS_PX = 560


class _FirstRows(Table["PreviewRow"]):
    """The rows; the answers have a column where the file has any and the table the room."""

    def __init__(self) -> None:
        super().__init__(_ROWS, name=_("The first rows of the file"), wrap=True)
        self._answered = False

    def show_rows(self, rows: Sequence[PreviewRow]) -> None:
        """Replace what is shown."""
        self._answered = any(row.answers for row in rows)
        self.show_records(rows, keep=lambda row: (row.line, row.day))
        self._fit(self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit(event.size().width())
        super().resizeEvent(event)

    def _fit(self, width: int) -> None:
        self.setColumnHidden(_ANSWERS, not self._answered or width < _ROOM_FOR_ANSWERS_PX)
