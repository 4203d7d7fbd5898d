"""The words of the forest plot: what is printed, what is said, what is left out and why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chart.evidence import pools
from trdtrack.chart.forest_drawing import forest
from trdtrack.chart.forest_words import figure, short_source
from trdtrack.evidence_tables import shipped_published


def test_the_unverified_the_text_and_the_figures_in_points_are_words_only():
    drawn = forest(pools(), shipped_published())
    names = {line.name for review in drawn.reviews for line in review.lines}
    assert not any("smartphone" in name for name in names)
    left_out = " ".join(drawn.left_out)
    assert "Unverified, not drawn: Ijaz et al. 2018 (PHQ-9; self-reported depressive symptoms)." in left_out
    assert "As text only: Negt et al. 2016, g 0.49 to 0.59" in left_out
    assert "In points, not on this axis: Mantani et al. (FLATT) 2017" in left_out
    assert "\u22122.48\u00a0(\u22123.72\u00a0to\u00a0\u22121.23)" in left_out


def test_it_says_when_the_methods_disagree_and_only_then():
    (remark,) = forest(pools(), ()).remarks
    assert remark == (
        "Paule–Mandel and REML disagree on how far the trials differ (τ² 0.045 against 0), "
        "and so on the estimate (−0.54 against −0.50)."
    )
    assert not any("disagree" in r for r in forest(pools("strauss2012"), ()).remarks)
    assert not forest(pools()[:1], ()).remarks
    narrow = replace(pools()[1], se=0.01)
    assert any("closer than chance" in r for r in forest([narrow], ()).remarks)


def test_a_control_arm_that_counts_by_parts_is_said_to():
    assert forest(pools(), ()).key.endswith(". Michalak 2015: one control arm, split between its comparisons.")
    whole = [replace(effect, n_control=effect.trial.control_after.n) for effect in pools()[0].effects]
    assert "control arm" not in forest([replace(pools()[0], effects=tuple(whole))], ()).key


@pytest.mark.parametrize(
    ("value", "text", "exact"),
    [(-0.4304, "−0.43", "−0.43"), (0.2, "0.20", "0.20"), (-0.0028, "0.00", "−0.003"), (0.0, "0.00", "0.00")],
)
def test_figures_as_printed(value, text, exact):
    assert figure(value) == text
    assert figure(value, exact=True) == exact


def test_sources_are_cited_by_author_and_year():
    assert short_source(shipped_published()[0]) == "Giguère et al. 2025"
    negt = next(row for row in shipped_published() if row.id == "negt2016_add")
    assert short_source(negt) == "Negt et al. 2016"
