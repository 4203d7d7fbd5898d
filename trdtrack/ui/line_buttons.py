"""Buttons within a line of text: our own icons, as large as the text is."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QProxyStyle, QStyle, QToolButton

from trdtrack.ui import theme
from trdtrack.words import _

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOption, QWidget

ICON_PX = 16


def line_button(line: QLineEdit, icon: str, name: str) -> QAction:
    """Return a button put at the end of a line, called `name` by its tip and by a screen reader."""
    return _dressed(line, line.addAction(theme.icon(icon), QLineEdit.ActionPosition.TrailingPosition), icon, name)


def clearable(line: QLineEdit) -> None:
    """Give a line a button that empties it, there as long as something stands in the line."""
    line.setClearButtonEnabled(True)
    if isinstance(found := line.findChild(QAction), QAction):
        _dressed(line, found, "x", _("Clear"))


def _dressed(line: QLineEdit, action: QAction, icon: str, name: str) -> QAction:
    theme.follow(line, lambda _line: action.setIcon(theme.icon(icon)))
    action.setToolTip(name)
    # Qt gives the button no name.
    for found in line.findChildren(QToolButton):
        found.setAccessibleName(name)
    if theme.scale() > 1:
        line.setStyle(_grown())
    return action


class _Grown(QProxyStyle):
    """Qt's own buttons in a line keep their size however large the text is."""

    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        if metric in (QStyle.PixelMetric.PM_LineEditIconSize, QStyle.PixelMetric.PM_SmallIconSize):
            return theme.px(ICON_PX)
        return super().pixelMetric(metric, option, widget)


@cache
def _grown() -> QProxyStyle:
    return _Grown("Fusion")
