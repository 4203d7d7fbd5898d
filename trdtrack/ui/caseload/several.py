"""What can be done with several patients at once: a table of actions, each with the form that asks what it needs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from trdtrack.domain.edit import Edit, Step
from trdtrack.domain.message import Message, message, plural
from trdtrack.domain.refusals import Refusal
from trdtrack.ui import theme
from trdtrack.ui.entry.choosing import Check
from trdtrack.ui.entry.form import Form
from trdtrack.ui.entry.slots import Line
from trdtrack.words import _, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from trdtrack.caseload import Caseload
    from trdtrack.domain.gist import Gist
    from trdtrack.domain.records import Course, FollowUp, Patient
    from trdtrack.ui.desk import Desk

NAMED = 8
"""So many patients are named in a form's heading card; of more the number has to do."""


class AssignForm(Form):
    """Yields the edit that gives open courses to a therapist."""

    def __init__(
        self, courses: Sequence[Course], *, who: Sequence[Gist], therapists: Sequence[str], at: datetime
    ) -> None:
        super().__init__(
            say(plural("Assign {n} patient", "Assign {n} patients", len(who))), key="", patient_id="", at=at
        )
        self._courses = courses
        said = plural("{n} open course gets", "{n} open courses get", len(courses))
        parts = [
            theme.label(names(who), wrap=True),
            self.slot(Line("therapist", _("Therapist")).suggest(therapists), ""),
            theme.label(
                _("{what} this therapist; courses that ended keep theirs.").format(what=say(said)),
                tone="muted",
                wrap=True,
            ),
            self.why(),
        ]
        self.save_button.setText(_("Assign"))
        self.lay_out([self.section("", *parts)])

    def made(self) -> Edit:
        """Return the edit. Refuses where it would change nothing."""
        name = self.slots["therapist"].value().strip()
        if not name:
            raise Refusal(message("Type the therapist's name."), field="therapist")
        if not self._courses:
            raise Refusal(message("None of these patients has an open course."), field="therapist")
        pairs = [(course, replace(course, therapist=name)) for course in self._courses]
        return self.edit(message("Assign to a therapist"), *pairs)


class WithdrawForm(Form):
    """Yields the edit that withdraws what is planned for after the end; who is seen no more may be closed with it."""

    def __init__(
        self, follow_ups: Sequence[FollowUp], *, patients: Sequence[Patient], who: Sequence[Gist], at: datetime
    ) -> None:
        heading = plural("Withdraw {n} patient from follow-up", "Withdraw {n} patients from follow-up", len(who))
        super().__init__(say(heading), key="", patient_id="", at=at)
        self._follow_ups, self._patients = follow_ups, patients
        said = plural("{n} planned follow-up is withdrawn.", "{n} planned follow-ups are withdrawn.", len(follow_ups))
        hint = _("Nothing is asked for any more then but open risk and unfinished notes.")
        parts = [
            theme.label(names(who), wrap=True),
            theme.label(say(said), tone="muted", wrap=True),
            self.slot(Line("why", _("Why"), hint=_("Kept in the history beside the change")), ""),
            self.slot(
                Check("close", _("They are no longer in this clinic's care from today on"), hint=hint), value=False
            ),
        ]
        self.save_button.setText(_("Withdraw"))
        self.lay_out([self.section("", *parts)])

    def made(self) -> Edit:
        """Return the edit. Refuses without a reason, and where it would change nothing."""
        reason = self.slots["why"].value().strip()
        if not reason:
            raise Refusal(message("Say why: it stands in the history beside the change."), field="why")
        pairs: list[tuple[FollowUp | Patient, FollowUp | Patient]]
        pairs = [(one, replace(one, withdrawn=reason)) for one in self._follow_ups]
        if self.slots["close"].value():
            pairs += [(p, replace(p, closed=self.at.date())) for p in self._patients if p.closed is None]
        if not pairs:
            raise Refusal(message("None of these patients has a follow-up planned."), field="why")
        return Edit(message("Withdraw from follow-up"), tuple(Step(*pair) for pair in pairs), why=reason)


