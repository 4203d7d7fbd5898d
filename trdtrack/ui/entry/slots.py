"""The inputs of a form, each bound to one attribute of a record: what stands in it, and what a draft keeps of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCompleter, QLineEdit, QPlainTextEdit, QWidget

from trdtrack.ui import theme
from trdtrack.ui.entry.fields import DateField, Labelled
from trdtrack.ui.line_buttons import line_button
from trdtrack.words import _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

NO_NUMBER = -1
"""Stands for what is no whole number: the record refuses it, in its own words."""
_LONGEST = 10_000_000
W_co = TypeVar("W_co", bound=QWidget, covariant=True)
_TIME = re.compile(r"(\d{1,2})[:.h]?(\d{2})")


class Slot(Generic[W_co]):
    """An input under its caption. `field` is the attribute, as a refusal names it; `key` tells two of one name apart.

    `value` gives back exactly what was shown as long as nobody has typed over it: no form changes what it cannot show.
    """

    def __init__(self, field: str, widget: W_co, *, caption: str = "", hint: str = "", key: str = "") -> None:
        """An empty caption: the widget says itself what it is."""
        self.field, self.key = field, key or field
        self._widget = widget
        self.part = Labelled(caption, widget, hint=hint)
        self.given: Any = None
        self._shown: object = None

    @property
    def widget(self) -> W_co:
        """The input itself."""
        return self._widget

    def show(self, value: Any) -> None:
        """Show a record's value."""
        self.given = value
        self._write(value)
        self._shown = self.raw()

    def value(self) -> Any:
        """Return the value for the record. Raises Refusal for what cannot be one."""
        return self.given if self.untouched else self._read()

    @property
    def untouched(self) -> bool:
        """Whether what stands in it is what was shown last."""
        return self.raw() == self._shown

    def raw(self) -> Any:
        """Return what is typed, right or wrong, as JSON can hold it."""
        raise NotImplementedError

    def put(self, raw: Any) -> None:
        """Type what `raw` once returned; what it never could have is left out."""
        raise NotImplementedError

    def on_edit(self, call: Callable[[], None]) -> None:
        """Call whenever what stands in it is another."""
        raise NotImplementedError

    def stops(self) -> list[QWidget]:
        """Return where the Tab key stops in it."""
        return [self.widget]

    def _write(self, value: Any) -> None:
        self.put(value)

    def _read(self) -> Any:
        return self.raw()


class Line(Slot[QLineEdit]):
    """One line of text."""

    def __init__(
        self, field: str, caption: str, *, hint: str = "", key: str = "", edit: QLineEdit | None = None, px: int = 0
    ) -> None:
        line = edit or QLineEdit()
        line.setMaxLength(_LONGEST)
        if px:
            line.setFixedWidth(theme.px(px))
        super().__init__(field, line, caption=caption, hint=hint, key=key)

    def raw(self) -> str:
        return self.widget.text()

    def put(self, raw: Any) -> None:
        if isinstance(raw, str):
            self.widget.setText(raw)

    def on_edit(self, call: Callable[[], None]) -> None:
        self.widget.textChanged.connect(lambda _text: call())

    def suggest(self, texts: Sequence[str]) -> Line:
        """Offer texts while typing, and all of them at the arrow or the Down key; any other text is as good."""
        completer = QCompleter(list(dict.fromkeys(texts)), self.widget)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.widget.setCompleter(completer)

        def offer_all() -> None:
            completer.setCompletionPrefix("")
            completer.complete()

        arrow = line_button(self.widget, "chevron-down", _("Show suggestions"))
        arrow.triggered.connect(offer_all)
        return self


class Text(Slot[QPlainTextEdit]):
    """Text of several lines, kept to the letter."""

    def __init__(self, field: str, caption: str, *, hint: str = "", key: str = "", px: int = 0) -> None:
        edit = QPlainTextEdit()
        edit.setTabChangesFocus(True)
        if px:
            edit.setFixedHeight(theme.px(px))
        super().__init__(field, edit, caption=caption, hint=hint, key=key)

    def raw(self) -> str:
        # Not toPlainText: that makes an ordinary space of a no-break one.
        return self.widget.document().toRawText().replace("\u2029", "\n").replace("\u2028", "\n")

    def put(self, raw: Any) -> None:
        if isinstance(raw, str):
            self.widget.setPlainText(raw)

    def on_edit(self, call: Callable[[], None]) -> None:
        self.widget.textChanged.connect(call)


class Whole(Line):
    """A whole number, or nothing."""

    def __init__(self, field: str, caption: str, *, hint: str = "", px: int = 0) -> None:
        super().__init__(field, caption, hint=hint, px=px)
        self.widget.setMaxLength(9)

    def _write(self, value: int | None) -> None:
        self.put("" if value is None else str(value))

    def _read(self) -> int | None:
        text = self.raw().strip()
        if not text:
            return None
        return int(text) if text.isdecimal() else NO_NUMBER


class Months(Line):
    """Months as "3, 6, 9, 12"."""

    def _write(self, value: tuple[int, ...]) -> None:
        self.put(", ".join(str(month) for month in value))

    def _read(self) -> tuple[int, ...]:
        words = [word for word in re.split(r"[\s,;]+", self.raw()) if word]
        return tuple(int(word) if word.isdecimal() else NO_NUMBER for word in words)


class Time(Line):
    """A time of day; 9.05, 905 and 9:05 are all 09:05."""

    def _read(self) -> str:
        text = self.raw().strip()
        found = _TIME.fullmatch(text)
        return f"{int(found[1]):02}:{found[2]}" if found else text


class Day(Line):
    """A date, or nothing."""

    def __init__(
        self, field: str, caption: str, *, today: date, hint: str = "", key: str = "", ahead: bool = False
    ) -> None:
        self._line = DateField(field, None, today=today, ahead=ahead)
        super().__init__(field, caption, hint=hint, key=key, edit=self._line)

    def _write(self, value: date | None) -> None:
        self._line.set_value(value)

    def _read(self) -> date | None:
        return self._line.value()
