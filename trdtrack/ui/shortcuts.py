"""Every key of the program, once: actions are bound from here, and the sheet of keys and the help are made from it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

from trdtrack.words import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget


@dataclass(frozen=True)
class Key:
    """Keys that all do one thing, the usual one first, as Qt writes them. `held`: a widget takes them by itself."""

    keys: tuple[str, ...]
    does: str
    where: str
    held: bool = False

    @property
    def shown(self) -> str:
        """The keys for a person: each once, Return and Enter being one."""
        return _(" or ").join(dict.fromkeys(map(_written, self.keys)))


_NAMES = {
    "Ctrl": _("Ctrl"),
    "Shift": _("Shift"),
    "Alt": _("Alt"),
    "Return": _("Enter"),
    "Enter": _("Enter"),
    "Esc": _("Esc"),
    "Del": _("Del"),
    "Space": _("Space"),
    "Backspace": _("Backspace"),
    "Tab": _("Tab"),
    "Left": _("Left"),
    "Right": _("Right"),
    "Up": _("Up"),
    "Down": _("Down"),
    "Home": _("Home"),
    "End": _("End"),
}
"""What stands on the keys, in the language in force: Qt's words for them are not those on a keyboard."""


def _written(keys: str) -> str:
    sequence = QKeySequence(keys)
    if sys.platform == "darwin":  # signs, as its menus have them
        return sequence.toString(QKeySequence.SequenceFormat.NativeText)
    parts = sequence.toString(QKeySequence.SequenceFormat.PortableText).split("+")
    return "+".join(_NAMES.get(part, part) for part in parts)


_ANYWHERE = _("Anywhere")
_LIST = _("List of patients")
_PATIENT = _("A patient's page")
_CHART = _("Chart")
_TABLE = _("Tables")
_FORM = _("Forms")
_QUESTIONS = _("The nine questions")
_HANDED = _("Screen handed over")
_HELP = _("Help")
_ABOUT = _("About TRDTrack")
_TOUR = _("Tour")
_STEPS = _("First steps")

