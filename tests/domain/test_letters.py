"""A letter's template filled from the summary: its figures, what is not recorded in words, no bracket left over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from domain.making import AT, COURSE, PATIENT, START, asked, day, score, summary, weekly
from trdtrack.caseload import Caseload
from trdtrack.domain.dossier import Dossier
from trdtrack.domain.edit import added, altered, sent, withdrawn
from trdtrack.domain.ending import outcome_at_end
from trdtrack.domain.letter_template import DEFAULT_PARAGRAPHS
from trdtrack.domain.letters import DEFAULT_LETTER, PLACEHOLDERS, WITH_RISK, address_of, fill
from trdtrack.domain.merging import every_record, merged
from trdtrack.domain.message import message
from trdtrack.domain.phq9 import band
from trdtrack.domain.records import (
    Attendance,
    Clinic,
    Course,
    FollowUp,
    Letter,
    Patient,
    Recipient,
    RiskRecord,
    RiskReview,
    Rules,
    Session,
    Treatment,
)
from trdtrack.domain.refusals import Refusal
from trdtrack.domain.summary import Summary, summarise
from trdtrack.evidence import default_benchmark
from trdtrack.words import day as said_day
from trdtrack.words import say

if TYPE_CHECKING:
    from pathlib import Path

LENA = replace(PATIENT, name="Lena Berg", date_of_birth=date(1984, 1, 14), gp=" Dr A. Green\nElm Surgery\n")
CARE = replace(COURSE, modality="CBT", format="individual", therapist="Dr K. Møller", planned_sessions=12)


def told(s: Summary, template: str = "", *, risk: bool = True, to: Recipient = Recipient.GP, **more) -> str:
    """A letter's text, checked for what no letter may hold."""
    clinic = more.pop("clinic", Clinic())
    text = say(fill(template, s, to=to, risk=risk, today=more.pop("today", s.today), clinic=clinic, **more))
    for name in PLACEHOLDERS:
        assert f"{{{name}}}" not in text
    assert "None" not in text
    return text


def one(s: Summary, name: str, **more) -> str:
    """What one placeholder says."""
    return told(s, f"{{{name}}}", **more)


def held(number: int, attendance: Attendance = Attendance.ATTENDED, **fields) -> Session:
    return Session(patient="p", course="c", date=day(number), attendance=attendance, entered=AT, **fields)


def sat(*days: int) -> tuple[Session, ...]:
    return tuple(held(number) for number in days)


def ended(s: Summary, reason: str = "completed", on: int | None = None) -> Summary:
    """The same course ended on the day of its last score, its outcome fixed."""
    last = max(a.date for a in s.dossier.assessments) if on is None else day(on)
    care = replace(s.course, end=last, end_reason=reason)
    records = [r for r in every_record(s.dossier) if r.id != care.id]
    fixed = outcome_at_end(Dossier.of(s.patient, [care, *records]), care, s.rules, None)
    dossier = Dossier.of(s.patient, [care, *records, *([fixed] if fixed else [])])
    return summarise(dossier, care, benchmark=default_benchmark(), rules=s.rules, today=max(s.today, last))


def test_the_figures_are_the_summarys() -> None:
    sessions = (*sat(0, 7, 14), held(21, Attendance.LATE_CANCEL), held(28, Attendance.DID_NOT_ATTEND))
    s = summary(weekly(19, 18, 16, 13, 12), patient=LENA, course=CARE, sessions=sessions)
    text = told(s)
    assert s.baseline
    assert s.latest
    base, latest = s.baseline.point, s.latest
    assert f"At the start the score was {base.total} on {said_day(base.date)} ({say(band(base.total).name)})" in text
    assert f"the latest is {latest.total} on {said_day(latest.date)} ({say(s.severity)})" in text
    assert f"That is {-s.change} points lower ({int(abs(s.percent_change))}%): a reliable improvement (6 points" in text
    assert f"Sessions: {s.attended} attended of 12 planned, 1 cancelled late, 1 not attended." in text
    assert "individual cognitive behavioural therapy (CBT) since 1 Jan 2024, now in week 4" in text
    assert "still at 10 or more, the threshold of caseness. The fall is past what people call worthwhile" in text
    assert "9 of 12 planned sessions are still to come" in text
    assert text.startswith("Dear Dr A. Green,\n\nI am the therapist of Lena Berg and")
    assert text.endswith("Yours sincerely,\n\n\n\nDr K. Møller")
    assert say(s.sentence) == one(s, "sentence")


