"""A whole session at the window in a process of its own, about people with planted names: run by test_left_behind.

Everything is done that could leave a word somewhere: typed, searched, copied, previewed, exported, cancelled, imported,
printed to a file, handed over, locked, opened again; and three bugs break out with a name in what they say.
"""

from __future__ import annotations

import sys
import threading
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtPrintSupport import QPrintPreviewDialog
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLineEdit, QPushButton

from trdtrack.caseload import Caseload
from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.domain.records import (
    Assessment,
    Clinic,
    Course,
    Event,
    Letter,
    Patient,
    RiskRecord,
    RiskReview,
    Session,
    Treatment,
)
from trdtrack.ui.app import _window, application
from trdtrack.ui.evidence.page import EvidencePage
from trdtrack.ui.history.page import HistoryPage
from trdtrack.ui.screens import settle
from trdtrack.ui.settings.page import SettingsPage

if TYPE_CHECKING:
    from collections.abc import Callable

    from trdtrack.ui.workspace import Workspace

NAMES = {
    "passphrase": "Wolkenbruch-Siebenschläfer",
    "code": "QZX-77041",
    "second code": "QZX-77042",
    "name": "Philomena Żółwińska",
    "second name": "Bartholomew Quibbleton",
    "notes": "Kettledrumnotes",
    "referrer": "Referrovia Clinic",
    "consent": "Consentinella",
    "drug": "Fluvoxaquine",
    "dose": "713 mikrogramm",
    "event": "Lighthousefall",
    "session note": "Marmaladejar",
    "task": "Stonecounting",
    "risk": "Bridgerailing",
    "letter": "Esteemed Doctor Honeyfoot",
    "draft of a session": "Halfthoughtofrain",
    "draft of a letter": "Unsentsnowball",
    "searched": "Needlehaystack",
    "imported": "IMPQ-90210",
    "emergency": "Crisisline Zanzibar",
}
ASKED_FOR = ("pdf", "csv", "json")
WAIT_S = 120  # long: without compiled files of scipy the first figures take half a minute


class Hand:
    """Answers the real boxes: the next file by name, a preview looked at, anything else closed."""

    def __init__(self) -> None:
        self.files: list[Path] = []
        self.seen: list[str] = []
        self._timer = QTimer(interval=40)
        self._timer.timeout.connect(self._answer)
        self._timer.start()

    def _answer(self) -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, QFileDialog) and self.files:
            if box.directory().absolutePath() != str(self.files[0].parent):
                box.setDirectory(str(self.files[0].parent))
                return
            # By what is typed, as a person types it; it first has to have read the folder.
            box.findChild(QLineEdit).setText(self.files[0].name)
            box.accept()
            if not box.isVisible():
                self.files.pop(0)
        elif isinstance(box, QPrintPreviewDialog):
            self.seen.append("preview")
            box.grab()
            box.reject()
        elif isinstance(box, QDialog):
            self.seen.append("box")
            box.reject()


def wait(true: Callable[[], bool]) -> None:
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        settle()
        if true():
            return
        QTest.qWait(20)
    raise AssertionError("this never came about")


def people(at: datetime) -> list[Any]:
    """Two patients, a course, and a word planted in every kind of field."""
    n, today = NAMES, at.date()
    one = Patient(
        code=n["code"], name=n["name"], notes=n["notes"], referrer=n["referrer"], consent_note=n["consent"],
        date_of_birth=date(1980, 2, 29),
    )  # fmt: skip
    two = Patient(code=n["second code"], name=n["second name"])
    start = today - timedelta(weeks=10)
    course = Course(patient=one.id, start=start)
    found: list[Any] = [one, two, course]
    for week in range(0, 10, 2):
        day = start + timedelta(weeks=week)
        session = Session(
            patient=one.id, course=course.id, date=day, note=n["session note"], task=n["task"], entered=at
        )
        answers = (2, 2, 2, 2, 1, 1, 1, 1, 1 if week == 2 else 0)
        score = Assessment(patient=one.id, course=course.id, session=session.id, date=day, answers=answers, entered=at)
        found += [session, score]
    risk = RiskRecord(patient=one.id, opened=start, entered=at)
    found += [
        Treatment(patient=one.id, drug=n["drug"], dose=n["dose"], start=start),
        Event(patient=one.id, date=start + timedelta(days=20), text=n["event"], entered=at),
        risk,
        RiskReview(patient=one.id, risk=risk.id, date=start, asked="Asked.", found=n["risk"], entered=at),
        Letter(patient=one.id, course=course.id, date=today, text=n["letter"], entered=at),
        Clinic(emergency=n["emergency"]),
    ]
    return found


