"""The forecast tried again on closed courses: as `domain/forecast.py` gives it, and right in its own world."""

from __future__ import annotations

import math
import os
import random
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from trdtrack.domain import forecast as domain
from trdtrack.domain.caseload_outcomes import OutcomeCase
from trdtrack.domain.records import EndReason, Modality, Rules
from trdtrack.domain.resistance import Met
from trdtrack.evidence import default_benchmark
from trdtrack.outcomes.cases import Closed
from trdtrack.outcomes.lines import line, progress
from trdtrack.outcomes.replay import AHEAD, MOMENTS, calibration
from trdtrack.outcomes.statistics import rate

BENCHMARK = default_benchmark()
# Little spread about a baseline in the middle of the scale: next to nothing is cut off at its ends.
NARROW = replace(BENCHMARK, start_variance=2.0, end_variance=8.0)
END = date(2026, 6, 1)
COURSES = 100_000 if os.environ.get("TRDTRACK_LONG") else 4_000
WEEKS = (0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 20.0, 26.0)


def closed_with(benchmark, number, baseline=15, *, has_benchmark=True):
    case = OutcomeCase(
        patient=str(number), code=str(number), course=str(number), therapist="", modality=Modality.CBT, presentation=(),
        criterion=Met.MET, end=END, reason=EndReason.COMPLETED, baseline=baseline, last=None, week=None, progress=None,
        reliable=None, reliable_points=6, below_caseness=None, response=None, remission=None, prorated=False,
        has_benchmark=has_benchmark,
    )  # fmt: skip
    return Closed(
        therapist="",
        modality=Modality.CBT,
        presentation=(),
        criterion=Met.MET,
        end=END,
        baseline=baseline,
        case=case,
        drawn=benchmark,
    )


def rows_of(courses):
    """Scores as `Placed.during` has them."""
    made = [(case, week, total) for case, course in enumerate(courses) for week, total in course]
    return pd.DataFrame(made, columns=["case", "week", "total"]).astype({"case": int, "week": float})


def by_the_domain(tried, moment):
    """The same replays a course at a time, each forecast by the domain's own function."""
    held, errors = [0, 0], []
    for benchmark, scores in tried:
        kept = [pair for pair in scores if pair[0] <= benchmark.horizon]
        used = kept[:1] if moment == 0 else [pair for pair in kept if pair[0] <= moment]
        if not kept or (moment and len(used) < 2) or kept[-1][0] - used[-1][0] < AHEAD:
            continue
        total = kept[-1][1]
        found = domain._ahead(benchmark, used, kept[-1][0], Rules())
        for place, (low, high) in enumerate((found.band50, found.band80)):
            held[place] += low <= total <= high
        errors.append((abs(found.centre - total), abs(used[-1][1] - total)))
    n = len(errors)
    means = [sum(e[place] for e in errors) / n if n else None for place in (0, 1)]
    return rate(held[0], n), rate(held[1], n), *means


@pytest.mark.parametrize("name", ["drawn", "demo"])
def test_it_is_what_the_domain_would_have_said(name, request):
    seen = request.getfixturevalue(name)
    tried = []
    for closed in seen.closed:
        s = seen.summaries[closed.case.course]
        if s.benchmark is not None:
            first = s.baseline.point
            points = [p for p in (first, *(p for p in s.during if p.date > first.date)) if p.date <= s.course.end]
            tried.append((s.benchmark, [(s.line_week(p.date), p.total) for p in points]))
    for replay in seen.found.calibration.replays:
        held50, held80, error, carried = by_the_domain(tried, replay.week)
        assert (replay.held50, replay.held80) == (held50, held80)
        assert (replay.error, replay.carried) == (pytest.approx(error), pytest.approx(carried))
    assert [replay.week for replay in seen.found.calibration.replays] == list(MOMENTS)
    assert seen.found.calibration.replays[0].n > (100 if name == "drawn" else 0)


