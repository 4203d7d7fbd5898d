"""The to-do list: what item 9 asks for, notes not finished, reviews, follow-ups, drafts, doubles, old records."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from trdtrack.domain.doubles import past_retention, probable_doubles
from trdtrack.domain.due import DueKind
from trdtrack.domain.message import Message, message, plural
from trdtrack.ui import theme
from trdtrack.ui.page import capital
from trdtrack.ui.rows import Column, Table
from trdtrack.words import _, day, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from trdtrack.domain.drafts import Draft
    from trdtrack.domain.records import Clinic
    from trdtrack.ui.caseload.listed import Listed


class What(StrEnum):
    """The kinds of thing to do, the most pressing first."""

    RISK = "risk"
    DRAFT = "draft"
    NOT_FINISHED = "not finished"
    REVIEW = "review"
    FOLLOW_UP = "follow-up"
    DOUBLE = "double"
    RETENTION = "retention"


_OF_DUE = {
    DueKind.RISK_UNANSWERED: What.RISK,
    DueKind.RISK_LOOK_AGAIN: What.RISK,
    DueKind.NOT_FINISHED: What.NOT_FINISHED,
    DueKind.COURSE_REVIEW: What.REVIEW,
    DueKind.FOLLOW_UP: What.FOLLOW_UP,
}
NAMES = {
    What.RISK: message("Risk"),
    What.DRAFT: message("Draft"),
    What.NOT_FINISHED: message("Not finished"),
    What.REVIEW: message("Review"),
    What.FOLLOW_UP: message("Follow-up"),
    What.DOUBLE: message("Probable double"),
    What.RETENTION: message("Past retention"),
}
_TONES = {What.RISK: "risk", What.NOT_FINISHED: "review", What.DRAFT: "review"}


@dataclass(frozen=True)
class Task:
    """One thing to do about one patient. `record` is what to show; `draft` what to go on typing in."""

    what: What
    words: Message
    when: date | None
    overdue: bool
    patient: str
    code: str
    name: str
    record: str = ""
    draft: Draft | None = None


def tasks(listed: Sequence[Listed], drafts: Sequence[Draft], *, clinic: Clinic, today: date) -> list[Task]:
    """Return all there is to do, the most pressing kind first, and of each kind the oldest."""
    names = {row.patient.id: row.patient for row in listed}

    def task(what: What, words: Message, when: date | None, patient: str, **more: object) -> Task:
        known = names.get(patient)
        code, name = (known.code, known.name) if known else ("", "")
        return Task(what, words, when, more.pop("overdue", False) is True, patient, code, name, **more)  # pyright: ignore[reportArgumentType]

    found = [
        task(_OF_DUE[d.what], d.words, d.day, d.patient, record=d.record, overdue=d.overdue)
        for row in listed
        for d in row.due
    ]
    found += [
        task(What.DRAFT, draft_words(d), d.at.astimezone().date(), d.patient, draft=d)
        for d in drafts
        if not d.patient or d.patient in names
    ]
    for one, other in probable_doubles([row.patient for row in listed]):
        words = message("Probably the same person as {code}: same birth date, like name", code=other.code)
        found.append(task(What.DOUBLE, words, None, one.id))
    for patient, course in past_retention([row.dossier for row in listed], clinic.retention_years, today=today):
        words = message("Ended more than {years} years ago", years=clinic.retention_years)
        found.append(task(What.RETENTION, words, course.end, patient.id))
    order = list(What)
    return sorted(found, key=lambda t: (order.index(t.what), t.when is None, t.when or today))


_FORMS = {
    "log": message("Session not saved yet"),
    "correct": message("Correction not saved yet"),
    "patient": message("Patient form not saved yet"),
    "course": message("Course form not saved yet"),
    "end": message("End of the course not saved yet"),
    "treatment": message("Treatment not saved yet"),
    "event": message("Event not saved yet"),
    "follow_up": message("Follow-up not saved yet"),
    "risk": message("Risk record not saved yet"),
}


def draft_words(draft: Draft) -> Message:
    """Return what a draft is one of."""
    return _FORMS.get(draft.form.split(":")[0], message("Form not saved yet"))


def in_short(found: Sequence[Task]) -> str:
    """Return how much there is to do, in one line for the page's head."""
    counts = {what: sum(task.what is what for task in found) for what in What}
    parts = (
        plural("{n} risk", "{n} risk", counts[What.RISK]),
        plural("{n} draft", "{n} drafts", counts[What.DRAFT]),
        plural("{n} note not finished", "{n} notes not finished", counts[What.NOT_FINISHED]),
        plural("{n} review", "{n} reviews", counts[What.REVIEW]),
        plural("{n} follow-up", "{n} follow-ups", counts[What.FOLLOW_UP]),
    )
    return "  ·  ".join(say(part) for part in parts if part.n)


