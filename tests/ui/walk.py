"""What of a window a screen reader, a keyboard or a finger needs, told as a list of what is amiss."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTableView,
    QWidget,
)

from trdtrack.ui.style import LEAST_TARGET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QAccessibleInterface

Role = QAccessible.Role
ACTED_ON = {
    *(Role.Button, Role.PushButton, Role.CheckBox, Role.RadioButton, Role.ComboBox, Role.EditableText, Role.SpinBox),
    *(Role.Link, Role.PageTab, Role.ButtonMenu, Role.Slider, Role.Table, Role.List, Role.ListItem, Role.MenuItem),
}
"""Roles of what is pressed, chosen or typed in."""
SAYS_NOTHING = re.compile(r"|\W+|.|button|click here|field|table|widget|q[A-Z]\w+", re.IGNORECASE)
"""Names that name nothing."""


def said(node: QAccessibleInterface) -> str:
    """The name a screen reader reads out."""
    return node.text(QAccessible.Text.Name).strip()


def controls(under: QWidget) -> Iterator[QWidget]:
    """What can be acted on and is seen."""
    for widget in under.findChildren(QWidget):
        if not widget.isVisible() or widget.focusProxy() is not None:
            continue
        node = QAccessible.queryAccessibleInterface(widget)
        focusable = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.isEnabled()
        if focusable or (node and node.role() in ACTED_ON and not _part_of_another(widget)):
            yield widget


def _part_of_another(widget: QWidget) -> bool:
    """A table's headers and a drop-down box's list are spoken of with what they belong to."""
    above = widget.parentWidget()
    whole = isinstance(above, QAbstractItemView | QComboBox | QTabBar)
    return whole or widget.objectName().startswith("qt_")


def _in_a_line(widget: QWidget) -> bool:
    """A button in a line does what typing does: it may be smaller (2.5.8, equivalent)."""
    return isinstance(widget.parentWidget(), QLineEdit)


def named(widget: QWidget) -> str:
    node = QAccessible.queryAccessibleInterface(widget)
    # On Linux a drop-down box says its choice as its name; the caption beside it is told by a relation.
    return widget.accessibleName().strip() if isinstance(widget, QComboBox) else said(node)


def nameless(under: QWidget) -> list[str]:
    """Controls without a name that says anything, or without a role."""
    found = []
    for widget in controls(under):
        node = QAccessible.queryAccessibleInterface(widget)
        if SAYS_NOTHING.fullmatch(named(widget)) or node.role() in (Role.NoRole, Role.Client):
            found.append(f"{type(widget).__name__} {named(widget)!r} {node.role()}")
    return found


def twins(under: QWidget) -> list[str]:
    """Controls of one kind and one name that do not do one thing: nobody could tell them apart by ear."""
    kinds: dict[tuple[type, str], list[QWidget]] = defaultdict(list)
    for widget in controls(under):
        if _in_a_line(widget):
            continue
        kinds[type(widget), named(widget)].append(widget)
    return [f"{len(same)} {kind.__name__} say {name!r}" for (kind, name), same in kinds.items() if len(same) > 1]


def headless(under: QWidget) -> list[str]:
    """Columns of tables seen that nobody is told the heading of."""
    found = []
    for table in under.findChildren(QTableView):
        model = table.model()
        if not table.isVisible() or model is None:
            continue
        for column in range(model.columnCount()):
            heading = model.headerData(column, Qt.Orientation.Horizontal)
            spoken = model.index(0, column).data(Qt.ItemDataRole.AccessibleTextRole) if model.rowCount() else None
            if not str(heading or "").strip() and not spoken:
                found.append(f"{table.accessibleName()}, column {column}")
    return found


def alone(under: QWidget) -> list[str]:
    """Inputs whose caption a screen reader is not told: neither a name of their own nor a label as buddy."""
    buddies = {label.buddy() for label in under.findChildren(QLabel) if label.buddy()}
    inputs = (QLineEdit, QPlainTextEdit, QComboBox)
    return [
        f"{type(w).__name__} {w.objectName()}"
        for w in under.findChildren(QWidget)
        if isinstance(w, inputs)
        and w.isVisible()
        and not _part_of_another(w)
        and not w.accessibleName()
        and w not in buddies
    ]


def small(under: QWidget) -> list[str]:
    """What is pressed and is smaller than a finger or a shaking hand needs (WCAG 2.2, 2.5.8: 24 by 24)."""
    found = []
    for widget in controls(under):
        pressed = isinstance(widget, QAbstractButton | QComboBox | QLineEdit | QCheckBox)
        if (
            pressed
            and not (_part_of_another(widget) or _in_a_line(widget))
            and min(widget.width(), widget.height()) < LEAST_TARGET
        ):
            found.append(f"{type(widget).__name__} {named(widget)!r} {widget.width()}x{widget.height()}")
    for bar in under.findChildren(QTabBar):
        if bar.isVisible():
            sizes = [bar.tabRect(number).size() for number in range(bar.count())]
            found += [f"tab {s.width()}x{s.height()}" for s in sizes if min(s.width(), s.height()) < LEAST_TARGET]
    return found


AMISS = {"nameless": nameless, "twins": twins, "headless": headless, "alone": alone, "small": small}
