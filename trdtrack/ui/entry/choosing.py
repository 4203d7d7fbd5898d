"""The inputs of a form that are chosen rather than typed: one of several, a tick, several ticks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout, QWidget

from trdtrack.ui import theme
from trdtrack.ui.entry.slots import Slot
from trdtrack.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from trdtrack.domain.message import Message


class Choice(Slot[theme.Choice]):
    """One of several, each value under the words for it. The values are texts or enumerations of texts."""

    def __init__(
        self, field: str, caption: str, options: Mapping[Any, Message | str], *, hint: str = "", key: str = ""
    ) -> None:
        box = theme.Choice()
        # A long choice gives way, rather than widen the window.
        box.setSizeAdjustPolicy(theme.Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(8)
        super().__init__(field, box, caption=caption, hint=hint, key=key)
        self._values: list[Any] = []
        for value, words in options.items():
            self._offer(value, words)

    def _offer(self, value: Any, words: Message | str) -> None:
        self._values.append(value)
        self.widget.addItem(say(words))

    def raw(self) -> Any:
        chosen = self._values[self.widget.currentIndex()]
        return None if chosen is None else str(chosen)

    def put(self, raw: Any) -> None:
        known = [None if value is None else str(value) for value in self._values]
        if raw in known:
            self.widget.setCurrentIndex(known.index(raw))

    def on_edit(self, call: Callable[[], None]) -> None:
        self.widget.currentIndexChanged.connect(lambda _index: call())

    def _write(self, value: Any) -> None:
        if value not in self._values:
            self._offer(value, str(value))
        self.widget.setCurrentIndex(self._values.index(value))

    def _read(self) -> Any:
        return self._values[self.widget.currentIndex()]


class Check(Slot[theme.Check]):
    """Yes or no, as a tick."""

    def __init__(self, field: str, caption: str, *, hint: str = "") -> None:
        super().__init__(field, theme.Check(caption), hint=hint)
        self.widget.setAccessibleName(caption)

    def raw(self) -> bool:
        return self.widget.isChecked()

    def put(self, raw: Any) -> None:
        if isinstance(raw, bool):
            self.widget.setChecked(raw)

    def on_edit(self, call: Callable[[], None]) -> None:
        self.widget.toggled.connect(lambda _checked: call())


class Ticks(Slot[QWidget]):
    """Any of several, a tick each."""

    def __init__(self, field: str, caption: str, options: Mapping[Any, Message]) -> None:
        holder = QWidget()
        across = QHBoxLayout(holder)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(theme.PAD)
        self.boxes = {value: theme.Check(say(words)) for value, words in options.items()}
        for box in self.boxes.values():
            across.addWidget(box)
        across.addStretch(1)
        super().__init__(field, holder, caption=caption)

    def raw(self) -> list[str]:
        return [str(value) for value in self._read()]

    def put(self, raw: Any) -> None:
        if isinstance(raw, list):
            self._write(raw)

    def on_edit(self, call: Callable[[], None]) -> None:
        for box in self.boxes.values():
            box.toggled.connect(lambda _checked: call())

    def stops(self) -> list[QWidget]:
        return list(self.boxes.values())

    def _write(self, value: Sequence[Any]) -> None:
        for option, box in self.boxes.items():
            box.setChecked(option in value)

    def _read(self) -> tuple[Any, ...]:
        return tuple(value for value, box in self.boxes.items() if box.isChecked())
