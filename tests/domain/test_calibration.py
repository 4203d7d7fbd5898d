"""Do the forecast's bands hold what they promise? In the model's own world they must; on demo data it is reported.

A quick share runs with the ordinary tests; `TRDTRACK_LONG=1` runs a hundred times as many courses.
"""

from __future__ import annotations

import csv
import math
import os
import random
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from trdtrack.domain.benchmark import Z50, Z80
from trdtrack.domain.forecast import forecast
from trdtrack.domain.outcome import sudden_gain
from trdtrack.domain.records import Rules
from trdtrack.domain.trajectory import place
from trdtrack.evidence import default_benchmark

from .making import START, score

BENCHMARK, RULES = default_benchmark(), Rules()
LONG = bool(os.environ.get("TRDTRACK_LONG"))
COURSES = 200_000 if LONG else 2_000
DEMO = Path(__file__).parents[1] / "exchange" / "data" / "scores_long.csv"
WEEKS = (2, 4, 6, 8)


def lived(chance: random.Random, weeks: tuple[int, ...], baseline: int) -> list[float]:
    """Scores of one person at these weeks, by the model: a level, a Wiener process in s, and error."""
    sem = math.sqrt(BENCHMARK.start_variance / 2)
    drift = BENCHMARK.end_variance - BENCHMARK.start_variance
    # The baseline was observed with error: the true level lies about it.
    level, reached, scores = chance.gauss(0, sem), 0.0, []
    for week in weeks:
        step = BENCHMARK.progress(week) - reached
        level += chance.gauss(0, math.sqrt(drift * step))
        reached += step
        scores.append(BENCHMARK.psychotherapy(baseline, week) + level + chance.gauss(0, sem))
    return scores


def test_in_its_own_world_the_bands_hold_what_they_promise(monkeypatch):
    # Scores stay unrounded and uncut here: the model is continuous, and a total would be checked.
    monkeypatch.setattr("trdtrack.domain.forecast.check_total", lambda total: None)
    chance = random.Random(9)
    inside = {Z50: 0, Z80: 0}
    promised = reached = 0.0
    for _ in range(COURSES):
        *seen, last = lived(chance, (*WEEKS, 26), 19)
        found = forecast(BENCHMARK, [(0, 19), *zip(WEEKS, seen, strict=True)], 26, RULES)
        for z in inside:
            inside[z] += abs(last - found.mean) <= z * found.sd
        promised += found.reliable_improvement
        reached += last <= 13.5
    for z, share in ((Z50, 0.5), (Z80, 0.8)):
        # Four standard errors: a false alarm in 16,000 runs, and the seed is fixed besides.
        assert inside[z] / COURSES == pytest.approx(share, abs=4 * math.sqrt(share * (1 - share) / COURSES))
    assert reached / COURSES == pytest.approx(promised / COURSES, abs=4 * math.sqrt(0.25 / COURSES))


def test_whole_numbers_on_the_scale_hold_at_least_as_much():
    """Totals as people get them, rounded and within 0-27, against bands that are cut to the scale."""
    chance = random.Random(27)
    inside = 0
    for _ in range(COURSES):
        whole = [min(max(round(s), 0), 27) for s in lived(chance, (*WEEKS, 26), 19)]
        found = forecast(BENCHMARK, [(0, 19), *zip(WEEKS, whole[:-1], strict=True)], 26, RULES)
        inside += found.band80[0] <= whole[-1] <= found.band80[1]
    assert 0.76 < inside / COURSES < 0.86


def average(week: int) -> float:
    return BENCHMARK.psychotherapy(19, week)


def steep(week: int) -> float:
    """From 19 to 5 in twelve weeks, in a straight line."""
    return 19 - 14 * week / 12


def called_sudden(totals: list[float]) -> bool:
    whole = [min(max(round(total), 0), 27) for total in totals]
    return bool(sudden_gain(place([score(7 * week, total) for week, total in enumerate(whole)], START, RULES)))


def test_how_often_a_possible_sudden_gain_is_none():
    """Weekly scores without any sudden gain in which one is called "possible" all the same: why that word is said.

    Error alone, SEM 2: 1 in 10 courses along the average line for half a year, 4 in 10 of the steep ones; with SEM 3
    3 and 6 in 10.
    """
    chance = random.Random(5)
    courses = 20_000 if LONG else 500
    for sem, line, weeks, share in (
        (2, average, 27, 0.10),
        (2, steep, 13, 0.38),
        (3, average, 27, 0.29),
        (3, steep, 13, 0.56),
    ):
        called = sum(called_sudden([line(w) + chance.gauss(0, sem) for w in range(weeks)]) for _ in range(courses))
        assert called / courses == pytest.approx(share, abs=0.01 + 4 * math.sqrt(share * (1 - share) / courses))


def demo_courses() -> dict[str, list[tuple[float, int]]]:
    """(week, total) of each made-up patient, week 0 the first score."""
    courses = defaultdict(list)
    with DEMO.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            courses[row["Client ID"]].append((date.fromisoformat(row["Date"]), int(row["PHQ-9 total"])))
    placed = {}
    for patient, scores in courses.items():
        scores.sort()
        placed[patient] = [((day - scores[0][0]).days / 7, total) for day, total in scores]
    return placed


def covered(pairs: list[tuple[list[tuple[float, int]], tuple[float, int]]]) -> tuple[int, float, float, float]:
    """How many forecasts, the shares inside the 50% and 80% band, and the mean of total minus forecast."""
    hits50 = hits80 = 0
    error = 0.0
    for seen, (week, total) in pairs:
        found = forecast(BENCHMARK, seen, week, RULES)
        hits50 += found.band50[0] <= total <= found.band50[1]
        hits80 += found.band80[0] <= total <= found.band80[1]
        error += total - found.mean
    return len(pairs), hits50 / len(pairs), hits80 / len(pairs), error / len(pairs)


def test_coverage_on_the_demo_data_is_reported_and_nothing_is_tuned_to_it():
    """BDI scores scaled to 0-27 with made-up weekly dates: no PHQ-9, and people who improved more than the benchmark's.

    Found: the bands are too wide from one week to the next and, where everybody fell further than the line (by 4.2
    points on average), too narrow far ahead. The bounds only notice a change; they are no target.
    """
    ahead, next_one, everything = [], [], []
    for scores in demo_courses().values():
        within = [pair for pair in scores if pair[0] <= BENCHMARK.horizon]
        if within[0][1] < 10:
            continue
        early = [pair for pair in within if pair[0] <= 4]
        if len(early) > 1 and within[-1][0] > 4:
            ahead.append((early, within[-1]))
        for i in range(1, len(within)):
            next_one.append((within[:i], within[i]))
            everything += [(within[:i], later) for later in within[i:]]
    found = {
        "from the scores to week 4, the last by week 26": covered(ahead),
        "the next score": covered(next_one),
        "every later score from every earlier": covered(everything),
    }
    for name, (n, half, most, error) in found.items():
        print(f"{name}: n {n}, in the 50% band {half:.0%}, in the 80% band {most:.0%}, mean error {error:+.1f}")  # noqa: T201
    pinned = {
        name: (n, pytest.approx(half, abs=0.03), pytest.approx(most, abs=0.03))
        for name, (n, half, most) in {
            "from the scores to week 4, the last by week 26": (40, 0.28, 0.65),
            "the next score": (520, 0.72, 0.91),
            "every later score from every earlier": (3658, 0.45, 0.76),
        }.items()
    }
    assert {name: figures[:3] for name, figures in found.items()} == pinned
