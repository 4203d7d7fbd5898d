"""What each form writes down, and what it refuses: the edit it yields, stored in a real file where that matters."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from trdtrack.domain.records import (
    Clinic,
    Course,
    DrugClass,
    EndReason,
    EventKind,
    Format,
    Known,
    Laterality,
    Modality,
    Presentation,
    Role,
    Severity,
    TrialOutcome,
)
from trdtrack.ui.entry.course import EndForm
from trdtrack.ui.entry.event import EventForm, FollowUpForm
from trdtrack.ui.entry.mistakes import EraseAsked, EraseForm, MergeAsked, MergeForm, MoveAsked, MoveForm
from trdtrack.ui.entry.treatment import TreatmentForm
from ui import formed
from ui.formed import (
    BENCHMARKS,
    CLINIC,
    COURSE,
    ELSEWHERE,
    EPISODE,
    FOLLOW_UP,
    LOOK,
    OTHER,
    PATIENT,
    RISK,
    SCORE,
    SESSION,
    TREATMENT,
    choose,
    put,
    refused,
    saved,
    shown,
    told,
)
from ui.hands import AT, TODAY, focus, settle

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from trdtrack.domain.edit import Edit
    from trdtrack.ui.entry.form import Form


def words(edit: Edit) -> tuple[str, list[tuple[str, str]]]:
    """An edit's title, and what it does to which kinds."""
    done = [("new" if s.before is None else "changed", s.record.kind) for s in edit.steps]
    return edit.title.text, done


# The patient


def test_a_new_patient_comes_with_a_course_from_the_template(qtbot: QtBot, tmp_path: Path) -> None:
    form = shown(formed.person(None), qtbot)
    assert form.slots["planned_sessions"].raw() == "12"
    put(form, code="N-1", name="Zoë", date_of_birth="3.4.1980", therapist="Dr Who", medication="sertraline 50 mg")
    put(form, presentation=["recurrent", "chronic"], start="2026-11-02")
    choose(form, "modality", "MBCT")
    choose(form, "format", "Group")
    edit = saved(form)
    assert words(edit) == ("Add patient", [("new", "patient"), ("new", "course")])
    read = formed.stored(edit, tmp_path)
    assert (read.patient.code, read.patient.name, read.patient.date_of_birth) == ("N-1", "Zoë", date(1980, 4, 3))
    (course,) = read.courses
    assert (course.modality, course.format) == (Modality.MBCT, Format.GROUP)
    assert course.presentation == (Presentation.RECURRENT, Presentation.CHRONIC)
    assert (course.start, course.therapist, course.medication) == (date(2026, 11, 2), "Dr Who", "sertraline 50 mg")
    assert (course.planned_sessions, course.extra_sessions, course.review_months) == (12, 6, (3, 6, 9, 12))
    assert (course.benchmark, course.benchmark_version) == (BENCHMARKS[0].name, BENCHMARKS[0].version)


def test_a_patient_without_a_code_is_refused_and_nothing_typed_is_lost(qtbot: QtBot) -> None:
    form = shown(formed.person(None), qtbot)
    put(form, name="Lena", medication="x")
    assert refused(form) == {"code": "A patient needs a code."}
    assert focus() is form.slots["code"].widget
    assert (form.slots["name"].raw(), form.slots["medication"].raw()) == ("Lena", "x")


def test_all_facts_of_a_patient_are_kept(qtbot: QtBot, tmp_path: Path) -> None:
    form = shown(formed.person(PATIENT), qtbot)
    put(form, gp="Dr Ay\n12 Mill Lane", referrer="Ward 3", prescriber="Dr Bee", consent_note="by phone")
    put(form, declined=True, closed="2026-11-19")
    choose(form, "consent", "Yes")
    choose(form, "bipolar", "No")
    edit = saved(form)
    assert words(edit) == ("Correct patient", [("changed", "patient")])
    after = formed.stored(edit, tmp_path, PATIENT).patient
    assert after == replace(
        PATIENT,
        gp="Dr Ay\n12 Mill Lane",
        referrer="Ward 3",
        prescriber="Dr Bee",
        consent=Known.YES,
        consent_note="by phone",
        bipolar=Known.NO,
        declined=True,
        closed=date(2026, 11, 19),
    )


