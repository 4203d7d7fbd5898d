"""What the supervision sheet says of one case: as it is on record, or without anything that tells who it is."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from trdtrack.chart.marks import MARKS
from trdtrack.domain.medication import current_medication
from trdtrack.domain.message import Message, message, plural
from trdtrack.domain.place import Rank, next_on
from trdtrack.domain.records import Role
from trdtrack.domain.risk import last_item9, risk_state
from trdtrack.domain.signals import Signal
from trdtrack.domain.summary import SIGNAL_WORDS, age_on
from trdtrack.report.case_chart import week_of
from trdtrack.report.sheet import cut
from trdtrack.words import _, say, shown, signed

if TYPE_CHECKING:
    from trdtrack.domain.cases import Case
    from trdtrack.domain.summary import Summary

RISK_MARK = "\N{BLACK SQUARE}"
LONGEST_NAME = 48
LONGEST_MEDICATION = 120
LONGEST_THERAPIST = 40
MOST_TOLD = 12
"""Totals that the chart's text for screen readers lists: the latest."""
OLDEST_DECADE, YOUNGEST_DECADE = 80, 20
"""Ages from the one on, and below the other, are too few to be told by decade."""


def case_words(case: Case, *, number: int, names: bool, identified: bool, therapist: bool) -> dict[str, Any]:
    """Return the words and figures of one case. `therapist`: whether whose case it is has to be said."""
    s = case.summary

    def told(what: Message) -> str:
        return shown(say(what if identified else without_days(what, case)))

    code = case.dossier.patient.code if identified else say(message("Case {n}", n=number))
    return {
        "number": str(number) if identified else "",
        "code": code,
        "name": cut(case.dossier.patient.name, LONGEST_NAME) if names and identified else "",
        "facts": _facts(case, identified=identified, therapist=therapist and identified),
        "signals": _marked(case),
        "figures": _figures(s) if s else None,
        "sentence": told(s.sentence) if s else _("No course of care yet."),
        "rows": _rows(case, told, identified=identified),
        "alt": _alt(s, code),
    }


def _marked(case: Case) -> list[dict[str, str]]:
    """Return open risk, where there is any, and the signal: each as shape and words."""
    found = [{"mark": RISK_MARK, "name": _("open risk")}] if case.place.rank is Rank.RISK else []
    if case.signal:
        found.append({"mark": MARKS[case.signal], "name": say(SIGNAL_WORDS[case.signal])})
    return found


def without_days(what: Message, case: Case) -> Message:
    """Return a message in which every day is told as the week of the course alone."""
    fields = {name: _without_days(value, case) for name, value in what.fields.items()}
    return Message(what.text, fields, what.many, what.n)


def _without_days(value: Any, case: Case) -> Any:
    match value:
        case Message():
            return without_days(value, case)
        case date():
            return _week(value, case)
        case _:
            return value


