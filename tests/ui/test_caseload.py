"""The caseload page: who stands where and why, filters, order, the day, several at once, and back to one's place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QFont, QFontMetrics

from trdtrack import settings
from trdtrack.domain.due import due
from trdtrack.domain.edit import Edit, Step, added, altered
from trdtrack.domain.message import message
from trdtrack.domain.place import place_of, why_here
from trdtrack.domain.records import Assessment, Course, FollowUp, Modality, Patient, RiskRecord, Session
from trdtrack.domain.signals import Signal
from trdtrack.ui import desk, theme
from trdtrack.ui.caseload.columns import COLUMNS
from trdtrack.ui.caseload.filters import Filter, filter_of
from trdtrack.ui.caseload.listed import Listed, signal_words
from trdtrack.ui.caseload.order import Order
from trdtrack.ui.caseload.several import ACTIONS
from trdtrack.ui.caseload.to_do import asked
from trdtrack.words import say
from ui.hands import AT, TODAY, Person, cells, dump, focus, settle, until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from trdtrack.ui.caseload.page import CaseloadPage


def page_of(person: Person) -> CaseloadPage:
    return person.place.caseload_page


def codes(person: Person) -> list[str]:
    return [row.gist.code for row in page_of(person).table.rows.records]


def column(heading: str) -> int:
    return next(n for n, c in enumerate(COLUMNS) if c.heading == heading)


def course_of(person: Person, code: str) -> Course:
    course = person.caseload.current_course(person.caseload.patient_by_code(code).id)
    assert course is not None
    return course


def to_row(person: Person, code: str) -> None:
    """Bring the cursor to a patient's row by keys."""
    table = page_of(person).table
    table.setFocus()
    person.press("Ctrl+Home")
    while table.chosen().gist.code != code:
        before = table.currentIndex().row()
        person.press("Down")
        assert table.currentIndex().row() == before + 1


def test_the_order_is_who_needs_me_and_says_why(demo: Person) -> None:
    page = page_of(demo)
    gists = demo.caseload.gists()
    expected = sorted(gists, key=lambda g: place_of(g, TODAY))
    assert codes(demo) == [gist.code for gist in expected]
    assert codes(demo)[0] == "DEMO-007"
    for row, gist in enumerate(expected):
        page.table.selectRow(row)
        why = say(why_here(gist, TODAY))
        assert page.foot.why.whole.startswith(f"Why here: {why}")
        tip = page.table.model().index(row, 0).data(Qt.ItemDataRole.ToolTipRole)
        assert tip.endswith(f"Why here: {why}")
    assert "item 9 answered 2" in say(why_here(expected[0], TODAY))


def test_a_row_says_what_the_records_say(demo: Person) -> None:
    row = next(r for r in cells(page_of(demo).table) if r["Patient"] == "DEMO-003")
    summary = demo.caseload.summary(course_of(demo, "DEMO-003"), today=TODAY)
    assert summary.latest is not None
    assert row["Last"] == str(summary.latest.total)
    assert row["Change"] == "\N{MINUS SIGN}7"
    assert row["Days"] == str((TODAY - summary.latest.date).days)
    assert row["Where it stands"] == "●  on track"
    assert row["Course"] == "CBT  wk 11  s11"
    totals = [p.total for p in summary.counting][-12:]
    assert row["Course so far"] == f"from {totals[0]} to {totals[-1]}, last {len(totals)} scores"


def test_a_prorated_total_is_marked_in_the_row_and_in_words(demo: Person) -> None:
    course = course_of(demo, "DEMO-003")
    answers = (None, 3, 3, 3, 3, 3, 3, 3, 0)
    score = Assessment(patient=course.patient, course=course.id, date=TODAY, answers=answers, entered=AT)
    assert demo.place.desk.edit(added(message("Add"), score))
    table = page_of(demo).table
    number = next(n for n, row in enumerate(table.rows.records) if row.gist.code == "DEMO-003")
    row = cells(table)[number]
    assert (row["Last"], row["Change"][0]) == ("\N{ALMOST EQUAL TO}24", "\N{ALMOST EQUAL TO}")
    for heading in ("Last", "Change", "Where it stands"):
        said = table.model().index(number, column(heading)).data(Qt.ItemDataRole.AccessibleTextRole)
        assert ", prorated" in said
        assert "\N{ALMOST EQUAL TO}" not in said


