"""The tables of the service report that hold a caseload against the evidence, and the forecast against what came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.domain.caseload_outcomes import LOCAL_FROM
from trdtrack.domain.message import message
from trdtrack.domain.service_cells import HIGH, LOW, Row, Table, mean_cells, points, rate_cells, share
from trdtrack.domain.small_cells import SMALL, hidden_rate

if TYPE_CHECKING:
    from trdtrack.domain.caseload_outcomes import CaseloadOutcomes, Replay

_WEEKS = (0, 2, 4, 8, 12, 16, 20, 26)
"""The weeks of the mean course that are printed."""


def fall(found: CaseloadOutcomes) -> Table:
    """Return the observed fall beside the expected ones."""
    f, none = found.fall, share(None)
    few = f.n < SMALL
    return Table(
        message("The fall against the evidence"),
        message("Share of the baseline lost"),
        (message("fall"), LOW, HIGH),
        (
            Row(
                message("observed"),
                (share(f.observed, hidden=few), share(f.low, hidden=few), share(f.high, hidden=few)),
            ),
            Row(message("expected with psychotherapy"), (share(f.psychotherapy, hidden=few), none, none)),
            Row(message("expected on usual care alone"), (share(f.usual_care, hidden=few), none, none)),
        ),
        message(
            "Expected: {therapy} and {usual} by week 26 as published, times the share of it that the same courses had "
            "time to reach. A fall like this is not proof that the therapy caused it.",
            therapy=share(f.psychotherapy_fall).words,
            usual=share(f.usual_care_fall).words,
        ),
        pictured=not few and f.observed is not None,
    )


def course(found: CaseloadOutcomes) -> Table:
    """Return the mean course beside the expected one."""
    steps = [step for step in found.over_weeks.steps if step.at in _WEEKS]
    rows = tuple(
        Row(
            message("week {week}", week=step.at),
            (
                *mean_cells(step.observed, hidden=step.observed.n < SMALL),
                points(step.psychotherapy, hidden=step.observed.n < SMALL),
                points(step.usual_care, hidden=step.observed.n < SMALL),
            ),
        )
        for step in steps
    )
    columns = (message("mean total"), LOW, HIGH, message("with psychotherapy"), message("usual care"))
    note = message("Of those with a score in that week: other people in each line.")
    return Table(message("Change over the weeks"), message("Week"), columns, rows, note)


def local(found: CaseloadOutcomes) -> Table:
    """Return the prior, and what the clinic's own courses make of it."""
    own = found.local
    rows = [Row(message("published (prior)"), (share(own.prior), share(own.prior_sd)))]
    if own.posterior is not None:
        rows += [
            Row(message("our own courses"), (share(own.data), share(own.se))),
            Row(message("both together (posterior)"), (share(own.posterior), share(own.posterior_sd))),
        ]
    columns = (message("fall by week 26"), message("standard deviation"))
    why = message("A local benchmark needs {n} closed courses with an end score at week 4 or later.", n=LOCAL_FROM)
    note = why if own.posterior is None else message("From the whole caseload. It is not in force by itself.")
    return Table(message("Local benchmark"), message("Fall with psychotherapy"), columns, tuple(rows), note)


def calibration(found: CaseloadOutcomes) -> Table:
    """Return how often the forecast's bands held, and by how much it missed."""

    def row(replay: Replay) -> Row:
        few = replay.n < SMALL
        return Row(
            message("from week {week}", week=replay.week) if replay.week else message("from the baseline"),
            (
                *rate_cells(replay.held50, hidden=hidden_rate(replay.held50)),
                *rate_cells(replay.held80, hidden=hidden_rate(replay.held80)),
                points(replay.error, hidden=few),
                points(replay.carried, hidden=few),
            ),
        )

    columns = (
        message("within the 50% band"),
        LOW,
        HIGH,
        message("within the 80% band"),
        LOW,
        HIGH,
        message("error"),
        message("error of no change"),
    )
    note = message(
        "How often the end score lay within the forecast's bands, and by how many points forecast, and the last score "
        "carried forward, missed it on average."
    )
    rows = tuple(row(replay) for replay in found.calibration.replays)
    return Table(message("How good the program's forecast was"), message("Forecast"), columns, rows, note)
