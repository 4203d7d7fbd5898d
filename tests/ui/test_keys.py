"""What opens a file, at the window: recovery key, waiting after wrong tries, another passphrase, the sheet."""

from __future__ import annotations

import io
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader
from PySide6.QtPrintSupport import QPrinter

from trdtrack import settings
from trdtrack.caseload import Caseload
from trdtrack.domain.history import describe
from trdtrack.domain.message import message
from trdtrack.domain.refusals import Refusal, WrongPassphrase
from trdtrack.report.sheet import Size
from trdtrack.ui.exporting.printing import printer_for
from trdtrack.ui.passphrase import strength
from trdtrack.ui.settings.page import SettingsPage
from trdtrack.ui.wrong_tries import TRIES, WrongTries
from trdtrack.words import say
from ui.hands import PASSPHRASE, Person, dump, settle, until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from trdtrack.ui.settings.keys import KeysCard

NEW = "four wet crocuses"
WRONG = "This passphrase or recovery key does not open clinic.trdtrack, or it is not a TRDTrack caseload."


def key_of(path: Path, secret: str = PASSPHRASE) -> str:
    with closing(Caseload.open(path, secret, who="x")) as caseload:
        return "-".join(caseload.recovery_key(secret))


def card_of(person: Person) -> KeysCard:
    person.press("Ctrl+4")
    settle()
    page = person.place.pages[SettingsPage]
    assert isinstance(page, SettingsPage)
    return page.keys


def to_pdf(path: Path) -> QPrinter:
    printer = printer_for(Size.A4)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    return printer


# Waiting


def test_the_wait_doubles_up_to_a_minute_and_ends_with_the_right_one(tmp_path: Path) -> None:
    moment = 100.0
    tries = WrongTries(lambda: moment)
    path, other = tmp_path / "a", tmp_path / "b"
    waits = []
    for _ in range(9):
        tries.note(path, WrongPassphrase(message("no")))
        waits.append(tries.left(path))
        moment += waits[-1]
        assert (tries.left(path), tries.words(path)) == (0, "")
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert tries.left(other) == 0
    tries.note(other, Refusal(message("A letter is wrong in group 4 of the recovery key.")))
    assert tries.left(other) == 0
    tries.note(path, WrongPassphrase(message("no")))
    assert tries.words(path) == "You can try again in 60 s."
    tries.right(path)
    assert tries.left(path) == 0
    tries.note(path, WrongPassphrase(message("no")))
    assert tries.left(path) == 1


def test_wrong_tries_make_wait_and_what_was_asked_for_is_done_then(
    newcomer: Callable[[], Person], empty_file: Path, qtbot: QtBot
) -> None:
    person = newcomer()
    unlock = person.window.unlock
    unlock.choose(empty_file)
    for seconds in (1, 2):
        person.fill(unlock.passphrase, "nonsense")
        person.press("Enter")
        until(qtbot, lambda seconds=seconds: person.sees(f"{WRONG} You can try again in {seconds} s."))
        if seconds == 1:
            until(qtbot, lambda: person.sees(WRONG))  # the wait is over, and nothing was tried by itself
    # Another window of the program does not begin anew.
    again = newcomer()
    again.window.unlock.choose(empty_file)
    assert TRIES.left(empty_file) > 0
    again.fill(again.window.unlock.passphrase, PASSPHRASE)
    again.press("Enter")
    assert again.window.workspace is None
    assert "Opening in" in again.window.unlock.message.text()
    assert again.window.unlock.passphrase.isEnabled()
    until(qtbot, lambda: again.window.workspace is not None)
    assert TRIES.left(empty_file) == 0


