"""The to-do list: risk, answers to confirm, drafts, notes not finished, reviews, follow-ups, doubles, old records."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from trdtrack.domain.doubles import past_retention, probable_doubles
from trdtrack.domain.due import DueKind
from trdtrack.domain.message import Message, message, plural
from trdtrack.domain.months import months_later
from trdtrack.domain.place import follow_ups_on, reviews_on
from trdtrack.domain.risk import item9_words
from trdtrack.ui import theme
from trdtrack.ui.page import capital
from trdtrack.ui.rows import Column, Table
from trdtrack.ui.shortcuts import ON, bind
from trdtrack.words import _, day, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from trdtrack.caseload import Caseload
    from trdtrack.domain.drafts import Draft
    from trdtrack.domain.due import Due
    from trdtrack.domain.gist import Gist
    from trdtrack.ui.caseload.listed import Listed


class What(StrEnum):
    """The kinds of thing to do, the most pressing first."""

    RISK = "risk"
    HANDED = "handed"
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
    What.HANDED: message("To confirm"),
    What.DRAFT: message("Draft"),
    What.NOT_FINISHED: message("Not finished"),
    What.REVIEW: message("Review"),
    What.FOLLOW_UP: message("Follow-up"),
    What.DOUBLE: message("Probable double"),
    What.RETENTION: message("Past retention"),
}
_TONES = {What.RISK: "risk", What.HANDED: "review", What.NOT_FINISHED: "review", What.DRAFT: "review"}


@dataclass(frozen=True)
class Task:
    """One thing to do about one patient: of what kind it is due, if it is; `draft` what to go on typing in."""

    what: What
    words: Message
    when: date | None
    overdue: bool
    patient: str
    code: str
    name: str
    kind: DueKind | None = None
    draft: Draft | None = None

    def record_in(self, found: Sequence[Due]) -> str:
        """Return the id of the record it is about, of all that is due for the patient; empty if it was done since."""
        same = [d for d in found if d.what is self.kind and self.when in (None, d.day)]
        return same[0].record if same else ""


def asked(listed: Listed) -> tuple[Task, ...]:
    """Return what a patient's gist asks for on its day: the same as `due` says of the records."""
    gist, now = listed.gist, listed.today.toordinal()
    due = gist.asked_from is not None and gist.asked_from <= now
    again = gist.risk_again_day is not None and gist.risk_again_day <= now
    # Of ten thousand patients nine thousand ask for nothing.
    if gist.died or not (due or again or gist.risk_due or gist.packed_unfinished):
        return ()
    return tuple(_asked(listed))


def _asked(listed: Listed) -> Iterator[Task]:
    gist, today = listed.gist, listed.today

    def task(kind: DueKind, words: Message, when: date | None) -> Task:
        late = when is not None and when < today
        return Task(_OF_DUE[kind], words, when, late, gist.patient, gist.code, gist.name, kind=kind)

    if gist.risk_due is not None:
        words = message("{item9}: to be answered", item9=item9_words(gist.risk_due))
        yield task(DueKind.RISK_UNANSWERED, words, None)
    if listed.asked_again:
        yield task(DueKind.RISK_LOOK_AGAIN, message("look at the risk again"), gist.risk_again)
    for when in gist.unfinished:
        yield task(DueKind.NOT_FINISHED, message("session of {day} not finished", day=when), when)
    for when in reviews_on(gist, today):
        yield task(DueKind.COURSE_REVIEW, _review(gist, when), when)
    for when in follow_ups_on(gist, today):
        yield task(DueKind.FOLLOW_UP, message("follow-up of {day}", day=when), when)


def _review(gist: Gist, when: date) -> Message:
    start = gist.week_zero
    months = 12 * (when.year - start.year) + when.month - start.month if start else 0
    if start is None or months < 1 or months_later(start, months) != when:
        # Of another course that is still open: its start is not here.
        return message("review of the course")
    return plural("review of the course at {n} month", "review of the course at {n} months", months)


def pressing_first(found: Iterable[Task]) -> list[Task]:
    """Return tasks in order: the most pressing kind first, and of each kind the oldest."""
    order = {what: place for place, what in enumerate(What)}
    return sorted(found, key=lambda t: (order[t.what], t.when or date.max, t.code))


