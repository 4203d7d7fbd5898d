from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from trdtrack.domain.months import months_later
from trdtrack.domain.records import DrugClass, Known, Laterality, Role, Severity, TrialOutcome
from trdtrack.domain.resistance import Met
from trdtrack.domain.staging import maudsley
from trdtrack.domain.thase_rush import thase_rush
from trdtrack.words import say

from .test_resistance import BEGAN, EPISODE, judge, trial

RATED = replace(EPISODE, severity=Severity.MODERATE)
AUGMENTED = trial("lithium", role=Role.AUGMENTATION)
ECT = trial("", role=Role.ECT, laterality=Laterality.BILATERAL)


def stage(*treatments, episode=RATED, months=6, on=None):
    return maudsley(judge(*treatments), treatments, episode=episode, on=on or months_later(BEGAN, months))


def drugs(number):
    return [trial(f"drug {n}") for n in range(number)]


def points(staging):
    return [line.points for line in staging.lines]


@pytest.mark.parametrize(("months", "expected"), [(0, 1), (1, 1), (12, 1), (13, 2), (24, 2), (25, 3), (240, 3)])
def test_duration(months, expected):
    assert points(stage(*drugs(1), months=months))[0] == expected


def test_a_month_counts_when_it_is_whole():
    assert points(stage(*drugs(1), on=months_later(BEGAN, 13) - timedelta(days=1)))[0] == 1


SEVERITIES = [
    (Severity.SUBSYNDROMAL, Known.NO, 1, "subsyndromal"),
    (Severity.MILD, Known.NO, 2, "mild"),
    (Severity.MODERATE, Known.YES, 3, "moderate"),
    (Severity.SEVERE, Known.NO, 4, "severe, without psychotic features"),
    (Severity.SEVERE, Known.YES, 5, "severe, with psychotic features"),
    (Severity.SEVERE, Known.NOT_RECORDED, 4, "severe; psychotic features not known, taken as none"),
    (Severity.SEVERE, Known.UNSURE, 4, "severe; psychotic features not known, taken as none"),
]


@pytest.mark.parametrize(("severity", "psychotic", "expected", "why"), SEVERITIES)
def test_severity(severity, psychotic, expected, why):
    line = stage(*drugs(1), episode=replace(RATED, severity=severity, psychotic=psychotic)).lines[1]
    assert (line.points, say(line.why)) == (expected, why)


FAILED = [(1, 1), (2, 1), (3, 2), (4, 2), (5, 3), (6, 3), (7, 4), (10, 4), (11, 5), (30, 5)]


@pytest.mark.parametrize(("number", "expected"), FAILED)
def test_antidepressants_failed(number, expected):
    assert points(stage(*drugs(number)))[2] == expected


def test_the_same_drug_fails_once():
    assert points(stage(trial("a"), trial("A"), trial("b")))[2] == 1


def test_augmentation_and_ect_in_this_episode():
    assert points(stage(*drugs(1)))[3:] == [0, 0]
    assert points(stage(*drugs(1), AUGMENTED))[3:] == [1, 0]
    assert points(stage(*drugs(1), AUGMENTED, replace(AUGMENTED, drug="quetiapine"), ECT))[3:] == [1, 1]
    before = stage(*drugs(1), replace(AUGMENTED, in_episode=Known.NO), replace(ECT, in_episode=Known.UNSURE))
    assert points(before)[3:] == [0, 0]
    assert say(before.lines[3].why) == "not in this episode"
    assert "not known whether in this episode" in say(before.lines[4].why)


BANDS = [
    # duration, severity, psychotic, drugs, augmentation, ECT -> total, band
    (6, Severity.SUBSYNDROMAL, Known.NO, 1, False, False, 3, "mild"),
    (13, Severity.MILD, Known.NO, 3, False, False, 6, "mild"),
    (13, Severity.MODERATE, Known.NO, 3, False, False, 7, "moderate"),
    (25, Severity.MODERATE, Known.NO, 5, True, False, 10, "moderate"),
    (25, Severity.MODERATE, Known.NO, 5, True, True, 11, "severe"),
    (25, Severity.SEVERE, Known.YES, 11, True, True, 15, "severe"),
]


@pytest.mark.parametrize("case", BANDS)
def test_total_and_band(case):
    months, severity, psychotic, number, augmented, ect, total, band = case
    treatments = [*drugs(number), *([AUGMENTED] if augmented else []), *([ECT] if ect else [])]
    found = stage(*treatments, episode=replace(RATED, severity=severity, psychotic=psychotic), months=months)
    assert (found.total, say(found.band)) == (total, band)
    assert say(found.why) == f"{total} of 15: {band}"
    assert sum(points(found)) == total


def test_without_a_counted_trial_it_is_not_staged():
    for treatments in ([], [trial(weeks=None)], [trial(outcome=TrialOutcome.NOT_TOLERATED), AUGMENTED]):
        found = stage(*treatments)
        assert (found.total, found.band) == (None, None)
        assert say(found.why) == "not staged: no failed antidepressant trial counts yet"
        assert points(found)[:2] == [1, 3]


def test_what_is_missing_is_named():
    treatment = trial(in_episode=Known.YES)
    found = stage(treatment, episode=None)
    assert found.total is None
    assert say(found.why) == "not staged: start of the current episode not recorded, severity not recorded"
    assert say(stage(treatment, episode=EPISODE).why) == "not staged: severity not recorded"
    early = stage(treatment, on=BEGAN - timedelta(days=1))
    assert say(early.why) == "not staged: the current episode starts after 31 Dec 2024"


