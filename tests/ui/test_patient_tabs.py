"""The patient page's tabs show what the record holds, and every kind of record is corrected, withdrawn, restored."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from trdtrack.domain.edit import added, altered, withdrawn
from trdtrack.domain.message import message
from trdtrack.domain.records import (
    Assessment,
    Course,
    DrugClass,
    EndReason,
    Episode,
    Event,
    EventKind,
    FollowUp,
    Known,
    Modality,
    Patient,
    RiskRecord,
    RiskReview,
    Severity,
    Treatment,
    TrialOutcome,
)
from ui.hands import AT, TODAY, Person, cells, dump, settle

if TYPE_CHECKING:
    from trdtrack.domain.records import Record

YES = Known.YES


def write(person: Person, *records: Record) -> None:
    assert person.place.desk.edit(added(message("Add"), *records))
    settle()


def trial(patient: str, drug: str, kind: DrugClass, **more: object) -> Treatment:
    facts = {"adequate": YES, "weeks": 8, "adherence": YES, "outcome": TrialOutcome.NO_RESPONSE, "in_episode": YES}
    return Treatment(patient=patient, drug=drug, drug_class=kind, **{**facts, **more})  # type: ignore[arg-type]


@pytest.fixture
def shown(demo: Person) -> Person:
    demo.show_patient("DEMO-003")
    return demo


def of(person: Person) -> str:
    assert person.place.patient_page.patient_id is not None
    return person.place.patient_page.patient_id


def test_the_treatment_tab_gives_the_verdict_and_the_staging_point_by_point(demo: Person) -> None:
    demo.show_patient("DEMO-018")
    shown, patient, page = demo, of(demo), demo.place.patient_page
    page.tabs.setCurrentWidget(page.treatment)
    assert "Criterion of treatment resistance: not met" in page.treatment.reading.text
    write(
        shown,
        Episode(patient=patient, start=date(2025, 3, 1), severity=Severity.MODERATE, entered=AT),
        trial(patient, "citalopram", DrugClass.SSRI),
        trial(patient, "venlafaxine", DrugClass.SNRI, outcome=TrialOutcome.PARTIAL),
        trial(patient, "mirtazapine", DrugClass.OTHER, adequate=Known.UNSURE),
    )
    verdicts = {row["Treatment"]: row["Criterion"] for row in cells(page.treatment.table)}
    assert verdicts == {"citalopram": "counts", "venlafaxine": "counts", "mirtazapine": "possible"}
    text = page.treatment.reading.text
    assert "Criterion of treatment resistance: met" in text
    write(shown, trial(patient, "lithium", DrugClass.OTHER, start=date(2025, 7, 1), end=date(2026, 1, 31)))
    assert cells(page.treatment.table)[0]["Taken"] == "July 2025 – Jan 2026"
    # 20 months 2, moderate 3, two drugs 1, no augmentation, no ECT.
    assert "Maudsley Staging Method: 6 of 15: mild" in text
    severity = "Severity, as the clinician rates it: 3: "
    for points in ("Duration: 2: ", severity, "Antidepressants failed: 1: ", "ECT: 0: "):
        assert points in text
    assert "Thase-Rush: stage II" in text
    assert "Psychotherapy is not proposed: a course of psychotherapy is open." in text
    assert "CBASP: fits this presentation" in text
    assert "MBCT: fits this presentation" not in text


def test_what_is_taken_now_is_said_in_the_head_and_beside_the_chart(shown: Person) -> None:
    assert shown.sees("CBT with sertraline 150 mg")
    write(shown, Treatment(patient=of(shown), drug="lithium", dose="600 mg", still_taken=True))
    assert shown.sees("CBT with lithium 600 mg")
    assert shown.sees("Current medication")


def test_the_risk_tab_holds_every_look(shown: Person) -> None:
    patient, page = of(shown), shown.place.patient_page
    assert page.dossier is not None
    record = next((r for r in page.dossier.risks if r.closed is None), None) or RiskRecord(
        patient=patient, opened=TODAY - timedelta(days=9), entered=AT
    )
    if record not in page.dossier.risks:
        write(shown, record)
    write(
        shown,
        RiskReview(
            patient=patient,
            risk=record.id,
            date=TODAY,
            item9=1,
            asked="thoughts, plans, means",
            found="passive thoughts",
            plan="crisis card",
            told="GP",
            again=TODAY + timedelta(days=7),
            entered=AT,
        ),
    )
    page.tabs.setCurrentWidget(page.risk)
    row = cells(page.risk.table)[0]
    assert (row["Closed"], row["Last looked at"], row["Look again"]) == ("■ open", "20 Nov 2026", "27 Nov 2026")
    for words in ("Asked: thoughts, plans, means", "Found: passive thoughts", "Plan: crisis card", "Told: GP"):
        assert words in page.risk.reading.text
    assert page.now.risk.isVisible()
    assert not page.now.risk_button.isVisible(), "reviewed, and not yet the day to look again"
    assert "look again on 27 Nov 2026" in page.now.risk_words.text()


def test_an_answer_that_waits_stands_first_and_one_press_answers_it(demo: Person) -> None:
    demo.show_patient("DEMO-007")
    page = demo.place.patient_page
    assert "to be answered" in page.now.risk_words.text()
    demo.click("Answer it")
    assert demo.place.form is not None
    for key, words in (("asked", "thoughts and plans"), ("found", "none of them acute")):
        demo.field(key).setPlainText(words)
    demo.press("Ctrl+Enter")
    settle()
    assert demo.place.form is None
    assert "to be answered" not in page.now.risk_words.text()
    assert page.now.risk.isVisible(), "it stays until it is closed"
    demo.press("Ctrl+Z")
    assert "to be answered" in page.now.risk_words.text()


def test_the_course_tab_holds_goals_reviews_and_the_end(demo: Person) -> None:
    demo.show_patient("DEMO-030")
    page = demo.place.patient_page
    course = page.course
    assert course is not None
    assert course.end is not None
    after = replace(course, goals="To sleep through.\nTo work again.", end_reason=EndReason.COMPLETED)
    demo.place.desk.edit(altered(message("Correct course"), course, after))
    due = course.end + timedelta(days=40)
    write(demo, FollowUp(patient=course.patient, course=course.id, due=due))
    page.tabs.setCurrentWidget(page.course_tab)
    text = page.course_tab.reading.text
    assert "To sleep through.\nTo work again." in text
    assert "Reason: Completed" in text
    assert "Outcome at the end: PHQ-9 7 on" in text
    assert "−14 since the baseline of 21; a change counts as reliable from 6 points" in text
    # The first of the four planned was kept by the score a month later; the one added is overdue.
    done = [row["Done on"] for row in cells(page.course_tab.table)]
    assert (done[0], done[1], len(done)) == ("22 Oct 2026", "overdue", 5)
    assert page.head.log_button.text().strip() == "Log follow-up"


def test_another_course_can_be_looked_at(demo: Person) -> None:
    demo.show_patient("DEMO-030")
    page = demo.place.patient_page
    assert not page.head.courses.isVisible()
    old = page.course
    assert old is not None
    start = TODAY - timedelta(days=3)
    write(demo, Course(patient=of(demo), modality=Modality.MBCT, start=start))
    names = [page.head.courses.itemText(n) for n in range(page.head.courses.count())]
    assert names == ["MBCT, since 17 Nov 2026", f"CBT, {old.end.year if old.end else ''}, ended: completed"]
    # A score of the old course from the 28 days before is the new one's baseline.
    assert [row["Change"] for row in cells(page.scores.table)] == ["baseline"]
    page.head.courses.setCurrentIndex(1)
    page.head.courses.activated.emit(1)
    settle()
    assert len(cells(page.scores.table)) == 13
    assert page.course == old


def test_possible_relapse_is_said_beside_the_chart(demo: Person) -> None:
    demo.show_patient("DEMO-030")
    course = demo.place.patient_page.course
    assert course is not None
    later = TODAY - timedelta(days=2)
    write(demo, Assessment(patient=course.patient, course=course.id, date=later, total=15, entered=AT))
    assert demo.sees("Possible relapse: PHQ-9 15 on 18 Nov 2026, +8 since the end")


def test_events_are_added_corrected_withdrawn_and_restored(demo: Person) -> None:
    demo.show_patient("DEMO-018")
    shown, page = demo, demo.place.patient_page
    page.tabs.setCurrentWidget(page.events)
    before = dump(shown.caseload)
    shown.click("Add event")
    shown.field("text").setPlainText("Lost the job")
    shown.press("Ctrl+Enter")
    settle()
    assert cells(page.events.table)[0].items() >= {"Kind": "life event", "What happened": "Lost the job"}.items()
    page.events.table.setFocus()
    shown.press("Enter")
    settle()
    shown.field("text").setPlainText("Lost the job at the mill")
    shown.press("Ctrl+Enter")
    settle()
    assert cells(page.events.table)[0]["What happened"] == "Lost the job at the mill"
    page.events.table.setFocus()
    shown.answers.ready("ask", "another patient's")
    shown.press("Del")
    settle()
    assert cells(page.events.table) == []
    page.events.all.setChecked(True)
    settle()
    assert cells(page.events.table)[0]["Withdrawn"] == "another patient's"
    shown.click("Restore")
    assert cells(page.events.table)[0]["Withdrawn"] == ""
    shown.press("Ctrl+Z", "Ctrl+Z", "Ctrl+Z", "Ctrl+Z")
    assert dump(shown.caseload) == before


def test_withdrawn_scores_are_shown_only_when_asked_for(shown: Person) -> None:
    page = shown.place.patient_page
    before = cells(page.scores.table)
    assert not page.scores.all.isVisible()
    page.scores.table.setFocus()
    shown.answers.ready("ask", "typed twice")
    shown.press("Del")
    settle()
    assert len(cells(page.scores.table)) == len(before) - 1
    page.scores.all.setChecked(True)
    settle()
    gone = cells(page.scores.table)[-1]
    assert (gone["Total"], gone["Withdrawn"]) == (before[0]["Total"], "typed twice")
    page.scores.table.selectRow(len(before) - 1)
    shown.press("Del")
    settle()
    assert cells(page.scores.table) == before


def test_sessions_are_found_by_any_word(shown: Person) -> None:
    page = shown.place.patient_page
    page.tabs.setCurrentWidget(page.sessions)
    every = cells(page.sessions.table)
    page.sessions.filter.setText("did not")
    assert [row["Attendance"] for row in cells(page.sessions.table)] == ["did not attend"]
    page.sessions.filter.setText("nothing of the kind")
    assert cells(page.sessions.table) == []
    page.sessions.filter.clear()
    assert cells(page.sessions.table) == every


def test_a_lost_baseline_is_said(shown: Person) -> None:
    page = shown.place.patient_page
    assert page.summary is not None
    score, course = page.summary.points[1].assessment, page.summary.course
    chosen = replace(course, baseline=score.id, baseline_reason="the first was another person's")
    shown.place.desk.edit(altered(message("Choose baseline"), course, chosen))
    assert "chosen by the therapist" in page.caption.text()
    shown.place.desk.edit(withdrawn(score, "typed twice"))
    assert "chosen as baseline is not in this record any more" in page.caption.text()


def test_without_a_date_of_birth_the_page_says_what_that_means(demo: Person) -> None:
    patient = Patient(code="Z-9")
    write(demo, patient)
    demo.show_patient("Z-9")
    assert demo.sees("no date of birth: treated as an adult  ·  No course of care yet.")
    page = demo.place.patient_page
    write(demo, Event(patient=patient.id, date=TODAY, what=EventKind.ADMISSION, text="ward 3", entered=AT))
    assert [row["Kind"] for row in cells(page.events.table)] == ["admission"]


def test_who_died_is_asked_for_nothing(demo: Person) -> None:
    demo.show_patient("DEMO-007")
    page, listing = demo.place.patient_page, demo.place.caseload_page
    assert page.now.risk_button.isVisible()
    course = page.course
    assert course is not None
    if not any(r.closed is None for r in (page.dossier.risks if page.dossier else ())):
        write(demo, RiskRecord(patient=course.patient, opened=TODAY, entered=AT))
    demo.place.desk.edit(altered(message("End course"), course, replace(course, end=TODAY, end_reason=EndReason.DIED)))
    assert "nothing is asked for any more" in page.now.risk_words.text()
    assert not page.now.risk_button.isVisible()
    page.tabs.setCurrentWidget(page.risk)
    assert len(cells(page.risk.table)) == 1, "open risk stays readable"
    assert "◆" not in page.now.signal.text()
    demo.press("Ctrl+1")
    settle()
    listing.tabs.setCurrentIndex(1)
    assert not [task for task in listing.to_do.table.rows.records if task.code == "DEMO-007"]
    (row,) = [row for row in cells(listing.table) if row["Patient"] == "DEMO-007"]
    assert row["Risk"] == "■ open, died"


def test_what_stands_now_begins_at_its_top_for_another_patient(demo: Person) -> None:
    demo.show_patient("DEMO-003")
    bar = demo.place.patient_page.now.verticalScrollBar()
    assert bar.maximum() > 0
    bar.setValue(bar.maximum())
    demo.show_patient("DEMO-007")
    settle()
    assert bar.value() == 0