def of_records(listed: Iterable[Listed], caseload: Caseload, *, today: date) -> list[Task]:
    """Return what keeping the records asks for: probable doubles, and what is past the clinic's retention period."""
    found: list[Task] = []
    for one, other in probable_doubles(caseload.patients()):
        words = message("Probably the same person as {code}: same birth date, like name", code=other.code)
        found.append(Task(What.DOUBLE, words, None, overdue=False, patient=one.id, code=one.code, name=one.name))
    years = caseload.clinic().retention_years
    if years is not None:
        long_ago = (row for row in listed if row.gist.end and months_later(row.gist.end, 12 * years) < today)
        dossiers = [caseload.dossier(row.gist.patient) for row in long_ago]
        for patient, course in past_retention(dossiers, years, today=today):
            words = message("Ended more than {years} years ago", years=years)
            code, name = patient.code, patient.name
            found.append(
                Task(What.RETENTION, words, course.end, overdue=False, patient=patient.id, code=code, name=name)
            )
    return found


_COUNTED = {
    What.RISK: plural("{n} risk to look at", "{n} risks to look at", 0),
    What.HANDED: plural("{n} to confirm", "{n} to confirm", 0),
    What.DRAFT: plural("{n} draft", "{n} drafts", 0),
    What.NOT_FINISHED: plural("{n} note not finished", "{n} notes not finished", 0),
    What.REVIEW: plural("{n} review", "{n} reviews", 0),
    What.FOLLOW_UP: plural("{n} follow-up", "{n} follow-ups", 0),
}


def in_short(counts: Mapping[What, int], *kinds: What) -> str:
    """Return how much there is to do, in one line; of all that is asked for, or of the kinds given."""
    return "  ·  ".join(
        say(replace(_COUNTED[what], n=counts[what], fields={"n": counts[what]}))
        for what in kinds or _COUNTED
        if counts.get(what)
    )


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
                width=136,
            ),
            Column(_("Patient"), lambda t: t.code, strong=True, width=112),
            Column(_("Name"), lambda t: t.name, width=160, least=900),
            Column(_("What"), lambda t: capital(say(t.words)), stretch=True),
            Column(_("When"), lambda t: day(t.when) if t.when else "", width=112),
            Column(_("Overdue"), lambda t: _("overdue") if t.overdue else "", width=84, tone=lambda _t: "review"),
        ]
        self._all: list[Task] = []
        self.kind = theme.Choice()
        self.kind.setAccessibleName(_("Kind of task"))
        self.kind.currentIndexChanged.connect(lambda _index: self._show())
        self.discard = theme.button(_("Discard draft"), icon_name="trash-2")
        self.discard.setToolTip(_("Delete key"))
        self.discard.clicked.connect(self._discard)
        self.table: Table[Task] = Table(columns, name=_("To do"), opened=self.opened.emit, wrap=theme.stacked())
        self.table.selectionModel().currentRowChanged.connect(lambda _now, _before: self._chosen())
        bind("withdraw", self.table, self._discard, ON)
        self._nothing = theme.label(_("Nothing to do."), px=theme.HEADLINE_PX, tone="muted")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._nothing)
        head = QHBoxLayout()
        head.addWidget(self.kind)
        head.addStretch(1)
        head.addWidget(self.discard)
        self.foot = stack = QVBoxLayout(self)
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
        self.table.show_records(fitting, keep=lambda t: (t.what, t.patient, t.when, t.draft and t.draft.form))
        self._stack.setCurrentIndex(0 if fitting else 1)
        self._chosen()

    def _chosen(self) -> None:
        task = self.table.chosen()
        self.discard.setVisible(task is not None and task.draft is not None)

    def choose_waiting(self) -> None:
        """Put the cursor on the first draft that asks for something."""
        waits = (n for n, t in enumerate(self.table.rows.records) if t.draft and t.what is not What.DRAFT)
        self.table.selectRow(next(waits, 0))
        self.table.setFocus()

    def _discard(self) -> None:
        task = self.table.chosen()
        if task and task.draft:
            self.discarded.emit(task.draft)
