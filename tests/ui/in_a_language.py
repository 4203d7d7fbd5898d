"""A program of its own: goes through all scenes in one language and writes what it saw as JSON.

The window is named in its language as it is brought in, so that each language needs a process. Told: which texts were
asked for, which stood there without having been asked for, and which had less room than they need.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import defaultdict
from dataclasses import fields, is_dataclass
from datetime import date
from itertools import combinations
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from trdtrack import locales, settings, words

LANGUAGE = sys.argv[1]
locales.speak(LANGUAGE)

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QTableView,
    QTabBar,
    QTextEdit,
    QWidget,
)

from trdtrack.chart.stage import Type
from trdtrack.evidence import benchmarks
from trdtrack.paths import resources
from trdtrack.ui import screens, theme
from trdtrack.ui.about import facts
from trdtrack.ui.app import application
from trdtrack.ui.window import SMALLEST

TODAY = date(2026, 11, 20)
_BRACKETED = re.compile(r"⟦[^⟦⟧]*⟧")
_KEYS = re.compile(r"\b(?:(?:Ctrl|Shift|Alt)\+)+\w+")
_PLACEHOLDER = re.compile(r"\{\w+\}")
_ROMAN = re.compile(r"\b[IVX]+\b")
_LETTERS = re.compile(r"[A-Za-z]{2,}")
_EDGES = " :;,.()…·–-/0123456789"
_OF_QT = {"Scroll Left", "Scroll Right", "qt_spinbox_lineedit"}
"""What Qt says itself: it has translations of its own."""
_A_BAR = 12
"""Pixels by which a page is wider where a scroll bar comes and goes."""
_SEEN = 200
"""A page narrower than this lies covered by another."""
_COLUMN = 260
"""A choice so wide fills its column; the list it opens is as wide as its words."""
_BESIDE_HEADING = 8
"""Pixels around the words of a heading. One that gives way ends in an ellipsis, and its tip says it whole."""
_CHART: list[str] = []


def watch_charts() -> None:
    """Note each text a chart paints past the edge of what it is painted on."""
    write = Type.write

    def noted(self, painter, at, text, **how):
        write(self, painter, at, text, **how)
        if not text:
            return
        metrics = QFontMetricsF(painter.font())
        left = at.x() - how.get("align", 0.0) * metrics.horizontalAdvance(text)
        box = QRectF(QPointF(left, at.y() - 5), QPointF(left + metrics.horizontalAdvance(text), at.y() + 5))
        room = QRectF(painter.viewport())
        box = painter.worldTransform().mapRect(box)
        if not room.adjusted(-2, -2, 2, 2).contains(box):
            _CHART.append(f"chart: {text} at {box.getRect()} of {room.getRect()}")

    Type.write = noted


def texts(under: QWidget):
    """What a person can read or hear of a widget's parts."""
    for part in under.findChildren(QWidget):
        if not part.isVisible():
            continue
        yield from (part.accessibleName(), part.accessibleDescription(), part.toolTip())
        if isinstance(part, theme.Elided):
            yield part.whole
        elif isinstance(part, QLabel | QAbstractButton):
            yield part.text()
        elif isinstance(part, QLineEdit | QPlainTextEdit | QTextEdit):
            yield part.placeholderText()
        elif isinstance(part, QTabBar):
            yield from (part.tabText(n) for n in range(part.count()))
        elif isinstance(part, QComboBox):
            yield from (part.itemText(n) for n in range(part.count()))
        elif isinstance(part, QTableView) and part.model():
            yield from _cells(part)


def _cells(table: QTableView):
    model = table.model()
    for column in range(model.columnCount()):
        yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        for row in range(min(model.rowCount(), 40)):
            for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
                yield str(model.index(row, column).data(role) or "")


def unasked(text: str) -> list[str]:
    """The lines of a text without what was asked for."""
    text, before = text.replace("\u200b", ""), None
    while before != text:
        before, text = text, _BRACKETED.sub("", text)
    return text.splitlines()


def bare(text: str, known: list[str], published: str) -> str:
    """What is left of such a line without what somebody typed, codes, keys and published wording."""
    for one in known:
        text = text.replace(one, "")
    for form in (_KEYS, _PLACEHOLDER, _ROMAN):
        text = form.sub("", text)
    left = text.strip(_EDGES)
    if not _LETTERS.search(left) or left in _OF_QT or left in published:
        return ""
    return "" if any(left in one for one in known) else left


