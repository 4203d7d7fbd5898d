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
from itertools import count, cycle
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
from trdtrack.domain.edit import Edit, added, joined
from trdtrack.domain.finding import spoken
from trdtrack.domain.message import message
from trdtrack.domain.records import (
    Assessment,
    Attendance,
    Course,
    Event,
    Patient,
    RiskRecord,
    Role,
    Rules,
    Session,
    Treatment,
)
from trdtrack.domain.summary import Summary, summarise
from trdtrack.evidence import default_benchmark
from trdtrack.storage import cipher, gists, search
from trdtrack.storage.tables import AS_WRITTEN, TABLES, audit, audit_about, audit_text, metadata, to_json, values
from trdtrack.ui.screens import demo_window, settle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pytest
    from sqlalchemy import Connection

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
TODAY = AT.date()
CHART = (760, 440)
SAVED_FOR = 30
WEEKS_BEFORE = 20
FIRST_DAY = TODAY - timedelta(weeks=WEEKS_BEFORE + 12)


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

    Each has a file of its own, made and filled alike, on the connection the program opens: the same pragmas. Each round
    saves for the next of many patients, so that all along they have between 20 and 31 sessions, as patients have.
    """

    def __init__(self, folder: Path) -> None:
        self.patients = tuple(Patient(id=f"{n:032x}", code=f"P-{n}") for n in range(1, SAVED_FOR + 1))
        self.files = {way: self._file(folder / f"{way}.trdtrack") for way in ("door", "core", "driver")}
        self._rounds = {way: count() for way in self.files}
        found = self.files["door"]._store._raw.execute("SELECT text FROM gist WHERE patient <> ''")
        self._gist = found.fetchone()[0]
        self._engine = self.files["core"]._store._engine
        self._raw = self.files["driver"]._store._raw

    def _file(self, path: Path) -> Caseload:
        caseload = Caseload.create(path, PASSPHRASE, who="bench")
        for patient in self.patients:
            begun = added(message("Add"), patient, Course(id=_course_id(patient), patient=patient.id))
            weeks = (_logged(patient, FIRST_DAY + timedelta(weeks=week)) for week in range(WEEKS_BEFORE))
            caseload.edit(joined(message("Add"), [begun, *weeks]), at=AT)
        return caseload

    def close(self) -> None:
        for caseload in self.files.values():
            caseload.close()

    def _next(self, way: str) -> Edit:
        turn, number = divmod(next(self._rounds[way]), SAVED_FOR)
        return _logged(self.patients[number], FIRST_DAY + timedelta(weeks=WEEKS_BEFORE + turn))

    def door(self) -> float:
        edit = self._next("door")
        begin = time.perf_counter()
        self.files["door"].edit(edit, at=AT)
        return time.perf_counter() - begin

    def core(self) -> float:
        """The statements of `door`, with nothing computed between them."""
        edit = self._next("core")
        [patient], lines = edit.touched.patients, self._lines("core", edit)
        begin = time.perf_counter()
        with self._engine.connect() as connection:
            connection.execution_options(write=True)
            with connection.begin():
                _read(connection, _BEFORE, patient)
                for name, rows in lines:
                    if name == "gist":
                        _read(connection, _AFTER, patient)
                    elif name == "audit":
                        connection.execute(_HEAD).one()
                    connection.execute(_INSERTS[name], rows)
        return time.perf_counter() - begin

    def driver(self) -> float:
        """The rows of `door` in one commit; nothing is read."""
        lines = self._lines("driver", self._next("driver"))
        rows = [(_SQL[name], _plain(name, row)) for name, several in lines for row in several]
        run = self._raw.execute
        begin = time.perf_counter()
        run("BEGIN IMMEDIATE")
        for sql, row in rows:
            run(sql, row)
        run("COMMIT")
        return time.perf_counter() - begin

    def _lines(self, way: str, saved: Edit) -> list[tuple[str, list[dict[str, Any]]]]:
        """Return tables and their rows in the order of `door`: records and words, the gist, then the history."""
        seq, edit = self.files[way]._store._raw.execute("SELECT seq, edit FROM audit ORDER BY seq DESC").fetchone()
        session, answered = (step.after for step in saved.steps)
        words = {"kind": "session", "record": session.id, **search._row("session", spoken(session))}
        lines, texts = [], []
        for number, record in enumerate((session, answered), start=seq + 1):
            line = {"seq": number, "edit": edit + 1, "undoes": None, "at": AT.isoformat(), "who": "bench"}
            line |= {"title": "Log session", "kind": record.kind, "record": record.id}
            lines.append(line | {name: secrets.token_hex(32) for name in ("digest", "previous", "hash")})
            salt = secrets.token_hex(16)
            texts.append({"seq": number, "salt": salt, "before": None, "after": to_json(record), "why": None})
        about = [{"patient": session.patient, "seq": line["seq"]} for line in lines]
        records = [("session", [values(session)]), ("words", [words]), ("assessment", [values(answered)])]
        history = [("audit", lines), ("audit_text", texts), ("audit_about", about)]
        return [*records, ("gist", [{"patient": session.patient, "text": self._gist}]), *history]


def _course_id(patient: Patient) -> str:
    return f"c{patient.id[1:]}"


def _logged(patient: Patient, day: date) -> Edit:
    session = Session(
        patient=patient.id,
        course=_course_id(patient),
        date=day,
        note="Went through the week. Activity diary kept on four days.",
        entered=AT,
    )
    asked = {"patient": patient.id, "course": session.course, "date": day, "entered": AT}
    answered = Assessment(**asked, session=session.id, answers=(2, 3, 3, 2, 1, 3, 2, 0, 1), difficulty=1)
    return added(message("Log session"), session, answered)


def _read(connection: Connection, asked: Iterable[tuple[str, str]], patient: str) -> None:
    for kind, name in asked:
        table = TABLES[kind]
        query = select(table).where(table.c[name] == patient) if name else select(table)
        connection.execute(query.order_by(AS_WRITTEN)).mappings().all()


_BEFORE = (("risk", "patient"), ("course", "patient"), ("patient", "id"))
_AFTER = (
    *((kind, "") for kind in ("rules", "benchmark", "clinic")),
    *((kind, "patient") for kind in ("session", "assessment", "outcome", "follow_up", "episode", "treatment")),
    *((kind, "patient") for kind in ("event", "risk_review")),
)
"""What the gist of a patient rests on, read once the edit is written: all but what was read before it."""
_HEAD = select(audit.c.seq, audit.c.edit, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)
_WRITTEN = (TABLES["session"], TABLES["assessment"], audit, audit_text, audit_about)
_INSERTS: dict[str, Any] = {table.name: insert(table) for table in _WRITTEN} | {
    "words": search._ADD,
    "gist": gists._KEEP,
}
_SQL = {
    table.name: "INSERT INTO {} ({}) VALUES ({})".format(
        table.name, ", ".join(f'"{c.name}"' for c in table.columns), ", ".join("?" for _ in table.columns)
    )
    for table in _WRITTEN
} | {"words": str(search._ADD), "gist": "INSERT OR REPLACE INTO gist (patient, text) VALUES (:patient, :text)"}


def _plain(name: str, row: dict[str, Any]) -> Any:
    if name in {"words", "gist"}:
        return row
    found = (row[column.name] for column in metadata.tables[name].columns)
    return tuple(json.dumps(v) if isinstance(v, tuple) else v.isoformat() if isinstance(v, date) else v for v in found)


class Charts:
    """The open chart and a bare plot of the same size and points: another patient, a hover, a step of the zoom.

    The course has something in every lane.
    """

    def __init__(self) -> None:
        self._summaries = [_course_of(200, seed=seed) for seed in (1, 2)]
        self._points = [_points(s) for s in self._summaries]
        self.chart, self.plot = TrajectoryChart(), pg.PlotWidget()
        self.curve = _curve(self.plot)
        self.many, self.many_bare = TrajectoryChart(), pg.PlotWidget()
        long = _course_of(400, seed=3)
        _curve(self.many_bare).setData(*_points(long))
        for widget in self._widgets:
            widget.resize(*CHART)
            widget.show()
        self.many.draw(long)
        QCoreApplication.processEvents()
        # Each runner has its own turn, so that whatever their order every draw is of another patient.
        self._turns = {self.ours: cycle(self._summaries), self.bare: cycle(self._points)}
        self._hovered = cycle(self.many.stage.drawing.stops[::7])
        self._zoomed = {self.zoom: cycle(ZOOMS), self.bare_zoom: cycle(ZOOMS)}

    @property
    def _widgets(self) -> tuple[pg.GraphicsView, ...]:
        return (self.chart, self.plot, self.many, self.many_bare)

    def close(self) -> None:
        for widget in self._widgets:
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

    def hover(self) -> float:
        """The pointer comes to another of 400 scores."""
        at = self.many.place(next(self._hovered))
        begin = time.perf_counter()
        self.many.hovered(at)
        self.many.viewport().repaint()
        return time.perf_counter() - begin

    def zoom(self) -> float:
        """One step of the wheel, in or out, over 400 scores."""
        factor = next(self._zoomed[self.zoom])
        begin = time.perf_counter()
        self.many.zoom_by(factor)
        self.many.viewport().repaint()
        return time.perf_counter() - begin

    def bare_zoom(self) -> float:
        """The same step in a bare plot."""
        factor = next(self._zoomed[self.bare_zoom])
        begin = time.perf_counter()
        self.many_bare.getViewBox().scaleBy((factor, 1))
        self.many_bare.viewport().repaint()
        return time.perf_counter() - begin


class Beginnings:
    """A chart made, filled with 200 scores and painted for the first time, and a bare plot."""

    def __init__(self) -> None:
        self._summary = _course_of(200, seed=4)
        TrajectoryChart().deleteLater()  # the type is read once, with the program's window

    def ours(self) -> float:
        begin = time.perf_counter()
        chart = TrajectoryChart()
        chart.resize(*CHART)
        chart.show()
        chart.draw(self._summary)
        return _painted(chart, begin)

    def bare(self) -> float:
        begin = time.perf_counter()
        plot = pg.PlotWidget()
        plot.resize(*CHART)
        plot.show()
        _curve(plot).setData(*_points(self._summary))
        return _painted(plot, begin)


def _painted(widget: pg.GraphicsView, begin: float) -> float:
    QCoreApplication.processEvents()  # the layout comes with its first event
    widget.viewport().repaint()
    took = time.perf_counter() - begin
    widget.close()
    widget.deleteLater()
    return took


ZOOMS = (0.8, 0.8, 0.8, 1.25, 1.25, 1.25)


def _curve(plot: pg.PlotWidget) -> pg.PlotDataItem:
    return plot.plot([], [], pen=pg.mkPen("w", width=2), symbol="o", symbolSize=7)


def _points(summary: Summary) -> tuple[list[int], list[int]]:
    return [p.date.toordinal() for p in summary.counting], [p.total for p in summary.counting]


def _course_of(count: int, *, seed: int) -> Summary:
    """A long course as measured, with something in every lane: a slow fall, and the instrument's error (SEM 2.0)."""
    chance = random.Random(seed)
    start = TODAY - timedelta(weeks=count + 10)
    patient = Patient(code=f"P-{seed}")
    course = Course(patient=patient.id, start=start)
    mine = {"patient": patient.id, "course": course.id}
    records: list[Any] = [patient, course]
    for week in range(count):
        when = start + timedelta(weeks=week)
        total = min(max(round(19 - 8 * week / count + chance.gauss(0, 2)), 0), phq9.MAX_TOTAL)
        answers = demo.answers_for(total, int(chance.random() < 0.3), chance)
        records.append(Assessment(**mine, date=when, entered=AT, answers=answers))
        missed = Attendance.DID_NOT_ATTEND if chance.random() < 0.1 else Attendance.ATTENDED
        phase = f"phase {week * 4 // count + 1}"
        records.append(Session(**mine, date=when, entered=AT, attendance=missed, phase=phase))
    for number in range(12):
        begun = start + timedelta(weeks=number * count // 12)
        ends = begun + timedelta(weeks=count // 5)
        role = tuple(Role)[number % 3]
        records.append(
            Treatment(patient=patient.id, drug=f"drug {number}", dose="150 mg", role=role, start=begun, end=ends)
        )
        records.append(Event(patient=patient.id, date=begun, text=f"event number {number}", entered=AT))
    records.append(RiskRecord(patient=patient.id, opened=start + timedelta(weeks=count // 2), entered=AT))
    return summarise(
        Dossier.of(patient, records[1:]), course, benchmark=default_benchmark(), rules=Rules(), today=TODAY
    )


class Turning:
    """The demo's window, open: from one patient's page to the next, laid out and painted."""

    def __init__(self) -> None:
        self.window, caseload = demo_window(TODAY)
        self._next = cycle([p.id for p in caseload.patients()])

    def close(self) -> None:
        self.window.close()
        self.window.deleteLater()

    def turn(self) -> float:
        place, patient = self.window.workspace, next(self._next)
        begin = time.perf_counter()
        place.open_patient(patient)
        settle()
        return time.perf_counter() - begin


def runners(subject: object, *names: str) -> dict[str, Callable[[], float]]:
    """Return the named functions of a subject."""
    return {name: getattr(subject, name) for name in names}
