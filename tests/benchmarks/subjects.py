"""What is raced: the program's way and the bare way of doing the same thing, each a function that times itself."""

from __future__ import annotations

import json
import os
import random
import secrets
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication
from sqlalchemy import insert, select

from benchmarks.started import PASSPHRASE
from trdtrack import demo
from trdtrack.caseload import Caseload
from trdtrack.chart.trajectory import TrajectoryChart
from trdtrack.domain import phq9
from trdtrack.domain.dossier import Dossier
from trdtrack.domain.edit import Edit, added
from trdtrack.domain.finding import spoken
from trdtrack.domain.message import message
from trdtrack.domain.records import Assessment, Course, Patient, Rules, Session
from trdtrack.domain.summary import Summary, summarise
from trdtrack.evidence import default_benchmark
from trdtrack.storage import cipher, search
from trdtrack.storage.tables import TABLES, audit, audit_about, audit_text, metadata, to_json, values

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
TODAY = AT.date()
CHART = (760, 440)


class Starts:
    """Whole processes, from their start until their window has taken a key."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        patch.setattr(demo, "PASSPHRASE", PASSPHRASE)
        caseload = demo.make_demo(at=datetime.now().astimezone(), folder=folder)
        caseload.close()
        self._file = caseload.path
        self._key = cipher.derive_key(PASSPHRASE, cipher.salt_of(caseload.path)).hex()
        self._env = {**os.environ, "HOME": str(folder), "QT_QPA_PLATFORM": "offscreen"}

    def bare(self) -> float:
        return self._start("bare")

    def unlock(self) -> float:
        return self._start("unlock", str(self._file))

    def caseload(self) -> float:
        return self._start("caseload", str(self._file), self._key)

    def _start(self, *words: str) -> float:
        started = Path(__file__).with_name("started.py")
        begin = time.monotonic()
        done = subprocess.run(
            [sys.executable, started, *words], env=self._env, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, done.stderr
        return float(done.stdout) - begin


class Saves:
    """A session with its PHQ-9 saved to a caseload: through the door, by Core alone, by the driver alone.

    Each has a file of its own, made and filled alike, on the connection the program opens: the same pragmas.
    """

    def __init__(self, folder: Path) -> None:
        self.files = {way: self._file(folder / f"{way}.trdtrack") for way in ("door", "core", "driver")}
        self._engine = self.files["core"]._store._engine
        self._raw = self.files["driver"]._store._raw

    def _file(self, path: Path) -> Caseload:
        caseload = Caseload.create(path, PASSPHRASE, who="bench")
        self.patient, self.course = Patient(id="p" * 32, code="P-1"), Course(id="c" * 32, patient="p" * 32)
        caseload.edit(added(message("Add"), self.patient, self.course), at=AT)
        for _session in range(20):
            caseload.edit(self._logged(), at=AT)
        return caseload

    def close(self) -> None:
        for caseload in self.files.values():
            caseload.close()

    def _logged(self) -> Edit:
        session = Session(
            patient=self.patient.id,
            course=self.course.id,
            date=date(2026, 11, 18),
            note="Went through the week. Activity diary kept on four days.",
            entered=AT,
        )
        asked = {"patient": self.patient.id, "course": self.course.id, "date": session.date, "entered": AT}
        answered = Assessment(**asked, session=session.id, answers=(2, 3, 3, 2, 1, 3, 2, 0, 1), difficulty=1)
        return added(message("Log session"), session, answered)

    def door(self) -> float:
        edit = self._logged()
        begin = time.perf_counter()
        self.files["door"].edit(edit, at=AT)
        return time.perf_counter() - begin

    def core(self) -> float:
        """The statements of `door`, with nothing computed between them."""
        lines = self._lines("core")
        begin = time.perf_counter()
        for kind, name in (("risk", "patient"), ("course", "patient"), ("patient", "id")):
            table = TABLES[kind]
            with self._engine.connect() as connection, connection.execution_options(write=False).begin():
                connection.execute(select(table).where(table.c[name] == self.patient.id)).mappings().all()
        with self._engine.connect() as connection:
            connection.execution_options(write=True)
            with connection.begin():
                connection.execute(_HEAD).one()
                for name, rows in lines:
                    connection.execute(_INSERTS[name], rows)
        return time.perf_counter() - begin

    def driver(self) -> float:
        """The rows of `door` in one commit; nothing is read."""
        rows = [(_SQL[name], _plain(name, row)) for name, several in self._lines("driver") for row in several]
        run = self._raw.execute
        begin = time.perf_counter()
        run("BEGIN IMMEDIATE")
        for sql, row in rows:
            run(sql, row)
        run("COMMIT")
        return time.perf_counter() - begin

    def _lines(self, way: str) -> list[tuple[str, list[dict[str, Any]]]]:
        """Return tables and their rows in the order of `door`: the records, the words, then the history."""
        seq, edit = self.files[way]._store._raw.execute("SELECT seq, edit FROM audit ORDER BY seq DESC").fetchone()
        session, answered = (step.after for step in self._logged().steps)
        words = {"kind": "session", "record": session.id, **search._row("session", spoken(session))}
        lines, texts = [], []
        for number, record in enumerate((session, answered), start=seq + 1):
            line = {"seq": number, "edit": edit + 1, "undoes": None, "at": AT.isoformat(), "who": "bench"}
            line |= {"title": "Log session", "kind": record.kind, "record": record.id}
            lines.append(line | {name: secrets.token_hex(32) for name in ("digest", "previous", "hash")})
            salt = secrets.token_hex(16)
            texts.append({"seq": number, "salt": salt, "before": None, "after": to_json(record), "why": None})
        about = [{"patient": self.patient.id, "seq": line["seq"]} for line in lines]
        records = [("session", [values(session)]), ("words", [words]), ("assessment", [values(answered)])]
        return [*records, ("audit", lines), ("audit_text", texts), ("audit_about", about)]


_HEAD = select(audit.c.seq, audit.c.edit, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)
_WRITTEN = (TABLES["session"], TABLES["assessment"], audit, audit_text, audit_about)
_INSERTS: dict[str, Any] = {table.name: insert(table) for table in _WRITTEN} | {"words": search._ADD}
_SQL = {
    table.name: "INSERT INTO {} ({}) VALUES ({})".format(
        table.name, ", ".join(f'"{c.name}"' for c in table.columns), ", ".join("?" for _ in table.columns)
    )
    for table in _WRITTEN
} | {"words": str(search._ADD)}


def _plain(name: str, row: dict[str, Any]) -> Any:
    if name == "words":
        return row
    found = (row[column.name] for column in metadata.tables[name].columns)
    return tuple(json.dumps(v) if isinstance(v, tuple) else v.isoformat() if isinstance(v, date) else v for v in found)


class Charts:
    """Another patient of 200 scores into an open chart, and the same points into a bare plot of the same size."""

    def __init__(self) -> None:
        self._summaries = [_course_of_200(first) for first in (1, 2)]
        self._points = [
            ([p.date.toordinal() for p in s.counting], [p.total for p in s.counting]) for s in self._summaries
        ]
        self.chart = TrajectoryChart()
        self.plot = pg.PlotWidget()
        self.curve = self.plot.plot([], [], pen=pg.mkPen("w", width=2), symbol="o", symbolSize=7)
        for widget in (self.chart, self.plot):
            widget.resize(*CHART)
            widget.show()
        QCoreApplication.processEvents()
        # Each runner has its own turn, so that whatever their order every draw is of another patient.
        self._turns = {self.ours: cycle(self._summaries), self.bare: cycle(self._points)}

    def close(self) -> None:
        for widget in (self.chart, self.plot):
            widget.close()
            widget.deleteLater()

    def ours(self) -> float:
        summary = next(self._turns[self.ours])
        begin = time.perf_counter()
        self.chart.draw(summary)
        self.chart.viewport().repaint()
        return time.perf_counter() - begin

    def bare(self) -> float:
        points = next(self._turns[self.bare])
        begin = time.perf_counter()
        self.curve.setData(*points)
        self.plot.viewport().repaint()
        return time.perf_counter() - begin


def _course_of_200(seed: int) -> Summary:
    """A long course as measured: a slow fall, and the instrument's own error (SEM 2.0) from week to week."""
    chance = random.Random(seed)
    start = TODAY - timedelta(weeks=210)
    patient = Patient(code=f"P-{seed}")
    course = Course(patient=patient.id, start=start)
    assessments = []
    for week in range(200):
        total = min(max(round(19 - week / 25 + chance.gauss(0, 2)), 0), phq9.MAX_TOTAL)
        asked = {"patient": patient.id, "course": course.id, "date": start + timedelta(weeks=week), "entered": AT}
        assessments.append(Assessment(**asked, answers=demo.answers_for(total, 0, chance)))
    return summarise(
        Dossier.of(patient, [course, *assessments]),
        course,
        benchmark=default_benchmark(),
        rules=Rules(),
        today=TODAY,
    )


def runners(subject: object, *names: str) -> dict[str, Callable[[], float]]:
    """Return the named functions of a subject."""
    return {name: getattr(subject, name) for name in names}
