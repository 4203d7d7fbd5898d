"""From a number on the chart to its source; the forecast on demand; a benchmark of the clinic's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pypdf import PdfReader

from trdtrack.evidence import default_benchmark
from trdtrack.paths import resources
from trdtrack.ui.evidence.page import EvidencePage
from trdtrack.ui.room import Room
from trdtrack.ui.rows import Table
from ui.hands import Person, cells, dump, settle, until

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


def evidence(person: Person, qtbot: QtBot) -> EvidencePage:
    until(qtbot, lambda: not person.window.work.busy)
    page = person.place.pages[EvidencePage]
    assert isinstance(page, EvidencePage)
    return page


def tables(page: EvidencePage) -> dict[str, list[dict[str, str]]]:
    """Every tab's table as it is shown."""
    found = {}
    for number in range(1, page.tabs.count()):
        table = page.tabs.widget(number).findChild(Table)
        found[page.tabs.tabText(number)] = cells(table)
    return found


def test_every_number_has_its_source_in_two_clicks(demo: Person, qtbot: QtBot) -> None:
    demo.show_patient("DEMO-003")
    demo.click("What the lines mean")
    page = evidence(demo, qtbot)
    assert demo.place.stack.currentWidget() is page
    shown = tables(page)
    parameters = {row["Parameter"]: (row["Value"], row["Stated in"]) for row in shown["Parameters"]}
    assert parameters["Fall on usual care alone by week 26"] == ("16%", "S1")
    assert parameters["Fall with psychotherapy by week 26"] == ("29%", "S1")
    assert all(stated != "not stated" for _value, stated in parameters.values())
    assert shown["Figures"][1]["26"] == "13.49"
    assert shown["Pooled"][0]["g"] == "−0.54"
    assert shown["Pooled"][1]["95% interval"] == "−0.70 to −0.30"
    assert {row["Points"] for row in shown["Routes"]} >= {"2.45", "3.56", "2.44", "3.14", "2.48", "3.04"}
    assert len(shown["Trials"]) == 10
    assert {row["Opened by us"] for row in shown["Published"]} == {"yes", "unverified", "as text"}
    assert page._plot is not None
    assert page._plot.isVisible()
    assert "not a diagnostic" in page._caveats.text()
    assert "version 1 of 22 Nov 2026." in page.about.text()
    assert {row["Arithmetic"] for row in shown["Routes"]} >= {"5.57 − 3.13", "(30% − 14%) of 19"}


def test_only_the_tab_of_figures_scrolls_where_it_is_higher_than_its_room(demo: Person, qtbot: QtBot) -> None:
    demo.press("Ctrl+2")
    page = evidence(demo, qtbot)
    (room,) = demo.place.findChildren(Room)
    for number in range(page.tabs.count()):
        page.tabs.setCurrentIndex(number)
        settle()
        assert room.verticalScrollBar().maximum() == 0, page.tabs.tabText(number)


def test_the_evidence_goes_out_as_pdf(demo: Person, qtbot: QtBot, tmp_path: Path) -> None:
    demo.press("Ctrl+2")
    evidence(demo, qtbot)
    demo.answers.ready("save", tmp_path / "evidence.pdf")
    demo.click("Export as PDF")
    until(qtbot, lambda: "Wrote" in demo.line)
    text = "".join(page.extract_text() for page in PdfReader(tmp_path / "evidence.pdf").pages)
    assert "−0.54" in text
    assert "RefraMED" in text


def test_the_forecast_is_shown_on_demand_with_its_chances(demo: Person) -> None:
    demo.show_patient("DEMO-003")
    now, chart = demo.place.patient_page.now, demo.place.patient_page.chart
    assert not now.chances.isVisible()
    now.forecast.click()
    assert "about 7 in 10" in now.chances.text()
    assert "prorated" in now.chances.text()
    assert "Forecast for week 26" in chart.accessibleDescription()
    demo.show_patient("DEMO-030")
    assert now.chances.text() == "No forecast: the course has ended."
    now.forecast.click()
    assert not now.chances.isVisible()
    assert "Forecast" not in chart.accessibleDescription()


def test_a_signal_tells_its_rule(demo: Person) -> None:
    demo.show_patient("DEMO-007")
    assert not demo.place.patient_page.now.rule.isVisible()
    demo.click("Why?")
    assert demo.sees("some people improve late")


def own_benchmark(folder: Path, *, fall: str = "0.25") -> Path:
    text = (resources() / "evidence" / "adjunctive-trd.toml").read_text(encoding="utf-8")
    text = text.replace('name = "Adjunctive psychotherapy in TRD"', 'name = "Our clinic"')
    text = text.replace("default = true\n", "")
    path = folder / "ours.toml"
    path.write_text(text.replace("psychotherapy_fall = 0.29", f"psychotherapy_fall = {fall}"), encoding="utf-8")
    return path


def test_a_clinic_adds_its_own_and_a_course_is_switched_to_it_and_back(
    demo: Person, qtbot: QtBot, tmp_path: Path
) -> None:
    demo.press("Ctrl+2")
    page = evidence(demo, qtbot)
    demo.answers.ready("open", own_benchmark(tmp_path))
    demo.click("Add benchmark…")
    until(qtbot, lambda: not demo.window.work.busy)
    assert "Our clinic, version 1" in [page.choice.itemText(n) for n in range(page.choice.count())]
    demo.show_patient("DEMO-003")
    place = demo.place
    assert place.patient_page.summary.benchmark == default_benchmark()
    before = place.patient_page.course
    demo.press("C")
    choice = demo.field("benchmark")
    choice.setCurrentIndex(choice.findText("Our clinic, version 1"))
    demo.press("Ctrl+Enter")
    assert place.patient_page.summary.benchmark.psychotherapy_fall == 0.25
    assert "Our clinic, version 1" in place.patient_page.caption.text()
    assert place.patient_page.course.id == before.id
    place.desk.undo()
    assert place.patient_page.course == before
    assert demo.caseload.check() == ()


def test_a_bad_benchmark_file_is_refused_with_file_key_and_reason(demo: Person, qtbot: QtBot, tmp_path: Path) -> None:
    demo.press("Ctrl+2")
    evidence(demo, qtbot)
    unchanged = dump(demo.caseload)
    demo.answers.ready("open", own_benchmark(tmp_path, fall="2.5"))
    demo.click("Add benchmark…")
    assert demo.line == "Benchmark file ours.toml, psychotherapy_fall: it is out of range."
    assert dump(demo.caseload) == unchanged


def test_the_expectation_sheet_needs_an_expected_course(demo: Person, tmp_path: Path) -> None:
    demo.show_patient("DEMO-033")
    demo.export("expectation", tmp_path / "sheet.pdf")
    assert "baseline below 10" in demo.line
    assert not (tmp_path / "sheet.pdf").exists()
    demo.show_patient("DEMO-003")
    demo.export("expectation", tmp_path / "sheet.pdf")
    assert "Wrote" in demo.line
    assert len(PdfReader(tmp_path / "sheet.pdf").pages) == 1
