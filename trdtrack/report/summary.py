"""The patient summary: one page for a usual course, two at most, everything on it taken from the Summary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trdtrack.chart.paper import chart_svg
from trdtrack.domain.message import Message, message, plural
from trdtrack.domain.records import Attendance
from trdtrack.paths import resources
from trdtrack.report.nameless import without_names
from trdtrack.report.sheet import LONGEST_NAME, MILLIMETRES, Size, cut, demo_mark, foot, real_minus
from trdtrack.report.summary_care import medication, risk
from trdtrack.report.summary_room import MARGIN_MM, ONE_PAGE, TWO_PAGES, chart_height, fits
from trdtrack.report.summary_scores import scores
from trdtrack.report.tables import findings, notes
from trdtrack.report.typeset import Paper, compile_pdf
from trdtrack.words import _, day, manner, phq9_wording, say, shown, stated_day, translated

if TYPE_CHECKING:
    from datetime import date

    from trdtrack.domain.records import Course
    from trdtrack.domain.summary import Summary

LONGEST_THERAPIST = 40
MOST_TOLD = 20
"""Scores that the chart's text for screen readers lists: the latest."""


def draw_chart(summary: Summary, *, size: Size = Size.A4, names: bool = True) -> bytes:
    """Draw the chart at paper size, as SVG: where Qt's scenes may be drawn, on the main thread.

    Without names the events and phases, which are written in free words, are not drawn.
    """
    told = summary if names else without_names(summary)
    width = MILLIMETRES[size][0] - 2 * MARGIN_MM
    return chart_svg(told, width_mm=width, height_mm=chart_height(_content(told, size, names=names), size))


def summary_pdf(summary: Summary, *, made: date) -> bytes:
    """Return the patient summary on A4, with names."""
    return summary_paper(summary, made=made).pdf


def summary_paper(summary: Summary, *, made: date, size: Size = Size.A4, names: bool = True) -> Paper:
    """Return the patient summary and what, if anything, its fonts could not show."""
    return typeset_summary(summary, draw_chart(summary, size=size, names=names), made=made, size=size, names=names)


def typeset_summary(summary: Summary, chart: bytes, *, made: date, size: Size = Size.A4, names: bool = True) -> Paper:
    """Typeset the summary around a chart drawn before: this part may run in a worker, the chart may not.

    `chart` must have been drawn for the same size, and without names where none are wanted.
    """
    template = (resources() / "report" / "summary.typ").read_text(encoding="utf-8")
    data = summary_data(summary, made=made, size=size, names=names)
    return compile_pdf(template, data, images={"chart": chart}, made=made)


def summary_data(summary: Summary, *, made: date, size: Size = Size.A4, names: bool = True) -> dict[str, Any]:
    """Return all the words and figures of the pages; the template only sets them."""
    told = summary if names else without_names(summary)
    content = _content(told, size, names=names)
    return content | {
        "language": manner().language,
        "paper": size.value,
        "title": say(message("PHQ-9 summary, {code}", code=told.patient.code)),
        "kind": _("PHQ-9 summary") if names else _("PHQ-9 summary without names"),
        "chart_alt": chart_in_words(told, content["sentence"]),
        "footer": foot(made),
    }


def _content(summary: Summary, size: Size, *, names: bool) -> dict[str, Any]:
    """Return what takes room: on one page if it fits beside a chart that can be read, else on two."""
    patient = summary.patient
    content: dict[str, Any] = {
        "code": patient.code,
        "name": cut(patient.name, LONGEST_NAME),
        "demo": demo_mark(patient.code),
        "facts": _facts(summary, names=names),
        "sentence": shown(say(summary.sentence)),
        "scores": scores(summary),
        "findings": findings(summary),
        "expected": _expected(summary),
        "licence": phq9_wording().licence,
    }
    for room in (ONE_PAGE, *TWO_PAGES):
        content |= {
            "scores_apart": room.apart,
            "notes": notes(summary, longest=room.longest_note),
            "medication": medication(summary, most=room.treatments, longest=room.longest_note),
            "risk": risk(summary, most=room.reviews, longest=room.longest_text, names=names),
        }
        short = not room.apart and (content["medication"]["left_out"] or content["risk"]["more"])
        if not short and fits(content, size):
            break
    return content


def _facts(summary: Summary, *, names: bool) -> list[list[str]]:
    """Return the names of the facts and the facts."""
    course = summary.course
    dates = day(summary.week_zero) if summary.week_zero else _("not set")
    if course.end:
        dates = say(message("{start} to {end}", start=dates, end=course.end))
    if course.end_reason:
        dates = say(message("{dates}, {reason}", dates=dates, reason=course.end_reason.words))
    therapist = cut(course.therapist, LONGEST_THERAPIST)
    return [
        _age(summary) if not names else [_("Born"), _born(summary)],
        [_("Psychotherapy"), _therapy(course)],
        [_("Week 0") if not course.end else _("Week 0 and end"), dates],
        [_("Sessions"), say(_sessions(summary))],
        *([[_("Therapist"), therapist]] if therapist else []),
    ]


def _born(summary: Summary) -> str:
    born = summary.patient.date_of_birth
    if born is None:
        return _("not recorded: treated as an adult")
    if summary.age is None:
        return day(born)
    return say(message("{day}, aged {age} at week 0", day=born, age=summary.age))


def _age(summary: Summary) -> list[str]:
    if summary.age is None:
        return [_("Age at week 0"), _("not recorded: treated as an adult")]
    return [_("Age at week 0"), say(plural("{n} year", "{n} years", summary.age))]


def _therapy(course: Course) -> str:
    """Put in words what is given and how, as far as it is recorded."""
    parts = [say(part.words) for part in (course.modality, course.format) if part]
    return ", ".join(parts) or _("not recorded")


def _sessions(summary: Summary) -> Message:
    """Say how many sessions took place of those planned, and how many did not."""
    attended = message("{n} attended", n=summary.attended)
    if summary.course.planned_sessions is not None:
        attended = message("{n} attended of {planned}", n=summary.attended, planned=summary.course.planned_sessions)
    cancelled = summary.sessions_with(Attendance.LATE_CANCEL)
    missed = summary.sessions_with(Attendance.DID_NOT_ATTEND)
    if cancelled:
        late = plural("{n} late cancel", "{n} late cancels", cancelled)
        attended = message("{before}, {more}", before=attended, more=late)
    if missed:
        attended = message("{before}, {n} not attended", before=attended, n=missed)
    return attended


def chart_in_words(summary: Summary, sentence: str) -> str:
    """Put the chart in words: the sentence, and each score."""
    totals = ", ".join(
        say(message("{total} on {day}", total=p.total, day=p.date)) for p in summary.counting[-MOST_TOLD:]
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
        say(message("{cite}: {gives}", cite=source.cite, gives=translated(source.gives)))
        for source in benchmark.sources
    )
    return {
        "heading": _("Expected course"),
        "about": say(
            message(
                "{name}, version {version} ({date}). {population}",
                name=benchmark.name,
                version=benchmark.version,
                date=stated_day(benchmark.date),
                population=translated(benchmark.population),
            )
        ),
        "caveats": [real_minus(translated(caveat)) for caveat in benchmark.caveats],
        "sources": real_minus(sources),
        "assumptions": " ".join(translated(text) for text in benchmark.assumptions),
        "headings": [_("Benchmark"), _("What the lines do not say"), _("Sources"), _("Our own assumptions")],
    }


__all__ = ["draw_chart", "summary_data", "summary_paper", "summary_pdf", "typeset_summary"]
