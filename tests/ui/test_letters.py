"""Writing a letter by keys: filled until it is edited, saved, handed on to leave; once sent it begins a new one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from trdtrack.domain.edit import altered, sent
from trdtrack.domain.letters import DEFAULT_LETTER
from trdtrack.domain.message import message
from trdtrack.domain.records import Clinic, Known, Letter, Recipient
from trdtrack.ui.entry.letter import LetterForm
from trdtrack.ui.exporting.form import ExportForm
from trdtrack.ui.resume import resume
from trdtrack.ui.rows import Table
from trdtrack.ui.settings.page import SettingsPage
from trdtrack.words import day, say
from ui import formed
from ui.formed import LETTER, PATIENT, put, refused, saved, shown
from ui.hands import AT, TODAY, Person, cells, focus, settle

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

GP, PSYCHIATRIST = "Dr A. Green\nElm Surgery", "Dr Blue\nClinic"
KNOWN = replace(PATIENT, gp=GP, prescriber=PSYCHIATRIST, consent="yes")


def text(form) -> str:
    return form.slots["text"].raw()


def with_others(person: Person, code: str = "DEMO-003", **fields) -> None:
    """Put the addresses on a demo patient's record, and show the patient."""
    patient = person.caseload.patient_by_code(code)
    known = {"gp": GP, "prescriber": PSYCHIATRIST, "consent": Known.YES, **fields}
    person.caseload.edit(altered(message("Correct patient"), patient, replace(patient, **known)), at=AT)
    person.show_patient(code)


def write(person: Person) -> LetterForm:
    person.place.patient_page.asked.emit("letter")
    settle()
    assert isinstance(person.place.form, LetterForm)
    return person.place.form


def letters(person: Person) -> list[Letter]:
    return [r for r in person.caseload.records("letter") if isinstance(r, Letter)]


def test_a_letter_is_written_by_keys_and_handed_on(demo: Person) -> None:
    with_others(demo)
    page = demo.place.patient_page
    handed: list[Letter] = []
    page.send_letter.connect(handed.append)
    form = write(demo)
    assert focus() is form.slots["to"].widget
    summary = page.summary
    assert summary
    assert summary.latest
    assert f"the latest is {summary.latest.total} on {day(summary.latest.date)}" in text(form)
    assert text(form).startswith("Dear Dr A. Green,")
    assert "Risk: this is what is recorded" in text(form)
    assert form.slots["risk"].raw()
    demo.press("Down")
    assert form.slots["address"].raw() == PSYCHIATRIST
    assert not form.slots["risk"].raw()
    assert text(form).startswith("Dear Dr Blue,")
    assert "Risk: this is" not in text(form)
    demo.press("Up")
    assert "Risk: this is" in text(form)
    demo.press("Tab", "Tab", "Tab")
    assert focus() is form.slots["risk"].widget
    demo.press("Space")
    assert "Risk: this is" not in text(form)
    demo.press("Tab", "Ctrl+End")
    demo.write(" X")
    demo.press("Ctrl+Enter")
    settle()
    assert isinstance(demo.place.form, ExportForm), "what is written is to be sent"
    demo.press("Esc")
    assert demo.place.form is None
    [letter] = letters(demo)
    assert (letter.to, letter.address, letter.date, letter.risk, letter.sent) == (Recipient.GP, GP, TODAY, False, None)
    assert letter.text.endswith("Dr Example X")
    assert handed == [letter]
    page.tabs.setCurrentWidget(page.letters)
    [row] = cells(page.letters.table)
    assert (row["Date"], row["To"], row["Sent"]) == (day(TODAY), "Dr A. Green (GP)", "not yet")
    assert row["Text"].startswith("Dear Dr A. Green, I am the therapist")
    demo.press("Ctrl+Z")
    assert letters(demo) == []


