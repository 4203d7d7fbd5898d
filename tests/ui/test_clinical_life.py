"""One patient's whole life by the window alone, from referral to the second follow-up: every page shows it right."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit

from trdtrack.ui.history.page import HistoryPage
from ui.hands import Person, cells, scores, settle, until

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from trdtrack.ui.entry.pick import Pick

NAME = 'Zoë "Bo" O\'Hara; DROP TABLE patient; שרה 🌊'
START = date(2026, 2, 2)
TOTALS = (20, 19, 19, 18, 17, None, 17, 16, 15, 15, 14, 13, 12, 11, 10, 9)
"""Sixteen appointments, the sixth missed."""


def put(person: Person, key: str, value: object) -> None:
    """Fill one input of the open form, whatever it is: a text, a choice by its words, a tick."""
    widget = person.field(key)
    if isinstance(widget, QPlainTextEdit):
        widget.setPlainText(str(value))
    elif isinstance(widget, QLineEdit):
        widget.setText(str(value))
    elif isinstance(widget, QComboBox):
        place = widget.findText(str(value), Qt.MatchFlag.MatchFixedString)
        assert place >= 0, f"{key}: no choice {value}"
        widget.setCurrentIndex(place)
    else:
        widget.setChecked(value)  # type: ignore[attr-defined]


def save(person: Person) -> None:
    person.press("Ctrl+Enter")
    settle()
    form = person.place.form
    assert form is None, form and form.problem.text()


def digits(total: int, item9: int = 0) -> str:
    """Nine answers that add up to a total."""
    left, found = total - item9, []
    for place in range(8):
        found.append(min(3, -(-left // (8 - place))))
        left -= found[-1]
    return "".join(map(str, [*found, item9]))


def referral(person: Person) -> None:
    person.press("Ctrl+N")
    settle()
    for key, value in (("code", "K-100"), ("name", NAME), ("date_of_birth", "1979-03-14"), ("modality", "CBT")):
        put(person, key, value)
    save(person)
    person.press("E")
    settle()
    for key in ("referrer", "gp", "prescriber"):
        put(person, key, f"Dr {key}\n1 Example Street")
    put(person, "consent", "yes")
    put(person, "bipolar", "no")
    save(person)
    person.press("C")
    settle()
    for key, value in (
        ("format", "Individual"),
        ("goals", "To sing again.\nTo sleep."),
        ("episode start", "2025-01-10"),
        ("severity", "Moderate"),
        ("psychotic", "no"),
    ):
        put(person, key, value)
    save(person)


def treatment(person: Person, drug: str, kind: str, begun: str, ended: str, **more: object) -> None:
    person.place.patient_page.asked.emit("treatment")
    settle()
    role = more.pop("role", "Antidepressant")
    put(person, "role", role)
    facts: dict[str, object] = {"drug": drug, "dose": "at most", "start": begun, "end": ended}
    if role == "Antidepressant":
        facts |= {"drug_class": kind, "adequate": "yes", "adherence": "yes", "weeks": "10", "outcome": "No response"}
    for key, value in (facts | more).items():
        put(person, key, value)
    save(person)


def session(person: Person, day: date, total: int | None, *, item9: int = 0, attendance: str = "", note: str) -> None:
    person.press("L")
    settle()
    if attendance:
        put(person, "attendance", attendance)
    person.log.date.setText(day.isoformat())
    person.log.date.textEdited.emit(day.isoformat())
    if total is not None:
        person.log.answers[0].setFocus()
        person.press(*digits(total, item9))
    put(person, "note", note)
    put(person, "next_date", "")
    put(person, "next_time", "")
    if item9:
        put(person, "asked", "Thoughts, plans, means")
        put(person, "found", "Passive thoughts, no plan")
        put(person, "plan", "Crisis card")
        put(person, "told", "GP")
        put(person, "again", (day + timedelta(days=14)).isoformat())
    save(person)


def live(person: Person) -> None:
    referral(person)
    treatment(person, "citalopram", "SSRI", "2025-02-01", "2025-05-01")
    treatment(person, "venlafaxine", "SNRI", "2025-05-10", "2025-09-10", outcome="Partial response")
    treatment(person, "mirtazapine", "Other", "2025-10-01", "", still_taken=True, outcome="not recorded")
    for number, total in enumerate(TOTALS):
        day = START + timedelta(weeks=number)
        missed = total is None
        session(
            person,
            day,
            total,
            item9=1 if number == 4 else 0,
            attendance="Did not attend" if missed else "",
            note="" if missed else f"Worked on step {number + 1}.",
        )
        if number == 8:
            treatment(person, "lithium", "", "2026-04-01", "", role="Augmentation", still_taken=True)
    person.place.patient_page.asked.emit("end")
    settle()
    put(person, "end", "2026-05-18")
    put(person, "end_reason", "Completed")
    assert person.sees("End score: 9, of 18 May 2026.")
    save(person)
    for day, total in ((date(2026, 6, 19), 8), (date(2026, 8, 20), 16)):
        session(person, day, total, note="Follow-up.")


def test_one_life_from_referral_to_follow_up(clinic: Person, qtbot: QtBot) -> None:
    live(clinic)
    page = clinic.place.patient_page
    assert page.heading.text().startswith("K-100  ·  Zoë")
    assert clinic.caseload.patients()[0].name == NAME
    correct_and_move(clinic)
    the_patient_page(clinic)
    the_tabs(clinic)
    the_history(clinic)
    the_caseload(clinic)
    the_search(clinic, qtbot)
    assert clinic.caseload.check() == ()


def correct_and_move(person: Person) -> None:
    """A typing error put right with its reason; a score on the wrong patient moved, undone, and moved again."""
    page = person.place.patient_page
    row = next(i for i, r in enumerate(scores(person)) if r["Answered"] == "9 Feb 2026")
    before = [int(digit) for digit in scores(person)[row]["Answers"].split()]
    page.scores.table.selectRow(row)
    page.scores.table.setFocus()
    person.press("Enter")
    settle()
    person.log.answers[3].setFocus()
    person.press(str(before[3] - 1))
    put(person, "why", "typing error")
    save(person)
    assert scores(person)[row]["Total"] == "18"
    # Another patient's page, where K-100's paper of the first week was typed in by mistake.
    person.press("Ctrl+N")
    settle()
    put(person, "code", "B-2")
    save(person)
    session(person, date(2026, 2, 4), 21, note="")
    for _time in range(2):
        page.tabs.setCurrentWidget(page.scores)
        page.scores.table.setFocus()
        person.press("M")
        settle()
        chosen: Pick = person.place.form.slots["course"]  # type: ignore[union-attr, assignment]
        chosen.line.setFocus()
        person.write("K-100")
        put(person, "why", "mixed up the papers")
        save(person)
        assert scores(person) == []
        if _time == 0:
            person.press("Ctrl+Z")
            settle()
            assert [row["Total"] for row in scores(person)] == ["21"]
    person.show_patient("K-100")


def the_patient_page(person: Person) -> None:
    page = person.place.patient_page
    assert page.sentence.text().startswith("PHQ-9 20 → 9 over 15 weeks (16 scores): reliable improvement; 55% below")
    assert page.sentence.text().endswith("course ended")
    for words in (
        "age 46",
        "CBT with mirtazapine at most, lithium at most",
        "Possible relapse: PHQ-9 16 on 20 Aug 2026, +7 since the end",
        "Current medication",
    ):
        assert person.sees(words), words
    assert page.head.log_button.text().strip() == "Log follow-up"


def the_tabs(person: Person) -> None:
    page = person.place.patient_page
    found = [(row["Answered"], row["Total"]) for row in scores(person)]
    assert len(found) == 18
    assert found[0] == ("20 Aug 2026", "16")
    assert found[-2:] == [("4 Feb 2026", "21"), ("2 Feb 2026", "20")]
    sessions = cells(page.sessions.table)
    assert [row["Session"] for row in sessions] == ["17", "16", *map(str, range(15, 5, -1)), "", *"54321"]
    assert [row["Attendance"] for row in sessions].count("did not attend") == 1
    assert sessions[2]["Note"] == "Worked on step 16."
    verdicts = {row["Treatment"]: row["Criterion"] for row in cells(page.treatment.table)}
    assert {drug.split()[0]: verdict for drug, verdict in verdicts.items()} == {
        "citalopram": "counts",
        "venlafaxine": "counts",
        "mirtazapine": "possible",
        "lithium": "does not count",
    }
    staging = page.treatment.reading.text
    # 2 drugs 1, 22 months 2, moderate 3, augmentation 1.
    for words in ("Criterion of treatment resistance: met", "Maudsley Staging Method: 7 of 15: moderate", "stage II"):
        assert words in staging, words
    risk = cells(page.risk.table)
    assert [(row["Opened"], row["Closed"], row["Last looked at"]) for row in risk] == [
        ("2 Mar 2026", "■ open", "2 Mar 2026")
    ]
    assert "Found: Passive thoughts, no plan" in page.risk.reading.text
    course = page.course_tab.reading.text
    for words in ("To sing again.\nTo sleep.", "Reason: Completed", "Outcome at the end: PHQ-9 9 on 18 May 2026"):
        assert words in course, words
    follow_ups = [(row["Follow-up due"], row["Done on"]) for row in cells(page.course_tab.table)]
    assert follow_ups == [
        ("18 June 2026", "19 June 2026"),
        ("18 Aug 2026", "20 Aug 2026"),
        ("18 Nov 2026", "overdue"),
        ("18 May 2027", "not yet"),
    ]


def the_history(person: Person) -> None:
    person.press("Ctrl+H")
    settle()
    page = person.place.pages[HistoryPage]
    assert isinstance(page, HistoryPage)
    lines = [(row["Patient"], row["What"], row["Why"]) for row in cells(page.lines.table)]
    said = " | ".join(what for _patient, what, _why in lines)
    for words in ("PHQ-9 of 9 Feb 2026: item 4 changed", "moved to another patient", "Outcome at the end added"):
        assert words in said, words
    assert "typing error" in {why for _patient, _what, why in lines} or "typing error" in said
    assert "mixed up the papers" in {why for _patient, _what, why in lines} or "mixed up the papers" in said


def the_caseload(person: Person) -> None:
    person.press("Ctrl+1")
    settle()
    listing = person.place.caseload_page
    rows = {row["Patient"]: row for row in cells(listing.table)}
    assert rows["K-100"]["Name"] == NAME
    assert rows["K-100"]["Risk"] == "■ look again"
    listing.tabs.setCurrentIndex(1)
    waiting = [(row["Kind"], row["Patient"]) for row in cells(listing.to_do.table)]
    assert ("■ Risk", "K-100") in waiting
    assert ("Follow-up", "K-100") in waiting


def the_search(person: Person, qtbot: QtBot) -> None:
    person.press("Ctrl+K")
    person.write("step 16")
    until(qtbot, lambda: not person.place.finder._pause.isActive())
    [row] = cells(person.place.finder.table)
    assert "Worked on step 16." in " ".join(row.values())
    person.press("Enter")
    settle()
    page = person.place.patient_page
    assert page.tabs.currentWidget() is page.sessions
    assert page.sessions.table.chosen().note == "Worked on step 16."
