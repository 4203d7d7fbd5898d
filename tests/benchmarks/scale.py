"""What is raced at 100, 1,000 and 10,000 patients: start, memory, saving, scrolling, typing, and a large import."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtTest import QTest

import trdtrack
from benchmarks.started import PASSPHRASE
from trdtrack.caseload import Caseload
from trdtrack.domain import phq9
from trdtrack.domain.edit import added, altered
from trdtrack.domain.message import message
from trdtrack.domain.place import place_of
from trdtrack.domain.records import Assessment, Session
from trdtrack.exchange.scores_import import import_edit
from trdtrack.generate import generate
from trdtrack.storage import cipher
from trdtrack.storage.tables import metadata
from trdtrack.ui.caseload.page import CaseloadPage
from trdtrack.ui.screens import Quiet, settle
from trdtrack.ui.window import Window

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

SEED = 6
SCORES_A_PATIENT = 20
SAVED = 30
"""Patients whose sessions are saved in turn; the smallest caseload has as many in a course."""
PATIENCE = 5.0
"""Seconds after which what has not been painted never will be."""
MADE_BY = ("generate/*.py", "storage/tables.py", "domain/gist*.py")
"""The files on which a synthetic caseload rests: where one has changed, the caseload is made anew."""


def now() -> datetime:
    return datetime.now().astimezone()


@cache
def synthetic(patients: int) -> Path:
    """A caseload of so many patients, made once a machine and week: what today asks of it has to stay much the same."""
    package = Path(trdtrack.__file__).parent
    files = sorted(file for pattern in MADE_BY for file in package.glob(pattern))
    made_by = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
    year, week, _day = now().isocalendar()
    folder = Path(tempfile.gettempdir()) / f"trdtrack-bench-{os.getuid() if hasattr(os, 'getuid') else 'all'}"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{patients}-{year}w{week}-{made_by}.trdtrack"
    if not path.exists():
        for old in folder.glob(f"{patients}-*w*"):
            old.unlink()
        if patients > 1_000:
            sys.stderr.write(
                f"Making {patients:,} synthetic patients in {folder}: 900 MB, some minutes, once a week ...\n"
            )
        making = folder / f"making-{patients}-{os.getpid()}.trdtrack"
        generate(making, PASSPHRASE, patients=patients, seed=SEED, at=now(), tick=lambda *_: None).close()
        making.rename(path)
    return path


class Sizes:
    """Whole processes that open synthetic caseloads of several sizes, and the bare window."""

    def __init__(self, home: Path, sizes: tuple[int, ...]) -> None:
        self._env = {**os.environ, "HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
        self._files: dict[int, tuple[str, ...]] = {}
        for size in sizes:
            path = synthetic(size)
            key = cipher.derive_key(PASSPHRASE, cipher.salt_of(path)).hex()
            self._files[size] = (str(path), key, str(size))

    def start(self, size: int) -> float:
        """Seconds from the process's start until the list has taken a key; 0: the bare window."""
        begin = time.monotonic()
        return self._said("caseload", size) - begin

    def memory(self, size: int) -> float:
        """Bytes resident once the window has come to rest; 0: the bare window."""
        return self._said("caseload-memory", size) if size else self._said("bare-memory", 0)

    def _said(self, what: str, size: int) -> float:
        words = (what, *self._files[size]) if size else (what.replace("caseload", "bare"),)
        started = Path(__file__).with_name("started.py")
        done = subprocess.run(
            [sys.executable, started, *words], env=self._env, capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == 0, done.stderr
        return float(done.stdout)

    def runners(self, measure: Callable[[int], float]) -> dict[str, Callable[[], float]]:
        sizes = (0, *self._files)
        return {str(size): lambda size=size: measure(size) for size in sizes}


class Eye(QObject):
    """Sees a widget being painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.painted = False
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        self.painted |= event.type() == QEvent.Type.Paint
        return False


class Opened:
    """A window open on a copy of a synthetic caseload."""

    def __init__(self, patients: int, folder: Path) -> None:
        path = folder / f"{patients}.trdtrack"
        shutil.copyfile(synthetic(patients), path)
        self.caseload = Caseload.open(path, PASSPHRASE, who="bench")
        self.window = Window(who="bench", clock=now, dialogs=Quiet())
        self.window.show()
        self.window.show_caseload(self.caseload)
        settle()
        self.place = self.window.workspace
        self.page = self.place.caseload_page
        self.table = self.page.table
        # The first are the same people at every size: what is compared is the size alone.
        under_way = sorted((row.gist.code, row.gist.patient) for row in self.table.rows.records if row.under_way)
        self._saved = cycle([patient for _code, patient in under_way[:SAVED]])
        self._totals = cycle((4, 23, 11, 17))
        self._eye = Eye(self.table.viewport())
        self._typed = cycle([*((key, None) for key in "birk"), *(("", Qt.Key.Key_Backspace) for _ in range(4))])

    def close(self) -> None:
        self.window.close()
        self.window.deleteLater()
        settle()
        for left in self.caseload.path.parent.glob(f"{self.caseload.path.name}*"):
            left.unlink()

    def save(self) -> float:
        """Save a session with its PHQ-9 on the patient's page, and go back: chart, row and order right, and painted."""
        patient, total = next(self._saved), next(self._totals)
        self.place.open_patient(patient)
        settle()
        edit = self._logged(patient, total)
        begin = time.perf_counter()
        saved = self.place.desk.edit(edit)
        settle()
        took = time.perf_counter() - begin
        assert saved
        chart = self.place.patient_page.chart
        assert chart.stage.drawing.marks[-1].y == total
        begin = time.perf_counter()
        self.place.go(CaseloadPage)
        settle()
        took += time.perf_counter() - begin
        rows = self.table.rows.records
        assert next(row for row in rows if row.gist.patient == patient).gist.latest == total
        return took

    def change(self) -> float:
        """The next patient's course, and last session, changed through the door, and both taken back."""
        patient, at = next(self._saved), now()
        dossier = self.caseload.dossier(patient)
        course, session = dossier.current_course, dossier.sessions[-1]
        edits = (
            altered(message("Edit course"), course, replace(course, goals=f"{course.goals}.")),
            altered(message("Correct session"), session, replace(session, task=f"{session.task}.")),
        )
        begin = time.perf_counter()
        for edit in edits:
            self.caseload.edit(edit, at=at)
        for _edit in edits:
            self.caseload.undo(at=at)
        return time.perf_counter() - begin

    def log_and_take_back(self) -> float:
        """A session logged for the next patient through the door, and taken back: its records are deleted."""
        edit, at = self._logged(next(self._saved), next(self._totals)), now()
        begin = time.perf_counter()
        self.caseload.edit(edit, at=at)
        self.caseload.undo(at=at)
        return time.perf_counter() - begin

    def in_order(self) -> bool:
        """Whether the rows shown stand as the stored facts, all read again, would have them."""
        today = now().date()
        gists = sorted(self.caseload.gists(), key=lambda gist: place_of(gist, today))
        return [row.gist for row in self.table.rows.records] == gists

    def _logged(self, patient: str, total: int) -> Any:
        course = self.caseload.current_course(patient)
        at = now()
        session = Session(patient=patient, course=course.id, date=at.date(), note="Went through the week.", entered=at)
        eight = [min(phq9.MAX_ANSWER, max(total - phq9.MAX_ANSWER * place, 0)) for place in range(8)]
        asked = {"patient": patient, "course": course.id, "session": session.id, "date": at.date(), "entered": at}
        return added(message("Log session"), session, Assessment(**asked, answers=(*eight, 0), difficulty=1))

    def scroll(self) -> float:
        """A step of the wheel down the list, painted."""
        bar = self.table.verticalScrollBar()
        step = bar.value() + 3 if bar.value() + 3 < bar.maximum() else 0
        begin = time.perf_counter()
        bar.setValue(step)
        self.table.viewport().repaint()
        return time.perf_counter() - begin

    def type(self) -> float:
        """The next letter typed into the search, the rows left painted."""
        letter, key = next(self._typed)
        QCoreApplication.processEvents()
        self._eye.painted = False
        begin = time.perf_counter()
        if key is None:
            QTest.keyClicks(self.page.search, letter)
        else:
            QTest.keyClick(self.page.search, key)
        while not self._eye.painted and time.perf_counter() - begin < PATIENCE:
            QCoreApplication.processEvents()
        took = time.perf_counter() - begin
        assert self._eye.painted
        return took


class Imports:
    """A file of scores taken into a new caseload and taken back; and its rows by pandas and the bare driver."""

    def __init__(self, folder: Path, *, scores: int) -> None:
        self._folder, self._made, self.undone = folder, 0, 0.0
        self.file = folder / "scores.csv"
        chance = random.Random(SEED)
        today = now().date()
        lines = ["patient,date,total"]
        for number in range(scores // SCORES_A_PATIENT):
            first = today - timedelta(weeks=SCORES_A_PATIENT + chance.randrange(50))
            days = (first + timedelta(weeks=week) for week in range(SCORES_A_PATIENT))
            lines += [f"I-{number:05d},{day},{chance.randint(4, 24)}" for day in days]
        self.file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.rows: dict[str, list[tuple[Any, ...]]] = {}

    def _new(self) -> Caseload:
        self._made += 1
        return Caseload.create(self._folder / f"import-{self._made}.trdtrack", PASSPHRASE, who="bench")

    def _let_go(self, caseload: Caseload) -> None:
        caseload.close()
        caseload.path.unlink()

    def ours(self) -> float:
        """The import, told how far it is all along; then, timed apart, its undoing."""
        caseload, told, at = self._new(), [], now()
        empty = _rows(caseload)
        begin = time.perf_counter()
        tick = lambda done, of: told.append((done, of))  # noqa: E731
        edit = import_edit(self.file, caseload, columns=None, at=at, tick=tick)
        caseload.edit(edit, at=at, tick=tick)
        took = time.perf_counter() - begin
        assert told
        self.rows = self.rows or _rows(caseload, but=empty)
        begin = time.perf_counter()
        caseload.undo(at=at)
        self.undone = time.perf_counter() - begin
        assert caseload.patients() == []
        self._let_go(caseload)
        return took

    def undo(self) -> float:
        """The undoing of the last import: it has been timed already."""
        return self.undone

    def bare(self) -> float:
        """The file read by pandas, and every row that the import leaves, history lines and all, in one commit."""
        caseload = self._new()
        raw = caseload._store._raw
        begin = time.perf_counter()
        frame = pd.read_csv(self.file)
        raw.execute("BEGIN IMMEDIATE")
        for name, rows in self.rows.items():
            raw.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows)
        raw.execute("COMMIT")
        took = time.perf_counter() - begin
        assert len(frame) == len(self.rows["assessment"])
        self._let_go(caseload)
        return took


def _rows(
    caseload: Caseload, *, but: dict[str, list[tuple[Any, ...]]] | None = None
) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of a file by table, in an order in which each table may refer to those before it."""
    raw, known = caseload._store._raw, but or {}
    found = {}
    for table in metadata.sorted_tables:
        there = set(known.get(table.name, ()))
        rows = [tuple(row) for row in raw.execute(f"SELECT * FROM {table.name}")]
        found[table.name] = [row for row in rows if row not in there]
    return {name: rows for name, rows in found.items() if rows}
