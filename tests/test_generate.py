"""Synthetic caseloads: the same seed makes the same people, and their scores are spread as the figures say."""

from __future__ import annotations

import statistics
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from command_line import PASSPHRASE, TODAY, Program

from trdtrack.caseload import Caseload
from trdtrack.domain.ending import outcome_at_end
from trdtrack.domain.records import Assessment, Attendance, Course, RiskRecord, Rules, Session
from trdtrack.domain.signals import Signal
from trdtrack.generate import FIRST, PREFIX, figures, generate, lives
from trdtrack.report.sheet import demo_mark

if TYPE_CHECKING:
    from pathlib import Path

    from trdtrack.generate.lives import Life

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
MANY = range(len(FIRST) + 1, len(FIRST) + 601)
"""Those nobody leaned on."""


@pytest.fixture(scope="module")
def people() -> list:
    return list(lives(MANY, seed=3, at=AT))


@pytest.fixture
def caseload(tmp_path: Path) -> Caseload:
    made = generate(tmp_path / "a.trdtrack", PASSPHRASE, patients=40, seed=5, at=AT, tick=lambda *_: None)
    yield made
    made.close()


def scores_of(one: Life) -> list[Assessment]:
    return [record for record in one.records if isinstance(record, Assessment)]


def series(people: list) -> list[list[int | None]]:
    """The totals of each whole course at intake and sessions 1 to 12; None where there is none."""
    found = []
    for one in people:
        sessions: dict[str, list[Session]] = {}
        for record in one.records:
            if isinstance(record, Session):
                sessions.setdefault(record.course, []).append(record)
        for course, held in sessions.items():
            if len(held) < figures.SESSIONS:
                continue
            first = min(s.date for s in held)
            days = [first + timedelta(weeks=week) for week in range(-1, figures.SESSIONS)]
            scores = {a.date: a.score().total for a in scores_of(one) if a.course == course}
            found.append([scores.get(day) for day in days])
    return found


def test_the_same_seed_makes_the_same_records_ids_included() -> None:
    one, same, other = ([life.records for life in lives(range(1, 31), seed=seed, at=AT)] for seed in (7, 7, 8))
    assert one == same
    assert one != other


def test_who_somebody_is_does_not_depend_on_how_many_there_are() -> None:
    assert [p.records for p in lives(range(20, 25), seed=7, at=AT)] == [
        p.records for p in lives(range(1, 25), seed=7, at=AT)
    ][19:]


def test_scores_are_spread_as_in_the_shared_data(people: list) -> None:
    found = series(people)
    assert len(found) > 300
    gaps = [total is None for totals in found for total in totals[1:]]
    assert statistics.mean(gaps) == pytest.approx(0.138, abs=0.02)
    again = [b for totals in found for a, b in pairwise([t is None for t in totals[1:]]) if a]
    assert statistics.mean(again) == pytest.approx(0.56, abs=0.05)
    intakes = [totals[0] for totals in found if totals[0] is not None]
    assert statistics.mean(intakes) == pytest.approx(15.0, abs=0.4)
    assert statistics.stdev(intakes) == pytest.approx(2.7, abs=0.3)
    slopes, spreads = zip(*(line(totals) for totals in found if sum(t is not None for t in totals) >= 5), strict=True)
    assert statistics.mean(slopes) == pytest.approx(-0.84, abs=0.06)
    assert statistics.stdev(slopes) == pytest.approx(0.43, abs=0.06)
    assert statistics.mean(spreads) ** 0.5 == pytest.approx(1.73, abs=0.15)
    ends = [totals[-1] for totals in found if totals[-1] is not None]
    assert statistics.mean(ends) == pytest.approx(5.8, abs=0.8)


def line(totals: list[int | None]) -> tuple[float, float]:
    """The slope of the least-squares line through a course, and the variance about it."""
    points = [(x, y) for x, y in enumerate(totals) if y is not None]
    slope, start = statistics.linear_regression(*zip(*points, strict=True))
    return slope, sum((y - start - slope * x) ** 2 for x, y in points) / (len(points) - 2)


