"""Reads the tables of trials and of published estimates: in whole, or not at all with every fault by its place."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Any

from trdtrack.domain import phq9
from trdtrack.domain.message import Figure, message
from trdtrack.domain.refusals import Problem
from trdtrack.domain.trials import Arm, Confirmed, Published, Trial, shared_control, split_control
from trdtrack.paths import resources
from trdtrack.table_cells import NOT_REPORTED, Cells, read_rows, refuse_all

if TYPE_CHECKING:
    from collections.abc import Iterator

LEAST_N = 2
"""People an arm needs: with fewer it has no SD."""
METRICS = ("SMD", "g", "MD")
SIDES = ("therapy", "control")
TRIAL_TEXTS = ("population", "therapy", "modality", "comparator", "rating", "note", "control_group")
TRIAL_AFTER = tuple(f"{figure}1_{side}" for side in SIDES for figure in ("n", "m", "sd"))
TRIAL_BEFORE = tuple(f"{figure}0_{side}" for side in SIDES for figure in ("n", "m", "sd"))
TRIAL_NEEDED = ("id", "study", "scale", "scale_max", *TRIAL_AFTER)
TRIAL_COLUMNS = (*TRIAL_NEEDED, *TRIAL_TEXTS, "year", "weeks", *TRIAL_BEFORE)
PUBLISHED_TEXTS = ("doi", "population", "comparison", "outcome", "note")
PUBLISHED_FIGURES = ("estimate", "ci_low", "ci_high")
PUBLISHED_NEEDED = ("id", "source", "metric", *PUBLISHED_FIGURES, "confirmed")
PUBLISHED_COLUMNS = (*PUBLISHED_NEEDED, *PUBLISHED_TEXTS, "year", "k", "n")


@cache
def shipped_trials() -> tuple[Trial, ...]:
    """Return the trials that come with the program."""
    return read_trials((resources() / "evidence" / "trials.csv").read_bytes(), name="trials.csv")


@cache
def shipped_published() -> tuple[Published, ...]:
    """Return the published pooled estimates that come with the program, unverified ones among them."""
    return read_published((resources() / "evidence" / "pooled.csv").read_bytes(), name="pooled.csv")


def read_trials(data: bytes, *, name: str) -> tuple[Trial, ...]:
    """Return every row of a table of trials, or raise Problems with all that is wrong in it.

    Needs an arm's figures after treatment; those before it, and the words, may be blank (not reported) or left out.
    """
    rows = read_rows(data, name=name, needed=TRIAL_NEEDED, known=TRIAL_COLUMNS)
    read = [(cells, _trial(cells)) for cells in rows]
    trials = [(cells.line, trial) for cells, trial in read if trial]
    refuse_all([*(problem for cells in rows for problem in cells.problems), *_between(trials)], name)
    return tuple(trial for _, trial in trials)


def read_published(data: bytes, *, name: str) -> tuple[Published, ...]:
    """Return every row of a table of published estimates, or raise Problems with all that is wrong in it."""
    rows = read_rows(data, name=name, needed=PUBLISHED_NEEDED, known=PUBLISHED_COLUMNS)
    read = [_published(cells) for cells in rows]
    refuse_all([problem for cells in rows for problem in cells.problems], name)
    return tuple(published for published in read if published)


def _trial(cells: Cells) -> Trial | None:
    given: dict[str, Any] = {column: cells.text(column) for column in TRIAL_TEXTS}
    given |= {column: cells.text(column, needed=True) for column in ("id", "study", "scale")}
    given |= {"year": cells.whole("year"), "weeks": cells.number("weeks")}
    if given["weeks"] is not None and given["weeks"] <= 0:
        cells.wrong("weeks", message("weeks are above 0"))
    most = given["scale_max"] = cells.number("scale_max", needed=True)
    if most is not None and most <= 0:
        cells.wrong("scale_max", message("a scale's highest score is above 0"))
        most = None
    elif most is not None and given["scale"] == "PHQ-9" and most != phq9.MAX_TOTAL:
        cells.wrong("scale_max", message("the PHQ-9 goes from 0 to {most}", most=phq9.MAX_TOTAL))
        most = None
    for side in SIDES:
        given[f"{side}_before"] = _arm(cells, f"0_{side}", most, needed=False)
        given[f"{side}_after"] = _arm(cells, f"1_{side}", most, needed=True)
    return None if cells.problems else Trial(**given)


def _arm(cells: Cells, key: str, most: float | None, *, needed: bool) -> Arm | None:
    """Return one arm at one time; None where it is not wholly reported, which is a problem where it is needed."""
    n_column, mean_column, sd_column = (f"{figure}{key}" for figure in ("n", "m", "sd"))
    if needed and not any(cells.text(column) for column in (n_column, mean_column, sd_column)):
        cells.wrong(n_column, message("this arm is missing"))
        return None
    n = cells.whole(n_column, needed=needed)
    mean, sd = cells.number(mean_column, needed=needed), cells.number(sd_column, needed=needed)
    if n is not None and n < LEAST_N:
        cells.wrong(n_column, message("an arm has {least} people or more", least=LEAST_N))
        n = None
    if mean is not None and (mean < 0 or (most is not None and mean > most)):
        cells.wrong(mean_column, message("a mean of {mean} is not on this scale", mean=Figure(f"{mean:g}")))
    if sd is not None and sd <= 0:
        cells.wrong(sd_column, message("a standard deviation is above 0"))
    # No scores from 0 to `most` spread wider than half of the people at either end.
    elif most is not None and sd is not None and n is not None and sd > most / 2 * math.sqrt(n / (n - 1)):
        cells.wrong(sd_column, message("an SD of {sd} is not possible on this scale", sd=Figure(f"{sd:g}")))
    return None if n is None or mean is None or sd is None else Arm(n, mean, sd)


def _between(rows: list[tuple[int, Trial]]) -> Iterator[Problem]:
    """Yield what only shows when rows are compared: one scale with two ranges, a control group told in two ways."""
    trials = [trial for _, trial in rows]
    ranges: dict[str, float | None] = {}
    controls: dict[str, Trial] = {}
    for line, trial in rows:
        most = ranges.setdefault(trial.scale, trial.scale_max)
        if trial.scale_max != most:
            what = message("{scale} goes to {most} in an earlier row", scale=trial.scale, most=Figure(f"{most:g}"))
            yield Problem(line, "scale_max", what)
        if not trial.control_group:
            continue
        first = controls.setdefault(trial.control_group, trial)
        for column, ours, theirs in (
            ("scale", trial.scale, first.scale),
            ("n1_control", trial.control_after.n, first.control_after.n),
            ("m1_control", trial.control_after.mean, first.control_after.mean),
            ("sd1_control", trial.control_after.sd, first.control_after.sd),
        ):
            if ours != theirs:
                what = message("{first} has {theirs} for the same control group", first=first.id, theirs=theirs)
                yield Problem(line, column, what)
        if split_control(trials, trial) < LEAST_N:
            rows_sharing = shared_control(trials, trial)
            what = message("shared by {n} rows it leaves fewer than {least} each", n=rows_sharing, least=LEAST_N)
            yield Problem(line, "n1_control", what)


def _published(cells: Cells) -> Published | None:
    given: dict[str, Any] = {column: cells.text(column) for column in PUBLISHED_TEXTS}
    given |= {column: cells.text(column, needed=True) for column in ("id", "source", "metric")}
    given |= {column: cells.whole(column) for column in ("year", "k", "n")}
    given |= {column: cells.number(column) for column in PUBLISHED_FIGURES}
    if given["metric"] and given["metric"] not in METRICS:
        cells.wrong("metric", message("it is one of {metrics}", metrics=", ".join(METRICS)))
    confirmed = cells.text("confirmed")
    if confirmed not in list(Confirmed):
        cells.wrong("confirmed", message("it is yes, no or text"))
        return None
    for column in PUBLISHED_FIGURES:
        if confirmed != Confirmed.TEXT and not cells.text(column):
            cells.wrong(column, NOT_REPORTED)
    estimate, low, high = (given[column] for column in PUBLISHED_FIGURES)
    if None not in (estimate, low, high) and not low <= estimate <= high:
        cells.wrong("estimate", message("it lies outside its own interval"))
    return None if cells.problems else Published(**given, confirmed=Confirmed(confirmed))
