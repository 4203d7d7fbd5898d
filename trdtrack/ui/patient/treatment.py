"""The treatment tab: what was tried and what it counts for, the criterion of resistance, staging and guidance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.domain.guidance import modality_guidance, referral_prompt, why_no_prompt
from trdtrack.domain.medication import drug_words
from trdtrack.domain.records import Role, Treatment
from trdtrack.domain.resistance import LOOSER_RULES, MET_WORDS, VERDICT_WORDS, Verdict, criterion_of
from trdtrack.domain.staging import maudsley
from trdtrack.domain.thase_rush import thase_rush
from trdtrack.ui.entry.choices import LATERALITIES, ROLES, TRIAL_OUTCOMES
from trdtrack.ui.patient.record_list import RecordList
from trdtrack.ui.reading import Passage, Reading
from trdtrack.ui.rows import Column
from trdtrack.words import _, month, named, say

if TYPE_CHECKING:
    from datetime import date

    from trdtrack.domain.dossier import Dossier
    from trdtrack.domain.message import Message
    from trdtrack.domain.records import Course, Rules
    from trdtrack.domain.resistance import Criterion


class TreatmentTab(RecordList):
    """Every treatment with its verdict, and beside it what they add up to, point by point."""

    def __init__(self) -> None:
        columns: list[Column[Treatment]] = [
            Column(_("Treatment"), _what, strong=True, stretch=True),
            Column(_("Taken"), _taken),
            Column(_("Outcome"), lambda t: say(TRIAL_OUTCOMES[t.outcome]) if t.outcome else "", least=480),
            Column(_("Criterion"), self._verdict, tone=self._tone),
        ]
        self._verdicts: dict[str, tuple[Verdict, Message]] = {}
        super().__init__(columns, name=_("Treatments"), add=_("Add treatment"))
        self.reading = Reading(name=_("Treatment resistance, staging and guidance"))
        self.put_beside(self.reading, stretch=2)

    def draw(self, dossier: Dossier, course: Course | None, *, rules: Rules, today: date) -> None:
        """Show a patient's treatments and what the rules say of them."""
        found = criterion_of(dossier, rules)
        self._verdicts = {t.id: (verdict, why) for t, verdict, why in found.trials}
        self.fill(dossier.treatments[::-1], [r for r in dossier.withdrawn if isinstance(r, Treatment)])
        passages = [
            Passage(
                _("Criterion of treatment resistance: {met}").format(met=say(MET_WORDS[found.met])),
                f"{say(found.why)}.".replace("..", "."),
                tuple((drug_words(t), named(say(VERDICT_WORDS[v]), say(why))) for t, v, why in found.trials),
            ),
            Passage(text=say(LOOSER_RULES), tone="muted"),
        ]
        if prompt := referral_prompt(dossier, found, today=today):
            passages.insert(0, Passage(_("To discuss"), say(prompt)))
        elif not dossier.died and (why := why_no_prompt(dossier, found, today=today)):
            passages.append(Passage(text=_("Psychotherapy is not proposed: {why}.").format(why=say(why)), tone="muted"))
        passages += staged(dossier, found, on=today)
        passages += guided(course)
        self.reading.show_passages(passages)

    def _verdict(self, treatment: Treatment) -> str:
        found = self._verdicts.get(treatment.id)
        return say(VERDICT_WORDS[found[0]]) if found else ""

    def _tone(self, treatment: Treatment) -> str:
        found = self._verdicts.get(treatment.id)
        return "ink" if found and found[0] is Verdict.COUNTS else "muted"


def _what(treatment: Treatment) -> str:
    if treatment.role is Role.ECT:
        return f"{say(ROLES[Role.ECT])}, {say(LATERALITIES[treatment.laterality])}"
    return drug_words(treatment)


def _taken(treatment: Treatment) -> str:
    start = _month(treatment.start)
    if treatment.still_taken:
        return _("since {start}").format(start=start) if start else _("now")
    end = _month(treatment.end)
    return f"{start or '?'} – {end or '?'}" if start or end else ""


def _month(when: date | None) -> str:
    return month(when, year=True) if when else ""


def guided(course: Course | None) -> list[Passage]:
    """Return what is known of the kinds of therapy, those that fit the presentation first."""
    return [
        Passage(
            _("{modality}: fits this presentation").format(modality=say(g.modality.words))
            if g.applies
            else say(g.modality.words),
            f"{say(g.words)} {say(g.limits)} ({say(g.source)})",
        )
        for g in sorted(modality_guidance(course), key=lambda g: not g.applies)
    ]


def staged(dossier: Dossier, found: Criterion, *, on: date) -> list[Passage]:
    """Return both stagings, point by point."""
    score = maudsley(found, dossier.treatments, episode=dossier.episode, on=on)
    points = tuple(
        (say(line.name), named(_("open") if line.points is None else str(line.points), say(line.why)))
        for line in score.lines
    )
    rush = thase_rush(found, dossier.treatments, episode=dossier.episode)
    stages = tuple(
        (f"{stage.name}  {say(stage.rule)}", named(say(MET_WORDS[stage.met]), say(stage.why))) for stage in rush.stages
    )
    return [
        Passage(_("Maudsley Staging Method: {why}").format(why=say(score.why)), lines=points),
        Passage(_("Thase-Rush: {why}").format(why=say(rush.why)), lines=stages),
    ]
