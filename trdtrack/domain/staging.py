"""The Maudsley Staging Method: how far treatment resistance goes, point by point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trdtrack.domain.medication import drug_name
from trdtrack.domain.message import Message, message, plural
from trdtrack.domain.months import whole_months
from trdtrack.domain.records import Known, Role, Severity
from trdtrack.domain.resistance import in_episode, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from trdtrack.domain.records import Episode, Treatment
    from trdtrack.domain.resistance import Criterion

DURATION = ((12, 1), (24, 2))
"""Whole months up to which the episode's duration gives so many points; 3 above."""
FAILED_DRUGS = ((2, 1), (4, 2), (6, 3), (10, 4))
"""Antidepressants failed up to which there are so many points; 5 above."""
SEVERITY = {Severity.SUBSYNDROMAL: 1, Severity.MILD: 2, Severity.MODERATE: 3, Severity.SEVERE: 4}
PSYCHOTIC = 5
"""Points of severe depression with psychosis."""
BANDS = ((6, message("mild")), (10, message("moderate")), (15, message("severe")))


@dataclass(frozen=True)
class Line:
    """One line of a staging: its name, its points (None where what it needs is missing), and why."""

    name: Message
    points: int | None
    why: Message


@dataclass(frozen=True)
class Staging:
    """The Maudsley score by line; total and band are None where the episode cannot be staged, and `why` says so."""

    lines: tuple[Line, ...]
    total: int | None
    band: Message | None
    why: Message


def maudsley(found: Criterion, treatments: Iterable[Treatment], *, episode: Episode | None, on: date) -> Staging:
    """Stage the current episode by the Maudsley Staging Method: 3 to 15 points; mild 3-6, moderate 7-10, severe 11-15.

    Duration of the episode in whole months on the day `on` (up to 12: 1 point, 13-24: 2, more: 3), severity as the
    clinician rates it (1-5), different antidepressants failed (1-2: 1, 3-4: 2, 5-6: 3, 7-10: 4, more: 5),
    augmentation (1), ECT (1). Source: Fekadu et al. 2009, J Clin Psychiatry 70:177.
    """
    own = list(treatments)
    lines = (
        _duration(episode, on),
        _severity(episode),
        _failed(len(found.counted)),
        _used(message("Augmentation"), Role.AUGMENTATION, own, episode),
        _used(message("ECT"), Role.ECT, own, episode),
    )
    if not found.counted:
        why = message("not staged: no failed antidepressant trial counts yet")
        return Staging(lines, None, None, why)
    missing = [line.why for line in lines if line.points is None]
    if missing:
        return Staging(lines, None, None, message("not staged: {missing}", missing=listed(missing)))
    total = sum(line.points or 0 for line in lines)
    band = next(words for most, words in BANDS if total <= most)
    return Staging(lines, total, band, message("{total} of 15: {band}", total=total, band=band))


def _points(value: int, steps: Sequence[tuple[int, int]]) -> int:
    return next((points for most, points in steps if value <= most), steps[-1][1] + 1)


def _duration(episode: Episode | None, on: date) -> Line:
    name = message("Duration")
    if episode is None or episode.start is None:
        return Line(name, None, message("start of the current episode not recorded"))
    months = whole_months(episode.start, on)
    if months < 0:
        return Line(name, None, message("the current episode starts after {day}", day=on))
    return Line(name, _points(months, DURATION), plural("{n} whole month", "{n} whole months", months))


def _severity(episode: Episode | None) -> Line:
    name = message("Severity, as the clinician rates it")
    if episode is None or not episode.severity:
        return Line(name, None, message("severity not recorded"))
    if episode.severity is not Severity.SEVERE:
        return Line(name, SEVERITY[episode.severity], episode.severity.words)
    if episode.psychotic is Known.YES:
        return Line(name, PSYCHOTIC, message("severe, with psychotic features"))
    if episode.psychotic is Known.NO:
        return Line(name, SEVERITY[Severity.SEVERE], message("severe, without psychotic features"))
    return Line(name, SEVERITY[Severity.SEVERE], message("severe; psychotic features not known, taken as none"))


def _failed(count: int) -> Line:
    why = plural("{n} different antidepressant failed", "{n} different antidepressants failed", count)
    return Line(message("Antidepressants failed"), _points(count, FAILED_DRUGS) if count else None, why)


def _used(name: Message, role: Role, treatments: Iterable[Treatment], episode: Episode | None) -> Line:
    own = [(t, in_episode(t, episode)) for t in treatments if t.role is role]
    used = [drug_name(t) for t, here in own if here.known is Known.YES]
    if used:
        return Line(name, 1, message("used: {drugs}", drugs=listed(list(dict.fromkeys(used)))))
    unsure = [here.open for _, here in own if here.open]
    if unsure:
        return Line(name, 0, message("recorded, but not known whether in this episode ({field})", field=unsure[0]))
    return Line(name, 0, message("not in this episode") if own else message("none recorded"))
