"""Two windows on one file: nobody's work is overwritten, and what the other did is seen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from trdtrack.domain.edit import altered
from trdtrack.domain.message import message
from trdtrack.ui.settings.page import SettingsPage
from trdtrack.words import say
from ui.hands import AT, Person, cells, dump, scores, settle

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from trdtrack.ui.conflict import ConflictPage

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


def asked(person: Person) -> ConflictPage:
    """The question that lies over the form."""
    page = person.place.forms.conflict
    assert page is not None
    assert page.isVisible()
    return page


def digits(person: Person) -> str:
    """The answers of the newest score."""
    return scores(person)[0]["Answers"].replace(" ", "")


def both_correct(one: Person, two: Person) -> None:
    """The first changes item 1 and item 7; the second item 1 and item 2, and writes a note."""
    for person in (one, two):
        correct_last(person)
        assert [field.text() for field in person.log.answers][:2] == ["1", "1"]
    one.log.answers[0].setText("0")
    assert one.log.answers[6].text() != "3"
    one.log.answers[6].setText("3")
    one.log.save()
    two.log.answers[0].setText("3")
    two.log.answers[1].setText("2")
    two.log.note.setPlainText("typed by the second")


def test_the_second_correction_of_one_score_is_told_whole(at_window: Callable[..., Person], demo_file: Path) -> None:
    one, two = both(at_window, demo_file)
    both_correct(one, two)
    before = dump(two.caseload)
    two.log.save()
    settle()
    assert dump(two.caseload) == before
    page = asked(two)
    assert two.sees("Somebody changed this first")
    assert two.sees("test changed it on 20 Nov 2026 09:30.")
    (conflict,) = page.found
    rows = [[say(words) if words else "" for words in (r.label, r.was, r.theirs, r.mine)] for r in conflict.rows]
    assert rows == [["item 1", "1", "0", "3"], ["item 2", "1", "", "2"], ["item 7", "2", "3", ""]]
    assert [row.stands.value for row in conflict.rows] == ["mine", "mine", "theirs"]
    for text in ("Item 1", "Item 7", "test saved", "You typed", "left as it was"):
        assert two.sees(text)
    # Going on typing: all is there, and saving asks again.
    two.window.activateWindow()
    settle()
    two.press("Esc")
    settle()
    assert two.place.forms.conflict is None
    assert [field.text() for field in two.log.answers][:2] == ["3", "2"]
    assert two.log.note.toPlainText() == "typed by the second"
    two.log.save()
    settle()
    assert two.window.focusWidget() is asked(two).go_on, "an Enter too many does no harm"
    two.click("Put mine over it")
    assert two.place.form is None
    assert digits(two).startswith("32")
    assert digits(two)[6] == "3", "what only the first changed still stands"
    assert [line.who for line in two.caseload.history(limit=3)] == ["test"] * 3
    two.place.undo()
    settle()
    assert digits(two).startswith("01"), "theirs comes back"


def test_theirs_is_kept_and_the_draft_let_go(at_window: Callable[..., Person], demo_file: Path) -> None:
    one, two = both(at_window, demo_file)
    both_correct(one, two)
    two.place.forms._keep(two.log)
    assert two.caseload.drafts()
    two.log.save()
    settle()
    two.click("Keep theirs")
    assert two.place.form is None
    assert scores(two) == scores(one)
    assert two.caseload.drafts() == []
    assert two.line == "Theirs is kept; what you typed was let go."


def test_a_third_change_while_the_question_stands_is_told_too(
    at_window: Callable[..., Person], demo_file: Path
) -> None:
    one, two = both(at_window, demo_file)
    both_correct(one, two)
    two.log.save()
    settle()
    correct_last(one)
    one.log.answers[4].setText("3")
    one.log.save()
    settle()
    two.click("Put mine over it")
    page = asked(two)
    assert [say(row.label) for row in page.found[0].rows] == ["item 1", "item 2", "item 5", "item 7"]
    two.click("Put mine over it")
    assert two.place.form is None
    assert digits(two) == "32" + digits(one)[2:]


def test_what_is_typed_is_kept_when_the_lock_comes_over_the_question(
    at_window: Callable[..., Person], demo_file: Path
) -> None:
    one, two = both(at_window, demo_file)
    both_correct(one, two)
    two.log.save()
    settle()
    asked(two)
    two.lock()
    (draft,) = one.caseload.drafts()
    assert "typed by the second" in draft.text


def test_both_typed_the_same(at_window: Callable[..., Person], demo_file: Path) -> None:
    one, two = both(at_window, demo_file)
    for person in (one, two):
        correct_last(person)
        person.log.answers[0].setText("0")
    one.log.save()
    settle()
    before = dump(two.caseload)
    two.log.save()
    settle()
    assert [row.stands.value for row in asked(two).found[0].rows] == ["both"]
    two.click("Put mine over it")
    assert two.place.form is None
    assert dump(two.caseload) == before


def test_a_record_erased_meanwhile(at_window: Callable[..., Person], demo_file: Path) -> None:
    one, two = both(at_window, demo_file)
    correct_last(two)
    two.log.answers[0].setText("0")
    one.caseload.erase(one.caseload.patient_by_code(CODE).id, at=AT)
    two.log.save()
    settle()
    assert two.sees("It is not in the caseload any more.")
    assert not asked(two).put_mine.isVisible()
    two.click("Keep theirs")
    assert two.place.form is None


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
