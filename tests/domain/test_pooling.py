"""Random-effects pooling against the clinical rules' figures, a published worked example, and statsmodels."""

from __future__ import annotations

import math
import warnings
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trdtrack.domain.pooling import (
    Effect,
    Method,
    by_modality,
    effects,
    hedges_g,
    leave_one_out,
    pool,
    small_sample_factor,
)
from trdtrack.domain.refusals import Refusal
from trdtrack.domain.trials import Arm, Trial
from trdtrack.evidence_tables import shipped_trials

TEN = effects(shipped_trials())
NINE = tuple(e for e in TEN if e.trial.id != "strauss2012")
ANY = Trial(id="x", study="x", therapy_after=Arm(2, 1, 1), control_after=Arm(2, 1, 1))
# Vaccinated cases, vaccinated others, controls' cases, controls' others (Colditz et al. 1994, JAMA 271:698).
BCG = (
    (4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619), (33, 5036, 47, 5761),
    (180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892), (29, 7470, 45, 7232),
    (17, 1699, 65, 1600), (186, 50448, 141, 27197), (5, 2493, 3, 2338), (27, 16886, 29, 17825),
)  # fmt: skip


def effect(g: float, variance: float, modality: str = "") -> Effect:
    return Effect(replace(ANY, modality=modality), 2, 2, g, variance)


def rounded(found, *names: str, digits: int = 3) -> tuple[float, ...]:
    return tuple(round(getattr(found, name), digits) for name in names)


INTERVAL = ("g", "ci_low", "ci_high")


def test_ten_rows_by_paule_and_mandel():
    found = pool(TEN)
    assert found.method is Method.PAULE_MANDEL
    assert rounded(found, *INTERVAL) == (-0.540, -0.784, -0.297)
    assert (round(found.tau2, 3), round(found.i2, 1), found.k) == (0.045, 41.8, 10)
    assert rounded(found, "pi_low", "pi_high") == (-1.078, -0.003)
    # From Q alone I^2 would be 24.7%.
    assert round(100 * (found.q - 9) / found.q, 1) == 24.7
    assert not found.narrowed


def test_ten_rows_by_reml_find_no_spread():
    found = pool(TEN, Method.REML)
    assert rounded(found, *INTERVAL) == (-0.501, -0.702, -0.300)
    assert (found.tau2, found.i2) == (0, 0)
    assert rounded(found, "pi_low", "pi_high") == (-0.702, -0.300)


@pytest.mark.parametrize("method", Method)
def test_without_strauss_both_methods_agree_too_well(method):
    found = pool(NINE, method)
    assert rounded(found, *INTERVAL) == (-0.461, -0.572, -0.350)
    assert found.tau2 == 0
    # Hartung and Knapp's factor is below 1 here; with the usual error it would be -0.614 to -0.307.
    assert found.narrowed
    assert round(found.g - 1.96 * found.usual_se, 3) == -0.614
    assert round(found.g + 1.96 * found.usual_se, 3) == -0.307
    assert (
        found
        == dict(zip([e.trial.id for e in TEN], [rest for _, rest in leave_one_out(TEN, method)], strict=True))[
            "strauss2012"
        ]
    )


def test_a_published_worked_example():
    # Viechtbauer 2010, J Stat Softw 36(3): log relative risks, REML.
    risks = [
        effect(math.log(a / (a + b) / (c / (c + d))), 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)) for a, b, c, d in BCG
    ]
    found = pool(risks, Method.REML)
    assert rounded(found, "g", "usual_se", "tau2", "q", digits=4) == (-0.7145, 0.1798, 0.3132, 152.2330)
    assert round(found.i2, 2) == 92.22


@pytest.mark.parametrize("found", [TEN, NINE])
def test_statsmodels_agrees_on_paule_mandel_and_hartung_knapp(found):
    # Late: it is slow, and sets warning filters of its own on import.
    with warnings.catch_warnings():
        from statsmodels.stats.meta_analysis import combine_effects  # noqa: PLC0415

        warnings.simplefilter("ignore")
        g, variance = (np.array([getattr(e, name) for e in found]) for name in ("g", "variance"))
        theirs = combine_effects(g, variance, method_re="pm", use_t=True, atol=1e-12)
        table = theirs.summary_frame()
    ours = pool(found)
    mean, se, low, high = table.loc["random effect wls", ["eff", "sd_eff", "ci_low", "ci_upp"]]
    assert (ours.g, ours.se, ours.ci_low, ours.ci_high) == pytest.approx((mean, se, low, high), abs=1e-6)
    assert (ours.tau2, ours.q) == pytest.approx((max(theirs.tau2, 0), theirs.q), abs=1e-6)
    assert ours.weights == pytest.approx(100 * theirs.weights_rel_re, abs=1e-4)


