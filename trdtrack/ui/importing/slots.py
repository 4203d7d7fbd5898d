"""The inputs of an import that hold several columns at once: the nine answers, and a wide file's occasions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QGridLayout, QLineEdit, QSizePolicy, QWidget

from trdtrack.domain import phq9
from trdtrack.ui import theme
from trdtrack.ui.entry.slots import Slot
from trdtrack.words import _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ACROSS = 3
_NAMES_PX = 260
"""Columns are chosen by their names in full, though the box shows their beginnings."""


def offer(box: theme.Choice, header: Sequence[str]) -> None:
    """Put a file's columns into a box, none of them first. The box takes the room there is, whatever the names."""
    box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    box.setMinimumWidth(0)
    box.view().setMinimumWidth(theme.px(_NAMES_PX))
    box.currentTextChanged.connect(box.setToolTip)
    box.addItem(_("–"), "")
    for name in header:
        box.addItem(name, name)


class Nine(Slot[QWidget]):
    """The columns of the nine answers; choosing the first fills in the eight after it, where none is chosen yet."""

    def __init__(self, field: str, caption: str, header: Sequence[str]) -> None:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(theme.GAP)
        self.boxes: list[theme.Choice] = []
        for number in range(phq9.ITEMS):
            box = theme.Choice()
            box.setAccessibleName(_("Column of answer {n}").format(n=number + 1))
            offer(box, header)
            caption_above = theme.label(str(number + 1), px=theme.SMALL_PX, tone="muted")
            caption_above.setBuddy(box)
            row, across = divmod(number, _ACROSS)
            grid.addWidget(caption_above, row, 2 * across)
            grid.addWidget(box, row, 2 * across + 1)
            grid.setColumnStretch(2 * across + 1, 1)
            self.boxes.append(box)
        self.boxes[0].currentIndexChanged.connect(self._follow)
        super().__init__(field, holder, caption=caption)

    def _follow(self, first: int) -> None:
        rest = self.boxes[1:]
        if first > 0 and not any(box.currentIndex() for box in rest) and first + len(rest) < self.boxes[0].count():
            for number, box in enumerate(rest, start=first + 1):
                box.setCurrentIndex(number)

    def raw(self) -> list[str]:
        return [box.currentData() for box in self.boxes]

    def put(self, raw: Any) -> None:
        for box, name in zip(self.boxes, raw or [""] * len(self.boxes), strict=True):
            box.setCurrentIndex(max(box.findData(name), 0))

    def on_edit(self, call: Callable[[], None]) -> None:
        for box in self.boxes:
            box.currentIndexChanged.connect(lambda _index: call())

    def stops(self) -> list[QWidget]:
        return list(self.boxes)

    def _read(self) -> tuple[str, ...]:
        """Return nine names, or none at all where no column is chosen."""
        chosen = tuple(self.raw())
        return chosen if any(chosen) else ()


class Occasions(Slot[QWidget]):
    """A wide file's columns of totals, each with the day or week it was answered; a blank leaves the column out."""

    def __init__(self, field: str, caption: str, names: Sequence[str], *, hint: str) -> None:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(theme.GAP)
        grid.setColumnStretch(0, 1)
        self.lines: dict[str, QLineEdit] = {}
        for row, name in enumerate(names):
            shown = theme.Elided()
            shown.show_text(name)
            line = QLineEdit()
            line.setAccessibleName(_("Day or week of {column}").format(column=name))
            line.setFixedWidth(theme.px(110))
            grid.addWidget(shown, row, 0)
            grid.addWidget(line, row, 1)
            self.lines[name] = line
        super().__init__(field, holder, caption=caption, hint=hint)

    def raw(self) -> list[list[str]]:
        return [[name, text] for name, line in self.lines.items() if (text := line.text().strip())]

    def put(self, raw: Any) -> None:
        given: dict[str, str] = dict(raw or ())
        for name, line in self.lines.items():
            line.setText(given.get(name, ""))

    def on_edit(self, call: Callable[[], None]) -> None:
        for line in self.lines.values():
            line.textEdited.connect(lambda _text: call())

    def stops(self) -> list[QWidget]:
        return list(self.lines.values())

    def _read(self) -> tuple[tuple[str, str], ...]:
        return tuple((name, when) for name, when in self.raw())
