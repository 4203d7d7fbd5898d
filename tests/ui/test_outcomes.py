"""The outcomes page: its numbers are those reckoned, every course is reached, and nothing waits for it."""

from __future__ import annotations

import io
import threading
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

import trdtrack.outcomes
from trdtrack.domain.caseload_outcomes import Choice, Result
from trdtrack.domain.edit import added, altered
from trdtrack.domain.history import describe
from trdtrack.domain.message import message
from trdtrack.domain.records import Assessment, Course, EndReason, Modality, Outcome, Patient
from trdtrack.evidence import benchmarks, default_benchmark
from trdtrack.generate import generate
from trdtrack.outcomes import outcomes
from trdtrack.ui.evidence.page import EvidencePage
from trdtrack.ui.outcomes.figures import mean_words, percent, points
from trdtrack.ui.outcomes.page import OutcomesPage
from trdtrack.words import say
from ui.hands import AT, PASSPHRASE, TODAY, Person, cells, dump, settle, until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from trdtrack.domain.caseload_outcomes import CaseloadOutcomes


@pytest.fixture(scope="module")
def closed_bytes(tmp_path_factory: pytest.TempPathFactory, remembered_keys: None) -> bytes:
    """A synthetic caseload with many closed courses."""
    path = tmp_path_factory.mktemp("closed") / "closed.trdtrack"
    generate(path, PASSPHRASE, patients=80, seed=3, at=AT, tick=lambda _done, _of: None).close()
    return path.read_bytes()


@pytest.fixture
def many(at_window: Callable[[Path, str], Person], tmp_path: Path, closed_bytes: bytes) -> Person:
    path = tmp_path / "closed.trdtrack"
    path.write_bytes(closed_bytes)
    return at_window(path, PASSPHRASE)


def page_of(person: Person, qtbot: QtBot) -> OutcomesPage:
    """Go to the outcomes and wait until they are worked out."""
    person.press("Ctrl+3")
    until(qtbot, lambda: not person.window.work.busy)
    page = person.place.pages[OutcomesPage]
    assert isinstance(page, OutcomesPage)
    return page


def tab(page: OutcomesPage, title: str) -> object:
    """Turn to a tab."""
    number = next(n for n in range(page.tabs.count()) if page.tabs.tabText(n) == title)
    page.tabs.setCurrentIndex(number)
    settle()
    return page.tabs.widget(number)


def reckoned(person: Person, **choice: object) -> CaseloadOutcomes:
    return outcomes(person.caseload, Choice(**choice), today=TODAY)  # type: ignore[arg-type]


def test_the_numbers_are_those_reckoned(many: Person, qtbot: QtBot) -> None:
    page, found = page_of(many, qtbot), reckoned(many)
    assert found.all.n > 30
    assert page.state.text().startswith(f"{found.all.n} closed courses with a baseline of 10 or more")
    assert f"{found.all.no_outcome} without an outcome" in page.state.text()
    assert f"{found.all.died} died" in page.state.text()
    improved = found.all.reached[0].of_all
    assert page.numbers.change.value.text() == points(found.all.change.value)
    assert page.numbers.improved.value.text() == percent(improved.share)
    assert page.numbers.improved.ends.text() == f"{percent(improved.low)} to {percent(improved.high)}"
    assert page.numbers.fall.value.text() == percent(found.fall.observed)
    assert page.numbers.fall.accessibleName().startswith("Observed fall: ")
    rows = {row["Reached by the end"]: row for row in cells(tab(page, "Results").table)}  # type: ignore[attr-defined]
    for number, reached in enumerate(found.all.reached):
        row = rows[reached.result.value.capitalize()]
        assert row["Of all"].startswith(f"{reached.of_all.count}, {percent(reached.of_all.share)} (")
        for (_met, group), heading in zip(found.by_criterion, ("TRD met", "TRD not met", "TRD unclear"), strict=True):
            assert row[heading].split(",")[0] in {str(group.reached[number].of_all.count), "–"}
    assert rows["Mean change"]["Of all"] == mean_words(found.all.change)
    weeks = cells(tab(page, "Course").table)  # type: ignore[attr-defined]
    steps = found.over_weeks.steps
    assert [(row["Week"], row["n"]) for row in weeks] == [(str(s.at), str(s.observed.n)) for s in steps]
    replays = cells(tab(page, "Forecast").table)  # type: ignore[attr-defined]
    assert [row["n"] for row in replays] == [str(replay.n) for replay in found.calibration.replays]


