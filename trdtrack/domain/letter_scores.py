"""The scores as a letter tells them: where the course began, where it stands, whether that is real and enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.domain import outcome, phq9
from trdtrack.domain.ending import END_DAYS
from trdtrack.domain.message import Message, message, plural
from trdtrack.domain.outcome import Reliable

if TYPE_CHECKING:
    from datetime import date

    from trdtrack.domain.summary import Summary

NOT_RECORDED = message("not recorded")


def _score(total: int, day: date) -> Message:
    return message("{total} on {day} ({severity})", total=total, day=day, severity=phq9.band(total).name)


def baseline_words(s: Summary) -> Message:
    """Return the total at the start with its day and severity; of an ended course, as fixed at its end."""
    if s.ended and s.outcome and s.outcome.baseline is not None and s.outcome.baseline_date:
        return _score(s.outcome.baseline, s.outcome.baseline_date)
    return _score(s.baseline.point.total, s.baseline.point.date) if s.baseline else NOT_RECORDED


def latest_words(s: Summary) -> Message:
    """Return the latest total likewise; of an ended course, the one it ended with."""
    if s.ended and s.outcome and s.outcome.total is not None and s.outcome.total_date:
        return _score(s.outcome.total, s.outcome.total_date)
    return _score(s.latest.total, s.latest.date) if s.latest else NOT_RECORDED


def _compared(s: Summary) -> tuple[int, int] | None:
    """Return the two totals the summary's change lies between; None where it has none."""
    if not s.weeks or s.weeks < 0 or s.change is None or s.baseline is None:
        return None
    fixed = s.outcome.baseline if s.ended and s.outcome else None
    base = s.baseline.point.total if fixed is None else fixed
    return base, base + s.change


def change_words(s: Summary) -> Message:
    """Say the change in points and percent, and whether it is reliable; without two totals, why there is none."""
    totals = _compared(s)
    if totals is None:
        if s.baseline is None:
            return message("Without a score at the start no change can be stated.")
        if s.ended and s.weeks:
            return message("There is no score from the course's last {n} days, so no change is stated.", n=END_DAYS)
        return message("There is no later score yet, so no change can be stated.")
    base, now = totals
    fixed = s.outcome.reliable_change if s.ended and s.outcome else s.rules.reliable_change
    said = {
        Reliable.IMPROVEMENT: message("a reliable improvement ({n} points or more)", n=fixed),
        Reliable.DETERIORATION: message("a reliable deterioration ({n} points or more)", n=fixed),
        Reliable.NONE: message("less than the {n} points from which one person's change is reliable", n=fixed),
    }[s.reliable or Reliable.NONE]
    if now == base:
        moved = message("That is no change")
    else:
        points = plural("{n} point", "{n} points", abs(now - base))
        moved = message("That is {points} lower", points=points)
        if now > base:
            moved = message("That is {points} higher", points=points)
        percent = outcome.whole_percent(base, now)
        if percent is not None:
            moved = message("{moved} ({percent}%)", moved=moved, percent=percent)
    proviso = message(" A total it rests on is prorated, as one or two answers were missing.")
    none = message("")
    return message("{moved}: {said}.{proviso}", moved=moved, said=said, proviso=proviso if s.prorated else none)


def enough_words(s: Summary) -> Message:
    """Say whether the change is enough; after the end, also what the latest score since then says."""
    if s.after_end is None:
        return _enough_by_then(s)
    total, day = s.after_end.latest.total, s.after_end.latest.date
    said = s.after_end.says.words
    later = message("Since the end it was {total} on {day}: {said}.", total=total, day=day, said=said)
    return message("{enough} {later}", enough=_enough_by_then(s), later=later)


def _enough_by_then(s: Summary) -> Message:
    totals = _compared(s)
    if totals is None:
        return message("Whether it is enough cannot be told yet.")
    base, now = totals
    if s.remission:
        stands = message("The score is now in the range of remission (below {n}).", n=phq9.REMISSION_BELOW)
    elif s.recovery:
        stands = message("The score is now below {n}, the threshold of caseness.", n=phq9.CASENESS_FROM)
    elif now < phq9.CASENESS_FROM:
        stands = message("The score is below {n}, the threshold of caseness, as it was.", n=phq9.CASENESS_FROM)
    else:
        stands = message("The score is still at {n} or more, the threshold of caseness.", n=phq9.CASENESS_FROM)
    if now >= base:
        return stands
    marks = {"general": outcome.MEANINGFUL_GENERAL, "lasting": outcome.MEANINGFUL_LONG_LASTING}
    if s.meaningful_long_lasting:
        felt = message(
            "The fall is past what people call worthwhile in general ({general}%) and in long-lasting depression "
            "({lasting}%).",
            **marks,
        )
    elif s.meaningful_general:
        felt = message(
            "The fall is past what people in general call worthwhile ({general}%), but short of what people with "
            "long-lasting depression do ({lasting}%).",
            **marks,
        )
    else:
        felt = message("The fall is short of what people in general call worthwhile ({general}%).", **marks)
    return message("{stands} {felt}", stands=stands, felt=felt)
