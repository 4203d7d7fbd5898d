"""The patient page's head: who it is, which course is looked at, and what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from trdtrack.exports import EXPORTS
from trdtrack.ui import theme
from trdtrack.ui.patient.facts import age_words, course_line, course_name
from trdtrack.words import _, say

if TYPE_CHECKING:
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QPushButton

    from trdtrack.domain.dossier import Dossier
    from trdtrack.domain.summary import Summary

EDITS = (
    ("patient", _("Patient…"), "E"),
    ("course", _("Course…"), "C"),
    ("new course", _("New course…"), ""),
    ("end", _("End course…"), ""),
    ("withdraw course", _("Withdraw course…"), ""),
)
MORE = (
    ("event", _("Event…"), ""),
    ("treatment", _("Treatment…"), ""),
    ("risk", _("Risk record by hand…"), "R"),
    ("blank", _("Blank PHQ-9 to print…"), ""),
    ("merge", _("Merge with another record…"), ""),
    ("withdraw", _("Withdraw patient…"), ""),
    ("erase", _("Erase…"), ""),
)
_ASKED = {
    "letter": _("Letter\u2026"),
    "copy sentence": _("Copy sentence"),
    "copy picture": _("Copy picture") + "\tCtrl+C",
}
_GROUPS = (
    ("pdf", "own", "expectation", "letter"),
    ("supervision", "record"),
    ("csv", "xlsx", "tables", "json", "fhir", "research"),
    ("copy sentence", "copy picture"),
)
"""What the Export menu offers: papers, those of a kind of their own, data, and what goes by the clipboard."""
COURSES_PX = 256
INDENT_PX = 28


class Head(QWidget):
    """Says by `asked` what is to be done, by the names above; a course chosen by its id."""

    back = Signal()
    log = Signal()
    hand_over = Signal()
    """The patient is to answer on this screen."""
    asked = Signal(str)
    export = Signal(str)
    course_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(2)
        head = theme.row() if theme.stacked() else QHBoxLayout()
        head.setSpacing(theme.GAP)
        stack.addLayout(head)
        back = theme.button("", icon_name="chevron-left", flat=True)
        back.setAccessibleName(_("Back to the caseload"))
        back.setToolTip(_("Back to the caseload (Alt+Left)"))
        back.clicked.connect(self.back.emit)
        self.heading = theme.Elided(px=theme.TITLE_PX, strong=True)
        self.courses = theme.Choice()
        self.courses.setAccessibleName(_("Course of care"))
        self.courses.setFixedWidth(theme.px(COURSES_PX))
        self.courses.activated.connect(lambda _index: self.course_chosen.emit(self.courses.currentData()))
        self.subheading = theme.label(tone="muted", wrap=True)
        self.actions_by_name: dict[str, QAction] = {}
        edit = self._menu(_("Edit"), "", EDITS)
        self.export_button = theme.button(_("Export"))
        self.export_button.setToolTip(_("Papers, letters and data out of the program, or printed (X)"))
        self.export_button.setMenu(self._exports())
        # The code beside it may be long: three dots say it too.
        more = self._menu("", "ellipsis", MORE)
        more.setAccessibleName(_("More"))
        more.setToolTip(_("More to write down, or to put right"))
        self.log_button = theme.button("", icon_name="clipboard-pen", primary=True)
        self.log_button.setToolTip(_("Log a session and its PHQ-9 (L)"))
        self.log_button.clicked.connect(self.log.emit)
        self.hand_over_button = theme.button(_("Hand over"), flat=True)
        self.hand_over_button.setProperty("slim", True)  # noqa: FBT003 - Qt's signature
        self.hand_over_button.setToolTip(_("Let the patient answer the PHQ-9 on this screen (Ctrl+Shift+H)"))
        self.hand_over_button.clicked.connect(self.hand_over.emit)
        head.addWidget(back)
        head.addWidget(self.heading, 1)
        for widget in (edit, more, self.export_button, self.log_button):
            head.addWidget(widget)
        below = QHBoxLayout()
        below.setSpacing(theme.PAD)
        below.addSpacing(INDENT_PX + theme.GAP)
        below.addWidget(self.subheading, 1)
        below.addWidget(self.courses)
        below.addWidget(self.hand_over_button, alignment=Qt.AlignmentFlag.AlignTop)
        stack.addLayout(below)

    def _exports(self) -> QMenu:
        menu = QMenu(self.export_button)
        for names in _GROUPS:
            for name in names:
                asked = self.asked.emit if name in _ASKED else self.export.emit
                words = _ASKED[name] if name in _ASKED else f"{say(EXPORTS[name].name)}\u2026"
                self.actions_by_name[name] = menu.addAction(words, lambda name=name, asked=asked: asked(name))
            menu.addSeparator()
        return menu

    def _menu(self, text: str, icon: str, entries: tuple[tuple[str, str, str], ...]) -> QPushButton:
        button = theme.button(text, icon_name=icon)
        menu = QMenu(button)
        for name, words, key in entries:
            shown = f"{words}\t{key}" if key else words
            self.actions_by_name[name] = menu.addAction(shown, lambda name=name: self.asked.emit(name))
        button.setMenu(menu)
        return button

    def draw(self, dossier: Dossier, s: Summary | None) -> None:
        """Show whose page it is and what can be done with it now."""
        # The name may be long: it gives way, the code before it never does.
        patient = dossier.patient
        self.heading.show_text("  ·  ".join(part for part in (patient.code, patient.name) if part), first=patient.code)
        nothing = "  ·  ".join(part for part in (age_words(dossier, None), _("No course of care yet.")) if part)
        self.subheading.setText(course_line(s) if s else nothing)
        self.courses.clear()
        for course in reversed(dossier.courses):
            self.courses.addItem(course_name(dossier, course), course.id)
        self.courses.setCurrentIndex(self.courses.findData(s.course.id) if s else -1)
        self.courses.setVisible(len(dossier.courses) > 1)
        theme.say_on(self.log_button, _("Log follow-up") if s and s.ended else _("Log session"))
        for button in (self.log_button, self.hand_over_button):
            button.setEnabled(s is not None)
        for names in _GROUPS:
            for name in names:
                able = s is not None or (name not in _ASKED and not EXPORTS[name].needs_course)
                self.actions_by_name[name].setEnabled(able)
        open_course = any(c.end is None for c in dossier.courses)
        for name, able in (
            ("course", s is not None),
            ("new course", not open_course and not dossier.died),
            ("withdraw course", s is not None),
            ("end", s is not None and s.course.end is None),
            ("risk", not any(r.closed is None for r in dossier.risks)),
        ):
            self.actions_by_name[name].setEnabled(able)
