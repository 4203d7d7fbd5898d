"""The table of items and one score's answers: what they show is what the record holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from trdtrack.domain.items import NAMES
from trdtrack.ui.patient.items import SHADE, SHADES, ItemTable
from trdtrack.words import say, signed
from ui.hands import Person, scores, settle

if TYPE_CHECKING:
    from trdtrack.ui.patient.page import PatientPage


@pytest.fixture
def page(demo: Person) -> PatientPage:
    """A course with a gap in one score, its items shown."""
    demo.show_patient("DEMO-003")
    shown = demo.place.patient_page
    shown.tabs.setCurrentWidget(shown.items)
    settle()
    return shown


def shown(table: ItemTable) -> dict[str, list[str]]:
    """Each item's cells by its short name."""
    rows = table.rows
    return {
        rows.headerData(row, Qt.Orientation.Vertical).split("  ", 1)[1]: [
            rows.index(row, column).data() for column in range(rows.columnCount())
        ]
        for row in range(rows.rowCount())
    }


def test_every_answer_stands_in_its_cell_and_the_change_at_the_end(page: PatientPage) -> None:
    answers = [p.assessment.answers for p in page.summary.points]
    for item, (name, cells) in enumerate(shown(page.items).items()):
        assert name == say(NAMES[item])
        assert cells[:-1] == ["·" if each[item] is None else str(each[item]) for each in answers]
        assert cells[-1] == signed(answers[-1][item] - answers[0][item])


def test_the_darker_the_cell_the_higher_the_answer(page: PatientPage) -> None:
    rows = page.items.rows
    for row in range(rows.rowCount()):
        for column in range(len(rows.points)):
            index = rows.index(row, column)
            assert index.data(SHADE) == (None if index.data() == "·" else SHADES[int(index.data())])
    assert sorted(SHADES) == list(SHADES)


def test_what_changed_most_comes_first_on_demand(page: PatientPage) -> None:
    page.items.by_change.setChecked(True)
    moved = [abs(int(cells[-1].replace("−", "-"))) for cells in shown(page.items).values()]
    assert moved == sorted(moved, reverse=True)
    page.items.by_change.setChecked(False)
    assert list(shown(page.items)) == [say(name) for name in NAMES]


def test_a_column_opens_its_score_beside_the_first_and_the_one_before(demo: Person, page: PatientPage) -> None:
    points = page.summary.points
    page.items.table.setFocus()
    page.items.table.setCurrentIndex(page.items.rows.index(0, 3))
    demo.press("Right")
    settle()
    assert page.side.currentWidget() is page.now, "looking about changes nothing"
    demo.press("Enter")
    settle()
    assert page.side.currentWidget() is page.one
    answers = [points[i].assessment.answers for i in (0, 3, 4)]
    cells = [[cell.text() for cell in row] for row in page.one._cells]
    for item in range(9):
        assert cells[item + 1][1:] == [str(each[item]) for each in answers]
    session = next(s for s in page.summary.sessions if s.id == points[4].assessment.session)
    assert session.note in page.one.note.text()
    assert page.one.heading.text().startswith(f"{points[4].date.day} ")


def test_enter_on_the_chart_opens_a_score_and_escape_closes_it(demo: Person, page: PatientPage) -> None:
    page.chart.setFocus()
    demo.press("End", "Enter")
    settle()
    assert page.side.currentWidget() is page.one
    assert page.one.point == page.summary.points[-1]
    page.one.buttons["correct"].setFocus()
    demo.press("Esc")
    settle()
    assert page.side.currentWidget() is page.now


def test_a_score_is_re_dated_and_chosen_as_baseline_from_its_answers(demo: Person, page: PatientPage) -> None:
    second = page.summary.points[1]
    page._show_point(second)
    demo.answers.ready("ask", "no date")
    demo.click("Re-date…")
    assert demo.line == "no date is not a date: write it as 2026-05-31."
    demo.answers.ready("ask", second.date.replace(day=second.date.day - 1).isoformat())
    demo.click("Re-date…")
    assert demo.line == "Re-dated. Ctrl+Z takes it back."
    assert page.one.point.date == second.date.replace(day=second.date.day - 1), "the score stays open"
    demo.answers.ready("ask", "ill in the first week")
    demo.click("Make it the baseline…")
    assert page.summary.baseline.point.assessment.id == second.assessment.id
    assert demo.sees("chosen by the therapist: ill in the first week")
    assert [row["Change"] for row in scores(demo)][-2] == "baseline"
    demo.answers.ready("ask", "")
    page._show_point(page.summary.points[3])
    demo.click("Make it the baseline…")
    assert demo.line == "Choosing another baseline needs a reason."


def test_a_withdrawn_score_closes_its_answers(demo: Person, page: PatientPage) -> None:
    page._show_point(page.summary.points[3])
    demo.answers.ready("ask", "entered twice")
    demo.click("Withdraw…")
    settle()
    assert page.side.currentWidget() is page.now
    demo.press("Ctrl+Z")


def test_a_course_without_answers_says_so(demo: Person, page: PatientPage) -> None:
    demo.show_patient("DEMO-040")
    page.tabs.setCurrentWidget(page.items)
    settle()
    assert page.items.nothing.isVisible()
    assert not page.items.table.isVisible()