def test_a_screen_reader_reads_every_cell(demo: Person) -> None:
    table = page_of(demo).table
    node = QAccessible.queryAccessibleInterface(table)
    assert (node.role(), node.childCount()) == (QAccessible.Role.Table, (12 + 1) * (len(COLUMNS) + 1))
    said = [table.model().index(0, n).data(Qt.ItemDataRole.AccessibleTextRole) for n in range(len(COLUMNS))]
    assert said[column("Risk")] == "Risk: item 9 answered 2: to be answered"
    assert said[column("Where it stands")].startswith("Where it stands: review: 6 points above baseline")
    assert said[column("Course so far")].startswith("Course so far: from 18 to 24, last ")


def test_no_word_of_the_fixed_columns_is_cut(demo: Person) -> None:
    """Codes as long as the column may be, and the longest that the others say."""
    demo.place.desk.edit(added(message("Add"), Patient(code="SYN-00022-longer")))
    table = page_of(demo).table
    said = {
        "Patient": ("SYN-00022-longer",),
        "Course": ("CBASP  wk 28  s24",),
        "Where it stands": tuple(signal_words(signal) for signal in Signal),
        "Risk": ("\N{BLACK SQUARE} answer item 9: 3", "\N{BLACK SQUARE} open, died"),
        "Next": ("today  14:30", "28 May  20:00"),
    }
    for heading, texts in said.items():
        weight = QFont.Weight.DemiBold if heading == "Patient" else QFont.Weight.Normal
        measure = QFontMetrics(theme.font(weight=weight))
        room = table.columnWidth(column(heading)) - 24
        assert {text for text in texts if measure.horizontalAdvance(text) > room} == set()


def test_what_a_narrow_window_has_no_room_for_is_said_of_the_chosen_row(demo: Person) -> None:
    page = page_of(demo)
    to_row(demo, "DEMO-003")
    assert "Next" not in page.foot.why.whole
    demo.window.resize(1024, 700)
    settle()
    assert page.foot.why.whole.endswith("  ·  Change \N{MINUS SIGN}7  ·  Days 2  ·  Next 25 Nov  10:00")
    demo.window.resize(1400, 700)
    settle()
    assert "Next" not in page.foot.why.whole


@pytest.mark.parametrize("heading", [c.heading for c in COLUMNS if c.sort])
def test_every_column_sorts_both_ways_and_leaves_blanks_last(demo: Person, heading: str) -> None:
    number = column(heading)
    sort = COLUMNS[number].sort
    assert sort is not None
    rows = [Listed.of(gist, TODAY) for gist in demo.caseload.gists()]
    for turned in (False, True):
        keys = [sort(row) for row in Order(number, turned).of(rows)]
        known = [key for key in keys if key is not None]
        assert known == sorted(known, reverse=turned)
        assert keys == [*known, *[None] * (len(rows) - len(known))]


def test_a_heading_is_clicked_and_the_order_by_need_comes_back_by_keys(demo: Person, qtbot: QtBot) -> None:
    page = page_of(demo)
    by_need = codes(demo)
    header = page.table.horizontalHeader()
    middle = header.viewport().rect().center()
    middle.setX(header.sectionViewportPosition(column("Last")) + 10)
    for heading, highest_first in (("Last↓", True), ("Last↑", False)):
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=middle)
        shown = [int(row[heading]) for row in cells(page.table) if row[heading]]
        assert shown == sorted(shown, reverse=highest_first)
    page.filters.sorting.setFocus()
    demo.press("Home")
    page.filters.sorting.activated.emit(page.filters.sorting.currentIndex())
    assert codes(demo) == by_need


def test_filters_let_through_what_they_say(demo: Person) -> None:
    page = page_of(demo)
    rows = [Listed.of(gist, TODAY) for gist in demo.caseload.gists()]
    for chosen, test in (
        (Filter(open=True), lambda r: r.under_way),
        (Filter(modality=Modality.CBT), lambda r: r.gist.modality == "CBT"),
        (Filter(signal=Signal.PLATEAU), lambda r: r.signal is Signal.PLATEAU),
        (Filter(no_recent_score=True), lambda r: r.no_recent_score),
        (Filter(open=True, modality=Modality.CBT), lambda r: r.under_way and r.gist.modality == "CBT"),
    ):
        page.filters.show_filter(chosen)
        expected = {row.gist.code for row in rows if test(row)}
        assert expected, chosen
        assert set(codes(demo)) == expected
        assert page.count.text() == f"{len(expected)} of 12 patients"
    page.filters.show_filter(Filter())
    demo.press("Ctrl+F")
    demo.write("demo 03")
    assert codes(demo) == ["DEMO-003", "DEMO-033", "DEMO-036", "DEMO-038", "DEMO-030"]


