"""The patient summary: one page for the record, everything on it taken from the Summary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trdtrack.chart.paper import chart_svg
from trdtrack.domain.medication import current_medication
from trdtrack.domain.message import message, plural
from trdtrack.paths import resources
from trdtrack.report.sheet import LONGEST_NAME, cut, demo_mark, foot, real_minus
from trdtrack.report.tables import MOST_ROWS, findings, notes, scores
from trdtrack.report.typeset import Paper, compile_pdf
from trdtrack.words import _, day, phq9_wording, say, shown

if TYPE_CHECKING:
    from datetime import date

    from trdtrack.domain.records import Course
    from trdtrack.domain.summary import Summary

LONGEST_MEDICATION = 240
"""Characters of the medication that fit the header."""
LONGEST_THERAPIST = 40
CHART_MM = (176.0, 84.0)
ROWS_BESIDE = 13
"""Up to this many rows the chart has its full height; each more takes a little of it, so that 20 still fit a page."""
NOTE_LINE = 64
"""Characters of a note that fit a line."""
LINES_BESIDE = 9
"""Up to this many lines of notes take nothing from the chart; each more takes its height."""
LINE_MM, FACTS_MM = 3.4, 7.0
SENTENCE_LINE, SENTENCE_MM = 88, 6.5
"""Letters that surely fit a line of the sentence, and the height of each line past the second."""
LEAST_CHART_MM = 52.0
LONGEST_BESIDE = 40
"""Characters of the medication that fit beside the other facts."""


def draw_chart(summary: Summary) -> bytes:
    """Draw the chart at paper size, as SVG: where Qt's scenes may be drawn, on the main thread."""
    return chart_svg(summary, width_mm=CHART_MM[0], height_mm=chart_height(summary))


def summary_pdf(summary: Summary, *, made: date) -> bytes:
    """Return the one-page patient summary."""
    return summary_paper(summary, made=made).pdf


def summary_paper(summary: Summary, *, made: date) -> Paper:
    """Return the patient summary and what, if anything, its fonts could not show."""
    return typeset_summary(summary, draw_chart(summary), made=made)


def chart_height(summary: Summary) -> float:
    """Millimetres the chart may take, beside so many scores, notes and facts."""
    rows = min(len(summary.points), MOST_ROWS)
    by_scores = 2.0 * max(rows - ROWS_BESIDE, 0)
    lines = sum(-(-len(f"{name} {text}") // NOTE_LINE) for name, text in notes(summary)) + int(summary.prorated)
    by_notes = LINE_MM * max(lines - LINES_BESIDE, 0)
    under_facts = 0 if _one_line(summary) else FACTS_MM
    long_sentence = SENTENCE_MM * max(-(-len(say(summary.sentence)) // SENTENCE_LINE) - 2, 0)
    return max(CHART_MM[1] - max(by_scores, by_notes) - under_facts - long_sentence, LEAST_CHART_MM)


def typeset_summary(summary: Summary, chart: bytes, *, made: date) -> Paper:
    """Typeset the summary around a chart drawn before: this part may run in a worker, the chart may not."""
    template = (resources() / "report" / "summary.typ").read_text(encoding="utf-8")
    return compile_pdf(template, summary_data(summary, made=made), images={"chart": chart}, made=made)


def summary_data(summary: Summary, *, made: date) -> dict[str, Any]:
    """Return all the words and figures of the page; the template only sets them."""
    patient = summary.patient
    sentence = shown(say(summary.sentence))
    return {
        "language": "en",
        "title": say(message("PHQ-9 summary, {code}", code=patient.code)),
        "kind": _("PHQ-9 summary"),
        "code": patient.code,
        "name": cut(patient.name, LONGEST_NAME),
        "demo": demo_mark(patient.code),
        "facts": _facts(summary),
        "more_facts": _more_facts(summary),
        "one_line": _one_line(summary),
        "sentence": sentence,
        "chart_alt": chart_in_words(summary, sentence),
        "scores": scores(summary),
        "findings": findings(summary),
        "notes": notes(summary),
        "expected": _expected(summary),
        "licence": phq9_wording().licence,
        "footer": foot(made),
    }


def _facts(summary: Summary) -> list[list[str]]:
    patient, course = summary.patient, summary.course
    born = _("not recorded: treated as an adult")
    if patient.date_of_birth:
        born = day(patient.date_of_birth)
        if summary.age is not None:
            born = say(message("{day}, aged {age} at week 0", day=born, age=summary.age))
    attended = plural("{n} attended", "{n} attended", summary.attended)
    if course.planned_sessions is not None:
        attended = message("{n} attended of {planned}", n=summary.attended, planned=course.planned_sessions)
    dates = day(summary.week_zero) if summary.week_zero else _("not set")
    if course.end:
        dates = say(message("{start} to {end}", start=dates, end=course.end))
    return [
        [_("Born"), born],
        [_("Psychotherapy"), _therapy(course)],
        [_("Week 0") if not course.end else _("Week 0 and end"), dates],
        [_("Sessions"), say(attended)],
    ]


def _therapy(course: Course) -> str:
    """Put in words what is given and how, as far as it is recorded."""
    parts = [say(message(part.value)) for part in (course.modality, course.format) if part]
    return ", ".join(parts) or _("not recorded")


def _more_facts(summary: Summary) -> list[list[str]]:
    taken = cut(current_medication(summary.dossier, summary.course), LONGEST_MEDICATION)
    therapist = cut(summary.course.therapist, LONGEST_THERAPIST)
    medication = [_("Medication"), taken or _("not recorded")]
    return [[_("Therapist"), therapist], medication] if therapist else [medication]


def _one_line(summary: Summary) -> bool:
    """Whether all the facts fit one line."""
    more = _more_facts(summary)
    return len(more) == 1 and len(more[0][1]) <= LONGEST_BESIDE


def chart_in_words(summary: Summary, sentence: str) -> str:
    """Put the chart in words: the sentence, and each score."""
    totals = ", ".join(
        say(message("{total} on {day}", total=p.total, day=p.date)) for p in summary.counting[-MOST_ROWS:]
    )
    if not totals:
        return say(message("PHQ-9 chart. {sentence}", sentence=sentence))
    return say(message("PHQ-9 chart. {sentence}. Totals: {scores}.", sentence=sentence, scores=totals))


def _expected(summary: Summary) -> dict[str, Any]:
    benchmark = summary.benchmark
    tool = _("This is not a diagnostic or risk tool.")
    if benchmark is None:
        why = summary.no_benchmark or message("no baseline")
        return {
            "heading": _("Expected course"),
            "about": say(message("None drawn: {why}.", why=why)),
            "caveats": [tool],
            "sources": "",
            "assumptions": "",
            "headings": ["", _("How to read this"), "", ""],
        }
    sources = "; ".join(
        say(message("{cite}: {gives}", cite=source.cite, gives=source.gives)) for source in benchmark.sources
    )
    return {
        "heading": _("Expected course"),
        "about": say(
            message(
                "{name}, version {version} ({date}). {population}",
                name=benchmark.name,
                version=benchmark.version,
                date=benchmark.date,
                population=benchmark.population,
            )
        ),
        "caveats": [real_minus(caveat) for caveat in benchmark.caveats],
        "sources": real_minus(sources),
        "assumptions": " ".join(benchmark.assumptions),
        "headings": [_("Benchmark"), _("What the lines do not say"), _("Sources"), _("Our own assumptions")],
    }


__all__ = ["summary_data", "summary_paper", "summary_pdf", "typeset_summary"]