def test_every_modality_has_its_n_and_the_small_ones_a_warning(many: Person, qtbot: QtBot) -> None:
    page, found = page_of(many, qtbot), reckoned(many)
    rows = cells(tab(page, "Modality").table)  # type: ignore[attr-defined]
    assert [int(row["n"]) for row in rows] == [of.group.n for of in found.by_modality]
    assert [row["Modality"] for row in rows] == sorted(row["Modality"] for row in rows)
    assert all(("too few" in row["Few"]) is (int(row["n"]) < 20) for row in rows)


def test_the_filters_choose_and_keep_what_is_chosen(many: Person, qtbot: QtBot) -> None:
    page = page_of(many, qtbot)
    box = page.filters.modality
    box.setCurrentIndex(box.findText("CBT"))
    box.activated.emit(box.currentIndex())
    until(qtbot, lambda: page.found is not None and page.found.choice.modality is Modality.CBT)
    assert page.found == reckoned(many, modality=Modality.CBT)
    assert box.currentText() == "CBT"
    period = page.filters.period
    year = period.itemText(3)
    period.setCurrentIndex(3)
    period.activated.emit(3)
    until(qtbot, lambda: page.found is not None and page.found.choice.since is not None)
    since, until_ = date(int(year), 1, 1), date(int(year), 12, 31)
    assert page.found == reckoned(many, modality=Modality.CBT, since=since, until=until_)
    criterion = page.filters.criterion
    assert criterion.itemText(0) == "TRD or not"


def test_a_spot_opens_its_patient(many: Person, qtbot: QtBot) -> None:
    page = page_of(many, qtbot)
    scatter = page.overview.scatter
    spots = scatter.scatter.spots
    assert sum(len(spot.cases) for spot in spots) == reckoned(many).all.paired.count
    single = next(spot for spot in spots if len(spot.cases) == 1)
    several = next(spot for spot in spots if len({case.patient for case in spot.cases}) > 1)
    scatter.setFocus(Qt.FocusReason.TabFocusReason)
    settle()
    assert scatter.chosen is spots[0]
    scatter.choose(single)
    QTest.keyClick(scatter, Qt.Key.Key_Return)
    settle()
    assert many.place.patient_page.heading.text().startswith(single.cases[0].code)
    many.press("Ctrl+3")
    settle()
    scatter.choose(several)
    QTest.keyClick(scatter, Qt.Key.Key_Return)
    settle()
    acts = page.menu.actions()
    assert [act.text() for act in acts] == list(dict.fromkeys(case.code for case in several.cases))
    acts[-1].trigger()
    page.menu.close()
    settle()
    assert many.place.patient_page.heading.text().startswith(acts[-1].text())


def test_the_list_of_courses_opens_one_too(many: Person, qtbot: QtBot) -> None:
    page = page_of(many, qtbot)
    tab(page, "Courses")
    page.courses.selectRow(4)
    page.courses.setFocus()
    many.press("Enter")
    settle()
    assert many.place.patient_page.heading.text().startswith(reckoned(many).cases[4].code)


def test_of_several_courses_the_one_that_was_meant_is_shown(many: Person, qtbot: QtBot) -> None:
    cases = reckoned(many).cases
    often = next(code for code, n in Counter(case.code for case in cases).items() if n > 1)
    for number, case in enumerate(cases):
        if case.code == often:
            page = page_of(many, qtbot)
            tab(page, "Courses")
            page.courses.selectRow(number)
            page.courses.setFocus()
            many.press("Enter")
            settle()
            assert many.place.patient_page.course.id == case.course


# Worked out beside the window


