"""The tables of trials and published estimates: what ships, and every fault of a bad one by line and column."""

from __future__ import annotations

import pytest

from trdtrack.domain.refusals import Problems, Refusal
from trdtrack.domain.trials import Arm, Confirmed
from trdtrack.evidence_tables import (
    PUBLISHED_COLUMNS,
    TRIAL_COLUMNS,
    read_published,
    read_trials,
    shipped_published,
    shipped_trials,
)
from trdtrack.paths import resources
from trdtrack.words import say

HEADER = "id,study,scale,scale_max,n1_therapy,m1_therapy,sd1_therapy,n1_control,m1_control,sd1_control,control_group"
ONE = "a,Ann 2020,BDI,63,40,15,11.8,40,17.9,12,"
TWO = "b,Bob 2021,BDI,63,26,22.7,12.1,33,28.3,10.3,bob"
THREE = "c,Bob 2021 (2),BDI,63,28,22.3,12.5,33,28.3,10.3,bob"
PUBLISHED_HEADER = "id,source,metric,estimate,ci_low,ci_high,k,n,confirmed"
PUBLISHED = "p,Somebody 2020,SMD,-0.4,-0.6,-0.2,6,635,yes"


def trials(*rows: str, header: str = HEADER, **options):
    return read_trials("\n".join([header, *rows]).encode(), name="ours.csv", **options)


def faults(read, *rows: str, header: str) -> list[tuple[int, str, str]]:
    """(line, column, words) of every fault; nothing may be taken in."""
    with pytest.raises(Problems) as caught:
        read("\n".join([header, *rows]).encode(), name="ours.csv")
    found = [(p.line, p.column, say(p.what)) for p in caught.value.problems]
    line, column, words = found[0]
    assert say(caught.value.what).startswith(f"ours.csv, line {line}, {column}: {words}; ")
    assert say(caught.value.what).endswith("nothing was taken in.")
    return found


def wrong(*rows: str, header: str = HEADER) -> list[tuple[int, str, str]]:
    return faults(read_trials, *rows, header=header)


def test_the_shipped_trials():
    found = shipped_trials()
    assert (len(found), len({t.id for t in found})) == (10, 10)
    lynch = found[0]
    assert (lynch.scale, lynch.scale_max, lynch.weeks, lynch.year) == ("PHQ-9", 27, 30, 2020)
    assert (lynch.therapy_after, lynch.control_before) == (Arm(121, 13.42, 7.47), Arm(88, 19.69, 4.78))
    assert found[3].control_group == found[4].control_group == "michalak2015"
    assert found[3].weeks is None


def test_the_shipped_published_estimates():
    found = {p.id: p for p in shipped_published()}
    assert len(found) == 10
    review = found["giguere2025"]
    assert (review.estimate, review.ci_low, review.ci_high, review.k) == (-0.49, -0.63, -0.34, 12)
    assert found["ijaz2018_phq9"].confirmed is Confirmed.NO
    assert found["negt2016_add"].confirmed is Confirmed.TEXT
    assert found["negt2016_add"].estimate is None


@pytest.mark.parametrize(("name", "known"), [("trials.csv", TRIAL_COLUMNS), ("pooled.csv", PUBLISHED_COLUMNS)])
def test_the_shipped_tables_hold_no_column_that_is_not_read(name, known):
    header = (resources() / "evidence" / name).read_text("utf-8").splitlines()[0].split(",")
    assert sorted(header) == sorted(known)


def test_a_table_of_ones_own():
    found = trials(ONE, "", TWO, ",,,", THREE)
    assert [t.id for t in found] == ["a", "b", "c"]
    assert found[0].therapy_before is None
    assert found[0].modality == ""


