"""The Thase-Rush stages of treatment resistance, 0 to V, each with its reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trdtrack.domain.message import Message, message
from trdtrack.domain.records import DrugClass, Known, Laterality, Role, TrialOutcome
from trdtrack.domain.resistance import FAILED, Met, in_episode, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trdtrack.domain.records import Episode, Treatment
    from trdtrack.domain.resistance import Criterion

_STAGES = ("0", "I", "II", "III", "IV", "V")
_RULES = (
    message("one adequate trial failed"),
    message("a second of another class failed"),
    message("and a tricyclic"),
    message("and an MAOI"),
    message("and bilateral ECT"),
)


@dataclass(frozen=True)
class Stage:
    """One Thase-Rush stage, whether it is reached, and why."""

    name: str
    rule: Message
    met: Met
    why: Message


@dataclass(frozen=True)
class ThaseRush:
    """The highest stage that is certain, 0 to 5, and each stage; `why` says where it cannot be told further."""

    stage: int
    stages: tuple[Stage, ...]
    why: Message

    @property
    def name(self) -> str:
        """The stage as it is written: 0, I, II, III, IV or V."""
        return _STAGES[self.stage]


def thase_rush(found: Criterion, treatments: Iterable[Treatment], *, episode: Episode | None) -> ThaseRush:
    """Stage by Thase and Rush, 0 to V: each stage needs one more failed trial, so that SSRI + tricyclic is II.

    I one adequate trial failed; II a second of another class; III plus a tricyclic; IV plus an MAOI; V plus bilateral
    ECT. A class that is not recorded, or a possible trial, can only leave open whether a stage is reached, never
    decide it. Source: Thase and Rush 1997, J Clin Psychiatry 58 (suppl 13):23.
    """
    counted = [t.drug_class for t in found.counted]
    hoped = counted + [t.drug_class for t, _ in found.possible]
    ect, ect_why = _bilateral_ect(treatments, episode)
    stages: list[Stage] = []
    for number, rule in enumerate(_RULES, start=1):
        certain = _reaches(number, counted, unknown_helps=False)
        possible = _reaches(number, hoped, unknown_helps=True)
        met = Met.MET if certain else Met.CANNOT_TELL if possible else Met.NOT_MET
        why = _stage_why(number, met, found)
        if number == len(_RULES) and met is not Met.NOT_MET and (met is Met.MET or ect is Met.NOT_MET):
            met, why = ect, ect_why
        stages.append(Stage(_STAGES[number], rule, met, why))
    reached = [number for number, stage in enumerate(stages, start=1) if stage.met is Met.MET]
    stage = max(reached, default=0)
    return ThaseRush(stage, tuple(stages), _thase_why(stage, stages))


def _reaches(stage: int, classes: Sequence[DrugClass], *, unknown_helps: bool) -> bool:
    """Whether failed trials of these classes reach a stage, each trial used once (for V: as far as drugs go)."""
    known = Counter(c for c in classes if c is not DrugClass.NOT_RECORDED)
    wild = len(classes) - known.total() if unknown_helps else 0
    if stage == 1:
        return bool(classes)
    for needed in (DrugClass.TRICYCLIC, DrugClass.MAOI)[: stage - 2]:
        if known[needed]:
            known[needed] -= 1
        elif wild:
            wild -= 1
        else:
            return False
    others = known.pop(DrugClass.OTHER, 0)
    # Two drugs of class "other" may be of two classes (bupropion, mirtazapine) or of one: nobody wrote it down.
    different = sum(n > 0 for n in known.values()) + (others if unknown_helps else min(others, 1))
    return different + wild >= 2


def _bilateral_ect(treatments: Iterable[Treatment], episode: Episode | None) -> tuple[Met, Message]:
    """Whether bilateral ECT failed in the current episode, and why it is so or cannot be told."""
    reasons: list[Message] = []
    verdict = Met.NOT_MET
    for treatment in treatments:
        if treatment.role is not Role.ECT:
            continue
        here = in_episode(treatment, episode)
        if treatment.laterality is Laterality.UNILATERAL:
            reasons.append(message("ECT was unilateral"))
        elif here.known is Known.NO:
            reasons.append(message("ECT was not in the current episode"))
        elif treatment.adequate is Known.NO:
            reasons.append(message("the course of ECT was not adequate"))
        elif treatment.outcome not in (*FAILED, TrialOutcome.NOT_RECORDED):
            reasons.append(message("ECT: {outcome}", outcome=treatment.outcome.words))
        else:
            fields = [here.open] if here.open else []
            if treatment.laterality is Laterality.UNKNOWN:
                fields.append(message("bilateral or unilateral"))
            if treatment.outcome is TrialOutcome.NOT_RECORDED:
                fields.append(message("outcome"))
            if not fields:
                return Met.MET, message("bilateral ECT: {outcome}", outcome=treatment.outcome.words)
            verdict = Met.CANNOT_TELL
            reasons.append(message("ECT, open: {fields}", fields=listed(fields)))
    return verdict, listed(reasons) if reasons else message("no ECT recorded")


def _stage_why(number: int, met: Met, found: Criterion) -> Message:
    if met is Met.CANNOT_TELL:
        return listed(_open_classes(found))
    drugs = [_drug_and_class(t) for t in found.counted]
    if met is Met.MET:
        return listed(drugs)
    if not drugs:
        return message("no failed antidepressant trial counts")
    wanted = {
        2: message("no second trial of another class"),
        3: message("no further trial of a tricyclic beside two of different classes"),
        4: message("no further trial of an MAOI beside those of stage III"),
        5: message("stage IV is not reached"),
    }
    return wanted[number]


def _open_classes(found: Criterion) -> list[Message]:
    counted = [
        message("{drug}: class not recorded", drug=t.drug)
        for t in found.counted
        if t.drug_class is DrugClass.NOT_RECORDED
    ]
    others = [t.drug for t in found.counted if t.drug_class is DrugClass.OTHER]
    if len(others) >= 2:
        counted.append(message("whether the classes of {drugs} differ is not recorded", drugs=listed(others)))
    return counted + [
        message("{drug}, open: {fields}", drug=t.drug, fields=listed(fields)) for t, fields in found.possible
    ]


def _drug_and_class(treatment: Treatment) -> Message:
    if treatment.drug_class is DrugClass.NOT_RECORDED:
        return message("{drug}", drug=treatment.drug)
    return message("{drug} ({kind})", drug=treatment.drug, kind=treatment.drug_class.words)


def _thase_why(stage: int, stages: Sequence[Stage]) -> Message:
    said = message("stage {stage}", stage=_STAGES[stage])
    following = stages[stage] if stage < len(stages) else None
    if following and following.met is Met.CANNOT_TELL:
        return message("{stage} at least; beyond that it cannot be told: {why}", stage=said, why=following.why)
    reason = stages[stage - 1].why if stage else following.why if following else message("")
    return message("{stage}: {why}", stage=said, why=reason)
