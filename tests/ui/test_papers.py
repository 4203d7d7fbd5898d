"""Several papers typed in a row after a group, by keys alone or pasted; and the blank ones printed before it."""

from __future__ import annotations

from contextlib import closing
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader
from PySide6.QtGui import QGuiApplication

from trdtrack.caseload import Caseload
from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.domain.records import Assessment, Course, Patient, Rules
from trdtrack.settings import Look
from trdtrack.ui import theme
from trdtrack.ui.entry import papers_grid
from trdtrack.ui.entry.papers import PapersForm
from trdtrack.ui.entry.papers_read import Reader, Typed, block, course_on
from trdtrack.ui.window import SMALLEST
from trdtrack.words import say
from ui.hands import AT, PASSPHRASE, TODAY, Person, cells, dump, focus, settle, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from trdtrack.ui.entry.papers_grid import Grid
    from trdtrack.ui.entry.papers_row import PaperRow

CODES = ("A-001", "A-002", "A-014", "B-002")
BEGUN = date(2026, 9, 1)


@pytest.fixture
def group(clinic: Person) -> Person:
    """Somebody with four patients in a group: all have a course but B-002; A-014 was answered today already."""
    people = {code: Patient(id=code, code=code, name=f"Name {code[-1]}") for code in CODES}
    courses = [Course(id=f"c{code}", patient=code, modality="CBT", start=BEGUN) for code in CODES[:3]]
    score = Assessment(patient="A-014", course="cA-014", date=TODAY, total=9, entered=AT)
    clinic.place.desk.edit(added(message("Add"), *people.values(), *courses, score))
    settle()
    return clinic


def grid(person: Person) -> Grid:
    assert isinstance(person.place.form, PapersForm)
    return person.place.form.grid


def row(person: Person, number: int) -> PaperRow:
    return grid(person).rows[number - 1]


def said(person: Person, number: int) -> str:
    return row(person, number).words.text()