def test_a_probable_double_is_told_once_and_then_kept(qtbot: QtBot) -> None:
    like = [OTHER]
    form = shown(formed.person(None, like), qtbot)
    put(form, code="N-1", name="Lena Berg", date_of_birth="1984-01-14")
    warning = "B-002, Berg, Lena has the same birth date and a like name. Save again to keep both."
    assert refused(form) == {"": warning}
    assert form.problem._tone == "risk"
    # Another double, found since, is told as well.
    like.append(replace(OTHER, id="p3", code="B-003"))
    assert refused(form)[""].startswith("B-003, Berg, Lena has the same birth date")
    assert saved(form).steps[0].record.code == "N-1"


def test_a_correction_tells_a_double_only_where_name_or_birth_change(qtbot: QtBot) -> None:
    form = shown(formed.person(PATIENT, [PATIENT, OTHER]), qtbot)
    put(form, notes="days")
    assert saved(form).steps[0].after.notes == "days"
    put(form, name="Lena B.")
    assert refused(form)[""].startswith("B-002, ")
    assert saved(form).steps[0].after.name == "Lena B."


def test_what_a_form_cannot_show_it_does_not_change(qtbot: QtBot) -> None:
    patient = replace(PATIENT, notes="a\r\nb\u2028c", bipolar=Known.UNSURE)
    form = shown(formed.person(patient), qtbot)
    put(form, name="Lena")
    assert saved(form).steps[0].after == replace(patient, name="Lena")
    course = replace(COURSE, benchmark="Gone", benchmark_version="0", start=None)
    form = shown(formed.course(course), qtbot)
    put(form, goals="to sleep")
    assert saved(form).steps[0].after == replace(course, goals="to sleep")


# The course


def test_course_and_episode_in_one_edit(qtbot: QtBot, tmp_path: Path) -> None:
    form = shown(formed.course(COURSE), qtbot)
    put(form, goals="to get out", extra_sessions="4", review_months="2, 4;8", **{"episode start": "1.3.2024"})
    choose(form, "severity", "Severe")
    choose(form, "psychotic", "No")
    assert "never taken from the PHQ-9" in form.slots["severity"].part._note.text()
    edit = saved(form)
    assert words(edit) == ("Correct course of care", [("changed", "course"), ("changed", "episode")])
    read = formed.stored(edit, tmp_path, PATIENT, COURSE, EPISODE)
    (course,) = read.courses
    assert (course.goals, course.extra_sessions, course.review_months) == ("to get out", 4, (2, 4, 8))
    choose(form, "benchmark", f"{BENCHMARKS[1].name}, version 99")
    assert saved(form).steps[0].after.benchmark_version == "99"
    assert read.episode is not None
    assert (read.episode.start, read.episode.severity) == (date(2024, 3, 1), Severity.SEVERE)
    assert read.episode.psychotic is Known.NO


def test_a_new_course_has_no_episode_unless_something_is_said_of_it(qtbot: QtBot) -> None:
    form = shown(formed.course(None, None), qtbot)
    put(form, therapist="Dr Who")
    assert words(saved(form)) == ("Add course of care", [("new", "course")])
    choose(form, "severity", "Mild")
    assert words(saved(form)) == ("Add course of care", [("new", "course"), ("new", "episode")])


@pytest.mark.parametrize(
    ("key", "raw", "sentence"),
    [
        ("end", "2020-01-01", "A course cannot end before it starts."),
        ("review_months", "3, 3", "Months are whole numbers from 1 to 60, each later than the one before."),
        ("review_months", "three", "Months are whole numbers from 1 to 60, each later than the one before."),
        ("extra_sessions", "x", "Further sessions are a whole number from 0 to 999."),
        ("start", "soon", "soon is not a date: write it as 2026-05-31."),
    ],
)
def test_a_wrong_course_is_told_beside_its_input(key: str, raw: str, sentence: str, qtbot: QtBot) -> None:
    form = shown(formed.course(COURSE), qtbot)
    put(form, **{key: raw})
    assert refused(form) == {key: sentence}


def test_another_baseline_is_chosen_with_a_reason(qtbot: QtBot) -> None:
    form = shown(formed.course(COURSE, scores=[SCORE]), qtbot)
    choose(form, "baseline", "16 on 13 Nov 2026")
    assert refused(form) == {"baseline_reason": "Choosing another baseline needs a reason."}
    put(form, baseline_reason="first one was typed wrong")
    assert saved(form).steps[0].after.baseline == SCORE.id


def end(course: Course = COURSE, clinic: Clinic = CLINIC) -> EndForm:
    return EndForm(course, dossier=formed.dossier(), clinic=clinic, at=AT)


