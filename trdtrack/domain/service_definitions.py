"""What every word of the service report means, by which rule, and where the rule comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.domain.caseload_outcomes import LOCAL_FROM
from trdtrack.domain.ending import END_DAYS
from trdtrack.domain.message import Message, message
from trdtrack.domain.outcome import RESPONSE
from trdtrack.domain.phq9 import CASENESS_FROM, REMISSION_BELOW
from trdtrack.domain.small_cells import SMALL
from trdtrack.domain.trajectory import AFTER_DAYS, BEFORE_DAYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trdtrack.domain.caseload_outcomes import CaseloadOutcomes


def definitions(found: CaseloadOutcomes) -> Iterator[tuple[Message, Message]]:
    """Yield each term and what it means."""
    name, version = found.benchmark
    yield (
        message("Closed course"),
        message(
            "A course of psychotherapy that has ended, with a baseline of {least} or more. One patient may have "
            "several.",
            least=CASENESS_FROM,
        ),
    )
    yield (
        message("Baseline"),
        message(
            "The last PHQ-9 total in the {before} days up to the start, else the first in the {after} days after it, "
            "or the one the therapist chose with a reason.",
            before=BEFORE_DAYS,
            after=AFTER_DAYS,
        ),
    )
    yield (
        message("Paired, end score"),
        message("With a last total in the {days} days up to and including the end of the course.", days=END_DAYS),
    )
    yield (
        message("Reliable improvement, deterioration"),
        message(
            "A fall or rise larger than measurement error: {points} points or more (NHS Talking Therapies convention; "
            "the rule in force when the course ended). It does not mean because of the therapy: in a survey of the "
            "general population 23% of people starting at 10 or more fell by 6 or more within 3 months.",
            points=_points(found),
        ),
    )
    yield (
        message("Below caseness"),
        message(
            "Baseline {n} or more and now below it (the PHQ-9 part of what the NHS calls recovery).", n=CASENESS_FROM
        ),
    )
    yield message("Reliable recovery"), message("Below caseness with a reliable improvement.")
    yield message("Response"), message("A fall of {n}% of the baseline or more (convention).", n=RESPONSE)
    yield message("Remission"), message("An end score below {n} (convention).", n=REMISSION_BELOW)
    yield (
        message("Intervals"),
        message("95%: Wilson's for shares, by t for means, of a ratio of sums for the fall."),
    )
    yield (
        message("TRD criterion"),
        message(
            "Two or more different antidepressants in the current episode, each at an adequate dose, taken as agreed "
            "and for long enough, without more than a partial response. Cannot tell: a field that decides it is not "
            "recorded."
        ),
    )
    yield (
        message("Fall, and what is expected"),
        message(
            "The sum of all falls as a share of the sum of all baselines, beside the falls of trial arms in {name}, "
            "version {version}. Other people, other care: a comparison, not a test.",
            name=name,
            version=version,
        ),
    )
    yield (
        message("Local benchmark"),
        message(
            "From {n} closed courses on: the published fall with its uncertainty, corrected by our own courses.",
            n=LOCAL_FROM,
        ),
    )
    yield (
        message("Not shown"),
        message(
            "Numbers below {n}, 0 as well, what is left of a whole where that is below {n}, and others from which they "
            "could be worked out. Two reports of nearly the same courses may still tell by their difference: pass on "
            "one.",
            n=SMALL,
        ),
    )


def _points(found: CaseloadOutcomes) -> Message:
    rules = sorted({case.reliable_points for case in found.cases})
    if len(rules) == 1:
        return message("{n}", n=rules[0])
    return message("{least} to {most}", least=rules[0], most=rules[-1])
