"""Treatment resistance: which antidepressant trials count towards the criterion, and why (clinical rules, 6)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from trdtrack.domain.medication import drug_name
from trdtrack.domain.message import Message, message, plural
from trdtrack.domain.records import Known, Role, TrialOutcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from trdtrack.domain.dossier import Dossier
    from trdtrack.domain.records import Episode, Rules, Treatment

NEEDED = 2
"""Failed trials of different drugs from which the criterion is met."""
FAILED = (TrialOutcome.NO_RESPONSE, TrialOutcome.PARTIAL)


class Met(StrEnum):
    """Whether a criterion is met; `CANNOT_TELL` while a field that could decide it is open."""

    MET = "met"
    NOT_MET = "not met"
    CANNOT_TELL = "cannot tell"


class Verdict(StrEnum):
    """What one treatment does for the criterion; a possible trial has fields still open."""

    COUNTS = "counts"
    POSSIBLE = "possible"
    DOES_NOT_COUNT = "does not count"


MET_WORDS = {
    Met.MET: message("met"),
    Met.NOT_MET: message("not met"),
    Met.CANNOT_TELL: message("cannot tell"),
}
VERDICT_WORDS = {
    Verdict.COUNTS: message("counts"),
    Verdict.POSSIBLE: message("possible"),
    Verdict.DOES_NOT_COUNT: message("does not count"),
}
LOOSER_RULES = message(
    "Trials in the evidence used looser rules than this one: some took people after one drug taken for four weeks."
)


@dataclass(frozen=True)
class Criterion:
    """Whether the criterion of treatment-resistant depression is met, and what that rests on.

    `counted` and `possible` name each drug once; `trials` has every treatment with its verdict and the reason.
    """

    met: Met
    counted: tuple[Treatment, ...]
    possible: tuple[tuple[Treatment, tuple[Message, ...]], ...]
    why: Message
    trials: tuple[tuple[Treatment, Verdict, Message], ...]


@dataclass(frozen=True)
class InEpisode:
    """Whether a treatment was taken in the current episode; where that is unsure, the open field by name."""

    known: Known
    open: Message | None = None


def criterion(
    treatments: Iterable[Treatment], *, episode: Episode | None, weeks: int, until: date | None = None
) -> Criterion:
    """Judge every treatment and the criterion: 2 or more failed trials of different drugs in the current episode.

    A trial counts if dose adequate = yes, adherence = yes, `weeks` or more at that dose, taken in the current
    episode, outcome no or partial response. Augmentation, "not tolerated" and "response" do not count. Our own
    reading of the usual definition (two or more adequate trials). `until` leaves out what was begun after that day.
    """
    begun = [t for t in treatments if until is None or t.start is None or t.start <= until]
    judged = [(t, *_judge(t, episode, weeks, until)) for t in begun]
    kept: dict[str, tuple[int, int]] = {}
    for place, (treatment, excluded, still_open) in enumerate(judged):
        key = _same(treatment)
        # Of one drug taken twice the trial with the fewest open fields stands for both: counted before possible.
        if not excluded and (key not in kept or len(still_open) < kept[key][0]):
            kept[key] = (len(still_open), place)
    stands = {place for _, place in kept.values()}
    trials: list[tuple[Treatment, Verdict, Message]] = []
    for place, (treatment, excluded, still_open) in enumerate(judged):
        if excluded:
            trials.append((treatment, Verdict.DOES_NOT_COUNT, listed(excluded)))
        elif place not in stands:
            trials.append((treatment, Verdict.DOES_NOT_COUNT, message("the same drug counts once")))
        elif still_open:
            trials.append((treatment, Verdict.POSSIBLE, message("open: {fields}", fields=listed(still_open))))
        else:
            trials.append((treatment, Verdict.COUNTS, _counts_because(treatment)))
    counted = tuple(t for t, verdict, _ in trials if verdict is Verdict.COUNTS)
    possible = tuple((judged[place][0], tuple(judged[place][2])) for place in sorted(stands) if judged[place][2])
    met = _met(len(counted), len(possible))
    return Criterion(met, counted, possible, _why(met, counted, possible), tuple(trials))


def criterion_of(dossier: Dossier, rules: Rules, *, until: date | None = None) -> Criterion:
    """Return the criterion of a patient, with the weeks the clinic has set."""
    return criterion(dossier.treatments, episode=dossier.episode, weeks=rules.trial_weeks, until=until)


def in_episode(treatment: Treatment, episode: Episode | None) -> InEpisode:
    """Return whether a treatment was taken in the current episode: as recorded, else by the dates."""
    if treatment.in_episode in (Known.YES, Known.NO):
        return InEpisode(treatment.in_episode)
    if treatment.in_episode is Known.UNSURE:
        return InEpisode(Known.UNSURE, message("taken in the current episode"))
    if episode is None or episode.start is None:
        return InEpisode(Known.UNSURE, message("start of the current episode"))
    if treatment.still_taken or (treatment.start and treatment.start >= episode.start):
        return InEpisode(Known.YES)
    if treatment.end:
        return InEpisode(Known.YES if treatment.end >= episode.start else Known.NO)
    return InEpisode(Known.UNSURE, message("end") if treatment.start else message("start or end"))


def listed(parts: Sequence[Message | str]) -> Message:
    """Return several short texts as one, with commas between."""
    first, *rest = parts
    found = message("{only}", only=first)
    for part in rest:
        found = message("{before}, {last}", before=found, last=part)
    return found


def _same(treatment: Treatment) -> str:
    return " ".join(treatment.drug.casefold().split())


def _judge(
    treatment: Treatment, episode: Episode | None, weeks: int, until: date | None
) -> tuple[list[Message], list[Message]]:
    """Return why a treatment does not count, and which fields are open while it still could."""
    by_role = _by_role(treatment)
    if by_role:
        return [by_role], []
    here = in_episode(treatment, episode)
    excluded: list[Message] = []
    still_open: list[Message] = []
    for known, name, no in (
        (treatment.adequate, message("dose adequate"), message("the dose was not adequate")),
        (treatment.adherence, message("adherence"), message("it was not taken as prescribed")),
        (here.known, here.open or message(""), message("not taken in the current episode")),
    ):
        if known is Known.NO:
            excluded.append(no)
        elif known is not Known.YES:
            still_open.append(name)
    if treatment.weeks is None:
        still_open.append(message("weeks"))
    elif treatment.weeks < weeks:
        short = plural(
            "{n} week at an adequate dose, {least} needed",
            "{n} weeks at an adequate dose, {least} needed",
            treatment.weeks,
            least=weeks,
        )
        excluded.append(short)
    if treatment.outcome is TrialOutcome.NOT_RECORDED:
        still_open.append(message("outcome"))
    elif treatment.outcome is TrialOutcome.RESPONSE:
        excluded.append(message("the patient responded"))
    elif treatment.outcome is TrialOutcome.NOT_TOLERATED:
        excluded.append(message("not tolerated"))
    begun_later = until is not None and treatment.start is None and not (treatment.end and treatment.end <= until)
    if begun_later and message("start") not in still_open:
        still_open.append(message("start"))
    return excluded, still_open


def _by_role(treatment: Treatment) -> Message | None:
    match treatment.role:
        case Role.AUGMENTATION:
            return message("augmentation is not a trial of its own")
        case Role.ECT:
            return message("ECT is not a drug trial")
        case Role.OTHER:
            return message("not an antidepressant")
        case _:
            return None


def _counts_because(treatment: Treatment) -> Message:
    outcome = treatment.outcome.words
    weeks = plural("{n} week at an adequate dose", "{n} weeks at an adequate dose", treatment.weeks or 0)
    return message("{weeks}, taken as prescribed: {outcome}", weeks=weeks, outcome=outcome)


def _met(counted: int, possible: int) -> Met:
    if counted >= NEEDED:
        return Met.MET
    return Met.NOT_MET if counted + possible < NEEDED else Met.CANNOT_TELL


def _why(met: Met, counted: Sequence[Treatment], possible: Sequence[tuple[Treatment, tuple[Message, ...]]]) -> Message:
    trials = _trials_count(counted)
    still_open = [message("{drug} ({fields})", drug=drug_name(t), fields=listed(fields)) for t, fields in possible]
    if met is Met.MET:
        return trials
    if met is Met.CANNOT_TELL:
        return message("{trials}; still open: {open}", trials=trials, open=listed(still_open))
    if still_open:
        return message("{trials}; at most one more could: {open}", trials=trials, open=listed(still_open))
    return message("{trials}; {needed} are needed", trials=trials, needed=NEEDED)


def _trials_count(counted: Sequence[Treatment]) -> Message:
    if not counted:
        return message("no antidepressant trial counts")
    drugs = listed([drug_name(t) for t in counted])
    return plural(
        "{n} failed antidepressant trial counts ({drugs})",
        "{n} failed antidepressant trials count ({drugs})",
        len(counted),
        drugs=drugs,
    )
