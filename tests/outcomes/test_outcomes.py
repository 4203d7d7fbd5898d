"""What is said where there is little to say, how far the reckoning has come, and stopping it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest

from trdtrack.domain.caseload_outcomes import Choice
from trdtrack.domain.edit import altered
from trdtrack.domain.records import EndReason, Modality, Rules
from trdtrack.outcomes import outcomes
from trdtrack.words import say

from .clinics import AT, NOTHING, TODAY, clinic, course_of

ALL = Choice()


def looked(folder, *courses, choice=ALL, **more):
    with closing(clinic(folder, *courses, **more)) as caseload:
        return outcomes(caseload, choice, today=TODAY)


def said(found):
    return " ".join(map(say, found.said))


def test_no_closed_course(tmp_path):
    found = looked(tmp_path)
    assert said(found) == "No course of care has ended yet: there is no outcome to show."
    assert (found.all.n, found.all.paired.share, found.all.change.value) == (0, None, None)
    assert (found.fall.observed, found.local.posterior, found.cases, found.by_modality) == (None, None, (), ())
    assert (found.over_weeks.steps, found.endings, found.follow_ups.due) == ((), (), 0)
    assert {r.n for r in found.calibration.replays} == {0}
    assert all(r.of_all.share is None for r in found.all.reached)


def test_one_course(tmp_path):
    found = looked(tmp_path, course_of(1, [18, 15, 12, 9]))
    assert "One course alone" in said(found)
    assert (found.all.change.value, found.all.change.low) == (-9, None)
    assert (found.fall.observed, found.fall.low) == (0.5, None)
    improved = found.all.reached[0].of_all
    assert (improved.count, improved.of) == (1, 1)
    assert improved.low == pytest.approx(0.2065, abs=5e-5), "one of one is far from certain"


def test_all_lost_to_follow_up(tmp_path):
    found = looked(tmp_path, course_of(1, [18, 15], lost=True), course_of(2, [20], lost=True))
    assert "None has a total in the 28 days up to the end: nothing can be said about change." in said(found)
    assert (found.all.n, found.all.paired.count, found.all.no_outcome) == (2, 0, 2)
    assert (found.all.change.value, found.fall.observed) == (None, None)
    assert all((r.of_all.count, r.of_all.of, r.of_paired.of) == (0, 2, 0) for r in found.all.reached)
    assert all(c.last is None and c.reliable is None for c in found.cases)


def test_all_at_the_ceiling(tmp_path):
    found = looked(tmp_path, *(course_of(n, [27] * 7) for n in range(31)))
    assert "All began at 27, the highest total: getting worse could not have shown." in said(found)
    assert "All totals at the end are 27" in said(found)
    assert (found.all.change.value, found.all.change.low) == (0, 0)
    assert (found.fall.observed, found.fall.low) == (0, 0)
    assert found.local.n == 31
    assert found.local.posterior is None
    assert "fell by the same share" in say(found.local.why_not)
    assert found.calibration.replays[0].carried == 0


def test_baselines_below_ten_and_courses_without_one_are_left_out_and_counted(tmp_path):
    found = looked(tmp_path, course_of(1, [9, 3]), course_of(2, []), course_of(3, [10, 4]))
    assert (found.below_caseness, found.no_baseline, found.all.n) == (1, 1, 1)
    assert "1 closed course is left out: it has no baseline." in said(found)
    assert "1 closed course is left out: its baseline was below 10." in said(found)


def test_nothing_left_after_leaving_out(tmp_path):
    found = looked(tmp_path, course_of(1, [9, 3]))
    assert said(found).endswith("None of the closed courses began at 10 or more: nothing can be said.")
    assert found.all.n == 0


def test_nothing_as_chosen(tmp_path):
    found = looked(tmp_path, course_of(1, [18, 9], modality=Modality.CBT), choice=Choice(modality=Modality.IPT))
    assert said(found) == "No closed course is as chosen here."
    assert found.choices.modalities == (Modality.CBT,)


def test_how_many_have_no_outcome_is_said(tmp_path):
    found = looked(tmp_path, course_of(1, [18, 9]), course_of(2, [18, 9], lost=True), course_of(3, [15, 9]))
    assert "1 course has no total in the 28 days up to the end. It counts as not achieved" in said(found)
    assert "Fewer than 20 courses" in said(found)


def test_an_open_or_reopened_course_is_not_among_them(tmp_path):
    first = course_of(1, [18, 9])
    with closing(clinic(tmp_path, first, course_of(2, [19, 12]))) as caseload:
        ended = next(c for c in caseload.records("course") if c.id == first[1].id)
        assert outcomes(caseload, Choice(), today=TODAY).all.n == 2
        opened = replace(ended, end=None, end_reason=EndReason.NOT_RECORDED)
        caseload.edit(altered(NOTHING, ended, opened), at=AT)
        assert [c.code for c in outcomes(caseload, Choice(), today=TODAY).cases] == ["T-002"]


def test_what_was_fixed_at_the_end_stays_when_proration_is_turned_off(tmp_path):
    records, course, end = course_of(1, [18, 15])
    last = replace(records[-1], total=None, answers=(1, 1, 1, 1, 1, None, 1, 1, 1))
    with closing(clinic(tmp_path, ([*records[:-1], last], course, end))) as caseload:
        before = outcomes(caseload, Choice(), today=TODAY)
        assert (before.cases[0].last, before.cases[0].prorated, before.all.prorated) == (9, True, 1)
        caseload.edit(altered(NOTHING, None, Rules(prorate=False)), at=AT)
        after = outcomes(caseload, Choice(), today=TODAY)
        assert after.cases == before.cases
        assert [s.observed.n for s in before.over_weeks.steps] == [1, 1]
        assert [s.observed.n for s in after.over_weeks.steps] == [1], "the course itself has one total now"


def test_it_tells_how_far_it_is_and_can_be_stopped(tmp_path):
    with closing(clinic(tmp_path, course_of(1, [18, 9]))) as caseload:
        told = []
        outcomes(caseload, Choice(), today=TODAY, tick=lambda done, of: told.append((done, of)))
        assert [done for done, _of in told] == sorted(done for done, _of in told)
        assert {of for _done, of in told} == {told[-1][1]}
        assert told[-1][0] < told[-1][1]

        class Stopped(Exception):  # noqa: N818
            pass

        for when in range(len(told)):
            heard = []

            def stop(*_far, when=when, heard=heard):
                heard.append(1)
                if len(heard) > when:
                    raise Stopped

            with pytest.raises(Stopped):
                outcomes(caseload, Choice(), today=TODAY, tick=stop)
        assert caseload.check() == ()
