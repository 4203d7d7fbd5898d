"""Going to where something is: what the search found, what the to-do list names, what a draft is of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.domain.due import due
from trdtrack.ui.caseload.to_do import What
from trdtrack.ui.caseload.unsaved import is_handed
from trdtrack.ui.evidence.page import EvidencePage
from trdtrack.ui.settings.clinic import DRAFT
from trdtrack.ui.settings.page import SettingsPage
from trdtrack.words import _

if TYPE_CHECKING:
    from trdtrack.domain.drafts import Draft
    from trdtrack.domain.finding import Found
    from trdtrack.ui.caseload.to_do import Task
    from trdtrack.ui.workspace import Workspace

_TABS = {
    "session": "sessions",
    "treatment": "treatment",
    "event": "events",
    "risk": "risk",
    "risk_review": "risk",
    "follow_up": "course",
    "course": "course",
    "letter": "letters",
}
_TASK_TABS = {What.RISK: "risk", What.NOT_FINISHED: "sessions", What.REVIEW: "course", What.FOLLOW_UP: "course"}


class Going:
    """Opens the patient at the tab that matters."""

    def __init__(self, place: Workspace) -> None:
        self._place = place

    def to_found(self, found: Found) -> None:
        """Show what the search found."""
        if not self._to_patient(found.patient):
            return
        page = self._place.patient_page
        if found.kind == "course":
            page.choose_course(found.record)
        if tab := _TABS.get(found.kind):
            page.turn_to(tab, found.record)

    def to_task(self, task: Task) -> None:
        """Show where a task is done, or open the form a draft belongs to."""
        if task.draft:
            self._to_draft(task.draft)
        elif self._to_patient(task.patient) and (tab := _TASK_TABS.get(task.what)):
            page, desk = self._place.patient_page, self._place.desk
            found = due(page.dossier, clinic=desk.caseload.clinic(), today=desk.today) if page.dossier else []
            page.turn_to(tab, task.record_in(found))

    def to_the_lines(self) -> None:
        """Show where the lines of the patient's chart come from."""
        summary = self._place.patient_page.summary
        self._place.go(EvidencePage)
        evidence = self._place.pages.get(EvidencePage)
        if isinstance(evidence, EvidencePage) and summary and summary.benchmark:
            evidence.show_benchmark(summary.benchmark)

    def _to_patient(self, patient: str) -> bool:
        place = self._place
        place.open_patient(patient)
        return place.showing_patient and place.patient_page.patient_id == patient

    def _to_draft(self, draft: Draft) -> None:
        from trdtrack.ui.resume import resume

        place = self._place
        if draft.form == DRAFT:
            place.go(SettingsPage)
            return
        page = place.patient_page if draft.patient and self._to_patient(draft.patient) else None
        if not resume(draft, page=page, acts=place.acts, mending=place.mending, papers=place.enter_papers):
            place.desk.show(_("What this draft is about is not there any more. It stays until you discard it."))

    def discard(self, draft: Draft) -> None:
        """Let a draft go, once it is said that this is meant."""
        place = self._place
        meant = _("What was typed there is then gone for good.")
        if is_handed(draft):
            meant = _("The patient's own answers are then gone for good, and were never part of the record.")
        if place.dialogs.confirm(meant, _("Discard draft")):
            place.desk.drop_draft(draft.form)
            place.caseload_page.tell_tasks()
