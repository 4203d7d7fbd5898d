"""What is computed from the trials' own figures: falls, SDs and shared control arms."""

from __future__ import annotations

from dataclasses import replace

import pytest

from trdtrack.domain.trials import Arm, Confirmed, Published, mean_falls, pooled_sd, shared_control, split_control
from trdtrack.evidence_tables import shipped_published, shipped_trials

TRIALS = shipped_trials()
REFRAMED = TRIALS[0]


def test_refra_med_s_figures_as_in_the_clinical_rules():
    assert REFRAMED.id == "lynch2020"
    assert round(pooled_sd(REFRAMED.therapy_after, REFRAMED.control_after), 2) == 7.26
    assert round(pooled_sd(REFRAMED.therapy_before, REFRAMED.control_before), 1) == 5.0


def test_mean_falls_of_the_ten_rows():
    control, therapy = mean_falls(TRIALS)
    assert (round(control, 2), round(therapy, 2)) == (0.14, 0.30)
    # RefraMED alone: the default benchmark's 16% and 29%.
    control, therapy = mean_falls(TRIALS[:1])
    assert (round(control, 2), round(therapy, 2)) == (0.16, 0.29)


def test_rows_without_a_mean_before_are_left_out_of_the_falls():
    assert mean_falls([REFRAMED, replace(TRIALS[1], control_before=None)]) == mean_falls([REFRAMED])
    with pytest.raises(ValueError, match="before"):
        mean_falls([])


def test_a_shared_control_is_split_in_whole_people():
    rows = [replace(t, control_group="one", control_after=Arm(33, 20, 5)) for t in TRIALS[:2]]
    assert [split_control(rows, row) for row in rows] == [16, 16]
    assert shared_control(rows, rows[0]) == 2
    # A blank group is no group.
    assert [split_control(TRIALS, t) for t in TRIALS if not t.control_group] == [
        t.control_after.n for t in TRIALS if not t.control_group
    ]


def test_only_confirmed_figures_are_drawn():
    drawn = {p.id for p in shipped_published() if p.drawn}
    assert "giguere2025" in drawn
    assert not drawn & {"ijaz2018_phq9", "ijaz2018_smd", "negt2016_add"}
    known = Published(id="a", source="b", metric="g", confirmed=Confirmed.YES, estimate=-0.4)
    assert not known.drawn