def clip(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def new(person: Person, before: dict) -> list[Assessment]:
    """The assessments added since; of anything else only the risk records they open themselves."""
    found = [record for key, record in dump(person.caseload).items() if key not in before]
    assert {record.kind for record in found} <= {"assessment", "risk"}
    return sorted((record for record in found if isinstance(record, Assessment)), key=lambda a: a.patient)


# Typed


def test_a_row_a_patient_by_keys_alone_is_one_edit(group: Person) -> None:
    before = dump(group.caseload)
    group.press("Ctrl+G")
    settle()
    assert focus() is row(group, 1).code
    group.pressed = 0
    group.write("A-001")
    group.press("Enter", *"233213200", "1")
    assert focus() is row(group, 2).code
    group.write("a-002")  # whatever its case
    group.press("Enter", *"1101", "Space", *"1011", "Enter")
    assert focus() is row(group, 3).code
    assert (said(group, 1), row(group, 1).name.whole) == ("16   moderately severe", "Name 1")
    assert said(group, 2) == "7   mild, prorated: 8 of 9 answered   ■ item 9: 1"
    assert grid(group).count.text() == "2 papers to save"
    group.press("Ctrl+Enter")
    assert group.pressed <= 2 * 17 + 1
    settle()
    assert group.place.form is None
    assert group.line == "Saved: Enter papers. Ctrl+Z takes it back."
    first, second = new(group, before)
    assert (first.patient, first.course, first.date, first.session) == ("A-001", "cA-001", TODAY, None)
    assert (first.answers, first.difficulty) == ((2, 3, 3, 2, 1, 3, 2, 0, 0), 1)
    assert (second.answers, second.difficulty) == ((1, 1, 0, 1, None, 1, 0, 1, 1), None)
    assert group.sees("1 risk")  # item 9 of the second waits on the caseload
    group.press("Ctrl+Z")
    assert group.line == "Undone: Enter papers"
    assert dump(group.caseload) == before


def test_the_form_says_that_no_session_is_made(group: Person) -> None:
    group.press("Ctrl+G")
    assert group.sees("No session is written down")


def test_a_row_has_room_at_twice_the_size_in_the_smallest_window(group: Person) -> None:
    theme.take(Look(text_size=200))
    try:
        group.window.resize(*SMALLEST)
        group.press("Ctrl+G")
        settle()
        first, form = row(group, 1), group.place.form
        first.code.setText("A-001")
        first.answers.setText("233213200")
        settle()
        assert first.words.text() == "16   moderately severe"
        assert first.name.whole == "Name 1"
        assert form is not None
        for widget in (first.difficulty, first.words):
            assert widget.mapTo(form, widget.rect().topRight()).x() <= form.width()
        assert form.minimumSizeHint().width() <= group.place.room.width()
    finally:
        theme.take(Look())


def test_a_code_is_completed_from_a_part_of_it(group: Person) -> None:
    group.press("Ctrl+G")
    group.write("a-0")
    assert said(group, 1) == "Down takes A-001; also A-002, A-014."
    group.press("Down")
    assert (focus(), row(group, 1).code.text()) == (row(group, 1).code, "A-001")
    assert row(group, 1).name.whole == "Name 1"
    group.press("Down")  # it is a code now: the arrow goes its way
    assert focus() is row(group, 2).code
    group.write("14")
    assert said(group, 2) == "Down takes A-014."
    group.press("Down", "Enter")
    assert (focus(), row(group, 2).code.text()) == (row(group, 2).answers, "A-014")


def test_a_part_of_a_code_is_never_taken_for_it(group: Person) -> None:
    before = dump(group.caseload)
    group.press("Ctrl+G")
    group.write("14")
    group.press("Enter", *"000000000", "Ctrl+Enter")
    assert group.sees("1 row has a problem; nothing is saved until it is put right or emptied.")
    assert focus() is row(group, 1).code
    assert dump(group.caseload) == before


def test_arrows_go_up_and_down_and_a_wrong_key_is_told(group: Person) -> None:
    group.press("Ctrl+G")
    settle()
    group.write("A-001")
    group.press("Enter", "4")
    assert row(group, 1).answers.text() == ""
    assert said(group, 1) == "An answer is 0, 1, 2 or 3; - for a question left blank."
    group.press("1")
    assert said(group, 1) == "1 of 9 answers: type - for a question left blank."
    group.press("Down")
    assert focus() is row(group, 2).answers
    group.press("Up", "Up")
    assert focus() is row(group, 1).answers


def test_tab_goes_through_the_rows_and_on_to_save(group: Person) -> None:
    group.press("Ctrl+G")
    settle()
    group.write("A-001")
    form = group.place.form
    expected = [cell for number in (1, 2) for cell in row(group, number).cells.values()]
    expected += [grid(group).paste, form.cancel_button, form.save_button]
    for widget in expected:
        assert focus() is widget
        group.press("Tab")


def test_each_row_says_its_problem_and_nothing_is_saved_until_all_are_well(group: Person) -> None:
    before = dump(group.caseload)
    group.press("Ctrl+G")
    grid(group).put(
        [
            Typed("A-001", "000000000"),
            Typed("nobody", "000000000"),
            Typed("", "000000000"),
            Typed("A-001", "111111111"),
            Typed("B-002", "111111111"),
            Typed("A-014", "111111111"),
            Typed("A-002", "11111"),
            Typed("A-002", "---------"),
            Typed("A-002"),
        ]
    )
    assert [said(group, number) for number in range(1, 10)] == [
        "0   minimal",
        "There is no patient with this code.",
        "Type the patient's code.",
        "This patient stands in row 1 already.",
        "There is no course of care yet: begin one on the patient's page.",
        "A PHQ-9 of 20 Nov 2026 is written down already.",
        "5 of 9 answers: type - for a question left blank.",
        "This patient stands in row 7 already.",
        "No paper: this row is left out.",
    ]
    assert grid(group).count.text() == "1 paper to save  ·  7 rows have a problem"
    group.press("Ctrl+Enter")
    assert group.sees("7 rows have a problem; nothing is saved until they are put right or emptied.")
    assert focus() is row(group, 2).code
    assert dump(group.caseload) == before
    grid(group).put([Typed() for _row in range(6)], start=1)
    grid(group).put([Typed("A-002", "---------")], start=7)
    assert said(group, 8) == "None of the nine questions is answered: there is nothing to record."
    grid(group).put([Typed("A-002", "333333333", "7")], start=7)
    assert said(group, 8) == "Question 10 takes 0, 1, 2 or 3."
    grid(group).put([Typed("A-002", "333333333", "3")], start=7)
    group.press("Ctrl+Enter")
    settle()
    assert [a.patient for a in new(group, before)] == ["A-001", "A-002"]


def test_the_day_above_is_the_day_of_all(group: Person) -> None:
    before = dump(group.caseload)
    group.press("Ctrl+G")
    grid(group).put([Typed("A-001", "111111111"), Typed("A-014", "222222222")])
    assert said(group, 2) == "A PHQ-9 of 20 Nov 2026 is written down already."
    for text, problem in (
        ("", "Say on which day the papers were filled in."),
        ("2026-11-31", "2026-11-31 is not a date: write it as 2026-05-31."),
        ("2026-11-21", "21 Nov 2026 is in the future."),
    ):
        group.fill(group.field("date"), text)
        group.press("Ctrl+Enter")
        assert group.sees(problem)
        assert focus() is group.field("date")
    assert dump(group.caseload) == before
    group.fill(group.field("date"), "19.11.2026")
    assert said(group, 2).startswith("18   moderately severe")
    group.press("Ctrl+Enter")
    settle()
    assert {a.date for a in new(group, before)} == {TODAY - timedelta(days=1)}


def test_nothing_typed_is_nothing_to_save(group: Person) -> None:
    group.press("Ctrl+G", "Ctrl+Enter")
    assert group.sees("There is nothing to save yet: type a code and nine answers.")


def test_where_gaps_are_not_prorated_there_is_no_total(group: Person) -> None:
    group.place.desk.edit(added(message("Rule"), Rules(prorate=False)))
    group.press("Ctrl+G")
    grid(group).put([Typed("A-001", "1111-1110")])
    assert said(group, 1) == "8 of 9 answered: no total"


# From the caseload


def test_the_patients_chosen_have_their_rows(group: Person) -> None:
    table = group.place.caseload_page.table
    table.selectAll()
    chosen = [one.gist.code for one in table.all_chosen()]
    group.click("Enter papers…")
    assert [typed.code for typed in grid(group).typed()] == chosen
    assert sorted(chosen) == list(CODES)
    assert focus() is row(group, 1).answers
    group.press("Esc")
    group.press("Ctrl+G")
    assert [typed.code for typed in grid(group).typed()] == chosen
    before = dump(group.caseload)
    place = chosen.index("A-002")
    for _row in range(place):
        group.press("Enter")
    group.press(*"000000000", "Ctrl+Enter")
    settle()
    assert [a.patient for a in new(group, before)] == ["A-002"]


def test_a_patient_merely_looked_at_is_not_chosen(group: Person) -> None:
    group.press("Down", "Ctrl+G")
    assert grid(group).typed() == []
    group.press("Esc")
    group.show_patient("A-001")
    group.press("Ctrl+G")
    assert grid(group).typed() == []


def test_the_search_offers_it_by_name(group: Person) -> None:
    group.press("Ctrl+K")
    group.write("enter papers")
    group.press("Enter")
    settle()
    assert isinstance(group.place.form, PapersForm)


# Pasted


@pytest.mark.parametrize(
    "text",
    [
        "A-001\t2\t3\t3\t2\t1\t3\t2\t0\t\t1\nA-002\t0\t0\t0\t0\t0\t0\t0\t0\t0\t\n",
        "A-001,2,3,3,2,1,3,2,0,,1\r\nA-002,0,0,0,0,0,0,0,0,0\r\n",
        'code;q1;q2;q3;q4;q5;q6;q7;q8;q9;q10\n"A-001";2;3;3;2;1;3;2;0;-;1\n\nA-002;0;0;0;0;0;0;0;0;0;\n',
        "Patient\tAnswers\tDifficulty\nA-001\t23321320-\t1\nA-002\t000000000\t\n",
        "A-001\t2 3 3 2 1 3 2 0 -\t1\nA-002\t0 0 0 0 0 0 0 0 0",
    ],
)
def test_a_block_of_a_spreadsheet_fills_rows(group: Person, text: str) -> None:
    assert block(text) == [Typed("A-001", "23321320-", "1"), Typed("A-002", "000000000")]
    clip(text)
    group.press("Ctrl+G", "Ctrl+V")
    assert grid(group).typed() == [Typed("A-001", "23321320-", "1"), Typed("A-002", "000000000")]
    assert grid(group).count.text() == "2 papers to save"
    assert focus() is row(group, 3).code
    before = dump(group.caseload)
    group.press("Ctrl+Enter")
    settle()
    assert [a.patient for a in new(group, before)] == ["A-001", "A-002"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("A-001,1,2,3,4,0,0,0,0,0", "Question 4 takes 0, 1, 2 or 3."),
        ("A-001,1,2,10,0,0,0,0,0,0", "Question 3 takes 0, 1, 2 or 3."),
        ("A-001,1,2,3,0,0,0,0,0,1.0", "Question 9 takes 0, 1, 2 or 3."),
        ("A-001,12301230", "8 of 9 answers: type - for a question left blank."),  # a spreadsheet ate the first 0
        ("A-001,1,2,3,0,0,0,0,0", "8 of 9 answers: type - for a question left blank."),
        ("A-001,1,2,3,0,0,0,0,0,1,13", "Question 10 takes 0, 1, 2 or 3."),  # a total
        ("A-001,1,2,3,0,0,0,0,0,1,1,13", "10 of 9 answers: type - for a question left blank."),
        ("A-001,,,,,,,,,", "No paper: this row is left out."),
    ],
)
def test_what_a_block_has_wrong_is_said_in_its_row_and_never_guessed(group: Person, line: str, words: str) -> None:
    clip(line + "\n")
    group.press("Ctrl+G", "Ctrl+V")
    assert said(group, 1) == words