def test_the_end_says_what_follows(qtbot: QtBot) -> None:
    form = shown(end(), qtbot)
    said = form.follows.text
    assert said() == (
        "End score: 16, of 13 Nov 2026. The outcome is fixed with it.\n\n"
        "Follow-ups are planned 1, 3, 6 and 12 months after the end."
    )
    put(form, end="2026-11-12")
    assert said().startswith("There is no score in the 28 days up to the end: the outcome has none.")
    put(form, end="nonsense")
    assert said() == "Give the day the course ended."
    choose(form, "end_reason", "Died")
    assert said().startswith("Every prompt, reminder and follow-up stops at once.")
    form = shown(end(clinic=Clinic(follow_up_months=(2,))), qtbot)
    assert form.follows.text().endswith("A follow-up is planned, months after the end: 2.")
    form = shown(end(clinic=Clinic(follow_up_months=())), qtbot)
    assert "ollow-up" not in form.follows.text()


def test_a_course_ends(qtbot: QtBot) -> None:
    form = shown(end(), qtbot)
    choose(form, "end_reason", "Completed")
    edit = saved(form)
    assert words(edit) == ("End course of care", [("changed", "course")])
    assert edit.steps[0].after == replace(COURSE, end=TODAY, end_reason=EndReason.COMPLETED)
    put(form, end="")
    assert refused(form) == {"end": "A course ends on a day."}


# Treatments


def treatment(known: Any = None) -> TreatmentForm:
    return TreatmentForm(known, patient_id="p1", at=AT)


def test_a_treatment_with_all_its_facts(qtbot: QtBot, tmp_path: Path) -> None:
    form = shown(treatment(), qtbot)
    put(form, drug="venlafaxine", dose="225 mg", start="2025-03-01", end="2025-07-01", note="sweating")
    for key, choice in (
        ("drug_class", "SNRI"),
        ("adequate", "Yes"),
        ("adherence", "Unsure"),
        ("outcome", "Partial response"),
        ("in_episode", "Yes"),
    ):
        choose(form, key, choice)
    edit = saved(form)
    assert words(edit) == ("Add treatment", [("new", "treatment")])
    (t,) = formed.stored(edit, tmp_path, PATIENT).treatments
    assert (t.role, t.drug, t.drug_class, t.dose) == (Role.ANTIDEPRESSANT, "venlafaxine", DrugClass.SNRI, "225 mg")
    assert (t.start, t.end, t.weeks, t.note) == (date(2025, 3, 1), date(2025, 7, 1), 17, "sweating")
    assert (t.adequate, t.adherence, t.in_episode) == (Known.YES, Known.UNSURE, Known.YES)
    assert (t.outcome, t.still_taken) == (TrialOutcome.PARTIAL, False)


def test_a_form_asks_only_what_belongs_to_the_role(qtbot: QtBot) -> None:
    form = shown(treatment(), qtbot)
    asked = lambda: {key for key, slot in form.slots.items() if slot.part.isVisible()}  # noqa: E731
    assert "laterality" not in asked()
    assert {"drug", "drug_class", "weeks"} <= asked()
    put(form, drug="lithium", drug_class="SSRI", weeks="5")
    choose(form, "role", "Augmentation")
    assert not {"drug_class", "laterality"} & asked()
    after = saved(form).steps[0].after
    assert (after.drug, after.drug_class, after.weeks) == ("lithium", DrugClass.NOT_RECORDED, 5)
    choose(form, "role", "ECT")
    assert not {"drug", "drug_class", "dose", "weeks", "adequate"} & asked()
    choose(form, "laterality", "Bilateral")
    after = saved(form).steps[0].after
    assert (after.role, after.drug, after.weeks, after.laterality) == (Role.ECT, "", None, Laterality.BILATERAL)


def test_weeks_are_proposed_until_they_are_typed(qtbot: QtBot) -> None:
    form = shown(treatment(), qtbot)
    weeks = form.slots["weeks"].raw
    put(form, start="2026-10-09")
    assert weeks() == ""
    put(form, still_taken=True)
    assert weeks() == "6"
    put(form, still_taken=False, end="2026-10-20")
    assert weeks() == "1"
    put(form, end="2026-10-01")
    assert weeks() == ""
    form.slots["weeks"].widget.setFocus()
    QTest.keyClicks(form.slots["weeks"].widget, "3")
    put(form, end="2026-11-20")
    assert weeks() == "3"
    # What is written down is not proposed over.
    form = shown(treatment(TREATMENT), qtbot)
    put(form, end="2026-11-20")
    assert form.slots["weeks"].raw() == "8"


