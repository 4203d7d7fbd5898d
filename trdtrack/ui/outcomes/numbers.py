"""The three numbers at the head of the outcomes page, large, each with its interval and its rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from trdtrack.domain.caseload_outcomes import Result
from trdtrack.domain.message import Message, message, plural
from trdtrack.ui import theme
from trdtrack.ui.outcomes.figures import NONE, between, percent, points
from trdtrack.ui.page import column
from trdtrack.words import _, say

if TYPE_CHECKING:
    from trdtrack.domain.caseload_outcomes import CaseloadOutcomes

LARGE_PX = 26


class Numbers(QWidget):
    """Mean change, reliable improvement and the observed fall."""

    def __init__(self) -> None:
        super().__init__()
        across = theme.row(self)
        across.setSpacing(theme.PAD)
        self.change = Number(_("Mean change, points"), _("Last total minus baseline, over the paired; 95% by t."))
        rule = _(
            "A fall of 6 points or more, or what the clinic's rule was at the end (NHS Talking Therapies convention), "
            "over all courses: no outcome counts as not reached. 95% by Wilson. It does not mean because of the "
            "therapy."
        )
        self.improved = Number(_("Reliable improvement"), rule)
        fall = _(
            "The sum of all falls as a share of the sum of all baselines; 95% of a ratio of sums (Cochran 1977). "
            "Beside it what RefraMED's therapy arm (29% by week 26) lets one expect at the weeks these courses had."
        )
        self.fall = Number(_("Observed fall"), fall)
        for number in (self.change, self.improved, self.fall):
            across.addWidget(number, 1)

    def show_outcomes(self, found: CaseloadOutcomes) -> None:
        """Show these."""
        change, fall = found.all.change, found.fall
        self.change.show_value(points(change.value), between(points(change.low), points(change.high)))
        rate = next(r.of_all for r in found.all.reached if r.result is Result.RELIABLE_IMPROVEMENT)
        ends = between(percent(rate.low), percent(rate.high))
        self.improved.show_value(percent(rate.share), ends, _("{n} of {of}").format(n=rate.count, of=rate.of))
        expected = _("expected {share}").format(share=percent(fall.psychotherapy)) if fall.psychotherapy else ""
        self.fall.show_value(percent(fall.observed), between(percent(fall.low), percent(fall.high)), expected)


class Number(QFrame):
    """One number: what it is, itself, its interval, and what stands beside it; the rule is its tool tip."""

    def __init__(self, name: str, rule: str) -> None:
        super().__init__()
        self._name = name
        self.setProperty("card", True)  # noqa: FBT003 - Qt's signature
        self.setToolTip(rule)
        self.setAccessibleDescription(rule)
        stack = column(self, margin=theme.GAP + 4, spacing=0)
        stack.addWidget(theme.label(name, px=theme.SMALL_PX, tone="muted"))
        across = QHBoxLayout()
        across.setSpacing(theme.GAP)
        self.value = theme.label(px=LARGE_PX, strong=True)
        self.ends = theme.label(tone="muted")
        self.aside = theme.label(px=theme.SMALL_PX, tone="muted")
        for widget in (self.value, self.ends):
            across.addWidget(widget)
        across.addStretch(1)
        across.addWidget(self.aside)
        stack.addLayout(across)

    def show_value(self, value: str, ends: str, aside: str = "") -> None:
        """Show a number; without one a dash."""
        self.value.setText(value)
        self.ends.setText(ends or (_("no interval") if value != NONE else _("cannot be said")))
        self.aside.setText(aside)
        self.setAccessibleName(f"{self._name}: {value}, {self.ends.text()} {aside}".strip())


def counts_words(found: CaseloadOutcomes) -> str:
    """Return who is in the numbers in one line; deaths are a part of their own."""
    group = found.all
    parts: list[Message] = [
        plural(
            "{n} closed course with a baseline of 10 or more",
            "{n} closed courses with a baseline of 10 or more",
            group.n,
        )
    ]
    if group.n:
        share = percent(group.paired.share)
        parts += [
            message("{n} paired ({share})", n=group.paired.count, share=share),
            message("{n} without an outcome", n=group.no_outcome),
            message("{n} died", n=group.died),
        ]
    if group.prorated:
        parts.append(message("{n} prorated", n=group.prorated))
    return "  \u00b7  ".join(map(say, parts))
