"""The patient's own summary: one page in plain words of where things began and where they are.

For the patient to take home. It has the scores and what they mean, and nothing that was written for the record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trdtrack.chart.paper import chart_svg
from trdtrack.chart.view import View
from trdtrack.domain import phq9
from trdtrack.domain.due import DueKind, coming, next_appointment
from trdtrack.domain.message import Message, message, plural
from trdtrack.domain.plain_words import for_patient
from trdtrack.domain.records import Clinic
from trdtrack.domain.refusals import Refusal
from trdtrack.paths import resources
from trdtrack.report.expectation import better, prorated, source_of, worse
from trdtrack.report.nameless import without_names
from trdtrack.report.sheet import LONGEST_NAME, MILLIMETRES, Size, cut, demo_mark, foot
from trdtrack.report.typeset import Paper, compile_pdf
from trdtrack.words import _, day, manner, phq9_wording, say

if TYPE_CHECKING:
    from datetime import date

    from trdtrack.domain.summary import Summary
    from trdtrack.domain.trajectory import Point

MARGIN_MM = 17.0
CHART_MM = {Size.A4: 76.0, Size.LETTER: 66.0}
MOST_TOLD = 20
"""Scores that the chart's text for screen readers lists: the latest."""


def own_paper(summary: Summary, *, made: date, size: Size = Size.A4, names: bool = True) -> Paper:
    """Return the patient's own summary, its chart drawn on the way."""
    return typeset_own(summary, draw_own(summary, size=size), made=made, size=size, names=names)


def draw_own(summary: Summary, *, size: Size = Size.A4) -> bytes:
    """Draw the patient's chart at paper size, as SVG: where Qt's scenes may be drawn, on the main thread.

    Nothing written in free words is on it, whether names are wanted or not.
    """
    _check(summary)
    width = MILLIMETRES[size][0] - 2 * MARGIN_MM
    return chart_svg(without_names(summary), width_mm=width, height_mm=CHART_MM[size], view=View(patient=True))


def typeset_own(summary: Summary, chart: bytes, *, made: date, size: Size = Size.A4, names: bool = True) -> Paper:
    """Typeset the page around a chart drawn before. Refuses it for a patient who has died."""
    template = (resources() / "report" / "own.typ").read_text(encoding="utf-8")
    data = own_data(summary, made=made, size=size, names=names)
    return compile_pdf(template, data, images={"chart": chart}, made=made)


def own_data(summary: Summary, *, made: date, size: Size = Size.A4, names: bool = True) -> dict[str, Any]:
    """Return all the words and figures of the page; the template only sets them."""
    _check(summary)
    sentences = [say(sentence) for sentence in for_patient(summary)]
    return {
        "language": manner().language,
        "paper": size.value,
        "title": say(message("Your progress, {code}", code=summary.patient.code)),
        "heading": _("Your progress"),
        "code": summary.patient.code,
        "name": cut(summary.patient.name, LONGEST_NAME) if names else "",
        "demo": demo_mark(summary.patient.code),
        "words": " ".join(sentences),
        "chart_alt": _alt(summary, sentences[0]),
        "scores": _scores(summary),
        "lines": _lines(summary),
        "better": _better(summary),
        "together": _together(summary),
        "worse": worse(),
        "source": _source(summary),
        "footer": foot(made),
    }


def _check(summary: Summary) -> None:
    if summary.dossier.died:
        raise Refusal(message("This patient has died: there is no summary for the patient."))