def test_the_button_pastes_below_what_is_there(group: Person) -> None:
    group.press("Ctrl+G")
    clip("")
    group.click("Paste rows from a spreadsheet")
    assert grid(group).count.text() == "There are no rows on the clipboard to paste."
    grid(group).put([Typed("A-001", "000000000")])
    clip("A-002\t111111110\n")
    group.click("Paste rows from a spreadsheet")
    assert [typed.code for typed in grid(group).typed()] == ["A-001", "A-002"]


def test_one_word_is_pasted_into_its_field(group: Person) -> None:
    clip("A-002")
    group.press("Ctrl+G", "Ctrl+V")
    assert grid(group).typed() == [Typed("A-002")]


def test_rows_there_is_no_room_for_are_told(group: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers_grid, "MOST_ROWS", 3)
    clip("".join(f"A-00{n}\t000000000\n" for n in range(5)))
    group.press("Ctrl+G", "Ctrl+V")
    assert len(grid(group).rows) == 3
    assert grid(group).count.text().endswith("2 rows left out: 3 fit")


# Drafts


def test_a_crash_loses_nothing_typed_and_the_draft_is_found_again(
    group: Person, qtbot: QtBot, at_window: Callable[[Path, str], Person]
) -> None:
    path = group.caseload.path
    group.press("Ctrl+G")
    settle()
    group.write("A-001")
    group.press("Enter", *"23321")
    until(qtbot, lambda: group.caseload.draft("papers") is not None)
    with closing(Caseload.open(path, PASSPHRASE, who="other")) as other:
        assert [draft.form for draft in other.drafts()] == ["papers"]
    group.place.forms.form = None  # as if the program had died
    again = at_window(path, PASSPHRASE)
    again.place.caseload_page.tabs.setCurrentIndex(1)
    settle()
    assert "Papers not saved yet" in [say(task.words) for task in again.place.caseload_page.to_do.table.rows.records]
    again.place.caseload_page.table.selectAll()
    again.press("Ctrl+G")
    settle()
    kept = grid(again).typed()
    assert kept[0] == Typed("A-001", "23321")
    assert again.sees("not saved yet")
    again.click("Start anew")
    assert Typed("A-001", "23321") not in grid(again).typed()


