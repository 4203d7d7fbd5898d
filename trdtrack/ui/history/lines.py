"""A table of history lines that reads on as one scrolls or filters, with before and after of the line chosen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trdtrack.domain.history import describe, details
from trdtrack.ui import theme
from trdtrack.ui.page import capital
from trdtrack.ui.reading import Passage, Reading
from trdtrack.ui.rows import Column, Table
from trdtrack.words import _, day, moment, say, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from trdtrack.domain.history import Line

READ_AT_ONCE = 400
"""Lines read in one turn, so that keys are taken in between."""
ENOUGH = 60
"""Lines to have below what is seen: more are read when these run out."""


@dataclass(frozen=True)
class Wanted:
    """Which lines are to be shown; blank asks for all."""

    words: tuple[str, ...] = ()
    kind: str = ""
    who: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Told:
    """A line with its description in words, made once."""

    line: Line
    words: str
    code: str

    @classmethod
    def of(cls, line: Line, code: Callable[[Line], str]) -> Told:
        """Put a line into words."""
        # The reason has a column of its own.
        return cls(line, shown(say(describe(replace(line, why="")))), code(line))

    def fits(self, wanted: Wanted) -> bool:
        """Whether the line is among those wanted."""
        line, when = self.line, self.line.at.astimezone().date()
        if (wanted.kind and line.kind != wanted.kind) or (wanted.who and line.who != wanted.who):
            return False
        if (wanted.since and when < wanted.since) or (wanted.until and when > wanted.until):
            return False
        if not wanted.words:
            return True
        text = f"{self.words} {self.code} {line.who} {line.why} {day(when)}".casefold()
        return all(word in text for word in wanted.words)


class HistoryLines(QWidget):
    """Newest first. What is read comes in parts from `read(before, limit)`, set by whoever owns the lines."""

    opened = Signal(object)
    """The line that is to be gone to."""
    restore = Signal(object)
    """The withdrawn record that is to be in force again."""
    grown = Signal()
    """More lines were read, or none are left."""

    def __init__(self, *, patients: bool) -> None:
        """`patients` says whether a column names the patient: on the patient's own page it would not."""
        super().__init__()
        columns: list[Column[Told]] = [
            Column(_("When"), lambda t: moment(t.line.at)),
            Column(_("Who"), lambda t: t.line.who, tone=lambda _t: "muted", least=560),
            *([Column[Told](_("Patient"), lambda t: t.code, strong=True)] if patients else []),
            Column(_("What"), lambda t: t.words, stretch=True),
            Column(_("Why"), lambda t: t.line.why, width=180, least=700, tone=lambda _t: "muted"),
        ]
        self.table: Table[Told] = Table(columns, name=_("History"), opened=lambda told: self.opened.emit(told.line))
        self.table.selectionModel().currentRowChanged.connect(lambda _now, _before: self._tell())
        self.table.verticalScrollBar().valueChanged.connect(lambda _value: self._read_on())
        self.reading = Reading(name=_("Before and after"))
        self.restore_button = theme.button(_("Restore this record"))
        self.restore_button.clicked.connect(self._restore)
        self._lines: list[Told] = []
        self._fitting: list[Told] = []
        self._wanted = Wanted()
        self._read: Callable[[int | None, int], Sequence[Line]] | None = None
        self._code: Callable[[Line], str] = _no_code
        self.whole = True
        """Whether the first line ever written has been read."""
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self._read_more)

    def stacked(self, *, reading_px: int) -> None:
        """Lay the table out above its details."""
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(theme.GAP)
        self.reading.setFixedHeight(theme.px(reading_px))
        stack.addWidget(self.table, 1)
        below = QHBoxLayout()
        below.addWidget(self.reading, 1)
        below.addWidget(self.restore_button, alignment=Qt.AlignmentFlag.AlignTop)
        stack.addLayout(below)

    def begin(self, read: Callable[[int | None, int], Sequence[Line]], code: Callable[[Line], str]) -> None:
        """Read the newest lines, from `read(before, limit)`; `code` names a line's patient."""
        self._read, self._code = read, code
        self._lines, self._fitting, self.whole = [], [], False
        self._read_more()

    def filter(self, wanted: Wanted) -> None:
        """Show only the lines wanted, reading on until there are enough of them."""
        self._wanted = wanted
        self._fitting = [told for told in self._lines if told.fits(wanted)]
        self._show()
        self._read_on()

    @property
    def shown(self) -> list[Line]:
        """The lines now in the table."""
        return [told.line for told in self._fitting]

    @property
    def read(self) -> int:
        """How many lines were read so far."""
        return len(self._lines)

    @property
    def people(self) -> list[str]:
        """Everybody who wrote one of the lines read so far."""
        return sorted({told.line.who for told in self._lines})

    @property
    def kinds(self) -> set[str]:
        """The kinds of record in the lines read so far."""
        return {told.line.kind for told in self._lines}

    def _read_on(self) -> None:
        bar = self.table.verticalScrollBar()
        below = len(self._fitting) - bar.value() - bar.pageStep()
        if not self.whole and self._read and below < ENOUGH:
            self._turn.start()

    def _read_more(self) -> None:
        if self.whole or self._read is None:
            return
        before = self._lines[-1].line.number if self._lines else None
        found = self._read(before, READ_AT_ONCE)
        self.whole = len(found) < READ_AT_ONCE
        more = [Told.of(line, self._code) for line in found]
        self._lines += more
        self._fitting += [told for told in more if told.fits(self._wanted)]
        self._show()
        self.grown.emit()
        self._read_on()

    def _show(self) -> None:
        self.table.show_records(self._fitting, keep=lambda told: told.line.number)
        self._tell()

    def _restore(self) -> None:
        told = self.table.chosen()
        if told and told.line.after:
            self.restore.emit(told.line.after)

    def _tell(self) -> None:
        told = self.table.chosen()
        self.restore_button.setVisible(bool(told and getattr(told.line.after, "withdrawn", None)))
        if told is None:
            self.reading.show_passages([Passage(text=_("No line fits what you ask for."), tone="muted")])
            return
        passages = [Passage(told.words, told.line.why)]
        for label, before, after in details(told.line):
            old, new = say(before), say(after)
            both = told.line.before is not None and told.line.after is not None
            words = f"{old} → {new}" if both else old or new
            passages.append(Passage(lines=((capital(say(label)), words),)))
        self.reading.show_passages(passages)


def every(
    read: Callable[[int | None, int], Sequence[Line]], code: Callable[[Line], str], wanted: Wanted
) -> Iterator[Line]:
    """Read all lines there are and yield those wanted: for an export, in any thread."""
    before: int | None = None
    while found := read(before, READ_AT_ONCE):
        yield from (line for line in found if Told.of(line, code).fits(wanted))
        before = found[-1].number


def _no_code(_line: Line) -> str:
    return ""