@pytest.mark.parametrize(
    ("totals", "change", "enough"),
    [
        ((20, 20), "no change: less than the 6 points", "still at 10"),
        (
            (20, 15),
            "5 points lower (25%): less than the 6 points",
            "people in general call worthwhile (21%), but short",
        ),
        ((20, 19), "1 point lower (5%): less", "short of what people in general call worthwhile (21%)."),
        ((18, 24), "6 points higher (33%): a reliable deterioration (6", "still at 10"),
        ((20, 4), "16 points lower (80%): a reliable improvement", "range of remission (below 5)"),
        ((20, 9), "11 points lower (55%): a reliable improvement", "now below 10"),
        ((8, 7), "1 point lower (12%): less", "is below 10, the threshold of caseness, as it was"),
        ((0, 3), "3 points higher: less", "range of remission"),
        ((25, 17), "8 points lower (32%): a reliable", "in long-lasting depression (32%)"),
    ],
)
def test_whether_it_is_real_and_enough(totals: tuple[int, int], change: str, enough: str) -> None:
    s = summary([score(0, totals[0]), score(42, totals[1])])
    assert change in one(s, "change")
    assert enough in one(s, "enough")


def test_the_clinics_rule_is_the_letters() -> None:
    s = summary([score(0, 20), score(42, 13)], rules=Rules(reliable_change=8))
    assert "7 points lower (35%): less than the 8 points" in one(s, "change")


@pytest.mark.parametrize(
    ("s", "change"),
    [
        (summary([]), "Without a score at the start no change can be stated."),
        (summary([score(0, 19)]), "There is no later score yet"),
        (summary([score(60, 15)]), "Without a score at the start"),
        (ended(summary([score(0, 19), score(14, 12)]), on=90), "There is no score from the course's last 28 days"),
    ],
    ids=["nothing", "one score", "no baseline", "no end score"],
)
def test_no_change_is_made_up(s: Summary, change: str) -> None:
    assert change in one(s, "change")
    assert "%" not in one(s, "change")
    assert one(s, "enough") == "Whether it is enough cannot be told yet."
    assert "not recorded" in told(s)


def test_what_is_not_recorded_is_said_in_words() -> None:
    s = summary([], patient=Patient(id="p", code="A-1"), course=Course(id="c", patient="p"))
    assert one(s, "baseline") == one(s, "latest") == one(s, "medication") == "not recorded"
    assert one(s, "born") == "on a day not recorded"
    assert one(s, "week_zero") == "a day not recorded"
    assert one(s, "therapist") == "Therapist: not recorded"
    assert one(s, "patient") == "a patient whose name is not recorded here"
    assert one(s, "sessions") == "none recorded yet"
    assert one(s, "course") == "psychotherapy, not begun yet"
    assert one(s, "resistance") == "no antidepressant trial is recorded"
    assert one(s, "next") == "no date is recorded yet"
    assert one(s, "plan") == "Treatment has not begun yet."
    assert told(s).startswith("Dear colleague,")
    for name in PLACEHOLDERS:
        assert one(s, name).strip(), name


def test_a_prorated_total_is_named() -> None:
    s = summary([score(0, 20), asked(42, 1, 1, 1, 1, 1, 1, 1, 1, None)])
    assert s.prorated
    assert "A total it rests on is prorated" in one(s, "change")
    assert "prorated" not in one(summary([score(0, 20), score(42, 9)]), "change")


def test_an_ended_course_rests_on_its_outcome() -> None:
    s = ended(summary([score(0, 21), score(70, 7), score(100, 17)], course=CARE, sessions=sat(0, 70), today=110), on=70)
    assert s.outcome
    assert (s.outcome.baseline, s.outcome.total) == (21, 7)
    assert (
        one(s, "course") == "individual cognitive behavioural therapy (CBT) from 1 Jan 2024 to 11 Mar 2024 (completed)"
    )
    assert one(s, "latest") == "7 on 11 Mar 2024 (mild)"
    assert "14 points lower (66%)" in one(s, "change")
    assert "Since the end it was 17 on 10 Apr 2024: possible relapse." in one(s, "enough")
    assert one(s, "plan") == "The course of care here has ended."
    # A stricter rule set since does not change what was fixed.
    later = replace(s, rules=Rules(reliable_change=8))
    assert "reliable improvement (6 points or more)" in one(later, "change")


def test_what_comes_next() -> None:
    sessions = (held(0), held(7, next_date=day(14), next_time="14:30"))
    s = summary(weekly(19, 18), course=CARE, sessions=sessions)
    assert one(s, "next") == "appointment on 15 Jan 2024 at 14:30, review of the course at 3 months on 1 Apr 2024"
    assert one(s, "next", clinic=Clinic(review_months=(2,))).endswith("at 2 months on 1 Mar 2024")
    done = ended(summary(weekly(19, 9), sessions=sat(0), more=(FollowUp(patient="p", course="c", due=day(60)),)))
    assert one(done, "next") == "follow-up of 1 Mar 2024"
    assert one(done, "next", today=day(61)) == "no date is recorded yet"


