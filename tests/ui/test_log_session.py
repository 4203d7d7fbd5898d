"""The log form beyond the questionnaire: what it takes over from last time, the next appointment, and item 9."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from trdtrack.domain.records import Assessment, Attendance, Clinic, RiskRecord, RiskReview, Session
from ui import formed
from ui.formed import COURSE, PATIENT, RISK, SCORE, SESSION, choose, dossier, put, refused, saved, shown, stored, told
from ui.hands import AT, TODAY, focus, settle

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from trdtrack.domain.edit import Edit
    from trdtrack.ui.entry.log import LogForm

NOT_FINISHED = "Saved as not finished until item 9 is answered."
LATER = "Saved at once; it waits on the patient's page until it is answered."


def digits(form: LogForm, typed: str = "233213202") -> None:
    form.answers[0].setFocus()
    for digit in typed:
        QTest.keyClick(focus(), digit)
    settle()


def kinds(edit: Edit) -> list[str]:
    return [s.record.kind for s in edit.steps]


def session(edit: Edit) -> Session:
    (found,) = (s.after for s in edit.steps if isinstance(s.after, Session))
    return found


# From last time


def test_length_phase_and_next_appointment_come_from_last_time(qtbot: QtBot, tmp_path: Path) -> None:
    form = shown(formed.log(), qtbot)
    edit = saved(form)
    new = session(edit)
    assert (new.minutes, new.phase, new.task, new.note) == (45, "Core beliefs", "", "")
    assert (new.next_date, new.next_time) == (TODAY + timedelta(days=7), "14:30")
    assert (new.review, new.finished, new.attendance) == (False, True, Attendance.ATTENDED)
    read = stored(edit, tmp_path, PATIENT, COURSE)
    assert read.sessions == (new,)


def test_a_first_session_starts_from_the_clinics_length_and_proposes_no_day(qtbot: QtBot) -> None:
    form = shown(formed.log(dossier(COURSE), Clinic(session_minutes=90)), qtbot)
    new = session(saved(form))
    assert (new.minutes, new.phase, new.next_date, new.next_time) == (90, "", None, "")


def test_the_day_proposed_goes_along_with_the_session_until_it_is_typed(qtbot: QtBot) -> None:
    form = shown(formed.log(), qtbot)
    form.date.setFocus()
    QTest.keyClick(form.date, Qt.Key.Key_Down)
    assert form.slots["next_date"].raw() == "2026-11-26"
    put(form, next_date="2026-12-01")
    QTest.keyClick(form.date, Qt.Key.Key_Down)
    assert form.slots["next_date"].raw() == "2026-12-01"
    # Without its day the hour proposed says nothing.
    put(form, next_date="")
    assert session(saved(form)).next_time == ""
    put(form, next_time="9.05")
    assert refused(form) == {"next_date": "The next appointment needs its day."}
    put(form, next_date="2026-12-01")
    assert session(saved(form)).next_time == "09:05"


@pytest.mark.parametrize(
    ("key", "raw", "sentence"),
    [
        ("minutes", "0", "A session lasts 1 to 600 minutes."),
        ("minutes", "an hour", "A session lasts 1 to 600 minutes."),
        ("next_date", "2026-11-19", "The next appointment cannot be before this session."),
        ("next_date", "soon", "soon is not a date: write it as 2026-05-31."),
        ("next_time", "25:00", "A time is written as 14:30."),
        ("next_time", "half past", "A time is written as 14:30."),
    ],
)
def test_what_is_wrong_is_told_beside_its_input(key: str, raw: str, sentence: str, qtbot: QtBot) -> None:
    form = shown(formed.log(), qtbot)
    put(form, **{key: raw})
    assert refused(form) == {key: sentence}
    assert form.slots[key].raw() == raw


def test_everything_about_a_session_is_kept(qtbot: QtBot, tmp_path: Path) -> None:
    form = shown(formed.log(), qtbot)
    put(form, minutes="25", phase="Grief", task="walk each day", note="spoke of her father", review=True)
    put(form, finished=False, next_date="2026-12-04", next_time="8:15")
    new = session(saved(form))
    assert stored(saved(form), tmp_path, PATIENT, COURSE).sessions[0].id != new.id
    assert (new.minutes, new.phase, new.task, new.note) == (25, "Grief", "walk each day", "spoke of her father")
    assert (new.review, new.finished) == (True, False)
    assert (new.next_date, new.next_time) == (date(2026, 12, 4), "08:15")


def test_a_missed_session_has_no_length_and_no_phase(qtbot: QtBot) -> None:
    form = shown(formed.log(), qtbot)
    choose(form, "attendance", "Did not attend")
    assert not form.slots["minutes"].widget.isEnabled()
    new = session(saved(form))
    assert (new.minutes, new.phase, new.review) == (None, "", False)
    # A missed one that has a length on the record keeps it through a correction.
    missed = replace(SESSION, attendance=Attendance.LATE_CANCEL)
    form = shown(formed.log(session=missed), qtbot)
    put(form, note="ill")
    assert session(saved(form)) == replace(missed, note="ill")


def test_phases_are_offered_the_last_used_first(qtbot: QtBot) -> None:
    form = shown(formed.log(), qtbot)
    completer = form.slots["phase"].widget.completer()
    offered = [completer.model().index(row, 0).data() for row in range(completer.model().rowCount())]
    assert offered[:2] == ["Core beliefs", "Assessment and formulation"]
    assert offered.count("Core beliefs") == 1


def test_after_the_end_a_follow_up_is_logged(qtbot: QtBot) -> None:
    ended = replace(COURSE, end=date(2026, 11, 14))
    form = shown(formed.log(course=ended), qtbot)
    assert form.heading.text() == "Log follow-up  ·  A-014"
    assert form.attendance.currentText() == "Attended"
    assert saved(form).title.text == "Log follow-up"


# Item 9


def test_item_9_left_unanswered_is_saved_at_once_and_not_finished(qtbot: QtBot) -> None:
    form = shown(formed.log(), qtbot)
    assert not form.risk.isVisible()
    digits(form)
    assert form.risk.warning.isVisible()
    assert form.risk.why.text() == "Item 9 answered 2: new, 0 the time before."
    assert form.risk.blocks.text() == NOT_FINISHED
    assert form.risk.blocks.isVisible()
    assert not form.slots["finished"].widget.isEnabled()
    edit = saved(form)
    assert kinds(edit) == ["session", "assessment"]
    assert session(edit).finished is False


def test_item_9_answered_in_the_same_edit(qtbot: QtBot, tmp_path: Path) -> None:
    about = dossier(COURSE, SESSION, SCORE)
    form = shown(formed.log(about), qtbot)
    digits(form)
    put(form, asked="plans", found="none", plan="call", told="GP", again="2026-11-27")
    assert not form.risk.blocks.isVisible()
    assert form.slots["finished"].widget.isEnabled()
    edit = saved(form)
    assert kinds(edit) == ["session", "assessment", "risk", "risk_review"]
    assert session(edit).finished is True
    read = stored(edit, tmp_path, PATIENT, COURSE)
    (score,), (record,), (review,) = read.assessments, read.risks, read.reviews
    assert (record.assessment, record.opened, record.closed) == (score.id, TODAY, None)
    assert (review.risk, review.item9, review.date) == (record.id, 2, TODAY)
    assert (review.asked, review.found, review.plan, review.told) == ("plans", "none", "call", "GP")
    assert review.again == date(2026, 11, 27)


def test_a_review_goes_into_the_record_that_is_open(qtbot: QtBot) -> None:
    form = shown(formed.log(), qtbot)
    digits(form)
    put(form, asked="plans", found="none")
    edit = saved(form)
    assert kinds(edit) == ["session", "assessment", "risk_review"]
    assert edit.steps[-1].after.risk == RISK.id
    closed = replace(RISK, closed=TODAY, closing_note="settled")
    form = shown(formed.log(dossier(COURSE, SESSION, SCORE, closed)), qtbot)
    digits(form)
    put(form, asked="plans", found="none")
    assert kinds(saved(form)) == ["session", "assessment", "risk", "risk_review"]


def test_half_an_answer_is_refused_beside_what_lacks(qtbot: QtBot) -> None:
    form = shown(formed.log(), qtbot)
    digits(form)
    put(form, plan="call")
    assert refused(form) == {"asked": "Write down what was asked."}
    put(form, asked="plans")
    assert refused(form) == {"found": "Write down what was found."}
    assert focus() is form.slots["found"].widget


def unchanged_one() -> tuple[Assessment, RiskReview]:
    score = replace(SCORE, answers=(2, 3, 3, 2, 1, 3, 2, 0, 1))
    return score, RiskReview(
        patient="p1", risk=RISK.id, date=score.date, item9=1, asked="plans", found="none", entered=AT
    )


def test_an_unchanged_and_reviewed_answer_is_quiet_but_visible(qtbot: QtBot) -> None:
    score, review = unchanged_one()
    form = shown(formed.log(dossier(COURSE, SESSION, score, RISK, review)), qtbot)
    digits(form, "233213201")
    assert form.risk.warning.isVisible()
    assert not form.slots["asked"].part.isVisible()
    assert session(saved(form)).finished is True


def test_a_total_only_and_a_zero_ask_for_nothing(qtbot: QtBot) -> None:
    form = shown(formed.log(), qtbot)
    digits(form, "233213200")
    assert not form.risk.isVisible()
    form = shown(formed.log(), qtbot)
    form.total.setText("14")
    assert not form.risk.isVisible()
    assert session(saved(form)).finished is True


def test_a_score_alone_says_where_item_9_waits(qtbot: QtBot) -> None:
    form = shown(formed.log(), qtbot)
    choose(form, "attendance", "No session: score only")
    digits(form)
    assert form.risk.blocks.text() == LATER
    assert kinds(saved(form)) == ["assessment"]
    put(form, asked="plans", found="none")
    edit = saved(form)
    assert kinds(edit) == ["assessment", "risk_review"]
    assert edit.steps[-1].after.date == TODAY


def test_what_was_typed_about_risk_stays_when_the_answer_is_corrected(qtbot: QtBot) -> None:
    form = shown(formed.log(), qtbot)
    digits(form)
    put(form, asked="plans", found="none")
    form.answers[8].set_value(0)
    settle()
    assert form.slots["asked"].part.isVisible()
    review = saved(form).steps[-1].after
    assert (review.asked, review.item9) == ("plans", None)


def test_correcting_a_note_does_not_unfinish_a_session(qtbot: QtBot) -> None:
    score, _review = unchanged_one()
    form = shown(formed.log(dossier(COURSE, SESSION, score), session=SESSION, assessment=score), qtbot)
    assert form.risk.blocks.text() == LATER
    assert refused(form) == {"": "Nothing was changed."}
    assert form.sheet.problem.isVisible()
    put(form, note="typed later")
    assert session(saved(form)) == replace(SESSION, note="typed later")
    form.answers[8].set_value(3)
    settle()
    assert form.risk.blocks.text() == NOT_FINISHED
    assert session(saved(form)).finished is False


def test_a_record_opened_here_belongs_to_the_score(qtbot: QtBot) -> None:
    form = shown(formed.log(dossier(COURSE)), qtbot)
    digits(form)
    put(form, answered="2026-11-18", asked="plans", found="none")
    record, review = (s.after for s in saved(form).steps[2:])
    assert isinstance(record, RiskRecord)
    assert (record.opened, review.date) == (date(2026, 11, 18), TODAY)


# The hands


def test_tab_reaches_the_whole_of_item_9(qtbot: QtBot) -> None:
    form = shown(formed.log(), qtbot)
    digits(form)
    expected = [w for w in (*form.stops(), form.cancel_button, form.save_button) if w.isVisible() and w.isEnabled()]
    assert form.risk.prompt.unfold in expected
    expected[0].setFocus()
    for widget in expected:
        assert focus() is widget
        # What has the cursor can be seen, however low the window is.
        settle()
        assert not widget.visibleRegion().isEmpty(), widget.accessibleName()
        QTest.keyClick(form.windowHandle(), Qt.Key.Key_Tab)


def test_a_plain_log_takes_twelve_keys_and_the_note(qtbot: QtBot) -> None:
    form = shown(formed.log(), qtbot)
    made: list[Edit] = []
    form.accepted.connect(made.append)
    for key in "233213200":
        QTest.keyClick(focus(), key)
    QTest.keyClick(focus(), Qt.Key.Key_Return)
    QTest.keyClicks(focus(), "Better")
    QTest.keyClick(focus(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    (edit,) = made
    assert session(edit).note == "Better"
    assert kinds(edit) == ["session", "assessment"]
    assert told(form) == {}