class Sitting:
    """Somebody at the window, with the caseload to open."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.window = _window()
        self.hand = Hand()
        self.window.show()
        self.patient = ""
        self.open()

    @property
    def place(self) -> Workspace:
        assert self.window.workspace is not None
        return self.window.workspace

    def open(self) -> None:
        self.window.unlock.choose(self.path)
        self.window.unlock.passphrase.setText(NAMES["passphrase"])
        self.window.unlock.open_button.click()
        wait(lambda: self.window.workspace is not None)
        self.patient = self.place.desk.caseload.patient_by_code(NAMES["code"]).id

    def idle(self) -> None:
        wait(lambda: not self.window.work.busy)

    def show(self) -> None:
        self.place.open_patient(self.patient)
        settle()


def look_round(here: Sitting) -> None:
    """Every page and tab, a search in the list and everywhere."""
    for page in (EvidencePage, SettingsPage, HistoryPage):
        here.place.go(page)
        here.idle()
    here.place.search()
    here.place.caseload_page.search.setText(NAMES["searched"])
    settle()
    here.place.caseload_page.search.clear()
    here.place.find_anything()
    here.place.finder.line.setText(NAMES["searched"])
    here.place.finder.look()
    here.place.finder.leave()
    here.show()
    tabs = here.place.patient_page.tabs
    for number in range(tabs.count()):
        tabs.setCurrentIndex(number)
        settle()
    here.place.patient_page.picture.show_window(3)


def export(here: Sitting, kind: str, target: Path | None, *, cancel: bool = False) -> None:
    """Export the patient to a file, or nowhere when asked where."""
    here.show()
    if target:
        here.hand.files.append(target)
    here.place.export(kind)
    here.place.form.save()
    if cancel:
        here.window.work.cancel()
    here.idle()


def let_out(here: Sitting, exports: Path, incoming: Path) -> None:
    """Copied, looked at as a paper, written, cancelled, not written after all; and a file looked at and left."""
    here.show()
    here.place.acts.copy_sentence()
    here.place.acts.copy_picture()
    for kind in ASKED_FOR:
        export(here, kind, exports / f"asked-for.{kind}")
    export(here, "pdf", exports / "cancelled.pdf", cancel=True)
    assert not here.hand.files
    export(here, "pdf", None)
    assert "box" in here.hand.seen
    here.show()
    here.place.export("pdf")
    here.place.form.preview_button.click()
    here.idle()
    assert "preview" in here.hand.seen
    here.show()
    here.hand.files.append(incoming / "scores.csv")
    here.place.import_scores()
    wait(lambda: here.place.form is not None and not here.place.form.checking)
    here.place.close_form()


def break_down() -> None:
    """Bugs with a name in what they say: in a slot, in a thread, and where nobody can catch it."""

    def broken() -> None:
        raise ValueError(NAMES["name"])

    class Unraisable:
        def __del__(self) -> None:
            broken()

    button = QPushButton()
    button.clicked.connect(broken)
    button.click()
    thread = threading.Thread(target=broken)
    thread.start()
    thread.join()
    falling = Unraisable()
    del falling
    QTest.qWait(200)
    settle()


def type_and_lock(here: Sitting) -> None:
    """Two forms left half done: one as the lock falls by itself, one at the end."""
    here.show()
    here.place.log_session()
    here.place.form.note.setPlainText(NAMES["draft of a session"])
    here.window.locking.lock()
    wait(lambda: here.window.workspace is None)
    here.open()
    assert any(NAMES["draft of a session"] in draft.text for draft in here.place.desk.caseload.drafts())
    here.show()
    here.place.acts.write_letter()
    here.place.form.slots["text"].widget.setPlainText(NAMES["draft of a letter"])
    assert here.window.lock()
    settle()


def main(home: Path, exports: Path, incoming: Path) -> None:
    at = datetime.now().astimezone()
    path = home / "clinic.trdtrack"
    made = Caseload.create(path, NAMES["passphrase"], who="test")
    made.edit(added(message("Begin"), *people(at)), at=at)
    made.close()
    application()
    here = Sitting(path)
    look_round(here)
    let_out(here, exports, incoming)
    break_down()
    type_and_lock(here)
    assert here.window.close()
    sys.stdout.write("done\n")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