def _week(day: date, case: Case) -> Message:
    start = case.summary.week_zero if case.summary else None
    if start is None:
        return message("a day")
    if day < start:
        return message("a day before week 0")
    return message("a day in week {n}", n=(day - start).days // 7)


def _facts(case: Case, *, identified: bool, therapist: bool) -> str:
    s = case.summary
    if s is None:
        return _age(case, identified=identified)
    kinds = [say(part.words) for part in (s.course.modality, s.course.format) if part]
    week = message("week {n}", n=s.week) if s.week is not None else message("not begun")
    sessions: Message | None = None
    if s.sessions:
        sessions = message("session {n}", n=s.attended)
        if s.course.planned_sessions:
            sessions = message("session {n} of {planned}", n=s.attended, planned=s.course.planned_sessions)
    who = message("with {therapist}", therapist=cut(s.course.therapist, LONGEST_THERAPIST))
    parts = [
        _age(case, identified=identified),
        ", ".join(kinds),
        _("ended") if s.ended else say(week),
        say(sessions) if sessions else "",
        say(message("{n} missed", n=s.missed)) if s.missed else "",
        say(who) if therapist and s.course.therapist else "",
    ]
    return " \u00b7 ".join(part for part in parts if part)


def _age(case: Case, *, identified: bool) -> str:
    age = age_on(case.dossier.patient.date_of_birth, case.today)
    if age is None:
        return ""
    if identified:
        return say(message("age {n}", n=age))
    if age >= OLDEST_DECADE:
        return say(message("{n} or older", n=OLDEST_DECADE))
    if age < YOUNGEST_DECADE:
        return say(message("under {n}", n=YOUNGEST_DECADE))
    return say(message("in the {n}s", n=age - age % 10))


def _figures(s: Summary) -> dict[str, str] | None:
    """Return the two totals that are compared, as fixed where the course has ended, and the change."""
    fixed = s.outcome if s.ended else None
    first = fixed.baseline if fixed else s.baseline.point.total if s.baseline else None
    last = fixed.total if fixed else s.latest.total if s.latest else None
    if last is None:
        return None
    if first is None or not s.weeks or s.change is None:
        return {"totals": str(last), "change": ""}
    totals = shown(say(message("{first} -> {last}", first=first, last=last)))
    return {"totals": totals, "change": signed(s.change)}


def _rows(case: Case, told: Any, *, identified: bool) -> list[list[str]]:
    rows = [[_("Why here"), told(case.why)], [_("Risk"), told(_risk(case))]]
    if case.summary:
        taken = current_medication(case.dossier, case.summary.course)
        if identified:
            rows.append([_("Medication"), cut(taken, LONGEST_MEDICATION) or _("not recorded")])
        else:
            rows.append([_("Medication"), _classes(case) or (_("recorded in words") if taken else _("not recorded"))])
    if not (case.summary and case.summary.ended):
        rows.append([_("Next"), told(_next(case, timed=identified))])
    if identified and case.gist.last_note:
        rows.append([_("Last note"), case.gist.last_note])
    return rows


def _risk(case: Case) -> Message:
    """Say what is open and since when, and what is known of item 9; nothing here rates the risk."""
    state = risk_state(case.dossier, today=case.today)
    known = last_item9(state)
    if not state.open:
        return message("no risk record open; {known}", known=known)
    opened = state.open[0].opened
    since = plural(
        "{n} record open since {day}", "{n} records open, the first since {day}", len(state.open), day=opened
    )
    return message("{since}; {known}", since=since, known=known)


def _classes(case: Case) -> str:
    """Return what is taken by its class: a drug's name and dose are written freely."""
    taken = [t for t in case.dossier.treatments if t.still_taken and t.role is not Role.ECT]
    words: list[str] = []
    for treatment in taken:
        role = say(treatment.role.words)
        kind = say(treatment.drug_class.words) if treatment.drug_class else ""
        words.append(say(message("{role} ({kind})", role=role, kind=kind)) if kind else role)
    return ", ".join(dict.fromkeys(words))


def _next(case: Case, *, timed: bool) -> Message:
    found = next_on(case.gist, case.today)
    if found is None:
        return message("no appointment to come")
    return (
        message("{day} {time}", day=found[0], time=found[1]) if found[1] and timed else message("{day}", day=found[0])
    )


def _alt(s: Summary | None, code: str) -> str:
    """Put the chart in words: each total by its week."""
    totals = ", ".join(
        say(message("{total} in week {week}", total=p.total, week=f"{week_of(s, p):.0f}"))
        for p in (s.counting[-MOST_TOLD:] if s else ())
        if s
    )
    if not totals:
        return say(message("PHQ-9 chart of {code}: no score yet.", code=code))
    return say(message("PHQ-9 chart of {code}, the latest totals: {totals}.", code=code, totals=totals))


def occurring(cases: list[Case]) -> list[Signal]:
    """Return the signals that stand on a sheet, in the order in which they are tried."""
    found = {case.signal for case in cases}
    return [signal for signal in Signal if signal in found]
