"""Small cells are hidden, and what is shown does not give them back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.outcomes_made import group, rate
from trdtrack.domain.caseload_outcomes import Group, Result
from trdtrack.domain.small_cells import (
    _WITHIN,
    SMALL,
    hidden_by_group,
    hidden_parts,
    hidden_rate,
    hidden_rates,
    hidden_results,
)

COUNTS = st.lists(st.integers(0, 60), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("parts", "hidden"),
    [
        ([40, 30], set()),
        ([40, 4], {0, 1}),  # the other part tells what is left
        ([40, 30, 4], {1, 2}),  # the next smallest goes with it
        ([40, 30, 3, 2], {2, 3}),  # two that hold 5 together cover each other
        ([40, 30, 3, 1], {1, 2, 3}),  # 4 together is a small cell too
        ([25, 9, 5, 1, 0, 0], {2, 3, 4, 5}),
        ([0, 0, 40], {0, 1, 2}),
        ([3], {0}),
        ([], set()),
    ],
)
def test_parts_of_a_whole(parts: list[int], hidden: set[int]) -> None:
    assert hidden_parts(parts) == hidden


def test_a_part_that_is_gone_is_not_left_over_alone() -> None:
    assert hidden_parts([40, 30, 20], gone={0}) == {0, 2}
    assert hidden_rates([rate(20, 40), rate(15, 30)], gone={0}) == {0, 1}


@given(COUNTS)
def test_no_small_part_is_shown_nor_what_is_left_of_the_whole(parts: list[int]) -> None:
    hidden = hidden_parts(parts)
    shown = [part for place, part in enumerate(parts) if place not in hidden]
    assert all(part >= SMALL for part in shown)
    left = sum(parts) - sum(shown)
    # What is left over is nothing, or more than one part that hold 5 together, or all there is.
    assert not hidden or (len(hidden) > 1 and left >= SMALL) or not shown


@pytest.mark.parametrize(("count", "of", "hidden"), [(5, 10, False), (4, 10, True), (6, 10, True), (0, 40, True)])
def test_a_rate_is_hidden_with_what_is_left_over(count: int, of: int, hidden: bool) -> None:
    assert hidden_rate(rate(count, of)) is hidden


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=2, max_size=5))
def test_rates_of_parts_do_not_give_a_hidden_one_back(pairs: list[tuple[int, int]]) -> None:
    rates = [rate(count, count + rest) for count, rest in pairs]
    hidden = hidden_rates(rates)
    if hidden and len(hidden) < len(rates):
        assert len(hidden) > 1
        for column in zip(*(pairs[place] for place in hidden), strict=True):
            assert sum(column) >= SMALL
    assert all(min(pairs[place]) >= SMALL for place in range(len(rates)) if place not in hidden)


def test_results_one_within_another() -> None:
    #      improved, worse, below caseness, recovered reliably, response, remission
    fine = group(100, 80, (60, 8, 40, 30, 25, 10))
    assert hidden_results(fine) == set()
    # 3 below caseness without a reliable fall can be told from 40 and 37.
    assert hidden_results(group(100, 80, (60, 8, 40, 37, 25, 10))) == {Result.RELIABLE_RECOVERY}
    # Only 2 of the paired are neither reliably better nor worse.
    assert hidden_results(group(100, 80, (60, 18, 40, 30, 25, 10))) == {Result.RELIABLE_DETERIORATION}
    assert hidden_results(group(100, 80, (60, 8, 40, 30, 25, 3))) == {Result.REMISSION}
    # 77 of 80 paired are reliably better: the other 3 are told by the number of the paired.
    assert Result.RELIABLE_IMPROVEMENT in hidden_results(group(100, 80, (77, 0, 40, 30, 25, 10)))


def test_a_part_of_a_group_is_not_told_by_the_rest() -> None:
    whole = group(60, 60, (35, 8, 30, 20, 20, 10))
    parts = [group(40, 40, (28, 6, 25, 16, 18, 7)), group(20, 20, (7, 2, 5, 4, 2, 3))]
    hidden = hidden_by_group(whole, parts)
    # Two worse, four recovered, two responses and three remissions in the second: gone in the first as well.
    small = {Result.RELIABLE_DETERIORATION, Result.RELIABLE_RECOVERY, Result.RESPONSE, Result.REMISSION}
    assert hidden[0] >= small
    assert hidden[1] >= small
    assert Result.BELOW_CASENESS not in hidden[0] | hidden[1]
    sizes = [group(2, 2, (2, 0, 2, 2, 2, 1)), group(12, 12, (6, 0, 6, 6, 6, 5)), group(46, 46, (27, 8, 22, 12, 12, 4))]
    # The second is hidden to cover the first: so are its results, though none of them is small.
    assert hidden_by_group(whole, sizes)[1] == set(Result)
    small_group = [group(57, 57, (32, 8, 27, 18, 18, 10)), group(3, 3, (3, 0, 3, 2, 2, 0))]
    assert hidden_by_group(whole, small_group) == [set(Result), set(Result)]


COURSE = st.tuples(st.integers(10, 27), st.none() | st.integers(0, 27), st.integers(0, 2))
"""Baseline, last total and to which of three groups it belongs."""


def counted(courses: list[tuple[int, int | None, int]]) -> Group:
    """The group that courses make, by the rules of the results."""
    ended = [(first, last) for first, last, _group in courses if last is not None]
    better = [(b, y) for b, y in ended if b - y >= 6]
    counts = (
        len(better),
        sum(y - b >= 6 for b, y in ended),
        sum(y < 10 for _b, y in ended),
        sum(y < 10 for _b, y in better),
        sum(2 * (b - y) >= b for b, y in ended),
        sum(y < 5 for _b, y in ended),
    )
    return group(len(courses), len(ended), counts)


@given(st.lists(COURSE, min_size=5, max_size=150))
def test_no_small_number_can_be_worked_out_by_subtraction(courses: list[tuple[int, int | None, int]]) -> None:
    whole = counted(courses)
    parts = [counted([c for c in courses if c[2] == number]) for number in range(3)]
    of_whole, of_parts = hidden_results(whole), hidden_by_group(whole, parts)
    told = {r.result: r.of_all.count for r in whole.reached if r.result not in of_whole}
    for count in told.values():
        assert min(count, whole.n - count, whole.paired.count - count) >= SMALL
    for inner, outer in _WITHIN:
        assert inner not in told or outer not in told or told[outer] - told[inner] >= SMALL
    better, worse = Result.RELIABLE_IMPROVEMENT, Result.RELIABLE_DETERIORATION
    if better in told and worse in told:
        assert whole.paired.count - told[better] - told[worse] >= SMALL
    for place in hidden_parts([part.n for part in parts]):
        assert of_parts[place] == set(Result)
    for number, result in enumerate(Result):
        rates = [part.reached[number].of_all for part in parts]
        shown = [rate for place, rate in enumerate(rates) if result not in of_parts[place]]
        assert not any(hidden_rate(rate) for rate in shown)
        if shown and result in told and len(shown) < len(parts):
            assert len(parts) - len(shown) > 1
            assert told[result] - sum(rate.count for rate in shown) >= SMALL