SSRI, SNRI, TCA, MAOI = DrugClass.SSRI, DrugClass.SNRI, DrugClass.TRICYCLIC, DrugClass.MAOI
OTHER, UNKNOWN = DrugClass.OTHER, DrugClass.NOT_RECORDED
YES, NO, OPEN = Met.MET, Met.NOT_MET, Met.CANNOT_TELL


def thase(*classes, more=()):
    treatments = [trial(f"drug {n}", drug_class=c) for n, c in enumerate(classes)]
    treatments += more
    return thase_rush(judge(*treatments), treatments, episode=EPISODE)


STAGES = [
    ([], "0", [NO, NO, NO, NO, NO]),
    ([SSRI], "I", [YES, NO, NO, NO, NO]),
    ([TCA], "I", [YES, NO, NO, NO, NO]),
    ([SSRI, SSRI], "I", [YES, NO, NO, NO, NO]),
    ([SSRI, SNRI], "II", [YES, YES, NO, NO, NO]),
    ([SSRI, OTHER], "II", [YES, YES, NO, NO, NO]),
    # SSRI + tricyclic = II: III needs one more failed trial.
    ([SSRI, TCA], "II", [YES, YES, NO, NO, NO]),
    ([SSRI, SSRI, TCA], "II", [YES, YES, NO, NO, NO]),
    ([SSRI, SNRI, TCA], "III", [YES, YES, YES, NO, NO]),
    ([SSRI, TCA, TCA], "III", [YES, YES, YES, NO, NO]),
    ([SSRI, TCA, MAOI], "III", [YES, YES, YES, NO, NO]),
    ([SSRI, SNRI, MAOI], "II", [YES, YES, NO, NO, NO]),
    ([SSRI, SNRI, TCA, MAOI], "IV", [YES, YES, YES, YES, NO]),
    ([UNKNOWN], "I", [YES, NO, NO, NO, NO]),
    ([SSRI, UNKNOWN], "I", [YES, OPEN, NO, NO, NO]),
    ([SSRI, SNRI, UNKNOWN], "II", [YES, YES, OPEN, NO, NO]),
    ([SSRI, SNRI, TCA, UNKNOWN], "III", [YES, YES, YES, OPEN, NO]),
    ([UNKNOWN] * 4, "I", [YES, OPEN, OPEN, OPEN, NO]),
    ([OTHER, OTHER], "I", [YES, OPEN, NO, NO, NO]),
    ([OTHER, OTHER, TCA], "II", [YES, YES, OPEN, NO, NO]),
]


@pytest.mark.parametrize(("classes", "name", "met"), STAGES)
def test_thase_rush(classes, name, met):
    found = thase(*classes)
    assert found.name == name
    assert [s.met for s in found.stages] == met


FOUR = (SSRI, SNRI, TCA, MAOI)
ECTS = [
    ({}, "V", YES, "bilateral ECT: no response"),
    ({"laterality": Laterality.UNILATERAL}, "IV", NO, "ECT was unilateral"),
    ({"laterality": Laterality.UNKNOWN}, "IV", OPEN, "ECT, open: bilateral or unilateral"),
    ({"outcome": TrialOutcome.NOT_RECORDED}, "IV", OPEN, "ECT, open: outcome"),
    ({"outcome": TrialOutcome.RESPONSE}, "IV", NO, "ECT: response"),
    ({"outcome": TrialOutcome.PARTIAL}, "V", YES, "bilateral ECT: partial response"),
    ({"in_episode": Known.NO}, "IV", NO, "ECT was not in the current episode"),
    ({"in_episode": Known.UNSURE}, "IV", OPEN, "ECT, open: taken in the current episode"),
    ({"adequate": Known.NO}, "IV", NO, "the course of ECT was not adequate"),
]


@pytest.mark.parametrize(("fields", "name", "met", "why"), ECTS)
def test_stage_v_needs_bilateral_ect_that_failed(fields, name, met, why):
    found = thase(*FOUR, more=[replace(ECT, **fields)])
    assert (found.name, found.stages[4].met, say(found.stages[4].why)) == (name, met, why)


def test_a_second_series_of_ect_can_be_the_one_that_failed():
    assert thase(*FOUR, more=[replace(ECT, laterality=Laterality.UNILATERAL), ECT]).stage == 5


def test_ect_alone_is_no_stage():
    assert thase(SSRI, more=[ECT]).name == "I"
    assert thase(SSRI, SNRI, TCA, UNKNOWN, more=[ECT]).stages[4].met is OPEN


def test_the_stage_in_words():
    assert say(thase().why) == "stage 0: no failed antidepressant trial counts"
    assert say(thase(SSRI, SNRI).why) == "stage II: drug 0 (SSRI), drug 1 (SNRI)"
    beyond = "stage I at least; beyond that it cannot be told: drug 1: class not recorded"
    assert say(thase(SSRI, UNKNOWN).why) == beyond
    others = say(thase(OTHER, OTHER).why)
    assert others.endswith("whether the classes of drug 0, drug 1 differ is not recorded")
    assert say(thase(*FOUR).why).startswith("stage IV: ")
    assert say(thase(*FOUR, more=[ECT]).why) == "stage V: bilateral ECT: no response"


def test_a_possible_trial_leaves_open_what_it_could_reach():
    found = thase(SSRI, more=[trial("imipramine", drug_class=TCA, weeks=None)])
    assert [s.met for s in found.stages] == [YES, OPEN, NO, NO, NO]
    assert say(found.stages[1].why) == "imipramine, open: weeks"


def test_a_worked_example():
    """Moderate, 18 months, four drugs, augmented, no ECT: 2 + 3 + 2 + 1 + 0 = 8, moderate."""
    found = stage(*drugs(4), AUGMENTED, on=date(2026, 7, 15))
    assert (points(found), found.total, say(found.band)) == ([2, 3, 2, 1, 0], 8, "moderate")
