"""The rail at the left: the pages to go to above, what can be done anywhere below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QToolButton, QVBoxLayout, QWidget

from trdtrack.ui import theme
from trdtrack.ui.shortcuts import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from trdtrack.ui.page import Page

WIDTH_PX, FOLDED_PX = 168, 38
ICON_PX = 18


@dataclass(frozen=True)
class Place:
    """A page to go to, its icon, and the name its key has in `shortcuts`."""

    page: type[Page]
    icon: str
    key: str
    below: bool = False
    """Whether it stands with what can be done anywhere, not with the pages one works on."""


@dataclass(frozen=True)
class Act:
    """Something that can be done from any page."""

    text: str
    icon: str
    key: str
    do: Callable[[], None]


class Rail(QWidget):
    """Says which page is wanted, and shows where one is."""

    chosen = Signal(object)
    """The kind of page wanted."""

    def __init__(self, places: Sequence[Place], acts: Sequence[Act], *, search: Act) -> None:
        super().__init__()
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, theme.WIDE, 0, theme.PAD)
        stack.setSpacing(2)
        group = QButtonGroup(self)
        self.buttons: dict[type[Page], QToolButton] = {}
        self._marked = places[0].page

        def add(place: Place) -> None:
            made = _button(place.page.title, place.icon, place.key)
            made.setCheckable(True)
            made.clicked.connect(lambda _on: self.chosen.emit(place.page))
            group.addButton(made)
            stack.addWidget(made)
            self.buttons[place.page] = made

        find = _button(search.text, search.icon, search.key)
        find.setText(f"  {search.text}  {shown(search.key)}")
        find.clicked.connect(lambda _on=False: search.do())
        stack.addWidget(find)
        for place in places:
            if not place.below:
                add(place)
        stack.addStretch(1)
        for place in places:
            if place.below:
                add(place)
        for act in acts:
            made = _button(act.text, act.icon, act.key)
            made.clicked.connect(lambda _on=False, act=act: act.do())
            stack.addWidget(made)
        named = [button for button in self.findChildren(QToolButton) if button is not find]
        wide = max(_width(), *(0 if theme.stacked() else button.sizeHint().width() for button in named))
        for widget in (self, find, *named):
            widget.setFixedWidth(wide)
        if find.sizeHint().width() > wide:  # its key is in the tip as well
            find.setText(f"  {search.text}")

    def mark(self, page: type[Page] | None = None) -> None:
        """Show on the rail where one is; without a page, that one is still where one was."""
        self._marked = page or self._marked
        self.buttons[self._marked].setChecked(True)


def _button(text: str, icon: str, key: str) -> QToolButton:
    made = QToolButton()
    made.setText("  " + text)
    made.setAccessibleName(text)
    made.setToolTip(f"{text} ({shown(key)})")
    theme.follow(made, lambda button: button.setIcon(theme.icon(icon)))
    made.setIconSize(QSize(theme.px(ICON_PX), theme.px(ICON_PX)))
    styles = Qt.ToolButtonStyle
    made.setToolButtonStyle(styles.ToolButtonIconOnly if theme.stacked() else styles.ToolButtonTextBesideIcon)
    made.setProperty("rail", "folded" if theme.stacked() else "open")
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made


def _width() -> int:
    """Folded to its icons where the text is large: the tool tips say their names."""
    return theme.px(FOLDED_PX) if theme.stacked() else theme.px(WIDTH_PX)
