"""The patient page, what is written down there and what puts it right: made when first wanted, and wired together."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QShortcut

from trdtrack.ui.caseload.page import CaseloadPage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trdtrack.domain.records import Letter
    from trdtrack.domain.summary import Summary
    from trdtrack.ui.acts import Acts
    from trdtrack.ui.mending import Mending
    from trdtrack.ui.patient.page import PatientPage
    from trdtrack.ui.workspace import Workspace


class OfPatient:
    """The list is not to wait for the chart's libraries, nor for forms nobody has asked for."""

    def __init__(self, place: Workspace) -> None:
        self._place = place

    @cached_property
    def page(self) -> PatientPage:
        """The page of one patient."""
        from trdtrack.ui.patient.page import PatientPage

        place = self._place
        page = PatientPage(place.desk)
        place.stack.addWidget(page)
        page.back.connect(lambda: place.go(CaseloadPage))
        page.log.connect(place.log_session)
        page.head.hand_over.connect(place.hand_over)
        page.asked.connect(lambda name: self.acts.ask(name) or self.mending.ask(name))
        page.add.connect(self.acts.add)
        page.correct.connect(self.acts.correct)
        page.relocate.connect(self.mending.move)
        page.withdraw.connect(self.mending.withdraw)
        page.restore.connect(self.mending.restore)
        page.export.connect(place.export)
        page.explain.connect(place.going.to_the_lines)
        page.patient_view.connect(self.turn_to_patient)
        page.save_chart.connect(place.save_chart)
        page.send_letter.connect(self.send)
        page.redate.connect(self.mending.redate)
        page.as_baseline.connect(self.mending.as_baseline)
        return page

    def export(self, chosen: str) -> None:
        """Open the form for an export of the patient shown, the one asked for chosen in it."""
        from trdtrack.exports import EXPORTS

        s = self.page.summary
        kinds = [key for key, e in EXPORTS.items() if e.letter is None and (s is not None or not e.needs_course)]
        self._export(chosen, kinds, {})

    def send(self, letter: Letter) -> None:
        """Open the form that lets a letter out: to a file, or printed."""
        self._export("letter", ["letter", "docx"], {letter.patient: letter})

    def _export(self, chosen: str, kinds: Sequence[str], letters: dict[str, Letter]) -> None:
        from trdtrack.ui.caseload.unsaved import Unsaved
        from trdtrack.ui.exporting.errand import carry_out
        from trdtrack.ui.exporting.form import ExportForm

        page, desk = self.page, self._place.desk
        if page.dossier is None:
            return
        patient, course = page.dossier.patient, page.course
        source = replace(
            desk.source(patient.id, course=course.id if course else ""),
            therapist=course.therapist if course else "",
            letters=letters,
            unconfirmed=Unsaved.of(desk.caseload).by_patient(),
        )
        said = "  ·  ".join(part for part in (patient.code, patient.name) if part)
        self._place.forms.open(ExportForm(source, said=said, kinds=kinds, chosen=chosen), act=partial(carry_out, desk))

    def turn_to_patient(self, summary: Summary) -> None:
        """Cover everything with a view fit for the patient; the keys that lead elsewhere are silent meanwhile."""
        from trdtrack.ui.patient.view import PatientView

        place = self._place
        silent = [key for key in place.findChildren(QShortcut) if key.isEnabled()]
        hidden = [part for part in (place.rail, place.room) if part.isVisibleTo(place)]
        view = PatientView(summary)

        def back() -> None:
            view.hide()
            view.deleteLater()
            for part in hidden:
                part.show()
            for key in silent:
                key.setEnabled(True)
            self.page.take_focus()

        for key in silent:
            key.setEnabled(False)
        for part in hidden:
            part.hide()
        place.desk.show("")
        view.left.connect(back)
        place.layout().addWidget(view)  # pyright: ignore[reportOptionalMemberAccess]
        view.take_focus()

    @property
    def shown(self) -> bool:
        """Whether the patient page is what one sees."""
        made = self.__dict__.get("page")
        return made is not None and self._place.stack.currentWidget() is made

    @property
    def under_form(self) -> bool:
        """Whether a form lies over the patient page."""
        made = self.__dict__.get("page")
        return made is not None and self._place.form is not None and self._place.forms.before is made

    @cached_property
    def acts(self) -> Acts:
        """What is written down about the patient shown."""
        from trdtrack.ui.acts import Acts

        return Acts(self._place.desk, self._place.forms, lambda: self.page, self._place.open_patient)

    @cached_property
    def mending(self) -> Mending:
        """What puts mistakes right."""
        from trdtrack.ui.mending import Mending

        return Mending(self._place.desk, self._place.forms, lambda: self.page, self._place.open_patient)
