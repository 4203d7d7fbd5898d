"""The log form under the fingers: nine digits in paper order, gaps, wrong keys, and what may be saved."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from trdtrack.domain.records import Attendance
from trdtrack.words import MINUS
from ui.hands import TODAY, Person, cells, dump, focus, scores, settle

PATIENT = "DEMO-021"
"""Two sessions so far."""
MOST_KEYS = 20


@pytest.fixture
def logging(demo: Person) -> Person:
    """Somebody who has just pressed L on the patient page."""
    demo.show_patient(PATIENT)
    demo.press("L")
    settle()
    return demo


def number_of_answer(person: Person) -> int:
    """Which question has the cursor, from 1."""
    return person.log.answers.index(focus()) + 1


def test_nine_digits_enter_a_note_and_save_is_all_there_is_to_it(demo: Person) -> None:
    demo.show_patient(PATIENT)
    before = dump(demo.caseload)
    demo.pressed = 0
    demo.press("L", *"233213200", "Enter")
    demo.write("Slept better; task: walk.")
    demo.press("Ctrl+Enter")
    assert demo.pressed - len("Slept better; task: walk.") == 12
    settle()
    session, assessment = (r for key, r in dump(demo.caseload).items() if key not in before)
    assert (session.note, session.finished, session.date) == ("Slept better; task: walk.", True, TODAY)
    assert (assessment.answers, assessment.difficulty) == ((2, 3, 3, 2, 1, 3, 2, 0, 0), None)


def test_from_the_patient_page_to_saved_in_twenty_keys(demo: Person) -> None:
    demo.show_patient(PATIENT)
    before = dump(demo.caseload)
    demo.pressed = 0
    demo.press("L")
    demo.press(*"233213201")
    demo.press("1")  # item 10
    demo.write("Better")
    demo.press("Ctrl+Enter")
    assert demo.pressed - len("Better") <= MOST_KEYS
    settle()
    assert demo.place.form is None
    session, assessment, risk = (r for key, r in dump(demo.caseload).items() if key not in before)
    assert (risk.assessment, risk.closed) == (assessment.id, None)
    assert (session.date, session.attendance, session.note) == (TODAY, Attendance.ATTENDED, "Better")
    assert (assessment.answers, assessment.difficulty) == ((2, 3, 3, 2, 1, 3, 2, 0, 1), 1)
    assert (assessment.session, assessment.date) == (session.id, TODAY)
    assert demo.sees("PHQ-9 15 → 17 over 1 week (3 scores)")
    assert demo.place.patient_page.chart.isVisible()
    shown = {"Answered": "20 Nov 2026", "Total": "17", "Change": "+2", "Answers": "2 3 3 2 1 3 2 0 1"}
    assert shown.items() <= scores(demo)[0].items()
    assert demo.line == "Saved: Log session. Ctrl+Z takes it back."
    # The page's keys work again at once.
    demo.press("L")
    assert demo.log is not None


def test_the_total_and_band_follow_every_key(logging: Person) -> None:
    assert logging.sees("Type the nine answers")
    logging.press("2")
    assert logging.sees("1 of 9 answered")
    logging.press(*"332132")
    assert logging.sees("21 prorated   7 of 9 answered")
    logging.press("0")
    assert logging.sees("18 prorated   8 of 9 answered")
    logging.press("0")
    assert logging.log.reading.text() == "16   moderately severe"
    logging.press("3")  # item 10 is no part of it
    assert logging.log.reading.text() == "16   moderately severe"
    assert focus() is logging.log.note


def test_gaps_are_left_by_space_and_saved_as_gaps(logging: Person) -> None:
    logging.press("2", "Space", *"3213201")
    assert logging.log.reading.text() == "16 prorated   8 of 9 answered"
    logging.press("Ctrl+Enter")
    settle()
    shown = {"Total": "16", "Change": "+1", "Answers": "2 · 3 2 1 3 2 0 1", "Completeness": "prorated, 8 of 9 answered"}
    assert shown.items() <= scores(logging)[0].items()
    assert logging.sees("(3 scores, prorated)")


def test_with_three_gaps_there_is_no_total(logging: Person) -> None:
    logging.press("2", "Space", "Space", "Space", *"13201")
    assert logging.log.reading.text() == "6 of 9 answered"
    logging.press("Ctrl+Enter")
    settle()
    assert {"Total": "–", "Change": ""}.items() <= scores(logging)[0].items()
    assert logging.sees("(2 scores)")


def test_backspace_goes_back(logging: Person) -> None:
    logging.press("2", "3", "1")
    assert number_of_answer(logging) == 4
    logging.press("Back")
    assert number_of_answer(logging) == 3
    logging.press("2")  # over the 1
    assert [field.text() for field in logging.log.answers[:4]] == ["2", "3", "2", ""]
    assert number_of_answer(logging) == 4
    logging.press("Back", "Back", "Back", "Up")
    assert [field.text() for field in logging.log.answers[:4]] == ["2", "3", "", ""]
    assert number_of_answer(logging) == 1
    logging.press("Back", "Back")  # there is nothing before the first
    assert number_of_answer(logging) == 1


def test_a_wrong_key_is_told_and_changes_nothing(logging: Person) -> None:
    logging.press("2", "3", "5")
    assert logging.sees("Question 3 takes 0, 1, 2 or 3.")
    assert number_of_answer(logging) == 3
    assert [field.text() for field in logging.log.answers[:3]] == ["2", "3", ""]
    logging.write("é")
    assert logging.sees("Question 3 takes 0, 1, 2 or 3.")
    logging.press("1")
    assert not logging.sees("Question 3 takes")
    assert number_of_answer(logging) == 4


def test_a_wrong_key_on_an_answer_keeps_the_answer(logging: Person) -> None:
    logging.press("2", "Back", "7")
    assert logging.sees("Question 1 takes 0, 1, 2 or 3.")
    assert logging.log.answers[0].text() == "2"
    logging.press("2")  # the same again is an answer too
    assert not logging.sees("Question 1 takes")


def test_item_9_is_shown_at_once(logging: Person) -> None:
    logging.press(*"00000000")
    assert not logging.sees("Item 9 is")
    for nine, words in ((1, "several days"), (2, "more than half the days"), (3, "nearly every day")):
        logging.press(str(nine))
        assert logging.sees(f"Item 9 is {nine} ({words}). Talk about it before the session ends.")
        logging.press("Back", "0")
        assert not logging.sees("Item 9 is")
        logging.press("Back")


def test_a_total_where_only_that_is_known(logging: Person) -> None:
    logging.log.total.setFocus()
    logging.write("11")
    logging.press("Ctrl+Enter")
    settle()
    shown = {"Total": "11", "Change": f"{MINUS}4", "Answers": "", "Completeness": "total only"}
    assert shown.items() <= scores(logging)[0].items()


def test_a_total_that_is_none_is_refused(logging: Person) -> None:
    before = dump(logging.caseload)
    for total in ("28", "-1", "7.5", "x", "²"):
        logging.fill(logging.log.total, total)
        logging.press("Ctrl+Enter")
        assert logging.sees("A PHQ-9 total is a whole number from 0 to 27."), total
        assert logging.log.total.text() == total
    assert dump(logging.caseload) == before


def test_answers_and_a_total_are_refused_together(logging: Person) -> None:
    before = dump(logging.caseload)
    logging.press(*"233213201")
    logging.log.total.setFocus()
    logging.write("17")
    logging.press("Ctrl+Enter")
    assert logging.sees("Give either the nine answers or a total, not both.")
    assert logging.log.total.text() == "17"
    assert logging.log.answers[0].text() == "2"
    assert dump(logging.caseload) == before


def test_a_score_without_a_session(logging: Person) -> None:
    before = dump(logging.caseload)
    logging.log.attendance.setFocus()
    logging.press("End")
    assert not logging.log.note.isEnabled()
    logging.log.answers[0].setFocus()
    logging.press(*"233213201", "Ctrl+Enter")
    settle()
    assessment, risk = (r for key, r in dump(logging.caseload).items() if key not in before)
    assert (assessment.kind, assessment.session) == ("assessment", None)
    assert (risk.kind, risk.assessment) == ("risk", assessment.id)
    assert logging.line == "Saved: Log PHQ-9. Ctrl+Z takes it back."


def test_a_missed_session_without_a_phq9(logging: Person) -> None:
    before = dump(logging.caseload)
    logging.log.attendance.setFocus()
    logging.press("Down", "Down", "Ctrl+Enter")
    settle()
    (session,) = (r for key, r in dump(logging.caseload).items() if key not in before)
    assert (session.kind, session.attendance) == ("session", Attendance.DID_NOT_ATTEND)
    assert logging.sees("1 missed")
    page = logging.place.patient_page
    page.tabs.setCurrentWidget(page.sessions)
    newest = cells(logging.place.patient_page.sessions.table)[0]
    assert (newest["Date"], newest["Session"], newest["Attendance"]) == ("20 Nov 2026", "", "did not attend")


def test_nothing_typed_is_nothing_to_save(logging: Person) -> None:
    before = dump(logging.caseload)
    logging.log.attendance.setFocus()
    logging.press("End", "Ctrl+Enter")
    assert logging.sees("There is nothing to save yet: type the answers, or choose a session.")
    assert dump(logging.caseload) == before


def test_item_10_alone_is_refused(logging: Person) -> None:
    before = dump(logging.caseload)
    logging.log.answers[-1].setFocus()
    logging.press("2", "Ctrl+Enter")
    assert logging.sees("None of the nine questions is answered: there is nothing to record.")
    assert dump(logging.caseload) == before


def test_the_day_answered_follows_the_session_until_it_is_typed(logging: Person) -> None:
    form = logging.log
    form.date.setFocus()
    logging.press("Down", "Down")
    assert (form.date.text(), form.answered_on.text()) == ("2026-11-18", "2026-11-18")
    logging.fill(form.answered_on, "16.11.2026")
    logging.fill(form.date, "2026-11-17")
    assert form.answered_on.text() == "16.11.2026"
    form.answers[0].setFocus()
    logging.press(*"233213201", "Ctrl+Enter")
    settle()
    assert scores(logging)[1]["Answered"] == "16 Nov 2026"


WRONG_DAYS = (
    ("2026-11-21", "2026-11-20", "date", "21 Nov 2026 is in the future."),
    ("2026-11-20", "2026-11-21", "answered", "21 Nov 2026 is in the future."),
    ("1950-01-01", "2026-11-20", "date", "1 Jan 1950 is before the patient was born."),
    ("2026-11-20", "1950-01-01", "answered", "1 Jan 1950 is before the patient was born."),
    ("31.2.2026", "2026-11-20", "date", "31.2.2026 is not a date: write it as 2026-05-31."),
    ("2026-11-20", "yesterday", "answered", "yesterday is not a date: write it as 2026-05-31."),
    ("", "2026-11-20", "date", "A session needs its date."),
    ("2026-11-20", "", "answered", "A PHQ-9 needs the day it was answered."),
)


def test_a_wrong_date_is_told_beside_its_own_field(logging: Person) -> None:
    form, before = logging.log, dump(logging.caseload)
    logging.press(*"233213201")
    for day, answered, beside, sentence in WRONG_DAYS:
        logging.fill(form.date, day)
        logging.fill(form.answered_on, answered)
        logging.press("Ctrl+Enter")
        settle()
        assert logging.place.form is form
        told = {"date": form._date._note.text(), "answered": form._answered._note.text()}
        assert {name: text for name, text in told.items() if text} == {beside: sentence}
        assert not form.problem.isVisible()
        assert (form.date.text(), form.answered_on.text()) == (day, answered)
        assert [field.text() for field in form.answers[:9]] == list("233213201")
    assert dump(logging.caseload) == before
    # Put right, it is saved.
    logging.fill(form.answered_on, "2026-11-20")
    logging.press("Ctrl+Enter")
    settle()
    assert logging.place.form is None


def test_a_score_alone_with_a_wrong_date_is_told_beside_the_day_answered(logging: Person) -> None:
    form = logging.log
    form.attendance.setCurrentIndex(3)
    logging.press(*"233213201")
    form.date.setText("2026-11-21")
    logging.fill(form.answered_on, "2026-11-21")
    logging.press("Ctrl+Enter")
    assert form._answered._note.text() == "21 Nov 2026 is in the future."
    assert form._date._note.text() == ""


def test_correcting_shows_what_was_written_and_says_if_nothing_changed(demo: Person) -> None:
    demo.show_patient(PATIENT)
    demo.place.patient_page.scores.table.setFocus()
    demo.press("Enter")
    settle()
    form = demo.log
    before = dump(demo.caseload)
    assert "".join(field.text() for field in form.answers) == scores(demo)[0]["Answers"].replace(" ", "") + "2"
    assert form.date.text() == form.answered_on.text() == date(2026, 11, 18).isoformat()
    demo.press("Ctrl+Enter")
    assert demo.sees("Nothing was changed.")
    assert dump(demo.caseload) == before


def test_the_keypad_works_as_the_digits_do(logging: Person) -> None:
    for digit in "233213201":
        QTest.keyClick(logging.window.windowHandle(), Qt.Key(ord(digit)), Qt.KeyboardModifier.KeypadModifier)
    assert logging.log.reading.text() == "17   moderately severe"


def test_what_is_pasted_is_an_answer_or_nothing(logging: Person) -> None:
    for text in ("7", "x", "-", "٣"):
        QApplication.clipboard().setText(text)
        logging.press("Ctrl+V")
        assert logging.log.answers[0].text() == ""
    QApplication.clipboard().setText("2")
    logging.press("Ctrl+V")
    assert logging.sees("1 of 9 answered")


def test_the_last_day_of_the_calendar_has_no_day_after(logging: Person) -> None:
    logging.fill(logging.log.date, "9999-12-31")
    logging.press("Up")
    assert logging.log.date.text() == "9999-12-31"
