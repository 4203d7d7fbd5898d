"""The history tab: what was done with one patient's record, as the history page tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from trdtrack.ui import theme
from trdtrack.ui.history.lines import HistoryLines

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from trdtrack.caseload import Caseload


class HistoryTab(HistoryLines):
    """Reads only once it is looked at."""

    def __init__(self) -> None:
        super().__init__(patients=False)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, theme.GAP, 0, 0)
        across.setSpacing(theme.PAD)
        across.addWidget(self.table, 3)
        details = QVBoxLayout()
        details.addWidget(self.reading, 1)
        details.addWidget(self.restore_button, alignment=Qt.AlignmentFlag.AlignLeft)
        across.addLayout(details, 2)
        self._due: tuple[Caseload, str] | None = None

    def draw(self, caseload: Caseload, patient: str) -> None:
        """Show a patient's lines, now or as soon as the tab is seen."""
        self._due = (caseload, patient)
        if self.isVisible():
            self._start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._start()

    def _start(self) -> None:
        if self._due is None:
            return
        (caseload, patient), self._due = self._due, None
        self.begin(lambda before, limit: caseload.history(patient, before=before, limit=limit), lambda _line: "")
