"""Bad input and bad disks: one clear sentence, nothing changed, nothing typed lost."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from disks import root_only, small_disk

from ui.hands import Person, dump, settle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from trdtrack.ui.entry.form import Form

WRONG = (
    ("code", "DEMO-003", "There is already a patient with the code DEMO-003."),
    ("code", "", "A patient needs a code."),
    ("code", "x" * 41, "A patient's code has at most 40 characters."),
    ("date_of_birth", "2026-11-21", "21 Nov 2026 is in the future."),
    ("date_of_birth", "30.2.1980", "30.2.1980 is not a date: write it as 2026-05-31."),
    ("date_of_birth", "1880-01-01", "1 Jan 1880 is too long ago to be right."),
    ("start", "2027-01-01", "1 Jan 2027 is in the future."),
    ("start", "1979-12-31", "31 Dec 1979 is before the patient was born."),
    ("start", "soon", "soon is not a date: write it as 2026-05-31."),
    ("planned_sessions", "abc", "Planned sessions are a whole number from 1 to 999."),
    ("planned_sessions", "0", "Planned sessions are a whole number from 1 to 999."),
    ("planned_sessions", "1000", "Planned sessions are a whole number from 1 to 999."),
    ("planned_sessions", "2.5", "Planned sessions are a whole number from 1 to 999."),
    ("planned_sessions", "³", "Planned sessions are a whole number from 1 to 999."),
)
RIGHT = {"code": "N-1", "date_of_birth": "1980-01-01", "start": "2026-11-01", "planned_sessions": "12"}


def told(form: Form) -> dict[str, str]:
    """The sentences beside the form's fields; hints are in another tone."""
    notes = {key: slot.part._note for key, slot in form.slots.items()}
    return {key: note.text() for key, note in notes.items() if note.isVisible() and note._tone == "risk"}


def test_each_wrong_field_of_a_patient_is_told_beside_it(demo: Person) -> None:
    before = dump(demo.caseload)
    demo.press("Ctrl+N")
    settle()
    form = demo.person
    for field, text, sentence in WRONG:
        for name, right in RIGHT.items():
            demo.field(name).setText(right)
        demo.fill(demo.field(field), text)
        demo.press("Ctrl+Enter")
        settle()
        assert demo.place.form is form, (field, text)
        assert told(form) == {field: sentence}
        assert form.problem.text() == ""
        assert {name: demo.field(name).text() for name in RIGHT} == {**RIGHT, field: text}
        assert dump(demo.caseload) == before
    demo.fill(demo.field("planned_sessions"), "12")
    demo.press("Ctrl+Enter")
    settle()
    assert demo.place.form is None
    assert demo.caseload.patient_by_code("N-1").date_of_birth is not None


def test_a_birth_after_what_is_written_down_is_refused(demo: Person) -> None:
    demo.show_patient("DEMO-003")
    before = dump(demo.caseload)
    demo.press("E")
    settle()
    form = demo.person
    demo.fill(demo.field("date_of_birth"), "2026-11-01")
    demo.press("Ctrl+Enter")
    assert "before this date of birth" in told(form)["date_of_birth"]
    assert dump(demo.caseload) == before
    demo.answers.ready("confirm", answer=True)
    demo.press("Esc")


# Disks


@pytest.fixture
def disk() -> Iterator[Path]:
    """A small disk of its own."""
    with small_disk("2m") as place:
        yield place


def fill_up(disk: Path) -> Path:
    """Leave no room on a disk; the file returned holds it."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(4096)):
            pass
    return ballast


@root_only
def test_a_full_disk_keeps_the_form_and_the_same_save_works_later(
    disk: Path, demo_bytes: bytes, at_window: Callable[..., Person]
) -> None:
    path = disk / "demo.trdtrack"
    path.write_bytes(demo_bytes)
    person = at_window(path, "demo")
    person.show_patient("DEMO-021")
    person.press("L", *"233213201")
    person.log.note.setPlainText("long " * 20_000)
    before = dump(person.caseload)
    ballast = fill_up(disk)
    person.press("Ctrl+Enter")
    settle()
    assert person.sees("The disk is full: nothing was saved to demo.trdtrack.")
    assert person.log.answers[0].text() == "2"
    assert person.log.note.toPlainText() == "long " * 20_000
    assert dump(person.caseload) == before
    ballast.unlink()
    person.press("Ctrl+Enter")
    settle()
    assert person.place.form is None
    # Session, score, and the risk record its item 9 opens.
    assert len(dump(person.caseload)) == len(before) + 3
    assert person.caseload.check() == ()


@root_only
def test_a_file_on_a_read_only_disk_is_looked_at_and_not_changed(
    disk: Path, demo_bytes: bytes, at_window: Callable[..., Person], tmp_path: Path
) -> None:
    path = disk / "demo.trdtrack"
    path.write_bytes(demo_bytes)
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    person = at_window(path, "demo")
    assert person.line == "You can look, but nothing can be changed: this file was opened read-only."
    person.show_patient("DEMO-021")
    before = dump(person.caseload)
    person.press("L", *"233213201", "Ctrl+Enter")
    settle()
    assert person.sees("demo.trdtrack was opened read-only: nothing was saved.")
    assert person.log.answers[8].text() == "1"
    assert dump(person.caseload) == before
    assert shutil.disk_usage(disk).free > 0
    person.answers.ready("confirm", answer=True)
    person.lock()


@root_only
def test_an_export_to_a_full_or_read_only_disk_leaves_nothing(disk: Path, demo: Person) -> None:
    demo.show_patient("DEMO-003")
    ballast = fill_up(disk)
    for name in ("pdf", "csv"):
        demo.export(name, disk / f"out.{name}")
        assert demo.line == f"The disk is full: {disk / f'out.{name}'} was not written."
    ballast.unlink()
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    demo.export("pdf", disk / "out.pdf")
    assert demo.line.startswith(f"{disk / 'out.pdf'} cannot be written: the folder is read-only")
    assert list(disk.iterdir()) == []


def test_making_a_caseload_where_one_is_or_none_can_be(
    newcomer: Callable[[], Person], empty_file: Path, qtbot: object
) -> None:
    person = newcomer()
    unlock = person.window.unlock
    content = empty_file.read_bytes()
    for path, words in (
        (empty_file, "clinic.trdtrack already exists; choose another name."),
        (empty_file.parent / "nowhere" / "a.trdtrack", "cannot be made there"),
    ):
        unlock.make(path)
        unlock.making.passphrase.first.setText("seven dry tulips")
        unlock.making.passphrase.second.setText("seven dry tulips")
        person.press("Enter")
        unlock.making.passphrase.second.setFocus()
        person.press("Enter")
        qtbot.waitUntil(lambda: not person.window.work.busy)  # type: ignore[attr-defined]
        assert person.sees(words)
        assert unlock.making.passphrase.second.text() == "seven dry tulips"
        assert unlock.isAncestorOf(person.window.focusWidget())
    assert empty_file.read_bytes() == content
