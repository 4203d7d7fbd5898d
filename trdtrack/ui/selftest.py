"""Tries every part of an installation in a temporary folder: file, history, chart, exports, languages, pages."""

from __future__ import annotations

import tempfile
from contextlib import closing
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QFontInfo, QPixmap, QRawFont

from trdtrack import locales, passwords
from trdtrack.caseload import Caseload
from trdtrack.chart.palette import FONT
from trdtrack.chart.picture import chart_png
from trdtrack.chart.trajectory import TrajectoryChart
from trdtrack.domain.address import Address
from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.domain.phq9 import ITEMS
from trdtrack.domain.pooling import effects, pool
from trdtrack.domain.records import Assessment, Course, Patient, Recipient, Session
from trdtrack.domain.refusals import Refusal, WrongPassphrase
from trdtrack.evidence import default_benchmark
from trdtrack.evidence_tables import shipped_trials
from trdtrack.exchange.scores_import import import_edit
from trdtrack.exports import EXPORTS, Source, Wishes
from trdtrack.exports.kinds import at_once, untold
from trdtrack.exports.making import letters
from trdtrack.paths import resources
from trdtrack.ui import theme
from trdtrack.ui.app import application
from trdtrack.ui.screens import scenes
from trdtrack.words import day, phq9_wording, translated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

CODE = "SELFTEST-1"
PASSPHRASE = "a self-test keeps nothing"  # noqa: S105 - the file goes with its folder
ANSWERS = (2, 3, 3, 2, 1, 3, 2, 0, 1)
_BEGINS = {".pdf": b"%PDF-", ".docx": b"PK", ".xlsx": b"PK", ".zip": b"PK", ".csv": b"patient,", ".json": b"{"}
"""How each kind of file begins."""
_PNG = b"\x89PNG"
_SPOKEN = "Settings"
"""A word that each language shipped has another word for."""
BASELINE, EXPECTED = 19, 13.49
"""A worked value of the clinical rules: with psychotherapy 19 points lead to 13.49 at week 26."""


def selftest(*, today: date) -> Iterator[str]:
    """Yield a line for each thing that works, and raise at the first that does not."""
    at = datetime.combine(today, time(9, 30)).astimezone()
    application()
    yield _sure("the wording of the PHQ-9", holds=len(phq9_wording().items) == ITEMS)
    yield _sure("the program's icon", holds=_painted(theme.program_icon().pixmap(64)))
    # The files themselves: a computer may have the same family of its own.
    shipped = {QRawFont(str(file), theme.BODY_PX).familyName() for file in (resources() / "fonts").glob("*.otf")}
    yield _sure("the fonts", holds=FONT in shipped and "" not in shipped and QFontInfo(theme.font()).family() == FONT)
    fall = round(default_benchmark().psychotherapy(BASELINE, 26), 2)
    yield _sure("the expected course", holds=fall == EXPECTED)
    yield _sure("the trials pooled", holds=pool(effects(shipped_trials())).g < 0)
    yield from _languages(today)
    yield _sure("the keyrings", holds=passwords.complete())
    with tempfile.TemporaryDirectory(prefix="trdtrack-selftest-") as folder:
        yield _sure("a server that is not there refused", holds=not _answers(Path(folder)))
        path = Path(folder) / "selftest.trdtrack"
        with closing(Caseload.create(path, PASSPHRASE, who="selftest")) as caseload:
            yield from _life(caseload, today=today, at=at)
        yield _sure("a wrong passphrase refused", holds=not _opens(path, "another"))
        with closing(Caseload.open(path, PASSPHRASE, who="selftest")) as caseload:
            scores = Path(folder) / "scores.csv"
            scores.write_text(f"patient,date,total\n{CODE}-B,{today - timedelta(weeks=4)},19\n", encoding="utf-8")
            caseload.edit(import_edit(scores, caseload, columns=None, at=at, tick=None), at=at)
            yield _sure("scores imported from a CSV", holds=len(caseload.records("assessment")) == 2)
            yield _sure("the file whole when opened again", holds=caseload.check() == ())
            course = caseload.current_course(caseload.patient_by_code(CODE).id)
            assert course is not None  # noqa: S101 - just written
            summary = caseload.summary(course, today=today)
            yield from _exports(caseload, course.patient, today=today, at=at)
    chart = TrajectoryChart()
    chart.draw(summary)
    drawn = _painted(chart.grab()) and len(chart.stage.drawing.marks) == 1
    chart.deleteLater()
    yield _sure("the chart", holds=drawn)
    yield _sure("the chart as PNG", holds=chart_png(summary, width_px=640, height_px=400).startswith(_PNG))
    for name, window in scenes(today):
        yield _sure(f"the page {name}", holds=_painted(window.grab()))


def _life(caseload: Caseload, *, today: date, at: datetime) -> Iterator[str]:
    patient = Patient(code=CODE)
    course = Course(patient=patient.id, start=today)
    session = Session(patient=patient.id, course=course.id, date=today, entered=at)
    answered = Assessment(
        patient=patient.id, course=course.id, session=session.id, date=today, answers=ANSWERS, entered=at
    )
    caseload.edit(added(message("Log session"), patient, course, session, answered), at=at)
    saved = caseload.records("assessment")
    yield _sure("a session and its PHQ-9 saved in an encrypted file", holds=saved == [answered])
    caseload.undo(at=at)
    yield _sure("undo", holds=not caseload.records("assessment"))
    caseload.redo(at=at)
    yield _sure("redo", holds=caseload.records("assessment") == saved)


def _exports(caseload: Caseload, patient: str, *, today: date, at: datetime) -> Iterator[str]:
    source = Source(caseload, (patient,), at=at, today=today)
    source = replace(source, letters=letters(source, to=Recipient.GP))
    for name, export in EXPORTS.items():
        made = export.make(source, Wishes(), draw=at_once, tick=untold)
        yield _sure(f"the export as {name.upper()}", holds=made.content.startswith(_BEGINS[export.suffix]))


def _languages(today: date) -> Iterator[str]:
    """Every language shipped: its words, and its way of writing a day."""
    for language in locales.languages():
        if language.file is not None and not language.own:
            with locales.spoken(language.code) as said:
                holds = said == language.code and translated(_SPOKEN) != _SPOKEN and str(today.year) in day(today)
            yield _sure(f"the language {language.code}", holds=holds)


def _answers(folder: Path) -> bool:
    """Whether a server answers where there is none: the driver for servers has to be there to say no."""
    nowhere = Address((("dbname", "none"), ("host", str(folder)), ("user", "nobody")))
    try:
        Caseload.open(nowhere, "", who="selftest").close()
    except Refusal:
        return False
    return True


def _opens(path: Path, passphrase: str) -> bool:
    try:
        Caseload.open(path, passphrase, who="selftest").close()
    except WrongPassphrase:
        return False
    return True


def _painted(picture: QPixmap) -> bool:
    image = picture.toImage()
    return len({image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}) > 2


def _sure(what: str, *, holds: bool) -> str:
    if not holds:
        raise Refusal(message("The self-test failed at {what}: this installation is damaged.", what=what))
    return what