def test_hedges_factor_is_the_exact_one():
    assert round(small_sample_factor(10), 4) == 0.9227
    for df in (5, 20, 100):
        assert small_sample_factor(df) == pytest.approx(1 - 3 / (4 * df - 1), rel=2e-3)
    # Large arms: a ratio of gamma functions that would overflow if not taken in logarithms.
    assert 0.9999 < small_sample_factor(20_000) < 1


def test_g_and_its_variance_by_hand():
    # Pooled SD 10, difference -5, df 18: J = 0.95765; g = -0.47883; 1/10 + 1/10 + g^2/40 = 0.20573.
    trial = replace(ANY, therapy_after=Arm(10, 15, 10), control_after=Arm(10, 20, 10))
    found = hedges_g(trial, 10)
    assert (round(found.g, 4), round(found.variance, 4)) == (-0.4788, 0.2057)
    assert found.se**2 == pytest.approx(found.variance)
    assert found.ci_high - found.ci_low == pytest.approx(2 * 1.959964 * found.se)


def test_a_shared_control_arm_counts_once():
    sharing = {e.trial.id: e.n_control for e in TEN if e.trial.control_group == "michalak2015"}
    assert sharing == {"michalak2015_mbct": 16, "michalak2015_cbasp": 16}
    assert {e.trial.id: e.n_control for e in TEN}["lynch2020"] == 62


def test_leave_one_out_keeps_the_others_as_they_are():
    left = leave_one_out(TEN)
    assert [out.trial.id for out, _ in left] == [e.trial.id for e in TEN]
    for out, rest in left:
        assert set(rest.effects) == set(TEN) - {out}
    assert min(rest.g for _, rest in left) >= -0.59
    assert leave_one_out(TEN[:2]) == ()


def test_modalities_with_their_number():
    groups = {group.modality: group for group in by_modality(TEN)}
    assert {name: group.k for name, group in groups.items()} == {
        "DBT": 2,
        "psychodynamic": 1,
        "CBT": 2,
        "MBCT": 3,
        "CBASP": 2,
    }
    alone = next(e for e in TEN if e.trial.modality == "psychodynamic")
    group = groups["psychodynamic"]
    assert (group.g, group.ci_low, group.ci_high, group.pooled) == (alone.g, alone.ci_low, alone.ci_high, None)
    mbct = pool([e for e in TEN if e.trial.modality == "MBCT"])
    assert groups["MBCT"].pooled == mbct
    assert (groups["MBCT"].g, groups["MBCT"].ci_low) == (mbct.g, mbct.ci_low)


def test_one_comparison_is_not_pooled():
    for few in ((), TEN[:1]):
        with pytest.raises(Refusal):
            pool(few)


def test_effects_all_alike_have_no_spread():
    for method in Method:
        found = pool([effect(-0.5, 0.04)] * 4, method)
        assert (found.tau2, found.i2) == (0, 0)
        assert (found.g, found.se, found.q) == pytest.approx((-0.5, 0, 0))


some = st.lists(st.tuples(st.floats(-3, 3), st.floats(0.01, 1)), min_size=2, max_size=12)


@given(some, st.sampled_from(Method))
def test_any_table_gives_a_sound_pool(rows, method):
    found = pool([effect(g, v) for g, v in rows], method)
    gs = [g for g, _ in rows]
    assert min(gs) - 1e-9 <= found.g <= max(gs) + 1e-9
    assert found.tau2 >= 0
    assert 0 <= found.i2 < 100
    assert found.q >= 0
    assert sum(found.weights) == pytest.approx(100)
    assert found.pi_low <= found.ci_low <= found.g <= found.ci_high <= found.pi_high


@given(some)
def test_paule_mandel_solves_its_equation(rows):
    found = pool([effect(g, v) for g, v in rows])
    w = [1 / (v + found.tau2) for _, v in rows]
    spread = sum(weight * (g - found.g) ** 2 for weight, (g, _) in zip(w, rows, strict=True))
    assert spread == pytest.approx(len(rows) - 1, rel=1e-6) if found.tau2 else spread <= len(rows) - 1 + 1e-9


@given(some)
def test_no_other_tau2_has_a_higher_restricted_likelihood(rows):
    found = pool([effect(g, v) for g, v in rows], Method.REML)

    def likelihood(tau2: float) -> float:
        w = [1 / (v + tau2) for _, v in rows]
        mean = sum(weight * g for weight, (g, _) in zip(w, rows, strict=True)) / sum(w)
        squares = sum(weight * (g - mean) ** 2 for weight, (g, _) in zip(w, rows, strict=True))
        return (sum(map(math.log, w)) - math.log(sum(w)) - squares) / 2

    best = likelihood(found.tau2)
    assert all(likelihood(step / 20) <= best + 1e-6 for step in range(1000))
