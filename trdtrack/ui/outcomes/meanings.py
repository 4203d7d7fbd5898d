"""What each tab of the outcomes page means, with its rules and sources, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.domain.caseload_outcomes import FEW
from trdtrack.domain.message import Message, message
from trdtrack.ui.outcomes.figures import percent, points, rate_words
from trdtrack.words import _, say

if TYPE_CHECKING:
    from trdtrack.domain.caseload_outcomes import CaseloadOutcomes, Fall, LocalBenchmark, Replay

OVERVIEW = _(
    "Each mark is a course, larger where several began and ended alike. Filled: reliably better; diamond: reliably "
    "worse; hollow: no reliable change. Below the lower dashed line the fall is larger than "
    "measurement error, above the upper one the rise is. Dotted: where caseness begins (10). Choose a mark with the "
    "arrow keys or the pointer; Enter or a click opens the patient."
)
RESULTS = _(
    "Over closed courses with a baseline of 10 or more. Of all: whoever has no outcome counts as not having reached "
    "it. Of the paired: those with a last total in the 28 days up to and including the end; they are often the ones "
    "who stayed. The truth lies between. Intervals are Wilson's (1927). Reliable: 6 points or the clinic's rule (NHS "
    "Talking Therapies). It never means because of the therapy: in a general-population survey 23% of people starting "
    "at 10 or more fell by 6 or more within 3 months. Below caseness is the PHQ-9 part only of what the NHS calls "
    "recovery. Trials in the evidence used looser rules than this TRD criterion."
)
COURSE = _(
    "Dots: the mean of those with a score there, with its 95% interval; fewer people at each later step, and those who "
    "left early are no longer in it. Lines: what RefraMED's arms let one expect from the same baselines. Shaded: where "
    "4 in 5 single scores are expected, not means."
)
MODALITY = _(
    "In alphabetical order. Who is offered which therapy is not left to chance, and differences between small groups "
    "are mostly chance: this ranks nobody. In the evidence subgroup intervals overlap almost wholly, so the modality "
    "never moves the expected line."
)
AFTER = _(
    "A course counts once, by its latest total after the end. Possible relapse: 6 points or more above the end score "
    "and now 10 or more, if it had been below 10; otherwise worse since the end (our own rule). Those who come back "
    "are not like those who do not."
)


def fall_words(fall: Fall) -> str:
    """Return what the observed fall says beside the expected ones."""
    if fall.observed is None or fall.psychotherapy is None or fall.usual_care is None:
        return _("No course has an outcome to set beside the evidence.")
    what = message(
        "Your courses lost {observed} of their baselines. Trials let one expect {therapy} with psychotherapy and "
        "{usual} on usual care alone by the weeks these courses had: {full_therapy} and {full_usual} by week 26, "
        "reached to {progress}. Other people and other care: a comparison, not a test.",
        observed=percent(fall.observed),
        therapy=percent(fall.psychotherapy),
        usual=percent(fall.usual_care),
        full_therapy=percent(fall.psychotherapy_fall),
        full_usual=percent(fall.usual_care_fall),
        progress=percent(fall.mean_progress),
    )
    return say(what)


def local_words(local: LocalBenchmark) -> str:
    """Return what the clinic's own courses make of the published fall."""
    if local.why_not:
        return say(local.why_not)
    what = message(
        "From {n} closed courses of the whole caseload, whatever is chosen above. Published: {prior}, uncertain "
        "because it is one trial among others. Your own courses say {data}. Together: {posterior}. Saved, it stands "
        "beside the published benchmark on the Evidence page; no course is drawn with it until you choose it there by "
        "Edit course. Usual care and the spread stay as published. Your courses have no comparison group: part of any "
        "fall would have come without therapy.",
        n=local.n,
        prior=percent(local.prior),
        data=percent(local.data),
        posterior=percent(local.posterior),
    )
    return say(what)


def calibration_words(found: CaseloadOutcomes) -> str:
    """Return whether the forecast deserves trust here, forecast by forecast."""
    told = [replay for replay in found.calibration.replays if replay.n]
    if not told:
        return _("No closed course yet on which the forecast could be tried.")
    last = _("Bands and rule: RefraMED's spread, a local-level filter (ours). Tried on the courses chosen above.")
    return "\n\n".join([*(_replay(replay) for replay in told), last])


def _replay(replay: Replay) -> str:
    since = message("from week {week}", week=replay.week) if replay.week else message("from the baseline alone")
    parts = [
        message(
            "Forecast {since}: the end score lay within the 80% band in {held}, within the 50% band in {half}. "
            "{verdict}",
            since=since,
            held=rate_words(replay.held80),
            half=rate_words(replay.held50),
            verdict=verdict(replay),
        )
    ]
    if replay.error is not None and replay.carried is not None:
        nearer = message("the forecast was nearer.")
        if replay.error >= replay.carried:
            nearer = message("the forecast was no nearer than that.")
        parts.append(
            message(
                "It missed by {error} points on average; taking the last score as the end score would have missed by "
                "{carried}: {says}",
                error=points(replay.error),
                carried=points(replay.carried),
                says=nearer,
            )
        )
    return " ".join(map(say, parts))


def verdict(replay: Replay) -> Message:
    """Return whether the bands held as often as they promise, as far as so few courses can tell."""
    bands = ((replay.held80, 80), (replay.held50, 50))
    if replay.n < FEW:
        return message("Fewer than {few} courses cannot tell whether that is enough.", few=FEW)
    less = [band for held, band in bands if held.high is not None and 100 * held.high < band]
    more = [band for held, band in bands if held.low is not None and 100 * held.low > band]
    if len(less) == len(bands):
        return message("Both held less often than promised: here, trust it less.")
    if less:
        return message("The {band}% band held less often than promised: here, trust it less.", band=less[0])
    if more:
        return message("The {band}% band held more often than promised: here, it is wider than need be.", band=more[0])
    return message("That agrees with what it promises, as far as so many courses can tell.")
