"""JSON at the window: a FHIR file has the import's page without columns, an archive fills an empty caseload."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

from trdtrack.exchange.archive import write_archive
from trdtrack.exchange.loinc import ITEMS
from ui.hands import AT, Person, cells, dump, focus, until
from ui.importing import bringing, brought
from ui.test_import import said, scores, take_in, written

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


def test_a_fhir_file_says_itself_what_is_what(clinic: Person, qtbot: QtBot, tmp_path: Path) -> None:
    answers = (3, 2, 1, 0, 3, 2, 1, 0, 1)
    response = {
        "resourceType": "QuestionnaireResponse",
        "status": "completed",
        "questionnaire": "http://loinc.org/q/44249-1",
        "subject": {"reference": "Patient/F-1"},
        "authored": "2026-01-05",
        "item": [
            {"linkId": f"/{code}", "answer": [{"valueInteger": points}]}
            for code, points in zip(ITEMS, answers, strict=True)
        ],
    }
    form = brought(clinic, written(tmp_path, json.dumps(response), name="scores.json"), qtbot)
    assert form.columns is None
    assert focus() is form.unknown.widget
    assert said(form) == "1 score of 1 patient, 1 of them new."
    assert cells(form.preview.rows)[0]["Date"] == "2026-01-05"
    take_in(clinic, qtbot)
    assert clinic.line == "Imported 1 score. Ctrl+Z takes the import back."
    assert scores(clinic) == [("F-1", date(2026, 1, 5), None, answers)]


def test_json_that_is_neither_is_refused_in_the_line(clinic: Person, qtbot: QtBot, tmp_path: Path) -> None:
    assert bringing(clinic, written(tmp_path, "{}", name="strange.json"), qtbot) is None
    assert "strange.json" in clinic.line
    assert clinic.place.isEnabled()


def test_an_archive_fills_an_empty_caseload_and_no_other(
    clinic: Person, demo: Person, qtbot: QtBot, tmp_path: Path
) -> None:
    write_archive(tmp_path / "all.json", demo.caseload, at=AT)
    assert bringing(clinic, tmp_path / "all.json", qtbot) is None
    until(qtbot, lambda: clinic.line.startswith("Took in the archive: "))
    assert dump(clinic.caseload) == dump(demo.caseload)
    assert len(cells(clinic.place.caseload_page.table)) == len(cells(demo.place.caseload_page.table)) > 0
    before = dump(demo.caseload)
    demo.answers.ready("open", tmp_path / "all.json")
    demo.place.import_scores()
    until(qtbot, lambda: not demo.window.work.busy)
    assert "empty" in demo.line
    assert dump(demo.caseload) == before