def test_a_wrong_treatment_is_refused_beside_its_input(qtbot: QtBot) -> None:
    form = shown(treatment(), qtbot)
    assert refused(form) == {"drug": "A treatment needs the name of the drug."}
    put(form, drug="x", start="2026-01-02", end="2026-01-01")
    assert refused(form) == {"end": "A treatment cannot end before it begins."}
    put(form, end="2026-02-01", still_taken=True)
    assert refused(form) == {"end": "A treatment that is still taken has no end yet."}
    put(form, end="", weeks="many")
    assert refused(form) == {"weeks": "Weeks are a whole number from 0 to 2,600."}


# Events and follow-ups


def test_an_event(qtbot: QtBot, tmp_path: Path) -> None:
    form = shown(EventForm(None, patient_id="p1", at=AT), qtbot)
    assert focus() is form.slots["text"].widget
    assert refused(form) == {"text": "Say in a few words what happened."}
    put(form, text="lost her job", date="18.11.2026")
    choose(form, "what", "Admission")
    (event,) = formed.stored(saved(form), tmp_path, PATIENT).events
    assert (event.date, event.what, event.text) == (date(2026, 11, 18), EventKind.ADMISSION, "lost her job")
    put(form, date="")
    assert refused(form) == {"date": "An event needs its day."}


def test_a_follow_up_is_planned_and_done(qtbot: QtBot, tmp_path: Path) -> None:
    form = shown(FollowUpForm(None, course=COURSE, at=AT), qtbot)
    assert refused(form) == {"due": "A follow-up needs the day it is due."}
    put(form, due="2027-01-20")
    planned = saved(form)
    assert words(planned) == ("Plan follow-up", [("new", "follow_up")])
    form = shown(FollowUpForm(FOLLOW_UP, course=COURSE, at=AT), qtbot)
    put(form, done="2026-11-20", note="by phone")
    after = saved(form).steps[0].after
    assert (after.done, after.note, after.due) == (TODAY, "by phone", FOLLOW_UP.due)


# Risk


def look(form: Form) -> None:
    put(form, asked="thoughts, plans, means", found="fleeting thoughts", plan="call on Monday", told="GP")
    put(form, again="2026-11-27")


def test_a_record_is_opened_with_its_review(qtbot: QtBot, tmp_path: Path) -> None:
    form = shown(formed.risk(None, asking=2), qtbot)
    assert form.asks.text() == "Item 9 answered 2: new."
    look(form)
    edit = saved(form)
    assert words(edit) == ("Open risk record", [("new", "risk"), ("new", "risk_review")])
    read = formed.stored(edit, tmp_path, PATIENT)
    (record,), (review,) = read.risks, read.reviews
    assert (record.opened, record.assessment, record.closed) == (TODAY, None, None)
    assert (review.risk, review.date, review.item9, review.again) == (record.id, TODAY, 2, date(2026, 11, 27))
    assert (review.asked, review.found) == ("thoughts, plans, means", "fleeting thoughts")
    assert (review.plan, review.told) == ("call on Monday", "GP")


def test_a_review_says_what_was_asked_and_found(qtbot: QtBot) -> None:
    form = shown(formed.risk(None), qtbot)
    assert refused(form) == {"asked": "Write down what was asked."}
    put(form, asked="x")
    assert refused(form) == {"found": "Write down what was found."}
    put(form, found="y", again="2026-11-19")
    assert refused(form) == {"again": "The day to look again cannot be before this one."}
    put(form, again="", date="")
    assert refused(form) == {"date": "A review of risk needs its day."}


def test_a_record_is_closed_with_a_note_and_not_without(qtbot: QtBot) -> None:
    form = shown(formed.risk(RISK), qtbot)
    assert not form.slots["closing_note"].part.isVisible()
    put(form, closed=True)
    assert form.slots["closing_note"].part.isVisible()
    assert refused(form) == {"closing_note": "Closing a risk record needs a note."}
    put(form, closing_note="settled since March")
    edit = saved(form)
    assert words(edit) == ("Close risk record", [("changed", "risk")])
    assert edit.steps[0].after == replace(RISK, closed=TODAY, closing_note="settled since March")
    look(form)
    assert words(saved(form)) == ("Close risk record", [("changed", "risk"), ("new", "risk_review")])