def test_a_patient_has_twenty_scores_and_what_else_a_record_holds(people: list) -> None:
    assert statistics.mean(len(scores_of(one)) for one in people) == pytest.approx(20, abs=1)
    kinds = {record.kind for one in people for record in one.records}
    assert kinds == {
        *("patient", "course", "session", "assessment", "outcome", "follow_up"),
        *("episode", "treatment", "event", "risk", "risk_review"),
    }
    courses = [record for one in people for record in one.records if isinstance(record, Course)]
    assert len({course.therapist for course in courses}) >= 6
    assert 0.2 < statistics.mean(course.end is None for course in courses) < 0.5
    sessions = [record for one in people for record in one.records if isinstance(record, Session)]
    missed = statistics.mean(session.attendance is not Attendance.ATTENDED for session in sessions)
    assert missed == pytest.approx(0.138 * figures.MISSED, abs=0.02)
    assert all(session.date.weekday() < 5 for session in sessions)
    assert all(session.date <= TODAY for session in sessions)


def test_the_first_show_every_signal(caseload: Caseload) -> None:
    rows = caseload.rows(today=TODAY)[: len(FIRST)]
    shown = [row.summary.standing.signal for row in rows if row.summary]
    assert shown == [signal for signal, _ in FIRST]
    assert set(shown) == set(Signal)


def test_the_file_holds_what_was_drawn_and_is_whole(caseload: Caseload) -> None:
    assert caseload.check() == ()
    drawn = list(lives(range(1, 41), seed=5, at=AT))
    afterwards = {(s.after.kind, s.after.id): s.after for one in drawn for s in one.later}
    expected = {(r.kind, r.id): r for one in drawn for r in one.records} | afterwards
    found = {(r.kind, r.id): r for kind in {kind for kind, _ in expected} for r in caseload.records(kind)}
    assert found == expected
    assert any(isinstance(r, RiskRecord) and r.closed for r in afterwards.values())


def test_outcomes_are_those_the_program_fixes(caseload: Caseload) -> None:
    ended = 0
    for patient in caseload.patients():
        dossier = caseload.dossier(patient.id)
        for course in dossier.courses:
            fixed = dossier.outcome_of(course)
            assert fixed == outcome_at_end(dossier, course, Rules(), fixed)
            ended += fixed is not None and fixed.total is not None
    assert ended > 10


def test_reports_mark_synthetic_patients(caseload: Caseload) -> None:
    codes = [patient.code for patient in caseload.patients()]
    assert all(code.startswith(PREFIX) for code in codes)
    assert {demo_mark(code) for code in codes} == {"Demo data, not a real patient"}
    assert demo_mark("SYNDER-1") == ""


def test_answers_add_up(people: list) -> None:
    assessments: list[Assessment] = [score for one in people for score in scores_of(one)]
    nines = [a.answers[8] for a in assessments if a.answers]
    assert 0.1 < statistics.mean(bool(nine) for nine in nines) < 0.35
    only = statistics.mean(a.answers is None for a in assessments)
    assert only == pytest.approx(figures.TOTAL_ONLY, abs=0.01)


def test_the_command_makes_a_caseload(program: Program, tmp_path: Path) -> None:
    said = program("generate", "new.trdtrack", "--patients", "3", "--seed", "2").done
    assert said == "Made new.trdtrack with 3 synthetic patients: no person stands behind them.\n"
    assert "SYN-00003" in program("patients", "new.trdtrack").done
    assert "already" in program("generate", "new.trdtrack", "--patients", "3").refused
    for wrong in ("0", "-1", "many", "100000", "1.5"):
        assert "whole number of patients" in program("generate", "b.trdtrack", "--patients", wrong).misused
    assert sorted(path.name for path in tmp_path.glob("*.trdtrack*")) == ["new.trdtrack"]


def test_stopping_leaves_no_file(tmp_path: Path) -> None:
    def stop(*_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate(tmp_path / "a.trdtrack", PASSPHRASE, patients=2, seed=1, at=AT, tick=stop)
    assert list(tmp_path.iterdir()) == []