KEYS: dict[str, Key] = {
    "help": Key(("F1",), _("Help for what you are looking at"), _ANYWHERE),
    "keys": Key(("?",), _("Show this sheet of keys"), _ANYWHERE),
    "find": Key(("Ctrl+K",), _("Search patients, notes and commands"), _ANYWHERE),
    "search": Key(("Ctrl+F",), _("Find a patient in the list"), _ANYWHERE),
    "caseload": Key(("Ctrl+1",), _("Go to the caseload"), _ANYWHERE),
    "evidence": Key(("Ctrl+2",), _("Go to the evidence"), _ANYWHERE),
    "outcomes": Key(("Ctrl+3",), _("Go to the outcomes"), _ANYWHERE),
    "settings": Key(("Ctrl+4",), _("Go to the settings"), _ANYWHERE),
    "history": Key(("Ctrl+H",), _("Go to the history"), _ANYWHERE),
    "back": Key(("Alt+Left",), _("Back to the caseload"), _ANYWHERE),
    "new patient": Key(("Ctrl+N",), _("New patient"), _ANYWHERE),
    "papers": Key(("Ctrl+G",), _("Enter several papers"), _ANYWHERE),
    "undo": Key(("Ctrl+Z",), _("Take the last change back"), _ANYWHERE),
    "redo": Key(("Ctrl+Shift+Z", "Ctrl+Y"), _("Do it again"), _ANYWHERE),
    "lock": Key(("Ctrl+L",), _("Lock"), _ANYWHERE),
    "quit": Key(("Ctrl+Q",), _("End the program"), _ANYWHERE),
    "next": Key(("Tab", "Shift+Tab"), _("Go on to the next control, or back"), _ANYWHERE, held=True),
    "choose row": Key(("Up", "Down"), _("Choose a row"), _LIST, held=True),
    "open row": Key(("Return",), _("Open the patient"), _LIST, held=True),
    "mark row": Key(("Space",), _("Choose several, one by one"), _LIST, held=True),
    "choose all": Key(("Ctrl+A",), _("Choose all that are shown"), _LIST, held=True),
    "choose none": Key(("Escape",), _("Choose none"), _LIST, held=True),
    "log": Key(("L",), _("Log a session with its PHQ-9"), _PATIENT),
    "hand over": Key(("Ctrl+Shift+H",), _("Let the patient answer on this screen"), _PATIENT),
    "patient view": Key(("P",), _("Turn the screen to the patient, and back"), _PATIENT),
    "edit patient": Key(("E",), _("Edit the patient"), _PATIENT),
    "edit course": Key(("C",), _("Edit the course"), _PATIENT),
    "risk": Key(("R",), _("Risk record"), _PATIENT),
    "export": Key(("X",), _("Export as PDF or another file"), _PATIENT),
    "scores": Key(("Left", "Right"), _("Read the scores one by one"), _CHART, held=True),
    "first score": Key(("Home", "End"), _("The first and the last score"), _CHART, held=True),
    "open score": Key(("Return",), _("Open the score"), _CHART, held=True),
    "zoom": Key(("+", "-", "0"), _("Zoom in, zoom out, show all"), _CHART, held=True),
    "pan": Key(("Shift+Left", "Shift+Right"), _("Move what is shown"), _CHART, held=True),
    "copy": Key(("Ctrl+C",), _("Copy a picture of the chart"), _CHART),
    "open": Key(("Return",), _("Open or correct the row"), _TABLE, held=True),
    "withdraw": Key(("Delete",), _("Withdraw the row, or discard the draft"), _TABLE),
    "move": Key(("M",), _("Move a score or session to another course"), _TABLE),
    "save": Key(("Ctrl+Return", "Ctrl+Enter", "Ctrl+S"), _("Save"), _FORM),
    "leave": Key(("Escape",), _("Leave the form, or close what lies over the page"), _FORM),
    "day": Key(("Up", "Down"), _("In a date: a day later or earlier"), _FORM, held=True),
    "answer": Key(("0", "1", "2", "3"), _("Answer, and go on to the next question"), _QUESTIONS, held=True),
    "no answer": Key(("Space",), _("Leave the question without an answer"), _QUESTIONS, held=True),
    "question": Key(("Up", "Down"), _("Go to the question before or after"), _QUESTIONS, held=True),
    "give": Key(("0", "1", "2", "3"), _("Answer, and go on to the next question"), _HANDED, held=True),
    "go back": Key(("Left", "Backspace"), _("Back to the question before"), _HANDED, held=True),
    "end": Key(("Escape",), _("Ask for the passphrase"), _HANDED, held=True),
    "search help": Key(("Ctrl+F",), _("Search all pages"), _HELP),
    "next passage": Key(("Return", "Shift+Return"), _("The next passage found, or the one before"), _HELP, held=True),
    "page before": Key(("Alt+Left",), _("The page before"), _HELP),
    "page after": Key(("Alt+Right",), _("Forward again"), _HELP),
    "leave help": Key(("Escape",), _("Back to where you were"), _HELP),
    "leave about": Key(("Escape",), _("Back to where you were"), _ABOUT),
    "stops": Key(("Left", "Right"), _("The stop before, or the next"), _TOUR, held=True),
    "end tour": Key(("Escape",), _("End the tour"), _TOUR, held=True),
    "leave steps": Key(("Escape",), _("Leave the first steps"), _STEPS, held=True),
}


def shown(name: str) -> str:
    """Return the usual key for something, as it is written beside it."""
    return _written(KEYS[name].keys[0])


def bind(
    name: str,
    parent: QWidget,
    act: Callable[[], object],
    context: Qt.ShortcutContext = Qt.ShortcutContext.WindowShortcut,
) -> None:
    """Let the keys for something do it, wherever `context` says."""
    for keys in KEYS[name].keys:
        made = QShortcut(QKeySequence(keys), parent, act, context=context)
        made.setObjectName(name)
        made.setWhatsThis(KEYS[name].does)


WITHIN = Qt.ShortcutContext.WidgetWithChildrenShortcut
"""While the focus is in a part of the window or in what it holds."""
ON = Qt.ShortcutContext.WidgetShortcut
"""While the focus is on the widget itself."""