def test_typing_on_while_waiting_takes_back_what_was_asked_for(
    newcomer: Callable[[], Person], empty_file: Path, qtbot: QtBot
) -> None:
    person = newcomer()
    unlock = person.window.unlock
    unlock.choose(empty_file)
    person.fill(unlock.passphrase, "nonsense")
    person.press("Enter")
    until(qtbot, lambda: person.sees(f"{WRONG} You can try again in 1 s."))
    person.fill(unlock.passphrase, PASSPHRASE)
    person.press("Enter")
    person.write("x")
    until(qtbot, lambda: TRIES.left(empty_file) == 0)
    until(qtbot, lambda: unlock.message.text() == WRONG)
    assert person.window.workspace is None
    person.press("Back", "Enter")
    until(qtbot, lambda: person.window.workspace is not None)


# The recovery key


def test_the_recovery_key_opens_where_the_passphrase_is_asked_for(
    newcomer: Callable[[], Person], empty_file: Path, qtbot: QtBot
) -> None:
    key = key_of(empty_file)
    person = newcomer()
    unlock = person.window.unlock
    unlock.choose(empty_file)
    wrong = key[:18] + ("Z" if key[18] != "Z" else "Y") + key[19:]
    unlock.passphrase.setText(wrong)
    unlock.passphrase.setFocus()
    person.press("Enter")
    until(qtbot, lambda: person.sees("A letter is wrong in group 4 of the recovery key."))
    assert TRIES.left(empty_file) == 0
    until(qtbot, lambda: not person.window.work.busy)
    unlock.passphrase.setText(key.lower().replace("-", " "))
    person.press("Enter")
    until(qtbot, lambda: person.window.workspace is not None)
    assert unlock.passphrase.text() == ""


def test_a_passphrase_of_a_thousand_letters_is_not_cut(
    newcomer: Callable[[], Person], tmp_path: Path, qtbot: QtBot
) -> None:
    long = "👩ß" * 500
    path = tmp_path / "long.trdtrack"
    Caseload.create(path, long, who="x").close()
    person = newcomer()
    person.window.unlock.choose(path)
    person.window.unlock.passphrase.setText(long)
    assert person.window.unlock.passphrase.text() == long
    person.press("Enter")
    until(qtbot, lambda: person.window.workspace is not None)


def test_the_strength_reads_no_more_than_zxcvbn_takes() -> None:
    assert strength("p" * 1000) == strength("p" * 72)
    assert [strength(p) for p in ("abc", "seven dry tulips on a slow tram")] == [0, 4]


# In the settings


def test_the_sheet_is_printed_only_for_who_types_the_passphrase(clinic: Person, qtbot: QtBot, tmp_path: Path) -> None:
    card = card_of(clinic)
    clinic.click("Print the recovery sheet…")
    assert card.message.text() == "Type the passphrase as it is now."
    clinic.fill(card.current, "nonsense")
    clinic.click("Print the recovery sheet…")
    until(qtbot, lambda: card.message.text() == f"{WRONG} You can try again in 1 s.")
    clinic.fill(card.current, PASSPHRASE)
    clinic.click("Print the recovery sheet…")
    assert card.message.text() == "You can try again in 1 s."
    until(qtbot, lambda: TRIES.left(clinic.caseload.path) == 0)
    out = tmp_path / "printed.pdf"
    clinic.answers.ready("printer", to_pdf(out))
    clinic.click("Print the recovery sheet…")
    until(qtbot, lambda: clinic.line.startswith("Printed."))
    assert len(PdfReader(io.BytesIO(out.read_bytes())).pages) == 1
    assert (card.current.text(), card.message.text()) == ("", "")


def test_the_sheet_saved_as_pdf_opens_the_file(clinic: Person, qtbot: QtBot, tmp_path: Path) -> None:
    card = card_of(clinic)
    out = tmp_path / "sheet.pdf"
    clinic.answers.ready("save", out)
    clinic.fill(card.current, PASSPHRASE)
    clinic.click("Save it as PDF…")
    until(qtbot, lambda: clinic.line == f"Wrote {out}. Print it and delete the file: it opens the caseload.")
    assert clinic.answers.asked[-1] == "clinic-recovery-2026-11-20.pdf"
    found = PdfReader(io.BytesIO(out.read_bytes())).pages[0].extract_text()
    typed = " ".join(found.partition("Recovery key\n")[2].partition("To open")[0].split()[1::2])
    path = clinic.caseload.path
    clinic.lock()
    Caseload.open(path, typed, who="x").close()


