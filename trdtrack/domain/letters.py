"""Fills a letter's template with what a course's summary says; nothing is worked out here a second time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.domain.due import DueKind, coming, next_appointment
from trdtrack.domain.letter_records import Letter, Recipient
from trdtrack.domain.letter_risk import risk_paragraph
from trdtrack.domain.letter_scores import NOT_RECORDED, baseline_words, change_words, enough_words, latest_words
from trdtrack.domain.letter_template import DEFAULT_LETTER, PLACEHOLDERS, check_template, paragraphs
from trdtrack.domain.medication import current_medication
from trdtrack.domain.message import Message, message, plural
from trdtrack.domain.records import Attendance, Format, Modality
from trdtrack.domain.resistance import NEEDED, Met, criterion_of, listed

if TYPE_CHECKING:
    from datetime import date

    from trdtrack.domain.dossier import Dossier
    from trdtrack.domain.records import Clinic, Course, Patient
    from trdtrack.domain.summary import Summary

WITH_RISK = frozenset({Recipient.GP})
"""To whom the risk reviews go unless somebody says otherwise."""
CAVEAT = message(
    "A reliable change is larger than measurement error, but need not come from the therapy: people on usual care "
    "alone improve too, and what psychotherapy adds is modest on average. Averages of groups do not predict one "
    "person, and the PHQ-9 is not a diagnostic or risk tool."
)
_THERAPIES = {
    Modality.NOT_RECORDED: message("psychotherapy"),
    Modality.CBT: message("cognitive behavioural therapy (CBT)"),
    Modality.BA: message("behavioural activation"),
    Modality.CBASP: message("cognitive behavioural analysis system of psychotherapy (CBASP)"),
    Modality.MBCT: message("mindfulness-based cognitive therapy (MBCT)"),
    Modality.IPT: message("interpersonal psychotherapy (IPT)"),
    Modality.PSYCHODYNAMIC: message("psychodynamic psychotherapy"),
    Modality.DBT: message("dialectical behaviour therapy (DBT)"),
    Modality.OTHER: message("psychotherapy"),
}


def address_of(patient: Patient, to: Recipient) -> str:
    """Return the name and address of a recipient as the patient's record has them; blank where it has none."""
    known = {Recipient.GP: patient.gp, Recipient.PRESCRIBER: patient.prescriber, Recipient.REFERRER: patient.referrer}
    return known.get(to, "").strip()


def fill(
    template: str,
    summary: Summary,
    *,
    to: Recipient,
    risk: bool,
    today: date,
    clinic: Clinic,
    address: str | None = None,
) -> Message:
    """Return a letter's text, to be put into words by `say`: paragraphs with a blank line between.

    A blank template is the program's own; `today` is the letter's date; `address` None: as the patient's record has
    it. Without `risk` the paragraph with the risk reviews goes. What is not recorded is said in words. Refuses an
    unknown placeholder.
    """
    check_template("letter", template)
    values = _values(summary, address_of(summary.patient, to) if address is None else address, today, clinic)
    texts = paragraphs(template, without="" if risk else "risk")
    # Each paragraph by itself: a word of the patient's in curly brackets is never read as a placeholder.
    placed = {f"p{number}": Message(text, values) for number, text in enumerate(texts)}
    return Message("\n\n".join(f"{{{name}}}" for name in placed), placed)


def _values(s: Summary, address: str, today: date, clinic: Clinic) -> dict[str, Message | str]:
    patient, course, d = s.patient, s.course, s.dossier
    lines = [line.strip() for line in address.splitlines() if line.strip()]
    born, start = patient.date_of_birth, s.week_zero
    values: dict[str, Message | str] = {
        "patient": patient.name or message("a patient whose name is not recorded here"),
        "code": patient.code,
        "born": message("{day}", day=born) if born else message("on a day not recorded"),
        "today": message("{day}", day=today),
        "recipient": lines[0] if lines else message("colleague"),
        "therapist": course.therapist.strip() or message("Therapist: not recorded"),
        "therapy": _therapy(course),
        "week_zero": message("{day}", day=start) if start else message("a day not recorded"),
        "course": _course(s, today),
        "sessions": _sessions(s),
        "baseline": baseline_words(s),
        "latest": latest_words(s),
        "change": change_words(s),
        "enough": enough_words(s),
        "sentence": s.sentence,
        "medication": " ".join(current_medication(d, course).split()) or NOT_RECORDED,
        "resistance": _resistance(s),
        "risk": risk_paragraph(d, today=today),
        "plan": _plan(s, today),
        "next": _next(d, course, today, clinic),
        "caveat": CAVEAT,
    }
    assert values.keys() == PLACEHOLDERS.keys()  # noqa: S101 - said once there, once here
    return values