def test_nothing_waits_for_it_and_it_can_be_stopped(
    many: Person, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, begun = threading.Event(), threading.Event()

    def slow(*words: object, tick: Callable[[int, int], None], **more: object) -> CaseloadOutcomes:
        begun.set()
        assert go_on.wait(20)
        tick(1, 2)
        return outcomes(*words, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(trdtrack.outcomes, "outcomes", slow)
    many.press("Ctrl+3")
    until(qtbot, begun.is_set)
    page = many.place.pages[OutcomesPage]
    assert isinstance(page, OutcomesPage)
    assert page.state.text() == "Working out the outcomes…"
    many.press("Ctrl+1")
    settle()
    assert many.place.caseload_page.isVisible()
    many.press("Ctrl+3")
    many.window.work.cancel()
    go_on.set()
    until(qtbot, lambda: not many.window.work.busy)
    assert page.found is None
    assert page.state.text() == "The outcomes were not worked out."
    assert page.again.isVisible()
    many.click("Work out the outcomes")
    until(qtbot, lambda: page.found is not None)
    assert not page.again.isVisible()
    assert page.tabs.isVisible()


def test_a_hidden_page_catches_up_when_it_is_shown(many: Person, qtbot: QtBot) -> None:
    page = page_of(many, qtbot)
    before = page.found
    assert before is not None
    many.press("Ctrl+1")
    chosen = next(case for case in before.cases if case.modality is not Modality.OTHER)
    course = next(c for c in many.caseload.records("course") if c.id == chosen.course)
    assert isinstance(course, Course)
    edit = altered(message("Edit course"), course, replace(course, modality=Modality.OTHER))
    many.caseload.edit(edit, at=AT)
    assert page.found is before
    many.press("Ctrl+3")
    until(qtbot, lambda: page.found is not before and not many.window.work.busy)
    assert page.found == reckoned(many)
    assert page.found != before


# What is taken along


def test_a_benchmark_of_our_own_stands_beside_the_published_and_is_not_in_force(many: Person, qtbot: QtBot) -> None:
    page, found = page_of(many, qtbot), reckoned(many)
    assert found.local.posterior is not None
    tab(page, "Own benchmark")
    before = {c.id: c for c in many.caseload.records("course")}
    many.answers.ready("confirm", answer=False)
    page.local.save.click()
    assert many.caseload.records("benchmark") == []
    many.answers.ready("confirm", answer=True)
    page.local.save.click()
    settle()
    [own] = [b for b in many.caseload.benchmarks() if b not in benchmarks()]
    assert own.psychotherapy_fall == pytest.approx(found.local.posterior, abs=0.001)
    assert (own.usual_care_fall, own.end_variance) == (
        default_benchmark().usual_care_fall,
        default_benchmark().end_variance,
    )
    assert {c.id: c for c in many.caseload.records("course")} == before
    assert many.caseload.benchmarks()[0] == default_benchmark()
    assert many.line == "Saved. It is on the Evidence page; a course takes it by Edit on the patient's page."
    many.place.go(EvidencePage)
    until(qtbot, lambda: not many.window.work.busy)
    evidence = many.place.pages[EvidencePage]
    assert isinstance(evidence, EvidencePage)
    assert own.name in " ".join(evidence.choice.itemText(n) for n in range(evidence.choice.count()))
    many.place.desk.undo()
    assert many.caseload.records("benchmark") == []


def test_the_service_report_goes_out_and_into_the_history(many: Person, qtbot: QtBot, tmp_path: Path) -> None:
    page, found = page_of(many, qtbot), reckoned(many)
    many.answers.ready("save", tmp_path / "service.pdf")
    page.report.menu().actions()[0].trigger()
    until(qtbot, lambda: "Wrote" in many.line)
    assert many.answers.asked[-1] == f"service-report-{TODAY}.pdf"
    pages = PdfReader(io.BytesIO((tmp_path / "service.pdf").read_bytes())).pages
    text = " ".join("".join(one.extract_text() for one in pages).split())
    assert f"closed, with a baseline of 10 or more {found.all.n} 100%" in text
    assert "Demo data" in text
    assert not any(case.code in text for case in found.cases)
    [line] = [line for line in many.caseload.history() if line.kind == "export"]
    assert say(describe(line)) == f"Service report -> {tmp_path / 'service.pdf'}"
    many.answers.ready("save", tmp_path / "service.xlsx")
    page.report.menu().actions()[1].trigger()
    until(qtbot, lambda: "service.xlsx" in many.line)
    assert (tmp_path / "service.xlsx").read_bytes().startswith(b"PK")


# What can and cannot be said


def closed_course(
    person: Person, number: int, baseline: int, last: int | None, *, modality: Modality = Modality.CBT
) -> None:
    """Write down a course that has ended, with a score at its start and, if any, one at its end."""
    start = TODAY - timedelta(weeks=30 + number)
    end = start + timedelta(weeks=20)
    patient = Patient(code=f"C-{number}")
    course = Course(patient=patient.id, start=start, end=end, end_reason=EndReason.COMPLETED, modality=modality)
    scores = [Assessment(patient=patient.id, course=course.id, date=start, total=baseline, entered=AT)]
    if last is not None:
        scores.append(Assessment(patient=patient.id, course=course.id, date=end, total=last, entered=AT))
    outcome = Outcome(
        patient=patient.id,
        course=course.id,
        reliable_change=6,
        baseline=baseline,
        baseline_date=start,
        total=last,
        total_date=None if last is None else end,
    )
    person.caseload.edit(added(message("Close"), patient, course, *scores, outcome), at=AT)


def test_no_closed_course(clinic: Person, qtbot: QtBot) -> None:
    page = page_of(clinic, qtbot)
    assert "No course of care has ended yet" in page.said.text()
    assert not page.tabs.isVisible()
    assert not page.numbers.isVisible()
    assert not page.report.isEnabled()
    assert clinic.sees("A course counts here once it has ended")
    clinic.click("Go to the caseload")
    assert clinic.place.caseload_page.isVisible()


def test_nothing_as_chosen_leads_back_to_all(many: Person, qtbot: QtBot) -> None:
    page, found = page_of(many, qtbot), reckoned(many)
    for box in (page.filters.modality, page.filters.therapist, page.filters.period):
        box.setCurrentIndex(box.count() - 1)
    page.filters.presentation.setCurrentIndex(1)
    page.filters.criterion.setCurrentIndex(2)
    page.filters.changed.emit()
    until(qtbot, lambda: page.found is not None and page.found.choice.criterion is not None)
    assert page.found is not None
    assert page.found.all.n == 0
    assert not page.tabs.isVisible()
    many.click("Show all closed courses")
    until(qtbot, lambda: page.found == found)
    assert page.tabs.isVisible()
    assert page.filters.modality.currentIndex() == 0


def test_one_course(clinic: Person, qtbot: QtBot) -> None:
    closed_course(clinic, 1, 19, 9)
    page = page_of(clinic, qtbot)
    assert page.state.text().startswith("1 closed course with a baseline of 10 or more")
    assert "One course alone" in page.said.text()
    assert page.numbers.change.value.text() == "−10.0"
    assert page.numbers.change.ends.text() == "no interval"
    clinic.answers.ready("save", clinic.caseload.path.with_name("x.pdf"))
    page.report.menu().actions()[0].trigger()
    until(qtbot, lambda: "single people" in clinic.line)
    assert not clinic.caseload.path.with_name("x.pdf").exists()


def test_a_choice_that_occurs_no_more_is_let_go(clinic: Person, qtbot: QtBot) -> None:
    closed_course(clinic, 1, 19, 9)
    closed_course(clinic, 2, 20, 9, modality=Modality.IPT)
    page = page_of(clinic, qtbot)
    box = page.filters.modality
    box.setCurrentIndex(box.findText("IPT"))
    box.activated.emit(box.currentIndex())
    until(qtbot, lambda: page.found is not None and page.found.all.n == 1)
    course = next(c for c in clinic.caseload.records("course") if getattr(c, "modality", None) is Modality.IPT)
    assert isinstance(course, Course)
    clinic.caseload.edit(altered(message("Edit course"), course, replace(course, modality=Modality.CBT)), at=AT)
    until(qtbot, lambda: page.found is not None and page.found.all.n == 2)
    assert page.found is not None
    assert page.found.choice == Choice()
    assert box.currentText() == "Any modality"


def test_another_choice_while_it_is_worked_out(
    many: Person, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, begun = threading.Event(), threading.Event()
    page = page_of(many, qtbot)

    def slow(*words: object, **more: object) -> CaseloadOutcomes:
        begun.set()
        assert go_on.wait(20)
        return outcomes(*words, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(trdtrack.outcomes, "outcomes", slow)
    page.filters.changed.emit()
    until(qtbot, begun.is_set)
    box = page.filters.modality
    box.setCurrentIndex(box.findText("CBT"))
    box.activated.emit(box.currentIndex())
    go_on.set()
    until(qtbot, lambda: page.found is not None and page.found.choice.modality is Modality.CBT)
    assert box.currentText() == "CBT"


def test_all_lost_to_follow_up(clinic: Person, qtbot: QtBot) -> None:
    for number in range(6):
        closed_course(clinic, number, 18 + number % 3, None)
    page = page_of(clinic, qtbot)
    assert "6 without an outcome" in page.state.text()
    assert "nothing can be said about change" in page.said.text()
    assert page.numbers.change.value.text() == "–"
    assert page.numbers.fall.ends.text() == "cannot be said"
    assert page.numbers.improved.value.text() == "0%"
    assert page.overview.scatter.scatter.no_outcome == 6
    for number in range(page.tabs.count()):
        page.tabs.setCurrentIndex(number)
        settle()


def test_all_at_the_ceiling(clinic: Person, qtbot: QtBot) -> None:
    for number in range(6):
        closed_course(clinic, number, 27, 27)
    page = page_of(clinic, qtbot)
    assert "highest total" in page.said.text()
    assert page.numbers.change.value.text() == "0.0"
    assert page.numbers.fall.value.text() == "0%"
    assert [(s.baseline, s.last) for s in page.overview.scatter.scatter.spots] == [(27, 27)]
    for number in range(page.tabs.count()):
        page.tabs.setCurrentIndex(number)
        settle()


def test_nothing_is_written_by_looking(many: Person, qtbot: QtBot) -> None:
    before = dump(many.caseload)
    page = page_of(many, qtbot)
    for number in range(page.tabs.count()):
        page.tabs.setCurrentIndex(number)
        settle()
    assert dump(many.caseload) == before
    assert Result.REMISSION.value in {r.result.value for r in (page.found or reckoned(many)).all.reached}
