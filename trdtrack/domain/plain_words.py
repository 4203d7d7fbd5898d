"""Where a course stands in words for the patient: the same numbers, no signal, no forecast, no risk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.domain import phq9
from trdtrack.domain.message import Message, message, plural
from trdtrack.domain.outcome import Reliable

if TYPE_CHECKING:
    from trdtrack.domain.summary import Summary


def for_patient(summary: Summary) -> tuple[Message, ...]:
    """Return sentences to read together: where it began, where it is, whether the change is real, what to expect."""
    latest, baseline = summary.latest, summary.baseline
    if latest is None:
        return (message("There is no score yet. The first one is where we begin."),)
    if baseline is None or latest.date <= baseline.point.date or summary.change is None:
        return (
            message(
                "Your score on {day} was {total} of {most}.", day=latest.date, total=latest.total, most=phq9.MAX_TOTAL
            ),
            message("With the next scores we will see which way it goes."),
        )
    start, now = latest.total - summary.change, latest.total
    found = [message("You began at {start}. On {day} your score was {now}.", start=start, day=latest.date, now=now)]
    found.append(_change(summary, summary.change))
    if now < phq9.REMISSION_BELOW:
        found.append(
            message("A score below {below} means few signs of depression, or none.", below=phq9.REMISSION_BELOW)
        )
    elif summary.recovery:
        found.append(
            message("That is below {below}, the mark that clinics use for depression.", below=phq9.CASENESS_FROM)
        )
    if summary.benchmark:
        found.append(
            message(
                "About 4 in 5 people like you are expected between the two dashed lines. The lines are averages of "
                "groups: they cannot tell what will happen to you."
            )
        )
    return tuple(found)


def _change(summary: Summary, change: int) -> Message:
    least = summary.reliable_points
    if change == 0:
        return message("That is level with where you began. Change often takes longer than one would wish.")
    points = plural("{n} point", "{n} points", abs(change))
    if summary.reliable is Reliable.IMPROVEMENT:
        return message("That is {points} lower: enough to be real, not just a good week.", points=points)
    if summary.reliable is Reliable.DETERIORATION:
        return message("That is {points} higher: enough to be real. Let us look at it together.", points=points)
    if change < 0:
        return message(
            "That is {points} lower. From {least} points on we can be sure that it is more than a good week.",
            points=points,
            least=least,
        )
    return message(
        "That is {points} higher. Scores go up and down; from {least} points on we would call it a real rise.",
        points=points,
        least=least,
    )
