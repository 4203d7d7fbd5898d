"""The chart alone as a PDF: what was seen on the screen, as vectors, with the sentence and the caveat beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trdtrack.domain.message import message
from trdtrack.paths import resources
from trdtrack.report.summary import chart_in_words
from trdtrack.report.typeset import Paper, compile_pdf
from trdtrack.words import _, manner, say, shown

if TYPE_CHECKING:
    from datetime import date

    from trdtrack.domain.summary import Summary

POINT = 0.75
"""Points of paper a pixel of the screen: 96 pixels an inch."""
_WIDTH = re.compile(rb'viewBox="[\d.]+ [\d.]+ ([\d.]+)')


def typeset_chart(summary: Summary, svg: bytes, *, made: date) -> Paper:
    """Typeset a chart drawn before on a page of its own size. Refuses what is no drawing of ours."""
    found = _WIDTH.search(svg)
    assert found is not None  # noqa: S101 - our own drawings say how wide they are
    sentence = shown(say(summary.sentence))
    words = message("Made {day}. Lines are averages of groups in trials; they do not predict this person.", day=made)
    data = {
        "language": manner().language,
        "title": say(message("PHQ-9, {code}", code=summary.patient.code)),
        "sentence": sentence,
        "alt": chart_in_words(summary, sentence),
        "caption": f"{say(words)} {_('This is not a diagnostic or risk tool.')}",
        "width": float(found[1]) * POINT,
        "date": [made.year, made.month, made.day],
    }
    template = (resources() / "report" / "chart.typ").read_text(encoding="utf-8")
    return compile_pdf(template, data, images={"chart": svg}, made=made)