def names(who: Sequence[Gist]) -> str:
    """Name the patients, as far as that can be read."""
    said = ", ".join(gist.code for gist in who[:NAMED])
    more = len(who) - NAMED
    return say(plural("{who} and {n} more", "{who} and {n} more", more, who=said)) if more > 0 else said


def _assign(who: Sequence[Gist], caseload: Caseload, at: datetime) -> Form:
    found = cast("list[Course]", caseload.records("course", among=[gist.course for gist in who if gist.course]))
    courses = [c for c in found if c.end is None and not c.withdrawn]
    known = sorted({gist.therapist for gist in caseload.gists()} - {""})
    return AssignForm(courses, who=who, therapists=known, at=at)


def _withdraw(who: Sequence[Gist], caseload: Caseload, at: datetime) -> Form:
    wanted = [gist.patient for gist in who]
    found = cast("list[FollowUp]", caseload.records("follow_up", among=wanted, field="patient"))
    planned = [f for f in found if f.done is None and not f.withdrawn]
    patients = cast("list[Patient]", caseload.records("patient", among=wanted))
    return WithdrawForm(planned, patients=patients, who=who, at=at)


def _papers(who: Sequence[Gist], caseload: Caseload, at: datetime) -> Form:
    from trdtrack.ui.entry.papers import PapersForm

    return PapersForm(who, known=caseload.gists(), dossier=caseload.dossier, rules=caseload.rules(), at=at)


def _blank(who: Sequence[Gist], _caseload: Caseload, at: datetime) -> Form:
    from trdtrack.ui.entry.papers_blank import BlankForm

    return BlankForm(who, said=names(who), at=at)


def _export(who: Sequence[Gist], caseload: Caseload, at: datetime) -> Form:
    from trdtrack.exports import EXPORTS, Source
    from trdtrack.ui.caseload.unsaved import Unsaved
    from trdtrack.ui.exporting.form import ExportForm

    therapists = {gist.therapist for gist in who}
    source = Source(
        caseload,
        tuple(gist.patient for gist in who),
        at=at,
        today=at.date(),
        therapist=therapists.pop() if len(therapists) == 1 else "",
        unconfirmed=Unsaved.of(caseload).by_patient(),
    )
    # A letter is written and read over for one patient.
    kinds = [key for key, export in EXPORTS.items() if export.letter is None]
    return ExportForm(source, said=names(who), kinds=kinds, chosen="supervision")


def _carry_out(desk: Desk, made: Any, over: Callable[[], None]) -> None:
    from trdtrack.ui.exporting.errand import carry_out

    carry_out(desk, made, over)


def _write_blank(desk: Desk, made: Any, over: Callable[[], None]) -> None:
    from trdtrack.ui.entry.papers_blank import write_blank

    write_blank(desk, made, over)


@dataclass(frozen=True)
class Action:
    """Something done with the patients chosen: its name, and the form that asks what it needs.

    The form yields the one edit; else `act` does with what it yields what is to be done, and calls its last argument
    once the form is over.
    """

    name: Message
    """Short: the bar has to hold them all."""
    hint: Message
    form: Callable[[Sequence[Gist], Caseload, datetime], Form]
    act: Callable[[Desk, Any, Callable[[], None]], None] | None = None


PAPERS = Action(message("Enter papers…"), message("Type in the PHQ-9s they filled in on paper (Ctrl+G)"), _papers)
ACTIONS = (
    PAPERS,
    Action(message("Blank PHQ-9…"), message("Make a PDF to print, a page for each"), _blank, _write_blank),
    Action(message("Export…"), message("A supervision sheet, summaries, tables, FHIR"), _export, _carry_out),
    Action(message("Assign…"), message("Assign their open courses to a therapist"), _assign),
    Action(message("Withdraw…"), message("Withdraw what is planned for after the end of a course"), _withdraw),
)
"""In the order of the bar's buttons."""