def test_a_draft_opens_from_the_list_of_what_is_to_do(group: Person, qtbot: QtBot) -> None:
    group.press("Ctrl+G")
    grid(group).put([Typed("A-001", "12")])
    until(qtbot, lambda: group.caseload.draft("papers") is not None)
    group.place.close_form()
    page = group.place.caseload_page
    page.tabs.setCurrentIndex(1)
    settle()
    (task,) = [task for task in page.to_do.table.rows.records if task.draft]
    group.place.going.to_task(task)
    assert grid(group).typed() == [Typed("A-001", "12")]


# Which course


def test_the_course_is_the_one_in_force_on_the_day_and_said_where_there_are_several(group: Person) -> None:
    ended = Course(id="old", patient="A-002", modality="BA", start=date(2025, 1, 1), end=date(2025, 6, 1))
    group.place.desk.edit(added(message("Add"), ended))
    d = group.caseload.dossier("A-002")
    assert [course_on(d, day).id for day in (date(2025, 3, 1), date(2026, 8, 31), BEGUN)] == ["old", "old", "cA-002"]
    assert course_on(d, date(2024, 12, 31)).id == "cA-002", "before all: the current one, as an import does"
    group.press("Ctrl+G")
    grid(group).put([Typed("A-001", "000000000"), Typed("A-002", "000000000")])
    assert said(group, 1) == "0   minimal"
    assert said(group, 2) == "0   minimal   CBT, since 1 Sept 2026"
    group.fill(group.field("date"), "2025-03-01")
    assert said(group, 2) == "0   minimal   BA, 2025, ended"
    before = dump(group.caseload)
    group.press("Ctrl+Enter")
    settle()
    assert [a.course for a in new(group, before)] == ["cA-001", "old"]


