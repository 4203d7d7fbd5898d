"""Draws the gist of a patient from the dossier, by the rules that the summary, the risk and what is due are made of."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from trdtrack.domain.due import AHEAD, DueKind, appointments, coming
from trdtrack.domain.gist import Gist, pack_days, packed
from trdtrack.domain.people import natural
from trdtrack.domain.phq9 import Completeness
from trdtrack.domain.risk import risk_state
from trdtrack.domain.summary import Summary, summarise

if TYPE_CHECKING:
    from trdtrack.domain.benchmark import Benchmark
    from trdtrack.domain.dossier import Dossier
    from trdtrack.domain.records import Clinic, Rules
    from trdtrack.domain.risk import RiskState
    from trdtrack.domain.trajectory import Point

TOTALS = 12
NOTE_LETTERS = 160
_AT_LAST = date.max
"""The day on which all that is on record has happened: an end that is written down counts as come."""
_SENTENCE = re.compile(r".+?(?:[.!?](?=\s)|$)", re.MULTILINE)


def gist_of(dossier: Dossier, *, benchmark: Benchmark | None, rules: Rules, clinic: Clinic) -> Gist:
    """Return the gist of a patient. `benchmark`: what the current course is drawn with; None only without a course."""
    course, of_course = dossier.current_course, dict[str, Any]()
    if course and benchmark:
        found = summarise(dossier, course, benchmark=benchmark, rules=rules, today=_AT_LAST)
        of_course = _of_course(found)
    state = risk_state(dossier, today=_AT_LAST)
    spans = [(after, s.next_date, s.next_time) for after, s in appointments(dossier) if s.next_date]
    first = spans.pop(0) if spans and spans[0][0] == date.min else None
    ahead = coming(dossier, clinic=clinic)
    return Gist(
        patient=dossier.patient.id,
        code=dossier.patient.code,
        name=dossier.patient.name,
        sort=natural(dossier.patient.code),
        closed_day=_number(dossier.patient.closed),
        died=dossier.died,
        **of_course,
        **_risk(state),
        next_day=_number(first[1]) if first else None,
        next_time=first[2] if first else "",
        packed_later=pack_days(spans),
        packed_unfinished=pack_days((s.date,) for s in dossier.sessions if not s.finished and not dossier.died),
        packed_reviews=pack_days((c.day, c.until) for c in ahead if c.what is DueKind.COURSE_REVIEW),
        packed_follow_ups=pack_days((c.day,) for c in ahead if c.what is DueKind.FOLLOW_UP),
        asked_from=min(((c.day - AHEAD).toordinal() for c in ahead), default=None),
        last_note=_first_sentence(next((s.note for s in reversed(dossier.sessions) if s.note.strip()), "")),
    )


def _number(day: date | None) -> int | None:
    return day.toordinal() if day else None


def _of_course(s: Summary) -> dict[str, Any]:
    first, latest, ageless = s.baseline.point if s.baseline else None, s.latest, s.ageless
    totals = list(s.during[-TOTALS:])
    if first and totals and first.date < totals[0].date:
        totals = [first, *totals[1 - TOTALS :]]

    def prorated(*points: Point | None) -> bool:
        return any(p is not None and p.score.completeness is Completeness.PRORATED for p in points)

    return {
        "course": s.course.id,
        "modality": s.course.modality.value,
        "therapist": s.course.therapist,
        "week_zero_day": _number(s.week_zero),
        "end_day": _number(s.course.end),
        "planned": s.course.planned_sessions,
        "attended": s.attended,
        "baseline": first.total if first else None,
        "lines_start_day": _number(s.lines_start),
        "benchmark_name": s.benchmark.name if s.benchmark else "",
        "benchmark_version": s.benchmark.version if s.benchmark else "",
        "packed_totals": pack_days((p.date, p.total) for p in totals),
        "latest": latest.total if latest else None,
        "latest_day": _number(latest.date) if latest else None,
        "latest_prorated": prorated(latest),
        "change": s.change,
        "change_prorated": prorated(first, latest),
        "signal": ageless.signal.value,
        "packed_why": packed(ageless.why),
        "signal_prorated": prorated(*ageless.rests_on),
    }


def _risk(state: RiskState) -> dict[str, Any]:
    return {
        "risk_open": len(state.open),
        "risk_due": state.asking,
        "risk_again_day": _number(state.again),
        "item9": state.item9 if isinstance(state.item9, int) else None,
    }


def _first_sentence(note: str) -> str:
    """Return a note's first sentence, or as many of its words as there is room for."""
    found = _SENTENCE.search(note.strip())
    words = " ".join(found.group().split()) if found else ""
    if len(words) <= NOTE_LETTERS:
        return words
    return words[: NOTE_LETTERS - 1].rsplit(" ", 1)[0] + "\N{HORIZONTAL ELLIPSIS}"
