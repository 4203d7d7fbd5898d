"""The import's page, by keys: columns guessed, chosen and remembered, every problem by its row, one edit at the end."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook
from PySide6.QtGui import QGuiApplication

from trdtrack import settings
from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.domain.records import Assessment, Patient
from trdtrack.ui import theme
from trdtrack.ui.importing.form import ImportForm
from ui.hands import AT, Person, cells, dump, focus, settle, until
from ui.importing import bringing, brought, checked
from ui.test_accessible import stops
from ui.test_work import LONG
from ui.walk import nameless

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

WIDE_BDI = LONG.with_name("scores_wide_bdi.csv")
ITEMS = ",".join(f"q{n}" for n in range(1, 10))


def written(folder: Path, *lines: str, name: str = "scores.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def choose(person: Person, box: QWidget, text: str) -> None:
    """Choose in a drop-down box by keys."""
    assert isinstance(box, theme.Choice)
    box.setFocus()
    person.press("Home")
    while box.currentText() != text:
        at = box.currentIndex()
        person.press("Down")
        assert box.currentIndex() > at, f"{text} is not offered"


def said(form: ImportForm) -> str:
    return form.preview.sentence.text()


def scores(person: Person) -> list[tuple[str, date, int | None, tuple[int | None, ...] | None]]:
    codes = {record.id: record.code for record in person.caseload.records("patient") if isinstance(record, Patient)}
    found = [r for r in person.caseload.records("assessment") if isinstance(r, Assessment)]
    return sorted((codes[a.patient], a.date, a.total, a.answers) for a in found)


def take_in(person: Person, qtbot: QtBot) -> None:
    person.press("Ctrl+Enter")
    until(qtbot, lambda: not person.window.work.busy)


def test_a_file_whose_columns_are_known_takes_one_key(clinic: Person, qtbot: QtBot) -> None:
    form = brought(clinic, LONG, qtbot)
    assert said(form) == "563 scores of 43 patients, 43 of them new."
    assert form.save_button.isEnabled()
    assert dump(clinic.caseload) == {}, "a check writes nothing"
    assert len(cells(form.preview.rows)) == 200
    assert cells(form.preview.rows)[0] == {
        "Line": "2",
        "Patient": "DEMO-001",
        "Date": "2024-01-19",
        "Total": "14",
        "Answers": "",
        "Problem": "",
    }
    take_in(clinic, qtbot)
    assert clinic.line == "Imported 563 scores. Ctrl+Z takes the import back."
    assert clinic.place.form is None
    assert focus() is clinic.place.caseload_page.table
    clinic.press("Ctrl+Z")
    until(qtbot, lambda: clinic.line == "Undone: Import scores")
    assert dump(clinic.caseload) == {}


def test_the_same_file_again_has_nothing_new(clinic: Person, qtbot: QtBot) -> None:
    brought(clinic, LONG, qtbot)
    take_in(clinic, qtbot)
    before = dump(clinic.caseload)
    form = brought(clinic, LONG, qtbot)
    assert said(form).startswith("Nothing to import")
    assert "already in the caseload" in form.preview.notices.text()
    assert not form.save_button.isEnabled()
    clinic.press("Ctrl+Enter")
    settle()
    assert form.problem.isVisible()
    assert dump(clinic.caseload) == before


def test_another_instrument_is_named_before_its_columns(demo: Person, qtbot: QtBot, tmp_path: Path) -> None:
    before = dump(demo.caseload)
    form = brought(demo, written(tmp_path, "kennung,tag,BDI-II", "1,2026-01-05,41"), qtbot)
    assert said(form) == "This looks like another instrument: PHQ-9 totals go from 0 to 27."
    demo.press("Ctrl+Enter")
    settle()
    assert demo.sees("The file has not been checked yet.")
    assert dump(demo.caseload) == before


def test_the_wide_file_of_another_instrument_does_not_come_in(demo: Person, qtbot: QtBot) -> None:
    before = dump(demo.caseload)
    form = brought(demo, WIDE_BDI, qtbot)
    assert said(form) == "This looks like another instrument: PHQ-9 totals go from 0 to 27."
    assert not form.save_button.isEnabled()
    demo.press("Ctrl+Enter")
    settle()
    assert demo.place.form is form
    assert dump(demo.caseload) == before


def test_every_problem_stands_in_its_row_and_in_the_list(demo: Person, qtbot: QtBot, tmp_path: Path) -> None:
    before = dump(demo.caseload)
    path = written(
        tmp_path,
        "patient,date,total",
        "Q-1,2026-01-05,12",
        "Q-1,2026-13-05,12",
        "Q-2,2026-01-05,-3",
        "Q-2,2026-02-05,2.5",
    )
    form = brought(demo, path, qtbot)
    assert said(form) == "1 score of 1 patient, 1 of them new; 3 problems."
    assert not form.save_button.isEnabled()
    in_rows = {row["Line"]: row["Problem"] for row in cells(form.preview.rows)}
    assert in_rows["2"] == ""
    assert in_rows["3"].startswith("date: ")
    assert in_rows["4"].startswith("total: ")
    listed = cells(form.preview.problems)
    assert [(row["Line"], row["Column"]) for row in listed] == [("3", "date"), ("4", "total"), ("5", "total")]
    for row in listed:
        assert in_rows[row["Line"]] == f"{row['Column']}: {row['Problem']}"
    # Copied and saved as text.
    form.preview.tabs.tabBar().setFocus()
    demo.press("Right")
    demo.click("Copy problems")
    text = QGuiApplication.clipboard().text()
    assert text.splitlines()[0] == f"scores.csv, line 3, date: {listed[0]['Problem']}"
    assert len(text.splitlines()) == 3
    demo.answers.ready("save", tmp_path / "wrong.txt")
    demo.click("Save problems…")
    until(qtbot, lambda: not demo.window.work.busy)
    assert (tmp_path / "wrong.txt").read_text("utf-8") == text
    assert demo.place.form is form
    demo.press("Ctrl+Enter")
    settle()
    assert demo.sees("Nothing can come in before the problems are put right.")
    assert dump(demo.caseload) == before
    QGuiApplication.clipboard().clear()


def test_columns_that_cannot_be_guessed_are_chosen_by_keys_and_remembered(
    clinic: Person, qtbot: QtBot, tmp_path: Path
) -> None:
    lines = ("kennung,tag,wert", "Q-1,2026-01-05,12", "Q-1,2026-01-12,10")
    form = brought(clinic, written(tmp_path, *lines), qtbot)
    assert form.columns is not None
    assert said(form) == "Choose the column that names the patient."
    for slot, name, next_ in (
        (form.columns.patient, "kennung", "Choose the column with the date."),
        (form.columns.date, "tag", "Choose the column with the total."),
        (form.columns.total, "wert", "2 scores of 1 patient, 1 of them new."),
    ):
        assert not form.save_button.isEnabled()
        choose(clinic, slot.widget, name)
        checked(clinic, qtbot)
        assert said(form) == next_
        assert focus() is slot.widget, "a check leaves the keyboard where it is"
    clinic.press("Esc")
    settle()
    assert clinic.place.form is None
    # Another file with the same header, and one with another.
    form = brought(clinic, written(tmp_path, lines[0], "Q-9,2026-02-01,3", name="later.csv"), qtbot)
    assert said(form) == "1 score of 1 patient, 1 of them new."
    take_in(clinic, qtbot)
    assert scores(clinic) == [("Q-9", date(2026, 2, 1), 3, None)]
    form = brought(clinic, written(tmp_path, "kennung,tag,wert,mehr", "Q-9,2026-02-01,3,4", name="other.csv"), qtbot)
    assert said(form) == "Choose the column that names the patient."


def test_what_is_remembered_is_names_of_columns_only(clinic: Person, qtbot: QtBot, tmp_path: Path) -> None:
    header = "patient,date,wert,remark"
    form = brought(clinic, written(tmp_path, header, "Q-77,2026-01-05,12,Zwiebel"), qtbot)
    assert form.columns is not None
    choose(clinic, form.columns.total.widget, "wert")
    checked(clinic, qtbot)
    take_in(clinic, qtbot)
    assert settings.columns(header.split(","))["total"] == "wert"
    kept = settings.file().read_text("utf-8")
    for word in ("Q-77", "2026-01-05", "Zwiebel", "remark"):
        assert word not in kept


def test_what_is_guessed_anyway_is_not_kept(clinic: Person, qtbot: QtBot, tmp_path: Path) -> None:
    brought(clinic, written(tmp_path, "patient,date,total", "Q-77,2026-01-05,12"), qtbot)
    take_in(clinic, qtbot)
    assert settings.columns(("patient", "date", "total")) == {}


@pytest.mark.parametrize("kept", [{}, {"patient": 3}, {"patient": "p", "date": "d", "total": "t", "items": 5}])
def test_spoilt_settings_are_as_none(clinic: Person, qtbot: QtBot, tmp_path: Path, kept: dict[str, object]) -> None:
    settings.remember_columns(("patient", "date", "total"), kept)
    form = brought(clinic, written(tmp_path, "patient,date,total", "Q-1,2026-01-05,12"), qtbot)
    assert said(form) == "1 score of 1 patient, 1 of them new."


def test_of_many_headers_the_oldest_are_let_go() -> None:
    for number in range(settings.MOST_HEADERS + 1):
        settings.remember_columns((f"c{number}",), {"patient": f"c{number}"})
    assert settings.columns(("c0",)) == {}
    assert settings.columns(("c1",)) == {"patient": "c1"}


@pytest.mark.parametrize(
    ("order", "day"),
    [("03/04/2026: the day comes first", date(2026, 4, 3)), ("03/04/2026: the month comes first", date(2026, 3, 4))],
)
def test_whether_the_day_or_the_month_comes_first_is_asked(
    clinic: Person, qtbot: QtBot, tmp_path: Path, order: str, day: date
) -> None:
    form = brought(clinic, written(tmp_path, "patient,date,total", "Q-1,03/04/2026,12"), qtbot)
    assert form.columns is not None
    assert said(form).startswith("Is 03/04/2026 written with the day first")
    clinic.press("Ctrl+Enter")
    settle()
    asked = form.columns.day_first.widget
    assert focus() is asked
    assert dump(clinic.caseload) == {}
    choose(clinic, asked, order)
    checked(clinic, qtbot)
    assert asked.isVisible(), "so that it can be changed"
    take_in(clinic, qtbot)
    assert scores(clinic) == [("Q-1", day, 12, None)]


def test_it_is_not_asked_where_a_day_above_twelve_tells(clinic: Person, qtbot: QtBot, tmp_path: Path) -> None:
    form = brought(clinic, written(tmp_path, "patient,date,total", "Q-1,03/04/2026,12", "Q-1,25/04/2026,11"), qtbot)
    assert form.columns is not None
    assert not form.columns.day_first.widget.isVisible()
    assert said(form) == "2 scores of 1 patient, 1 of them new."


def test_nine_answers_come_in_with_their_blanks(clinic: Person, qtbot: QtBot, tmp_path: Path) -> None:
    clinic.window.resize(1280, 820)
    form = brought(clinic, written(tmp_path, f"patient,date,{ITEMS}", "Q-1,2026-01-05,3,2,1,0,3,2,1,0,"), qtbot)
    assert form.columns is not None
    assert [box.currentText() for box in form.columns.items.boxes] == ITEMS.split(",")
    assert said(form) == "1 score of 1 patient, 1 of them new."
    assert cells(form.preview.rows)[0]["Answers"] == "3 2 1 0 3 2 1 0 –"
    assert not form.preview.rows.isColumnHidden(4)
    take_in(clinic, qtbot)
    assert scores(clinic) == [("Q-1", date(2026, 1, 5), None, (3, 2, 1, 0, 3, 2, 1, 0, None))]


def test_the_first_of_nine_columns_brings_the_others(clinic: Person, qtbot: QtBot, tmp_path: Path) -> None:
    names = ",".join("abcdefghi")
    form = brought(clinic, written(tmp_path, f"patient,date,{names}", "Q-1,2026-01-05,3,2,1,0,3,2,1,0,1"), qtbot)
    assert form.columns is not None
    choose(clinic, form.columns.shape.widget, "One score: its nine answers")
    checked(clinic, qtbot)
    assert said(form) == "Choose a column for each of the nine answers."
    boxes = form.columns.items.boxes
    boxes[0].setCurrentText("a")
    checked(clinic, qtbot)
    assert [box.currentText() for box in boxes] == list("abcdefghi")
    assert said(form) == "1 score of 1 patient, 1 of them new."
    boxes[4].setCurrentIndex(0)
    checked(clinic, qtbot)
    assert said(form) == "Choose a column for each of the nine answers."
    assert not form.save_button.isEnabled()


def test_scores_side_by_side_get_their_day_or_week(clinic: Person, qtbot: QtBot, tmp_path: Path) -> None:
    form = brought(clinic, written(tmp_path, "patient,begun,intake,end", "Q-1,2026-01-05,20,9"), qtbot)
    assert form.columns is not None
    choose(clinic, form.columns.patient.widget, "patient")
    choose(clinic, form.columns.shape.widget, "One patient: totals side by side")
    checked(clinic, qtbot)
    assert said(form) == "Say for each column of scores its day or its week."
    lines = form.columns.occasions.lines
    clinic.fill(lines["intake"], "0")
    checked(clinic, qtbot)
    assert said(form) == "Choose the column with the day the weeks are counted from."
    choose(clinic, form.columns.date.widget, "begun")
    clinic.fill(lines["end"], "2026-04-01")
    checked(clinic, qtbot)
    assert said(form) == "2 scores of 1 patient, 1 of them new."
    take_in(clinic, qtbot)
    assert scores(clinic) == [("Q-1", date(2026, 1, 5), 20, None), ("Q-1", date(2026, 4, 1), 9, None)]


def test_patients_nobody_knows_can_stay_out(clinic: Person, qtbot: QtBot, tmp_path: Path) -> None:
    clinic.place.desk.edit(added(message("Add patient"), Patient(code="K-1")))
    path = written(tmp_path, "patient,date,total", "K-1,2026-01-05,12", "N-1,2026-01-05,9", "N-2,2026-01-05,8")
    form = brought(clinic, path, qtbot)
    assert said(form) == "3 scores of 3 patients, 2 of them new."
    assert clinic.sees("2 patients: N-1, N-2")
    choose(clinic, form.unknown.widget, "Leave their scores out")
    checked(clinic, qtbot)
    assert said(form) == "1 score of 1 patient, 0 of them new; 2 rows left out."
    take_in(clinic, qtbot)
    assert [code for code, *_rest in scores(clinic)] == ["K-1"]


def test_a_code_that_nearly_matches_is_offered(clinic: Person, qtbot: QtBot, tmp_path: Path) -> None:
    clinic.place.desk.edit(added(message("Add patient"), Patient(code="Müller-1")))
    form = brought(clinic, written(tmp_path, "patient,date,total", "MULLER-1,2026-01-05,12"), qtbot)
    assert said(form) == "1 score of 1 patient, 1 of them new."
    (box,) = form.near.stops()
    assert clinic.sees("MULLER-1 in the file is")
    assert clinic.sees("1 code is nearly one in the caseload")
    choose(clinic, box, "The same as Müller-1")
    checked(clinic, qtbot)
    assert said(form) == "1 score of 1 patient, 0 of them new."
    assert not clinic.sees("1 code is nearly one in the caseload")
    assert box.isVisible(), "so that it can be changed"
    take_in(clinic, qtbot)
    assert [code for code, *_rest in scores(clinic)] == ["Müller-1"]


def workbook(folder: Path) -> Path:
    book = Workbook()
    for number, name in enumerate(("First group", "Second group")):
        sheet = book.active if not number else book.create_sheet(name)
        sheet.title = name
        sheet.append(["patient", "date", "total"])
        sheet.append([f"X-{number + 1}", date(2026, 1, 5 + number), 12 + number])
    book.save(folder / "groups.xlsx")
    return folder / "groups.xlsx"


def test_a_sheet_of_a_workbook_is_chosen_by_a_key(clinic: Person, qtbot: QtBot, tmp_path: Path) -> None:
    form = brought(clinic, workbook(tmp_path), qtbot)
    assert focus() is form.slots["sheet"].widget
    assert cells(form.preview.rows)[0]["Patient"] == "X-1"
    clinic.press("Down")
    until(qtbot, lambda: clinic.place.form is not form)
    form = checked(clinic, qtbot)
    assert form is not None
    assert focus() is form.slots["sheet"].widget
    assert cells(form.preview.rows)[0]["Patient"] == "X-2"
    take_in(clinic, qtbot)
    assert scores(clinic) == [("X-2", date(2026, 1, 6), 13, None)]


def test_another_file_takes_the_place_of_the_first(clinic: Person, qtbot: QtBot, tmp_path: Path) -> None:
    first = brought(clinic, LONG, qtbot)
    clinic.answers.ready("open", written(tmp_path, "patient,date,total", "Q-1,2026-01-05,12"))
    clinic.click("Another file…")
    form = checked(clinic, qtbot)
    assert form is not None
    assert form is not first
    assert said(form) == "1 score of 1 patient, 1 of them new."
    clinic.press("Esc")
    settle()
    assert clinic.place.form is None
    assert clinic.place.caseload_page.isVisible()
    assert dump(clinic.caseload) == {}


@pytest.mark.parametrize(("content", "word"), [(b"", "empty"), (b"%PDF-1.7\0\0", "text"), (b"PK\x03\x04 no book", "")])
def test_a_file_that_is_no_table_is_refused_in_the_line(
    clinic: Person, qtbot: QtBot, tmp_path: Path, content: bytes, word: str
) -> None:
    path = tmp_path / "strange.csv"
    path.write_bytes(content)
    assert bringing(clinic, path, qtbot) is None
    assert "strange.csv" in clinic.line
    assert word in clinic.line
    assert clinic.place.isEnabled()


def test_a_check_is_overtaken_by_the_next_choice(clinic: Person, qtbot: QtBot, tmp_path: Path) -> None:
    """The first check is still under way when another column is chosen: only the second is told."""
    path = written(tmp_path, "patient,date,total,second", *(f"Q-{n},2026-01-05,12,7" for n in range(600)))
    form = brought(clinic, path, qtbot)
    assert form.columns is not None
    work, tick, seen = clinic.window.work, clinic.window.work._tick, []

    def ticked(done: int, total: int) -> None:
        if not seen:
            until_cancelled = 2000
            while not work._cancel.wait(0.01) and until_cancelled:
                until_cancelled -= 1
        seen.append(done)
        tick(done, total)

    work._tick = ticked  # type: ignore[method-assign]
    choose(clinic, form.unknown.widget, "Leave their scores out")
    until(qtbot, lambda: work.busy)
    choose(clinic, form.unknown.widget, "Add them as new patients")
    choose(clinic, form.columns.total.widget, "second")
    checked(clinic, qtbot)
    assert said(form) == "600 scores of 600 patients, 600 of them new."
    assert cells(form.preview.rows)[0]["Total"] == "7"
    assert not form.again.isVisible()


def test_leaving_stops_a_check(clinic: Person, qtbot: QtBot) -> None:
    form = brought(clinic, LONG, qtbot)
    work, tick = clinic.window.work, clinic.window.work._tick

    def ticked(done: int, total: int) -> None:
        assert work._cancel.wait(20)
        tick(done, total)

    work._tick = ticked  # type: ignore[method-assign]
    choose(clinic, form.unknown.widget, "Leave their scores out")
    until(qtbot, lambda: work.busy)
    clinic.press("Esc")
    until(qtbot, lambda: not work.busy)
    assert clinic.place.form is None
    assert clinic.place.caseload_page.isVisible()


def test_a_stopped_check_can_be_made_again(clinic: Person, qtbot: QtBot) -> None:
    form = brought(clinic, LONG, qtbot)
    work, tick = clinic.window.work, clinic.window.work._tick

    def ticked(done: int, total: int) -> None:
        work._cancel.set()
        tick(done, total)

    work._tick = ticked  # type: ignore[method-assign]
    choose(clinic, form.unknown.widget, "Leave their scores out")
    checked(clinic, qtbot)
    assert said(form) == "Stopped. Nothing was changed."
    assert not form.save_button.isEnabled()
    work._tick = tick  # type: ignore[method-assign]
    clinic.click("Check again")
    checked(clinic, qtbot)
    assert said(form) == "Nothing to import; 563 rows left out."
    assert not form.again.isVisible()


def test_what_changed_since_the_check_is_found_before_anything_is_written(
    clinic: Person, qtbot: QtBot, tmp_path: Path
) -> None:
    form = brought(clinic, written(tmp_path, "patient,date,total", "Q-1,2026-01-05,12"), qtbot)
    clinic.caseload.edit(added(message("Add patient"), Patient(code="Q-1", withdrawn="-")), at=AT)
    before = dump(clinic.caseload)
    take_in(clinic, qtbot)
    checked(clinic, qtbot)
    assert clinic.place.form is form
    assert said(form).endswith("1 problem.")
    assert dump(clinic.caseload) == before


def test_the_page_is_named_and_all_of_it_reached_by_tab(demo: Person, qtbot: QtBot, tmp_path: Path) -> None:
    path = written(tmp_path, f"patient,date,{ITEMS},total", "demo-003,03/04/2026,1,1,1,1,1,1,1,1,1,9")
    form = brought(demo, path, qtbot)
    assert form.columns is not None
    choose(demo, form.columns.day_first.widget, "03/04/2026: the day comes first")
    checked(demo, qtbot)
    assert form.near.stops()[0].isVisible()
    assert nameless(form) == []
    form.start()
    reached: list[QWidget | None] = []
    while focus() not in reached:
        reached.append(focus())
        demo.press("Tab")
        assert len(reached) < 60
    assert [
        f"{type(w).__name__} {w.accessibleName() or w.property('text')}" for w in stops(form) if w not in reached
    ] == []
    # As they stand on the page: the choices from above, then what was found.
    kept = [widget for widget in form.stops() if widget in stops(form)]
    assert [w for w in reached if w in kept] == [*kept[1:], kept[0]]
