"""The form for a patient and the course of care: takes the records, or none, and yields an edit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QWidget

from trdtrack.caseload import drawn_with
from trdtrack.domain.edit import Edit, Step
from trdtrack.domain.message import message
from trdtrack.domain.records import Course, Modality, Patient, Presentation
from trdtrack.domain.refusals import Refusal
from trdtrack.ui import theme
from trdtrack.ui.entry.fields import DateField, Labelled, row
from trdtrack.ui.page import GROUND, card, column
from trdtrack.words import _, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from trdtrack.domain.benchmark import Benchmark

MODALITIES = {
    Modality.NOT_RECORDED: message("not recorded"),
    Modality.CBT: message("CBT"),
    Modality.BA: message("Behavioural activation"),
    Modality.CBASP: message("CBASP"),
    Modality.MBCT: message("MBCT"),
    Modality.IPT: message("IPT"),
    Modality.PSYCHODYNAMIC: message("Psychodynamic"),
    Modality.DBT: message("DBT"),
    Modality.OTHER: message("Other"),
}
_PRESENTATIONS = {
    Presentation.FIRST: message("First episode"),
    Presentation.RECURRENT: message("Recurrent"),
    Presentation.CHRONIC: message("Chronic"),
}


class PersonForm(QWidget):
    """A patient and the current course on one page. Yields an Edit by `accepted`; never sees the caseload."""

    accepted = Signal(object)
    left = Signal()

    def __init__(
        self, patient: Patient | None, course: Course | None, *, benchmarks: Sequence[Benchmark], today: date
    ) -> None:
        """`benchmarks` are those a course can be drawn with; a new one takes the first."""
        super().__init__()
        self._benchmarks = benchmarks
        self._patient, self._course, self._today = patient, course, today
        page = column(self, ground=GROUND)
        heading = _("New patient") if patient is None else _("Patient and course  ·  {code}").format(code=patient.code)
        page.addWidget(theme.label(heading, px=theme.TITLE_PX, strong=True))
        body = QHBoxLayout()
        body.setSpacing(theme.WIDE)
        body.addWidget(self._person(), 1)
        body.addWidget(self._care(), 1)
        page.addLayout(body)
        self.problem = theme.label(tone="risk", wrap=True)
        page.addWidget(self.problem)
        buttons = QHBoxLayout()
        buttons.addWidget(theme.label(_("Ctrl+Enter saves, Escape leaves"), px=theme.SMALL_PX, tone="muted"), 1)
        cancel = theme.button(_("Cancel"))
        cancel.clicked.connect(self.left.emit)
        self.save_button = theme.button(_("Save"), primary=True)
        self.save_button.clicked.connect(self.save)
        buttons.addWidget(cancel)
        buttons.addWidget(self.save_button)
        page.addLayout(buttons)
        page.addStretch(1)
        self._fill()
        self._at_start = self._state()
        for sequence in ("Ctrl+Return", "Ctrl+Enter", "Ctrl+S"):
            QShortcut(QKeySequence(sequence), self, self.save, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        QShortcut(QKeySequence("Escape"), self, self.left.emit, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def start(self) -> None:
        """Put the cursor where typing begins."""
        self.code.setFocus(Qt.FocusReason.OtherFocusReason)

    def _person(self) -> QWidget:
        sheet = card()
        stack = column(sheet, margin=theme.PAD, spacing=12)
        stack.addWidget(theme.label(_("Patient"), px=theme.HEADLINE_PX, strong=True))
        self.code, self.name, self.notes = QLineEdit(), QLineEdit(), QPlainTextEdit()
        self.born = DateField("date_of_birth", None, today=self._today)
        self.notes.setTabChangesFocus(True)
        self.notes.setFixedHeight(96)
        self._labelled = {
            "code": Labelled(_("Code"), self.code, hint=_("Your own, printed on every page; needed")),
            "name": Labelled(_("Name (optional)"), self.name),
            "date_of_birth": Labelled(_("Date of birth (optional)"), self.born),
            "notes": Labelled(_("Notes (optional)"), self.notes),
        }
        for part in self._labelled.values():
            stack.addWidget(part)
        stack.addStretch(1)
        return sheet

    def _care(self) -> QWidget:
        sheet = card()
        stack = column(sheet, margin=theme.PAD, spacing=12)
        stack.addWidget(theme.label(_("Course of care"), px=theme.HEADLINE_PX, strong=True))
        self.modality = theme.Choice()
        for name in MODALITIES.values():
            self.modality.addItem(say(name))
        self.presentation = {value: theme.Check(say(name)) for value, name in _PRESENTATIONS.items()}
        self.start_date = DateField("start", None, today=self._today)
        self.end_date = DateField("end", None, today=self._today)
        self.planned, self.medication = QLineEdit(), QLineEdit()
        self.planned.setMaxLength(9)
        self.benchmark = theme.Choice()
        for b in self._benchmarks:
            self.benchmark.addItem(_("{name}, version {version}").format(name=b.name, version=b.version))
        parts = {
            "benchmark": Labelled(_("Expected course"), self.benchmark, hint=_("Kept until it is changed here")),
            "modality": Labelled(_("Psychotherapy"), self.modality),
            "start": Labelled(_("Week 0"), self.start_date, hint=_("Blank: the first attended session")),
            "planned_sessions": Labelled(_("Planned sessions"), self.planned),
            "medication": Labelled(_("Current medication"), self.medication, hint=_("Drug and dose")),
            "end": Labelled(_("Ended on"), self.end_date, hint=_("Blank while the course is open")),
        }
        self._labelled |= parts
        stack.addWidget(parts["modality"])
        stack.addWidget(theme.label(_("Presentation"), px=theme.SMALL_PX, tone="muted"))
        boxes = row(*self.presentation.values())
        boxes.addStretch(1)
        stack.addLayout(boxes)
        stack.addLayout(row(parts["start"], parts["planned_sessions"], stretch=0))
        stack.addWidget(parts["medication"])
        stack.addWidget(parts["benchmark"])
        stack.addWidget(parts["end"])
        parts["end"].setVisible(self._course is not None)
        stack.addStretch(1)
        return sheet

    def _fill(self) -> None:
        patient, course = self._patient, self._course
        if patient:
            self.code.setText(patient.code)
            self.name.setText(patient.name)
            self.born.set_value(patient.date_of_birth)
            self.notes.setPlainText(patient.notes)
        if course:
            self.modality.setCurrentIndex(list(MODALITIES).index(course.modality))
            self.start_date.set_value(course.start)
            self.end_date.set_value(course.end)
            self.planned.setText(str(course.planned_sessions or ""))
            self.medication.setText(course.medication)
            for value, box in self.presentation.items():
                box.setChecked(value in course.presentation)
            self.benchmark.setCurrentIndex(self._benchmarks.index(drawn_with(course, self._benchmarks)))

    def save(self) -> None:
        """Make the edit and hand it over, or say beside the field what is wrong and keep all that was typed."""
        self.refuse(None)
        try:
            edit = self._edit()
        except Refusal as refusal:
            self.refuse(refusal)
            return
        self.accepted.emit(edit)

    def refuse(self, refusal: Refusal | None) -> None:
        """Show a refusal beside what caused it; None clears."""
        why, field = (say(refusal.what), refusal.field) if refusal else ("", None)
        for name, part in self._labelled.items():
            part.refuse(why if name == field else "")
        self.problem.setText("" if field in self._labelled else why)

    def _edit(self) -> Edit:
        patient = self._patient_record()
        course = self._course_record(patient.id)
        pairs = ((self._patient, patient), (self._course, course))
        steps = tuple(Step(before, after) for before, after in pairs if before != after)
        if not steps:
            raise Refusal(message("Nothing was changed."))
        if self._patient is None:
            return Edit(message("Add patient"), steps)
        return Edit(message("Correct patient") if self._course else message("Add course of care"), steps)

    def _patient_record(self) -> Patient:
        code, name, notes = self.code.text(), self.name.text(), self.notes.toPlainText()
        born = self.born.value()
        if self._patient:
            return replace(self._patient, code=code, name=name, date_of_birth=born, notes=notes)
        return Patient(code=code, name=name, date_of_birth=born, notes=notes)

    def _course_record(self, patient: str) -> Course:
        planned = self.planned.text().strip()
        if planned and not planned.isdecimal():
            raise Refusal(message("Planned sessions are a whole number from 1 to 999."), field="planned_sessions")
        return replace(
            self._course or Course(patient=patient),
            modality=list(MODALITIES)[self.modality.currentIndex()],
            presentation=tuple(value for value, box in self.presentation.items() if box.isChecked()),
            start=self.start_date.value(),
            end=self.end_date.value(),
            planned_sessions=int(planned) if planned else None,
            medication=self.medication.text().strip(),
            **self._benchmark_fields(),
        )

    def _benchmark_fields(self) -> dict[str, str]:
        chosen = self._benchmarks[self.benchmark.currentIndex()]
        if self._course and drawn_with(self._course, self._benchmarks) == chosen:
            return {}
        return {"benchmark": chosen.name, "benchmark_version": chosen.version}

    @property
    def changed(self) -> bool:
        """Whether anything was typed that leaving would lose, be it right or wrong."""
        return self._state() != self._at_start

    def _state(self) -> tuple[object, ...]:
        lines = (self.code, self.name, self.born, self.start_date, self.end_date, self.planned, self.medication)
        boxes = (box.isChecked() for box in self.presentation.values())
        return (*(line.text() for line in lines), *boxes, self.modality.currentIndex(), self.notes.toPlainText())