def lived(chance, benchmark, baseline):
    """One person's scores by the model, the baseline seen with error too; no number is rounded or cut."""
    sem = math.sqrt(benchmark.start_variance / 2)
    drift = benchmark.end_variance - benchmark.start_variance
    level, reached, scores = chance.gauss(0, sem), 0.0, [(0.0, baseline)]
    for week in WEEKS[1:]:
        step = benchmark.progress(week) - reached
        level += chance.gauss(0, math.sqrt(drift * step))
        reached += step
        scores.append((week, benchmark.psychotherapy(baseline, week) + level + chance.gauss(0, sem)))
    return scores


def test_in_the_models_own_world_the_bands_hold_what_they_promise():
    chance = random.Random(4)
    n = COURSES
    courses = [lived(chance, NARROW, 15) for _ in range(n)]
    found = calibration([closed_with(NARROW, i) for i in range(n)], rows_of(courses))
    for replay in found.replays:
        assert replay.n == n
        for held, share in ((replay.held50, 0.5), (replay.held80, 0.8)):
            assert held.share == pytest.approx(share, abs=4 * math.sqrt(share * (1 - share) / n))
        sd = domain._ahead(NARROW, [(w, 15) for w in WEEKS if w <= replay.week], 26, Rules()).sd
        # The mean distance of a normal from its mean is sd sqrt(2/pi).
        assert replay.error == pytest.approx(sd * math.sqrt(2 / math.pi), rel=0.05)
        assert replay.carried > replay.error
    errors = [replay.error for replay in found.replays]
    assert errors == sorted(errors, reverse=True), "the more scores, the nearer"


def test_in_another_world_they_do_not():
    chance = random.Random(4)
    flat = [[(w, 15 + chance.gauss(0, 1)) if w else (w, 15) for w in WEEKS] for _ in range(300)]
    found = calibration([closed_with(NARROW, i) for i in range(300)], rows_of(flat))
    assert found.replays[0].held80.high < 0.8
    assert found.replays[0].carried < found.replays[0].error


def test_what_is_tried():
    """Only a total 4 weeks or more ahead, by week 26, of a course with lines; after week 0 with a score more."""
    at = [(0.0, 15), (3.0, 14), (7.0, 12), (11.0, 11), (30.0, 2)]
    closed = [closed_with(BENCHMARK, 0), closed_with(BENCHMARK, 1), closed_with(BENCHMARK, 2, has_benchmark=False)]
    found = calibration(closed, rows_of([at, [(0.0, 15), (9.0, 9)], at]))
    assert {r.week: r.n for r in found.replays} == {0: 2, 4: 1, 8: 1, 12: 0}
    assert found.replays[1].carried == 3, "week 3's 14 against week 11's 11; week 30 lies behind the horizon"
    assert found.replays[3].error is None
    assert calibration([], rows_of([])).replays[0].n == 0


def test_each_course_by_the_benchmark_it_is_drawn_with():
    steep = replace(BENCHMARK, name="steep", psychotherapy_fall=0.9)
    scores = [(0.0, 20), (26.0, 2)]
    found = calibration([closed_with(BENCHMARK, 0, 20), closed_with(steep, 1, 20)], rows_of([scores, scores]))
    assert (found.replays[0].held50.count, found.replays[0].held50.of) == (1, 2)
    assert found.replays[0].error == pytest.approx((abs(20 * 0.71 - 2) + 0) / 2)


def test_the_lines_are_the_domains():
    weeks = np.array([0.0, 0.5, 4, 8, 26, 40])
    reached = progress(weeks, BENCHMARK.horizon)
    assert reached.tolist() == pytest.approx([BENCHMARK.progress(w) for w in weeks])
    assert line(19, BENCHMARK.psychotherapy_fall, reached).tolist() == pytest.approx(
        [BENCHMARK.psychotherapy(19, w) for w in weeks]
    )
