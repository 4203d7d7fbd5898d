"""The manual's pictures, made from the demo caseload, and beside them a note of the texts that were on each."""

from __future__ import annotations

import hashlib
import json
import tempfile
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QAbstractButton, QLabel, QTableView, QTabWidget, QWidget

from trdtrack.demo import PASSPHRASE, SHOWN
from trdtrack.generate import generate
from trdtrack.settings import Look
from trdtrack.ui import theme
from trdtrack.ui.appearance import look
from trdtrack.ui.evidence.page import EvidencePage
from trdtrack.ui.outcomes.page import OutcomesPage
from trdtrack.ui.patient.view import PatientView
from trdtrack.ui.screens import GENERATED, TYPED, checked_import, demo_window, settle
from trdtrack.ui.window import SMALLEST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trdtrack.ui.window import Window
    from trdtrack.ui.workspace import Workspace

DAY = date(2026, 5, 12)
"""The day on every picture: made again on another day they say the same."""
NOTES = "pictures.json"
TALL = (SMALLEST[0], 800)
"""Room for every lane under a chart."""
HEIGHTS = {"evidence": 580}
"""Where less than the whole window says it: a picture is the smaller."""
COLOURS = 48
"""In a picture: few enough for a palette, which keeps it small."""
COARSE = 0xFFE0E0E0
"""Colours this alike count as one where the commonest are sought."""


def write_pictures(out: Path, *, dark: bool = True) -> Iterator[Path]:
    """Write each picture into a folder that is there, in the dark as well if wished, and the note; yield each path."""
    notes: dict[str, str] = {}
    before = look()
    theme.take(Look("light"))
    for name, window in _scenes():
        notes[name] = hashlib.sha256("\n".join(texts(window)).encode()).hexdigest()
        for colours, ending in (("dark", "-dark"), ("light", ""))[0 if dark else 1 :]:
            theme.take(Look(colours))
            settle()
            picture = QPixmap(window.width(), HEIGHTS.get(name, window.height()))
            window.render(picture)
            path = out / f"{name}{ending}.png"
            path.write_bytes(png(picture.toImage()))
            yield path
    theme.take(before)
    (out / NOTES).write_text(json.dumps(notes, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    yield out / NOTES


def _scenes() -> Iterator[tuple[str, Window]]:
    """The pages and forms the manual shows, each as it is to be shown."""
    window, caseload = demo_window(DAY)
    window.resize(*SMALLEST)
    place = window.workspace
    assert place is not None  # noqa: S101 - just opened
    window.say("")
    settle()
    yield "caseload", window
    place.open_patient(caseload.patient_by_code(SHOWN).id)
    page = place.patient_page
    page.tabs.setCurrentWidget(page.items)
    window.resize(*TALL)
    settle()
    yield "patient", window
    page.now.forecast.setChecked(True)
    settle()
    yield "forecast", window
    page.now.forecast.setChecked(False)
    page.tabs.setCurrentIndex(0)
    window.resize(*SMALLEST)
    yield from _forms(window, place)
    page.patient_view.emit(page.summary)
    settle()
    yield "patient-view", window
    place.findChild(PatientView).left.emit()  # pyright: ignore[reportOptionalMemberAccess]
    place.go(EvidencePage)
    _wait(window)
    yield "evidence", window
    place.open_patient(caseload.patient_by_code(SHOWN).id)
    place.hand_over()
    settle()
    window.setWindowState(Qt.WindowState.WindowNoState)
    window.resize(*SMALLEST)
    settle()
    yield "hand-over", window
    handed = window.handing.page
    assert handed is not None  # noqa: S101 - nobody is there to say no
    handed.ask_passphrase()
    handed.unlock_asked.emit(PASSPHRASE)
    while window.handing.under_way:
        settle()
    window.lock()
    yield from _outcomes(window)
    window.close()
    settle()


def _forms(window: Window, place: Workspace) -> Iterator[tuple[str, Window]]:
    place.log_session()
    for field, digit in zip(place.form.answers, TYPED, strict=False):  # pyright: ignore[reportOptionalMemberAccess, reportAttributeAccessIssue]
        field.set_value(digit)
    settle()
    yield "log", window
    place.close_form()
    place.patient_page.asked.emit("risk")
    settle()
    yield "risk", window
    place.close_form()
    place.export("pdf")
    settle()
    yield "export", window
    place.close_form()
    with tempfile.TemporaryDirectory() as folder:
        checked_import(place, Path(folder))
        yield "import", window
        place.close_form()
    settle()


def _outcomes(window: Window) -> Iterator[tuple[str, Window]]:
    """The outcomes of invented people: the demo has too few courses that are closed."""
    at = datetime.combine(DAY, time(9, 30)).astimezone()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "outcomes.trdtrack"
        made = generate(path, PASSPHRASE, patients=GENERATED, seed=1, at=at, tick=lambda _done, _of: None)
        window.show_caseload(made)
        place = window.workspace
        assert place is not None  # noqa: S101 - just opened
        window.say("")
        place.go(OutcomesPage)
        _wait(window)
        yield "outcomes", window
        window.lock()


def _wait(window: Window) -> None:
    settle()
    while window.work.busy:
        settle()
    settle()


# What is on a picture


def texts(window: Window) -> list[str]:
    """Return the words that can be read in a window, in the order in which its parts were made."""
    found: list[str] = []
    for part in window.findChildren(QWidget):
        if part.isVisible():
            found += [text for text in _texts(part) if text]
    return found


def _texts(part: QWidget) -> list[str]:
    if isinstance(part, theme.Elided):
        return [part.whole]
    if isinstance(part, QLabel | QAbstractButton):
        return [part.text()]
    if isinstance(part, QTabWidget):
        return [part.tabText(number) for number in range(part.count())]
    if isinstance(part, QTableView):
        rows = part.model()
        across, down = range(rows.columnCount()), range(rows.rowCount())
        return [
            *(str(rows.headerData(column, Qt.Orientation.Horizontal) or "") for column in across),
            *(str(rows.index(row, column).data() or "") for row in down for column in across),
        ]
    return [part.accessibleDescription()]


def png(picture: QImage) -> bytes:
    """Return a picture as PNG with a palette of its commonest colours: a page has few, and the file stays small."""
    plain = picture.convertToFormat(QImage.Format.Format_RGB32)
    seen = np.frombuffer(plain.constBits(), dtype=np.uint32).reshape(plain.height(), -1)[:, : plain.width()]
    exact, often = np.unique(seen, return_counts=True)
    order = np.argsort(-often)
    exact, often = exact[order], often[order]
    # What fills areas exactly as it is, then the shades of letters' edges: of those alike, the commonest.
    alike, first, which = np.unique(exact & np.uint32(COARSE), return_index=True, return_inverse=True)
    heaviest = np.argsort(-np.bincount(which, often, len(alike)))
    edges = exact[first[heaviest]]
    areas = exact[: COLOURS // 4]
    wanted = np.concatenate([areas, edges[~np.isin(edges, areas)]])[:COLOURS]
    table = [int(colour) for colour in wanted]
    few = plain.convertToFormat(QImage.Format.Format_Indexed8, table, Qt.ImageConversionFlag.ThresholdDither)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    few.save(buffer, "PNG", 0)  # pyright: ignore[reportArgumentType, reportCallIssue] - 0: packed as tightly as may be
    return bytes(buffer.data().data())
