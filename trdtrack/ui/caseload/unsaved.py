"""What is typed and not saved, or answered and not confirmed, as tasks; an item 9 in it is open risk all the same."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from trdtrack.domain.handover import HANDED, read_handed
from trdtrack.domain.message import Message, message, plural
from trdtrack.domain.phq9 import ITEMS
from trdtrack.domain.refusals import Refusal
from trdtrack.domain.risk import item9_words
from trdtrack.ui.caseload.to_do import Task, What, pressing_first
from trdtrack.ui.entry.kept import read_draft
from trdtrack.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from trdtrack.caseload import Caseload
    from trdtrack.domain.drafts import Draft
    from trdtrack.domain.records import Assessment
    from trdtrack.ui.caseload.listed import Listed

PAPERS = "papers"
"""The papers form's draft, about several patients, and the field in it."""
_NAMED = 3
"""So many patients are named in the message line, and the rest counted."""


@dataclass(frozen=True)
class Unsaved:
    """The drafts of a caseload as they were last read."""

    drafts: list[Draft] = field(default_factory=list["Draft"])
    item9: dict[str, int] = field(default_factory=dict[str, int])
    """By a draft's key the answer of 1-3 that stands in it and not on record; the highest where it is about several."""
    papers: dict[str, int] = field(default_factory=dict[str, int])
    """By patient the answer of 1-3 that is typed among several patients' papers."""

    @classmethod
    def of(cls, caseload: Caseload) -> Unsaved:
        """Read them."""
        drafts = caseload.drafts()
        found = unconfirmed(drafts, caseload.assessments)
        typed = [pair for draft in drafts if draft.form == PAPERS for pair in _papers(draft.text)]
        if typed:
            found[PAPERS] = max(answer for _code, answer in typed)
        papers: dict[str, int] = {}
        for code, answer in typed:
            # A code that nobody has raises no row; the draft itself is still said to hold the answer.
            with suppress(Refusal):
                patient = caseload.patient_by_code(code).id
                papers[patient] = max(answer, papers.get(patient, 0))
        return cls(drafts, found, papers)

    def by_patient(self) -> dict[str, int]:
        """Return the highest such answer of each patient."""
        found = dict(self.papers)
        for draft in self.drafts:
            if draft.patient and (answer := self.item9.get(draft.form)):
                found[draft.patient] = max(answer, found.get(draft.patient, 0))
        return found

    def tasks(self, rows: Mapping[str, Listed]) -> list[Task]:
        """Return what there is to do about them, of patients in force."""
        return of_drafts(self.drafts, rows, self.item9)

    def waiting(self, rows: Mapping[str, Listed]) -> str:
        """Say whose answers wait to be confirmed, and whose unsaved entry holds an item 9; empty if nobody's."""
        waits = [(t, t.draft) for t in pressing_first(self.tasks(rows)) if t.draft and t.what is not What.DRAFT]
        who = [(is_handed(draft), (task.code, self.item9.get(draft.form, 0))) for task, draft in waits]
        handed, typed = ([one for is_, one in who if is_ is kind] for kind in (True, False))
        parts = (
            message("Answers are waiting: {who}", who=_who(handed)) if handed else None,
            message("Not saved yet: {who}", who=_who(typed)) if typed else None,
        )
        return ".  ".join(say(part) for part in parts if part)


def _who(found: Sequence[tuple[str, int]]) -> str:
    named = [
        say(message("{code}, {item9}", code=code, item9=item9_words(answer))) if answer else code
        for code, answer in found[:_NAMED]
    ]
    if rest := len(found) - len(named):
        named.append(say(plural("{n} more", "{n} more", rest)))
    return "; ".join(named)


def unconfirmed(drafts: Iterable[Draft], assessments: Callable[[str], list[Assessment]]) -> dict[str, int]:
    """Return, by the draft's key, each answer of 1-3 to item 9 that stands in a draft and not on record.

    `assessments` gives a patient's: a correction that leaves item 9 as it is asks for nothing new.
    """
    found: dict[str, int] = {}
    for draft in drafts:
        about, _colon, record = draft.form.partition(":")
        answer = _item9(about, draft.text)
        if answer and about == "correct":
            known = [a for a in assessments(draft.patient) if record in (a.id, a.session)]
            if any(a.answers and a.answers[-1] == answer for a in known):
                continue
        if answer:
            found[draft.form] = answer
    return found


def _item9(about: str, text: str) -> int:
    if about == HANDED:
        handed = read_handed(text)
        return (handed.answers[-1] or 0) if handed else 0
    if about in ("log", "correct"):
        sheet = read_draft(text)[0].get("sheet")
        if isinstance(sheet, list) and len(sheet) >= ITEMS and sheet[ITEMS - 1] in ("1", "2", "3"):
            return int(sheet[ITEMS - 1])
    return 0


def _papers(text: str) -> list[tuple[str, int]]:
    """Return code and answer wherever 1-3 is typed for item 9 in a draft of the papers form."""
    rows = read_draft(text)[0].get(PAPERS)
    if not isinstance(rows, list):
        return []
    found: list[tuple[str, int]] = []
    for row in cast("list[Any]", rows):
        match row:
            case [str(code), str(answers), *_] if code.strip() and answers[ITEMS - 1 : ITEMS] in {"1", "2", "3"}:
                found.append((code, int(answers[ITEMS - 1])))
            case _:
                pass
    return found


def of_drafts(drafts: Sequence[Draft], rows: Mapping[str, Listed], item9: Mapping[str, int]) -> list[Task]:
    """Return what is typed and not saved, of patients in force; `item9`: the drafts by key that hold one of 1-3."""
    found: list[Task] = []
    for draft in drafts:
        known = rows.get(draft.patient)
        if known or not draft.patient:
            code, name = (known.gist.code, known.gist.name) if known else ("", "")
            when, words = draft.at.astimezone().date(), draft_words(draft)
            what = What.HANDED if is_handed(draft) else What.DRAFT
            if (answer := item9.get(draft.form)) and not (known and known.gist.died):
                what, words = What.RISK, message("{what}: {item9}", what=words, item9=item9_words(answer))
            found.append(
                Task(what, words, when, overdue=False, patient=draft.patient, code=code, name=name, draft=draft)
            )
    return found


def is_handed(draft: Draft) -> bool:
    """Whether a draft holds what the patient answered on this screen."""
    return draft.form.startswith(f"{HANDED}:")


_FORMS = {
    HANDED: message("Handed answers to confirm"),
    "log": message("Session not saved yet"),
    "correct": message("Correction not saved yet"),
    "patient": message("Patient form not saved yet"),
    "course": message("Course form not saved yet"),
    "end": message("End of the course not saved yet"),
    "treatment": message("Treatment not saved yet"),
    "event": message("Event not saved yet"),
    "follow_up": message("Follow-up not saved yet"),
    "risk": message("Risk record not saved yet"),
    "letter": message("Letter not saved yet"),
    PAPERS: message("Papers not saved yet"),
    "settings": message("Settings not saved yet"),
}


def draft_words(draft: Draft) -> Message:
    """Return what a draft is one of."""
    handed = read_handed(draft.text) if is_handed(draft) else None
    if handed:
        words = message("Handed answers to confirm")
        if handed.done and handed.answered == ITEMS:
            return words
        return message("{what}, {n} of 9 answered", what=words, n=handed.answered)
    return _FORMS.get(draft.form.split(":")[0], message("Form not saved yet"))