@pytest.mark.parametrize("delimiter", [";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_other_delimiters_line_ends_and_a_byte_order_mark(delimiter, end):
    text = end.join([HEADER, ONE, TWO]).replace(",", delimiter)
    assert len(read_trials(b"\xef\xbb\xbf" + text.encode(), name="ours.csv")) == 2


def test_columns_of_ones_own_are_let_be():
    assert len(trials(f"{ONE},10.1/x", header=f"{HEADER},link")) == 1


@pytest.mark.parametrize(
    ("piece", "by", "column", "words"),
    [
        (",11.8,", ",-11.8,", "sd1_therapy", "a standard deviation is above 0"),
        (",12,", ",0,", "sd1_control", "a standard deviation is above 0"),
        (",11.8,", ",77,", "sd1_therapy", "an SD of 77 is not possible on this scale"),
        (",63,40,", ",63,1,", "n1_therapy", "an arm has 2 people or more"),
        (",63,40,", ",63,-4,", "n1_therapy", "an arm has 2 people or more"),
        (",63,40,", ",63,40.5,", "n1_therapy", "40.5 is not a whole number"),
        ("40,17.9,12", ",,", "n1_control", "this arm is missing"),
        ("40,15,11.8", ",,", "n1_therapy", "this arm is missing"),
        ("40,17.9,12", "40,,12", "m1_control", "it is empty, and cannot be left out"),
        (",15,", ",64,", "m1_therapy", "a mean of 64 is not on this scale"),
        (",15,", ",-1,", "m1_therapy", "a mean of -1 is not on this scale"),
        ("BDI,63,", "BDI,,", "scale_max", "it is empty, and cannot be left out"),
        ("BDI,63,", "BDI,0,", "scale_max", "a scale's highest score is above 0"),
        ("BDI,63,", "PHQ-9,63,", "scale_max", "the PHQ-9 goes from 0 to 27"),
        (",15,", ",fifteen,", "m1_therapy", "“fifteen” is not a number"),
        (",15,", ",1_5,", "m1_therapy", "“1_5” is not a number"),
        (",15,", ",nan,", "m1_therapy", "“nan” is not a number"),
        (",15,", ",inf,", "m1_therapy", "“inf” is not a number"),
        ("a,Ann 2020,", ",Ann 2020,", "id", "it is empty, and cannot be left out"),
        ("a,Ann 2020,", "a,,", "study", "it is empty, and cannot be left out"),
        ("12,", "12,,extra", "control_group", "the row has more cells than the header has columns"),
    ],
)
def test_a_bad_cell_is_named_by_line_and_column(piece, by, column, words):
    assert piece in ONE
    assert (3, column, words) in wrong(TWO.replace("bob", ""), ONE.replace(piece, by, 1))


def test_every_fault_is_told_at_once():
    found = wrong(ONE.replace("11.8", "-1"), TWO.replace(",26,", ",1,"), THREE, ONE)
    assert [(line, column) for line, column, _ in found] == [(2, "sd1_therapy"), (3, "n1_therapy"), (5, "id")]
    assert found[-1][2] == "a is already on line 2"


@pytest.mark.parametrize("column", HEADER.split(",")[:-1])
def test_a_missing_column_is_named(column):
    header = HEADER.replace(column, "x", 1)
    assert (1, column, "this column is missing") in wrong(ONE, header=header)


def test_a_column_that_is_twice_or_misspelt_is_named():
    assert wrong(ONE, header=f"{HEADER},study") == [(1, "study", "this column is there twice")]
    for misspelt in ("controlgroup", "Control_Group", "control_groups"):
        header = HEADER.replace("control_group", misspelt)
        assert wrong(ONE, header=header) == [(1, misspelt, "is this column meant to be control_group?")]


def test_one_scale_has_one_range():
    other = TWO.replace("BDI,63", "BDI,84")
    assert wrong(ONE, other) == [(3, "scale_max", "BDI goes to 63 in an earlier row")]


def test_a_shared_control_group_is_one_arm():
    assert wrong(TWO, THREE.replace(",33,28.3,", ",35,28.3,")) == [
        (3, "n1_control", "b has 33 for the same control group")
    ]
    assert [column for _, column, _ in wrong(TWO, THREE.replace(",28.3,10.3", ",27,10"))] == [
        "m1_control",
        "sd1_control",
    ]
    few = [row.replace(",33,", ",3,") for row in (TWO, THREE)]
    assert wrong(*few)[0] == (2, "n1_control", "shared by 2 rows it leaves fewer than 2 each")


def test_figures_before_treatment_may_be_blank_but_not_wrong():
    header = f"{HEADER},n0_therapy,m0_therapy,sd0_therapy,weeks"
    (found,) = trials(f"{ONE},40,27,,16", header=header)
    assert (found.therapy_before, found.weeks) == (None, 16)
    (found,) = trials(f"{ONE},40,27,10.4,", header=header)
    assert (found.therapy_before, found.weeks) == (Arm(40, 27, 10.4), None)
    assert wrong(f"{ONE},40,70,-1,0", header=header) == [
        (2, "weeks", "weeks are above 0"),
        (2, "m0_therapy", "a mean of 70 is not on this scale"),
        (2, "sd0_therapy", "a standard deviation is above 0"),
    ]


@pytest.mark.parametrize(
    ("piece", "by", "column", "words"),
    [
        (",-0.4,", ",-0.7,", "estimate", "it lies outside its own interval"),
        (",-0.4,", ",,", "estimate", "it is empty, and cannot be left out"),
        (",yes", ",maybe", "confirmed", "it is yes, no or text"),
        ("SMD", "OR", "metric", "it is one of SMD, g, MD"),
        ("635", "6.5", "n", "6.5 is not a whole number"),
        ("Somebody 2020", "", "source", "it is empty, and cannot be left out"),
    ],
)
def test_a_bad_published_estimate(piece, by, column, words):
    found = faults(read_published, PUBLISHED.replace(piece, by, 1), header=PUBLISHED_HEADER)
    assert found == [(2, column, words)]


def test_a_published_range_without_a_figure_is_text():
    (found,) = read_published(
        f"{PUBLISHED_HEADER}\n{PUBLISHED.replace('-0.4,-0.6,-0.2', ',,').replace('yes', 'text')}".encode(), name="o"
    )
    assert not found.drawn


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xff\xfe", "ours.csv is not UTF-8 text: save it as CSV (UTF-8) first."),
        (HEADER.encode(), "ours.csv has a header but no rows."),
        (f'{HEADER}\n"a'.encode(), "ours.csv: the row that begins on line 2 cannot be read."),
    ],
)
def test_what_is_no_table_at_all(data, words):
    with pytest.raises(Refusal) as caught:
        read_trials(data, name="ours.csv")
    assert say(caught.value.what) == words


def test_an_empty_file():
    with pytest.raises(Problems):
        read_trials(b"", name="ours.csv")
