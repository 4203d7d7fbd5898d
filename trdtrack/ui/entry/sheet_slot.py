"""The questionnaire's sheet as one input of a form, so that a draft keeps what is typed on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trdtrack.ui.entry.sheet import Sheet
from trdtrack.ui.entry.slots import Slot

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget


class SheetSlot(Slot[Sheet]):
    """Shows an assessment, or None; what is typed is read from the sheet itself."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        super().__init__("sheet", sheet)
        self.part.layout().setStretch(1, 1)  # pyright: ignore[reportOptionalMemberAccess, reportAttributeAccessIssue]

    def raw(self) -> list[str]:
        return list(self._sheet.texts())

    def put(self, raw: Any) -> None:
        inputs = (*self._sheet.answers, self._sheet.total)
        if isinstance(raw, list) and len(raw) == len(inputs):
            for line, text in zip(inputs, raw, strict=True):
                line.setText(text if isinstance(text, str) else "")

    def on_edit(self, call: Callable[[], None]) -> None:
        self._sheet.changed.connect(call)

    def stops(self) -> list[QWidget]:
        return [*self._sheet.answers, self._sheet.total]

    def _write(self, value: Any) -> None:
        if value is not None:
            self._sheet.fill(value)
