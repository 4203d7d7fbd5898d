"""The clinic's own benchmark: the reference, when there is one, and that it is kept without being put in force."""

from __future__ import annotations

import math
import random
from contextlib import closing
from dataclasses import replace

import pytest

from trdtrack.domain.caseload_outcomes import LOCAL_FROM, Choice
from trdtrack.domain.refusals import Refusal
from trdtrack.evidence import default_benchmark, parse_benchmark
from trdtrack.outcomes import local_benchmark_edit, outcomes
from trdtrack.outcomes.local import local_benchmark, weighed
from trdtrack.words import say

from .clinics import AT, TODAY, clinic, course_of
from .test_replay import closed_with

PUBLISHED = default_benchmark()


def case_of(last: int, week: float, *, baseline: int = 20, has_benchmark: bool = True):
    case = closed_with(PUBLISHED, 1, baseline, has_benchmark=has_benchmark).case
    return replace(case, last=last, week=week, progress=PUBLISHED.progress(week))


def test_the_reference():
    """Clinical rules, 8: p 0.40, SE 0.06 with the prior 0.29, variance 0.03^2 + 0.09^2 -> 0.369, SD 0.051."""
    mean, sd = weighed(0.29, math.hypot(0.03, 0.09), 0.40, 0.06)
    assert (round(mean, 3), round(sd, 3)) == (0.369, 0.051)


def test_p_and_its_error_by_hand():
    chance = random.Random(8)
    cases = [case_of(chance.randint(5, 20), chance.choice((4.0, 9.0, 26.0))) for _ in range(40)]
    found = local_benchmark(cases, PUBLISHED)
    falls, lines = [c.baseline - c.last for c in cases], [c.baseline * c.progress for c in cases]
    p = sum(falls) / sum(lines)
    sd = math.sqrt(sum((f - p * x) ** 2 for f, x in zip(falls, lines, strict=True)) / 39)
    assert found.data == pytest.approx(p)
    assert found.se == pytest.approx(sd / (math.sqrt(40) * sum(lines) / 40))
    assert (found.posterior, found.posterior_sd) == pytest.approx(weighed(0.29, 0.09486833, p, found.se))
    assert found.why_not is None


def test_from_thirty_courses_and_not_before():
    usable = [case_of(10 + place % 3, 12.0) for place in range(LOCAL_FROM)]
    unusable = [case_of(3, 3.9), case_of(3, 12.0, has_benchmark=False), closed_with(PUBLISHED, 2).case]
    found = local_benchmark([*usable[1:], *unusable], PUBLISHED)
    assert (found.n, found.posterior) == (29, None)
    assert "needs 30 closed courses" in say(found.why_not)
    assert local_benchmark([*usable, *unusable], PUBLISHED).n == 30
    assert local_benchmark(usable, PUBLISHED).posterior is not None


def test_courses_that_all_fell_alike_tell_no_spread():
    found = local_benchmark([case_of(27, 12.0, baseline=27)] * 40, PUBLISHED)
    assert (found.data, found.posterior) == (0.0, None)
    assert "fell by the same share" in say(found.why_not)


def test_courses_that_rose_give_no_line():
    rose = [case_of(26 + place % 2, 12.0, baseline=12) for place in range(400)]
    found = local_benchmark(rose, PUBLISHED)
    assert found.data < 0
    assert found.posterior is None
    assert "do not give a fall" in say(found.why_not)


def test_it_is_saved_with_its_own_version_and_nothing_is_drawn_with_it(tmp_path):
    chance = random.Random(3)
    courses = [course_of(n, [20, *(chance.randint(8, 18) for _ in range(8))]) for n in range(31)]
    with closing(clinic(tmp_path, *courses)) as caseload:
        found = outcomes(caseload, Choice(), today=TODAY)
        drawn = [s.benchmark for held in caseload.held(today=TODAY) for s in held.summaries]
        assert found.local.n == 31
        caseload.edit(local_benchmark_edit(caseload, found.local, today=TODAY), at=AT)
        caseload.edit(local_benchmark_edit(caseload, found.local, today=TODAY), at=AT)
        *_, first, second = caseload.benchmarks()
        assert (first.name, first.version, second.version) == ("This clinic's own courses", "1", "2")
        assert first.psychotherapy_fall == pytest.approx(found.local.posterior, abs=5e-5)
        assert first.date == TODAY.isoformat()
        for week in (0, 4, 12, 26, 30):
            assert first.usual_care(19, week) == PUBLISHED.usual_care(19, week)
            assert first.sd(week) == PUBLISHED.sd(week)
        assert first.psychotherapy(19, 26) != PUBLISHED.psychotherapy(19, 26)
        gives = first.sources[0].gives
        assert "in 31 closed courses" in gives
        assert f"{found.local.data:.3f}" in gives
        assert [s.cite for s in first.sources[1:]] == [s.cite for s in PUBLISHED.sources]
        assert [s.benchmark for held in caseload.held(today=TODAY) for s in held.summaries] == drawn
        assert default_benchmark() is PUBLISHED
        assert outcomes(caseload, Choice(), today=TODAY) == found
        caseload.undo(at=AT)
        assert [b.version for b in caseload.benchmarks() if b.name == first.name] == ["1"]


def test_without_a_posterior_there_is_nothing_to_save(tmp_path):
    with closing(clinic(tmp_path, course_of(1, [20, 18, 15]))) as caseload:
        local = outcomes(caseload, Choice(), today=TODAY).local
        with pytest.raises(Refusal) as refused:
            local_benchmark_edit(caseload, local, today=TODAY)
        assert refused.value.what == local.why_not


def test_the_file_can_be_read_again_whatever_stands_in_it():
    from trdtrack.outcomes.local import file_text  # noqa: PLC0415

    usable = [case_of(10 + place % 3, 12.0) for place in range(LOCAL_FROM)]
    text = file_text(
        local_benchmark(usable, PUBLISHED), PUBLISHED, name='Our "own" \\ courses', version="1", today=TODAY
    )
    assert parse_benchmark(text, file="own").name == 'Our "own" \\ courses'
