"""Small cells of a table are hidden, and with them what would let one work them out.

A count below 5 is hidden, 0 as well: "nobody" tells about everybody. What is left over counts as a cell of its own: of
38 in 40 the other 2 are told too. Of several parts of a known whole, others are hidden with a small one until at least
two are, and they hold 5 together (primary and complementary suppression; Hundepool et al., Statistical Disclosure
Control, 2012, ch. 4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.domain.caseload_outcomes import Result

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trdtrack.domain.caseload_outcomes import Group, Rate

SMALL = 5
"""A count below this is hidden."""
_WITHIN = (
    (Result.REMISSION, Result.RELIABLE_RECOVERY),
    (Result.REMISSION, Result.RESPONSE),
    (Result.REMISSION, Result.BELOW_CASENESS),
    (Result.REMISSION, Result.RELIABLE_IMPROVEMENT),
    (Result.RELIABLE_RECOVERY, Result.BELOW_CASENESS),
    (Result.RELIABLE_RECOVERY, Result.RELIABLE_IMPROVEMENT),
)
"""Whoever reached the first reached the second: their difference is a cell too."""


def hidden_parts(parts: Sequence[int], *, gone: Iterable[int] = ()) -> set[int]:
    """Return which parts of a known whole are hidden, by their place; `gone` are hidden already."""
    return _covered([(part,) for part in parts], {*gone})


def hidden_rate(rate: Rate) -> bool:
    """Whether a count out of a known number is hidden: it, or what is left over, is small."""
    return min(rate.count, rate.of - rate.count) < SMALL


def hidden_rates(rates: Sequence[Rate], *, gone: Iterable[int] = ()) -> set[int]:
    """Return in which parts of a whole a rate is hidden, where both the parts' and the whole's are told."""
    return _covered([(rate.count, rate.of - rate.count) for rate in rates], {*gone})


def _covered(parts: Sequence[tuple[int, ...]], gone: set[int]) -> set[int]:
    """Hide each part with a small count in it, then the next smallest while too little covers the hidden ones."""
    hidden = gone | {place for place, counts in enumerate(parts) if min(counts) < SMALL}
    rest = sorted(set(range(len(parts))) - hidden, key=lambda place: sum(parts[place]))
    while hidden and rest and (len(hidden) < 2 or min(map(sum, zip(*(parts[p] for p in hidden), strict=True))) < SMALL):
        hidden.add(rest.pop(0))
    return hidden


def hidden_results(group: Group) -> set[Result]:
    """Return which results of a group are hidden, each one's own count and the differences between them considered."""
    counts = {reached.result: reached.of_all.count for reached in group.reached}
    hidden = {r.result for r in group.reached if hidden_rate(r.of_all) or hidden_rate(r.of_paired)}
    for inner, outer in _WITHIN:
        if not {inner, outer} & hidden and counts[outer] - counts[inner] < SMALL:
            hidden.add(inner)
    better, worse = Result.RELIABLE_IMPROVEMENT, Result.RELIABLE_DETERIORATION
    # Without a reliable change are all others, or all others of the paired.
    if min(group.n, group.paired.count) - counts[better] - counts[worse] < SMALL:
        hidden.add(worse)
    return hidden


def hidden_by_group(whole: Group, groups: Sequence[Group]) -> list[set[Result]]:
    """Return for each part of a whole group which results are hidden, where the whole's are told as well.

    In a part whose own number is hidden all are: a count and what is left over are no larger than it.
    """
    own, of_whole = [hidden_results(group) for group in groups], hidden_results(whole)
    hidden: list[set[Result]] = [set() for _ in groups]
    for number, result in enumerate(Result):
        places = {place for place, found in enumerate(own) if result in found or result in of_whole}
        for place in hidden_rates([group.reached[number].of_all for group in groups], gone=places):
            hidden[place].add(result)
    return hidden