@pytest.mark.parametrize(
    ("planned", "extra", "attended", "said"),
    [
        (12, 6, 11, "1 of 12 planned sessions is still to come."),
        (2, 6, 4, "All 2 planned sessions were held; up to 4 more may follow."),
        (2, None, 2, "All 2 planned sessions were held."),
        (2, 1, 5, "All 2 planned sessions were held."),
        (None, None, 1, "how many sessions are planned is not recorded"),
    ],
)
def test_what_is_planned(planned: int | None, extra: int | None, attended: int, said: str) -> None:
    care = replace(COURSE, planned_sessions=planned, extra_sessions=extra)
    assert said in one(summary([score(0, 19)], course=care, sessions=sat(*range(attended)), today=20), "plan")


RISK = RiskRecord(id="r", patient="p", opened=day(1), entered=AT)
LOOK = RiskReview(
    patient="p",
    risk="r",
    date=day(2),
    item9=1,
    asked="Plans,\nmeans.",
    found="Passive thoughts {x}.",
    plan="Card in purse",
    told="GP",
    again=day(9),
    entered=AT,
)


def test_the_risk_reviews_are_told_and_never_as_no_risk() -> None:
    answers = asked(1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
    s = summary([score(0, 19), answers], more=(RISK, LOOK))
    said = one(s, "risk")
    assert "A risk record has been open since 2 Jan 2024. Latest review on 3 Jan 2024." in said
    assert "Asked: Plans, means. Found: Passive thoughts {x}. Plan: Card in purse. Told: GP." in said
    assert "To be looked at again on 10 Jan 2024. PHQ-9 of 2 Jan 2024: item 9 answered 1." in said
    assert ".." not in said
    unseen = summary([answers], more=(RISK,))
    assert "It has not been reviewed yet." in one(unseen, "risk")
    assert "The answer of 2 Jan 2024 to item 9 is still to be reviewed." in one(unseen, "risk")
    closed = replace(RISK, closed=day(20), closing_note="Two months without thoughts.")
    gone = one(summary([asked(30, *[0] * 9)], more=(closed, LOOK)), "risk")
    assert "opened on 2 Jan 2024 and closed on 21 Jan 2024: Two months without thoughts. Latest review" in gone
    assert "An answer of 0 is an answer to this one question; it does not replace asking." in gone
    none = one(summary([score(0, 19)]), "risk")
    assert "No risk record has been opened here. PHQ-9 of 1 Jan 2024: item 9 unknown: total only." in none
    assert one(summary([]), "risk").endswith("No risk record has been opened here. There is no PHQ-9 yet.")
    for text in (said, gone, none, one(unseen, "risk")):
        assert "no risk " not in text.lower().replace("no risk record", "")
        assert "it is not a rating of the risk" in text


def test_without_the_tick_the_paragraph_goes_whole() -> None:
    s = summary([score(0, 19)], more=(RISK, LOOK))
    without = told(s, risk=False)
    assert "isk" not in without.replace("risk tool", "")
    assert "\n\n\n\n\n" not in without
    assert told(s, "A {code}\n\nB {risk} C\n\nD", risk=False) == "A TRD-1\n\nD"
    assert frozenset({Recipient.GP}) == WITH_RISK


def test_a_patients_words_in_brackets_are_no_placeholders() -> None:
    braces = replace(LENA, name="{code} {0} {", gp="{sentence}\nx")
    care = replace(CARE, therapist="{risk}", medication="{nothing} }")
    s = summary([score(0, 19)], patient=braces, course=care)
    template = "Dear {recipient}: {patient}; {medication}; {therapist}"
    words = fill(template, s, to=Recipient.GP, risk=False, today=s.today, clinic=Clinic())
    assert say(words) == "Dear {sentence}: {code} {0} {; {nothing} }; {risk}"


def test_the_address_is_the_recipients() -> None:
    everybody = replace(LENA, prescriber="Dr Blue", referrer="")
    assert [address_of(everybody, to) for to in Recipient] == ["Dr A. Green\nElm Surgery", "Dr Blue", "", ""]
    s = summary([score(0, 19)], patient=everybody)
    assert one(s, "recipient", to=Recipient.PRESCRIBER) == "Dr Blue"
    assert one(s, "recipient", to=Recipient.OTHER) == "colleague"
    assert one(s, "recipient", to=Recipient.OTHER, address="\n Ms Red \nB") == "Ms Red"


def test_medication_and_resistance() -> None:
    yes = dict.fromkeys(("adequate", "adherence", "in_episode"), "yes")
    drugs = [
        Treatment(id=drug, patient="p", drug=drug, weeks=8, outcome="no response", **yes)
        for drug in ("sertraline", "venlafaxine")
    ]
    lithium = Treatment(patient="p", drug="lithium", dose="600 mg", role="augmentation", still_taken=True)
    s = summary([score(0, 19)], more=(*drugs, lithium))
    assert one(s, "medication") == "lithium 600 mg"
    assert one(s, "resistance") == (
        "the criterion of 2 failed adequate trials is met; 2 failed antidepressant trials count "
        "(sertraline, venlafaxine)"
    )
    less = summary([score(0, 19)], more=(drugs[0],))
    assert "is not met; 1 failed antidepressant trial counts" in one(less, "resistance")
    unsure = summary([score(0, 19)], more=(drugs[0], replace(drugs[1], id="u", adequate="unsure")))
    assert one(unsure, "resistance").startswith("it cannot be told yet whether the criterion of 2")


def test_the_programs_own_letter_is_a_template_like_any() -> None:
    s = summary(weekly(19, 18), patient=LENA, course=CARE)
    assert told(s, DEFAULT_LETTER) == told(s) == told(s, "  \n")
    assert Clinic(letter=DEFAULT_LETTER).letter.count("\n\n") == len(DEFAULT_PARAGRAPHS) - 1
    for name in ("risk", "caveat", "medication", "baseline", "latest", "change", "sessions", "therapist", "next"):
        assert f"{{{name}}}" in DEFAULT_LETTER
    assert "improve too" in told(s)
    assert "modest on average" in told(s)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("Dear {doctor}", "{doctor} is no placeholder"),
        ("{Patient}", "{Patient} is no placeholder"),
        ("{}", "{} is no placeholder"),
        ("{patient!r}", "{patient!r} is no placeholder"),
        ("{patient.__class__}", "{patient.__class__} is no placeholder"),
        ("a } b", "bracket stands alone"),
        ("{{patient}}", "bracket stands alone"),
        ("{patient", "bracket stands alone"),
    ],
)
def test_an_unknown_placeholder_is_refused_by_name(template: str, said: str) -> None:
    with pytest.raises(Refusal) as caught:
        Clinic(letter=template)
    assert said in say(caught.value.what)
    assert caught.value.field == "letter"
    with pytest.raises(Refusal):
        told(summary([]), template)