def test_what_was_edited_is_kept_until_it_is_filled_in_again(qtbot: QtBot) -> None:
    form = formed.letter(None, KNOWN)
    shown(form, qtbot)
    filled = text(form)
    assert not form.again.isEnabled()
    put(form, text=filled + "\nP.S.")
    assert form.again.isEnabled()
    put(form, to=str(Recipient.PRESCRIBER))
    assert text(form) == filled + "\nP.S."
    assert form.slots["address"].raw() == PSYCHIATRIST
    assert not form.slots["risk"].raw()
    QTest.mouseClick(form.again, Qt.MouseButton.LeftButton)
    assert text(form).startswith("Dear Dr Blue,")
    assert "P.S." not in text(form)
    assert not form.again.isEnabled()
    put(form, address="Ms Red")
    assert text(form).startswith("Dear Ms Red,")
    put(form, to=str(Recipient.GP))
    assert form.slots["address"].raw() == "Ms Red", "an address typed by hand stays"
    assert form.slots["risk"].raw()
    put(form, date="2026-11-1x")
    assert text(form).startswith("Dear Ms Red,")
    assert "date" in refused(form)


def test_a_tick_set_by_hand_stays(qtbot: QtBot) -> None:
    form = formed.letter(None, KNOWN)
    shown(form, qtbot)
    put(form, to=str(Recipient.OTHER))
    assert form.slots["address"].raw() == ""
    assert text(form).startswith("Dear colleague,")
    put(form, risk=True)
    put(form, to=str(Recipient.PRESCRIBER))
    assert form.slots["risk"].raw()
    assert "A risk record has been open since 1 Nov 2026." in text(form)


@pytest.mark.parametrize(
    ("consent", "note", "said"),
    [
        ("yes", "not the employer", ""),
        ("", "", "Whether the patient agrees to this letter is not recorded."),
        ("no", "only\nby phone", "The patient does not agree to information going to others. only by phone"),
    ],
)
def test_consent_is_said_and_stops_nothing(consent: str, note: str, said: str, qtbot: QtBot) -> None:
    form = formed.letter(None, replace(KNOWN, consent=consent, consent_note=note))
    shown(form, qtbot)
    assert form.consent.text() == said
    assert form.consent.isVisible() == bool(said)
    assert saved(form).steps[0].after.address == GP


def test_a_letter_not_sent_is_corrected(qtbot: QtBot) -> None:
    form = formed.letter(LETTER, KNOWN)
    shown(form, qtbot)
    assert focus() is form.slots["text"].widget
    assert text(form) == LETTER.text
    put(form, to=str(Recipient.PRESCRIBER))
    assert text(form) == LETTER.text, "its words are its own"
    assert form.slots["address"].raw() == PSYCHIATRIST
    edit = saved(form)
    assert say(edit.title) == "Correct letter"
    [step] = edit.steps
    assert step.after == replace(LETTER, to=Recipient.PRESCRIBER, address=PSYCHIATRIST)
    put(form, text=" ")
    assert refused(form) == {"text": "A letter needs its text."}


def test_a_letter_that_was_sent_begins_a_new_one(demo: Person) -> None:
    with_others(demo)
    write(demo)
    demo.press("Ctrl+Enter", "Esc")
    settle()
    [letter] = letters(demo)
    demo.place.desk.edit(sent(letter, AT))
    [gone] = letters(demo)
    page = demo.place.patient_page
    page.tabs.setCurrentWidget(page.letters)
    settle()
    page.letters.table.setFocus()
    [row] = cells(page.letters.table)
    assert row["Sent"] == f"{day(AT.date())} {AT.astimezone():%H:%M}"
    demo.click("Write anew")
    form = demo.place.form
    assert isinstance(form, LetterForm)
    assert text(form) == gone.text
    assert demo.sees("was sent on 20 Nov 2026 and stays as it is")
    demo.fill(form.slots["text"].widget, "Dear Dr A. Green, once more.")
    demo.press("Ctrl+Enter")
    settle()
    new = next(r for r in letters(demo) if r.id != gone.id)
    assert (new.text, new.sent) == ("Dear Dr A. Green, once more.", None)
    assert gone in letters(demo)