def test_a_review_is_corrected_and_a_closed_record_opened_again(qtbot: QtBot) -> None:
    form = shown(formed.risk(RISK, LOOK), qtbot)
    put(form, found="thoughts, no plan")
    edit = saved(form)
    assert words(edit) == ("Correct risk review", [("changed", "risk_review")])
    assert edit.steps[0].after == replace(LOOK, found="thoughts, no plan")
    closed = replace(RISK, closed=TODAY, closing_note="settled")
    form = shown(formed.risk(closed), qtbot)
    put(form, closed=False)
    assert saved(form).steps[0].after == replace(closed, closed=None)


def test_the_words_about_risk_are_the_clinics_own(qtbot: QtBot) -> None:
    form = shown(formed.risk(None), qtbot)
    said = [label.text() for label in form.findChildren(QLabel) if label.isVisible()]
    assert any(text.startswith("Ask calmly and directly.") for text in said)
    assert {"Crisis line 116 123", "The program records; it does not rate risk."} <= set(said)
    own = formed.log(clinic=Clinic(risk_prompt="Ask as we agreed in March."))
    shown(own, qtbot)
    own.answers[8].set_value(3)
    settle()
    QTest.mouseClick(own.risk.prompt.unfold, Qt.MouseButton.LeftButton)
    said = [label.text() for label in own.risk.findChildren(QLabel) if label.isVisible()]
    assert "Ask as we agreed in March." in said
    assert not any(text.startswith("Ask calmly") for text in said)


# What went to the wrong place


def test_a_session_is_moved_by_typing_a_few_letters(qtbot: QtBot) -> None:
    form = MoveForm(SESSION, dossier=formed.dossier(), choices=[(PATIENT, COURSE), (OTHER, ELSEWHERE)], at=AT)
    shown(form, qtbot)
    assert refused(form) == {"course": "Choose the course it belongs to."}
    QTest.keyClicks(focus(), "b-0 mbct")
    put(form, why="typed under the wrong name")
    assert saved(form) == MoveAsked(ELSEWHERE, with_scores=True, why="typed under the wrong name")
    put(form, with_scores=False)
    assert saved(form).with_scores is False
    alone = MoveForm(SCORE, dossier=formed.dossier(), choices=[(OTHER, ELSEWHERE)], at=AT)
    assert "with_scores" not in shown(alone, qtbot).slots


def test_a_list_is_gone_through_by_the_arrow_keys(qtbot: QtBot) -> None:
    others = [replace(OTHER, id=f"x{n}", code=f"X-{n:03}") for n in range(500)]
    form = shown(MergeForm(PATIENT, choices=[PATIENT, *others], at=AT), qtbot)
    pick: Any = form.slots["patient"]
    assert pick.found.count() == 200
    assert pick.more.text() == "300 more: type more of it"
    QTest.keyClicks(pick.line, "x-49")
    assert pick.found.count() == 10
    assert not pick.more.isVisible()
    QTest.keyClick(pick.line, Qt.Key.Key_Down)
    QTest.keyClick(pick.line, Qt.Key.Key_Down)
    assert saved(form) == MergeAsked(others[492], why="")
    QTest.keyClicks(pick.line, "zzz")
    assert pick.more.text() == "None found"
    assert refused(form) == {"patient": "Choose the record that stays."}


def test_erasing_needs_the_code_typed(qtbot: QtBot) -> None:
    form = shown(EraseForm(PATIENT, what=[("sessions", 16)], copies=[Path("/b/old.trdtrack")], at=AT), qtbot)
    assert form.save_button.text() == "Erase for good"
    seen = [label.text() for label in form.findChildren(QLabel)]
    assert "Sessions: 16" in seen
    assert any("old.trdtrack" in text for text in seen)
    for wrong in ("", "A-01", "a-014", "A-014 x"):
        put(form, code=wrong)
        assert refused(form) == {"code": "Type A-014 exactly as it stands."}
    put(form, code="A-014")
    assert saved(form) == EraseAsked(replace_copies=True)
    put(form, replace_copies=False)
    assert saved(form) == EraseAsked(replace_copies=False)
    without = shown(EraseForm(PATIENT, what=[], copies=[], at=AT), qtbot)
    put(without, code="A-014")
    assert saved(without) == EraseAsked(replace_copies=False)
    assert told(without) == {}
