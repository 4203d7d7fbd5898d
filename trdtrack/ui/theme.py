"""How the window looks: the palette's tokens put into Qt, spacing on a 4 px grid, type, and tinted icons."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleFactory,
    QStyleOptionButton,
    QWidget,
)
from shiboken6 import isValid

from trdtrack.chart.palette import DARK, FONT, LIGHT, Palette
from trdtrack.paths import resources

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent, QShowEvent, QWheelEvent

W = TypeVar("W", bound=QWidget)

GAP = 8
PAD = 16
WIDE = 24
BODY_PX = 13
SMALL_PX = 12
TITLE_PX = 20
HEADLINE_PX = 15
ROW_PX = 34


_chosen: list[Palette] = []
_followers: WeakKeyDictionary[QWidget, Callable[[Any], None]] = WeakKeyDictionary()


def palette() -> Palette:
    """Return the palette in force: the one chosen, else the system's choice of light or dark."""
    if _chosen:
        return _chosen[0]
    dark = QApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
    return DARK if dark else LIGHT


def colour(token: str) -> QColor:
    """Return a token's colour in the palette in force."""
    return _colour_of(getattr(palette(), token))


@cache
def _colour_of(code: str) -> QColor:
    return QColor(code)


def choose(chosen: Palette | None) -> None:
    """Take a palette whatever the system says; None follows the system again."""
    _chosen[:] = [chosen] if chosen else []
    _again()


def follow(widget: W, colour: Callable[[W], None]) -> W:
    """Colour a widget now, and again whenever the palette changes as long as it lives."""
    colour(widget)
    _followers[widget] = colour
    return widget


def _again(_scheme: Qt.ColorScheme | None = None) -> None:
    app = QApplication.instance()
    if isinstance(app, QApplication):
        _colour(app)
    for widget, colour in list(_followers.items()):
        if isValid(widget):
            colour(widget)


def apply(app: QApplication) -> None:
    """Set style, font and colours on the application, and again whenever the system changes between light and dark."""
    app.setStyle(QStyleFactory.create("Fusion"))
    for weight in ("Regular", "Medium", "SemiBold"):
        QFontDatabase.addApplicationFont(str(resources() / "fonts" / f"Inter-{weight}.otf"))
    app.setFont(font())
    _colour(app)
    app.styleHints().colorSchemeChanged.connect(_again)


