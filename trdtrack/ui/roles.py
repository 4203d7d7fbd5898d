"""What a screen reader is told a part of ours is: without it a chart or a pane of text would pass for empty space."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAccessibleWidget, QScrollArea, QWidget


class Pane(QScrollArea):
    """A scroll area that has something to say."""

    accessible_role = QAccessible.Role.Grouping


def announce_roles() -> None:
    """Let widgets of classes with an `accessible_role` have it; Qt asks once for each widget a screen reader meets."""
    QAccessible.installFactory(_spoken)


def _spoken(_kind: str, about: QObject) -> QAccessibleWidget | None:
    role = getattr(about, "accessible_role", None)
    return QAccessibleWidget(about, role) if isinstance(about, QWidget) and isinstance(role, QAccessible.Role) else None