class ToDo(QWidget):
    """Enter goes where it is done; a draft can be let go with Delete."""

    opened = Signal(object)
    discarded = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        columns: list[Column[Task]] = [
            Column(
                _("Kind"),
                lambda t: f"■ {say(NAMES[t.what])}" if t.what is What.RISK else say(NAMES[t.what]),
                tone=lambda t: _TONES.get(t.what, "muted"),
            ),
            Column(_("Patient"), lambda t: t.code, strong=True),
            Column(_("Name"), lambda t: t.name, width=160, least=900),
            Column(_("What"), lambda t: capital(say(t.words)), stretch=True),
            Column(_("When"), lambda t: day(t.when) if t.when else ""),
            Column(_("Overdue"), lambda t: _("overdue") if t.overdue else "", tone=lambda _t: "review"),
        ]
        self._all: list[Task] = []
        self.kind = theme.Choice()
        self.kind.setAccessibleName(_("Kind of task"))
        self.kind.currentIndexChanged.connect(lambda _index: self._show())
        self.discard = theme.button(_("Discard draft"), icon_name="trash-2")
        self.discard.setToolTip(_("Delete key"))
        self.discard.clicked.connect(self._discard)
        self.table: Table[Task] = Table(columns, name=_("To do"), opened=self.opened.emit)
        self.table.selectionModel().currentRowChanged.connect(lambda _now, _before: self._chosen())
        QShortcut(QKeySequence("Delete"), self.table, self._discard, context=Qt.ShortcutContext.WidgetShortcut)
        self._nothing = theme.label(_("Nothing to do."), px=theme.HEADLINE_PX, tone="muted")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._nothing)
        head = QHBoxLayout()
        head.addWidget(self.kind)
        head.addStretch(1)
        head.addWidget(self.discard)
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, theme.GAP, 0, 0)
        stack.addLayout(head)
        stack.addWidget(self._stack, 1)

    def show_tasks(self, found: list[Task]) -> None:
        """Show what there is to do."""
        self._all = found
        chosen = self.kind.currentData()
        self.kind.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self.kind.clear()
        self.kind.addItem(_("Everything ({n})").format(n=len(found)), "")
        for what in What:
            if n := sum(task.what is what for task in found):
                self.kind.addItem(f"{say(NAMES[what])} ({n})", what.value)
        self.kind.setCurrentIndex(max(self.kind.findData(chosen), 0))
        self.kind.blockSignals(False)  # noqa: FBT003
        self._show()

    def _show(self) -> None:
        kind = self.kind.currentData()
        fitting = [task for task in self._all if not kind or task.what == kind]
        self.table.show_records(fitting, keep=lambda t: (t.what, t.patient, t.record, t.draft and t.draft.form))
        self._stack.setCurrentIndex(0 if fitting else 1)
        self._chosen()

    def _chosen(self) -> None:
        task = self.table.chosen()
        self.discard.setVisible(task is not None and task.draft is not None)

    def _discard(self) -> None:
        task = self.table.chosen()
        if task and task.draft:
            self.discarded.emit(task.draft)
