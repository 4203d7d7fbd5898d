"""The tables of the outcomes page: the same figures as the pictures, each with its interval, read out cell by cell."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from trdtrack.domain.caseload_outcomes import RESULT_WORDS
from trdtrack.domain.outcome import Reliable
from trdtrack.ui.entry.choices import END_REASONS, MODALITIES
from trdtrack.ui.outcomes.figures import NONE, mean_words, percent, points, rate_words, short_rate
from trdtrack.ui.page import capital
from trdtrack.ui.rows import Column, Table
from trdtrack.words import _, day, figures, say, signed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from trdtrack.domain.caseload_outcomes import (
        CaseloadOutcomes,
        CourseOver,
        Group,
        LocalBenchmark,
        OutcomeCase,
    )

Cells = tuple[str, ...]
_RELIABLE = {
    Reliable.IMPROVEMENT: _("better"),
    Reliable.DETERIORATION: _("worse"),
    Reliable.NONE: _("no"),
    None: NONE,
}


class Figures(Table[Cells]):
    """A table of texts under headings; all columns but the first hold figures."""

    def __init__(self, name: str, headings: Sequence[str], *, wide: int = 0) -> None:
        """`wide`: the first column's width in pixels, the others as wide as what is in them; 0: what is left."""
        columns: list[Column[Cells]] = [
            Column(
                heading,
                lambda row, n=n: row[n],
                number=n > 0,
                strong=n == 0,
                stretch=n == 0 and not wide,
                width=wide if n == 0 else 0,
            )
            for n, heading in enumerate(headings)
        ]
        super().__init__(columns, name=name)

    def name_first(self, heading: str) -> None:
        """Put another heading over the first column."""
        first, *others = self.rows.columns
        self.rows.columns = (replace(first, heading=heading), *others)
        self.rows.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, 0)

    def show_rows(self, rows: Sequence[Cells]) -> None:
        """Replace what is shown."""
        self.show_records(rows, keep=lambda row: row[0])


RESULT_HEADINGS = (
    _("Reached by the end"),
    _("Of all"),
    _("Of the paired"),
    _("TRD met"),
    _("TRD not met"),
    _("TRD unclear"),
)


def result_rows(found: CaseloadOutcomes) -> list[Cells]:
    """Return who is in each group, the mean change, and what was reached: over all, the paired, and by criterion."""
    groups = [group for _met, group in found.by_criterion]

    def row(name: str, of: Callable[[Group], str], *, paired: str = NONE) -> Cells:
        return (name, of(found.all), paired, *(of(group) for group in groups))

    rows = [
        row(_("Closed courses"), lambda g: str(g.n), paired=str(found.all.paired.count)),
        row(_("Paired"), lambda g: f"{g.paired.count} ({percent(g.paired.share)})"),
        row(_("No outcome"), lambda g: str(g.no_outcome)),
        row(_("Died"), lambda g: str(g.died)),
        row(_("Mean baseline"), lambda g: mean_words(g.baseline)),
        row(_("Mean change"), lambda g: mean_words(g.change), paired=mean_words(found.all.change)),
    ]
    for number, reached in enumerate(found.all.reached):
        name = capital(say(RESULT_WORDS[reached.result]))
        rows.append(
            row(name, lambda g, n=number: short_rate(g.reached[n].of_all), paired=short_rate(reached.of_paired))
        )
    return rows


MODALITY_HEADINGS = (
    _("Modality"),
    _("n"),
    _("Paired"),
    _("Mean change (95%)"),
    _("Reliable improvement (95%)"),
    _("Few"),
)


def modality_rows(found: CaseloadOutcomes) -> list[Cells]:
    """Return each modality in alphabetical order; small groups with their warning."""
    return [
        (
            capital(say(MODALITIES[of.modality])),
            str(of.group.n),
            percent(of.group.paired.share),
            mean_words(of.group.change),
            short_rate(of.group.reached[0].of_all),
            _("below 20: too few") if of.group.few else "",
        )
        for of in found.by_modality
    ]