def _scores(summary: Summary) -> dict[str, Any]:
    """Return where it began, the lowest, the latest, and what came after the end, each with its day."""
    baseline, lowest, latest = summary.baseline, summary.lowest, summary.latest
    rows: list[tuple[str, Point]] = []
    if baseline:
        rows.append((_("Where you began"), baseline.point))
    known = [point for _words, point in rows]
    if lowest and lowest not in (latest, *known):
        rows.append((_("Lowest score"), lowest))
    if latest and latest not in known:
        words = _("Score at the end") if summary.ended else _("Latest score")
        rows.append((words if latest != lowest else say(message("{score}, the lowest", score=words)), latest))
    if summary.after_end:
        rows.append((_("Latest score since then"), summary.after_end.latest))
    return {
        "heading": _("Your scores"),
        "columns": [_("Score"), _("Date"), say(message("Points of {most}", most=phq9.MAX_TOTAL))],
        "rows": [[words, day(point.date), str(point.total)] for words, point in rows],
    }


def _lines(summary: Summary) -> dict[str, str]:
    words = [_("Each dot is one of your scores. Lower is better.")]
    if summary.baseline:
        words.append(_("In the grey area of ordinary ups and downs a score may be higher or lower just by chance."))
    if summary.benchmark:
        words.append(
            _(
                "The thick line is how people did on average in studies when psychotherapy was added to their usual "
                "care. The dotted line is how people did without it, with medication alone: they got better too."
            )
        )
    return {"heading": _("What the picture shows"), "words": " ".join(words)}


def _better(summary: Summary) -> dict[str, Any]:
    marks = better(summary.baseline.point.total, summary.reliable_points) if summary.baseline else []
    heading = _("What the scores mean") if summary.ended else _("What \u201cbetter\u201d looks like")
    return {"heading": heading, "marks": marks}


def _together(summary: Summary) -> dict[str, Any]:
    """Return what was agreed: the next appointment, the next look at the whole; a line to write on where neither is."""
    dossier, today = summary.dossier, summary.today
    agreed: list[Message] = []
    session = next_appointment(dossier, today)
    if session and session.next_date and session.course == summary.course.id:
        when = day(session.next_date)
        if session.next_time:
            when = say(message("{day} at {time}", day=when, time=session.next_time))
        agreed.append(message("Your next appointment is on {when}.", when=when))
    agreed += _looks(summary)
    met = plural("We have met {n} time so far.", "We have met {n} times so far.", summary.attended)
    if summary.ended:
        met = plural("We met {n} time.", "We met {n} times.", summary.attended)
    return {
        "heading": _("What we agreed"),
        "words": " ".join(say(words) for words in ([met] if summary.attended else []) + agreed),
        "line": "" if agreed else _("We will look at this together on"),
    }


def _looks(summary: Summary) -> list[Message]:
    """Return the next look back at the course as a whole, or after its end, where months for it are recorded."""
    own = {f.id for f in summary.dossier.follow_ups if f.course == summary.course.id}
    # The clinic's usual months were not agreed with this patient.
    own |= {summary.course.id} if summary.course.review_months else set()
    found = coming(summary.dossier, clinic=Clinic())
    days = sorted((c.day, c.what) for c in found if c.record in own and c.day >= summary.today)
    if not days:
        return []
    when, what = days[0]
    if what is DueKind.COURSE_REVIEW:
        return [message("Around {day} we look back together at how it has gone as a whole.", day=when)]
    return [message("Around {day} we look back together once more.", day=when)]


def _source(summary: Summary) -> str:
    words = [source_of(summary.benchmark)] if summary.benchmark else []
    words += prorated(summary.counting)
    told = [say(sentence) for sentence in words]
    return " ".join([*told, say(message("PHQ-9. {licence}", licence=phq9_wording().licence))])


def _alt(summary: Summary, sentence: str) -> str:
    """Put the chart in words: where it began and is, and each score."""
    totals = ", ".join(
        say(message("{total} on {day}", total=p.total, day=p.date)) for p in summary.counting[-MOST_TOLD:]
    )
    if not totals:
        return say(message("Chart of your scores. {sentence}", sentence=sentence))
    return say(message("Chart of your scores. {sentence} Your scores: {scores}.", sentence=sentence, scores=totals))


__all__ = ["draw_own", "own_data", "own_paper", "typeset_own"]
