from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trdtrack.domain.phq9 import BANDS, Completeness, Item9, Syndrome, band, item9, score, syndrome

ANSWERS = st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=9, max_size=9)


def test_bands_as_published():
    published = {"minimal": (0, 4), "mild": (5, 9), "moderate": (10, 14), "moderately severe": (15, 19)}
    published["severe"] = (20, 27)
    assert {b.name.text: (b.low, b.high) for b in BANDS} == published
    for name, (low, high) in published.items():
        assert {band(total).name.text for total in range(low, high + 1)} == {name}


@pytest.mark.parametrize(
    ("answers", "total", "completeness", "answered"),
    [
        ((0,) * 9, 0, "complete", 9),
        ((3,) * 9, 27, "complete", 9),
        ((3, 3, 2, 2, 1, 2, 3, 2, 1), 19, "complete", 9),
        ((None, 1, 1, 1, 1, 1, 1, 1, 1), 9, "prorated", 8),
        ((1, 1, 1, 1, 1, 1, 2, 2, None), 11, "prorated", 8),  # 10 x 9 / 8 = 11.25
        ((2, 2, 2, 2, 1, 1, 1, 1, None), 14, "prorated", 8),  # 12 x 9 / 8 = 13.5: up
        ((1, 1, 1, 1, 0, 0, 0, 0, None), 5, "prorated", 8),  # 4 x 9 / 8 = 4.5: up, out of remission
        ((2, 2, 2, 2, 1, 1, 0, None, None), 13, "prorated", 7),  # 10 x 9 / 7 = 12.86
        ((3, 3, 3, 3, 3, 3, 3, None, None), 27, "prorated", 7),
        ((0, 0, 0, 0, 0, 0, 0, None, None), 0, "prorated", 7),
        ((3, 3, 3, 3, 3, 3, None, None, None), None, "no total", 6),
        ((None,) * 9, None, "no total", 0),
    ],
)
def test_totals_and_missing_answers(answers, total, completeness, answered):
    scored = score(answers)
    assert (scored.total, scored.completeness.value, scored.answered) == (total, completeness, answered)
    assert scored.complete is (answered == 9)


@given(ANSWERS)
def test_proration_is_the_mean_times_nine_rounded_half_up(answers):
    given_ = [a for a in answers if a is not None]
    scored = score(answers)
    if len(given_) < 7:
        assert scored.total is None
        return
    exact = Decimal(sum(given_)) * 9 / len(given_)
    assert scored.total == int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    assert 0 <= scored.total <= 27


@given(ANSWERS)
def test_without_proration_any_gap_means_no_total(answers):
    scored = score(answers, prorate=False)
    assert (scored.total is None) is (None in answers)
    assert scored.completeness is (Completeness.NO_TOTAL if None in answers else Completeness.COMPLETE)


def test_item_9_has_no_value_of_its_own_when_missing():
    answers = (1, 1, 1, 1, 1, 1, 1, 1, None)
    assert score(answers).total == 9
    assert item9(answers) is Item9.NOT_ANSWERED
    assert item9(None) is Item9.UNKNOWN
    assert item9((*answers[:-1], 2)) == 2


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ((2, 0, 2, 2, 2, 2, 0, 0, 0), Syndrome.MAJOR),
        ((0, 2, 2, 2, 2, 0, 0, 0, 1), Syndrome.MAJOR),  # item 9 counts at 1
        ((0, 0, 3, 3, 3, 3, 3, 3, 3), Syndrome.NONE),  # neither item 1 nor item 2
        ((2, 0, 2, 1, 1, 1, 1, 1, 0), Syndrome.OTHER),
        ((2, 0, 0, 0, 0, 0, 0, 0, 1), Syndrome.OTHER),
        ((3, 0, 0, 0, 0, 0, 0, 0, 0), Syndrome.NONE),  # one alone
        ((2, 2, 2, 2, 0, 0, 0, 0, None), Syndrome.CANNOT_TELL),  # four, perhaps five
        ((2, 2, 2, 2, 2, 0, 0, None, None), Syndrome.MAJOR),  # whatever the gaps hold
        ((None, 0, 3, 3, 3, 3, 3, 3, 3), Syndrome.CANNOT_TELL),
        ((0, 0, None, None, None, None, 3, 3, 3), Syndrome.NONE),
        ((2, 2, None, 0, 0, 0, 0, 0, 0), Syndrome.OTHER),  # two or three: the same name
    ],
)
def test_syndrome(answers, expected):
    assert syndrome(answers) is expected


def by_the_book(answers):
    """The algorithm once more, on complete answers, in the manual's words."""
    more_than_half_the_days = sum(answer >= 2 for answer in answers[:8])
    symptoms = more_than_half_the_days + (answers[8] >= 1)
    if answers[0] < 2 and answers[1] < 2:
        return Syndrome.NONE
    if symptoms >= 5:
        return Syndrome.MAJOR
    return Syndrome.OTHER if symptoms >= 2 else Syndrome.NONE


@given(ANSWERS)
def test_gaps_are_decided_by_trying_every_answer(answers):
    gaps = [i for i, answer in enumerate(answers) if answer is None]
    if len(gaps) > 5:
        answers = [a if i not in gaps[5:] else 0 for i, a in enumerate(answers)]
        gaps = gaps[:5]
    results = set()
    for fill in product(range(4), repeat=len(gaps)):
        filled = list(answers)
        for place, value in zip(gaps, fill, strict=True):
            filled[place] = value
        results.add(by_the_book(filled))
    assert syndrome(answers) is (results.pop() if len(results) == 1 else Syndrome.CANNOT_TELL)