def test_two_patients_of_one_code_are_not_guessed_between(group: Person) -> None:
    gists = [gist for gist in group.caseload.gists() if gist.code == "A-001"]
    twins = [gists[0], gists[0]._replace(patient="other"), gists[0]._replace(patient="small", code="a-009")]
    reader = Reader(twins, dossier=group.caseload.dossier, rules=Rules(), entered=AT)
    (twice, once) = reader.read([Typed("A-001", "000000000"), Typed("A-009")], TODAY)
    assert say(twice.words) == "More than one patient has this code."
    assert once.patient == "small"


# Printed before


@pytest.fixture
def printing(group: Person, tmp_path: Path, qtbot: QtBot) -> Callable[[], Iterator[str]]:
    """Press Make PDF; return the text of each page."""

    def pages() -> list[str]:
        path = tmp_path / "blank.pdf"
        group.answers.ready("save", path)
        group.press("Ctrl+Enter")
        until(qtbot, lambda: group.line == f"Wrote {path}.")
        assert group.answers.asked[-1] == f"PHQ-9-blank-{TODAY}.pdf"
        assert group.place.form is None
        return [" ".join(page.extract_text().split()) for page in PdfReader(path).pages]

    return pages


def test_a_blank_one_from_the_patients_page(group: Person, printing: Callable[[], list[str]]) -> None:
    group.show_patient("B-002")  # without a course
    group.place.patient_page.head.actions_by_name["blank"].trigger()
    settle()
    (page,) = printing()
    assert "Patient B-002" in page
    assert "Name 2" not in page


def test_a_batch_from_a_selection_with_the_names_if_asked(group: Person, printing: Callable[[], list[str]]) -> None:
    table = group.place.caseload_page.table
    table.selectAll()
    chosen = [one.gist.code for one in table.all_chosen()]
    group.click("Blank PHQ-9…")
    assert group.sees("4 pages in one PDF, one a patient.")
    group.field("names").setChecked(True)
    found = printing()
    assert [f"Patient {code} Name {code[-1]}" in page for code, page in zip(chosen, found, strict=True)] == [True] * 4
    assert [one.gist.code for one in table.all_chosen()] == chosen


def test_too_many_pages_are_refused_in_the_form(group: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trdtrack.report.blank.MOST_PAGES", 3)
    group.place.caseload_page.table.selectAll()
    group.click("Blank PHQ-9…")
    group.press("Ctrl+Enter")
    assert group.sees("These are 4 pages: one file takes at most 3.")
    assert group.place.form is not None


def test_an_item_9_typed_and_not_saved_is_open_risk_of_its_patient_at_once(group: Person, qtbot: QtBot) -> None:
    group.press("Ctrl+G")
    settle()
    group.write("A-002")
    group.press("Enter", *"000000002", "Enter")
    group.write("nobody")
    group.press("Enter", *"000000003")
    until(qtbot, lambda: "nobody" in (draft.text if (draft := group.caseload.draft("papers")) else ""))
    path = group.caseload.path
    group.lock()
    group.window.unlock.choose(path)
    group.fill(group.window.unlock.passphrase, PASSPHRASE)
    group.press("Enter")
    until(qtbot, lambda: group.window.workspace is not None)
    page = group.place.caseload_page
    assert page.roster.ordered[0].gist.code == "A-002"
    risks = {r["Patient"]: r["Risk"] for r in cells(page.table)}
    assert risks["A-002"] == "■ confirm item 9: 2"
    assert risks["A-001"] == ""