def font(px: int = BODY_PX, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the one family at a size, with figures of equal width and no ligatures, so that columns stand true."""
    made = QFont(FONT)
    made.setPixelSize(px)
    made.setWeight(weight)
    made.setFeature(QFont.Tag("tnum"), 1)
    made.setFeature(QFont.Tag("liga"), 0)
    return made


def _colour(app: QApplication) -> None:
    tokens = palette()
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
    app.setStyleSheet(_sheet(tokens))


def _sheet(tokens: Palette) -> str:
    """Only what a palette cannot say: hairlines, the primary button, the focus ring."""
    return f"""
    QToolTip {{ border: 1px solid {tokens.line}; padding: 4px; }}
    QLineEdit, QPlainTextEdit, QComboBox, QSpinBox {{
        border: 1px solid {tokens.line}; border-radius: 4px; padding: 5px 8px; background: {tokens.surface};
        selection-background-color: {tokens.accent}; selection-color: {tokens.on_accent}; }}
    QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QSpinBox:focus {{
        border: 2px solid {tokens.accent}; padding: 4px 7px; }}
    QComboBox::drop-down {{ border: none; width: 28px; }}
    QComboBox::down-arrow {{ image: none; }}
    QPushButton {{
        border: 1px solid {tokens.line}; border-radius: 4px; padding: 6px 12px; background: {tokens.surface}; }}
    QPushButton:hover {{ border-color: {tokens.muted}; }}
    QPushButton:focus {{ border: 2px solid {tokens.accent}; padding: 5px 11px; }}
    QPushButton:disabled {{ color: {tokens.muted}; }}
    QPushButton[primary="true"] {{
        background: {tokens.accent}; color: {tokens.on_accent}; border-color: {tokens.accent}; font-weight: 600; }}
    QPushButton[primary="true"]:focus {{ border: 2px solid {tokens.ink}; }}
    QPushButton[grave="true"] {{ background: {tokens.risk}; border-color: {tokens.risk}; }}
    QPushButton[primary="true"]:disabled {{
        background: {tokens.line}; color: {tokens.muted}; border-color: {tokens.line}; }}
    QPushButton[flat="true"] {{
        border: none; background: transparent; color: {tokens.accent}; padding: 4px 0; text-align: left; }}
    QPushButton[slim="true"] {{ padding: 2px 0; }}
    QPushButton[flat="true"]:checked {{ color: {tokens.ink}; font-weight: 600; }}
    QPushButton[flat="true"]:focus {{ text-decoration: underline; }}
    QTableView {{ border: 1px solid transparent; background: {tokens.surface}; gridline-color: {tokens.line}; }}
    QTableView:focus {{ border-color: {tokens.line}; }}
    QTableView::item {{ padding: 0 8px; border-bottom: 1px solid {tokens.line}; }}
    QTableView::item:selected {{ background: {tokens.line}; }}
    QHeaderView::section {{
        background: {tokens.surface}; color: {tokens.muted}; border: none; padding: 8px 11px;
        border-bottom: 1px solid {tokens.muted}; }}
    QTabWidget::pane {{ border: none; border-top: 1px solid {tokens.line}; }}
    QTabBar::tab {{ padding: 8px 12px; color: {tokens.muted}; border-bottom: 2px solid transparent; }}
    QTabBar::tab:selected {{ color: {tokens.ink}; border-bottom: 2px solid {tokens.accent}; }}
    QTabBar::tab:focus {{ color: {tokens.accent}; }}
    QToolButton[rail="true"] {{
        border: none; border-left: 3px solid transparent; padding: 10px 16px 10px 13px; text-align: left;
        color: {tokens.muted}; }}
    QToolButton[rail="true"]:hover {{ color: {tokens.ink}; }}
    QToolButton[rail="true"]:checked {{
        color: {tokens.ink}; border-left-color: {tokens.accent}; background: {tokens.surface}; font-weight: 600; }}
    QToolButton[rail="true"]:focus {{ color: {tokens.accent}; text-decoration: underline; }}
    QFrame[card="true"] {{ background: {tokens.surface}; border: 1px solid {tokens.line}; border-radius: 6px; }}
    QFrame[rule="true"] {{ background: {tokens.line}; border: none; }}
    QCheckBox {{ spacing: 8px; padding: 2px; border: 2px solid transparent; border-radius: 4px; }}
    QCheckBox:focus {{ border-color: {tokens.accent}; }}
    QCheckBox::indicator {{
        width: 14px; height: 14px; border: 1px solid {tokens.muted}; border-radius: 3px;
        background: {tokens.surface}; }}
    QCheckBox::indicator:checked {{ background: {tokens.accent}; border-color: {tokens.accent}; }}
    QScrollBar {{ background: transparent; border: none; margin: 0; }}
    QScrollBar:vertical {{ width: 10px; }}
    QScrollBar:horizontal {{ height: 10px; }}
    QScrollBar::handle {{ background: {tokens.line}; border-radius: 4px; margin: 1px; }}
    QScrollBar::handle:hover {{ background: {tokens.muted}; }}
    QScrollBar::handle:vertical {{ min-height: 24px; }}
    QScrollBar::handle:horizontal {{ min-width: 24px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: none; }}
    QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
    QScrollArea {{ border: 1px solid transparent; }}
    QScrollArea:focus {{ border-color: {tokens.line}; }}
    """


def label(text: str = "", *, px: int = BODY_PX, tone: str = "ink", strong: bool = False, wrap: bool = False) -> Text:
    """Return a text label. `tone` names a palette token; the colour follows light and dark."""
    made = Text(text, tone=tone)
    made.setFont(font(px, QFont.Weight.DemiBold if strong else QFont.Weight.Normal))
    made.setWordWrap(wrap)
    made.setTextFormat(Qt.TextFormat.PlainText)
    return made


class Text(QLabel):
    """A label whose colour is a token's name, looked up again when the theme changes."""

    def __init__(self, text: str = "", *, tone: str = "ink") -> None:
        super().__init__(text)
        self._tone = tone
        follow(self, Text._colour)

    def set_tone(self, tone: str) -> None:
        """Take another token's colour."""
        self._tone = tone
        self._colour()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # The style sheet, on taking the widget in, puts the palette back that it had at birth.
        self._colour()

    def _colour(self) -> None:
        colours = self.palette()
        colours.setColor(QPalette.ColorRole.WindowText, QColor(getattr(palette(), self._tone)))
        self.setPalette(colours)


class Elided(Text):
    """A label on one line that gives way with an ellipsis; its whole text is the tool tip."""

    def __init__(self, *, px: int = BODY_PX, strong: bool = False, tone: str = "ink") -> None:
        super().__init__(tone=tone)
        self._whole = ""
        self.setFont(font(px, QFont.Weight.DemiBold if strong else QFont.Weight.Normal))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_text(self, text: str) -> None:
        """Show as much of a text as there is room for."""
        self._whole = text
        self.setToolTip(text)
        self.setAccessibleName(text)
        self._fit()

    @property
    def whole(self) -> str:
        """The text in full."""
        return self._whole

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width()))


