"""The palette's tokens put into Qt: its own palette where that can say it, and as little style sheet as possible."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QGuiApplication, QPalette

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QApplication

    from trdtrack.chart.palette import Palette

LEAST_TARGET = 24
"""Pixels in height and width that whatever is pressed has at least (WCAG 2.2, 2.5.8)."""


def dress(app: QApplication, tokens: Palette, px: Callable[[float], int]) -> None:
    """Set the application's colours; `px` returns the pixels of what grows with the text."""
    roles = QPalette.ColorRole
    colours = QPalette()
    for role, token in {
        roles.Window: tokens.canvas,
        roles.Base: tokens.surface,
        roles.AlternateBase: tokens.canvas,
        roles.Button: tokens.surface,
        roles.ToolTipBase: tokens.surface,
        roles.Highlight: tokens.accent,
        roles.HighlightedText: tokens.on_accent,
        roles.Link: tokens.accent,
        roles.Accent: tokens.accent,
        roles.Mid: tokens.line,
        roles.Midlight: tokens.line,
        roles.Dark: tokens.line,
        roles.Light: tokens.surface,
        roles.PlaceholderText: tokens.muted,
        **dict.fromkeys((roles.WindowText, roles.Text, roles.ButtonText, roles.ToolTipText), tokens.ink),
    }.items():
        colours.setColor(role, QColor(token))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        colours.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.muted))
    app.setPalette(colours)
    app.setStyleSheet(_sheet(tokens, px))