def test_no_recent_score_includes_a_review_that_is_old(demo: Person) -> None:
    """The signal says what comes first; the filter asks for the score alone."""
    course = course_of(demo, "DEMO-007")
    for a in demo.caseload.assessments(course.patient)[-2:]:
        demo.caseload.edit(altered(message("Correct PHQ-9"), a, replace(a, withdrawn="x")), at=AT)
    later = AT + timedelta(days=40)
    row = next(Listed.of(g, later.date()) for g in demo.caseload.gists() if g.code == "DEMO-007")
    assert row.no_recent_score


def test_mine_asks_once_who_i_am(demo: Person) -> None:
    for code, name in (("DEMO-003", "Dr. Moss"), ("DEMO-011", "A. Lind")):
        course = course_of(demo, code)
        demo.place.desk.edit(altered(message("Edit course"), course, replace(course, therapist=name)))
    page = page_of(demo)
    demo.answers.ready("choose", "Dr. Moss")
    page.filters.mine.click()
    assert codes(demo) == ["DEMO-003"]
    page.filters.mine.click()
    page.filters.mine.click()
    assert codes(demo) == ["DEMO-003"]
    assert settings.therapist(demo.caseload.path) == "Dr. Moss"


def test_who_will_not_say_who_they_are_sees_everybody(demo: Person) -> None:
    page = page_of(demo)
    demo.answers.ready("choose", None)
    page.filters.mine.click()
    assert not page.filters.mine.isChecked()
    assert len(codes(demo)) == 12


def test_a_filter_is_saved_without_any_text_and_chosen_again(
    demo: Person, at_window: Callable[[Path, str], Person], demo_file: Path
) -> None:
    page = page_of(demo)
    page.filters.show_filter(Filter(open=True, modality=Modality.CBT))
    page.search.setText("demo-003")
    page.filters.menu.aboutToShow.emit()
    next(act for act in page.filters.menu.actions() if act.text() == "Save this filter").trigger()
    assert "demo-003" not in settings.file().read_text(encoding="utf-8").casefold()
    demo.lock()
    again = page_of(at_window(demo_file, "demo"))
    assert again.filters.filter() == Filter()
    again.filters.menu.aboutToShow.emit()
    next(act for act in again.filters.menu.actions() if act.text() == "Open courses · CBT").trigger()
    assert again.filters.filter() == Filter(open=True, modality=Modality.CBT)
    again.filters.menu.aboutToShow.emit()
    next(act for act in again.filters.menu.actions() if act.text() == "Forget this filter").trigger()
    assert again.filters.kept() == []


def test_a_filter_of_a_later_version_is_passed_over() -> None:
    assert filter_of({"signal": "no such signal"}) is None
    for known in (Filter(), Filter(mine=True, open=True, modality=Modality.CBT, signal=Signal.REVIEW)):
        assert filter_of(known.plain()) == known


def test_the_day_lists_appointments_by_time_and_leads_there(demo: Person) -> None:
    for at, (code, time) in enumerate((("DEMO-021", "15:00"), ("DEMO-003", "08:15"))):
        course = course_of(demo, code)
        session = Session(
            patient=course.patient,
            course=course.id,
            date=TODAY - timedelta(days=1),
            note="Slept better. More to come.",
            next_date=TODAY,
            next_time=time,
            entered=AT + timedelta(minutes=at),
        )
        demo.place.desk.edit(added(message("Add session"), session))
    page = page_of(demo)
    lines = cells(page.day.table)
    assert [(row["When"], row["Patient"], row["What"]) for row in lines[:3]] == [
        ("08:15", "DEMO-003", "Slept better."),
        ("14:00", "DEMO-007", lines[1]["What"]),
        ("15:00", "DEMO-021", "Slept better."),
    ]
    assert lines[1]["What"]
    assert ("finish", "DEMO-007", "Session of 18 Nov 2026 not finished") in [
        (row["When"], row["Patient"], row["What"]) for row in lines
    ]
    assert page.day.heading.text().startswith("Today: 3 appointments  ·  1 note not finished  ·  ")
    page.day.table.setFocus()
    demo.press("Enter")
    settle()
    assert demo.place.patient_page.heading.text().startswith("DEMO-003")
    demo.press("Ctrl+1")
    page.day.table.setFocus()
    page.day.table.selectRow(next(n for n, row in enumerate(lines) if row["When"] == "finish"))
    demo.press("Enter")
    settle()
    assert demo.place.patient_page.heading.text().startswith("DEMO-007")
    assert demo.place.patient_page.tabs.currentWidget() is demo.place.patient_page.sessions


