"""The expectation sheet: one page for the patient in plain words, with this patient's own expected range.

Written to be read at about twelve years of age. Nothing on it judges the scores or looks ahead from them, and item 9
is not on it.
"""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from trdtrack.domain import phq9
from trdtrack.domain.message import Message, message
from trdtrack.domain.phq9 import Completeness
from trdtrack.paths import resources
from trdtrack.report.expected_chart import draw_expectation, expected, last_week, so_far
from trdtrack.report.sheet import LONGEST_NAME, Size, cut, demo_mark, foot
from trdtrack.report.typeset import Paper, compile_pdf
from trdtrack.words import _, figures, manner, say, stated_day

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from trdtrack.domain.benchmark import Benchmark
    from trdtrack.domain.summary import Summary
    from trdtrack.domain.trajectory import Point

NAMED_WEEKS = (8.0, 12.0)
"""Weeks whose range is put in figures, beside the last of the expected course."""
MOST_TOLD = 20
"""Scores that the chart's text for screen readers lists: the latest."""


def expectation_paper(summary: Summary, *, made: date, size: Size = Size.A4, names: bool = True) -> Paper:
    """Return the expectation sheet, its chart drawn on the way."""
    return typeset_expectation(summary, draw_expectation(summary, size=size), made=made, size=size, names=names)


def typeset_expectation(
    summary: Summary, chart: bytes, *, made: date, size: Size = Size.A4, names: bool = True
) -> Paper:
    """Typeset the sheet around a chart drawn before. Refuses, with the reason, a course without an expected one."""
    template = (resources() / "report" / "expectation.typ").read_text(encoding="utf-8")
    data = expectation_data(summary, made=made, size=size, names=names)
    return compile_pdf(template, data, images={"chart": chart}, made=made)


def expectation_data(summary: Summary, *, made: date, size: Size = Size.A4, names: bool = True) -> dict[str, Any]:
    """Return all the words and figures of the page; the template only sets them."""
    benchmark, baseline = expected(summary)
    return {
        "language": manner().language,
        "paper": size.value,
        "title": say(message("What to expect, {code}", code=summary.patient.code)),
        "heading": _("What to expect"),
        "code": summary.patient.code,
        "name": cut(summary.patient.name, LONGEST_NAME) if names else "",
        "demo": demo_mark(summary.patient.code),
        "opening": _(
            "Depression that has lasted, or that medication has not lifted, can take longer to get better than a first "
            "episode. Going slowly is common. Progress is still real, and the PHQ-9 measures it: a form with nine "
            "questions and a score from 0 to 27."
        ),
        "chart_alt": _alt(summary, benchmark),
        "range": _range(summary, benchmark),
        "average": _average(benchmark, baseline.point.total),
        "better": {
            "heading": _("What \u201cbetter\u201d will look like"),
            "marks": [
                _("At first, a few points lower. Any one score can be a little high or low."),
                *better(baseline.point.total, summary.rules.reliable_change),
            ],
        },
        "worse": worse(),
        "lines": [_("We will look at this together on"), _("To reach us between sessions")],
        "source": _source(summary, benchmark),
        "footer": foot(made),
    }


def _range(summary: Summary, benchmark: Benchmark) -> dict[str, Any]:
    found, baseline = expected(summary)
    assert summary.lines_start is not None  # noqa: S101 - `expected` has asked
    weeks = [w for w in NAMED_WEEKS if w < found.horizon] + [found.horizon]
    cells: list[list[str]] = []
    for there in benchmark.table(baseline.point.total, tuple(weeks)):
        when = summary.lines_start + timedelta(weeks=there.week)
        cells.append(
            [
                say(message("Week {week}", week=figures(f"{there.week:g}"))),
                say(message("{low} to {high}", low=_whole(there.low80), high=_whole(there.high80))),
                say(message("around {day}", day=when)),
            ]
        )
    return {
        "heading": _("What we expect for you"),
        "words": say(
            message(
                "You start at {total} ({day}). From there, about 4 in 5 people are expected to score:",
                total=baseline.point.total,
                day=baseline.point.date,
            )
        ),
        "cells": cells,
        "after": _(
            "The range is wide: some people are much better by then, some a little, some not yet. "
            "Scores go up and down on the way."
        ),
    }


