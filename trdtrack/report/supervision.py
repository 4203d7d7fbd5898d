"""The supervision sheet: a therapist's cases in the caseload's order, a compact block each, with room to write.

Without identities it holds no code, name, day or free text: cases are numbered in the sheet's own order.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from trdtrack.chart.marks import MARKS
from trdtrack.domain.message import Message, message, plural
from trdtrack.domain.place import Rank
from trdtrack.domain.signals import RULES, Signal
from trdtrack.domain.summary import SIGNAL_WORDS
from trdtrack.paths import resources
from trdtrack.report.case_chart import case_svg
from trdtrack.report.case_words import LONGEST_THERAPIST, case_words, occurring
from trdtrack.report.sheet import Size, caveat, cut, demo_mark, foot
from trdtrack.report.typeset import Paper, compile_pdf
from trdtrack.words import _, manner, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trdtrack.domain.cases import Case

CHART_HEIGHT = {Size.A4: 74.0, Size.LETTER: 66.0}
"""Points: on either paper five cases fit a page."""


def draw_supervision(cases: Sequence[Case], *, size: Size) -> list[bytes]:
    """Draw each case's small chart, as SVG."""
    return [case_svg(case.summary, height=CHART_HEIGHT[size]) for case in cases]


def typeset_supervision(
    cases: Sequence[Case],
    charts: Sequence[bytes],
    *,
    therapist: str,
    made: date,
    size: Size = Size.A4,
    names: bool = True,
    identified: bool = True,
) -> Paper:
    """Typeset the sheet around charts drawn before; `cases` are in the order they are to stand in.

    `therapist`: whose cases they are, empty where they are several people's. `identified=False` leaves out codes,
    names, days and whatever was written freely.
    """
    template = (resources() / "report" / "supervision.typ").read_text(encoding="utf-8")
    images = {f"case{number}": svg for number, svg in enumerate(charts)}
    # A day beside a week tells when somebody began: the file itself then names the year alone.
    stamp = made if identified else date(made.year, 1, 1)
    data = supervision_data(cases, therapist=therapist, made=made, size=size, names=names, identified=identified)
    return compile_pdf(template, data, images=images, made=stamp)


def supervision_data(
    cases: Sequence[Case], *, therapist: str, made: date, size: Size, names: bool, identified: bool
) -> dict[str, Any]:
    """Return all the words and figures of the sheet; the template only sets them."""
    footer = foot(made)
    if not identified:
        footer |= {"made": _("De-identified"), "date": [made.year, 1, 1]}
    return {
        "language": manner().language,
        "paper": size.value,
        "title": _("Supervision sheet"),
        "demo": next((mark for case in cases if (mark := demo_mark(case.dossier.patient.code))), ""),
        "about": _about(cases, therapist, made, identified=identified),
        "agenda": {"heading": _("Agenda"), "words": _agenda(cases)},
        "caveat": caveat(),
        "none": _("There is no case to bring."),
        "cases": [
            case_words(case, number=number, names=names, identified=identified, therapist=not therapist)
            | {"chart": f"case{number - 1}"}
            for number, case in enumerate(cases, start=1)
        ],
        "room": _("For supervision"),
        "legend": _legend(list(cases)),
        "footer": footer,
    }


def _about(cases: Sequence[Case], therapist: str, made: date, *, identified: bool) -> str:
    count = say(plural("{n} case", "{n} cases", len(cases)))
    parts = [
        cut(therapist, LONGEST_THERAPIST) if identified else _("De-identified"),
        say(message("{day}", day=made)) if identified else "",
        count,
    ]
    return " \u00b7 ".join(part for part in parts if part)


def _agenda(cases: Sequence[Case]) -> str:
    """Say how many cases there are of each kind that asks for a thought; one case may be of several."""
    counted: list[tuple[Message, int]] = [
        (message("open risk"), sum(case.place.rank is Rank.RISK for case in cases)),
        (SIGNAL_WORDS[Signal.REVIEW], sum(case.signal is Signal.REVIEW for case in cases)),
        (SIGNAL_WORDS[Signal.PLATEAU], sum(case.signal is Signal.PLATEAU for case in cases)),
        (message("ending soon"), sum(case.ending_soon for case in cases)),
    ]
    return " \u00b7 ".join(say(message("{what} {n}", what=what, n=n)) for what, n in counted)


def _legend(cases: list[Case]) -> dict[str, Any]:
    signals = [
        {"mark": MARKS[signal], "name": say(SIGNAL_WORDS[signal]), "rule": say(RULES[signal])}
        for signal in occurring(cases)
    ]
    return {
        "heading": _("How to read this"),
        "signals": signals,
        "chart": _(
            "Charts: PHQ-9 totals by week, prorated ones hollow, dashed across more than 28 days. Line in colour: the "
            "average with psychotherapy added to usual care; shaded: where the middle half, and 4 in 5, of individual "
            "scores are expected. In the order of the caseload, what asks for most first; a case may count under "
            "several points of the agenda."
        ),
    }


__all__ = ["draw_supervision", "supervision_data", "typeset_supervision"]