def test_what_the_gists_ask_for_is_what_the_records_ask_for(demo: Person) -> None:
    ended = course_of(demo, "DEMO-030")
    for days in (-3, 5, 40):
        due_on = FollowUp(patient=ended.patient, course=ended.id, due=TODAY + timedelta(days=days))
        demo.caseload.edit(added(message("Plan follow-up"), due_on), at=AT)
    clinic, seen = demo.caseload.clinic(), 0
    for gist in demo.caseload.gists():
        found = due(demo.caseload.dossier(gist.patient), clinic=clinic, today=TODAY)
        tasks = list(asked(Listed.of(gist, TODAY)))
        assert [(t.kind, say(t.words)) for t in tasks] == [(d.what, say(d.words)) for d in found], gist.code
        assert [t.record_in(found) for t in tasks] == [d.record for d in found]
        seen += len(tasks)
    assert seen >= 6


def test_logging_and_coming_back_keeps_place_filter_and_order(demo: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_of(demo)
    page.filters.show_filter(Filter(open=True))
    page.filters.sort_by(column("Patient"))
    to_row(demo, "DEMO-014")
    before = codes(demo)
    read: list[object] = []
    gists = demo.caseload.gists
    monkeypatch.setattr(demo.caseload, "gists", lambda *, only=None: read.append(only) or gists(only=only))
    demo.press("Enter")
    settle()
    demo.press("L")
    settle()
    demo.press(*"111111110")
    demo.press("Ctrl+Enter")
    settle()
    demo.press("Alt+Left")
    settle()
    assert codes(demo) == before
    assert page.filters.filter() == Filter(open=True)
    assert page.table.chosen().gist.code == "DEMO-014"
    assert focus() is page.table
    patient = demo.caseload.patient_by_code("DEMO-014").id
    assert read == [frozenset({patient})], "only the patient touched was read again"
    row = next(r for r in cells(page.table) if r["Patient↓"] == "DEMO-014")
    assert (row["Last"], row["Days"]) == ("8", "0")


def test_a_row_moves_to_its_place_as_if_all_were_laid_out_anew(demo: Person) -> None:
    """One edit moves one row; what is shown then is what a fresh look at everything would show."""
    page = page_of(demo)
    patient = demo.caseload.patient_by_code("DEMO-036").id
    record = RiskRecord(patient=patient, opened=TODAY, entered=AT)
    for order in (None, column("Risk"), column("Name"), column("Days")):
        if order is not None:
            page.filters.sort_by(order)
        page.table.selectRow(next(n for n, r in enumerate(page.table.rows.records) if r.gist.code == "DEMO-036"))
        for act in (
            lambda: demo.place.desk.edit(added(message("Open"), record)),
            demo.place.desk.undo,
            lambda: demo.place.desk.edit(added(message("Add"), Patient(code="DEMO-020", name="N. N."))),
            demo.place.desk.undo,
        ):
            act()
            expected = page.filters.order.of([Listed.of(g, TODAY) for g in demo.caseload.gists()])
            assert [r.gist for r in page.table.rows.records] == [r.gist for r in expected]
            assert page.table.chosen().gist.code == "DEMO-036"


def test_a_new_day_is_seen_when_the_page_is(demo: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_of(demo)
    days = {row["Patient"]: row["Days"] for row in cells(page.table)}
    demo.show_patient("DEMO-003")
    monkeypatch.setattr(demo.place.desk, "clock", lambda: AT + timedelta(days=30))
    demo.press("Alt+Left")
    settle()
    later = {row["Patient"]: row["Days"] for row in cells(page.table)}
    assert {code: int(n) - int(days[code]) for code, n in later.items() if n} == {c: 30 for c, n in days.items() if n}
    assert "no recent score" in next(r for r in cells(page.table) if r["Patient"] == "DEMO-014")["Where it stands"]


# Several at once


def test_space_marks_rows_and_assign_is_one_edit(demo: Person) -> None:
    page = page_of(demo)
    to_row(demo, codes(demo)[1])
    wanted = [codes(demo)[1], codes(demo)[3]]
    demo.press("Space", "Down", "Down", "Space")
    assert [row.gist.code for row in page.table.all_chosen()] == wanted
    assert page.foot.number.text() == "2 chosen"
    before = dump(demo.caseload)
    demo.click("Assign…")
    demo.field("therapist").setText("Dr. Moss")
    demo.press("Ctrl+Enter")
    settle()
    assert {course_of(demo, code).therapist for code in wanted} == {"Dr. Moss"}
    changed = [key for key, record in dump(demo.caseload).items() if before.get(key) != record]
    assert sorted(key[0] for key in changed) == ["course", "course"]
    assert [row.gist.code for row in page.table.all_chosen()] == wanted
    demo.press("Ctrl+Z")
    assert demo.line == "Undone: Assign to a therapist"
    assert dump(demo.caseload) == before


def test_from_the_search_the_keys_lead_down_into_the_list_and_back_out(demo: Person) -> None:
    page = page_of(demo)
    demo.press("Ctrl+F")
    demo.write("demo-01")
    assert codes(demo) == ["DEMO-018", "DEMO-011", "DEMO-014"]
    demo.press("Down", "Down")
    assert focus() is page.table
    assert page.table.chosen().gist.code == "DEMO-011"
    demo.press("Ctrl+F", "Esc")
    assert (page.search.text(), focus()) == ("", page.table)
    assert page.table.chosen().gist.code == "DEMO-011"
    assert len(codes(demo)) == 12


def test_what_is_done_to_very_many_runs_beside_the_window(
    demo: Person, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(desk, "AT_ONCE", 3)
    page = page_of(demo)
    to_row(demo, codes(demo)[0])
    demo.press("Space", "Down", "Space")
    demo.click("Assign…")
    demo.field("therapist").setText("Dr. Moss")
    demo.press("Ctrl+Enter")
    assert demo.place.form is not None, "the form stays until it is written"
    assert not demo.place.isEnabled()
    until(qtbot, lambda: demo.line.startswith("Saved: Assign to a therapist"))
    assert demo.place.form is None
    assert demo.place.isEnabled()
    assert [row.gist.therapist for row in page.table.all_chosen()] == ["Dr. Moss"] * 2


def test_escape_and_a_second_space_let_rows_go(demo: Person) -> None:
    page = page_of(demo)
    to_row(demo, codes(demo)[0])
    demo.press("Space")
    assert page.foot.number.text() == "1 chosen"
    demo.press("Space")
    assert page.foot.currentIndex() == 0
    demo.press("Shift+Down", "Shift+Down")
    assert page.foot.number.text() == "3 chosen"
    demo.press("Esc")
    assert page.foot.currentIndex() == 0
    assert len(page.table.all_chosen()) == 1


def test_withdrawing_from_follow_up_takes_what_is_planned_and_may_close(demo: Person) -> None:
    ended = course_of(demo, "DEMO-030")
    done, planned = (
        FollowUp(patient=ended.patient, course=ended.id, due=day, done=was)
        for day, was in ((TODAY - timedelta(days=50), TODAY - timedelta(days=49)), (TODAY + timedelta(days=20), None))
    )
    demo.place.desk.edit(added(message("Plan"), done, planned))
    to_row(demo, "DEMO-030")
    demo.press("Space")
    demo.click("Withdraw…")
    demo.press("Ctrl+Enter")
    assert demo.sees("Say why: it stands in the history beside the change.")
    demo.fill(demo.field("why"), "moved abroad")
    demo.field("close").setChecked(True)
    demo.press("Ctrl+Enter")
    settle()
    dossier = demo.caseload.dossier(ended.patient)
    assert done in dossier.follow_ups
    assert planned.id not in {f.id for f in dossier.follow_ups}
    assert [f.withdrawn for f in dossier.withdrawn if f.id == planned.id] == ["moved abroad"]
    assert dossier.patient.closed == TODAY
    demo.press("Ctrl+Z")
    assert planned in demo.caseload.dossier(ended.patient).follow_ups


def test_what_would_change_nothing_is_refused(demo: Person) -> None:
    gist = next(g for g in demo.caseload.gists() if g.code == "DEMO-038")
    for action, field, text in zip(ACTIONS[-2:], ("therapist", "why"), ("Dr. Moss", "x"), strict=True):
        demo.place.act_on_several(action, [gist])
        demo.field(field).setText(text)
        demo.press("Ctrl+Enter")
        assert demo.sees("None of these patients has")
        demo.place.close_form()


# Where to begin


def test_the_demo_can_be_tried_from_an_empty_caseload(clinic: Person, qtbot: QtBot) -> None:
    own = clinic.caseload.path
    clinic.click("Try the demo")
    until(qtbot, lambda: clinic.window.workspace is not None and clinic.caseload.path != own)
    assert "DEMO-003" in codes(clinic)
    assert own.exists()


def test_the_first_patient_turns_the_empty_page_into_a_list(clinic: Person) -> None:
    page = page_of(clinic)
    assert page.empty.isVisible()
    assert not page.search.isVisible()
    clinic.place.desk.edit(Edit(message("Add"), (Step(None, Patient(code="A-1", date_of_birth=date(1980, 1, 1))),)))
    assert not page.empty.isVisible()
    assert codes(clinic) == ["A-1"]
    clinic.place.desk.undo()
    assert page.empty.isVisible()
