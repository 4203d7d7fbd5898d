"""The chart with what can be asked of it: how much time it shows, what it draws, and a picture to take along."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from trdtrack.chart.picture import picture, picture_svg, png
from trdtrack.chart.trajectory import TrajectoryChart
from trdtrack.ui import theme
from trdtrack.ui.shortcuts import ON, bind, shown
from trdtrack.words import _

if TYPE_CHECKING:
    from PySide6.QtGui import QAction, QContextMenuEvent, QHideEvent

WINDOWS: tuple[tuple[float | None, str], ...] = ((3, _("3 months")), (6, _("6 months")), (None, _("All")))
REST_MS = 400
"""A wheel is let come to rest before what it shows is told."""
SHOWN = (
    ("corridor", _("How far a score may lie by chance")),
    ("by_session", _("By session number")),
    ("withdrawn", _("Withdrawn scores")),
)


class Picture(QWidget):
    """The chart and a line of what to look at below it; its caption stands where the page puts it."""

    window_chosen = Signal(object)
    """Months shown, None for all: to be remembered for the patient."""
    patient_view = Signal()
    save = Signal(str, object)
    """A picture of the chart is to be saved: its file ending, and a function that makes the bytes."""

    def __init__(self) -> None:
        super().__init__()
        self.chart = theme.figure(TrajectoryChart())
        self.chart.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.chart.setMinimumHeight(theme.px(290 if theme.stacked() else 220))
        self.chart.zoomed.connect(self._zoomed)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._tell_window)
        self.caption = theme.label(px=theme.SMALL_PX, tone="muted", wrap=True)
        self.menu = QMenu(self)
        self.ticks: dict[str, QAction] = {}
        self._fill()
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(2)
        stack.addWidget(self.chart, 1)
        stack.addLayout(self._line())
        bind("copy", self.chart, self.copy, ON)

    def _line(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(theme.PAD)
        self.windows = {}
        for months, name in WINDOWS:
            made = theme.button(name, flat=True)
            made.setCheckable(True)
            made.setProperty("slim", True)  # noqa: FBT003 - Qt's signature
            made.setToolTip(_("0 shows all") if months is None else _("The last {name}").format(name=name))
            made.clicked.connect(partial(self._choose_window, months))
            line.addWidget(made)
            self.windows[months] = made
        line.addStretch(1)
        more = theme.button(_("Chart"), flat=True)
        more.setMenu(self.menu)
        more.setProperty("slim", True)  # noqa: FBT003
        more.setToolTip(_("What it draws, and a picture of it"))
        line.addWidget(more)
        return line

    def _fill(self) -> None:
        for name, words in SHOWN:
            tick = self.menu.addAction(words)
            tick.setCheckable(True)
            tick.setChecked(getattr(self.chart.view, name))
            tick.toggled.connect(partial(self._show, name))
            self.ticks[name] = tick
        self.menu.addSeparator()
        self.menu.addAction(_("Patient view") + f"\t{shown('patient view')}", self.patient_view.emit)
        self.menu.addSeparator()
        self.menu.addAction(_("Copy picture") + f"\t{shown('copy')}", self.copy)
        for ending, words in ((".png", _("Save as PNG…")), (".svg", _("Save as SVG…")), (".pdf", _("Save as PDF…"))):
            self.menu.addAction(words, partial(self._save, ending))

    def show_window(self, months: float | None) -> None:
        """Show so much time, as remembered for this patient."""
        with QSignalBlocker(self.chart):
            self.chart.zoom(months)
        self._mark(months)

    def copy(self) -> None:
        """Put a picture of the chart on the clipboard."""
        QGuiApplication.clipboard().setImage(picture(self.chart))

    def _show(self, name: str, on: bool) -> None:  # noqa: FBT001 - connects to a toggle
        self.chart.show_view(replace(self.chart.view, **{name: on}))

    def _choose_window(self, months: float | None, _on: bool = False) -> None:  # noqa: FBT001, FBT002
        self.chart.zoom(months)
        self.settle()

    def _zoomed(self, months: float | None) -> None:
        self._mark(months)
        self._rest.start()

    def settle(self) -> None:
        """Tell at once what is shown, if it was not told since it was chosen."""
        if self._rest.isActive():
            self._tell_window()

    def _tell_window(self) -> None:
        self._rest.stop()
        self.window_chosen.emit(self.chart.months)

    def _mark(self, months: float | None) -> None:
        for each, button in self.windows.items():
            button.setChecked(each == months)

    def _save(self, ending: str) -> None:
        if ending == ".png":
            made = png(picture(self.chart))
            self.save.emit(ending, lambda: made)
        else:
            drawn = picture_svg(self.chart)
            self.save.emit(ending, lambda: drawn)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.settle()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu.popup(event.globalPos())