# The record

LETTER = Letter(id="l", patient="p", course="c", date=START, text="Dear Dr A,", entered=AT)


def test_a_letter_checks_itself() -> None:
    assert LETTER.to is Recipient.GP
    with pytest.raises(Refusal, match="needs its text"):
        replace(LETTER, text=" \n")
    with pytest.raises(ValueError, match="time zone"):
        replace(LETTER, sent=datetime(2026, 1, 1))  # noqa: DTZ001
    assert "Dr A" not in repr(LETTER)


def test_sent_it_stays_as_it_is(tmp_path: Path) -> None:
    caseload = Caseload.create(tmp_path / "x.trdtrack", "seven dry tulips", who="test")
    caseload.edit(added(message("Add"), PATIENT, COURSE, LETTER), at=AT)
    other = replace(LETTER, text="Dear Dr B,")
    caseload.edit(altered(message("Correct letter"), LETTER, other), at=AT)
    at = datetime(2026, 11, 23, 8, tzinfo=UTC)
    caseload.edit(sent(other, at), at=at)
    gone = replace(other, sent=at)
    assert caseload.dossier("p").letters == (gone,)
    for change in ({"text": "x"}, {"address": "x"}, {"date": day(1)}, {"to": Recipient.OTHER}, {"risk": True}):
        with pytest.raises(Refusal, match="stays as it is"):
            caseload.edit(altered(message("Correct letter"), gone, replace(gone, **change)), at=at)
    caseload.edit(withdrawn(gone, "wrong patient"), at=at)
    assert caseload.dossier("p").letters == ()
    caseload.undo(at=at)
    assert caseload.dossier("p").letters == (gone,)
    assert dict(caseload.shows("p"))[message("letters")] == 1
    caseload.erase("p", at=at)
    assert caseload.records("letter") == []
    caseload.close()


def test_a_letter_goes_along_when_two_records_become_one() -> None:
    winner = Dossier.of(Patient(id="w", code="W"), [Course(id="cw", patient="w", start=START)])
    loser = Dossier.of(PATIENT, [COURSE, LETTER])
    moved = [step.after for step in merged(loser, winner, why="").steps if step.record.kind == "letter"]
    assert moved == [replace(LETTER, patient="w", course="cw")]