class Choice(QComboBox):
    """A drop-down box whose arrow is one of our icons: a style sheet can place it but not tint it."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        # Scrolling past must not change what is chosen.
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        side = 16
        icon("chevron-down", size=side).paint(
            painter, self.width() - side - GAP, (self.height() - side) // 2, side, side
        )
        painter.end()


class Check(QCheckBox):
    """A tick box whose tick is one of our icons, in the colour that stands on the accent."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.isChecked():
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        painter = QPainter(self)
        icon("check", "on_accent", box.width()).paint(painter, box)
        painter.end()


class Push(QPushButton):
    """A push button that Enter presses as Space does: outside dialogs Qt lets only Space."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.animateClick()
            return
        super().keyPressEvent(event)


def button(text: str, *, icon_name: str = "", primary: bool = False, flat: bool = False) -> QPushButton:
    """Return a push button; one a page is primary. A flat one reads as a link."""
    made = Push(text)
    if icon_name and text:
        say_on(made, text)
    made.setProperty("primary", primary)
    made.setProperty("flat", flat)
    made.setAutoDefault(False)
    if icon_name:
        tone = "on_accent" if primary else "ink"
        follow(made, lambda button: button.setIcon(icon(icon_name, tone)))
    return made


def say_on(button: QPushButton, text: str) -> None:
    """Set what a button with an icon says: a space more between the two, and the name as it is."""
    button.setText(f" {text}")
    button.setAccessibleName(text)


def mark_invalid(widget: QWidget, *, invalid: bool) -> None:
    """Draw an input's border in the risk colour while what is in it is refused."""
    widget.setStyleSheet(f"border: 2px solid {palette().risk}; padding: 4px 7px;" if invalid else "")


def icon(name: str, tone: str = "muted", size: int = 18) -> QIcon:
    """Return a line icon in a token's colour."""
    return QIcon(_pixmap(name, getattr(palette(), tone), size))


@cache
def _pixmap(name: str, colour: str, size: int) -> QPixmap:
    svg = (resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    scale = 2
    made = QPixmap(QSize(size, size) * scale)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    QSvgRenderer(QByteArray(svg.encode())).render(painter)
    painter.end()
    made.setDevicePixelRatio(scale)
    return made
