"""Two windows on one file: nobody's work is overwritten, and what the other did is seen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from trdtrack.domain.edit import altered
from trdtrack.domain.message import message
from trdtrack.ui.settings.page import SettingsPage
from ui.hands import AT, Person, cells, dump, scores, settle

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STALE = "Somebody changed this first. Look at it again; nothing was overwritten."
CODE = "DEMO-021"


def correct_last(person: Person) -> None:
    person.place.patient_page.scores._correct()
    settle()


def both(at_window: Callable[..., Person], demo_file: Path) -> tuple[Person, Person]:
    one, two = at_window(demo_file, "demo"), at_window(demo_file, "demo")
    for person in (one, two):
        person.show_patient(CODE)
    return one, two


def test_the_second_correction_of_one_score_is_told_and_kept(at_window: Callable[..., Person], demo_file: Path) -> None:
    one, two = both(at_window, demo_file)
    for person in (one, two):
        correct_last(person)
    one.log.answers[0].setText("0")
    one.log.save()
    two.log.answers[0].setText("3")
    two.log.note.setPlainText("typed by the second")
    before = dump(two.caseload)
    two.log.save()
    settle()
    assert two.sees(STALE)
    assert two.log.answers[0].text() == "3"
    assert two.log.note.toPlainText() == "typed by the second"
    assert dump(two.caseload) == before
    # "Look at it again": leaving the form shows what is stored now, and correcting that works.
    two.answers.ready("confirm", answer=True)
    two.log.left.emit()
    settle()
    assert scores(two) == scores(one)
    correct_last(two)
    assert two.log.answers[0].text() == "0"
    two.log.answers[0].setText("3")
    two.log.save()
    settle()
    assert two.place.form is None
    assert scores(two)[0]["Answers"].startswith("3")


def test_the_second_undo_of_a_record_changed_since_is_told(at_window: Callable[..., Person], demo_file: Path) -> None:
    one, two = both(at_window, demo_file)
    correct_last(one)
    one.log.answers[0].setText("0")
    one.log.save()
    two.place.desk.look_again()
    correct_last(two)
    two.log.answers[0].setText("3")
    two.log.save()
    before = dump(two.caseload)
    one.place.desk.undo()
    settle()
    assert one.line == STALE
    assert dump(one.caseload) == before
    assert scores(one) == scores(two), "what the sentence is about is on the page"


def test_what_the_other_window_did_is_seen_on_coming_back(at_window: Callable[..., Person], demo_file: Path) -> None:
    one, two = both(at_window, demo_file)
    one.place.log_session()
    for field, digit in zip(one.log.answers, "233213201", strict=False):
        field.setText(digit)
    one.log.save()
    settle()
    assert len(scores(two)) == 2
    one.window.activateWindow()
    settle()
    two.window.activateWindow()
    settle()
    assert two.window.isActiveWindow()
    assert scores(two) == scores(one)
    assert len(scores(two)) == 3
    # And its list, hidden until now, too.
    two.press("Ctrl+1")
    settle()
    (row,) = (row for row in cells(two.place.caseload_page.table) if row["Patient"] == CODE)
    assert (row["Last"], row["Change"]) == ("17", "+2")


def test_a_patient_withdrawn_elsewhere_leaves_the_page(at_window: Callable[..., Person], demo_file: Path) -> None:
    one, two = both(at_window, demo_file)
    patient = one.caseload.patient_by_code(CODE)
    one.caseload.edit(altered(message("Withdraw"), patient, replace(patient, withdrawn="moved")), at=AT)
    two.place.desk.look_again()
    settle()
    assert two.place.caseload_page.isVisible()
    assert CODE not in [row["Patient"] for row in cells(two.place.caseload_page.table)]


def test_a_rule_changed_in_one_window_holds_in_the_other(at_window: Callable[..., Person], demo_file: Path) -> None:
    one, two = both(at_window, demo_file)
    for person in (one, two):
        person.place.go(SettingsPage)
    rules = [person.place.pages[SettingsPage] for person in (one, two)]
    rules[0].prorate.click()  # type: ignore[attr-defined]
    two.place.desk.look_again()
    settle()
    assert not rules[1].prorate.isChecked()  # type: ignore[attr-defined]
    assert not two.caseload.rules().prorate
