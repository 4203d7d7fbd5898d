"""How the window looks: spacing on a 4 px grid, type, tinted icons, and the few parts that pages are made of."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Protocol, TypeVar

from PySide6.QtCore import QByteArray, QRect, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QGuiApplication,
    QIcon,
    QPainter,
    QPalette,
    QPen,
    QPixmap,
    QTransform,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleFactory,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from trdtrack import settings
from trdtrack.paths import resources
from trdtrack.ui import appearance
from trdtrack.ui.appearance import BODY_PX, colour, follow, font, palette, px, scale, take
from trdtrack.ui.flow import Flow
from trdtrack.ui.roles import announce_roles
from trdtrack.words import manner

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent, QShowEvent, QWheelEvent
    from PySide6.QtWidgets import QMenu

    from trdtrack.chart.palette import Palette

W = TypeVar("W", bound=QWidget)
__all__ = ["colour", "follow", "font", "palette", "px", "scale", "take"]

GAP = 8
PAD = 16
WIDE = 24
SMALL_PX = 12
TITLE_PX = 20
HEADLINE_PX = 15
ROW_PX = 34
ARROW_PX = 16
"""The arrow of what opens a list or menu."""
_POINTING = {"chevron-left", "chevron-right", "undo-2", "redo-2"}
"""Icons turned round where the window is read from the right."""
LEAST_READING_PX = 190
WIDER = 1.15
"""So much wider is a narrow part in a longer language."""
LARGE = 1.25
"""From this size of text on, columns stand one above the other."""


def apply(app: QApplication) -> None:
    """Set style, font and colours on the application, and again whenever the system changes between light and dark.

    Nothing moves by itself: menus and tips come and go at once.
    """
    app.setStyle(QStyleFactory.create("Fusion"))
    for weight in ("Regular", "Medium", "SemiBold"):
        QFontDatabase.addApplicationFont(str(resources() / "fonts" / f"Inter-{weight}.otf"))
    for effect in Qt.UIEffect:
        app.setEffectEnabled(effect, False)  # noqa: FBT003 - Qt's signature
    announce_roles()
    appearance.begin(app, settings.look())


Row = QHBoxLayout | Flow


def row(parent: QWidget | None = None) -> Row:
    """Return a layout for a row; where the text is large, or the language a longer one, it goes on in the next line."""
    made = Flow(parent) if stacked() or manner().longer else QHBoxLayout(parent) if parent else QHBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(GAP)
    return made


def columns(parent: QWidget | None = None) -> QBoxLayout:
    """Return a layout for what stands side by side, and one above the other where the text is too large for that."""
    directions = QBoxLayout.Direction
    made = QBoxLayout(directions.TopToBottom if stacked() else directions.LeftToRight, parent)
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(PAD)
    return made


def aside(widget: W, width: int) -> W:
    """Make a part of such columns as narrow as it is meant to be; where they are stacked, high enough to read in."""
    if stacked():
        widget.setMinimumHeight(px(LEAST_READING_PX))
    else:
        widget.setFixedWidth(px(width))
    return widget


def roomy(width: int) -> int:
    """Return a narrow part's usual width, or more in a longer language."""
    return round(width * WIDER) if manner().longer else width


def stacked() -> bool:
    """Whether the text is too large for two columns in the smallest window."""
    return scale() > LARGE


def label(text: str = "", *, px: float = BODY_PX, tone: str = "ink", strong: bool = False, wrap: bool = False) -> Text:
    """Return a text label. `tone` names a palette token; the colour follows light and dark."""
    made = Text(text, tone=tone, px=px, strong=strong)
    made.setWordWrap(wrap or (manner().longer and px == HEADLINE_PX))
    made.setTextFormat(Qt.TextFormat.PlainText)
    return made


class Text(QLabel):
    """A label whose colour is a token's name and whose size is a usual one, looked up again when the look changes."""

    def __init__(self, text: str = "", *, tone: str = "ink", px: float = BODY_PX, strong: bool = False) -> None:
        super().__init__(text)
        self._tone = tone
        self._px = px
        self.setFont(font(px, QFont.Weight.DemiBold if strong else QFont.Weight.Normal))
        follow(self, Text._dress)

    def set_tone(self, tone: str) -> None:
        """Take another token's colour."""
        self._tone = tone
        self._colour()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # The style sheet, on taking the widget in, puts the palette back that it had at birth.
        self._colour()

    def _dress(self) -> None:
        sized = self.font()
        sized.setPixelSize(appearance.px(self._px))
        self.setFont(sized)
        self._colour()

    def _colour(self) -> None:
        colours = self.palette()
        colours.setColor(QPalette.ColorRole.WindowText, QColor(getattr(palette(), self._tone)))
        self.setPalette(colours)


