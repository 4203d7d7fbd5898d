"""A new user's first day, with nothing but the window: from no file at all to a locked one and back."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from pypdf import PdfReader

from trdtrack.domain.records import Modality
from ui.hands import PASSPHRASE, TODAY, Person, cells, dump, focus, scores, settle, until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot


def listed(person: Person) -> list[dict[str, str]]:
    return cells(person.place.caseload_page.table)


def make_caseload(person: Person, path: Path, qtbot: QtBot) -> None:
    """Ask for a new file; mistype, hesitate over a weak passphrase, and choose a good one."""
    unlock = person.window.unlock
    person.click("New caseload…")
    assert focus() is unlock.making.name
    assert unlock.making.path is not None
    assert unlock.making.path.name == "clinic.trdtrack"
    person.write(path.stem)
    person.answers.ready("folder", path.parent)
    person.click("Another folder…")
    assert unlock.making.path == path
    assert focus() is unlock.making.passphrase.first
    person.press("Enter", "Enter")
    assert person.sees("Type a passphrase.")
    person.fill(unlock.making.passphrase.first, "abc")
    assert person.sees("Strength: very weak")
    person.press("Enter")
    assert focus() is unlock.making.passphrase.second
    person.write("abd")
    person.press("Enter")
    assert person.sees("The two passphrases are not the same.")
    person.fill(unlock.making.passphrase.second, "abc")
    person.answers.ready("confirm", answer=False)
    person.press("Enter")
    assert person.answers.asked[-1].startswith("This passphrase is easy to guess.")
    assert not path.exists()
    person.fill(unlock.making.passphrase.first, PASSPHRASE)
    assert person.sees("Strength: strong") or person.sees("Strength: good")
    person.fill(unlock.making.passphrase.second, PASSPHRASE)
    person.answers.ready("confirm", answer=False)
    person.press("Enter")
    until(qtbot, lambda: person.window.workspace is not None)
    assert person.answers.asked[-1].startswith("The caseload is made. Print the recovery sheet now?")


def add_patient(person: Person) -> None:
    person.press("Ctrl+N")
    settle()
    assert focus() is person.field("code")
    person.write("Z-1")
    person.press("Tab")
    assert focus() is person.field("name")
    person.write("Zoë Öberg")
    person.press("Tab")
    person.write("3.4.1980")
    person.field("modality").setFocus()
    person.press("Down")
    person.fill(person.field("medication"), "sertraline 100 mg")
    person.press("Ctrl+Enter")
    settle()


def log_by_keys(person: Person) -> None:
    page = person.place.patient_page
    person.press("L", *"233213201", "1")
    person.write("Erstgespräch")
    person.press("Ctrl+Enter")
    settle()
    shown = {
        "Answered": "20 Nov 2026",
        "Total": "17",
        "Change": "baseline",
        "Answers": "2 3 3 2 1 3 2 0 1",
        "Item 9": "1",
    }
    assert shown.items() <= scores(person)[0].items()
    assert person.sees("PHQ-9 17 on 20 Nov 2026 (moderately severe)")
    assert page.now.total.text() == "17"
    assert [mark.point.total for mark in page.chart.stage.drawing.marks] == [17]
    assert page.chart.accessibleDescription().startswith("PHQ-9 17 on 20 Nov 2026")


def correct_and_think_better(person: Person) -> None:
    person.place.patient_page.scores.table.setFocus()
    person.press("Enter")
    settle()
    person.press("1", "Ctrl+Enter")
    settle()
    assert scores(person)[0]["Total"] == "16"
    assert person.sees("PHQ-9 16 on 20 Nov 2026")
    person.press("Ctrl+Z")
    assert (scores(person)[0]["Total"], person.line) == ("17", "Undone: Correct session")
    person.press("Ctrl+Shift+Z")
    assert (scores(person)[0]["Total"], person.line) == ("16", "Done again: Correct session")


def withdraw_and_bring_back(person: Person) -> None:
    person.place.patient_page.scores.table.setFocus()
    person.answers.ready("ask", "another patient's sheet")
    person.press("Del")
    assert scores(person) == []
    assert person.sees("No PHQ-9 total yet.")
    person.press("Ctrl+Z")
    assert scores(person)[0]["Total"] == "16"


def lock_and_open_again(person: Person, qtbot: QtBot) -> None:
    """The wrong passphrase, and in the same program the right one."""
    unlock = person.window.unlock
    person.press("Ctrl+L")
    settle()
    assert person.window.workspace is None
    assert person.window.windowTitle() == "TRDTrack"
    assert focus() is unlock.passphrase
    person.write("nonsense")
    person.press("Enter")
    until(qtbot, lambda: not person.window.work.busy)
    why = "This passphrase or recovery key does not open first.trdtrack, or it is not a TRDTrack caseload."
    assert person.sees(f"{why} You can try again in 1 s.")
    assert focus() is unlock.passphrase
    person.write(PASSPHRASE)  # over what is selected
    person.press("Enter")
    until(qtbot, lambda: person.window.workspace is not None)
    assert unlock.passphrase.text() == ""


def test_the_first_day(newcomer: Callable[[], Person], qtbot: QtBot, tmp_path: Path) -> None:
    person = newcomer()
    path = tmp_path / "first.trdtrack"
    make_caseload(person, path, qtbot)
    assert path.stat().st_mode & 0o777 == 0o600
    assert person.window.windowTitle() == "first.trdtrack – TRDTrack"
    assert person.sees("This caseload is empty.")

    add_patient(person)
    page = person.place.patient_page
    assert page.isVisible()
    assert page.heading.text() == "Z-1  ·  Zoë Öberg"
    assert person.sees("CBT with sertraline 100 mg")
    assert page.course is not None
    assert page.course.modality is Modality.CBT

    log_by_keys(person)
    correct_and_think_better(person)
    withdraw_and_bring_back(person)
    written = dump(person.caseload)
    export(person, tmp_path)
    lock_and_open_again(person, qtbot)

    assert dump(person.caseload) == written
    assert [row["Patient"] for row in listed(person)] == ["Z-1"]
    assert {"Name": "Zoë Öberg", "Last": "16", "Change": "0"}.items() <= listed(person)[0].items()
    # The list opens by Enter, and what was written is on the page again.
    person.press("Enter")
    settle()
    assert scores(person)[0]["Total"] == "16"
    person.place.patient_page.tabs.setCurrentWidget(person.place.patient_page.sessions)
    session = {"Date": "20 Nov 2026", "Session": "1", "Attendance": "attended", "Note": "Erstgespräch"}
    (shown,) = cells(person.place.patient_page.sessions.table)
    assert session.items() <= shown.items()
    assert person.caseload.check() == ()


def export(person: Person, folder: Path) -> None:
    """Export both formats and open them as another program would."""
    for kind, suggested in (("pdf", f"Z-1-{TODAY}.pdf"), ("csv", f"Z-1-{TODAY}.csv")):
        target = folder / f"out.{kind}"
        person.export(kind, target)
        assert person.answers.asked[-1] == suggested
        assert person.line == f"Wrote {target}."
    (page,) = PdfReader(folder / "out.pdf").pages
    text = page.extract_text()
    assert "Z-1" in text
    assert "PHQ-9 16 on 20 Nov 2026" in " ".join(text.split())
    with (folder / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert "16" in row.values()
    assert "2026-11-20" in row.values()


def test_the_demo_opens_by_one_button(newcomer: Callable[[], Person], qtbot: QtBot) -> None:
    person = newcomer()
    person.click("Try the demo caseload")
    until(qtbot, lambda: person.window.workspace is not None)
    assert len(listed(person)) == 12
    # It is not offered again as if it were the clinic's.
    person.lock()
    assert person.window.unlock.files.count() == 1
    person.window.unlock.refresh()
    assert person.window.unlock.files.count() == 0