def test_the_passphrase_is_changed_and_the_new_sheet_offered(
    demo: Person, qtbot: QtBot, demo_file: Path, tmp_path: Path
) -> None:
    before = dump(demo.caseload)
    settings.remember_therapist(demo_file, "Dr Own")
    old = key_of(demo_file, "demo")
    card = card_of(demo)
    demo.click("Change the passphrase")
    assert card.message.text() == "Type a passphrase."
    demo.fill(card.new.first, NEW)
    assert demo.sees("Strength: strong") or demo.sees("Strength: good")
    demo.fill(card.new.second, NEW + "x")
    demo.press("Enter")
    assert card.message.text() == "The two passphrases are not the same."
    demo.fill(card.new.second, NEW)
    demo.press("Enter")
    assert card.message.text() == "Type the passphrase as it is now."
    demo.fill(card.current, "demo")
    out = tmp_path / "printed.pdf"
    demo.answers.ready("confirm", answer=True)
    demo.answers.ready("printer", to_pdf(out))
    demo.click("Change the passphrase")
    until(qtbot, lambda: demo.line.startswith("Printed."))
    assert demo.answers.asked[-2].startswith("The passphrase is changed. Sheets printed before do not open")
    assert out.stat().st_size > 10_000
    assert [field.text() for field in (card.current, card.new.first, card.new.second)] == ["", "", ""]
    # Work goes on in the same window, and what this computer remembers of the file with it.
    assert dump(demo.caseload) == before
    [line] = demo.caseload.history(limit=1)
    assert say(describe(line)) == "The passphrase was changed: a recovery sheet made before opens nothing more"
    assert settings.therapist(demo_file) == "Dr Own"
    demo.lock()
    for secret in ("demo", old):
        with pytest.raises(WrongPassphrase):
            Caseload.open(demo_file, secret, who="x")
    with closing(Caseload.open(demo_file, NEW, who="x")) as caseload:
        assert dump(caseload) == before
        assert caseload.check() == ()


def test_a_weak_one_is_asked_about_and_refused_ones_leave_everything(
    clinic: Person, qtbot: QtBot, empty_file: Path
) -> None:
    card = card_of(clinic)
    salt = empty_file.read_bytes()[:16]
    clinic.fill(card.current, PASSPHRASE)
    for field in (card.new.first, card.new.second):
        clinic.fill(field, "abc")
    clinic.answers.ready("confirm", answer=False)
    clinic.click("Change the passphrase")
    assert clinic.answers.asked[-1].startswith("This passphrase is easy to guess.")
    with closing(Caseload.open(empty_file, PASSPHRASE, who="other")):
        for field in (card.new.first, card.new.second):
            clinic.fill(field, NEW)
        clinic.click("Change the passphrase")
        until(qtbot, lambda: card.message.text() != "")
        assert card.message.text() == (
            "Another program is using clinic.trdtrack. Close it there first; nothing was changed."
        )
    assert empty_file.read_bytes()[:16] == salt
    assert card.new.first.text() == NEW


def test_offered_when_a_caseload_is_made(newcomer: Callable[[], Person], tmp_path: Path, qtbot: QtBot) -> None:
    person = newcomer()
    making = person.window.unlock.making
    person.window.unlock.make(tmp_path / "made.trdtrack")
    making.passphrase.first.setText(PASSPHRASE)
    making.passphrase.second.setText(PASSPHRASE)
    making.passphrase.second.setFocus()
    out = tmp_path / "printed.pdf"
    person.answers.ready("confirm", answer=True)
    person.answers.ready("printer", to_pdf(out))
    person.press("Enter")
    until(qtbot, lambda: person.line.startswith("Printed."))
    assert out.stat().st_size > 10_000
    assert person.answers.asked[0].startswith("The caseload is made. Print the recovery sheet now?")