class Elided(Text):
    """A label on one line that gives way with an ellipsis; its whole text is the tool tip."""

    def __init__(self, *, px: float = BODY_PX, strong: bool = False, tone: str = "ink") -> None:
        super().__init__(tone=tone, px=px, strong=strong)
        self._whole = self._first = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_text(self, text: str, *, first: str = "") -> None:
        """Show as much of a text as there is room for; `first`, its beginning, is always shown."""
        # Shortened to its beginning, a text says so.
        self._whole, self._first = text, first and (first if first == text else f"{first}…")
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance(self._first))
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

    def sizeHint(self) -> QSize:
        # Not what is shown just now: room given back would never be asked for again.
        return super().sizeHint().expandedTo(QSize(self.minimumWidth(), 0))

    def _fit(self) -> None:
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width())
        self.setText(shown if len(shown) > len(self._first) + len("  · ") else self._first or shown)


def _paint_arrow(on: QWidget, tone: str, *, gap: int = GAP) -> None:
    """Draw the arrow of what opens a list or menu, so far from its end."""
    side = px(ARROW_PX)
    place = QRect(on.width() - side - gap, (on.height() - side) // 2, side, side)
    painter = QPainter(on)
    icon("chevron-down", tone, ARROW_PX).paint(painter, QStyle.visualRect(on.layoutDirection(), on.rect(), place))
    painter.end()


class Choice(QComboBox):
    """A drop-down box whose arrow is one of our icons: a style sheet can place it but not tint it."""

    def showPopup(self) -> None:
        # Words the box is too narrow for are whole in its list.
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + WIDE)
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        # Scrolling past must not change what is chosen.
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        _paint_arrow(self, "muted")


def as_wide(box: Choice, width: int) -> None:
    """Make a drop-down box so wide; in a longer language at least, and as wide as what it offers."""
    if manner().longer:
        box.setMinimumWidth(px(width))
        box.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToContents)
        box.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    else:
        box.setFixedWidth(px(width))
        box.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)


class Check(QCheckBox):
    """A tick box whose tick is one of our icons, in the colour that stands on the accent.

    In a longer language its words go on in the next line where there is no room: Qt's own knows one line only.
    """

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self._whole = text
        if manner().longer:
            self.setAccessibleName(text)
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def sizeHint(self) -> QSize:
        hint, metrics = super().sizeHint(), self.fontMetrics()
        now = max(metrics.horizontalAdvance(line) for line in self.text().split("\n"))
        return QSize(hint.width() - now + metrics.horizontalAdvance(self._whole), hint.height())

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return QSize(min(hint.width(), px(LEAST_READING_PX)), hint.height()) if manner().longer else hint

    def hasHeightForWidth(self) -> bool:
        return manner().longer

    def heightForWidth(self, width: int) -> int:
        one = super().sizeHint().height() - self.fontMetrics().lineSpacing() * self.text().count("\n")
        return one + self.fontMetrics().lineSpacing() * self._lines(width).count("\n")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if manner().longer and (lines := self._lines(self.width())) != self.text():
            self.setText(lines)

    def _lines(self, width: int) -> str:
        """Return the words in lines that fit beside the box."""
        metrics = self.fontMetrics()
        room = width - (self.sizeHint().width() - metrics.horizontalAdvance(self._whole))
        lines: list[str] = []
        for word in self._whole.split(" "):
            if lines and metrics.horizontalAdvance(f"{lines[-1]} {word}") <= room:
                lines[-1] += f" {word}"
            else:
                lines.append(word)
        return "\n".join(lines)

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
    """A push button that Enter presses as Space does: outside dialogs Qt lets only Space.

    The arrow of one that opens a menu is an icon of ours, with room of its own behind the words.
    """

    def setMenu(self, menu: QMenu) -> None:
        self.setProperty("opens", True)  # noqa: FBT003 - Qt's signature
        super().setMenu(menu)
        # What the style sheet says of a property is read only here.
        self.style().unpolish(self)
        self.style().polish(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.animateClick()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.menu():
            self._paint_opening()
        else:
            super().paintEvent(event)
        if self.hasFocus() and self.property("primary"):
            # On the accent no frame round the button is 3:1: a ring within it is.
            painter = QPainter(self)
            painter.setPen(QPen(colour("on_accent"), 2))
            painter.drawRect(self.rect().adjusted(4, 4, -4, -4))
            painter.end()

    def _paint_opening(self) -> None:
        """Draw the button, its words before the arrow: Qt's own arrow keeps its size, and stands on the last letter."""
        flat = bool(self.property("flat"))
        gap, tone = (2, "accent") if flat else (GAP, "ink")
        option = QStyleOptionButton()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButtonBevel, option)
        words = self.rect().adjusted(0, 0, -px(ARROW_PX) - gap, 0)
        option.rect = QStyle.visualRect(self.layoutDirection(), self.rect(), words)  # pyright: ignore[reportAttributeAccessIssue]
        painter.drawControl(QStyle.ControlElement.CE_PushButtonLabel, option)
        painter.end()
        _paint_arrow(self, tone if self.isEnabled() else "muted", gap=gap)


