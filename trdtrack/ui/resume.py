"""Opens the form a draft belongs to, by the key the form gave it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.domain.handover import HANDED
from trdtrack.domain.records import Assessment, Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from trdtrack.domain.dossier import Dossier
    from trdtrack.domain.drafts import Draft
    from trdtrack.domain.records import OfPatient
    from trdtrack.ui.acts import Acts
    from trdtrack.ui.mending import Mending
    from trdtrack.ui.patient.page import PatientPage


def resume(draft: Draft, *, page: PatientPage | None, acts: Acts, mending: Mending, papers: Callable[[], None]) -> bool:
    """Open the draft's form over the patient's page, which shows the patient; False if what it is about is gone."""
    about, *rest = draft.form.split(":")
    if rest[:1] == ["new"] and about == "patient":
        acts.new_patient()
        return True
    if about == "papers":
        papers()
        return True
    if page is None or page.dossier is None or not rest:
        return False
    if rest[0] == "new":
        return _begin(about, rest[-1], page, acts)
    new_letter = about == "letter" and any(rest[0] == course.id for course in page.dossier.courses)
    if new_letter or about in ("log", HANDED, "course", "end"):
        return _of_course(about, rest[0], page, acts)
    if about == "patient":
        acts.edit_person()
    elif about == "merge":
        mending.merge(page.dossier.patient)
    else:
        record = _record(page.dossier, rest[0])
        if record is None:
            return False
        if isinstance(record, Session | Assessment):
            page.choose_course(record.course)
        if about == "move" and isinstance(record, Session | Assessment):
            mending.move(record)
        else:
            acts.correct(record)
    return True


def _begin(about: str, course: str, page: PatientPage, acts: Acts) -> bool:
    if about == "course":
        acts.new_course()
        return True
    if about == "follow_up":
        page.choose_course(course)
    acts.add(about)
    return True


def _of_course(about: str, course: str, page: PatientPage, acts: Acts) -> bool:
    page.choose_course(course)
    if page.course is None or page.course.id != course:
        return False
    # The log form fills in by itself what the patient answered.
    log = acts.log_session
    {"log": log, HANDED: log, "course": acts.edit_course, "end": acts.end_course, "letter": acts.write_letter}[about]()
    return True


def _record(d: Dossier, record: str) -> OfPatient | None:
    kinds = (d.sessions, d.assessments, d.treatments, d.events, d.follow_ups, d.risks, d.reviews, d.letters)
    return next((r for kind in kinds for r in kind if r.id == record), None)
