"""What groups of closed courses reached, why they ended, and what came after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from trdtrack.domain.caseload_outcomes import Ending, FollowUps, Group, OfModality, Reached, Result
from trdtrack.domain.ending import SinceEnd, since_end
from trdtrack.domain.outcome import Reliable
from trdtrack.domain.records import EndReason, Modality
from trdtrack.domain.resistance import Met
from trdtrack.outcomes.frames import plain
from trdtrack.outcomes.statistics import mean_of, rate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from trdtrack.domain.caseload_outcomes import Mean, OutcomeCase
    from trdtrack.outcomes.frames import Frame, Frames


def table(cases: Sequence[OutcomeCase]) -> Frame:
    """Return a row a course: baseline, last, change, paired, died, prorated, modality, criterion, reason, each result.

    A result is False where there is no outcome.
    """
    made = pd.DataFrame(
        {
            "baseline": pd.Series([c.baseline for c in cases], dtype=float),
            "last": pd.Series([c.last for c in cases], dtype=float),
            "died": pd.Series([c.reason is EndReason.DIED for c in cases], dtype=bool),
            "prorated": pd.Series([c.prorated for c in cases], dtype=bool),
            "modality": pd.Series([c.modality.value for c in cases], dtype=object),
            "criterion": pd.Series([c.criterion.value for c in cases], dtype=object),
            "reason": pd.Series([c.reason.value for c in cases], dtype=object),
            **{r.value: pd.Series([_reached(c, r) for c in cases], dtype=bool) for r in Result},
        }
    )
    made["change"] = made["last"] - made["baseline"]
    made["paired"] = made["last"].notna()
    return made


def _reached(case: OutcomeCase, result: Result) -> bool:
    match result:
        case Result.RELIABLE_IMPROVEMENT:
            return case.reliable is Reliable.IMPROVEMENT
        case Result.RELIABLE_DETERIORATION:
            return case.reliable is Reliable.DETERIORATION
        case Result.BELOW_CASENESS:
            return bool(case.below_caseness)
        case Result.RELIABLE_RECOVERY:
            return bool(case.below_caseness) and case.reliable is Reliable.IMPROVEMENT
        case Result.RESPONSE:
            return bool(case.response)
        case Result.REMISSION:
            return bool(case.remission)


def group(rows: Frame) -> Group:
    """Return what the courses of some rows of `table` reached."""
    n, paired = len(rows), int(rows["paired"].sum())
    reached = {result: int(rows[result.value].sum()) for result in Result}
    return Group(
        n=n,
        paired=rate(paired, n),
        no_outcome=n - paired,
        died=int(rows["died"].sum()),
        prorated=int(rows["prorated"].sum()),
        baseline=_mean(rows["baseline"]),
        last=_mean(rows["last"]),
        change=_mean(rows["change"]),
        reached=tuple(Reached(r, rate(count, n), rate(count, paired)) for r, count in reached.items()),
    )


def by_criterion(rows: Frame) -> tuple[tuple[Met, Group], ...]:
    """Return those meeting the TRD criterion, those not, and those of whom it cannot be told."""
    return tuple((met, group(rows[rows["criterion"] == met.value])) for met in Met)


def by_modality(rows: Frame) -> tuple[OfModality, ...]:
    """Return a group a modality, in alphabetical order."""
    found = sorted(rows["modality"].unique().tolist(), key=str.casefold)
    return tuple(OfModality(Modality(name), group(rows[rows["modality"] == name])) for name in found)


def endings(rows: Frame) -> tuple[Ending, ...]:
    """Return how many courses ended for each reason that occurs, in the order of `EndReason`, not recorded last."""
    counted = rows["reason"].value_counts().to_dict()
    reasons = sorted(EndReason, key=lambda reason: reason is EndReason.NOT_RECORDED)
    return tuple(Ending(r, rate(counted[r.value], len(rows))) for r in reasons if r.value in counted)


def follow_ups(cases: Sequence[OutcomeCase], after: Frame, frames: Frames, today: date) -> FollowUps:
    """Return what is known of the time after the end. `after`: the scores after it (`Placed.after`)."""
    rows = frames.follow_ups[frames.follow_ups["course"].isin({c.course for c in cases})]
    due, done = plain(rows["due"]), plain(rows["done"])
    held = [bool(then) for day, then in zip(due, done, strict=True) if then or day <= today.isoformat()]
    latest = after.drop_duplicates("case", keep="last")
    totals: list[tuple[int, int]] = latest[["case", "total"]].to_numpy().tolist()
    said = [since_end(total, cases[place].last, cases[place].reliable_points) for place, total in totals]
    compared = sum(one is not SinceEnd.UNKNOWN for one in said)
    return FollowUps(
        due=len(held),
        done=rate(sum(held), len(held)),
        seen=rate(len(said), len(cases)),
        held=rate(said.count(SinceEnd.HELD), compared),
        relapse=rate(said.count(SinceEnd.RELAPSE), compared),
        worse=rate(said.count(SinceEnd.WORSE), compared),
        unknown=len(said) - compared,
    )


def _mean(values: Frame) -> Mean:
    given = values.dropna()
    return mean_of(float(given.mean()), float(given.std()), len(given))
