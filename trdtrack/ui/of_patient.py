"""The patient page, what is written down there and what puts it right: made when first wanted, and wired together."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtGui import QShortcut

from trdtrack.ui.caseload.page import CaseloadPage

if TYPE_CHECKING:
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
        page.redate.connect(self.mending.redate)
        page.as_baseline.connect(self.mending.as_baseline)
        return page

    def turn_to_patient(self, summary: Summary) -> None:
        """Cover everything with a view fit for the patient; the keys that lead elsewhere are silent meanwhile."""
        from trdtrack.ui.patient.view import PatientView

        place = self._place
        silent = [key for key in place.findChildren(QShortcut) if key.isEnabled()]
        hidden = [part for part in (place.rail, place.stack) if part.isVisibleTo(place)]
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
