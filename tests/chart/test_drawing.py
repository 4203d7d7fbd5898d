from __future__ import annotations

import itertools

import pytest

from chart.courses import START, answers, course, long, usual, week
from trdtrack.chart.axes import date_ticks, week_ticks
from trdtrack.chart.drawing import blank, drawing, week_words
from trdtrack.chart.reading import reading
from trdtrack.domain.phq9 import Completeness
from trdtrack.words import say


def test_every_total_stands_at_its_day_and_points():
    summary = usual()
    drawn = [(m.x, m.y, m.counts) for m in drawing(summary).marks]
    assert drawn == [(p.date.toordinal(), p.score.total, p.counts) for p in summary.points]
    assert len(drawn) == 13


def test_kinds_of_total_are_kept_apart():
    kinds = {m.x: m.completeness for m in drawing(usual()).counting}
    assert kinds[week(3).toordinal()] is Completeness.COMPLETE
    assert kinds[week(4).toordinal()] is Completeness.PRORATED
    assert kinds[week(11).toordinal()] is Completeness.TOTAL_ONLY


def test_the_line_is_dashed_beyond_28_days_and_skips_what_does_not_count():
    figure = drawing(course((0, 19), (4, 18), (8 + 1 / 7, 17)))
    assert [s.dashed for s in figure.stretches] == [False, True]
    figure = drawing(usual())
    assert len(figure.stretches) == len(figure.counting) - 1 == 11
    assert [s.dashed for s in figure.stretches].count(True) == 1


def test_an_assessment_without_total_has_no_point_but_its_item_9():
    figure = drawing(course((0, 19), (2, answers(19, 3, (0, 1, 2)))))
    assert len(figure.marks) == 1
    assert [(m.text, m.raised) for m in figure.alongside.item9] == [("0", False), ("3", True)]


def test_item_9_shows_the_highest_of_a_day_and_a_question_mark_for_none():
    figure = drawing(usual())
    assert [m.text for m in figure.alongside.item9] == ["1", "1", "2", "0", "0", "0", "0", "?", "1", "0", "0", "?"]


def test_the_expected_lines_start_at_the_later_of_week_0_and_baseline_and_end_with_the_data():
    figure = drawing(usual())
    assert figure.measured[0].x == START.toordinal()
    assert figure.measured[0].at.psychotherapy == 19
    assert figure.measured[-1].x == figure.end == START.toordinal() + 7 * 26
    assert not figure.beyond
    figure = drawing(course((1, 19), (50, 12)))
    assert figure.measured[0].x == week(1).toordinal()
    assert figure.beyond[0].x == week(31).toordinal()
    assert figure.beyond[-1].x == figure.end > week(50).toordinal()
    assert figure.beyond[0].at.psychotherapy == figure.beyond[1].at.psychotherapy
    assert figure.note == "no PHQ-9 arm data beyond 30 weeks"


def test_the_worked_values_of_the_clinical_rules_are_on_the_line():
    at = {round((c.x - START.toordinal()) / 7, 6): c.at for c in drawing(course((0, 19), (1, 19))).measured}
    assert round(at[26].psychotherapy, 2) == 13.49
    assert round(at[26].usual_care, 2) == 15.96
    assert (round(at[26].low80, 1), round(at[26].high80, 1)) == (5.0, 22.0)


def test_without_benchmark_there_are_no_lines_but_the_reason():
    figure = drawing(course((0, 8), (2, 7)))
    assert not figure.measured
    assert figure.note == "No expected course: baseline below 10"


def test_empty_charts_say_so():
    figure = drawing(course())
    assert figure.empty == "No PHQ-9 total yet."
    assert not figure.note
    assert figure.end - figure.start == 26 * 7
    assert blank().end > blank().start


def test_a_reading_gives_the_exact_figures():
    summary = usual()
    assert [say(line) for line in reading(summary, summary.points[4])] == [
        "PHQ-9 16, moderately severe",
        "3 Feb 2026, week 4",
        "prorated, 8 of 9 answered, item 9: 0",
        "average then: 16.3 with psychotherapy, 17.5 without",
    ]
    assert "another total of this day counts" in [say(line) for line in reading(summary, summary.points[7])]
    assert any("item 9 not answered" in say(line) for line in reading(summary, summary.points[-1]))


@pytest.mark.parametrize(("given", "words"), [(None, "–"), (3.0, "3"), (-1.0, "−1"), (3.5, "3.5")])
def test_weeks_in_words(given, words):
    assert week_words(given) == words


@pytest.mark.parametrize("span", [1, 3, 20, 60, 182, 400, 1500, 4000, 20000])
@pytest.mark.parametrize("labels", [2, 4, 8])
def test_date_labels_never_stand_closer_than_asked(span, labels):
    first = week(0).toordinal() + 0.4
    room = span / labels
    ticks = date_ticks(first, first + span, room)
    assert all(first <= x <= first + span for x, _ in ticks)
    assert all(b[0] - a[0] >= room for a, b in itertools.pairwise(ticks))
    assert len({text for _, text in ticks}) == len(ticks) or span > 300


def test_date_labels_name_the_year_once():
    texts = [text for _, text in date_ticks(week(-8).toordinal(), week(20).toordinal(), 25)]
    assert texts == ["Dec 2025", "Jan 2026", "Feb", "Mar", "Apr", "May"]


def test_week_labels_are_round_and_may_be_negative():
    assert week_ticks(-4.2, 27, 3.5) == [-4, 0, 4, 8, 12, 16, 20, 24]


def test_four_years_reach_past_the_last_score():
    figure = drawing(long())
    assert len(figure.marks) == 200
    assert figure.end > figure.marks[-1].x