class Drawn(Protocol):
    """What the charts are, which this module must not import: the list of patients is not to wait for them."""

    def set_palette(self, palette: Palette) -> None: ...

    def set_text_size(self, factor: float) -> None: ...


def figure(drawn: W) -> W:
    """Let a chart follow colours and text size."""
    return follow(drawn, _redraw)  # pyright: ignore[reportArgumentType]


def _redraw(drawn: Drawn) -> None:
    drawn.set_palette(palette())
    drawn.set_text_size(scale())


def button(text: str, *, icon_name: str = "", primary: bool = False, flat: bool = False) -> QPushButton:
    """Return a push button; one a page is primary. A flat one reads as a link."""
    made = Push(text)
    if icon_name and text:
        say_on(made, text)
    made.setProperty("primary", primary)
    made.setProperty("flat", flat)
    made.setAutoDefault(False)
    if icon_name:
        made.setIconSize(QSize(px(16), px(16)))
        tone = "on_accent" if primary else "ink"
        follow(made, lambda button: button.setIcon(icon(icon_name, tone, idle="muted")))
    return made


def say_on(button: QPushButton, text: str) -> None:
    """Set what a button with an icon says: a space more between the two, and the name as it is."""
    button.setText(f" {text}")
    button.setAccessibleName(text)


def mark_invalid(widget: QWidget, *, invalid: bool) -> None:
    """Draw an input's border in the risk colour while what is in it is refused."""
    widget.setStyleSheet(f"border: 2px solid {palette().risk}; padding: 4px 7px;" if invalid else "")


def program_icon() -> QIcon:
    """Return the program's own icon, as the menu shows it."""
    return QIcon(_drawn((resources() / "trdtrack.svg").read_text(encoding="utf-8"), 128))


def icon(name: str, tone: str = "muted", size: int = 18, *, idle: str = "") -> QIcon:
    """Return a line icon in a token's colour, larger with the text size chosen; `idle`: another while disabled."""
    mirrored = name in _POINTING and QGuiApplication.isRightToLeft()
    made = QIcon(_pixmap(name, getattr(palette(), tone), px(size), mirrored=mirrored))
    if idle:
        made.addPixmap(_pixmap(name, getattr(palette(), idle), px(size), mirrored=mirrored), QIcon.Mode.Disabled)
    return made


@cache
def _pixmap(name: str, colour: str, size: int, *, mirrored: bool) -> QPixmap:
    svg = (resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    scale = 2
    made = _drawn(svg, size * scale, mirrored=mirrored)
    made.setDevicePixelRatio(scale)
    return made


def _drawn(svg: str, size: int, *, mirrored: bool = False) -> QPixmap:
    made = QPixmap(size, size)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    if mirrored:
        painter.setTransform(QTransform(-1, 0, 0, 1, made.width(), 0))
    QSvgRenderer(QByteArray(svg.encode())).render(painter)
    painter.end()
    return made