def cut(under: QWidget):
    """What has less room than it needs, or stands on something else. A label that ends in an ellipsis means to."""
    for part in under.findChildren(QWidget):
        # What is covered by its own content is seen all the same.
        if not part.isVisible() or not (isinstance(part, QAbstractScrollArea) or part.visibleRegion()):
            continue
        if isinstance(part, QLabel) and part.text() and not isinstance(part, theme.Elided):
            if part.wordWrap():
                short = part.height() < part.heightForWidth(part.width()) or _longest(part) > part.width()
            else:
                short = part.width() < part.sizeHint().width() or part.height() < part.sizeHint().height()
            if short:
                yield f"label {part.width()}x{part.height()}: {part.text()}"
        elif isinstance(part, QAbstractButton) and part.text():
            if part.width() < part.minimumSizeHint().width() or part.height() < part.minimumSizeHint().height():
                yield f"button {part.width()} of {part.minimumSizeHint().width()}: {part.text()}"
        elif isinstance(part, QComboBox):
            if (
                part.fontMetrics().horizontalAdvance(part.currentText()) + 36 > part.width()
                and not part.isEditable()
                and part.width() < _COLUMN
            ):
                yield f"choice {part.width()}: {part.currentText()}"
        elif isinstance(part, QTabBar) and part.count():
            last = part.tabRect(part.count() - 1)
            if not part.rect().contains(last) and not part.usesScrollButtons():
                yield f"tabs {part.rect().getRect()}: {part.tabText(part.count() - 1)} at {last.getRect()}"
        elif isinstance(part, QHeaderView) and part.orientation() is Qt.Orientation.Horizontal and part.model():
            for column in range(part.count()):
                heading = str(part.model().headerData(column, Qt.Orientation.Horizontal) or "")
                if (
                    not part.isSectionHidden(column)
                    and part.sectionSize(column) < part.fontMetrics().horizontalAdvance(heading) + _BESIDE_HEADING
                    and not part.model().headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
                ):
                    yield f"heading {part.sectionSize(column)}: {heading}"
        elif (
            isinstance(part, QScrollArea)
            and part.horizontalScrollBar().maximum() > _A_BAR
            and part.viewport().width() > _SEEN
        ):
            yield f"page wider by {part.horizontalScrollBar().maximum()}: {part.accessibleName()}"
    yield from _overlapping(under)


def _longest(label: QLabel) -> int:
    """The width of the longest word, which does not wrap."""
    pieces = label.text().replace("\u200b", " ").replace("-", "- ").replace("/", "/ ").split()
    return max((label.fontMetrics().horizontalAdvance(piece) for piece in pieces), default=0)


def _overlapping(under: QWidget):
    said = defaultdict(list)
    for part in under.findChildren(QWidget):
        if part.isVisible() and isinstance(part, QLabel | QAbstractButton | QComboBox | QLineEdit):
            said[part.parentWidget()].append(part)
    for parts in said.values():
        for one, other in combinations(parts, 2):
            both = one.geometry() & other.geometry()
            if both.width() > 2 and both.height() > 2:
                yield f"one on the other: {_name(one)} | {_name(other)}"


def _name(part: QWidget) -> str:
    return part.text() if isinstance(part, QLabel | QAbstractButton) else part.accessibleName()


def typed(window: QWidget) -> set[str]:
    """Every text of the caseload's records, and of what is published: nobody translates these."""
    found = {words.phq9_wording().stem, words.phq9_wording().difficulty, words.phq9_wording().licence}
    wording = words.phq9_wording()
    found |= {*wording.items, *wording.answers, *wording.difficulty_answers}
    found |= {text.replace(" ", "\u00a0") for text in wording.answers} | {text.lower() for text in wording.answers}
    found |= {*screens.IMPORTED.splitlines()[0].split(","), "autumn group.csv", "clinic.trdtrack"}
    for benchmark in benchmarks():
        found |= {benchmark.name, *(text for source in benchmark.sources for text in (source.cite, source.doi) if text)}
    found |= {"postgresql://server/caseload", str(settings.catalogues()), *locales.NAMES.values()}
    found |= {facts.LICENCE, "TRDTrack"}
    found |= {str(kept.path) for kept in facts.kept_here(None)}
    for part in facts.made_with():
        found |= {part.name, part.version, part.licence}
    place = getattr(window, "workspace", None)
    if place:
        for kind in ("patient", "course", "session", "assessment", "treatment", "event", "risk_review", "letter"):
            for record in place.desk.caseload.records(kind):
                found |= _strings(record)
        path = place.desk.caseload.path
        found |= {str(path.with_name(f"{path.stem}-backups")), "doi"}
        found |= {str(place.desk.caseload.path), place.desk.caseload.path.name, place.desk.caseload.path.stem}
    return found


def _strings(record: object) -> set[str]:
    if is_dataclass(record):
        return set().union(*(_strings(getattr(record, f.name)) for f in fields(record)))
    if isinstance(record, tuple):
        return set().union(set(), *(_strings(one) for one in record))
    return {record, " ".join(record.split())} if type(record) is str and len(record) > 1 else set()


def main() -> None:
    app = application()
    assert isinstance(app, QApplication)
    watch_charts()
    published = "\n".join(path.read_text("utf-8") for path in (resources() / "evidence").iterdir())
    seen = {"bare": defaultdict(set), "cut": {}, "asked": []}
    kept: set[str] = set()
    for name, window in screens.scenes(TODAY):
        _CHART.clear()
        window.resize(*SMALLEST)
        screens.settle()
        found = [*dict.fromkeys([*cut(window), *_CHART])]
        if found:
            seen["cut"][name] = found
        if LANGUAGE == "pseudo":
            kept |= typed(window)
            known = sorted(kept, key=len, reverse=True)
            lines = {line for text in texts(window) for line in unasked(text)}
            seen["bare"][name] |= {left for line in lines if (left := bare(line, known, published))}
    seen["bare"] = {name: sorted(left) for name, left in seen["bare"].items() if left}
    seen["asked"] = sorted(getattr(words._translations, "asked", ()))
    Path(sys.argv[2]).write_text(json.dumps(seen, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