def test_the_list_sends_withdraws_and_is_found(demo: Person) -> None:
    with_others(demo)
    write(demo)
    demo.press("Ctrl+Enter", "Esc")
    settle()
    page = demo.place.patient_page
    handed: list[Letter] = []
    page.send_letter.connect(handed.append)
    page.tabs.setCurrentWidget(page.letters)
    settle()
    demo.click("PDF, Word or print…")
    assert handed == letters(demo)
    demo.press("Esc")
    page.tabs.setCurrentIndex(0)
    [found] = demo.caseload.find("Green am the therapist")
    demo.place.going.to_found(found)
    assert page.tabs.currentWidget() is page.letters
    assert page.letters.table.chosen() == letters(demo)[0]
    demo.answers.ready("ask", "wrong patient")
    page.letters.table.setFocus()
    demo.press("Del")
    settle()
    assert cells(page.letters.table) == []
    assert letters(demo)[0].withdrawn == "wrong patient"


@pytest.mark.parametrize("known", [False, True], ids=["new", "written"])
def test_a_draft_of_a_letter_is_taken_up_again(demo: Person, known: bool) -> None:
    with_others(demo)
    form = write(demo)
    if known:
        demo.press("Ctrl+Enter")
        settle()
        demo.place.patient_page.correct.emit(letters(demo)[0])
        settle()
        form = demo.place.form
        assert isinstance(form, LetterForm)
    put(form, to=str(Recipient.PRESCRIBER))
    put(form, address="Ms Red", risk=True, text="half a letter")
    typed = form.state()
    assert demo.place.put_away()[0]
    demo.place.close_form()
    [draft] = [d for d in demo.caseload.drafts() if d.form.startswith("letter:")]
    place = demo.place
    assert resume(draft, page=place.patient_page, acts=place.acts, mending=place.mending, papers=place.enter_papers)
    settle()
    assert isinstance(place.form, LetterForm)
    assert place.form.state() == typed
    assert (place.form._known is not None) == known


def test_without_a_course_there_is_no_letter(demo: Person) -> None:
    demo.show_patient("DEMO-038")
    page = demo.place.patient_page
    assert page.summary is None
    page.asked.emit("letter")
    settle()
    assert demo.place.form is None
    page.tabs.setCurrentWidget(page.letters)
    assert not page.letters._add_button.isEnabled()


def settings(person: Person) -> SettingsPage:
    person.place.go(SettingsPage)
    settle()
    page = person.place.pages[SettingsPage]
    assert isinstance(page, SettingsPage)
    return page


def test_the_clinics_template_is_what_a_letter_begins_with(demo: Person) -> None:
    page = settings(demo)
    slots = page.clinic.slots
    demo.fill(slots["letterhead"].widget, "Practice Elm Street")
    demo.fill(slots["letter"].widget, "To ")
    listed = next(t for t in page.findChildren(Table) if t.accessibleName() == "Placeholders")
    listed.selectRow(0)
    listed.setFocus()
    demo.press("Enter")
    code = listed.model().index(1, 0)
    QTest.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=listed.visualRect(code).center())
    assert slots["letter"].raw() == "To {patient}{code}"
    demo.click("Save the letterhead and the template")
    assert demo.caseload.clinic() == Clinic(letterhead="Practice Elm Street", letter="To {patient}{code}")
    with_others(demo)
    assert text(write(demo)) == "To L. B.DEMO-003"


def test_an_unknown_placeholder_is_refused_beside_the_template(demo: Person) -> None:
    page = settings(demo)
    slot = page.clinic.slots["letter"]
    demo.fill(slot.widget, "Dear {doctor}")
    demo.click("Save the letterhead and the template")
    assert slot.widget.styleSheet()
    assert demo.sees("{doctor} is no placeholder: the list beside it has all there are.")
    assert demo.caseload.clinic() == Clinic()
    assert slot.raw() == "Dear {doctor}"
    demo.fill(slot.widget, "")
    demo.click("Put in the program's own letter")
    assert slot.raw() == DEFAULT_LETTER
    demo.click("Save the letterhead and the template")
    assert demo.caseload.clinic().letter == DEFAULT_LETTER