def _sheet(tokens: Palette, px: Callable[[float], int]) -> str:
    """Only what a palette cannot say: hairlines, the primary button, the focus ring."""
    far = "left" if QGuiApplication.isRightToLeft() else "right"
    return f"""
    QToolTip {{ border: 1px solid {tokens.line}; padding: 4px; }}
    QLineEdit, QPlainTextEdit, QComboBox, QSpinBox {{
        border: 1px solid {tokens.edge}; border-radius: 4px; padding: 5px 8px; background: {tokens.surface};
        selection-background-color: {tokens.accent}; selection-color: {tokens.on_accent}; }}
    QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QSpinBox:focus {{
        border: 2px solid {tokens.accent}; padding: 4px 7px; }}
    QComboBox::drop-down {{ border: none; width: {px(28)}px; }}
    QComboBox::down-arrow {{ image: none; }}
    QPushButton {{
        border: 1px solid {tokens.edge}; border-radius: 4px; padding: 6px 12px; background: {tokens.surface}; }}
    QPushButton:hover {{ border-color: {tokens.ink}; }}
    QPushButton:focus {{ border: 2px solid {tokens.accent}; padding: 5px 11px; }}
    QPushButton:disabled {{ color: {tokens.muted}; }}
    QPushButton[primary="true"] {{
        background: {tokens.accent}; color: {tokens.on_accent}; border-color: {tokens.accent}; font-weight: 600; }}
    QPushButton[primary="true"]:focus {{ border: 2px solid {tokens.ink}; }}
    QPushButton[grave="true"] {{ background: {tokens.risk}; border-color: {tokens.risk}; }}
    QPushButton[primary="true"]:disabled {{
        background: {tokens.chosen}; color: {tokens.muted}; border-color: {tokens.line}; }}
    QPushButton[flat="true"] {{
        border: 2px solid transparent; background: transparent; color: {tokens.accent}; padding: 2px 0;
        text-align: left; min-height: {px(LEAST_TARGET - 8)}px; min-width: {LEAST_TARGET}px; }}
    QPushButton[slim="true"] {{ padding: 0; min-height: {px(LEAST_TARGET - 4)}px; }}
    QPushButton[flat="true"]:checked {{ color: {tokens.ink}; font-weight: 600; }}
    QPushButton[flat="true"]:focus {{ border: 2px solid {tokens.accent}; padding: 2px 0; }}
    QPushButton[slim="true"]:focus {{ padding: 0; }}
    QPushButton::menu-indicator {{ image: none; width: 0; }}
    QPushButton[opens="true"] {{ padding-{far}: {px(16) + 8}px; }}
    QPushButton[opens="true"]:focus {{ padding-{far}: {px(16) + 7}px; }}
    QPushButton[flat="true"][opens="true"], QPushButton[flat="true"][opens="true"]:focus {{
        padding-{far}: {px(16) + 4}px; }}
    QListView {{ border: 1px solid transparent; }}
    QListView:focus {{ border-color: {tokens.accent}; }}
    QTableView {{ border: 1px solid transparent; background: {tokens.surface}; gridline-color: {tokens.line}; }}
    QTableView:focus {{ border-color: {tokens.accent}; }}
    QTableView::item {{ padding: 0 8px; border-bottom: 1px solid {tokens.line}; }}
    QTableView::item:selected {{ background: {tokens.chosen}; border-bottom: 1px solid {tokens.accent}; }}
    QHeaderView {{ background: {tokens.surface}; border: none; }}
    QAbstractScrollArea::corner {{ background: transparent; border: none; }}
    QHeaderView::section {{
        background: {tokens.surface}; color: {tokens.muted}; border: none; padding: 8px 11px;
        border-bottom: 1px solid {tokens.muted}; }}
    QTabWidget::pane {{ border: none; border-top: 1px solid {tokens.line}; }}
    QTabBar::scroller {{ width: {px(LEAST_TARGET)}px; }}
    QProgressBar {{ background: {tokens.line}; border: none; border-radius: 2px; }}
    QProgressBar::chunk {{ background: {tokens.accent}; border-radius: 2px; }}
    QTabBar::tab {{ padding: 8px 12px; color: {tokens.muted}; border-bottom: 2px solid transparent; }}
    QTabBar::tab:selected {{ color: {tokens.ink}; border-bottom: 2px solid {tokens.accent}; }}
    QTabBar::tab:focus {{ color: {tokens.accent}; text-decoration: underline; }}
    QToolButton[rail] {{
        border: none; border-left: 3px solid transparent; padding: 10px 16px 10px 13px; text-align: left;
        color: {tokens.muted}; }}
    QToolButton[rail="folded"] {{ padding: 4px 16px 4px 13px; }}
    QToolButton[rail]:hover {{ color: {tokens.ink}; }}
    QToolButton[rail]:checked {{
        color: {tokens.ink}; border-left-color: {tokens.accent}; background: {tokens.surface}; font-weight: 600; }}
    QToolButton[rail]:focus {{ color: {tokens.accent}; text-decoration: underline; }}
    QFrame[card="true"] {{ background: {tokens.surface}; border: 1px solid {tokens.line}; border-radius: 6px; }}
    QFrame[card="over"] {{ background: {tokens.surface}; border: 2px solid {tokens.accent}; border-radius: 6px; }}
    QFrame[card="over"]:focus {{ border-color: {tokens.ink}; }}
    QFrame[band="accent"] {{ background: {tokens.surface}; border: none; border-bottom: 2px solid {tokens.accent}; }}
    QFrame[band="review"] {{ background: {tokens.surface}; border: none; border-bottom: 2px solid {tokens.review}; }}
    QFrame[rule="true"] {{ background: {tokens.line}; border: none; }}
    QCheckBox {{
        spacing: 8px; padding: 2px; border: 2px solid transparent; border-radius: 4px;
        min-height: {px(LEAST_TARGET - 8)}px; }}
    QCheckBox:focus {{ border-color: {tokens.accent}; }}
    QCheckBox::indicator {{
        width: {px(14)}px; height: {px(14)}px; border: 1px solid {tokens.muted}; border-radius: 3px;
        background: {tokens.surface}; }}
    QCheckBox::indicator:checked {{ background: {tokens.accent}; border-color: {tokens.accent}; }}
    QScrollBar {{ background: transparent; border: none; margin: 0; }}
    QScrollBar:vertical {{ width: 10px; }}
    QScrollBar:horizontal {{ height: 10px; }}
    QScrollBar::handle {{ background: {tokens.edge}; border-radius: 4px; margin: 1px; }}
    QScrollBar::handle:hover {{ background: {tokens.muted}; }}
    QScrollBar::handle:vertical {{ min-height: 24px; }}
    QScrollBar::handle:horizontal {{ min-width: 24px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: none; }}
    QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
    QScrollArea {{ border: 1px solid transparent; }}
    QScrollArea:focus {{ border-color: {tokens.accent}; }}
    """