COURSE_HEADINGS = (_("Week"), _("n"), _("Mean (95%)"), _("With therapy"), _("Usual care"))


def course_rows(course: CourseOver) -> list[Cells]:
    """Return the mean course step by step beside the expected one."""
    return [
        (
            str(step.at),
            str(step.observed.n),
            mean_words(step.observed),
            points(step.psychotherapy),
            points(step.usual_care),
        )
        for step in course.steps
    ]


def ending_rows(found: CaseloadOutcomes) -> list[Cells]:
    """Return the reasons for ending."""
    return [(capital(say(END_REASONS[e.reason])), rate_words(e.rate)) for e in found.endings]


def follow_up_rows(found: CaseloadOutcomes) -> list[Cells]:
    """Return what is known of the time after the end."""
    f = found.follow_ups
    return [
        (_("Follow-ups done, of those due"), rate_words(f.done)),
        (_("With a score after the end, of all"), rate_words(f.seen)),
        (_("No reliable rise since the end"), rate_words(f.held)),
        (_("Possible relapse"), rate_words(f.relapse)),
        (_("Worse since the end"), rate_words(f.worse)),
        (_("No end score to compare with"), str(f.unknown)),
    ]


FALL_HEADINGS = (_("Fall, share of baseline"), _("Fall"), _("95%"))


def fall_rows(found: CaseloadOutcomes) -> list[Cells]:
    """Return the observed fall and the expected ones."""
    f = found.fall
    ends = NONE if f.low is None else f"{percent(f.low)} {_('to')} {percent(f.high)}"
    return [
        (_("Observed"), percent(f.observed), ends),
        (_("Expected with psychotherapy"), percent(f.psychotherapy), NONE),
        (_("Expected on usual care"), percent(f.usual_care), NONE),
    ]


LOCAL_HEADINGS = (_("Fall by week 26"), _("Mean"), _("SD"))


def local_rows(local: LocalBenchmark) -> list[Cells]:
    """Return prior, own data and posterior."""
    rows = [(_("Published (prior)"), percent(local.prior), _sd(local.prior_sd))]
    if local.posterior is not None:
        rows += [
            (_("Our own courses"), percent(local.data), _sd(local.se)),
            (_("Both together (posterior)"), percent(local.posterior), _sd(local.posterior_sd)),
        ]
    return rows


def _sd(share: float | None) -> str:
    return NONE if share is None else figures(f"{100 * share:.1f}%")


REPLAY_HEADINGS = (
    _("Forecast"),
    _("n"),
    _("In 50% band"),
    _("In 80% band"),
    _("Missed by"),
    _("No change"),
)


def replay_rows(found: CaseloadOutcomes) -> list[Cells]:
    """Return how each forecast did."""
    return [
        (
            _("from week {week}").format(week=r.week) if r.week else _("from week 0"),
            str(r.n),
            short_rate(r.held50),
            short_rate(r.held80),
            points(r.error),
            points(r.carried),
        )
        for r in found.calibration.replays
    ]


def case_columns() -> list[Column[OutcomeCase]]:
    """Return the columns of the single courses."""

    def change(case: OutcomeCase) -> str:
        return NONE if case.last is None else signed(case.last - case.baseline)

    return [
        Column(_("Patient"), lambda c: c.code, strong=True, width=120),
        Column(_("Ended"), lambda c: day(c.end)),
        Column(_("Modality"), lambda c: capital(say(MODALITIES[c.modality]))),
        Column(_("Baseline"), lambda c: str(c.baseline), number=True),
        Column(_("Last total"), lambda c: NONE if c.last is None else str(c.last), number=True),
        Column(_("Change"), change, number=True, tone=lambda c: "muted" if c.last is None else "ink"),
        Column(_("Reliable"), lambda c: _RELIABLE[c.reliable]),
        Column(_("Reason for ending"), lambda c: capital(say(END_REASONS[c.reason])), stretch=True),
    ]