def _therapy(course: Course) -> Message:
    therapy = _THERAPIES[course.modality]
    if course.format is Format.GROUP:
        return message("{therapy} in a group", therapy=therapy)
    return message("individual {therapy}", therapy=therapy) if course.format else therapy


def _course(s: Summary, today: date) -> Message:
    therapy, start, end = _therapy(s.course), s.week_zero, s.course.end
    if s.ended and end:
        reason = s.course.end_reason.words if s.course.end_reason else message("reason not recorded")
        if start is None:
            return message("{therapy}, ended on {end} ({reason})", therapy=therapy, end=end, reason=reason)
        return message(
            "{therapy} from {start} to {end} ({reason})", therapy=therapy, start=start, end=end, reason=reason
        )
    if start is None or start > today:
        return message("{therapy}, not begun yet", therapy=therapy)
    week = (today - start).days // 7
    return message("{therapy} since {start}, now in week {week}", therapy=therapy, start=start, week=week)


def _sessions(s: Summary) -> Message:
    if not s.sessions:
        return message("none recorded yet")
    late, missed = s.sessions_with(Attendance.LATE_CANCEL), s.sessions_with(Attendance.DID_NOT_ATTEND)
    attended = message("{n} attended", n=s.attended)
    if s.course.planned_sessions:
        attended = message("{n} attended of {planned} planned", n=s.attended, planned=s.course.planned_sessions)
    rest = [message("{n} cancelled late", n=late)] if late else []
    rest += [message("{n} not attended", n=missed)] if missed else []
    return listed([attended, *(rest or [message("none missed")])])


def _resistance(s: Summary) -> Message:
    found = criterion_of(s.dossier, s.rules)
    if not found.trials:
        return message("no antidepressant trial is recorded")
    said = {
        Met.MET: message("the criterion of {n} failed adequate trials is met; {why}", n=NEEDED, why=found.why),
        Met.NOT_MET: message("the criterion of {n} failed adequate trials is not met; {why}", n=NEEDED, why=found.why),
        Met.CANNOT_TELL: message(
            "it cannot be told yet whether the criterion of {n} failed adequate trials is met; {why}",
            n=NEEDED,
            why=found.why,
        ),
    }
    return said[found.met]


def _plan(s: Summary, today: date) -> Message:
    planned, extra = s.course.planned_sessions, s.course.extra_sessions
    if s.ended or s.dossier.died:
        return message("The course of care here has ended.")
    if s.week_zero is None or s.week_zero > today:
        return message("Treatment has not begun yet.")
    if planned is None:
        return message("The therapy goes on; how many sessions are planned is not recorded.")
    left = planned - s.attended
    if left > 0:
        return plural(
            "The therapy goes on: {n} of {planned} planned sessions is still to come.",
            "The therapy goes on: {n} of {planned} planned sessions are still to come.",
            left,
            planned=planned,
        )
    more = left + (extra or 0)
    if more > 0:
        return message("All {n} planned sessions were held; up to {more} more may follow.", n=planned, more=more)
    return message("All {n} planned sessions were held.", n=planned)


def _next(d: Dossier, course: Course, today: date, clinic: Clinic) -> Message:
    found: list[Message | str] = []
    appointment = next_appointment(d, today)
    if appointment and appointment.next_date:
        time = message(" at {time}", time=appointment.next_time) if appointment.next_time else message("")
        found.append(message("appointment on {day}{time}", day=appointment.next_date, time=time))
    own = {course.id, *(f.id for f in d.follow_ups if f.course == course.id)}
    for ahead in sorted(coming(d, clinic=clinic), key=lambda c: c.day):
        if ahead.record in own and ahead.day >= today:
            review = ahead.what is DueKind.COURSE_REVIEW
            found.append(message("{what} on {day}", what=ahead.words, day=ahead.day) if review else ahead.words)
            break
    return listed(found) if found else message("no date is recorded yet")


__all__ = [
    "DEFAULT_LETTER",
    "PLACEHOLDERS",
    "WITH_RISK",
    "Letter",
    "Recipient",
    "address_of",
    "check_template",
    "fill",
]