def _average(benchmark: Benchmark, total: int) -> dict[str, str]:
    last = benchmark.at(total, benchmark.horizon)
    return {
        "heading": _("An average is not a promise"),
        "words": say(
            message(
                "The lines are group averages from studies. They cannot tell what will happen to you. With usual care "
                "only, such as medication, people get better too: by about {usual} points in {weeks} weeks, on "
                "average. With therapy added it is about {therapy}. If being on the line does not feel like enough, "
                "say so.",
                usual=halves(total - last.usual_care),
                therapy=halves(total - last.psychotherapy),
                weeks=figures(f"{benchmark.horizon:g}"),
            )
        ),
    }


def better(total: int, reliable: int) -> list[str]:
    """Return which scores below a baseline mean what, the highest first; marks it is not above are left out."""
    marks = [
        (
            total - reliable,
            message(
                "{least} or less ({n} points down, or more): large enough to be real, not just a good week.",
                least=total - reliable,
                n=reliable,
            ),
        ),
        (
            phq9.CASENESS_FROM - 1,
            message("Below {below}: under the mark that clinics use for depression.", below=phq9.CASENESS_FROM),
        ),
        (
            phq9.REMISSION_BELOW - 1,
            message("Below {below}: few signs of depression, or none.", below=phq9.REMISSION_BELOW),
        ),
    ]
    return [say(words) for most, words in sorted(marks, key=lambda mark: -mark[0]) if 0 <= most < total]


def worse() -> dict[str, str]:
    """Return what to do if things get worse."""
    return {
        "heading": _("If things get worse"),
        "words": _(
            "Talk to your therapist. You do not have to wait for your next session. Keep taking your medication, "
            "unless you and the person who prescribes it have agreed otherwise."
        ),
    }


def source_of(benchmark: Benchmark) -> Message:
    """Return where the lines and ranges come from."""
    return message(
        "Source of the lines and ranges: {name}, version {version} ({date}).",
        name=benchmark.name,
        version=benchmark.version,
        date=stated_day(benchmark.date),
    )


def prorated(points: Iterable[Point]) -> list[Message]:
    """Return what an open circle means, where there is one."""
    if not any(p.score.completeness is Completeness.PRORATED for p in points):
        return []
    return [
        message(
            "Where an answer or two were missing, the total is worked out from the others (prorated, open circles)."
        )
    ]


def _source(summary: Summary, benchmark: Benchmark) -> str:
    words = [source_of(benchmark)]
    words += prorated(so_far(summary))
    if any((summary.line_week(p.date) or 0) > last_week(benchmark) for p in so_far(summary)):
        later = message(
            "The studies end at week {week}: later scores are not drawn.", week=figures(f"{benchmark.data_end:g}")
        )
        words.append(later)
    words.append(message("This sheet is not a diagnosis."))
    return " ".join(say(sentence) for sentence in words)


def _alt(summary: Summary, benchmark: Benchmark) -> str:
    """Put the chart in words: both lines, the widest range, and each score."""
    _found, baseline = expected(summary)
    last = benchmark.at(baseline.point.total, benchmark.horizon)
    scores = ", ".join(
        say(message("{total} on {day}", total=p.total, day=p.date)) for p in so_far(summary)[-MOST_TOLD:]
    )
    return say(
        message(
            "Chart of the PHQ-9 total over {weeks} weeks. From {total}, the average goes to about {therapy} with "
            "therapy added and to about {usual} with usual care only; about 4 in 5 people end between {low} and "
            "{high}. Your scores: {scores}.",
            weeks=figures(f"{benchmark.horizon:g}"),
            total=baseline.point.total,
            therapy=halves(last.psychotherapy),
            usual=halves(last.usual_care),
            low=_whole(last.low80),
            high=_whole(last.high80),
            scores=scores,
        )
    )


def halves(points: float) -> str:
    """Return points to the nearest half, as people say it: 13.49 is 13½."""
    whole, half = divmod(math.floor(2 * points + 0.5), 2)
    return (str(whole) if whole or not half else "") + ("\u00bd" if half else "")


def _whole(points: float) -> int:
    return math.floor(points + 0.5)


__all__ = ["draw_expectation", "expectation_data", "expectation_paper", "halves", "typeset_expectation"]
