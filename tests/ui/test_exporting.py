"""What leaves the program from the window: the form, files, folders, printer and clipboard, each with its line."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest

from trdtrack import settings
from trdtrack.domain.history import describe
from trdtrack.domain.message import message
from trdtrack.domain.refusals import Refusal
from trdtrack.exports import EXPORTS
from trdtrack.report.sheet import Size
from trdtrack.ui.caseload.several import ACTIONS
from trdtrack.ui.exporting.form import ExportForm
from trdtrack.ui.exporting.printing import in_preview, paint_pages, printer_for
from trdtrack.words import say
from ui.hands import TODAY, focus, settle, until

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from ui.hands import Person

CODE = "DEMO-003"
EXPORT = next(action for action in ACTIONS if action.name.text == "Export…")


def form(person: Person) -> ExportForm:
    assert isinstance(person.place.form, ExportForm)
    return person.place.form


def choose(person: Person, kind: str) -> None:
    form(person).slots["kind"].show(kind)
    settle()


def noted(person: Person) -> list[str]:
    return [say(describe(line)) for line in person.caseload.history() if line.kind == "export"]


def wait(person: Person, qtbot: QtBot) -> None:
    until(qtbot, lambda: not person.window.work.busy)


def shown(person: Person, *keys: str) -> list[bool]:
    return [form(person).slots[key].part.isVisible() for key in keys]


def test_by_keys_alone_from_the_patients_page(demo: Person, qtbot: QtBot, tmp_path: Path) -> None:
    demo.show_patient(CODE)
    demo.press("X")
    settle()
    assert demo.sees(f"{CODE}  ·  ")
    assert focus() is demo.field("kind")
    demo.answers.ready("save", tmp_path / "out.pdf")
    demo.press("Ctrl+Enter")
    wait(demo, qtbot)
    assert demo.answers.asked == [f"{CODE}-{TODAY}.pdf"]
    assert demo.line == f"Wrote {tmp_path / 'out.pdf'}."
    assert noted(demo) == [f"Summary -> {tmp_path / 'out.pdf'}"]
    assert CODE in PdfReader(tmp_path / "out.pdf").pages[0].extract_text()
    assert demo.place.patient_page.isVisible()
    # The pages' own keys are back, and what was edited before is still what undo takes back.
    demo.press("Ctrl+Z")
    assert demo.line == "There is nothing to undo or do again."


def test_every_export_of_one_patient(demo: Person, tmp_path: Path) -> None:
    demo.show_patient(CODE)
    kinds = [key for key, export in EXPORTS.items() if export.letter is None]
    for key in kinds:
        path = tmp_path / f"out-{key}{EXPORTS[key].suffix}"
        demo.export(key, path)
        assert demo.line == f"Wrote {path}."
        assert path.stat().st_size > 100
    assert len(noted(demo)) == len(kinds)
    assert demo.caseload.check() == ()


def test_the_form_offers_what_the_export_has_options_for(demo: Person) -> None:
    demo.show_patient(CODE)
    demo.place.export("pdf")
    settle()
    parts = ("size", "names", "anonymous")
    assert shown(demo, *parts) == [True, True, False]
    choose(demo, "supervision")
    assert shown(demo, *parts) == [True, True, True]
    demo.field("anonymous").setChecked(True)
    assert shown(demo, *parts) == [True, False, True]
    choose(demo, "csv")
    assert shown(demo, *parts) == [False, False, False]
    assert not form(demo).print_button.isVisible()
    assert demo.sees("A line a PHQ-9")
    demo.press("Esc")
    assert demo.place.form is None
    assert noted(demo) == []


def test_the_paper_chosen_last_is_offered_again(demo: Person, tmp_path: Path) -> None:
    demo.show_patient(CODE)
    settings.remember_paper("us-letter")
    demo.export("pdf", tmp_path / "out.pdf")
    box = PdfReader(tmp_path / "out.pdf").pages[0].mediabox
    assert (box.width, box.height) == (612, 792)
    demo.place.export("pdf")
    settle()
    form(demo).slots["size"].show(Size.A4)
    demo.answers.ready("save", None)
    demo.press("Ctrl+Enter")
    assert settings.paper() == "a4"
    assert len(noted(demo)) == 1, "nothing left the program when no file was named"


def test_a_patient_without_a_course_has_a_full_record(demo: Person, tmp_path: Path) -> None:
    from trdtrack.domain.edit import added  # noqa: PLC0415
    from trdtrack.domain.records import Patient  # noqa: PLC0415
    from ui.hands import AT  # noqa: PLC0415

    demo.caseload.edit(added(message("Add"), Patient(code="N-1", notes="came once")), at=AT)
    demo.show_patient("N-1")
    demo.press("X")
    settle()
    assert form(demo).slots["kind"].value() == "record"
    assert not {key for key in ("pdf", "own") if key in form(demo).slots["kind"]._values}
    demo.press("Esc")
    demo.export("record", tmp_path / "r.pdf")
    assert "came once" in "".join(page.extract_text() for page in PdfReader(tmp_path / "r.pdf").pages)


# Several


def choose_all(person: Person) -> list[str]:
    page = person.place.caseload_page
    page.table.selectAll()
    settle()
    page.foot.asked.emit(EXPORT)
    settle()
    return [gist.code for gist in page.chosen_gists()]


def test_several_patients_supervision_sheet_is_one_paper(demo: Person, qtbot: QtBot, tmp_path: Path) -> None:
    codes = choose_all(demo)
    assert form(demo).slots["kind"].value() == "supervision"
    demo.answers.ready("save", tmp_path / "s.pdf")
    demo.press("Ctrl+Enter")
    wait(demo, qtbot)
    text = "".join(page.extract_text() for page in PdfReader(tmp_path / "s.pdf").pages)
    places = [text.index(code) for code in [row.gist.code for row in demo.place.caseload_page.roster.ordered]]
    assert places == sorted(places), "in the caseload's order"
    assert noted(demo) == [f"Supervision sheet, {len(codes)} patients -> {tmp_path / 's.pdf'}"]


def test_a_paper_each_goes_into_a_new_folder(demo: Person, qtbot: QtBot, tmp_path: Path) -> None:
    people = demo.caseload.patients()
    codes = [p.code for p in people if demo.caseload.current_course(p.id)]
    [without] = [p.code for p in people if p.code not in codes]
    choose_all(demo)
    choose(demo, "pdf")
    assert not form(demo).print_button.isEnabled()
    for number in ("", "-2"):
        demo.answers.ready("folder", tmp_path)
        demo.press("Ctrl+Enter")
        wait(demo, qtbot)
        folder = tmp_path / f"TRDTrack-pdf-{TODAY}{number}"
        assert demo.line == f"Wrote {folder}. Left out: {without} (no course of care yet)"
        assert sorted(p.name for p in folder.iterdir()) == sorted(f"{code}-{TODAY}.pdf" for code in codes)
        choose_all(demo)
        choose(demo, "pdf")
    demo.press("Esc")
    assert len(noted(demo)) == 2


def test_a_cancel_in_the_middle_leaves_nothing(demo: Person, qtbot: QtBot, tmp_path: Path) -> None:
    choose_all(demo)
    choose(demo, "pdf")
    work, seen, tick = demo.window.work, [], demo.window.work._tick

    def stop_at_third(done: int, of: int) -> None:
        seen.append(done)
        if len(seen) == 3:
            work.cancel()
        tick(done, of)

    work._tick = stop_at_third  # type: ignore[method-assign]
    demo.answers.ready("folder", tmp_path)
    demo.press("Ctrl+Enter")
    wait(demo, qtbot)
    assert demo.line == "Stopped. Nothing was changed."
    assert list(tmp_path.iterdir()) == [tmp_path / "files"]
    assert noted(demo) == []


# Printer and clipboard


def a_printer(path: Path, size: Size) -> QPrinter:
    printer = printer_for(size)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    return printer


def test_printing(demo: Person, qtbot: QtBot, tmp_path: Path) -> None:
    demo.show_patient(CODE)
    demo.press("X")
    settle()
    demo.answers.ready("printer", a_printer(tmp_path / "printed.pdf", Size.A4))
    demo.click("Print…")
    wait(demo, qtbot)
    [page] = PdfReader(tmp_path / "printed.pdf").pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
    assert demo.line.startswith("Printed: Summary.")
    assert noted(demo) == [f"Summary -> {tmp_path / 'printed.pdf'}"]


def test_a_preview_prints_nothing_unless_asked(demo: Person, qtbot: QtBot, tmp_path: Path) -> None:
    demo.show_patient(CODE)
    looked: list[int] = []

    def look(pages: list[bytes], fine: object) -> str:
        looked.extend(QImage.fromData(page).width() for page in (*pages, *fine()))  # type: ignore[operator]
        return ""

    def print_it(_pages: object, fine: object) -> str:
        paint_pages(a_printer(tmp_path / "p.pdf", Size.A4), fine())  # type: ignore[operator]
        return "the printer"

    for act in (look, print_it):
        demo.press("X")
        settle()
        demo.answers.ready("preview", act)
        demo.click("Preview")
        wait(demo, qtbot)
        assert noted(demo) == ([] if act is look else ["Summary -> the printer"])
    assert looked == [827, 2480], "A4 at 100 and at 300 dots an inch"


def test_a_page_is_painted_whole_at_its_size(qapp: object, tmp_path: Path) -> None:
    from datetime import date  # noqa: PLC0415

    from trdtrack.report.blank import blank_paper  # noqa: PLC0415

    for size in Size:
        paper = blank_paper([("A-1", ""), ("B-2", "")], size=size, made=date(2026, 11, 20))
        printer = a_printer(tmp_path / f"{size}.pdf", size)
        assert not in_preview(printer)
        paint_pages(printer, paper.draw(100))
        pages = PdfReader(tmp_path / f"{size}.pdf").pages
        assert len(pages) == 2
        theirs = PdfReader(io.BytesIO(paper.pdf)).pages[0].mediabox
        assert abs(pages[0].mediabox.width - theirs.width) < 1
        printer = a_printer(tmp_path / f"{size}-2.pdf", size)
        printer.setFromTo(2, 2)
        paint_pages(printer, paper.draw(100))
        assert len(PdfReader(tmp_path / f"{size}-2.pdf").pages) == 1


@pytest.mark.qt_log_ignore("QPainter::begin", "QPdf")
def test_a_printer_that_does_not_begin_is_said(qapp: object, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="does not answer"):
        paint_pages(a_printer(tmp_path / "no" / "folder.pdf", Size.A4), [])


def test_copying(demo: Person) -> None:
    demo.show_patient(CODE)
    demo.place.patient_page.asked.emit("copy sentence")
    assert QGuiApplication.clipboard().text() == demo.place.patient_page.sentence.text()
    assert demo.line == "The sentence is on the clipboard."
    demo.place.patient_page.asked.emit("copy picture")
    assert not QGuiApplication.clipboard().image().isNull()
    QTest.qWait(0)
